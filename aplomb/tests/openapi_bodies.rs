//! Request bodies in the document, against the documents recorded of FastAPI.

#[path = "openapi/recorded.rs"]
mod recorded;

use std::collections::{BTreeMap, BTreeSet};

use aplomb::prelude::*;
use recorded::assert_recorded;

#[derive(Model)]
struct Item {
    name: String,
    description: Option<String>,
    price: f64,
    tax: Option<f64>,
}

#[derive(Model)]
struct User {
    username: String,
    full_name: Option<String>,
}

mod one_model {
    use super::*;

    #[put("/items/{item_id}")]
    async fn update_item(item_id: i64, item: Item, q: Option<String>) -> Value {
        json!([item_id, item, q])
    }

    #[test]
    fn is_the_body() {
        let app = App::new().routes(routes![update_item]);
        assert_recorded(&app, "body.tutorial004");
    }
}

mod several {
    use super::*;

    #[put("/items/{item_id}")]
    async fn update_item(
        item_id: i64,
        item: Item,
        user: User,
        #[body(gt = 0)] importance: i64,
        q: Option<String>,
    ) -> Value {
        json!([item_id, item, user, importance, q])
    }

    #[test]
    fn are_keys_of_a_body() {
        let app = App::new().routes(routes![update_item]);
        assert_recorded(&app, "body_multiple_params.tutorial004");
    }
}

mod nested {
    use super::*;

    #[derive(Model)]
    struct Image {
        url: aplomb::model::HttpUrl,
        name: String,
    }

    #[derive(Model)]
    struct Item {
        name: String,
        description: Option<String>,
        price: f64,
        tax: Option<f64>,
        #[field(default)]
        tags: BTreeSet<String>,
        images: Option<Vec<Image>>,
    }

    #[derive(Model)]
    struct Offer {
        name: String,
        description: Option<String>,
        price: f64,
        items: Vec<Item>,
    }

    #[post("/offers/")]
    async fn create_offer(offer: Offer) -> Value {
        json!(offer.name)
    }

    #[test]
    fn models_are_components() {
        let app = App::new().routes(routes![create_offer]);
        assert_recorded(&app, "body_nested_models.tutorial007");
    }

    #[post("/index-weights/")]
    async fn create_index_weights(weights: BTreeMap<i64, f64>) -> Value {
        json!(weights.len())
    }

    #[test]
    fn maps_are_not() {
        let app = App::new().routes(routes![create_index_weights]);
        assert_recorded(&app, "body_nested_models.tutorial009");
    }
}

mod examples {
    use super::*;

    #[put("/items/{item_id}")]
    async fn update_item(
        item_id: i64,
        #[body(openapi_examples = {
            "normal": {
                "summary": "A normal example",
                "description": "A **normal** item works correctly.",
                "value": {"name": "Foo", "description": "A very nice Item", "price": 35.4, "tax": 3.2},
            },
            "converted": {
                "summary": "An example with converted data",
                "description":
                    "FastAPI can convert price `strings` to actual `numbers` automatically",
                "value": {"name": "Bar", "price": "35.4"},
            },
            "invalid": {
                "summary": "Invalid data is rejected with an error",
                "value": {"name": "Baz", "price": "thirty five point four"},
            },
        })]
        item: Item,
    ) -> Value {
        json!([item_id, item])
    }

    #[test]
    fn stand_beside_the_schema() {
        let app = App::new().routes(routes![update_item]);
        assert_recorded(&app, "schema_extra_example.tutorial005");
    }
}

mod forms {
    use super::*;

    #[post("/login/")]
    async fn login(#[form] username: String, #[form] password: String) -> Value {
        json!([username, password])
    }

    #[test]
    fn have_their_media_type() {
        let app = App::new().routes(routes![login]);
        assert_recorded(&app, "request_forms.tutorial001");
    }

    #[derive(Model)]
    struct Profile {
        name: String,
    }

    #[derive(Model)]
    struct Preferences {
        #[field(default)]
        tags: Vec<String>,
    }

    #[post("/profiles/")]
    async fn create_profile(
        #[form] profile: Profile,
        #[form] preferences: Preferences,
        #[form] token: String,
    ) -> Value {
        json!([profile.name, preferences.tags, token])
    }

    #[test]
    fn put_models_side_by_side() {
        let app = App::new().routes(routes![create_profile]);
        assert_recorded(&app, "request_form_models.tutorial003");
    }

    #[derive(Model)]
    #[model(extra = "forbid")]
    struct Closed {
        #[field(default = 1)]
        c: i64,
    }

    #[post("/optional/")]
    async fn optional(
        #[form] profile: Option<Profile>,
        #[form] rest: Option<Closed>,
        #[form] liked: Preferences,
    ) -> Value {
        json!([profile.is_some(), rest.is_some(), liked.tags])
    }

    /// What FastAPI answers for the same declaration.
    #[test]
    fn leave_models_out_by_leaving_out_their_fields() {
        let document = App::new().routes(routes![optional]).openapi();
        let schema = &document["components"]["schemas"]["Body_optional_optional__post"];
        let expected = json!({
            "allOf": [
                {
                    "anyOf": [
                        {"not": {"anyOf": [{"required": ["name"]}]}},
                        {
                            "anyOf": [{"$ref": "#/components/schemas/Profile"}],
                            "title": "Profile",
                        },
                    ],
                },
                {
                    "anyOf": [
                        {"maxProperties": 0},
                        {"anyOf": [{"$ref": "#/components/schemas/Closed"}], "title": "Rest"},
                    ],
                },
                {"$ref": "#/components/schemas/Preferences"},
            ],
            "type": "object",
            "title": "Body_optional_optional__post",
        });
        assert_eq!(*schema, expected);
    }

    #[post("/one/")]
    async fn one(#[form] profile: Profile) -> Value {
        json!(profile.name)
    }

    #[test]
    fn are_one_model() {
        let document = App::new().routes(routes![one]).openapi();
        let content = &document["paths"]["/one/"]["post"]["requestBody"]["content"];
        let schema = &content["application/x-www-form-urlencoded"]["schema"];
        assert_eq!(schema["$ref"], "#/components/schemas/Profile");
    }
}

#[post("/optional/")]
async fn optional(item: Option<Item>) -> Value {
    json!(item)
}

#[test]
fn an_optional_model_has_a_title_and_is_not_required() {
    let document = App::new().routes(routes![optional]).openapi();
    let body = json!({
        "content": {
            "application/json": {
                "schema": {
                    "anyOf": [{"$ref": "#/components/schemas/Item"}, {"type": "null"}],
                    "title": "Item",
                },
            },
        },
    });
    assert_eq!(document["paths"]["/optional/"]["post"]["requestBody"], body);
}
