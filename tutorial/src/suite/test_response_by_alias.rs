//! Answers by alias and by name.

use aplomb::prelude::*;

#[derive(Model)]
#[model(rename = "Model")]
struct Named {
    #[field(alias = "alias")]
    name: String,
}

fn named(name: &str) -> Named {
    Named {
        name: name.to_owned(),
    }
}

#[derive(Model)]
#[model(schema_extra = {
    "description": "response_model_by_alias=False is basically a quick hack, to support proper OpenAPI use another model with the correct field names",
})]
struct ModelNoAlias {
    name: String,
}

fn unaliased(name: &str) -> ModelNoAlias {
    ModelNoAlias {
        name: name.to_owned(),
    }
}

#[get("/dict", response_model_by_alias = false)]
async fn read_dict() -> Named {
    named("Foo")
}

#[get("/model", response_model_by_alias = false)]
async fn read_model() -> Named {
    named("Foo")
}

#[get("/list", response_model_by_alias = false)]
async fn read_list() -> Vec<Named> {
    vec![named("Foo"), named("Bar")]
}

#[get("/by-alias/dict")]
async fn by_alias_dict() -> Named {
    named("Foo")
}

#[get("/by-alias/model")]
async fn by_alias_model() -> Named {
    named("Foo")
}

#[get("/by-alias/list")]
async fn by_alias_list() -> Vec<Named> {
    vec![named("Foo"), named("Bar")]
}

#[get("/no-alias/dict")]
async fn no_alias_dict() -> ModelNoAlias {
    unaliased("Foo")
}

#[get("/no-alias/model")]
async fn no_alias_model() -> ModelNoAlias {
    unaliased("Foo")
}

#[get("/no-alias/list")]
async fn no_alias_list() -> Vec<ModelNoAlias> {
    vec![unaliased("Foo"), unaliased("Bar")]
}

pub fn app() -> App {
    App::new().routes(routes![
        read_dict,
        read_model,
        read_list,
        by_alias_dict,
        by_alias_model,
        by_alias_list,
        no_alias_dict,
        no_alias_model,
        no_alias_list
    ])
}
