//! What dependencies add to the document, against the documents recorded of FastAPI.

#[path = "openapi/recorded.rs"]
mod recorded;

use aplomb::security::{OAuth2PasswordBearer, OAuth2PasswordRequestForm};
use aplomb::{dependency, prelude::*, security};
use recorded::assert_recorded;

mod parameters {
    use super::*;

    #[dependency]
    async fn common_parameters(
        q: Option<String>,
        #[query(default = 0)] skip: i64,
        #[query(default = 100)] limit: i64,
    ) -> i64 {
        q.map_or(skip, |_| limit)
    }

    #[get("/items/")]
    async fn read_items(commons: Depends<common_parameters>) -> Value {
        json!(*commons)
    }

    #[get("/users/")]
    async fn read_users(commons: Depends<common_parameters>) -> Value {
        json!(*commons)
    }

    #[test]
    fn of_a_dependency_are_those_of_the_operation() {
        let app = App::new().routes(routes![read_items, read_users]);
        assert_recorded(&app, "dependencies.tutorial001");
    }

    #[dependency]
    async fn inner(#[query(ge = 1)] a: i64, z: Option<i64>) -> i64 {
        a + z.unwrap_or_default()
    }

    #[dependency]
    async fn outer(b: i64, inner: Depends<inner>, q: i64) -> i64 {
        b + *inner + q
    }

    #[get("/nested")]
    async fn nested(outer: Depends<outer>, again: Depends<inner>, q: Option<i64>) -> Value {
        json!([*outer, *again, q])
    }

    #[test]
    fn come_once_and_the_required_ones_win() {
        let document = App::new().routes(routes![nested]).openapi();
        let parameters = &document["paths"]["/nested"]["get"]["parameters"];
        let parameters: Vec<(&str, bool)> = parameters
            .as_array()
            .expect("parameters")
            .iter()
            .map(|one| {
                (
                    one["name"].as_str().expect("a name"),
                    one["required"] == true,
                )
            })
            .collect();
        assert_eq!(
            parameters,
            [("q", true), ("b", true), ("a", true), ("z", false)]
        );
    }
}

mod of_the_app {
    use super::*;

    #[dependency]
    async fn verify_token(#[header] x_token: String) -> String {
        x_token
    }

    #[dependency]
    async fn verify_key(#[header] x_key: String) -> String {
        x_key
    }

    #[get("/items/")]
    async fn read_items() -> Value {
        json!([])
    }

    #[get("/users/")]
    async fn read_users() -> Value {
        json!([])
    }

    #[test]
    fn hold_for_every_route() {
        let app = App::new()
            .depends::<verify_token>()
            .depends::<verify_key>()
            .routes(routes![read_items, read_users]);
        assert_recorded(&app, "dependencies.tutorial012");
    }
}

mod schemes {
    use super::*;

    #[security]
    fn oauth2_scheme() -> OAuth2PasswordBearer {
        OAuth2PasswordBearer::new("token")
    }

    #[dependency]
    async fn get_current_user(token: Depends<oauth2_scheme>) -> String {
        token.to_string()
    }

    #[post("/token")]
    async fn login(form_data: Depends<OAuth2PasswordRequestForm>) -> Value {
        json!(form_data.username)
    }

    #[get("/users/me")]
    async fn read_users_me(user: Depends<get_current_user>) -> Value {
        json!(user.to_string())
    }

    #[test]
    fn are_those_on_the_way() {
        let app = App::new().routes(routes![login, read_users_me]);
        assert_recorded(&app, "security.tutorial003");
    }
}

/// FastAPI's example of an application in several files.
mod bigger_application {
    use super::*;

    #[dependency]
    async fn get_query_token(token: String) -> String {
        token
    }

    #[dependency]
    async fn get_token_header(#[header] x_token: String) -> String {
        x_token
    }

    #[get("/users/", tags("users"))]
    async fn read_users() -> Value {
        json!([])
    }

    #[get("/users/me", tags("users"))]
    async fn read_user_me() -> Value {
        json!({})
    }

    #[get("/users/{username}", tags("users"))]
    async fn read_user(username: String) -> Value {
        json!(username)
    }

    #[get("/")]
    async fn read_items() -> Value {
        json!([])
    }

    #[get("/{item_id}")]
    async fn read_item(item_id: String) -> Value {
        json!(item_id)
    }

    #[put("/{item_id}", tags("custom"), responses(403 = "Operation forbidden"))]
    async fn update_item(item_id: String) -> Value {
        json!(item_id)
    }

    #[post("/")]
    async fn update_admin() -> Value {
        json!({})
    }

    #[get("/")]
    async fn root() -> Value {
        json!({})
    }

    #[test]
    fn hands_everything_down_its_routers() {
        let items = Router::new()
            .prefix("/items")
            .tags(["items"])
            .depends::<get_token_header>()
            .response(404, "Not found")
            .routes(routes![read_items, read_item, update_item]);
        let admin = Router::new()
            .prefix("/admin")
            .tags(["admin"])
            .depends::<get_token_header>()
            .response(418, "I'm a teapot")
            .routes(routes![update_admin]);
        let users = Router::new().routes(routes![read_users, read_user_me, read_user]);
        let app = App::new()
            .depends::<get_query_token>()
            .include(users)
            .include(items)
            .include(admin)
            .routes(routes![root]);
        assert_recorded(&app, "bigger_applications.app.main");
    }
}
