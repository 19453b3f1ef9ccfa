//! Schemas said by hand.

use aplomb::prelude::*;

#[derive(Model)]
#[model(schema_extra = {"x-something-internal": {"level": 4}})]
struct Item {
    name: String,
    #[field(schema_extra = {"type": ["string", "null"]})]
    description: Option<String>,
}

#[get("/foo", response_model = Item)]
async fn foo() -> Item {
    Item {
        name: "Foo item".to_owned(),
        description: None,
    }
}

pub fn app() -> App {
    App::new().routes(routes![foo])
}
