//! Queries that clients of GraphQL send, and what is answered to those that are none.

use aplomb::prelude::*;
use aplomb::testing::TestClient;
use tutorial::apps;

fn client() -> TestClient {
    TestClient::new(apps::find("graphql_.tutorial001").expect("an app")())
}

#[test]
fn queries_select_fields() {
    let client = client();
    let ask = |query: Value| client.post("/graphql").json(&query).send();
    ask(json!({"query": "{ user { name years: age } }"})).assert_json(
        200,
        json!({"data": {"user": {"name": "Patrick", "years": 100}}}),
    );
    ask(json!({
        "query": "query Who($named: Boolean!) { user { ...all } } \
                  fragment all on User { name @include(if: $named) age }",
        "variables": {"named": false},
        "operationName": "Who",
    }))
    .assert_json(200, json!({"data": {"user": {"age": 100}}}));
    let wrong = ask(json!({"query": "{ user { height } }"}));
    assert_eq!(wrong.status(), 200);
    let message = wrong.json()["errors"][0]["message"].to_string();
    assert!(message.contains("height"), "{message}");
}

#[test]
fn queries_come_in_urls_too_and_the_schema_tells_of_itself() {
    let client = client();
    client
        .get("/graphql")
        .query([("query", "{ __schema { queryType { name } } }")])
        .send()
        .assert_json(
            200,
            json!({"data": {"__schema": {"queryType": {"name": "Query"}}}}),
        );
    let page = client.get("/graphql").send();
    page.assert_header("content-type", "text/html; charset=utf-8");
}

#[test]
fn what_is_no_query_is_refused() {
    let client = client();
    for (body, told) in [
        ("{", "Unable to parse request body as JSON"),
        ("{}", "No GraphQL query found in the request"),
    ] {
        let answer = client.post("/graphql").body(body).send();
        assert_eq!((answer.status(), &*answer.text()), (400, told), "{body}");
    }
}
