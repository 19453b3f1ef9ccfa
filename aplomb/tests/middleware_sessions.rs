//! Sessions in signed cookies.

use aplomb::http::SameSite;
use aplomb::middleware::{Session, Sessions};
use aplomb::prelude::*;
use aplomb::testing::{TestClient, TestResponse};

#[get("/view")]
async fn view(session: Session) -> Vec<String> {
    session.keys()
}

#[post("/update")]
async fn update(session: Session, key: String, value: i64) -> usize {
    session.insert(key, value);
    session.len()
}

#[post("/remove/{key}")]
async fn remove(key: String, session: Session) -> Option<Value> {
    session.remove(&key)
}

#[post("/clear")]
async fn clear(session: Session) {
    session.clear();
}

#[get("/untouched")]
async fn untouched() {}

#[get("/refused")]
async fn refused(session: Session) -> Result<()> {
    session.insert("seen", true);
    Err(HttpException::forbidden("no").into())
}

fn app() -> App {
    App::new().routes(routes![view, update, remove, clear, untouched, refused])
}

fn cookie(response: &TestResponse) -> &str {
    response.header("set-cookie").expect("a cookie")
}

#[test]
fn values_are_kept_until_they_are_cleared() {
    let client = TestClient::new(app().middleware(Sessions::new("secret")));
    assert_eq!(client.get("/view").send().json(), json!([]));
    let updated = client.post("/update?key=a&value=1").send();
    assert_eq!(updated.json(), 1);
    assert_eq!(updated.header("vary"), Some("Cookie"));
    let header = cookie(&updated);
    assert!(header.starts_with("session="), "{header}");
    assert!(
        header.ends_with("; path=/; Max-Age=1209600; httponly; samesite=lax"),
        "{header}"
    );
    let viewed = client.get("/view").send();
    assert_eq!(viewed.json(), json!(["a"]));
    // Read only: nothing to send, and caches must know that the answer depends on the cookie.
    assert_eq!(
        (viewed.header("set-cookie"), viewed.header("vary")),
        (None, Some("Cookie"))
    );
    let untouched = client.get("/untouched").send();
    assert_eq!(
        (untouched.header("set-cookie"), untouched.header("vary")),
        (None, None)
    );
    assert_eq!(
        client.post("/remove/none").send().header("set-cookie"),
        None
    );
    let cleared = client.post("/clear").send();
    assert_eq!(
        cookie(&cleared),
        "session=null; path=/; expires=Thu, 01 Jan 1970 00:00:00 GMT; httponly; samesite=lax"
    );
    assert_eq!(client.get("/view").send().json(), json!([]));
    // A session that never was is not cleared.
    assert_eq!(client.post("/clear").send().header("set-cookie"), None);
}

#[test]
fn removing_the_last_value_ends_the_session() {
    let client = TestClient::new(app().middleware(Sessions::new("secret")));
    client.post("/update?key=a&value=1").send();
    let removed = client.post("/remove/a").send();
    assert_eq!(removed.json(), 1);
    assert!(cookie(&removed).contains("expires=Thu, 01 Jan 1970"));
}

#[test]
fn a_session_changes_with_an_exception_too() {
    let client = TestClient::new(app().middleware(Sessions::new("secret")));
    assert_eq!(client.get("/refused").send().status(), 403);
    assert_eq!(client.get("/view").send().json(), json!(["seen"]));
}

#[test]
fn how_the_cookie_is_sent() {
    let sessions = Sessions::new("secret")
        .cookie("shop")
        .max_age(None)
        .path("/shop")
        .same_site(SameSite::None)
        .https_only()
        .domain("shop.example")
        .partitioned();
    let response = TestClient::new(app().middleware(sessions))
        .post("/update?key=a&value=1")
        .send();
    let header = cookie(&response);
    let end = "; path=/shop; httponly; samesite=none; secure; domain=shop.example; partitioned";
    assert!(
        header.starts_with("shop=") && header.ends_with(end),
        "{header}"
    );
}

fn signed_by(secret: &str) -> String {
    let client = TestClient::new(app().middleware(Sessions::new(secret)));
    let response = client.post("/update?key=a&value=1").send();
    let header = cookie(&response);
    header.split(';').next().expect("a cookie").to_owned()
}

fn keys(sessions: Sessions, cookie: &str) -> Value {
    let client = TestClient::new(app().middleware(sessions));
    client.get("/view").header("cookie", cookie).send().json()
}

#[test]
fn what_others_signed_is_no_session() {
    let signed = signed_by("secret");
    assert_eq!(keys(Sessions::new("secret"), &signed), json!(["a"]));
    assert_eq!(keys(Sessions::new("another"), &signed), json!([]));
    let rotated = Sessions::new("another").old_secrets(["secret"]);
    assert_eq!(keys(rotated, &signed), json!(["a"]));
    for odd in [
        "session=",
        "session=null",
        "session=a.b.c",
        "session=....",
        "session=%%%",
    ] {
        assert_eq!(keys(Sessions::new("secret"), odd), json!([]), "{odd}");
    }
}

/// Signed by Starlette with `"top secret"`, at a time that is long ago.
const STARLETTE: &str =
    "session=eyJ1c2VyIjogImFubmEiLCAibiI6IDF9.ZVPxAA.dh3z980mmMjK21BjOdivIrE3Guw";

#[test]
fn a_cookie_of_starlette_is_a_session() {
    let lasting = Sessions::new("top secret").max_age(None);
    assert_eq!(keys(lasting, STARLETTE), json!(["user", "n"]));
    assert_eq!(keys(Sessions::new("top secret"), STARLETTE), json!([]));
}

#[test]
fn a_handler_without_sessions_is_told_what_to_add() {
    let client = TestClient::new(app()).raise_server_exceptions(false);
    assert_eq!(client.get("/view").send().status(), 500);
    let result = std::panic::catch_unwind(|| TestClient::new(app()).get("/view").send().status());
    let panic = result.expect_err("a panic");
    let text = panic.downcast_ref::<String>().expect("text");
    assert!(
        text.contains(".middleware(Sessions::new(secret))"),
        "{text}"
    );
}

#[test]
fn the_secret_stays_out_of_debug_output() {
    let debug = format!("{:?}", Sessions::new("hunter2"));
    assert!(!debug.contains("hunter2"), "{debug}");
}

#[test]
#[should_panic(expected = "an empty secret signs nothing")]
fn an_empty_secret() {
    let _ = Sessions::new("");
}
