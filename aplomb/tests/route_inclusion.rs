//! Routers in routers: what they hand down, and which route answers.

#[path = "observe/start.rs"]
mod start;

use aplomb::prelude::*;
use aplomb::testing::TestClient;
use start::told_by;

#[derive(Model)]
struct Item {
    name: String,
}

#[post("{$callback_url}/inner")]
async fn inner_callback() {}

#[post("{$callback_url}/outer")]
async fn outer_callback() {}

#[post("{$callback_url}/app")]
async fn app_callback() {}

#[get("/items", tags("own"), callbacks(inner_callback))]
async fn read_items() -> Value {
    json!([])
}

#[post("/items", operation_id = "chosen")]
async fn create_item(item: Item) -> Value {
    json!(item)
}

fn items() -> Router {
    Router::new()
        .prefix("/shop")
        .tags(["inner"])
        .response(404, "inner")
        .response(409, "inner")
        .callbacks(routes![outer_callback])
        .routes(routes![read_items, create_item])
}

fn app() -> App {
    let old = Router::new()
        .prefix("/old")
        .tags(["outer"])
        .response(404, "outer")
        .response(410, "outer")
        .deprecated(true)
        .generate_unique_id(|route| format!("old-{}", route.name()))
        .include(items());
    App::new()
        .response(500, "app")
        .callbacks(routes![app_callback])
        .include(old)
        .include(Router::new().prefix("/new").include(items()))
}

#[test]
fn routers_hand_down_what_they_say() {
    let document = app().openapi();
    let old = &document["paths"]["/old/shop/items"]["get"];
    assert_eq!(old["tags"], json!(["outer", "inner", "own"]));
    assert_eq!(old["deprecated"], true);
    assert_eq!(old["operationId"], "old-read_items");
    let responses = &old["responses"];
    assert_eq!(responses["404"]["description"], "inner");
    assert_eq!(responses["409"]["description"], "inner");
    assert_eq!(responses["410"]["description"], "outer");
    assert_eq!(responses["500"]["description"], "app");
    let callbacks = old["callbacks"].as_object().expect("callbacks");
    let names: Vec<&String> = callbacks.keys().collect();
    assert_eq!(names, ["app_callback", "outer_callback", "inner_callback"]);
    let expression = "{$callback_url}/outer";
    let callback = &old["callbacks"]["outer_callback"][expression]["post"];
    assert_eq!(callback["summary"], "Outer Callback");
}

#[test]
fn one_router_may_stand_at_several_places() {
    let document = app().openapi();
    let new = &document["paths"]["/new/shop/items"];
    assert_eq!(new["get"]["tags"], json!(["inner", "own"]));
    assert!(new["get"]["deprecated"].is_null());
    assert_eq!(new["get"]["operationId"], "read_items_new_shop_items_get");
    assert_eq!(new["post"]["operationId"], "chosen");
    let client = TestClient::new(app());
    client
        .get("/old/shop/items")
        .send()
        .assert_json(200, json!([]));
    client
        .get("/new/shop/items")
        .send()
        .assert_json(200, json!([]));
}

#[get("/{number:int}")]
async fn by_number(number: i64) -> Value {
    json!({"number": number})
}

#[get("/{share:float}")]
async fn by_share(share: f64) -> Value {
    json!({"share": share})
}

#[get("/{first}-{second}")]
async fn by_pair(first: String, second: String) -> Value {
    json!([first, second])
}

#[post("/{name}")]
async fn rename(name: String) -> Value {
    json!({"renamed": name})
}

#[get("/{name}")]
async fn by_name(name: String) -> Value {
    json!({"name": name})
}

#[get("/files/{file:path}")]
async fn by_file(file: String) -> Value {
    json!({"file": file})
}

#[test]
fn the_first_route_that_matches_in_full_answers() {
    let routes = routes![by_number, by_share, by_pair, rename, by_name, by_file];
    let client = TestClient::new(App::new().routes(routes));
    let get = |path: &str| client.get(path).send().json();
    assert_eq!(get("/5"), json!({"number": 5}));
    assert_eq!(get("/5.25"), json!({"share": 5.25}));
    assert_eq!(get("/a-b-c"), json!(["a-b", "c"]));
    // `rename` has the path as well, but not the method.
    assert_eq!(get("/anna"), json!({"name": "anna"}));
    assert_eq!(get("/files/a/b.txt"), json!({"file": "a/b.txt"}));
    let refused = client.post("/files/a").send();
    refused.assert_json(405, json!({"detail": "Method Not Allowed"}));
    refused.assert_header("allow", "GET");
}

#[get("/shop/items")]
async fn read_others() -> Value {
    json!(["others"])
}

#[get("/items/{id}")]
async fn read_item(id: String) -> Value {
    json!({"id": id})
}

#[route("/items/me", methods = ["GET", "POST"])]
async fn read_me() -> Value {
    json!("me")
}

#[websocket("/talk/{room}")]
async fn talk(socket: WebSocket, room: String) -> Result<()> {
    drop((socket, room));
    Ok(())
}

#[websocket("/talk/lobby")]
async fn talk_in_lobby(socket: WebSocket) -> Result<()> {
    drop(socket);
    Ok(())
}

#[get("/docs")]
async fn read_docs() {}

#[test]
fn a_route_that_no_request_reaches_is_told_of_at_the_start() {
    let inside = App::new().routes(routes![read_items]);
    for (app, words) in [
        (
            App::new().include(items()).routes(routes![read_others]),
            vec![
                "a route that no request reaches; the first at this path is served",
                "method=\"GET\" path=/shop/items never=\"read_others (",
                "served=\"read_items (",
                "route_inclusion.rs:",
            ],
        ),
        (
            App::new().routes(routes![read_item, read_me]),
            vec![
                "a route that no request by GET reaches; declare it before the one that is served",
                "method=\"GET\" path=/items/me never=\"read_me (",
                "served=\"read_item (",
                "at=/items/{id}",
            ],
        ),
        (
            App::new().routes(routes![talk, talk_in_lobby]),
            vec!["path=/talk/lobby never=\"talk_in_lobby ("],
        ),
        (
            App::new()
                .mount("/shop", inside.build())
                .routes(routes![read_others]),
            vec!["method=\"GET\" path=/shop/items", "the mount at /shop"],
        ),
        (
            App::new().routes(routes![read_docs]),
            vec!["path=/docs never=\"read_docs (", "a page of the framework"],
        ),
    ] {
        let told = told_by(app);
        assert_eq!(told.lines().count(), 1, "{told}");
        assert!(told.contains("WARN"), "{told}");
        for words in words {
            assert!(told.contains(words), "{words} in {told}");
        }
    }
    // The first wins, as in FastAPI.
    let client = TestClient::new(App::new().routes(routes![read_item, read_me]));
    client
        .get("/items/me")
        .send()
        .assert_json(200, json!({"id": "me"}));
    client
        .post("/items/me")
        .send()
        .assert_json(200, json!("me"));
}

#[test]
fn routes_that_are_reached_are_not_told_of() {
    let app = App::new()
        .routes(routes![read_me, read_item, talk_in_lobby, talk])
        .include(items())
        .routes(routes![
            by_number, by_share, by_pair, rename, by_name, by_file
        ]);
    assert_eq!(told_by(app), "");
}

#[test]
fn the_nearest_word_about_content_types_counts() {
    let lax = || Router::new().strict_content_type(false);
    let strict = || Router::new().strict_content_type(true);
    let create = || routes![create_item];
    let app = App::new()
        .strict_content_type(false)
        .include(Router::new().prefix("/inherits").routes(create()))
        .include(strict().prefix("/strict").routes(create()))
        .include(strict().prefix("/nested").include(lax().routes(create())));
    let client = TestClient::new(app);
    for (path, status) in [("/inherits", 200), ("/strict", 422), ("/nested", 200)] {
        let request = client.post(&format!("{path}/items"));
        request
            .body(r#"{"name": "fork"}"#)
            .send()
            .assert_status(status);
    }
}
