//! URLs made from the names of routes and mounts.

use aplomb::prelude::*;
use aplomb::testing::TestClient;

#[get("/items/{item_id}")]
async fn read_item(item_id: String) -> String {
    item_id
}

#[get("/numbers/{number:int}", name = "number")]
async fn read_number(number: i64) -> i64 {
    number
}

#[get("/files/{file_path:path}")]
async fn read_file(file_path: String) -> String {
    file_path
}

/// Asks for the URL of the query's `name`; what else is in the query are the parameters.
#[get("/url")]
async fn url(request: Request) -> Result<String> {
    let query = request.query_params().iter();
    let mut params: Vec<_> = query.map(|(key, value)| (&**key, &**value)).collect();
    let (_, name) = params.remove(0);
    Ok(request.url_for(name, &params)?)
}

fn inner() -> App {
    App::new()
        .root_path("/inner-root")
        .routes(routes![read_item, url])
}

fn app() -> App {
    App::new()
        .routes(routes![read_number, read_file, url])
        .include(Router::new().prefix("/v1").routes(routes![read_item]))
        .mount_named("/static", StaticFiles::new("src"), "static")
        .mount_named("/{tenant}/sub", inner().build(), "sub")
        .mount(
            "/open",
            App::new()
                .routes(routes![url])
                .mount("/deep", inner().build())
                .build(),
        )
}

#[test]
fn paths_are_made_from_names_and_parameters() {
    let app = app();
    for (name, params, path) in [
        (
            "read_item",
            &[("item_id", "fork")][..],
            Some("/v1/items/fork"),
        ),
        ("read_item", &[("item_id", "a b/c")], None),
        (
            "read_item",
            &[("item_id", "a b?%")],
            Some("/v1/items/a%20b%3F%25"),
        ),
        ("read_item", &[("item_id", "")], None),
        ("read_item", &[], None),
        ("read_item", &[("item_id", "x"), ("q", "y")], None),
        ("number", &[("number", "7")], Some("/numbers/7")),
        ("number", &[("number", "-7")], None),
        ("read_number", &[("number", "7")], None),
        ("read_file", &[("file_path", "a/b")], Some("/files/a/b")),
        ("read_file", &[("file_path", "")], Some("/files/")),
        ("static", &[("path", "/lib.rs")], Some("/static/lib.rs")),
        ("static", &[], None),
        (
            "sub",
            &[("tenant", "blue"), ("path", "x")],
            Some("/blue/sub/x"),
        ),
        (
            "sub:read_item",
            &[("tenant", "blue"), ("item_id", "fork")],
            Some("/blue/sub/items/fork"),
        ),
        ("sub:number", &[("tenant", "blue"), ("number", "1")], None),
        ("openapi", &[], Some("/openapi.json")),
        ("swagger_ui_html", &[], Some("/docs")),
        ("nothing", &[], None),
    ] {
        let made = app.url_path_for(name, params);
        assert_eq!(made.as_deref().ok(), path, "{name} {params:?}");
    }
    let built = app.build();
    let params = &[("item_id", "fork")];
    let path = built.url_path_for("read_item", params);
    assert_eq!(path.as_deref(), Ok("/v1/items/fork"));
}

#[test]
fn names_below_mounts_without_a_name_are_as_they_are() {
    let app = App::new().mount("/open", inner().build());
    let path = app.url_path_for("read_item", &[("item_id", "fork")]);
    assert_eq!(path.as_deref(), Ok("/open/items/fork"));
}

#[test]
fn a_missing_name_says_what_was_asked() {
    let error = app().url_path_for("nothing", &[("a", "1"), ("b", "2")]);
    let text = error.expect_err("an error").to_string();
    assert!(
        text.contains("`nothing`") && text.contains("(a, b)"),
        "{text}"
    );
}

#[test]
fn urls_are_those_of_the_outermost_app() {
    let client = TestClient::new(app().root_path("/api")).base_url("https://shop.example");
    for asked in [
        "/url",
        "/open/url",
        "/open/deep/url",
        "/blue/sub/url",
        "/api/url",
    ] {
        let answer = client
            .get(&format!("{asked}?name=read_item&item_id=fork"))
            .send();
        let url = "https://shop.example/api/v1/items/fork";
        assert_eq!(answer.json(), url, "{asked}");
    }
    let answer = client
        .get("/blue/sub/url?name=sub:read_item&tenant=red&item_id=x")
        .send();
    let url = "https://shop.example/api/red/sub/items/x";
    assert_eq!(answer.json(), url);
}

#[test]
fn a_name_that_is_wrong_in_a_handler_is_a_fault_of_the_service() {
    let client = TestClient::new(app()).raise_server_exceptions(false);
    assert_eq!(client.get("/url?name=nothing").send().status(), 500);
}

#[get("/seen")]
async fn seen(request: Request) -> Value {
    let params: Vec<_> = request.path_params().iter().collect();
    json!({"params": params.len(), "tenant": request.path_params().get("tenant"), "base": request.base_url()})
}

#[test]
fn mounted_apps_see_the_parameters_of_their_prefix() {
    let app = App::new().mount("/{tenant}", App::new().routes(routes![seen]).build());
    let seen = TestClient::new(app).get("/blue/seen").send().json();
    assert_eq!(
        seen,
        json!({"params": 1, "tenant": "blue", "base": "http://testserver/"})
    );
}
