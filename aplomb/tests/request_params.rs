//! Every place of a parameter, with every kind of name, alone and in a model: what is read under
//! which name, what is missing under which, and what the document calls it.

#[path = "request_params/case.rs"]
mod case;

use aplomb::prelude::*;
use case::{Case, Place};

/// An argument and the field of a model that say the same.
macro_rules! pair {
    (
        $name:ident, $place:ident($($embed:ident)?), $type:ty,
        $($key:ident $(= $one:literal)? $(($($many:literal),+))?),*
    ) => {
        mod $name {
            use super::*;

            #[post("/single")]
            async fn single(
                #[$place($($embed,)? $($key $(= $one)? $(($($many),+))?),*)] p: $type,
            ) -> Value {
                json!({"p": p})
            }

            #[derive(Model)]
            struct Group {
                #[field($($key $(= $one)? $(($($many),+))?),*)]
                p: $type,
            }

            #[post("/model")]
            async fn model(#[$place] group: Group) -> Value {
                json!({"p": group.p})
            }

            pub(super) fn app() -> App {
                App::new().routes(routes![single, model])
            }
        }
    };
}

/// The kinds of names: none, an alias, one for reading only, both, and a choice.
macro_rules! names {
    ($kind:ident, $place:ident($($embed:ident)?), $type:ty, list = $list:literal) => {
        #[test]
        fn $kind() {
            pair!(plain, $place($($embed)?), $type,);
            pair!(alias, $place($($embed)?), $type, alias = "p_alias");
            pair!(validation, $place($($embed)?), $type, validation_alias = "p_val_alias");
            pair!(
                both, $place($($embed)?), $type,
                validation_alias = "p_val_alias", alias = "p_alias"
            );
            pair!(
                choices, $place($($embed)?), $type,
                alias = "p_alias", validation_alias("p_first", "p_second")
            );
            let case = |app: fn() -> App, names: &[&'static str], others: &[&'static str]| Case {
                app,
                place: Place::$place,
                list: $list,
                required: stringify!($kind).starts_with("required"),
                names: names.to_vec(),
                others: others.to_vec(),
            };
            case(plain::app, &["p"], &["p_alias"]).check();
            case(alias::app, &["p_alias"], &["p"]).check();
            case(validation::app, &["p_val_alias"], &["p"]).check();
            case(both::app, &["p_val_alias"], &["p", "p_alias"]).check();
            case(choices::app, &["p_first", "p_second"], &["p", "p_alias"]).check();
        }
    };
}

macro_rules! kinds {
    ($place:ident($($embed:ident)?)) => {
        mod $place {
            use super::*;

            names!(required_text, $place($($embed)?), String, list = false);
            names!(optional_text, $place($($embed)?), Option<String>, list = false);
            names!(required_list, $place($($embed)?), Vec<String>, list = true);
            names!(optional_list, $place($($embed)?), Option<Vec<String>>, list = true);
        }
    };
}

kinds!(query());
kinds!(header());
kinds!(body(embed));

mod cookie {
    use super::*;

    names!(required_text, cookie(), String, list = false);
    names!(optional_text, cookie(), Option<String>, list = false);
}

mod path {
    use aplomb::prelude::*;
    use aplomb::testing::TestClient;

    #[get("/plain/{p}")]
    async fn plain(#[path] p: String) -> String {
        p
    }

    #[get("/alias/{p_alias}")]
    async fn alias(#[path(alias = "p_alias")] p: String) -> String {
        p
    }

    #[get("/validation/{p_val_alias}")]
    async fn validation(#[path(validation_alias = "p_val_alias")] p: String) -> String {
        p
    }

    #[get("/both/{p_val_alias}")]
    async fn both(
        #[path(alias = "p_alias", validation_alias = "p_val_alias")] p: String,
    ) -> String {
        p
    }

    #[test]
    fn required_text() {
        let app = App::new().routes(routes![plain, alias, validation, both]);
        let document = app.openapi();
        let client = TestClient::new(app);
        for (path, name, title) in [
            ("/plain", "p", "P"),
            ("/alias", "p_alias", "P Alias"),
            ("/validation", "p_val_alias", "P Val Alias"),
            ("/both", "p_val_alias", "P Val Alias"),
        ] {
            let operation = &document["paths"][&*format!("{path}/{{{name}}}")]["get"];
            let shown = json!([{
                "name": name, "in": "path", "required": true,
                "schema": {"type": "string", "title": title},
            }]);
            assert_eq!(operation["parameters"], shown, "{path}");
            let answer = client.get(&format!("{path}/hello")).send();
            answer.assert_json(200, json!("hello"));
        }
    }
}
