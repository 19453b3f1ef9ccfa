//! Defaults, choices between names, null and what is no JSON, in parameters and in fields.

use std::sync::atomic::{AtomicUsize, Ordering};

use aplomb::model::Json;
use aplomb::prelude::*;
use aplomb::testing::TestClient;

fn double(value: Option<i64>) -> Result<Option<i64>, Invalid> {
    Ok(Some(value.map_or(0, |value| value * 2)))
}

mod checked_defaults {
    use super::*;

    #[get("/parameter")]
    async fn parameter(#[query(default = 10, validate = double)] value: Option<i64>) -> Value {
        json!(value)
    }

    #[get("/checked")]
    async fn checked(
        #[query(default = 10, validate_default, validate = double)] value: Option<i64>,
        #[header(default = None, validate_default, validate = double)] other: Option<i64>,
    ) -> Value {
        json!([value, other])
    }

    #[get("/wrong")]
    async fn wrong(#[query(default = -1, gt = 0, validate_default)] value: i64) -> Value {
        json!(value)
    }

    #[post("/body")]
    async fn body(
        #[query(default = -1, gt = 0, validate_default)] count: i64,
        #[body(default, min_length = 1, validate_default)] values: Vec<i64>,
    ) -> Value {
        json!({"count": count, "values": values})
    }

    #[derive(Model)]
    struct Fields {
        #[field(default = 10, validate = double)]
        plain: Option<i64>,
        #[field(default = 10, validate_default, validate = double)]
        checked: Option<i64>,
    }

    #[post("/fields")]
    async fn fields(fields: Fields) -> Value {
        json!(fields)
    }

    #[get("/group")]
    async fn group(#[query] fields: Fields) -> Value {
        json!(fields)
    }

    static MADE: AtomicUsize = AtomicUsize::new(0);

    fn make() -> i64 {
        MADE.fetch_add(1, Ordering::SeqCst);
        5
    }

    #[get("/made")]
    async fn made(#[query(default_with = make, validate_default)] value: i64) -> Value {
        json!(value)
    }

    fn client() -> TestClient {
        let routes = routes![parameter, checked, wrong, body, fields, group, made];
        TestClient::new(App::new().routes(routes))
    }

    #[test]
    fn are_left_alone_unless_asked_for() {
        let client = client();
        let get = |url: &str| client.get(url).send().json();
        assert_eq!(get("/parameter"), 10);
        assert_eq!(get("/parameter?value=10"), 20);
        assert_eq!(get("/checked"), json!([20, 0]));
        assert_eq!(get("/checked?value=1"), json!([2, 0]));
        assert_eq!(get("/group"), json!({"plain": 10, "checked": 20}));
        let answer = client.post("/fields").json(&json!({})).send();
        answer.assert_json(200, json!({"plain": 10, "checked": 20}));
        let answer = client
            .post("/fields")
            .json(&json!({"plain": 1, "checked": null}))
            .send();
        answer.assert_json(200, json!({"plain": 2, "checked": 0}));
    }

    #[test]
    fn are_refused_when_they_do_not_fit() {
        let client = client();
        let refused = json!({"detail": [{
            "type": "greater_than", "loc": ["query", "value"],
            "msg": "Input should be greater than 0", "input": -1, "ctx": {"gt": 0},
        }]});
        client.get("/wrong").send().assert_json(422, refused);
        client
            .get("/wrong?value=1")
            .send()
            .assert_json(200, json!(1));
        let refused = json!({"detail": [
            {
                "type": "greater_than", "loc": ["query", "count"],
                "msg": "Input should be greater than 0", "input": -1, "ctx": {"gt": 0},
            },
            {
                "type": "too_short", "loc": ["body"],
                "msg": "List should have at least 1 item after validation, not 0", "input": [],
                "ctx": {"field_type": "List", "min_length": 1, "actual_length": 0},
            },
        ]});
        client.post("/body").send().assert_json(422, refused);
        let answer = client.post("/body?count=2").json(&json!([1, 2])).send();
        answer.assert_json(200, json!({"count": 2, "values": [1, 2]}));
    }

    #[test]
    fn are_made_when_needed() {
        let client = client();
        assert_eq!(MADE.load(Ordering::SeqCst), 0);
        assert_eq!(client.get("/made?value=1").send().json(), 1);
        assert_eq!(MADE.load(Ordering::SeqCst), 0);
        assert_eq!(client.get("/made").send().json(), 5);
        assert_eq!(MADE.load(Ordering::SeqCst), 1);
    }
}

mod null {
    use super::*;

    #[derive(Model)]
    struct Item {
        #[field(default = 1)]
        a: i64,
    }

    #[post("/whole")]
    async fn whole(item: Item) -> Value {
        json!(item)
    }

    #[post("/optional")]
    async fn optional(item: Option<Item>) -> Value {
        json!(item)
    }

    #[post("/default")]
    async fn with_default(#[body(default = Some(Item { a: 7 }))] item: Option<Item>) -> Value {
        json!(item)
    }

    #[post("/embedded")]
    async fn embedded(#[body(embed, default = 5)] m: Option<i64>) -> Value {
        json!({"m": m})
    }

    #[post("/required")]
    async fn required(#[body(embed, required)] m: Option<i64>) -> Value {
        json!({"m": m})
    }

    #[post("/number")]
    async fn number(#[body(embed, default = 5)] m: i64) -> Value {
        json!({"m": m})
    }

    /// Sends a body as JSON; the answer in short.
    fn answer(path: &str, body: &'static str) -> String {
        send(path, body, "application/json")
    }

    fn send(path: &str, body: &'static str, content_type: &str) -> String {
        let routes = routes![whole, optional, with_default, embedded, required, number];
        let client = TestClient::new(App::new().routes(routes));
        let request = client.post(path).header("content-type", content_type);
        let answer = request.body(body).send();
        match answer.status() {
            200 => answer.text().into_owned(),
            _ => format!(
                "{} {}",
                answer.json()["detail"][0]["type"],
                answer.json()["detail"][0]["loc"]
            ),
        }
    }

    const NO_MODEL: &str = "\"model_attributes_type\" [\"body\"]";
    const MISSING: &str = "\"missing\" [\"body\",\"m\"]";

    #[test]
    fn is_no_absence() {
        assert_eq!(answer("/whole", "null"), NO_MODEL);
        assert_eq!(answer("/whole", ""), "\"missing\" [\"body\"]");
        assert_eq!(answer("/optional", "null"), "null");
        assert_eq!(answer("/optional", ""), "null");
        assert_eq!(answer("/default", "null"), "null");
        assert_eq!(answer("/default", ""), r#"{"a":7}"#);
        assert_eq!(answer("/embedded", r#"{"m":null}"#), r#"{"m":null}"#);
        assert_eq!(answer("/embedded", "{}"), r#"{"m":5}"#);
        assert_eq!(answer("/embedded", ""), r#"{"m":5}"#);
        assert_eq!(answer("/required", r#"{"m":null}"#), r#"{"m":null}"#);
        assert_eq!(answer("/required", "{}"), MISSING);
        assert_eq!(
            answer("/number", r#"{"m":null}"#),
            "\"int_type\" [\"body\",\"m\"]"
        );
    }

    #[test]
    fn what_has_no_parts_has_no_defaults_either() {
        for body in ["null", "[]", "\"x\"", "1"] {
            assert_eq!(answer("/embedded", body), MISSING, "{body}");
            assert_eq!(answer("/number", body), MISSING, "{body}");
        }
        assert_eq!(send("/embedded", "{}", "text/plain"), r#"{"m":5}"#);
        assert_eq!(send("/required", "{}", "text/plain"), MISSING);
        assert_eq!(send("/whole", "{}", "text/plain"), NO_MODEL);
    }
}

mod choices {
    use super::*;

    #[get("/individual")]
    async fn individual(
        #[query(alias = "ignored", validation_alias("first", "second"))] value: i64,
        #[query(validation_alias("item", "tag"), default = ["default"])] items: Vec<String>,
    ) -> Value {
        json!({"value": value, "items": items})
    }

    #[derive(Model)]
    struct Choices {
        #[field(alias = "ignored", validation_alias("first", "second"))]
        value: i64,
        #[field(validation_alias("item", "tag"), default = vec!["default".to_owned()])]
        items: Vec<String>,
    }

    #[get("/model")]
    async fn model(#[query] data: Choices) -> Value {
        json!({"value": data.value, "items": data.items})
    }

    #[get("/headers")]
    async fn headers(#[header] data: Choices) -> Choices {
        data
    }

    #[derive(Model)]
    #[model(extra = "forbid")]
    struct Closed {
        #[field(validation_alias("first", "second"))]
        value: i64,
    }

    #[get("/closed")]
    async fn closed(#[query] data: Closed) -> Closed {
        data
    }

    #[derive(Model)]
    struct Shared {
        #[field(validation_alias("names", "legacy"))]
        names: Vec<String>,
        #[field(validation_alias("text", "legacy"))]
        text: String,
    }

    #[get("/shared")]
    async fn shared(#[query] data: Shared) -> Value {
        json!({"names": data.names, "text": data.text})
    }

    #[derive(Model)]
    #[model(populate_by_name)]
    struct Named {
        #[field(alias = "item")]
        items: Vec<i64>,
    }

    #[get("/named")]
    async fn named(#[query] data: Named) -> Value {
        json!(data.items)
    }

    fn client() -> TestClient {
        let routes = routes![individual, model, headers, closed, shared, named];
        TestClient::new(App::new().routes(routes))
    }

    #[test]
    fn are_taken_in_the_order_of_the_code() {
        let client = client();
        for path in ["/individual", "/model"] {
            let get = |query: &str| client.get(&format!("{path}?{query}")).send().json();
            assert_eq!(get("first=1"), json!({"value": 1, "items": ["default"]}));
            assert_eq!(
                get("second=1&second=2"),
                json!({"value": 2, "items": ["default"]})
            );
            assert_eq!(
                get("second=2&first=1&tag=ignored&item=one&item=two"),
                json!({"value": 1, "items": ["one", "two"]})
            );
            for (query, name, input) in [
                ("first=x&second=2", "first", "x"),
                ("first=&second=2", "first", ""),
                ("second=x", "second", "x"),
            ] {
                let problem = &get(query)["detail"][0];
                assert_eq!(problem["loc"], json!(["query", name]), "{query}");
                assert_eq!(problem["input"], input);
            }
        }
        let answer = client.get("/headers").header("second", "1").send();
        answer.assert_json(200, json!({"ignored": 1, "items": ["default"]}));
    }

    #[test]
    fn that_are_not_used_are_other_names() {
        let client = client();
        client
            .get("/closed?second=1")
            .send()
            .assert_json(200, json!({"value": 1}));
        let answer = client.get("/closed?first=1&second=2").send();
        let problem = json!({"detail": [{
            "type": "extra_forbidden", "loc": ["query", "second"],
            "msg": "Extra inputs are not permitted", "input": "2",
        }]});
        answer.assert_json(422, problem);
        let answer = client
            .get("/shared?legacy=one&legacy=two&text=hello")
            .send();
        answer.assert_json(200, json!({"names": ["one", "two"], "text": "hello"}));
    }

    #[test]
    fn end_with_the_name_in_the_code() {
        let client = client();
        client
            .get("/named?items=1")
            .send()
            .assert_json(200, json!([1]));
        client
            .get("/named?items=1&item=2")
            .send()
            .assert_json(200, json!([2]));
        let answer = client.get("/named?items=x").send();
        assert_eq!(
            answer.json()["detail"][0]["loc"],
            json!(["query", "items", 0])
        );
    }
}

mod lists {
    use super::*;

    #[get("/all")]
    async fn all(#[query] value: Vec<i64>) -> Value {
        json!(value)
    }

    #[get("/first")]
    async fn first(#[query(fail_fast)] value: Vec<i64>) -> Value {
        json!(value)
    }

    #[get("/cookie")]
    async fn cookie(#[cookie] value: Vec<String>) -> Value {
        json!(value)
    }

    #[get("/json")]
    async fn json(#[query] value: Json<Vec<String>>) -> Value {
        json!(value.0)
    }

    fn client() -> TestClient {
        TestClient::new(App::new().routes(routes![all, first, cookie, json]))
    }

    #[test]
    fn stop_at_the_first_wrong_item_if_told_to() {
        let count = |path: &str| {
            let answer = client().get(&format!("{path}?value=x&value=y")).send();
            answer.json()["detail"].as_array().map(<[Value]>::len)
        };
        assert_eq!((count("/all"), count("/first")), (Some(2), Some(1)));
        assert_eq!(
            client().get("/first?value=1&value=2").send().json(),
            json!([1, 2])
        );
    }

    #[test]
    fn are_no_cookies() {
        let answer = client().get("/cookie").cookie("value", "a").send();
        assert_eq!(answer.json()["detail"][0]["type"], "list_type");
    }

    #[test]
    fn may_be_json_in_a_query() {
        let answer = client()
            .get("/json")
            .query([("value", r#"["a","b"]"#)])
            .send();
        answer.assert_json(200, json!(["a", "b"]));
    }
}
