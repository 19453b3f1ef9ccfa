//! Single fields of a form.

use super::*;
use aplomb::model::Json;

#[post("/text")]
async fn text(#[form] a: String) -> String {
    a
}

#[post("/default")]
async fn default(#[form(default = "d")] a: String) -> String {
    a
}

#[post("/optional")]
async fn optional(#[form(alias = "b")] a: Option<i64>) -> Value {
    json!(a)
}

#[post("/list")]
async fn list(#[form(default = vec!["z".to_owned()])] a: Vec<String>) -> Value {
    json!(a)
}

#[post("/numbers")]
async fn numbers(#[form] a: Vec<i64>) -> Value {
    json!(a)
}

#[post("/json")]
async fn in_json(#[form] a: Json<Vec<i64>>) -> Value {
    json!(a.0)
}

#[post("/hand")]
async fn by_hand(request: Request) -> Result<Value> {
    let form = request.form().await?;
    let entries = form
        .iter()
        .map(|(name, value)| json!([name, value.as_text()]));
    Ok(entries.collect())
}

#[post("/tagged")]
async fn tagged(tags: Vec<String>, file: UploadFile) -> Value {
    json!([tags, file.filename()])
}

#[derive(Model)]
struct Item {
    price: f64,
}

#[post("/beside")]
async fn beside(
    #[body] name: String,
    any: Value,
    item: Option<Item>,
    #[body(default = Item { price: 2.0 })] other: Item,
    #[form] x: String,
) -> Value {
    json!([name, any, item.is_none(), other.price, x])
}

fn client() -> TestClient {
    TestClient::new(App::new().routes(routes![
        text, default, optional, list, numbers, in_json, by_hand, tagged, beside
    ]))
}

#[test]
fn a_body_beside_a_form_is_a_field_of_it() {
    let client = client();
    let request = client.post("/tagged").file("file", "a.txt", "123");
    let answer = request.form([("tags", "red"), ("tags", "blue")]).send();
    answer.assert_json(200, json!([["red", "blue"], "a.txt"]));
    let fields = [("name", "Ada"), ("any", "1"), ("x", "y")];
    post(&client, "/beside", &fields).assert_json(200, json!(["Ada", "1", true, 2.0, "y"]));
    let wrong = [("name", "Ada"), ("any", "1"), ("x", "y"), ("item", "{}")];
    assert_problems(
        &post(&client, "/beside", &wrong),
        &[("body.item", "model_attributes_type")],
    );
}

#[test]
fn of_repeated_fields_the_last_counts() {
    let client = client();
    post(&client, "/text", &[("a", "1"), ("a", "2")]).assert_json(200, json!("2"));
    assert_problems(
        &post(&client, "/text", &[("a", "1"), ("a", "")]),
        &[("body.a", "missing")],
    );
    post(&client, "/json", &[("a", "1"), ("a", "[2]")]).assert_json(200, json!([2]));
}

#[test]
fn an_empty_field_is_absent_where_one_text_is_taken() {
    let client = client();
    assert_problems(
        &post(&client, "/text", &[("a", "")]),
        &[("body.a", "missing")],
    );
    post(&client, "/default", &[("a", "")]).assert_json(200, json!("d"));
    post(&client, "/default", &[]).assert_json(200, json!("d"));
    post(&client, "/optional", &[("b", "")]).assert_json(200, json!(null));
    post(&client, "/optional", &[("b", "3")]).assert_json(200, json!(3));
    post(&client, "/optional", &[("a", "3")]).assert_json(200, json!(null));
    assert_problems(
        &post(&client, "/json", &[("a", "")]),
        &[("body.a", "missing")],
    );
}

#[test]
fn lists_take_all_values() {
    let client = client();
    post(&client, "/list", &[("a", "1"), ("b", "x"), ("a", "")]).assert_json(200, json!(["1", ""]));
    post(&client, "/list", &[("a", "")]).assert_json(200, json!([""]));
    post(&client, "/list", &[("b", "")]).assert_json(200, json!(["z"]));
    assert_problems(
        &post(&client, "/numbers", &[("a", "1"), ("a", "x"), ("a", "")]),
        &[("body.a.1", "int_parsing"), ("body.a.2", "int_parsing")],
    );
}

#[test]
fn json_in_a_field_is_read() {
    let client = client();
    post(&client, "/json", &[("a", "[1,2]")]).assert_json(200, json!([1, 2]));
    assert_problems(
        &post(&client, "/json", &[("a", "[1")]),
        &[("body.a", "json_invalid")],
    );
}

#[test]
fn url_encoded_bytes_are_decoded_as_fastapi_does() {
    let client = client();
    for (body, wanted) in [
        (&b"a=x+y%2B"[..], "x y+"),
        (b"a=%ff", "\u{fffd}"),
        (b"a=\xc3\xa9", "\u{c3}\u{a9}"),
        (b"a=1;b=2", "1;b=2"),
        (b"&&a=1&", "1"),
        (b"%61=1", "1"),
        (b"a=%zz", "%zz"),
        (b"a=b=c", "b=c"),
    ] {
        let request = client.post("/text").body(body.to_vec());
        let request = request.header("content-type", "Application/X-WWW-Form-Urlencoded; x=y");
        request.send().assert_json(200, json!(wanted));
    }
}

#[test]
fn another_content_type_is_a_form_without_fields() {
    let client = client();
    for content_type in [
        "text/plain",
        "application/json",
        "multipart/mixed; boundary=X",
    ] {
        let request = client.post("/text").body("a=1");
        let answer = request.header("content-type", content_type).send();
        assert_problems(&answer, &[("body.a", "missing")]);
        let request = client.post("/hand").body("a=1");
        request
            .header("content-type", content_type)
            .send()
            .assert_json(200, json!([]));
    }
    let answer = client.post("/text").body("a=1").send();
    assert_problems(&answer, &[("body.a", "missing")]);
}

#[test]
fn a_form_can_be_read_by_hand() {
    let client = client();
    let fields = [("a", "1"), ("", "3"), ("b", ""), ("a", "2")];
    let wanted = json!([["a", "1"], ["", "3"], ["b", ""], ["a", "2"]]);
    post(&client, "/hand", &fields).assert_json(200, wanted);
}
