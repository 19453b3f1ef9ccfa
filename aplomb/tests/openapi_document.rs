//! The document as a whole, against the documents recorded of FastAPI.

#[path = "openapi/recorded.rs"]
mod recorded;

use aplomb::json;
use aplomb::prelude::*;
use recorded::assert_recorded;

#[test]
fn metadata_of_the_service() {
    #[get("/items/")]
    async fn read_items() -> Value {
        json!([{"name": "Katana"}])
    }

    let description = "
ChimichangApp API helps you do awesome stuff. 🚀

## Items

You can **read items**.

## Users

You will be able to:

* **Create users** (_not implemented_).
* **Read users** (_not implemented_).
";
    let app = App::new()
        .title("ChimichangApp")
        .description(description)
        .summary("Deadpool's favorite app. Nuff said.")
        .version("0.0.1")
        .terms_of_service("http://example.com/terms/")
        .contact(json!({
            "name": "Deadpoolio the Amazing",
            "url": "http://x-force.example.com/contact/",
            "email": "dp@x-force.example.com",
        }))
        .license(json!({
            "name": "Apache 2.0",
            "url": "https://www.apache.org/licenses/LICENSE-2.0.html",
        }))
        .routes(routes![read_items]);
    assert_recorded(&app, "metadata.tutorial001");
}

#[test]
fn tags() {
    #[get("/users/", tags("users"))]
    async fn get_users() -> Value {
        json!([])
    }

    #[get("/items/", tags("items"))]
    async fn get_items() -> Value {
        json!([])
    }

    let app = App::new()
        .openapi_tags([
            json!({
                "name": "users",
                "description": "Operations with users. The **login** logic is also here.",
            }),
            json!({
                "name": "items",
                "description": "Manage items. So _fancy_ they have their own docs.",
                "externalDocs": {
                    "description": "Items external docs",
                    "url": "https://fastapi.tiangolo.com/",
                },
            }),
        ])
        .routes(routes![get_users, get_items]);
    assert_recorded(&app, "metadata.tutorial004");
}

#[test]
fn an_application_extends_its_document() {
    #[get("/items/")]
    async fn read_items() -> Value {
        json!([{"name": "Foo"}])
    }

    let app = App::new()
        .title("Custom title")
        .version("2.5.0")
        .summary("This is a very custom OpenAPI schema")
        .description("Here's a longer description of the custom **OpenAPI** schema")
        .extend_openapi(|document| {
            let info = document.get_mut("info").and_then(Value::as_object_mut);
            info.expect("info").insert(
                "x-logo".to_owned(),
                json!({"url": "https://fastapi.tiangolo.com/img/logo-margin/logo-teal.png"}),
            );
        })
        .routes(routes![read_items]);
    assert_recorded(&app, "extending_openapi.tutorial001");
}

mod both_directions {
    use super::*;

    #[derive(Model)]
    struct Item {
        name: String,
        description: Option<String>,
    }

    #[post("/items/")]
    async fn create_item(item: Item) -> Value {
        json!(item)
    }

    #[get("/items/")]
    async fn read_items() -> Vec<Item> {
        Vec::new()
    }

    #[test]
    fn share_a_schema_that_is_the_same() {
        let app = || App::new().routes(routes![read_items, create_item]);
        assert_recorded(&app(), "separate_openapi_schemas.tutorial001");
        let app = app().separate_input_output_schemas(false);
        assert_recorded(&app, "separate_openapi_schemas.tutorial002");
    }

    /// A type that refers to itself differs by the name it refers to, as in Pydantic.
    #[derive(Model)]
    struct Node {
        name: String,
        child: Option<Box<Self>>,
    }

    #[post("/nodes/")]
    async fn echo(node: Node) -> Node {
        node
    }

    #[test]
    fn differ_in_a_recursive_type() {
        let names = |app: App| {
            let document = app.openapi();
            let schemas = document["components"]["schemas"].as_object();
            let names = schemas.expect("schemas").keys().cloned();
            names
                .filter(|name| name.starts_with("Node"))
                .collect::<Vec<_>>()
        };
        let app = || App::new().routes(routes![echo]);
        assert_eq!(names(app()), ["Node-Input", "Node-Output"]);
        assert_eq!(names(app().separate_input_output_schemas(false)), ["Node"]);
    }

    #[derive(Model)]
    struct Secret {
        #[field(read_only, default)]
        id: i64,
        #[field(write_only)]
        password: String,
    }

    #[derive(Model)]
    struct Holder {
        secret: Secret,
    }

    #[post("/secrets/")]
    async fn keep(holder: Holder) -> Holder {
        holder
    }

    #[test]
    fn differ_where_a_nested_type_does() {
        let document = App::new().routes(routes![keep]).openapi();
        let schemas = document["components"]["schemas"].as_object();
        let names: Vec<&String> = schemas.expect("schemas").keys().collect();
        assert_eq!(
            names,
            [
                "HTTPValidationError",
                "Holder-Input",
                "Holder-Output",
                "Secret-Input",
                "Secret-Output",
                "ValidationError",
            ]
        );
        let output = &document["components"]["schemas"]["Holder-Output"];
        assert_eq!(
            output["properties"]["secret"]["$ref"],
            "#/components/schemas/Secret-Output"
        );
    }
}

mod namesakes {
    use super::*;

    mod stock {
        use aplomb::prelude::*;

        #[derive(Model)]
        pub(crate) struct Item {
            pub(crate) count: i64,
        }
    }

    mod shop {
        use aplomb::prelude::*;

        #[derive(Model)]
        pub(crate) struct Item {
            pub(crate) price: f64,
        }
    }

    #[post("/items/")]
    async fn order(item: shop::Item) -> stock::Item {
        stock::Item {
            count: item.price as i64,
        }
    }

    #[test]
    fn are_told_apart_by_direction_or_module() {
        let document = App::new().routes(routes![order]).openapi();
        let schemas = document["components"]["schemas"].as_object();
        let names: Vec<&String> = schemas.expect("schemas").keys().collect();
        assert_eq!(names[1..3], ["Item-Input", "Item-Output"]);
    }
}

mod callbacks {
    use super::*;

    #[derive(Model)]
    struct Invoice {
        id: String,
        title: Option<String>,
        customer: String,
        total: f64,
    }

    #[derive(Model)]
    struct InvoiceEvent {
        description: String,
        paid: bool,
    }

    #[derive(Model)]
    struct InvoiceEventReceived {
        ok: bool,
    }

    #[post("/")]
    async fn invoice_notification(body: InvoiceEvent) -> InvoiceEventReceived {
        InvoiceEventReceived { ok: body.paid }
    }

    /// Create an invoice.
    ///
    /// This will (let's imagine) let the API user (some external developer) create an
    /// invoice.
    ///
    /// And this path operation will:
    ///
    /// * Send the invoice to the client.
    /// * Collect the money from the client.
    /// * Send a notification back to the API user (the external developer), as a callback.
    ///     * At this point is that the API will somehow send a POST request to the
    ///         external API with the notification of the invoice event
    ///         (e.g. "payment successful").
    #[post("/invoices/")]
    async fn create_invoice(
        invoice: Invoice,
        callback_url: Option<aplomb::model::HttpUrl>,
    ) -> Value {
        json!([invoice.id, callback_url.is_some()])
    }

    #[test]
    fn stand_in_their_operation() {
        let callback =
            Route::of::<invoice_notification>().path("{$callback_url}/invoices/{$request.body.id}");
        let route = Route::of::<create_invoice>().callbacks([callback]);
        assert_recorded(&App::new().routes([route]), "openapi_callbacks.tutorial001");
    }

    #[post("/")]
    async fn new_subscription(body: InvoiceEvent) {
        let _ = body;
    }

    #[test]
    fn webhooks_stand_beside_the_paths() {
        let webhook = Route::of::<new_subscription>().path("new-subscription");
        let document = App::new().webhooks([webhook]).openapi();
        let webhook = &document["webhooks"]["new-subscription"]["post"];
        assert_eq!(webhook["summary"], "New Subscription");
        assert_eq!(document["paths"], json!({}));
    }
}

#[test]
fn the_text_is_the_same_every_time() {
    #[get("/b", tags("x"))]
    async fn b(q: Option<i64>) -> Value {
        json!(q)
    }

    #[get("/a")]
    async fn a(z: String, y: i64) -> Value {
        json!([z, y])
    }

    let text = || App::new().routes(routes![b, a]).openapi().to_string();
    assert_eq!(text(), text());
}
