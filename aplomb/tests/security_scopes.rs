//! OAuth2 scopes: who is asked for which, what is run once, what the document says.

use std::sync::Mutex;

use aplomb::prelude::*;
use aplomb::security::{
    ApiKeyHeader, OAuth2AuthorizationCodeBearer, OAuth2PasswordBearer, SecurityScopes,
};
use aplomb::testing::TestClient;

/// Who ran, in order.
#[derive(Default)]
struct Calls(Mutex<Vec<&'static str>>);

impl Calls {
    fn add(&self, name: &'static str) -> usize {
        let mut calls = self.0.lock().expect("nobody panicked");
        calls.push(name);
        calls.iter().filter(|known| **known == name).count()
    }
}

fn list(scopes: &SecurityScopes) -> Vec<String> {
    scopes.scopes().to_vec()
}

mod handed_down {
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
}

mod caching {
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
}

mod documented {
    use super::*;

    #[security]
    fn oauth2_scheme() -> OAuth2AuthorizationCodeBearer {
        OAuth2AuthorizationCodeBearer::new("authorize", "token")
            .scope("read", "Read access")
            .scope("write", "Write access")
    }

    #[dependency]
    async fn get_token(token: Depends<oauth2_scheme>) -> String {
        token.to_string()
    }

    #[get("/")]
    async fn root() -> Value {
        json!({"message": "Hello World"})
    }

    #[get(
        "/with-oauth2-scheme",
        dependencies(security(oauth2_scheme, scopes("read", "write")))
    )]
    async fn read_with_oauth2_scheme() -> Value {
        json!({"message": "Admin Access"})
    }

    #[get(
        "/with-get-token",
        dependencies(security(get_token, scopes("read", "write")))
    )]
    async fn read_with_get_token() -> Value {
        json!({"message": "Admin Access"})
    }

    #[get("/items/")]
    async fn read_items(token: Depends<oauth2_scheme>) -> Value {
        json!({"token": *token})
    }

    #[post("/items/")]
    async fn create_item(
        #[security(scopes("read", "write"))] token: Depends<oauth2_scheme>,
    ) -> Value {
        json!({"token": *token})
    }

    fn app() -> App {
        let items = Router::new()
            .security::<oauth2_scheme>(["read"])
            .routes(routes![read_items, create_item]);
        App::new()
            .depends::<get_token>()
            .routes(routes![root, read_with_oauth2_scheme, read_with_get_token])
            .include(items)
    }

    #[test]
    fn every_operation_lists_all_that_is_asked_of_a_scheme() {
        let document = app().openapi();
        for (path, method, scopes) in [
            ("/", "get", json!([])),
            ("/with-oauth2-scheme", "get", json!(["read", "write"])),
            ("/with-get-token", "get", json!(["read", "write"])),
            ("/items/", "get", json!(["read"])),
            ("/items/", "post", json!(["read", "write"])),
        ] {
            assert_eq!(
                document["paths"][path][method]["security"],
                json!([{"OAuth2AuthorizationCodeBearer": scopes}]),
                "{method} {path}"
            );
        }
        let scheme = json!({
            "type": "oauth2",
            "flows": {
                "authorizationCode": {
                    "scopes": {"read": "Read access", "write": "Write access"},
                    "authorizationUrl": "authorize",
                    "tokenUrl": "token",
                },
            },
        });
        let schemes = json!({"OAuth2AuthorizationCodeBearer": scheme});
        assert_eq!(document["components"]["securitySchemes"], schemes);
    }

    #[test]
    fn tokens_are_asked_for_and_given() {
        let client = TestClient::new(app());
        client.get("/").send().assert_status(401);
        let get = |path| client.get(path).bearer_auth("testtoken").send();
        get("/").assert_json(200, json!({"message": "Hello World"}));
        get("/with-get-token").assert_json(200, json!({"message": "Admin Access"}));
        get("/items/").assert_json(200, json!({"token": "testtoken"}));
    }

    #[security]
    fn password() -> OAuth2PasswordBearer {
        OAuth2PasswordBearer::new("token")
    }

    #[security]
    fn key() -> ApiKeyHeader {
        ApiKeyHeader::new("key")
    }

    #[dependency]
    async fn both(#[security(scopes("b"))] token: Depends<password>, key: Depends<key>) -> String {
        format!("{}{}", *token, *key)
    }

    #[get("/both")]
    async fn read_both(
        #[security(scopes("a"))] both: Depends<both>,
        #[security(scopes("c"))] token: Depends<password>,
    ) -> String {
        format!("{}{}", *both, *token)
    }

    #[test]
    fn schemes_are_listed_in_the_order_of_the_dependencies() {
        let document = App::new().routes(routes![read_both]).openapi();
        assert_eq!(
            document["paths"]["/both"]["get"]["security"],
            json!([{"OAuth2PasswordBearer": ["a", "b", "c"]}, {"APIKeyHeader": ["a"]}])
        );
    }
}

mod without_results {
    use super::*;

    #[security]
    fn oauth2_scheme() -> OAuth2PasswordBearer {
        OAuth2PasswordBearer::new("token")
    }

    #[dependency]
    async fn process_auth(
        credentials: Depends<oauth2_scheme>,
        security_scopes: SecurityScopes,
    ) -> Result<Value> {
        match ["a", "b"]
            .iter()
            .all(|scope| security_scopes.iter().any(|asked| asked == *scope))
        {
            true => Ok(json!({"token": *credentials, "scopes": (list(&security_scopes))})),
            false => Err(HttpException::unauthorized("a or b not in scopes").into()),
        }
    }

    #[get("/get-credentials")]
    async fn get_credentials(
        #[security(scopes("a", "b"))] credentials: Depends<process_auth>,
    ) -> Value {
        credentials.into_inner()
    }

    #[get(
        "/parameterless-with-scopes",
        dependencies(security(process_auth, scopes("a", "b")))
    )]
    async fn with_scopes() -> Value {
        json!({"status": "ok"})
    }

    #[get("/parameterless-without-scopes", dependencies(process_auth))]
    async fn without_scopes() -> Value {
        json!({"status": "ok"})
    }

    #[post("new-subscription", webhook)]
    async fn new_subscription(token: Depends<oauth2_scheme>) -> String {
        token.to_string()
    }

    #[test]
    fn dependencies_are_asked_for_scopes() {
        let app = App::new().routes(routes![get_credentials, with_scopes, without_scopes]);
        let client = TestClient::new(app);
        let get = |path| client.get(path).bearer_auth("token").send();
        let expected = json!({"token": "token", "scopes": ["a", "b"]});
        get("/get-credentials").assert_json(200, expected);
        get("/parameterless-with-scopes").assert_json(200, json!({"status": "ok"}));
        let refused = json!({"detail": "a or b not in scopes"});
        get("/parameterless-without-scopes").assert_json(401, refused);
    }

    #[test]
    fn webhooks_show_what_they_are_guarded_by() {
        let document = App::new().webhooks(routes![new_subscription]).openapi();
        assert_eq!(
            document["webhooks"]["new-subscription"]["post"]["security"],
            json!([{"OAuth2PasswordBearer": []}])
        );
        let schemes = &document["components"]["securitySchemes"];
        assert_eq!(schemes["OAuth2PasswordBearer"]["type"], "oauth2");
    }
}

mod overridden {
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
}
