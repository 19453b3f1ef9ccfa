//! What is run once, and what once for each list of scopes.

use super::*;

#[dependency]
async fn get_db_session(calls: State<Calls>) -> String {
    format!("db_session_{}", calls.add("get_db_session"))
}

#[dependency]
async fn get_current_user(
    security_scopes: SecurityScopes,
    db_session: Depends<get_db_session>,
    calls: State<Calls>,
) -> Value {
    json!({
        "user": format!("user_{}", calls.add("get_current_user")),
        "scopes": list(&security_scopes),
        "db_session": *db_session,
    })
}

#[dependency]
async fn get_user_me(
    #[security(scopes("me"))] current_user: Depends<get_current_user>,
    calls: State<Calls>,
) -> Value {
    json!({
        "user_me": format!("user_me_{}", calls.add("get_user_me")),
        "current_user": *current_user,
    })
}

#[dependency]
async fn get_user_items(user_me: Depends<get_user_me>, calls: State<Calls>) -> Value {
    json!({
        "user_items": format!("user_items_{}", calls.add("get_user_items")),
        "user_me": *user_me,
    })
}

#[get("/")]
async fn path_operation(
    user_me: Depends<get_user_me>,
    #[security(scopes("items"))] user_items: Depends<get_user_items>,
) -> Value {
    json!({"user_me": *user_me, "user_items": *user_items})
}

#[dependency]
async fn get_user(db: Depends<get_db_session>) -> String {
    db.to_string()
}

#[get("/once")]
async fn once(
    db: Depends<get_db_session>,
    #[security(scopes("read"))] user: Depends<get_user>,
) -> Value {
    json!([*db, *user])
}

fn client() -> TestClient {
    TestClient::new(
        App::new()
            .state(Calls::default())
            .routes(routes![path_operation, once]),
    )
}

#[test]
fn what_is_asked_for_other_scopes_runs_again() {
    let expected = json!({
        "user_me": {
            "user_me": "user_me_1",
            "current_user": {"user": "user_1", "scopes": ["me"], "db_session": "db_session_1"},
        },
        "user_items": {
            "user_items": "user_items_1",
            "user_me": {
                "user_me": "user_me_2",
                "current_user": {
                    "user": "user_2",
                    "scopes": ["items", "me"],
                    "db_session": "db_session_1",
                },
            },
        },
    });
    client().get("/").send().assert_json(200, expected);
}

#[test]
fn what_knows_no_scopes_runs_once() {
    let expected = json!(["db_session_1", "db_session_1"]);
    client().get("/once").send().assert_json(200, expected);
}

#[dependency]
async fn a(scopes: SecurityScopes, calls: State<Calls>) -> Value {
    json!([list(&scopes), calls.add("a")])
}

#[get("/order")]
async fn order(
    #[security(scopes("x", "y"))] first: Depends<a>,
    #[security(scopes("y", "x"))] second: Depends<a>,
    #[depends(no_cache)]
    #[security(scopes("x", "y"))]
    third: Depends<a>,
) -> Value {
    json!([*first, *second, *third])
}

#[dependency]
async fn counter(calls: State<Calls>) -> usize {
    calls.add("counter")
}

#[get("/scope-counter")]
async fn scope_counter(
    count: Depends<counter>,
    #[security(scopes("scope"))] first: Depends<counter>,
    #[security(scopes("scope"))] second: Depends<counter>,
) -> Value {
    json!([*count, *first, *second])
}

#[get("/alone")]
async fn alone(
    #[depends(no_cache)] first: Depends<counter>,
    second: Depends<counter>,
    #[depends(no_cache)] third: Depends<counter>,
    fourth: Depends<counter>,
) -> Value {
    json!([*first, *second, *third, *fourth])
}

#[test]
fn results_are_kept_by_function_and_scopes() {
    let get = |path: &str| {
        let app = App::new()
            .state(Calls::default())
            .routes(routes![scope_counter, alone]);
        TestClient::new(app).get(path).send().json()
    };
    assert_eq!(get("/scope-counter"), json!([1, 2, 2]));
    assert_eq!(get("/alone"), json!([1, 1, 2, 1]));
}

#[test]
fn the_order_of_scopes_makes_no_other_result() {
    let app = App::new().state(Calls::default()).routes(routes![order]);
    let expected = json!([[["x", "y"], 1], [["x", "y"], 1], [["x", "y"], 2]]);
    let client = TestClient::new(app);
    client.get("/order").send().assert_json(200, expected);
}
