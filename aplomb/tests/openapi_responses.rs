//! Responses in the document, against the documents recorded of FastAPI.

#[path = "openapi/recorded.rs"]
mod recorded;

use std::collections::{BTreeMap, BTreeSet};

use aplomb::prelude::*;
use recorded::assert_recorded;

#[derive(Model)]
struct Item {
    id: String,
    value: String,
}

#[derive(Model)]
struct Message {
    message: String,
}

mod further {
    use super::*;

    #[get("/items/{item_id}", response_model = Item, responses(404 = (Message)))]
    async fn read_item(item_id: String) -> Result<Item> {
        Err(HttpException::not_found(item_id))?
    }

    #[test]
    fn with_a_model() {
        let app = App::new().routes(routes![read_item]);
        assert_recorded(&app, "additional_responses.tutorial001");
    }

    mod media {
        use super::*;

        #[get(
            "/items/{item_id}",
            response_model = Item,
            responses(200 = {
                "content": {"image/png": {}},
                "description": "Return the JSON item or an image.",
            })
        )]
        async fn read_item(item_id: String, img: Option<bool>) -> Result<Item> {
            let _ = img;
            Err(HttpException::not_found(item_id))?
        }

        #[test]
        fn of_another_type() {
            let app = App::new().routes(routes![read_item]);
            assert_recorded(&app, "additional_responses.tutorial002");
        }
    }

    #[get("/list", responses(404 = (Vec<Message>, "None"), "5XX" = {}, default = {}))]
    async fn list() -> Value {
        json!([])
    }

    #[test]
    fn have_titles_and_usual_descriptions() {
        let document = App::new().routes(routes![list]).openapi();
        let responses = &document["paths"]["/list"]["get"]["responses"];
        let schema = &responses["404"]["content"]["application/json"]["schema"];
        assert_eq!(schema["title"], "Response 404 List List Get");
        assert_eq!(responses["5XX"]["description"], "Server Error");
        assert_eq!(responses["default"]["description"], "Default Response");
    }
}

mod models {
    use super::*;

    #[derive(Model)]
    struct PlaneItem {
        description: String,
        #[field(default = "plane")]
        r#type: String,
        size: i64,
    }

    #[derive(Model)]
    struct CarItem {
        description: String,
        #[field(default = "car")]
        r#type: String,
    }

    #[derive(Model)]
    #[model(untagged)]
    enum Vehicle {
        Plane(PlaneItem),
        Car(CarItem),
    }

    #[get("/items/{item_id}")]
    async fn read_item(item_id: String) -> Result<Vehicle> {
        Err(HttpException::not_found(item_id))?
    }

    #[test]
    fn of_a_union() {
        let app = App::new().routes(routes![read_item]);
        assert_recorded(&app, "extra_models.tutorial003");
    }

    #[get("/keyword-weights/")]
    async fn read_keyword_weights() -> BTreeMap<String, f64> {
        BTreeMap::new()
    }

    #[test]
    fn of_a_map() {
        let app = App::new().routes(routes![read_keyword_weights]);
        assert_recorded(&app, "extra_models.tutorial005");
    }
}

mod descriptions {
    use super::*;

    #[derive(Model)]
    struct Item {
        name: String,
        description: Option<String>,
        price: f64,
        tax: Option<f64>,
        #[field(default)]
        tags: BTreeSet<String>,
    }

    /// Create an item with all the information:
    ///
    /// - **name**: each item must have a name
    /// - **description**: a long description
    /// - **price**: required
    /// - **tax**: if the item doesn't have tax, you can omit this
    /// - **tags**: a set of unique tag strings for this item
    #[post(
        "/items/",
        summary = "Create an item",
        response_description = "The created item"
    )]
    async fn create_item(item: Item) -> Item {
        item
    }

    #[test]
    fn are_doc_comments() {
        let app = App::new().routes(routes![create_item]);
        assert_recorded(&app, "path_operation_configuration.tutorial005");
    }
}

mod statuses {
    use super::*;

    #[post("/items/", status = 201)]
    async fn create_item(name: String) -> Value {
        json!(name)
    }

    #[test]
    fn are_those_of_the_route() {
        let app = App::new().routes(routes![create_item]);
        assert_recorded(&app, "response_status_code.tutorial001");
    }

    #[delete("/items/", status = 204)]
    async fn delete_item() {}

    #[test]
    fn without_a_body_have_no_content() {
        let document = App::new().routes(routes![delete_item]).openapi();
        let responses = &document["paths"]["/items/"]["delete"]["responses"];
        let expected = json!({"204": {"description": "Successful Response"}});
        assert_eq!(*responses, expected);
    }
}

mod raw {
    use super::*;

    #[post(
        "/items/",
        openapi_extra = {
            "requestBody": {
                "content": {
                    "application/json": {
                        "schema": {
                            "required": ["name", "price"],
                            "type": "object",
                            "properties": {
                                "name": {"type": "string"},
                                "price": {"type": "number"},
                                "description": {"type": "string"},
                            },
                        },
                    },
                },
                "required": true,
            },
        }
    )]
    async fn create_item(request: Request) -> Value {
        json!(request.path())
    }

    #[test]
    fn extra_keys_are_merged() {
        let app = App::new().routes(routes![create_item]);
        assert_recorded(&app, "path_operation_advanced_configuration.tutorial006");
    }
}

mod statuses_as_texts {
    use super::*;

    #[derive(Model)]
    struct Trouble {
        title: String,
    }

    #[get(
        "/",
        responses(
            "5xx" = "Any fault",
            "default" = "Anything else",
            404 = (Trouble, {"headers": {}}),
        )
    )]
    async fn read_root() -> Value {
        json!(null)
    }

    #[test]
    fn stand_as_openapi_spells_them() {
        let document = App::new().routes(routes![read_root]).openapi();
        let responses = &document["paths"]["/"]["get"]["responses"];
        assert_eq!(responses["5XX"]["description"], "Any fault");
        assert_eq!(responses["default"]["description"], "Anything else");
        assert_eq!(responses["404"]["description"], "Not Found");
        assert_eq!(responses["404"]["headers"], json!({}));
    }
}
