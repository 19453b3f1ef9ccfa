//! What results become: response classes, statuses without body, choices of fields.

#![allow(
    clippy::needless_pass_by_value,
    reason = "handlers own their arguments"
)]

use aplomb::operation::{ClassKind, Content};
use aplomb::prelude::*;
use aplomb::testing::TestClient;

struct OrjsonResponse;

impl ResponseClass for OrjsonResponse {
    const MEDIA_TYPE: Option<&'static str> = Some("application/x-orjson");
    const KIND: ClassKind = ClassKind::Json;
}

struct OverrideResponse;

impl ResponseClass for OverrideResponse {
    const MEDIA_TYPE: Option<&'static str> = Some("application/x-override");
    const KIND: ClassKind = ClassKind::Json;
}

#[get("/")]
fn object() -> Value {
    json!({"msg": "Hello"})
}

#[get("/")]
fn text() -> &'static str {
    "Hello"
}

#[get("/override", response_class = PlainText)]
fn as_text() -> String {
    "Hello".to_owned()
}

#[get("/override", response_class = Html)]
fn as_page() -> &'static str {
    "Hello"
}

#[get("/override", response_class = OverrideResponse)]
fn as_override() -> Value {
    json!({"msg": "Hello"})
}

#[get("/typed")]
fn typed() -> Html<&'static str> {
    Html("Hello")
}

fn routers(app: App) -> App {
    let b_a_c = Router::new()
        .prefix("/c")
        .default_response_class::<Html>()
        .routes(routes![text, as_override]);
    let b_a = Router::new()
        .prefix("/a")
        .routes(routes![text, as_page])
        .include(b_a_c);
    let b = Router::new()
        .prefix("/b")
        .default_response_class::<PlainText>()
        .routes(routes![text, as_page, typed])
        .include(b_a);
    let a_b = Router::new()
        .prefix("/b")
        .default_response_class::<PlainText>()
        .routes(routes![text, as_page]);
    let a_a = Router::new().prefix("/a").routes(routes![object, as_text]);
    let a = Router::new()
        .prefix("/a")
        .routes(routes![object, as_text])
        .include(a_a)
        .include(a_b);
    app.routes(routes![object, as_text]).include(a).include(b)
}

#[test]
fn the_innermost_class_wins() {
    const TEXT: &str = "text/plain; charset=utf-8";
    const PAGE: &str = "text/html; charset=utf-8";
    for (app, usual) in [
        (App::new(), "application/json"),
        (
            App::new().default_response_class::<OrjsonResponse>(),
            "application/x-orjson",
        ),
    ] {
        let client = TestClient::new(routers(app));
        for (path, content_type, body) in [
            ("/", usual, r#"{"msg":"Hello"}"#),
            ("/override", TEXT, "Hello"),
            ("/a/", usual, r#"{"msg":"Hello"}"#),
            ("/a/override", TEXT, "Hello"),
            ("/a/a/", usual, r#"{"msg":"Hello"}"#),
            ("/a/b/", TEXT, "Hello"),
            ("/a/b/override", PAGE, "Hello"),
            ("/b/", TEXT, "Hello"),
            ("/b/override", PAGE, "Hello"),
            ("/b/typed", PAGE, "Hello"),
            ("/b/a/", TEXT, "Hello"),
            ("/b/a/override", PAGE, "Hello"),
            ("/b/a/c/", PAGE, "Hello"),
            (
                "/b/a/c/override",
                "application/x-override",
                r#"{"msg":"Hello"}"#,
            ),
        ] {
            let answer = client.get(path).send();
            assert_eq!(answer.header("content-type"), Some(content_type), "{path}");
            assert_eq!(answer.text(), body, "{path}");
        }
    }
}

#[derive(Model)]
struct Problem {
    title: String,
}

#[get("/nothing", response_class = Response, responses(500 = (Problem, "Error")))]
async fn no_media_type() {}

#[get("/api", status = 204, response_class = OverrideResponse, responses(500 = (Problem, "Error")))]
async fn no_body() {}

#[get("/stream", responses(500 = (Problem, "Error")))]
async fn lines() -> impl Iterator<Item = u8> {
    0..3
}

#[delete("/{id}", status = 204, response_model = None)]
async fn overwritten(id: i64, response: ResponseParts) -> Value {
    response.status(400);
    json!({"msg": "Status overwritten", "id": id})
}

#[test]
fn classes_decide_the_media_types_of_the_document() {
    let app = App::new().routes(routes![no_media_type, no_body, lines, overwritten]);
    let document = app.openapi();
    let responses = |path: &str, method: &str| document["paths"][path][method]["responses"].clone();
    let problem = |media_type: &str| {
        let schema = json!({"schema": {"$ref": "#/components/schemas/Problem"}});
        json!({"description": "Error", "content": {media_type: schema}})
    };
    let nothing = json!({"description": "Successful Response"});
    assert_eq!(
        responses("/nothing", "get"),
        json!({"200": nothing, "500": problem("application/json")})
    );
    assert_eq!(
        responses("/api", "get"),
        json!({"204": nothing, "500": problem("application/x-override")})
    );
    assert_eq!(
        responses("/stream", "get")["500"],
        problem("application/json")
    );
    assert_eq!(responses("/{id}", "delete")["204"], nothing);

    let client = TestClient::new(app);
    let answer = client.get("/api").send();
    assert_eq!((answer.status(), answer.text()), (204, "".into()));
    assert_eq!(answer.header("content-length"), None);
    client
        .delete("/1")
        .send()
        .assert_json(400, json!({"msg": "Status overwritten", "id": 1}));
}

struct Shouting;

impl ResponseClass for Shouting {
    const MEDIA_TYPE: Option<&'static str> = Some("text/shout");
    const STATUS: u16 = 203;

    fn respond(content: &Content<'_>) -> Result<Response> {
        let text = String::from_utf8_lossy(&content.text()?).to_uppercase();
        Ok(Response::text(text).status(Self::STATUS))
    }
}

#[get("/shout", response_class = Shouting)]
async fn shout() -> &'static str {
    "hello"
}

#[get("/late", response_class = Shouting, status = 201)]
async fn late(response: ResponseParts) -> String {
    response.header("x-a", "1");
    "hello".to_owned()
}

#[get("/wrong", response_class = Html)]
async fn wrong() -> Value {
    json!({"not": "a text"})
}

#[get("/bytes", response_class = StreamingResponse)]
async fn bytes() -> Vec<u8> {
    vec![0, 255]
}

#[test]
fn classes_of_ones_own_make_the_answer() {
    let app = App::new().routes(routes![shout, late, wrong, bytes]);
    let document = app.openapi();
    let shouted = json!({"text/shout": {"schema": {"type": "string"}}});
    assert_eq!(
        document["paths"]["/shout"]["get"]["responses"]["203"]["content"],
        shouted
    );
    let client = TestClient::new(app).raise_server_exceptions(false);
    let answer = client.get("/shout").send();
    assert_eq!((answer.status(), answer.text()), (203, "HELLO".into()));
    let answer = client.get("/late").send();
    answer.assert_status(201).assert_header("x-a", "1");
    client.get("/wrong").send().assert_status(500);
    let answer = client.get("/bytes").send();
    assert_eq!(answer.bytes()[..], [0, 255]);
    assert_eq!(answer.header("content-type"), None);
}

#[derive(Model)]
struct Inner {
    foo: String,
    bar: String,
}

#[derive(Model)]
struct Middle {
    r#ref: Inner,
    baz: String,
}

#[derive(Model)]
struct Outer {
    name: String,
    age: i64,
    ref2: Vec<Middle>,
}

fn middle() -> Middle {
    Middle {
        r#ref: Inner {
            foo: "foo".to_owned(),
            bar: "bar".to_owned(),
        },
        baz: "baz".to_owned(),
    }
}

#[get("/include", response_model_include("baz", "ref.foo"))]
fn include() -> Middle {
    middle()
}

#[get("/exclude", response_model_exclude("ref.bar"))]
fn exclude() -> Middle {
    middle()
}

#[get(
    "/mixed",
    response_model_include("ref2", "name"),
    response_model_exclude("ref2.baz")
)]
fn mixed() -> Outer {
    Outer {
        name: "name".to_owned(),
        age: 3,
        ref2: vec![middle()],
    }
}

#[test]
fn choices_of_fields_go_into_fields() {
    let client = TestClient::new(App::new().routes(routes![include, exclude, mixed]));
    let inner = json!({"foo": "foo"});
    client
        .get("/include")
        .send()
        .assert_json(200, json!({"baz": "baz", "ref": inner}));
    client
        .get("/exclude")
        .send()
        .assert_json(200, json!({"baz": "baz", "ref": inner}));
    let inner = json!({"ref": {"foo": "foo", "bar": "bar"}});
    client
        .get("/mixed")
        .send()
        .assert_json(200, json!({"name": "name", "ref2": [inner]}));
}

#[get("/cookies")]
fn cookies(response: ResponseParts) {
    response.delete_cookie("old");
    response.set_cookie(&Cookie::new("new", "a b").partitioned().secure());
    response.header("x-a", "1\r\nset-cookie: b=c");
}

#[test]
fn cookies_are_set_and_deleted() {
    let answer = TestClient::new(App::new().routes(routes![cookies]))
        .get("/cookies")
        .send();
    let cookies: Vec<_> = answer.headers().get_all("set-cookie").iter().collect();
    let old = cookies[0].to_str().expect("text");
    assert!(old.starts_with("old=\"\"; expires="), "{old}");
    assert!(
        old.ends_with(" GMT; Max-Age=0; Path=/; SameSite=lax"),
        "{old}"
    );
    assert_eq!(
        cookies[1],
        "new=\"a b\"; Partitioned; Path=/; SameSite=lax; Secure"
    );
    assert_eq!(cookies.len(), 2);
    assert_eq!(answer.header("x-a"), None);
}

#[get("/any", response_model = Value)]
fn any() -> Value {
    json!(1)
}

#[get("/undocumented", response_model = None)]
fn undocumented() -> Inner {
    middle().r#ref
}

#[test]
fn any_and_nothing_can_be_told_apart() {
    let app = App::new().routes(routes![any, undocumented]);
    let document = app.openapi();
    let schema = |path: &str| {
        let media = &document["paths"][path]["get"]["responses"]["200"]["content"];
        media["application/json"]["schema"].clone()
    };
    assert_eq!(schema("/any"), json!({"title": "Response Any Any Get"}));
    assert_eq!(schema("/undocumented"), json!({}));
    let answer = TestClient::new(app).get("/undocumented").send();
    answer.assert_json(200, json!({"foo": "foo", "bar": "bar"}));
}

#[get("/bodiless", status = 204)]
fn bodiless() -> Inner {
    middle().r#ref
}

#[test]
#[should_panic(expected = "has the status 204, which has no body, and its result is one")]
fn a_status_without_body_has_no_model() {
    let _ = App::new().routes(routes![bodiless]).build();
}

#[test]
#[should_panic(expected = "describes an answer of the status `hello`")]
fn a_status_is_a_number_or_a_range() {
    let _ = App::new()
        .response("hello", "no status")
        .routes(routes![any])
        .build();
}

#[test]
#[should_panic(expected = "describes an answer of the status 204 by a model")]
fn a_further_status_without_body_has_no_model() {
    let router = Router::new()
        .response_model::<Inner>(204, "none")
        .routes(routes![any]);
    let _ = App::new().include(router).build();
}
