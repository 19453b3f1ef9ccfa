//! Frontends: files below every route, fallbacks, and the dependencies that guard them.

use std::path::Path;
use std::sync::{Arc, Mutex};

use aplomb::frontend::Fallback;
use aplomb::prelude::*;
use aplomb::testing::{TestClient, TestResponse};
use tempfile::TempDir;

fn dist(files: &[(&str, &str)]) -> TempDir {
    let dist = tempfile::tempdir().expect("a folder");
    for (name, content) in files {
        let path = dist.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        std::fs::write(path, content).expect("a file");
    }
    dist
}

fn page() -> TempDir {
    dist(&[("index.html", "app"), ("asset.txt", "asset")])
}

fn with(dist: &TempDir, fallback: Fallback) -> Frontend {
    Frontend::new(dist.path()).fallback(fallback)
}

fn client(app: App) -> TestClient {
    TestClient::new(app).follow_redirects(false)
}

fn visit(client: &TestClient, path: &str) -> TestResponse {
    client.get(path).header("accept", "text/html").send()
}

#[track_caller]
fn check(answer: &TestResponse, status: u16, text: &str) {
    assert_eq!((answer.status(), &*answer.text()), (status, text));
}

const NOT_FOUND: &str = "{\"detail\":\"Not Found\"}";

#[get("/api")]
async fn api() -> Value {
    json!({"source": "api"})
}

#[get("/slash/")]
async fn slash() -> String {
    "slash".to_owned()
}

#[get("/missing")]
async fn missing() -> Result<String> {
    Err(HttpException::not_found("api missing").into())
}

#[test]
fn files_are_served_below_every_route() {
    let dist = dist(&[
        ("index.html", "app"),
        ("asset.txt", "asset"),
        ("api", "frontend"),
        ("slash/index.html", "frontend"),
    ]);
    let frontend = with(&dist, Fallback::Index);
    let app = App::new()
        .frontend("/", frontend)
        .routes(routes![api, slash, missing]);
    assert_eq!(
        app.openapi()["paths"].as_object().map(|paths| paths.len()),
        Some(3)
    );
    let client = client(app);
    check(&client.get("/asset.txt").send(), 200, "asset");
    check(&visit(&client, "/"), 200, "app");
    check(&visit(&client, "/api"), 200, "{\"source\":\"api\"}");
    assert_eq!(client.post("/api").send().status(), 405);
    check(
        &visit(&client, "/missing"),
        404,
        "{\"detail\":\"api missing\"}",
    );
    let answer = client.get("/slash").send();
    assert_eq!(answer.header("location"), Some("/slash/"));
    check(&client.get("/slash/").send(), 200, "\"slash\"");
    assert!(visit(&client, "/docs").text().contains("swagger"));
}

#[test]
fn the_page_is_for_who_asks_for_one() {
    let dist = page();
    let client = client(App::new().frontend("/", with(&dist, Fallback::Index)));
    for path in ["/dashboard/settings", "/users/jane.doe", "/v/1.2.3"] {
        check(&visit(&client, path), 200, "app");
        let head = client.head(path).header("accept", "text/html").send();
        check(&head, 200, "");
        assert_eq!(head.header("content-length"), Some("3"));
    }
    for accept in [
        "*/*",
        "text/css",
        "application/json",
        "",
        "text/html;q=0, */*",
    ] {
        let answer = client.get("/x.js").header("accept", accept).send();
        check(&answer, 404, NOT_FOUND);
    }
}

#[test]
fn fallbacks() {
    let both = [("index.html", "app"), ("404.html", "lost")];
    for (fallback, files, status, text) in [
        (Fallback::Auto, &both[..], 404, "lost"),
        (Fallback::Auto, &both[..1], 200, "app"),
        (Fallback::Auto, &[], 404, NOT_FOUND),
        (Fallback::Index, &both[..], 200, "app"),
        (Fallback::NotFound, &both[..], 404, "lost"),
        (Fallback::None, &both[..], 404, NOT_FOUND),
    ] {
        let dist = dist(files);
        let client = client(App::new().frontend("/", with(&dist, fallback)));
        check(&visit(&client, "/dashboard"), status, text);
        assert_eq!(client.post("/dashboard").send().status(), 404);
    }
    let dist = dist(&both);
    let client = client(App::new().frontend("/", with(&dist, Fallback::NotFound)));
    check(&client.get("/assets/missing.js").send(), 404, "lost");
}

#[test]
fn only_what_is_found_can_be_unmodified() {
    let dist = dist(&[("index.html", "app"), ("404.html", "lost")]);
    for (fallback, status, text) in [
        (Fallback::Index, 304, ""),
        (Fallback::NotFound, 404, "lost"),
    ] {
        let client = client(App::new().frontend("/", with(&dist, fallback)));
        let again = client.get("/dashboard").header("accept", "text/html");
        check(&again.header("if-none-match", "*").send(), status, text);
    }
}

#[test]
fn folders_and_methods() {
    let dist = dist(&[
        ("index.html", "app"),
        ("about/index.html", "about"),
        ("empty/readme", ""),
    ]);
    let client = client(App::new().frontend("/", dist.path()));
    let answer = client.get("/about?a=b").send();
    assert_eq!(answer.status(), 307);
    let location = answer.header("location");
    assert_eq!(location, Some("/about/?a=b"));
    check(&client.get("/about/").send(), 200, "about");
    for (path, status) in [
        ("/", 405),
        ("/index.html", 405),
        ("/about/", 405),
        ("/empty/", 404),
        ("/nothing", 404),
    ] {
        assert_eq!(client.post(path).send().status(), status, "{path}");
    }
}

#[test]
fn the_longest_path_answers() {
    let (site, admin) = (page(), dist(&[("index.html", "admin")]));
    std::fs::create_dir(site.path().join("admin")).expect("a folder");
    std::fs::write(site.path().join("admin/client"), "site").expect("a file");
    let app = App::new()
        .frontend("/", with(&site, Fallback::None))
        .frontend("/admin/", with(&admin, Fallback::Index));
    let client = client(app);
    check(&visit(&client, "/admin/settings"), 200, "admin");
    check(&visit(&client, "/admin"), 307, "");
    check(&visit(&client, "/administrator"), 404, NOT_FOUND);
    assert_eq!(client.post("/admin/client").send().status(), 404);
    check(&client.get("/asset.txt").send(), 200, "asset");
}

#[test]
fn prefixes_of_routers_stand_before_it() {
    let dist = page();
    let child = Router::new().prefix("/child").frontend("/ui", dist.path());
    let parent = Router::new().prefix("/parent").include(child);
    let root = Router::new().prefix("/app").frontend("/", dist.path());
    let app = App::new().root_path("/proxy").include(parent).include(root);
    let client = client(app);
    for path in [
        "/parent/child/ui/asset.txt",
        "/app/asset.txt",
        "/proxy/app/asset.txt",
    ] {
        check(&client.get(path).send(), 200, "asset");
    }
    check(&client.get("/app/").send(), 200, "app");
}

#[derive(Clone, Default)]
struct Calls(Arc<Mutex<Vec<String>>>);

impl Calls {
    fn add(&self, call: &str) {
        self.0.lock().expect("the calls").push(call.to_owned());
    }

    fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().expect("the calls"))
    }
}

#[dependency]
async fn require_cookie(request: Request, calls: State<Calls>) -> Result<()> {
    calls.add(&request.path());
    match request.cookie("session") {
        Some("ok") => Ok(()),
        _ => Err(HttpException::status_only(401).into()),
    }
}

#[dependency]
async fn outer(calls: State<Calls>) -> Result<()> {
    calls.add("outer");
    Ok(())
}

#[dependency]
async fn inner(calls: State<Calls>) -> Result<()> {
    calls.add("inner");
    Ok(())
}

#[dependency]
async fn dresses(
    response: aplomb::ResponseParts,
    tasks: BackgroundTasks,
    calls: State<Calls>,
) -> Result<()> {
    response.header("x-frontend", "applied");
    response.set_cookie(&Cookie::new("frontend", "dependency"));
    let calls = Calls::clone(&calls);
    tasks.add(async move { calls.add("background") });
    Ok(())
}

#[dependency]
async fn token(token: String) -> Result<String> {
    Ok(token)
}

#[test]
fn dependencies_guard_every_file() {
    let (dist, calls) = (page(), Calls::default());
    let app = App::new()
        .state(calls.clone())
        .depends::<require_cookie>()
        .frontend("/", with(&dist, Fallback::Index));
    let client = client(app);
    assert_eq!(client.get("/").send().status(), 401);
    client.set_cookie("session", "ok");
    check(&visit(&client, "/"), 200, "app");
    check(&visit(&client, "/asset.txt"), 200, "asset");
    check(&visit(&client, "/dashboard"), 200, "app");
    assert_eq!(client.post("/asset.txt").send().status(), 405);
    assert_eq!(calls.take(), ["/", "/", "/asset.txt", "/dashboard"]);
}

#[test]
fn dependencies_run_from_outside_in_and_only_where_they_guard() {
    let (dist, calls) = (page(), Calls::default());
    let ui = Router::new()
        .depends::<inner>()
        .frontend("/ui", dist.path());
    let app = App::new()
        .state(calls.clone())
        .frontend("/", dist.path())
        .include(Router::new().depends::<outer>().include(ui))
        .routes(routes![api]);
    let client = client(app);
    check(&client.get("/ui/").send(), 200, "app");
    assert_eq!(calls.take(), ["outer", "inner"]);
    check(&client.get("/").send(), 200, "app");
    assert_eq!(client.get("/api").send().status(), 200);
    assert_eq!(calls.take(), Vec::<String>::new());
}

#[test]
fn dependencies_can_be_replaced() {
    let (dist, calls) = (page(), Calls::default());
    let app = App::new()
        .state(calls.clone())
        .depends::<require_cookie>()
        .override_dependency::<require_cookie, inner>()
        .frontend("/", dist.path());
    check(&client(app).get("/").send(), 200, "app");
    assert_eq!(calls.take(), ["inner"]);
}

#[test]
fn dependencies_add_headers_and_background_work() {
    let (dist, calls) = (page(), Calls::default());
    let app = App::new()
        .state(calls.clone())
        .depends::<dresses>()
        .frontend("/", dist.path());
    let answer = client(app).get("/asset.txt").send();
    check(&answer, 200, "asset");
    assert_eq!(answer.header("x-frontend"), Some("applied"));
    assert_eq!(answer.cookie("frontend"), Some("dependency"));
    assert_eq!(calls.take(), ["background"]);
}

#[test]
fn dependencies_are_validated() {
    let dist = page();
    let app = App::new().depends::<token>().frontend("/", dist.path());
    let client = client(app);
    let answer = client.get("/").send();
    assert_eq!(answer.status(), 422);
    assert_eq!(answer.json()["detail"][0]["loc"], json!(["query", "token"]));
    check(&client.get("/?token=x").send(), 200, "app");
}

#[test]
#[should_panic(expected = "must start with `/`")]
fn a_path_starts_with_a_slash() {
    let _ = App::new().frontend("app", "src");
}

#[test]
#[should_panic(expected = "of the frontend does not exist")]
fn a_folder_that_is_missing_stops_the_start() {
    let _ = Router::new().frontend("/", "no/such/folder");
}

#[test]
#[should_panic(expected = "the fallback file `index.html` of the frontend does not exist")]
fn a_fallback_that_is_missing_stops_the_start() {
    let frontend = Frontend::new(Path::new("src")).fallback(Fallback::Index);
    let _ = App::new().frontend("/", frontend);
}

#[test]
fn what_is_missing_later_is_a_fault_of_the_service() {
    let dist = dist(&[]);
    let app = App::new()
        .frontend("/", with(&dist, Fallback::NotFound).check_dir(false))
        .frontend("/no", Frontend::new("no/such/folder").check_dir(false));
    let client = client(app).raise_server_exceptions(false);
    assert_eq!(client.get("/missing.js").send().status(), 500);
    assert_eq!(client.get("/no/asset.txt").send().status(), 500);
}

#[test]
fn each_inclusion_has_its_own_body_limit() {
    let dist = page();
    let router = || Router::new().frontend("/", dist.path());
    let app = App::new()
        .include(
            Router::new()
                .prefix("/empty")
                .max_body_size(0)
                .include(router()),
        )
        .include(
            Router::new()
                .prefix("/small")
                .max_body_size(10)
                .include(router()),
        );
    let client = client(app);
    for (path, status) in [("/empty/asset.txt", 413), ("/small/asset.txt", 200)] {
        assert_eq!(client.get(path).body("x").send().status(), status, "{path}");
    }
}

#[dependency]
async fn members_only() -> Result<()> {
    Err(HttpException::unauthorized("who are you?").into())
}

async fn looks_on(request: Request, next: aplomb::middleware::Next) -> Result<Response> {
    next.run(request).await
}

#[test]
fn a_guarded_frontend_tells_strangers_nothing_of_its_files() {
    let dist = page();
    let served = || Router::new().frontend("/", with(&dist, Fallback::None));
    for router in [
        served().depends::<members_only>(),
        served().middleware(looks_on),
    ] {
        let client = client(App::new().include(router.prefix("/in")));
        for path in ["/in/asset.txt", "/in/nothing.txt"] {
            assert_eq!(client.post(path).send().status(), 405, "{path}");
        }
    }
}
