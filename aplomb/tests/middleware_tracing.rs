//! What names requests and traces them: ids and spans.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use aplomb::middleware::{Middleware, RequestId, Trace};
use aplomb::prelude::*;
use aplomb::testing::TestClient;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};

/// What is logged, with the fields of its line and without those of the spans around it.
#[derive(Clone, Default)]
struct Fields {
    lines: Arc<Mutex<Vec<HashMap<String, String>>>>,
    span: Arc<Mutex<HashMap<String, String>>>,
}

struct Reader<'a>(&'a mut HashMap<String, String>);

impl Visit for Reader<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        self.0.insert(field.name().to_owned(), format!("{value:?}"));
    }
}

impl<S: tracing::Subscriber> Layer<S> for Fields {
    fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
        let mut fields = HashMap::new();
        event.record(&mut Reader(&mut fields));
        self.lines.lock().expect("the lock").push(fields);
    }

    fn on_new_span(&self, attributes: &Attributes<'_>, _: &Id, _: Context<'_, S>) {
        attributes.record(&mut Reader(&mut self.span.lock().expect("the lock")));
    }

    fn on_record(&self, _: &Id, record: &Record<'_>, _: Context<'_, S>) {
        record.record(&mut Reader(&mut self.span.lock().expect("the lock")));
    }
}

impl Fields {
    fn collect(&self) -> tracing::subscriber::DefaultGuard {
        let subscriber = tracing_subscriber::registry().with(self.clone());
        tracing::subscriber::set_default(subscriber)
    }

    fn of_line(&self, message: &str) -> HashMap<String, String> {
        let lines = self.lines.lock().expect("the lock");
        let is =
            |line: &&HashMap<String, String>| line.get("message").is_some_and(|m| m == message);
        lines.iter().find(is).cloned().unwrap_or_default()
    }
}

#[get("/broken")]
async fn broken() -> Result<()> {
    Err(std::io::Error::other("the disk is full").into())
}

#[get("/conflict")]
async fn conflict() -> Result<()> {
    Err(HttpException::conflict("no").into())
}

#[get("/number/{number}")]
async fn number(number: u8) -> u8 {
    number
}

fn around_all(middleware: impl Middleware) -> App {
    let app = App::new().routes(routes![broken, conflict, number]);
    app.middleware(middleware)
}

fn around_router(middleware: impl Middleware) -> App {
    let router = Router::new().routes(routes![broken, conflict, number]);
    App::new().include(router.middleware(middleware))
}

#[get("/login/{token}")]
async fn log_in(token: String) -> usize {
    token.len()
}

#[test]
fn a_secret_in_a_path_is_in_no_span() {
    for (path, shown) in [
        ("/login/s3cr3t?a=1", "\"/login/hidden\""),
        ("/number/7", "\"/number/7\""),
    ] {
        let fields = Fields::default();
        let _collecting = fields.collect();
        let app = App::new().routes(routes![log_in, number]).middleware(Trace);
        TestClient::new(app).get(path).send().assert_status(200);
        let span = fields.span.lock().expect("the lock");
        assert_eq!(span["url.path"], shown);
    }
}

#[test]
fn errors_are_answered_and_logged_with_the_id() {
    for app in [
        around_all(RequestId::new()),
        around_router(RequestId::new()),
    ] {
        let fields = Fields::default();
        let guard = fields.collect();
        let client = TestClient::new(app).raise_server_exceptions(false);
        let routes = [
            ("/broken", 500),
            ("/conflict", 409),
            ("/number/x", 422),
            ("/number/1", 200),
        ];
        for (path, status) in routes {
            let answer = client.get(path).header("x-request-id", "order-7").send();
            assert_eq!(answer.status(), status);
            assert_eq!(answer.header("x-request-id"), Some("order-7"), "{path}");
        }
        drop(guard);
        let line = fields.of_line("a handler failed");
        assert_eq!(
            line.get("request_id").map(String::as_str),
            Some("\"order-7\"")
        );
    }
}

#[test]
fn handlers_of_errors_know_the_id() {
    let app = around_all(RequestId::new()).status_handler(500, |request: Request, _| async move {
        Response::text(request.request_id().unwrap_or("none").to_owned()).status(500)
    });
    let client = TestClient::new(app).raise_server_exceptions(false);
    let answer = client
        .get("/broken")
        .header("x-request-id", "order-7")
        .send();
    assert_eq!(answer.text(), "order-7");
}

#[test]
fn a_mounted_app_logs_the_id_of_the_app_above() {
    let fields = Fields::default();
    let guard = fields.collect();
    let below = App::new().routes(routes![broken]).build();
    let app = App::new()
        .mount("/below", below)
        .middleware(RequestId::new());
    let client = TestClient::new(app).raise_server_exceptions(false);
    let answer = client
        .get("/below/broken")
        .header("x-request-id", "order-7")
        .send();
    assert_eq!(
        (answer.status(), answer.header("x-request-id")),
        (500, Some("order-7"))
    );
    drop(guard);
    let line = fields.of_line("a handler failed");
    assert_eq!(
        line.get("request_id").map(String::as_str),
        Some("\"order-7\"")
    );
}

/// An error behind which is another.
#[derive(Debug)]
struct Unreadable(std::io::Error);

impl std::fmt::Display for Unreadable {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("the order cannot be read")
    }
}

impl std::error::Error for Unreadable {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.0)
    }
}

#[dependency]
async fn nothing() {}

#[dependency]
async fn order(#[path] token: String, nothing: Depends<nothing>) -> Result<usize> {
    let () = *nothing;
    match token.as_str() {
        "b4d" => Err(Unreadable(std::io::Error::other("the disk is full")).into()),
        token => Ok(token.len()),
    }
}

#[get("/orders/{token}")]
async fn read_order(order: Depends<order>) -> Result<usize> {
    match *order {
        4 => Err(std::io::Error::other("four").into()),
        length => Ok(length),
    }
}

#[test]
fn an_unexpected_error_is_logged_with_its_route_and_not_with_its_path() {
    let orders = || Router::new().prefix("/v1").routes(routes![read_order]);
    for (app, prefix) in [
        (App::new().include(orders()), ""),
        (App::new().include(orders()).middleware(Trace), ""),
        (App::new().include(orders().middleware(Trace)), ""),
        (
            App::new().mount("/below", App::new().include(orders()).build()),
            "/below",
        ),
        (
            App::new()
                .include(orders())
                .status_handler(500, |_: Request, _| async {
                    Response::text("").status(500)
                }),
            "",
        ),
    ] {
        let fields = Fields::default();
        let guard = fields.collect();
        let client = TestClient::new(app).raise_server_exceptions(false);
        for token in ["b4d", "four"] {
            let path = format!("{prefix}/v1/orders/{token}");
            client.get(&path).send().assert_status(500);
        }
        drop(guard);
        let route = format!("{:?}", format!("{prefix}/v1/orders/{{token}}"));
        for (message, dependency, error) in [
            (
                "a dependency failed",
                Some("\"order\""),
                "\"the order cannot be read: the disk is full\"",
            ),
            ("a handler failed", None, "\"four\""),
        ] {
            let line = fields.of_line(message);
            let field = |name: &str| line.get(name).map(String::as_str);
            assert_eq!(field("method"), Some("\"GET\""));
            assert_eq!(field("route"), Some(route.as_str()));
            assert_eq!(field("dependency"), dependency);
            assert_eq!(field("error"), Some(error));
            assert!(
                !line.values().any(|value| value.contains("b4d")),
                "{line:?}"
            );
        }
    }
}

#[dependency]
async fn badge() -> Result<usize> {
    Err(HttpException::new(401, "no badge").into())
}

#[get("/gate")]
async fn gate(badge: Depends<badge>) -> usize {
    *badge
}

#[test]
fn a_dependency_that_ends_a_request_as_planned_has_not_failed() {
    let app = App::new().routes(routes![gate]).exception_handler(
        |_: Request, _: aplomb::app::Raised<HttpException>| async {
            Err::<Response, aplomb::Error>(std::io::Error::other("no page").into())
        },
    );
    let fields = Fields::default();
    let guard = fields.collect();
    let client = TestClient::new(app).raise_server_exceptions(false);
    client.get("/gate").send().assert_status(500);
    drop(guard);
    let line = fields.of_line("a handler failed");
    assert_eq!(line.get("error").map(String::as_str), Some("\"no page\""));
    assert_eq!(line.get("dependency"), None);
}

#[test]
fn a_trace_around_a_router_tells_the_status_of_what_is_raised() {
    for (path, status, failed) in [
        ("/conflict", "409", false),
        ("/number/x", "422", false),
        ("/broken", "500", true),
    ] {
        let fields = Fields::default();
        let guard = fields.collect();
        let client = TestClient::new(around_router(Trace)).raise_server_exceptions(false);
        client.get(path).send();
        drop(guard);
        let span = fields.span.lock().expect("the lock");
        let told = span.get("http.response.status_code").map(String::as_str);
        assert_eq!(told, Some(status), "{path}");
        assert_eq!(span.contains_key("error.type"), failed, "{path}");
    }
}

#[get("/id")]
async fn id(request: Request) -> Option<String> {
    request.request_id().map(str::to_owned)
}

#[test]
fn request_ids() {
    let client = TestClient::new(App::new().routes(routes![id]).middleware(RequestId::new()));
    let send = |sent: &str| client.get("/id").header("x-request-id", sent).send();
    let response = send("a-1_2.3:4/5+6=7@8~9");
    response.assert_json(200, "a-1_2.3:4/5+6=7@8~9");
    let long = "a".repeat(129);
    for odd in ["", "a b", "a\"b", "a;b", "caf\u{e9}", &long] {
        let response = send(odd);
        let given = response.header("x-request-id").expect("an id").to_owned();
        assert!(given.len() == 32 && given != odd, "{given}");
        response.assert_json(200, given);
    }
    let missing = client.get("/nowhere").send();
    assert_eq!(missing.header("x-request-id").map(str::len), Some(32));
    let other = RequestId::new().header("x-trace").always_new();
    let client = TestClient::new(App::new().routes(routes![id]).middleware(other));
    let response = client.get("/id").header("x-trace", "mine").send();
    assert_eq!(response.header("x-trace").map(str::len), Some(32));
}

#[get("/traces/{number}")]
async fn traces(number: u8, request: Request) -> Result<Value> {
    let trace = request
        .trace_context()
        .ok_or(HttpException::not_found(number))?;
    Ok(json!({
        "trace": trace.trace_id(),
        "parent": trace.parent_id(),
        "sampled": trace.is_sampled(),
        "state": trace.tracestate(),
        "sent": trace.traceparent(),
    }))
}

#[test]
fn a_trace_goes_on() {
    let client = TestClient::new(App::new().routes(routes![traces]).middleware(Trace));
    let request = client.get("/traces/1").header("tracestate", "a=b");
    let request = request.header("tracestate", "c=d,e=f");
    let sent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    let told = request.header("traceparent", sent).send().json();
    assert_eq!(told["trace"], "0af7651916cd43dd8448eb211c80319c");
    assert_eq!(
        (&told["parent"], &told["sampled"]),
        (&json!("b7ad6b7169203331"), &json!(true))
    );
    assert_eq!(told["state"], "a=b,c=d,e=f");
    let new = client
        .get("/traces/1")
        .header("traceparent", "nonsense")
        .send()
        .json();
    assert_eq!(new["parent"], Value::Null);
    assert_ne!(new["trace"], told["trace"]);
    assert_eq!(new["sent"].as_str().map(str::len), Some(55));
}
