//! Validators that run before a field is read, as Pydantic's `mode="before"` answered.

use aplomb::prelude::*;
use aplomb::testing::TestClient;

// `code` is trimmed and refuses what is no text in two ways; `tags` may be one text; an empty
// `count` is none.
#[derive(Model)]
struct Parcel {
    #[field(min_length = 3, validate_before = trim, validate = known)]
    code: String,
    #[field(default, max_items = 2, validate_before = split)]
    tags: Vec<String>,
    #[field(validate_before = empty_is_none)]
    count: Option<i64>,
}

fn trim(value: Value) -> Result<Value, Invalid> {
    match value {
        Value::String(text) => Ok(text.trim().into()),
        Value::Bool(_) => Err("no yes or no here".into()),
        Value::Array(_) => Err(Invalid::assertion("a list")),
        other => Ok(other),
    }
}

fn known(code: &str) -> Result<(), &'static str> {
    if code == "bad" {
        Err("bad code")
    } else {
        Ok(())
    }
}

fn split(value: Value) -> Value {
    match value.as_str() {
        Some(text) => json!(text.split(',').collect::<Vec<_>>()),
        None => value,
    }
}

fn empty_is_none(value: Value) -> Value {
    match value.as_str() {
        Some("") => Value::Null,
        _ => value,
    }
}

#[derive(Model)]
struct Parcels {
    items: Vec<Parcel>,
}

#[derive(Model)]
struct Checked {
    #[field(default = " abc ", validate_default, validate_before = trim)]
    code: String,
}

#[derive(Model)]
struct Several {
    #[field(validate_before(second, first))]
    n: i64,
}

fn first(value: Value) -> Result<Value, &'static str> {
    match value.as_str() {
        Some("one") => Err("first saw one"),
        Some("two") => Ok("one".into()),
        _ => Ok(value),
    }
}

fn second(value: Value) -> Result<Value, &'static str> {
    match value.as_str() {
        Some("one") => Err("second saw one"),
        Some("three") => Ok("two".into()),
        _ => Ok(value),
    }
}

#[derive(Model)]
struct Trimmed(#[field(min_length = 3, validate_before = trim, validate = known)] String);

#[post("/parcel")]
async fn parcel(parcel: Parcel) -> Parcel {
    parcel
}

#[post("/parcels")]
async fn parcels(parcels: Parcels) -> Parcels {
    parcels
}

#[post("/checked")]
async fn checked(it: Checked) -> Checked {
    it
}

#[post("/several")]
async fn several(it: Several) -> Several {
    it
}

#[post("/trimmed")]
async fn trimmed(#[body] code: Trimmed) -> Trimmed {
    code
}

#[get("/search")]
async fn search(code: Trimmed) -> Trimmed {
    code
}

#[post("/form")]
async fn form(#[form] parcel: Parcel) -> Parcel {
    parcel
}

fn app() -> App {
    App::new().routes(routes![
        parcel, parcels, checked, several, trimmed, search, form
    ])
}

/// Sends bodies, and checks the values or the problems that they are answered with.
#[track_caller]
fn check(path: &str, cases: &[(Value, u16, Value)]) {
    let client = TestClient::new(app());
    for (sent, status, answer) in cases {
        let answer = match status {
            200 => answer.clone(),
            _ => json!({"detail": [answer]}),
        };
        let sent = client.post(path).json(sent).send();
        sent.assert_json(*status, answer);
    }
}

#[test]
fn a_value_is_changed_or_refused_before_it_is_read() {
    check(
        "/parcel",
        &[
            (
                json!({"code": " ab1 "}),
                200,
                json!({"code": "ab1", "tags": [], "count": null}),
            ),
            (
                json!({"code": " a "}),
                422,
                json!({"type": "string_too_short", "loc": ["body", "code"], "msg": "String should have at least 3 characters", "input": "a", "ctx": {"min_length": 3}}),
            ),
            (
                json!({"code": true}),
                422,
                json!({"type": "value_error", "loc": ["body", "code"], "msg": "Value error, no yes or no here", "input": true, "ctx": {"error": {}}}),
            ),
            (
                json!({"code": [1]}),
                422,
                json!({"type": "assertion_error", "loc": ["body", "code"], "msg": "Assertion failed, a list", "input": [1], "ctx": {"error": {}}}),
            ),
            (
                json!({"code": 5}),
                422,
                json!({"type": "string_type", "loc": ["body", "code"], "msg": "Input should be a valid string", "input": 5}),
            ),
            (
                json!({"code": " bad "}),
                422,
                json!({"type": "value_error", "loc": ["body", "code"], "msg": "Value error, bad code", "input": " bad ", "ctx": {"error": {}}}),
            ),
            (
                json!({}),
                422,
                json!({"type": "missing", "loc": ["body", "code"], "msg": "Field required", "input": {}}),
            ),
            (
                json!({"code": "abc", "tags": "a,b"}),
                200,
                json!({"code": "abc", "tags": ["a", "b"], "count": null}),
            ),
            (
                json!({"code": "abc", "tags": "a,b,c"}),
                422,
                json!({"type": "too_long", "loc": ["body", "tags"], "msg": "List should have at most 2 items after validation, not 3", "input": ["a", "b", "c"], "ctx": {"field_type": "List", "max_length": 2, "actual_length": 3}}),
            ),
            (
                json!({"code": "abc", "count": ""}),
                200,
                json!({"code": "abc", "tags": [], "count": null}),
            ),
            (
                json!({"code": "abc", "count": "7"}),
                200,
                json!({"code": "abc", "tags": [], "count": 7}),
            ),
            (
                json!({"code": "abc", "count": "x"}),
                422,
                json!({"type": "int_parsing", "loc": ["body", "count"], "msg": "Input should be a valid integer, unable to parse string as an integer", "input": "x"}),
            ),
        ],
    );
    let items = json!({"items": [{"code": " abc "}, {"code": true}]});
    let problem = json!({"type": "value_error", "loc": ["body", "items", 1, "code"], "msg": "Value error, no yes or no here", "input": true, "ctx": {"error": {}}});
    check("/parcels", &[(items, 422, problem)]);
}

#[test]
fn a_default_that_is_checked_is_changed_too() {
    check(
        "/checked",
        &[
            (json!({}), 200, json!({"code": "abc"})),
            (json!({"code": " x "}), 200, json!({"code": "x"})),
        ],
    );
}

/// Pydantic runs the one that stands last first; here they run in order.
#[test]
fn several_run_in_order_and_each_is_told_of_what_it_saw() {
    let not_a_number = json!({"type": "int_parsing", "loc": ["body", "n"], "msg": "Input should be a valid integer, unable to parse string as an integer", "input": "one"});
    check(
        "/several",
        &[
            (
                json!({"n": "one"}),
                422,
                json!({"type": "value_error", "loc": ["body", "n"], "msg": "Value error, second saw one", "input": "one", "ctx": {"error": {}}}),
            ),
            (json!({"n": "two"}), 422, not_a_number.clone()),
            (json!({"n": "three"}), 422, not_a_number),
            (json!({"n": 5}), 200, json!({"n": 5})),
        ],
    );
}

#[test]
fn a_type_of_its_own_has_them_too() {
    check(
        "/trimmed",
        &[
            (json!(" ab1 "), 200, json!("ab1")),
            (
                json!(" a "),
                422,
                json!({"type": "string_too_short", "loc": ["body"], "msg": "String should have at least 3 characters", "input": "a", "ctx": {"min_length": 3}}),
            ),
            (
                json!(" bad "),
                422,
                json!({"type": "value_error", "loc": ["body"], "msg": "Value error, bad code", "input": " bad ", "ctx": {"error": {}}}),
            ),
        ],
    );
}

#[test]
fn parameters_of_such_a_type_have_them_too() {
    let client = TestClient::new(app());
    let found = client.get("/search?code=%20ab1%20").send();
    found.assert_json(200, json!("ab1"));
    client.get("/search?code=%20a%20").send().assert_status(422);
}

#[test]
fn fields_of_forms_are_changed_before_they_are_read() {
    let client = TestClient::new(app());
    let sent = client
        .post("/form")
        .form([("code", " ab1 "), ("tags", "a"), ("count", "7")]);
    sent.send()
        .assert_json(200, json!({"code": "ab1", "tags": ["a"], "count": 7}));
}

#[test]
fn the_document_shows_what_is_read_after_them() {
    let document = app().openapi();
    assert_eq!(
        document["components"]["schemas"]["Parcel"],
        json!({
            "properties": {
                "code": {"type": "string", "minLength": 3, "title": "Code"},
                "tags": {"items": {"type": "string"}, "type": "array", "maxItems": 2, "title": "Tags", "default": []},
                "count": {"anyOf": [{"type": "integer"}, {"type": "null"}], "title": "Count"},
            },
            "type": "object",
            "required": ["code"],
            "title": "Parcel",
        })
    );
}
