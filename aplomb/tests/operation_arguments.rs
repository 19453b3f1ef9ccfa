//! Where arguments come from, and what their attributes change.

#[path = "operation/call.rs"]
mod call;

use aplomb::model::Invalid;
use aplomb::prelude::*;
use call::call;

#[derive(Model)]
struct Item {
    name: String,
    #[field(gt = 0)]
    price: f64,
}

#[derive(Model)]
struct Filter {
    #[field(le = 100, default = 10)]
    limit: u32,
    q: Option<String>,
}

type Limited = Option<u32>;

fn even(number: &i64) -> Result<(), Invalid> {
    if number % 2 == 0 {
        Ok(())
    } else {
        Err(Invalid::new("not even"))
    }
}

fn shout(mut text: String) -> Result<String, Invalid> {
    text.make_ascii_uppercase();
    Ok(text)
}

fn fresh() -> String {
    "fresh".to_owned()
}

#[get("/items/{item_id}")]
async fn inferred(item_id: i64, q: Option<String>, limit: Limited) -> Value {
    json!({"item_id": item_id, "q": q, "limit": limit})
}

#[get("/said/{number}")]
async fn said(
    #[path(ge = 1, validate = even)] number: i64,
    #[query(alias = "item-query", min_length = 2, validate(shout))] q: String,
    #[query(default = 10, le = 100)] limit: u32,
    #[header] x_token: Option<String>,
    #[header(convert_underscores = false, default = "none")] strange_header: String,
    #[cookie] session: Option<String>,
) -> Value {
    json!([number, q, limit, x_token, strange_header, session])
}

#[get("/defaults")]
#[allow(clippy::too_many_arguments)]
async fn defaults(
    #[query(default = "a")] text: String,
    #[query(default = "b")] optional: Option<String>,
    #[query(default = 3)] number: f64,
    #[query(default = ["x", "y"])] list: Vec<String>,
    #[query(default)] zero: u8,
    #[query(default_with = fresh)] made: String,
    #[query(default = -5)] negative: i16,
    #[query(default = None)] none: Option<bool>,
) -> Value {
    json!([text, optional, number, list, zero, made, negative, none])
}

#[get("/group")]
async fn group(#[query] filter: Filter) -> Value {
    json!([filter.limit, filter.q])
}

#[post("/items")]
async fn whole(item: Item) -> Item {
    item
}

#[post("/embedded")]
async fn embedded(#[body(embed)] item: Item) -> Item {
    item
}

#[post("/two")]
async fn two(item: Item, filter: Filter, #[body(gt = 0)] importance: i64) -> Value {
    json!([item.name, filter.limit, importance])
}

#[post("/login")]
async fn login(#[form] username: String, #[form(min_length = 3)] password: String) -> String {
    format!("{username}:{password}")
}

#[post("/raw/{type}")]
async fn raw(r#type: String, mut item: Item, _unused: Option<bool>, _: Request) -> Item {
    item.name = r#type;
    item
}

#[get("/files/{file_path:path}")]
async fn file(file_path: String) -> String {
    file_path
}

fn app() -> App {
    App::new().routes(routes![
        inferred, said, defaults, group, whole, embedded, two, login, raw, file
    ])
}

#[tokio::test]
async fn places_are_inferred() {
    call(app(), "GET /items/7?q=x&limit=3")
        .await
        .is(200, json!({"item_id": 7, "q": "x", "limit": 3}));
    call(app(), "GET /items/7")
        .await
        .is(200, json!({"item_id": 7, "q": null, "limit": null}));
    call(app(), "GET /files/a/b.txt")
        .await
        .is(200, json!("a/b.txt"));
}

#[tokio::test]
async fn attributes_say_places_names_and_limits() {
    call(app(), "GET /said/4?item-query=ab&limit=7")
        .header("x-token", "t")
        .header("strange_header", "s")
        .header("cookie", "session=c")
        .await
        .is(200, json!([4, "AB", 7, "t", "s", "c"]));
    call(app(), "GET /said/4?item-query=ab")
        .header("x_token", "t")
        .header("strange-header", "s")
        .await
        .is(200, json!([4, "AB", 10, null, "none", null]));
}

#[tokio::test]
async fn every_problem_is_found_at_once() {
    let answer = call(app(), "GET /said/0?limit=101").await;
    assert_eq!(
        answer.problems(),
        [
            "greater_than_equal path.number",
            "missing query.item-query",
            "less_than_equal query.limit",
        ]
    );
    let answer = call(app(), "GET /said/3?item-query=x").await;
    assert_eq!(
        answer.problems(),
        [
            "value_error path.number",
            "string_too_short query.item-query",
        ]
    );
}

#[tokio::test]
async fn defaults_stand_for_what_is_absent() {
    call(app(), "GET /defaults").await.is(
        200,
        json!(["a", "b", 3.0, ["x", "y"], 0, "fresh", -5, null]),
    );
    call(
        app(),
        "GET /defaults?text=t&optional=o&number=1.5&list=l&zero=1&made=m&negative=-1&none=true",
    )
    .await
    .is(200, json!(["t", "o", 1.5, ["l"], 1, "m", -1, true]));
}

#[tokio::test]
async fn a_model_in_the_query_is_a_group() {
    call(app(), "GET /group").await.is(200, json!([10, null]));
    call(app(), "GET /group?limit=5&q=x")
        .await
        .is(200, json!([5, "x"]));
    let answer = call(app(), "GET /group?limit=500").await;
    assert_eq!(answer.problems(), ["less_than_equal query.limit"]);
}

#[tokio::test]
async fn bodies_are_whole_or_keyed() {
    let item = json!({"name": "a", "price": 1.5});
    call(app(), "POST /items")
        .json(&item)
        .await
        .is(200, item.clone());
    call(app(), "POST /embedded")
        .json(&json!({"item": item}))
        .await
        .is(200, item.clone());
    call(app(), "POST /two")
        .json(&json!({"item": item, "filter": {}, "importance": 2}))
        .await
        .is(200, json!(["a", 10, 2]));
    let answer = call(app(), "POST /two")
        .json(&json!({"filter": {}, "importance": 0}))
        .await;
    assert_eq!(
        answer.problems(),
        ["missing body.item", "greater_than body.importance"]
    );
    call(app(), "POST /raw/word")
        .json(&item)
        .await
        .is(200, json!({"name": "word", "price": 1.5}));
}

#[tokio::test]
async fn forms_are_read_by_field() {
    call(app(), "POST /login")
        .form("username=ann&password=secret")
        .await
        .is(200, json!("ann:secret"));
    let answer = call(app(), "POST /login")
        .form("username=&password=x")
        .await;
    assert_eq!(
        answer.problems(),
        ["missing body.username", "string_too_short body.password"]
    );
}

mod inherited {
    use aplomb::prelude::*;
    use aplomb::testing::TestClient;

    #[dependency]
    async fn numbered(item_id: i64, q: Option<String>) -> (i64, Option<String>) {
        (item_id, q)
    }

    #[get("/items/{item_id}")]
    async fn named_in_the_path(given: Depends<numbered>) -> (i64, Option<String>) {
        given.into_inner()
    }

    #[get("/items")]
    async fn named_nowhere(given: Depends<numbered>) -> (i64, Option<String>) {
        given.into_inner()
    }

    #[test]
    fn a_dependency_takes_from_the_path_what_the_path_names() {
        let app = App::new().routes(routes![named_in_the_path, named_nowhere]);
        let document = app.openapi();
        let place = |path: &str| document["paths"][path]["get"]["parameters"][0]["in"].clone();
        assert_eq!(place("/items/{item_id}"), "path");
        assert_eq!(place("/items"), "query");
        let client = TestClient::new(app);
        assert_eq!(
            client.get("/items/7?q=x&item_id=8").send().json(),
            json!([7, "x"])
        );
        assert_eq!(
            client.get("/items?item_id=8").send().json(),
            json!([8, null])
        );
        let wrong = client.get("/items/x").send().json();
        assert_eq!(wrong["detail"][0]["loc"], json!(["path", "item_id"]));
    }
}
