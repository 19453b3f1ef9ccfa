//! Models of parameters that may be absent, and arguments that must not.

#[path = "operation/call.rs"]
mod call;

use aplomb::prelude::*;
use call::call;

#[derive(Model)]
struct Range {
    #[field(aliases = ["from"])]
    start: i64,
    end: i64,
}

#[derive(Model)]
struct Client {
    client_name: String,
    #[field(alias = "x_version")]
    version: i64,
}

#[get("/range")]
async fn range(#[query] range: Option<Range>) -> Value {
    json!(range)
}

#[get("/client")]
async fn client(#[header] client: Client) -> Value {
    json!(client)
}

#[get("/required")]
async fn required(
    #[query(required)] text: Option<String>,
    #[query(required)] range: Option<Range>,
) -> Value {
    json!([text, range])
}

fn app() -> App {
    App::new().routes(routes![range, client, required])
}

#[tokio::test]
async fn an_optional_group_is_all_or_nothing() {
    call(app(), "GET /range?page=2").await.is(200, json!(null));
    call(app(), "GET /range?from=1&end=2")
        .await
        .is(200, json!({"start": 1, "end": 2}));
    let answer = call(app(), "GET /range?end=2").await;
    assert_eq!(answer.problems(), ["missing query.start"]);
}

#[tokio::test]
async fn headers_of_a_group_are_named_as_sent() {
    call(app(), "GET /client")
        .header("client-name", "curl")
        .header("x_version", "8")
        .await
        .is(200, json!({"client_name": "curl", "x_version": 8}));
    let answer = call(app(), "GET /client")
        .header("client_name", "curl")
        .header("x_version", "eight")
        .await;
    assert_eq!(
        answer.problems(),
        ["missing header.client-name", "int_parsing header.x_version"]
    );
}

#[tokio::test]
async fn a_required_option_must_be_given() {
    call(app(), "GET /required?text=&start=1&end=2")
        .await
        .is(200, json!(["", {"start": 1, "end": 2}]));
    let answer = call(app(), "GET /required").await;
    assert_eq!(answer.problems(), ["missing query.text", "missing query"]);
}
