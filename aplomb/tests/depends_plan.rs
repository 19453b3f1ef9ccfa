//! What runs before a handler: order, cache, overrides, errors, and what is refused at start-up.

use std::sync::Mutex;

use aplomb::depends::{Dependency, DependencyDefinition, share};
use aplomb::prelude::*;
use aplomb::testing::TestClient;

/// What ran, in order.
#[derive(Debug, Default)]
struct Log(Mutex<Vec<&'static str>>);

impl Log {
    fn note(&self, what: &'static str) -> usize {
        let mut log = self.0.lock().expect("the lock");
        log.push(what);
        log.len()
    }
}

#[get("/log")]
async fn log(log: State<Log>) -> Vec<String> {
    let log = std::mem::take(&mut *log.0.lock().expect("the lock"));
    log.into_iter().map(str::to_owned).collect()
}

#[dependency]
async fn counted(log: State<Log>) -> usize {
    log.note("counted")
}

#[dependency]
async fn left(counted: Depends<counted>) -> usize {
    *counted
}

#[dependency]
async fn right(
    #[depends(no_cache)] counted: Depends<counted>,
    left: Depends<left>,
) -> (usize, usize) {
    (*counted, *left)
}

#[get("/cached")]
async fn cached(left: Depends<left>, counted: Depends<counted>) -> Vec<usize> {
    vec![*left, *counted]
}

#[get("/uncached")]
async fn uncached(
    left: Depends<left>,
    right: Depends<right>,
    #[depends(no_cache)] own: Depends<counted>,
    shared: Depends<counted>,
) -> Vec<usize> {
    vec![*left, right.0, right.1, *own, *shared]
}

#[dependency]
async fn needs_number(number: i64, log: State<Log>) -> i64 {
    log.note("needs_number");
    number
}

#[dependency]
async fn needs_token(
    #[header] x_token: String,
    #[query(alias = "size", le = 10)] size: u8,
    log: State<Log>,
) -> String {
    log.note("needs_token");
    format!("{x_token}{size}")
}

#[dependency]
async fn sibling(log: State<Log>) -> bool {
    log.note("sibling");
    true
}

#[dependency]
async fn above(number: Depends<needs_number>, log: State<Log>) -> i64 {
    log.note("above");
    *number
}

#[post("/problems/{id}")]
async fn problems(
    #[body] body: i64,
    token: Depends<needs_token>,
    q: u8,
    above: Depends<above>,
    sibling: Depends<sibling>,
    id: i64,
) -> Value {
    json!([body, *token, q, *above, *sibling, id])
}

#[dependency]
async fn refuse() -> Result<()> {
    Err(HttpException::forbidden("Not here")
        .header("x-reason", "none")
        .into())
}

#[dependency]
fn blocking(name: Option<String>) -> Result<String, std::num::ParseIntError> {
    let name = name.unwrap_or_default();
    name.parse::<u8>().map(|_| name)
}

#[get("/refused")]
async fn refused(
    number: Depends<needs_number>,
    _refuse: Depends<refuse>,
    sibling: Depends<sibling>,
) -> Value {
    json!([*number, *sibling])
}

#[get("/blocking")]
async fn on_a_thread(name: Depends<blocking>) -> String {
    name.to_string()
}

/// FastAPI's class as a dependency.
#[dependency]
#[derive(Clone, Debug)]
struct Page {
    /// Text to look for.
    q: Option<String>,
    #[query(default = 0, ge = 0)]
    skip: i64,
    #[query(default = 100)]
    limit: i64,
    log: State<Log>,
}

#[get("/page")]
async fn page(page: Depends<Page>) -> Value {
    page.log.note("page");
    json!({"q": page.q, "skip": page.skip, "limit": page.limit})
}

/// One dependency for each value of a const parameter.
struct AtMost<const N: usize>;

impl<const N: usize> Dependency for AtMost<N> {
    type Output = usize;

    fn definition() -> DependencyDefinition {
        DependencyDefinition::new::<Self>("at_most", &[], |binder| {
            let length = binder.request().query("q").map_or(0, str::len);
            Some(share(async move { length.min(N) }))
        })
    }
}

#[get("/at-most")]
async fn at_most(two: Depends<AtMost<2>>, four: Depends<AtMost<4>>) -> Vec<usize> {
    vec![*two, *four]
}

fn app() -> App {
    App::new().state(Log::default()).routes(routes![
        log,
        cached,
        uncached,
        problems,
        refused,
        on_a_thread,
        page,
        at_most
    ])
}

fn client() -> TestClient {
    TestClient::new(app())
}

#[test]
fn a_dependency_runs_once_in_a_request() {
    let client = client();
    client.get("/cached").send().assert_json(200, json!([1, 1]));
    client
        .get("/log")
        .send()
        .assert_json(200, json!(["counted"]));
    client.get("/cached").send().assert_json(200, json!([1, 1]));
}

#[test]
fn without_cache_it_runs_for_each_argument_that_says_so() {
    let client = client();
    client
        .get("/uncached")
        .send()
        .assert_json(200, json!([1, 2, 1, 3, 1]));
}

#[test]
fn problems_are_listed_dependencies_first_and_by_place() {
    let client = client();
    let response = client
        .post("/problems/x?number=n&size=11&q=300")
        .json("y")
        .send();
    response.assert_status(422);
    let json = response.json();
    let places: Vec<String> = json["detail"]
        .as_array()
        .unwrap()
        .iter()
        .map(|problem| problem["loc"].to_string())
        .collect();
    assert_eq!(
        places,
        [
            r#"["query","size"]"#,
            r#"["header","x-token"]"#,
            r#"["query","number"]"#,
            r#"["path","id"]"#,
            r#"["query","q"]"#,
            r#"["body"]"#,
        ]
    );
    client
        .get("/log")
        .send()
        .assert_json(200, json!(["sibling"]));
}

#[test]
fn http_exception_ends_the_request_at_once_even_after_problems() {
    let client = client();
    let response = client.get("/refused").send();
    response.assert_json(403, json!({"detail": "Not here"}));
    response.assert_header("x-reason", "none");
    client.get("/log").send().assert_json(200, json!([]));
}

#[test]
fn malformed_json_is_answered_before_any_dependency_runs() {
    let client = client();
    let request = client
        .post("/problems/1?number=1&q=1&size=1")
        .header("x-token", "t");
    let response = request
        .header("content-type", "application/json")
        .body("{")
        .send();
    response.assert_status(422);
    assert_eq!(response.json()["detail"][0]["type"], "json_invalid");
    client.get("/log").send().assert_json(200, json!([]));
}

#[test]
fn plain_functions_and_structs_are_dependencies() {
    let client = client();
    client.get("/blocking?name=7").send().assert_json(200, "7");
    let quiet = TestClient::new(app()).raise_server_exceptions(false);
    quiet.get("/blocking?name=x").send().assert_status(500);
    client
        .get("/page?q=a&skip=5")
        .send()
        .assert_json(200, json!({"q": "a", "skip": 5, "limit": 100}));
    let wrong = client.get("/page?skip=-1&limit=x").send();
    wrong.assert_status(422);
    assert_eq!(wrong.json()["detail"].as_array().unwrap().len(), 2);
}

#[test]
fn dependencies_by_hand_have_parameters_of_their_own() {
    client()
        .get("/at-most?q=abc")
        .send()
        .assert_json(200, json!([2, 3]));
}

#[dependency]
async fn app_level(log: State<Log>) {
    log.note("app");
}

#[dependency]
async fn router_level(log: State<Log>) {
    log.note("router");
}

#[dependency]
async fn route_level(log: State<Log>) {
    log.note("route");
}

#[get("/levels", dependencies(route_level))]
async fn levels(_own: Depends<sibling>, _router: Depends<router_level>) {}

#[test]
fn levels_run_from_the_outside_in_and_share_results() {
    let router = Router::new()
        .prefix("/r")
        .depends::<router_level>()
        .routes(routes![levels]);
    let client = TestClient::new(
        App::new()
            .state(Log::default())
            .depends::<app_level>()
            .include(router)
            .routes(routes![log]),
    );
    client.get("/r/levels").send().assert_status(200);
    client
        .get("/log")
        .send()
        .assert_json(200, json!(["app", "router", "route", "sibling", "app"]));
}

#[dependency]
async fn fake_number(log: State<Log>, fake: Option<i64>) -> i64 {
    log.note("fake");
    fake.unwrap_or(7)
}

#[get("/number")]
async fn number(number: Depends<needs_number>, above: Depends<above>) -> Vec<i64> {
    vec![*number, *above]
}

#[test]
fn overrides_stand_in_everywhere_with_arguments_of_their_own() {
    let app = || app().routes(routes![number]);
    let client = TestClient::new(app());
    client.get("/number").send().assert_status(422);
    let client = TestClient::new(app().override_dependency::<needs_number, fake_number>());
    client
        .get("/number?fake=9")
        .send()
        .assert_json(200, json!([9, 9]));
    client
        .get("/log")
        .send()
        .assert_json(200, json!(["fake", "above"]));
    let wrong = client.get("/number?fake=x").send();
    assert_eq!(wrong.json()["detail"][0]["loc"], json!(["query", "fake"]));
    let client = TestClient::new(app().override_value::<needs_number>(3));
    client.get("/number").send().assert_json(200, json!([3, 3]));
    let closure = || async { Err(HttpException::new(418, "teapot").into()) };
    let client = TestClient::new(app().override_with::<needs_number, _, _>(closure));
    client
        .get("/number")
        .send()
        .assert_json(418, json!({"detail": "teapot"}));
}

#[test]
fn functions_stay_functions() {
    let page = Depends::<needs_number>::new(4);
    assert_eq!(page.clone().into_inner(), 4);
    assert_eq!(format!("{page:?}"), "4");
    assert_eq!(blocking(Some("5".to_owned())).unwrap(), "5");
}

#[dependency]
async fn chicken(_egg: Depends<egg>) {}

#[dependency]
async fn egg(_chicken: Depends<chicken>) {}

#[get("/circle")]
async fn circle(_chicken: Depends<chicken>) {}

#[test]
#[should_panic(expected = "dependencies need each other in a circle: chicken -> egg -> chicken")]
fn circles_are_refused_at_start_up() {
    App::new().routes(routes![circle]).build();
}

#[test]
#[should_panic(expected = "takes `State<depends_plan::Log>`, and the app has no such state")]
fn a_missing_state_is_refused_at_start_up() {
    App::new().routes(routes![cached]).build();
}

#[dependency(scope = "function")]
async fn early(give: Yield<u8>) {
    give.lend(1).await;
}

#[dependency]
async fn between(early: Depends<early>) -> u8 {
    *early
}

#[dependency]
async fn late(_between: Depends<between>, cleanup: Cleanup) {
    cleanup.defer(|_| async { Ok(()) });
}

#[get("/scopes")]
async fn scopes(_late: Depends<late>) {}

#[test]
#[should_panic(
    expected = "dependency `late` cleans up after the response and needs `early`, which ends before it"
)]
fn a_scope_that_outlives_what_it_needs_is_refused_at_start_up() {
    App::new().routes(routes![scopes]).build();
}

#[get("/lends")]
async fn lends(give: Yield<u8>) {
    give.lend(1).await;
}

#[test]
#[should_panic(expected = "takes a `Yield`, and only a dependency can lend: take `give` out of it")]
fn a_handler_cannot_lend() {
    App::new().routes(routes![lends]).build();
}

#[derive(Model, Clone)]
struct Article {
    title: String,
}

#[derive(Model, Clone)]
struct Note {
    text: String,
}

#[dependency]
async fn noted(note: Note) -> String {
    note.text
}

#[post("/articles")]
async fn write_article(article: Article, noted: Depends<noted>) -> Value {
    json!({"title": article.title, "note": &*noted})
}

#[test]
fn an_override_leaves_the_shape_of_the_body() {
    let body = json!({"article": {"title": "A"}, "note": {"text": "B"}});
    let client = TestClient::new(App::new().routes(routes![write_article]));
    let answer = client.post("/articles").json(&body).send();
    answer.assert_json(200, json!({"title": "A", "note": "B"}));
    let app = App::new().routes(routes![write_article]);
    let client = TestClient::new(app.override_value::<noted>("C".to_owned()));
    let answer = client.post("/articles").json(&body).send();
    answer.assert_json(200, json!({"title": "A", "note": "C"}));
}
