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

#[derive(Model)]
#[model(extra = "forbid")]
struct Closed {
    #[field(default = "default")]
    term: String,
}

#[derive(Model)]
#[model(extra = "allow")]
struct Open {
    #[field(default = "default")]
    term: String,
    #[field(extra)]
    rest: aplomb::json::Object,
}

#[get("/closed")]
async fn closed(#[query] closed: Option<Closed>, #[query(default = 10)] limit: i64) -> Value {
    json!([closed, limit])
}

#[get("/open")]
async fn open(#[query] open: Option<Open>) -> Value {
    json!(open)
}

#[get("/jar")]
async fn jar(#[cookie] open: Open) -> Value {
    json!(open)
}

fn choosy() -> App {
    App::new().routes(routes![closed, open, jar])
}

#[tokio::test]
async fn the_last_cookie_of_a_name_counts_also_without_a_field() {
    call(choosy(), "GET /jar")
        .header("cookie", "other=1; term=a; =x; other=2; term=b; lone")
        .await
        .is(200, json!({"term": "b", "other": "2", "": "lone"}));
}

#[tokio::test]
async fn an_optional_group_that_minds_other_names_is_there_with_any() {
    call(choosy(), "GET /closed")
        .await
        .is(200, json!([null, 10]));
    let answer = call(choosy(), "GET /closed?limit=5&unknown=a").await;
    let expected = [
        "extra_forbidden query.limit",
        "extra_forbidden query.unknown",
    ];
    assert_eq!(answer.problems(), expected);
    call(choosy(), "GET /open").await.is(200, json!(null));
    call(choosy(), "GET /open?limit=5&unknown=a&unknown=b")
        .await
        .is(
            200,
            json!({"term": "default", "limit": "5", "unknown": ["a", "b"]}),
        );
}
