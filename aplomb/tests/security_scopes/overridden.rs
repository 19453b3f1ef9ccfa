//! Dependencies that others stand in for.

use super::*;

#[dependency]
async fn get_user(required_scopes: SecurityScopes) -> Value {
    json!(["john", list(&required_scopes)])
}

#[dependency]
async fn get_user_override(required_scopes: SecurityScopes) -> Value {
    json!(["alice", list(&required_scopes)])
}

#[get("/user")]
async fn read_user(#[security(scopes("foo", "bar"))] user: Depends<get_user>) -> Value {
    user.into_inner()
}

#[test]
fn stand_ins_know_the_scopes() {
    let app = || App::new().routes(routes![read_user]);
    let client = TestClient::new(app());
    client
        .get("/user")
        .send()
        .assert_json(200, json!(["john", ["foo", "bar"]]));
    let client = TestClient::new(app().override_dependency::<get_user, get_user_override>());
    client
        .get("/user")
        .send()
        .assert_json(200, json!(["alice", ["foo", "bar"]]));
}
