//! Static files: methods, conditions, folders, and paths that would like to leave the folder.

use std::path::Path;

use aplomb::app::Compat;
use aplomb::http::{Body, Peer, Response};
use aplomb::middleware::TrustedHost;
use aplomb::prelude::*;
use aplomb::testing::TestClient;
use aplomb::{Error, Service, app::http_exception};
use tempfile::TempDir;

const SECRET: &str = "the secret outside";

/// `outer/public` is served; `outer/secret.txt` and `outer/public-secret/` are not.
fn folder() -> TempDir {
    let outer = tempfile::tempdir().expect("a folder");
    for (name, content) in [
        ("secret.txt", SECRET),
        ("public-secret/secret.txt", SECRET),
        ("public/index.html", "the page"),
        ("public/note.txt", "the note"),
        ("public/.hidden", "not hidden"),
        ("public/caf\u{e9} 1.txt", "coffee"),
        ("public/100%.txt", "all of it"),
        ("public/sub/index.html", "the page below"),
        ("public/sub/data.json", "{}"),
        ("public/empty/readme", "no page"),
    ] {
        let path = outer.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        std::fs::write(path, content).expect("a file");
    }
    #[cfg(unix)]
    links(outer.path());
    outer
}

#[cfg(unix)]
fn links(outer: &Path) {
    use std::os::unix::fs::symlink;
    let root = outer.join("public");
    for (link, target) in [
        ("out.txt", "../secret.txt"),
        ("out", ".."),
        (
            "absolute.txt",
            outer.join("secret.txt").to_str().expect("a path"),
        ),
        ("passwd", "/etc/passwd"),
        ("everything", "/"),
        ("twice.txt", "out.txt"),
        ("broken.txt", "nothing"),
        ("circle", "circle"),
        ("inside.txt", "note.txt"),
        ("sub/up", ".."),
    ] {
        symlink(target, root.join(link)).expect("a link");
    }
}

fn files(outer: &TempDir) -> StaticFiles {
    StaticFiles::new(outer.path().join("public"))
}

fn client(outer: &TempDir) -> TestClient {
    TestClient::new(App::new().mount_named("/static", files(outer), "static"))
}

fn html(outer: &TempDir) -> TestClient {
    TestClient::new(App::new().mount("/static", files(outer).html(true))).follow_redirects(false)
}

#[test]
fn get_and_head_answer_with_the_file() {
    let (outer, name) = (folder(), "/static/sub/data.json");
    let answer = client(&outer).get(name).send();
    assert_eq!((answer.status(), &*answer.text()), (200, "{}"));
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert!(answer.header("etag").is_some() && answer.header("last-modified").is_some());
    let answer = client(&outer).head(name).send();
    assert_eq!((answer.status(), &*answer.text()), (200, ""));
    assert_eq!(answer.header("content-length"), Some("2"));
    let answer = client(&outer).get(name).header("range", "bytes=1-").send();
    assert_eq!((answer.status(), &*answer.text()), (206, "}"));
}

#[test]
fn other_methods_are_405() {
    let outer = folder();
    for method in ["POST", "PUT", "DELETE", "OPTIONS"] {
        let answer = client(&outer).request(method, "/static/note.txt").send();
        answer.assert_json(405, json!({"detail": "Method Not Allowed"}));
        assert_eq!(answer.header("allow"), Some("GET, HEAD"));
    }
}

#[test]
fn what_the_client_has_is_304() {
    let outer = folder();
    let client = client(&outer);
    let first = client.get("/static/note.txt").send();
    let header = |name| first.header(name).expect("a header");
    for (name, value) in [
        ("if-none-match", header("etag").to_owned()),
        ("if-none-match", format!("\"x\", W/{}", header("etag"))),
        ("if-modified-since", header("last-modified").to_owned()),
    ] {
        let answer = client.get("/static/note.txt").header(name, &value).send();
        assert_eq!((answer.status(), &*answer.text()), (304, ""), "{name}");
        assert_eq!(answer.header("etag"), Some(header("etag")));
        assert_eq!(answer.header("last-modified"), None);
    }
    std::fs::write(outer.path().join("public/note.txt"), "another note").expect("a file");
    let request = client.get("/static/note.txt");
    let answer = request.header("if-none-match", header("etag")).send();
    assert_eq!((answer.status(), &*answer.text()), (200, "another note"));
}

#[test]
fn what_is_not_there_is_404_in_json() {
    let outer = folder();
    for path in ["nothing", "sub", "sub/", "", "note.txt/x"] {
        let answer = client(&outer).get(&format!("/static/{path}")).send();
        answer.assert_json(404, json!({"detail": "Not Found"}));
    }
    let answer = client(&outer).follow_redirects(false).get("/static").send();
    assert_eq!(answer.header("location"), Some("/static/"));
}

#[test]
fn names_are_decoded_once() {
    let outer = folder();
    for (path, content) in [
        ("caf%C3%A9%201.txt", "coffee"),
        ("100%25.txt", "all of it"),
        (".hidden", "not hidden"),
        ("note.txt/", "the note"),
        ("sub%2Fdata.json", "{}"),
    ] {
        let answer = client(&outer).get(&format!("/static/{path}")).send();
        assert_eq!((answer.status(), &*answer.text()), (200, content), "{path}");
    }
    let answer = client(&outer).get("/static/100%2525.txt").send();
    assert_eq!(answer.status(), 404);
}

#[test]
fn html_mode_answers_folders_with_their_page() {
    let outer = folder();
    let client = html(&outer);
    assert_eq!(client.get("/static/").send().text(), "the page");
    assert_eq!(client.get("/static/sub/").send().text(), "the page below");
    let answer = client.get("/static/sub?a=b").send();
    assert_eq!(answer.status(), 307);
    assert_eq!(answer.header("location"), Some("/static/sub/?a=b"));
    let answer = client.get("/static/empty/").send();
    answer.assert_json(404, json!({"detail": "Not Found"}));
    std::fs::write(outer.path().join("public/404.html"), "lost").expect("a file");
    for path in ["/static/empty/", "/static/nothing"] {
        let answer = client.get(path).send();
        assert_eq!((answer.status(), &*answer.text()), (404, "lost"));
    }
}

#[derive(Debug)]
struct Shop(&'static str);

async fn lost(request: Request, error: Error) -> Response {
    let shop = request.state::<Shop>().expect("the state of the app");
    let answer = error.http().map(http_exception).expect("an answer");
    answer
        .header("x-shop", shop.0)
        .header("x-path", request.url())
}

#[test]
fn the_app_above_answers_what_is_missing() {
    let outer = folder();
    let app = App::new()
        .state(Shop("fork"))
        .status_handler(404, lost)
        .include(Router::new().prefix("/v1").mount("/static", files(&outer)));
    let answer = TestClient::new(app).get("/v1/static/nothing").send();
    assert_eq!(answer.status(), 404);
    assert_eq!(answer.header("x-shop"), Some("fork"));
    let url = Some("http://testserver/v1/static/nothing");
    assert_eq!(answer.header("x-path"), url);
}

#[test]
#[should_panic(expected = "of the static files does not exist")]
fn a_folder_that_is_missing_stops_the_start() {
    let _ = App::new().mount("/static", StaticFiles::new("no/such/folder"));
}

#[test]
fn a_folder_that_is_missing_later_is_a_fault_of_the_service() {
    let files = StaticFiles::new("no/such/folder").check_dir(false);
    let client = TestClient::new(App::new().mount("/static", files));
    let answer = client
        .raise_server_exceptions(false)
        .get("/static/a")
        .send();
    assert_eq!(
        (answer.status(), &*answer.text()),
        (500, "Internal Server Error")
    );
}

#[cfg(unix)]
#[test]
fn links_are_followed_inside_the_folder_only() {
    let outer = folder();
    for path in ["inside.txt", "sub/up/note.txt"] {
        let answer = client(&outer).get(&format!("/static/{path}")).send();
        assert_eq!((answer.status(), &*answer.text()), (200, "the note"));
    }
    let outside = ["out.txt", "absolute.txt", "twice.txt", "out/secret.txt"];
    for path in outside {
        let answer = client(&outer).get(&format!("/static/{path}")).send();
        answer.assert_json(404, json!({"detail": "Not Found"}));
    }
    let following = App::new().mount("/static", files(&outer).follow_symlink(true));
    let client = TestClient::new(following);
    for path in outside {
        let answer = client.get(&format!("/static/{path}")).send();
        assert_eq!((answer.status(), &*answer.text()), (200, SECRET), "{path}");
    }
    assert_eq!(client.get("/static/%2e%2e/secret.txt").send().status(), 404);
}

#[tokio::test]
async fn other_routers_get_whole_answers() {
    use tower_service::Service as _;
    let outer = folder();
    let mut axum = axum::Router::new().nest_service("/static", files(&outer));
    for (path, status, content) in [
        ("/static/note.txt", 200, "the note"),
        ("/static/nothing", 404, "{\"detail\":\"Not Found\"}"),
    ] {
        let request = http::Request::get(path).body(axum::body::Body::empty());
        let response = axum.call(request.expect("a request")).await;
        let response = response.expect("an answer");
        assert_eq!(response.status(), status);
        let body = axum::body::to_bytes(response.into_body(), 1 << 10).await;
        assert_eq!(body.expect("a body"), content);
    }
}

/// Ways to write two dots.
const DOTS: [&str; 13] = [
    "..",
    "%2e%2e",
    "%2E.",
    ".%2e",
    "%252e%252e",
    "%c0%ae%c0%ae",
    "%e0%80%ae%e0%80%ae",
    "%uff0e%uff0e",
    "%ef%bc%8e%ef%bc%8e",
    "....",
    "..%00",
    "..;",
    "..%20",
];

/// Ways to write what divides a path.
const SLASHES: [&str; 9] = [
    "/", "%2f", "%2F", "%252f", "%5c", "\\", "//", "%c0%af", "/./",
];

/// Paths that mean no harm on their own account.
const OTHERS: [&str; 50] = [
    "//etc/passwd",
    "///etc/passwd",
    "/%2fetc%2fpasswd",
    "%2fetc%2fpasswd",
    "/etc/passwd",
    "etc/passwd",
    "file:///etc/passwd",
    "C:/windows/win.ini",
    "C:%5cwindows%5cwin.ini",
    "C:",
    "%5c%5cserver%5cshare%5csecret.txt",
    "//server/share/secret.txt",
    "\\\\?\\C:\\secret.txt",
    "%5csecret.txt",
    "CON",
    "NUL",
    "AUX.txt",
    "note.txt::$DATA",
    "note.txt%00.html",
    "%00",
    "%00/../secret.txt",
    "note.txt%0a",
    "note.txt%20",
    "note.txt.",
    "~root/.bashrc",
    "~/secret.txt",
    "$HOME/secret.txt",
    "%24%7BHOME%7D",
    "*",
    "?",
    "note.txt?../../secret.txt",
    "sub/../../secret.txt",
    "sub/../../public-secret/secret.txt",
    "../public-secret/secret.txt",
    "../public/../secret.txt",
    "./../secret.txt",
    "sub/./.././../secret.txt",
    "nothing/../../secret.txt",
    "note.txt/../../secret.txt",
    "out.txt",
    "out/secret.txt",
    "out/public/../secret.txt",
    "absolute.txt",
    "passwd",
    "everything/etc/passwd",
    "twice.txt",
    "broken.txt",
    "circle",
    "circle/secret.txt",
    "sub/up/../secret.txt",
];

fn paths() -> Vec<String> {
    let mut paths: Vec<String> = OTHERS.map(str::to_owned).into();
    for dots in DOTS {
        for slash in SLASHES {
            paths.push(format!("{dots}{slash}secret.txt"));
            paths.push(format!("sub{slash}{dots}{slash}{dots}{slash}secret.txt"));
            paths.push(format!(
                "{}etc{slash}passwd",
                format!("{dots}{slash}").repeat(12)
            ));
        }
    }
    for length in [255, 256, 4096, 20_000] {
        paths.push("a".repeat(length));
        paths.push(format!("{}secret.txt", "../".repeat(length / 3)));
        paths.push(format!("{}note.txt", "./".repeat(length / 2)));
        paths.push("%2e%2e%2f".repeat(length / 9));
    }
    paths
}

async fn ask(service: &Service, method: &str, path: &str) -> (u16, Vec<u8>) {
    let request = http::Request::builder().method(method).uri(path);
    let request = request.header("host", "testserver");
    let request = request.header("accept", "text/html");
    let request = request.body(Body::empty()).expect(path);
    let answer = service.answer(request, Peer::unknown()).await;
    let status = answer.status_code().as_u16();
    let body = answer.into_http().into_body().collect(1 << 20).await;
    (status, body.expect("a body").to_vec())
}

fn contains(content: &[u8], part: &str) -> bool {
    content
        .windows(part.len())
        .any(|window| window == part.as_bytes())
}

#[tokio::test]
async fn no_path_leads_out_of_the_folder_and_none_is_a_fault() {
    let outer = folder();
    let root = outer.path().join("public");
    let service = App::new()
        .mount("/static", files(&outer))
        .mount("/html", files(&outer).html(true))
        .mount("/{tenant}/files", files(&outer))
        .mount("/apps", App::new().mount("/static", files(&outer)).build())
        .frontend("/ui", root.clone())
        .frontend("/", root)
        .build();
    let paths = paths();
    assert!(paths.len() >= 200, "{}", paths.len());
    let mut served = 0;
    for path in &paths {
        for prefix in [
            "/static/",
            "/html/",
            "/x/files/",
            "/apps/static/",
            "/ui/",
            "/",
        ] {
            for method in ["GET", "HEAD", "POST"] {
                let target = format!("{prefix}{path}");
                let (status, content) = ask(&service, method, &target).await;
                assert!(status < 500, "{method} {target}: {status}");
                assert!(!contains(&content, SECRET), "{method} {target}");
                assert!(!contains(&content, "root:"), "{method} {target}");
                served += u32::from(status == 200);
            }
        }
    }
    assert!(served > 0, "some of them name a file inside");
}

#[test]
fn redirects_to_folders_name_the_host_only_where_it_is_trusted() {
    let outer = folder();
    let app = || App::new().mount("/static", files(&outer).html(true));
    let location = |app: App| {
        let client = TestClient::new(app).follow_redirects(false);
        let answer = client
            .get("/static/sub")
            .header("host", "shop.example")
            .send();
        answer.header("location").map(str::to_owned)
    };
    assert_eq!(location(app()).as_deref(), Some("/static/sub/"));
    let absolute = Some("http://shop.example/static/sub/");
    let trusting = app().middleware(TrustedHost::new(["shop.example"]));
    assert_eq!(location(trusting).as_deref(), absolute);
    assert_eq!(location(app().compat(Compat::Exact)).as_deref(), absolute);
}
