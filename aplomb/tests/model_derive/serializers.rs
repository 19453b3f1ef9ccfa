//! Fields that are written as something else, as Pydantic's `field_serializer` answered.

use aplomb::prelude::*;
use aplomb::testing::TestClient;

use crate::written;

#[derive(Model)]
struct Item {
    name: String,
    #[field(serialize_with = money)]
    price: f64,
    #[field(serialize_with = or_zero)]
    seen: Option<i64>,
    #[field(default = "x")]
    secret: String,
}

fn money(price: &f64) -> String {
    format!("{price:.2}")
}

#[allow(clippy::ref_option, reason = "a serializer sees the field as it is")]
fn or_zero(seen: &Option<i64>) -> i64 {
    seen.unwrap_or_default()
}

#[derive(Model)]
struct Tagged {
    #[field(default = 2.0, serialize_with = money)]
    price: f64,
    #[field(default, serialize_with = joined)]
    tags: Vec<String>,
}

fn joined(tags: &[String]) -> Option<String> {
    Some(tags.join(",")).filter(|tags| !tags.is_empty())
}

#[derive(Model)]
struct Order {
    items: Vec<Tagged>,
}

#[post("/items")]
async fn items(item: Item) -> Item {
    item
}

#[post("/items/short", response_model_exclude_defaults)]
async fn items_short(item: Item) -> Item {
    item
}

#[post("/items/none", response_model_exclude_none)]
async fn items_none(item: Item) -> Item {
    item
}

#[post("/tagged")]
async fn tagged(item: Tagged) -> Tagged {
    item
}

#[post("/tagged/short", response_model_exclude_defaults)]
async fn tagged_short(item: Tagged) -> Tagged {
    item
}

#[post("/tagged/none", response_model_exclude_none)]
async fn tagged_none(item: Tagged) -> Tagged {
    item
}

#[post("/order")]
async fn order(order: Order) -> Order {
    order
}

fn app() -> App {
    App::new().routes(routes![
        items,
        items_short,
        items_none,
        tagged,
        tagged_short,
        tagged_none,
        order
    ])
}

#[test]
fn a_field_is_written_as_its_serializer_says() {
    let client = TestClient::new(app());
    let post = |path: &str, sent: Value| {
        let answer = client.post(path).json(&sent).send();
        answer.text().into_owned()
    };
    let fork = || json!({"name": "fork", "price": 2});
    for (path, sent, answer) in [
        (
            "/items",
            fork(),
            r#"{"name":"fork","price":"2.00","seen":0,"secret":"x"}"#,
        ),
        (
            "/items",
            json!({"name": "fork", "price": 2, "seen": 3}),
            r#"{"name":"fork","price":"2.00","seen":3,"secret":"x"}"#,
        ),
        (
            "/items/short",
            fork(),
            r#"{"name":"fork","price":"2.00","seen":0}"#,
        ),
        (
            "/items/none",
            fork(),
            r#"{"name":"fork","price":"2.00","secret":"x"}"#,
        ),
        ("/tagged", json!({}), r#"{"price":"2.00","tags":null}"#),
        (
            "/tagged/short",
            json!({}),
            r#"{"price":"2.00","tags":null}"#,
        ),
        ("/tagged/none", json!({}), r#"{"price":"2.00","tags":null}"#),
        (
            "/order",
            json!({"items": [{"tags": ["a", "b"]}]}),
            r#"{"items":[{"price":"2.00","tags":"a,b"}]}"#,
        ),
    ] {
        assert_eq!(post(path, sent), answer, "{path}");
    }
    let refused = client
        .post("/items")
        .json(&json!({"name": "fork", "price": "x"}));
    refused.send().assert_json(
        422,
        json!({"detail": [{"type": "float_parsing", "loc": ["body", "price"], "msg": "Input should be a valid number, unable to parse string as a number", "input": "x"}]}),
    );
}

#[test]
fn both_writers_agree() {
    let item = Item::from_value(&json!({"name": "fork", "price": 2})).expect("an item");
    assert_eq!(
        written(&item),
        r#"{"name":"fork","price":"2.00","seen":0,"secret":"x"}"#
    );
}

#[test]
fn the_document_shows_what_is_read_and_what_is_written() {
    let schemas = app().openapi()["components"]["schemas"].clone();
    assert_eq!(
        schemas["Tagged-Input"],
        json!({
            "properties": {
                "price": {"type": "number", "title": "Price", "default": 2.0},
                "tags": {"items": {"type": "string"}, "type": "array", "title": "Tags", "default": []},
            },
            "type": "object",
            "title": "Tagged",
        })
    );
    assert_eq!(
        schemas["Tagged-Output"],
        json!({
            "properties": {
                "price": {"type": "string", "title": "Price"},
                "tags": {"anyOf": [{"type": "string"}, {"type": "null"}], "title": "Tags"},
            },
            "type": "object",
            "title": "Tagged",
        })
    );
    assert_eq!(
        schemas["Item-Output"]["properties"]["seen"],
        json!({"type": "integer", "title": "Seen"})
    );
    let output = &schemas["Order-Output"]["properties"]["items"]["items"];
    assert_eq!(
        *output,
        json!({"$ref": "#/components/schemas/Tagged-Output"})
    );
}
