//! Scopes go down to what a dependency needs.

use super::*;

#[dependency]
async fn security1(scopes: SecurityScopes) -> Vec<String> {
    list(&scopes)
}

#[dependency]
async fn security2(scopes: SecurityScopes) -> Vec<String> {
    list(&scopes)
}

#[dependency]
async fn dep3(
    #[security(scopes("scope1"))] dep1: Depends<security1>,
    #[security(scopes("scope2"))] dep2: Depends<security2>,
) -> Value {
    json!({"dep1": *dep1, "dep2": *dep2})
}

const SCOPE3: &str = "scope3";

#[get("/scopes")]
async fn get_scopes(#[security(scopes(SCOPE3))] dep3: Depends<dep3>) -> Value {
    Value::clone(&dep3)
}

#[get("/none")]
async fn none(scopes: SecurityScopes, dep: Depends<security1>) -> Value {
    json!([list(&scopes), *dep])
}

#[get("/route", dependencies(security(security1, scopes("a", SCOPE3))))]
async fn route(#[security(scopes("b"))] dep: Depends<security1>) -> Value {
    json!(*dep)
}

#[test]
fn scopes_go_down_and_not_aside() {
    let client = TestClient::new(App::new().routes(routes![get_scopes, none, route]));
    let expected = json!({"dep1": ["scope3", "scope1"], "dep2": ["scope3", "scope2"]});
    client.get("/scopes").send().assert_json(200, expected);
    client.get("/none").send().assert_json(200, json!([[], []]));
    client.get("/route").send().assert_json(200, json!(["b"]));
}

#[dependency]
#[derive(Clone)]
struct Group {
    #[security(scopes("field"))]
    dep: Depends<security1>,
    own: SecurityScopes,
}

#[get("/group")]
async fn group(#[security(scopes("group"))] group: Depends<Group>) -> Value {
    json!([*group.dep, list(&group.own)])
}

#[test]
fn groups_of_arguments_ask_for_scopes_too() {
    let client = TestClient::new(App::new().routes(routes![group]));
    let expected = json!([["group", "field"], ["group"]]);
    client.get("/group").send().assert_json(200, expected);
}

#[dependency]
async fn middle(#[security(scopes("a"))] inner: Depends<security1>) -> Vec<String> {
    inner.to_vec()
}

#[get("/twice")]
async fn twice(#[security(scopes("a"))] middle: Depends<middle>) -> Value {
    json!(*middle)
}

#[dependency]
async fn between(inner: Depends<security1>) -> Vec<String> {
    inner.to_vec()
}

#[dependency]
async fn asks_again(#[security(scopes("a"))] inner: Depends<between>) -> Vec<String> {
    inner.to_vec()
}

#[get("/thrice")]
async fn thrice(#[security(scopes("a"))] outer: Depends<asks_again>) -> Value {
    json!(*outer)
}

/// FastAPI lists a scope once where it is asked for again, and twice below that.
#[test]
fn scopes_asked_for_again_are_listed_as_in_fastapi() {
    let client = TestClient::new(App::new().routes(routes![twice, thrice]));
    client.get("/twice").send().assert_json(200, json!(["a"]));
    let below = client.get("/thrice").send();
    below.assert_json(200, json!(["a", "a"]));
}

#[dependency]
async fn stand_in(
    scopes: SecurityScopes,
    #[security(scopes("own"))] below: Depends<security2>,
) -> Vec<String> {
    [list(&scopes), below.to_vec()].concat()
}

#[test]
fn stand_ins_are_asked_for_the_same() {
    let app = App::new().routes(routes![get_scopes]);
    let app = app.override_dependency::<security1, stand_in>();
    let expected = json!({
        "dep1": ["scope3", "scope1", "scope3", "scope1", "own"],
        "dep2": ["scope3", "scope2"],
    });
    let client = TestClient::new(app);
    client.get("/scopes").send().assert_json(200, expected);
}
