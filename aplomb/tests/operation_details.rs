//! What the attribute of an operation changes: its answer and its entry in the document.

#![allow(
    clippy::needless_pass_by_value,
    reason = "handlers own their arguments"
)]

#[path = "operation/call.rs"]
mod call;

use std::sync::Mutex;
use std::time::Duration;

use aplomb::prelude::*;
use call::call;

/// How long a function waits for what should come at once.
const PATIENCE: Duration = Duration::from_secs(30);

const SHELVES: &str = "shelves";
const CREATED: u16 = 201;

#[derive(Model, Clone)]
struct Secretive {
    #[field(alias = "fullName")]
    name: String,
    password: String,
    note: Option<String>,
}

#[derive(Model)]
struct Public {
    #[field(alias = "fullName")]
    name: String,
    note: Option<String>,
}

#[derive(Model)]
struct Message {
    text: String,
}

fn ann() -> Secretive {
    Secretive {
        name: "Ann".to_owned(),
        password: "secret".to_owned(),
        note: None,
    }
}

/// Adds a shelf.
///
/// It is empty then.
#[post("/shelves", status = CREATED, tags(SHELVES, "new"), response_description = "The shelf")]
async fn create_shelf() -> String {
    "a shelf".to_owned()
}

#[get("/public", response_model = Public)]
async fn public() -> Secretive {
    ann()
}

#[get("/public-result", response_model = Public, response_model_exclude_none)]
async fn public_result() -> Result<Secretive> {
    Ok(ann())
}

#[get(
    "/names",
    response_model_include("name"),
    response_model_by_alias = false
)]
async fn names() -> Secretive {
    ann()
}

#[get("/rest", response_model_exclude("password", "note"))]
async fn rest() -> Secretive {
    ann()
}

#[get("/bypass", response_model = Public)]
async fn bypass() -> Response {
    Response::text("as it is")
}

#[get("/unlike", response_model = Message)]
async fn unlike() -> Secretive {
    ann()
}

/// Shown.
#[doc = "\u{c}"]
/// Not shown.
#[get(
    "/documented",
    summary = "Documented in full",
    operation_id = "documented_once",
    deprecated,
    responses(
        404 = "No such thing",
        409 = (Message, "Taken", {"headers": {"x-a": {"schema": {"type": "string"}}}}),
        "5XX" = {"description": "Anything"},
        default = "Else",
    ),
    openapi_extra = {"x-audience": "staff"}
)]
async fn documented(
    /// Looks for this.
    #[query(
        title = "Text",
        examples = ["a", "b"],
        openapi_examples = {"plain": {"value": "a"}},
        deprecated,
        max_length = 5
    )]
    q: Option<String>,
    #[query(include_in_schema = false)] hidden: Option<String>,
) -> Value {
    json!([q, hidden])
}

#[get("/hidden", include_in_schema = false)]
async fn hidden() -> String {
    "here".to_owned()
}

#[deprecated]
#[get("/old", name = "ancient")]
async fn old() -> String {
    String::new()
}

/// A question to another task, and the answer.
struct Conversation {
    question: tokio::sync::mpsc::Sender<String>,
    answer: Mutex<std::sync::mpsc::Receiver<String>>,
}

#[get("/ask")]
fn ask(q: String, other: State<Conversation>) -> Result<String> {
    other.question.blocking_send(q)?;
    let answer = other.answer.lock().expect("one asks at a time");
    Ok(answer.recv_timeout(PATIENCE)?)
}

#[get("/panic")]
fn panics() -> String {
    panic!("the handler panics")
}

fn app() -> App {
    App::new().routes(routes![
        create_shelf,
        public,
        public_result,
        names,
        rest,
        bypass,
        unlike,
        documented,
        hidden,
        old
    ])
}

fn document() -> Value {
    app().openapi()
}

#[tokio::test]
async fn the_status_may_be_a_constant() {
    call(app(), "POST /shelves").await.is(201, json!("a shelf"));
}

#[tokio::test]
async fn a_response_model_keeps_its_own_fields() {
    let public = json!({"fullName": "Ann", "note": null});
    call(app(), "GET /public").await.is(200, public);
    let without_none = json!({"fullName": "Ann"});
    call(app(), "GET /public-result")
        .await
        .is(200, without_none);
    assert_eq!(call(app(), "GET /bypass").await.body, "as it is");
    assert_eq!(call(app(), "GET /unlike").await.status, 500);
}

#[tokio::test]
async fn fields_are_chosen_by_name() {
    call(app(), "GET /names")
        .await
        .is(200, json!({"name": "Ann"}));
    call(app(), "GET /rest")
        .await
        .is(200, json!({"fullName": "Ann"}));
}

#[tokio::test]
async fn a_plain_function_may_block() {
    let (question, mut questions) = tokio::sync::mpsc::channel(1);
    let (answers, answer) = std::sync::mpsc::channel();
    // On the only thread of this runtime, which the function must leave free.
    tokio::spawn(async move {
        while let Some(question) = questions.recv().await {
            let _ = answers.send(format!("{question}!"));
        }
    });
    let conversation = Conversation {
        question,
        answer: Mutex::new(answer),
    };
    let app = App::new().state(conversation).routes(routes![ask]);
    call(app, "GET /ask?q=x").await.is(200, json!("x!"));
}

#[tokio::test]
#[should_panic = "the handler panics"]
async fn a_panic_of_a_plain_function_goes_on() {
    call(App::new().routes(routes![panics]), "GET /panic").await;
}

#[tokio::test]
async fn a_hidden_operation_answers() {
    call(app(), "GET /hidden").await.is(200, json!("here"));
    assert!(document()["paths"].get("/hidden").is_none());
}

#[test]
fn the_document_says_what_the_attribute_says() {
    let document = document();
    let shelf = &document["paths"]["/shelves"]["post"];
    assert_eq!(shelf["tags"], json!(["shelves", "new"]));
    assert_eq!(shelf["summary"], "Create Shelf");
    assert_eq!(shelf["description"], "Adds a shelf.\n\nIt is empty then.");
    assert_eq!(shelf["operationId"], "create_shelf_shelves_post");
    assert_eq!(shelf["responses"]["201"]["description"], "The shelf");

    let operation = &document["paths"]["/documented"]["get"];
    assert_eq!(operation["summary"], "Documented in full");
    assert_eq!(operation["description"], "Shown.");
    assert_eq!(operation["operationId"], "documented_once");
    assert_eq!(operation["deprecated"], true);
    assert_eq!(operation["x-audience"], "staff");
    let responses = &operation["responses"];
    assert_eq!(responses["404"], json!({"description": "No such thing"}));
    assert_eq!(responses["5XX"], json!({"description": "Anything"}));
    assert_eq!(responses["default"], json!({"description": "Else"}));
    assert_eq!(
        responses["409"],
        json!({
            "description": "Taken",
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Message"}}},
            "headers": {"x-a": {"schema": {"type": "string"}}},
        })
    );
    assert_eq!(
        operation["parameters"],
        json!([{
            "name": "q",
            "in": "query",
            "required": false,
            "schema": {
                "anyOf": [{"type": "string", "maxLength": 5}, {"type": "null"}],
                "title": "Text",
                "description": "Looks for this.",
                "examples": ["a", "b"],
                "deprecated": true,
            },
            "description": "Looks for this.",
            "examples": {"plain": {"value": "a"}},
            "deprecated": true,
        }])
    );

    let old = &document["paths"]["/old"]["get"];
    assert_eq!(old["summary"], "Ancient");
    assert_eq!(old["operationId"], "ancient_old_get");
    assert_eq!(old["deprecated"], true);
}
