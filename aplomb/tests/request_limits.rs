//! How much a request may bring: the four limits in both encodings, and whose limit counts.

#[path = "server/served.rs"]
mod served;

use std::io::Write;

use aplomb::prelude::*;
use aplomb::serve::Limits;
use aplomb::testing::{TestClient, TestRequest, TestResponse};
use served::{Served, answer};

#[post("/form")]
async fn form(request: Request) -> Result<Value> {
    let form = request.form().await?;
    Ok(json!(form.iter().count()))
}

#[post("/fields")]
async fn fields(#[form(default)] a: Vec<String>, #[file] f: Option<Vec<UploadFile>>) -> Value {
    json!(a.len() + f.map_or(0, |files| files.len()))
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Encoding {
    UrlEncoded,
    Multipart,
}

use Encoding::{Multipart, UrlEncoded};

/// One limit of one app: how it is set, what comes, and what is said when it is too much.
struct Row {
    limit: &'static str,
    encoding: Encoding,
    app: fn(App) -> App,
    /// A request that brings this much of what is limited.
    bring: fn(TestRequest<'_, TestClient>, usize) -> TestRequest<'_, TestClient>,
    most: usize,
    refused: (u16, &'static str),
}

fn text(request: TestRequest<'_, TestClient>, size: usize) -> TestRequest<'_, TestClient> {
    request.form([("a", "x".repeat(size))])
}

/// A form of this many bytes in all.
fn sized(request: TestRequest<'_, TestClient>, size: usize) -> TestRequest<'_, TestClient> {
    request.form([("a", "x".repeat(size - 2))])
}

fn sized_parts(request: TestRequest<'_, TestClient>, size: usize) -> TestRequest<'_, TestClient> {
    let around =
        "--boundary\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n\r\n--boundary--\r\n";
    request
        .form([("a", "x".repeat(size - around.len()))])
        .multipart()
}

fn several(request: TestRequest<'_, TestClient>, count: usize) -> TestRequest<'_, TestClient> {
    request.form((0..count).map(|_| ("a", "x")))
}

fn files(mut request: TestRequest<'_, TestClient>, count: usize) -> TestRequest<'_, TestClient> {
    for _ in 0..count {
        request = request.file("f", "f.txt", "x");
    }
    request
}

const ROWS: &[Row] = &[
    Row {
        limit: "max_body_size",
        encoding: UrlEncoded,
        app: |app| app.max_body_size(200),
        bring: sized,
        most: 200,
        refused: (413, "Content Too Large"),
    },
    Row {
        limit: "max_body_size",
        encoding: Multipart,
        app: |app| app.max_body_size(200),
        bring: sized_parts,
        most: 200,
        refused: (413, "Content Too Large"),
    },
    Row {
        limit: "max_fields",
        encoding: UrlEncoded,
        app: |app| app.form_limits(FormLimits::new().max_fields(3)),
        bring: several,
        most: 3,
        refused: (400, "Too many fields. Maximum number of fields is 3."),
    },
    Row {
        limit: "max_fields",
        encoding: Multipart,
        app: |app| app.form_limits(FormLimits::new().max_fields(3)),
        bring: |request, count| several(request, count).multipart(),
        most: 3,
        refused: (400, "Too many fields. Maximum number of fields is 3."),
    },
    Row {
        limit: "max_fields without saying so",
        encoding: UrlEncoded,
        app: |app| app,
        bring: several,
        most: 1000,
        refused: (400, "Too many fields. Maximum number of fields is 1000."),
    },
    Row {
        limit: "max_fields without saying so",
        encoding: Multipart,
        app: |app| app,
        bring: |request, count| several(request, count).multipart(),
        most: 1000,
        refused: (400, "Too many fields. Maximum number of fields is 1000."),
    },
    Row {
        limit: "max_files",
        encoding: Multipart,
        app: |app| app.form_limits(FormLimits::new().max_files(2).max_fields(0)),
        bring: files,
        most: 2,
        refused: (400, "Too many files. Maximum number of files is 2."),
    },
    Row {
        // There are no files in this encoding, so that no number of fields is too many.
        limit: "max_files",
        encoding: UrlEncoded,
        app: |app| app.form_limits(FormLimits::new().max_files(0).max_fields(5)),
        bring: several,
        most: 5,
        refused: (400, "Too many fields. Maximum number of fields is 5."),
    },
    Row {
        limit: "max_part_size",
        encoding: Multipart,
        app: |app| app.form_limits(FormLimits::new().max_part_size(2048)),
        bring: |request, size| text(request, size).multipart(),
        most: 2048,
        refused: (400, "Part exceeded maximum size of 2KB."),
    },
    Row {
        // The name counts too.
        limit: "max_part_size",
        encoding: UrlEncoded,
        app: |app| app.form_limits(FormLimits::new().max_part_size(2048)),
        bring: text,
        most: 2047,
        refused: (400, "Field exceeded maximum size of 2KB."),
    },
    Row {
        limit: "max_part_size without saying so",
        encoding: Multipart,
        app: |app| app,
        bring: |request, size| text(request, size).multipart(),
        most: 1 << 20,
        refused: (400, "Part exceeded maximum size of 1024KB."),
    },
    Row {
        limit: "max_part_size without saying so",
        encoding: UrlEncoded,
        app: |app| app,
        bring: text,
        most: (1 << 20) - 1,
        refused: (400, "Field exceeded maximum size of 1024KB."),
    },
];

#[test]
fn every_limit_holds_in_every_encoding() {
    for row in ROWS {
        let client = TestClient::new((row.app)(App::new().routes(routes![form, fields])));
        for path in ["/form", "/fields"] {
            let what = format!("{} {:?} at {path}", row.limit, row.encoding);
            for amount in [row.most - 1, row.most] {
                let answer = (row.bring)(client.post(path), amount).send();
                assert_eq!(answer.status(), 200, "{what}: {amount} {}", answer.text());
            }
            let (status, refusal) = row.refused;
            let detail = json!({"detail": refusal});
            let answer = (row.bring)(client.post(path), row.most + 1).send();
            assert_eq!(answer.status(), status, "{what}: {}", answer.text());
            match status {
                413 => assert_eq!(answer.text(), refusal, "{what}"),
                _ => assert_eq!(answer.json(), detail, "{what}"),
            }
            // The same for a body of unknown length.
            let request = (row.bring)(client.post(path), row.most + 1);
            let answer = request.header("transfer-encoding", "chunked").send();
            assert_eq!((answer.status(), answer.json()), (status, detail), "{what}");
        }
    }
}

#[test]
fn a_file_is_bounded_by_the_body_and_not_as_a_field() {
    let app = App::new().form_limits(FormLimits::new().max_part_size(1));
    let client = TestClient::new(app.routes(routes![fields]));
    client
        .post("/fields")
        .file("f", "f", vec![0; 1 << 20])
        .send()
        .assert_json(200, json!(1));
}

#[post("/read")]
async fn read(request: Request) -> Result<usize> {
    Ok(request.body().await?.len())
}

#[post("/")]
async fn root(request: Request) -> Result<usize> {
    Ok(request.body().await?.len())
}

#[get("/get")]
async fn get_only() {}

#[track_caller]
fn send(client: &TestClient, path: &str, size: usize) -> TestResponse {
    client.post(path).body(vec![b'x'; size]).send()
}

#[test]
fn a_body_that_is_announced_as_too_long_is_refused_wherever_it_goes() {
    let client = TestClient::new(App::new().max_body_size(5).routes(routes![read, get_only]));
    for path in ["/read", "/get", "/none"] {
        let answer = send(&client, path, 6);
        assert_eq!(
            (answer.status(), &*answer.text()),
            (413, "Content Too Large"),
            "{path}"
        );
        assert_eq!(
            answer.header("content-type"),
            Some("text/plain; charset=utf-8")
        );
    }
    send(&client, "/read", 5).assert_json(200, json!(5));
    assert_eq!(send(&client, "/get", 5).status(), 405);
    assert_eq!(send(&client, "/none", 5).status(), 404);
    // What is not announced shows only to whoever reads it.
    let chunked = |path: &str| {
        let request = client.post(path).body(vec![b'x'; 6]);
        request.header("transfer-encoding", "chunked").send()
    };
    chunked("/read").assert_json(413, json!({"detail": "Content Too Large"}));
    assert_eq!(chunked("/get").status(), 405);
    assert_eq!(chunked("/none").status(), 404);
}

#[test]
fn the_nearest_limit_counts() {
    #[post("/", max_body_size = 10)]
    async fn ten(request: Request) -> Result<usize> {
        Ok(request.body().await?.len())
    }

    #[post("/", max_body_size = 0)]
    async fn nothing(request: Request) -> Result<usize> {
        Ok(request.body().await?.len())
    }

    type Limits = [Option<usize>; 4];
    let status = |limits: Limits, route: Route, size: usize| {
        let limited = |router: Router, limit: Option<usize>| match limit {
            Some(limit) => router.max_body_size(limit),
            None => router,
        };
        let [app, parent, include, child] = limits;
        let child = limited(Router::new(), child).routes([route]);
        let include = limited(Router::new().prefix("/child"), include).include(child);
        let parent = limited(Router::new().prefix("/parent"), parent).include(include);
        let app = match app {
            Some(limit) => App::new().max_body_size(limit),
            None => App::new(),
        };
        send(
            &TestClient::new(app.include(parent)),
            "/parent/child/",
            size,
        )
        .status()
    };
    let plain = Route::of::<root>;
    for (limits, route, wanted) in [
        ([None, None, None, None], plain(), 200),
        ([Some(5), None, None, None], plain(), 413),
        ([Some(5), Some(10), None, None], plain(), 200),
        ([Some(10), Some(5), None, None], plain(), 413),
        ([Some(5), Some(5), Some(10), None], plain(), 200),
        ([Some(10), Some(10), Some(5), None], plain(), 413),
        ([Some(5), Some(5), Some(5), Some(10)], plain(), 200),
        ([Some(10), Some(10), Some(10), Some(5)], plain(), 413),
        (
            [Some(5), Some(5), Some(5), Some(5)],
            Route::of::<ten>(),
            200,
        ),
        (
            [Some(10), Some(10), Some(10), Some(10)],
            Route::of::<nothing>(),
            413,
        ),
        ([None, None, Some(0), None], plain(), 413),
    ] {
        assert_eq!(status(limits, route, 6), wanted, "{limits:?}");
    }
    assert_eq!(
        status([None, None, None, None], Route::of::<nothing>(), 0),
        200
    );
}

#[test]
fn each_form_limit_is_inherited_by_itself() {
    #[post("/", form_limits(max_part_size = 3))]
    async fn text(#[form] text: String) -> String {
        text
    }

    let child = || {
        Router::new()
            .form_limits(FormLimits::new().max_fields(1))
            .routes(routes![text])
    };
    let include = |prefix: &str, files: usize| {
        let limits = FormLimits::new().max_files(files).max_fields(4);
        Router::new()
            .prefix(prefix)
            .form_limits(limits)
            .include(child())
    };
    let app = App::new().form_limits(FormLimits::new().max_part_size(1));
    let client = TestClient::new(app.include(include("/one", 0)).include(include("/two", 1)));
    let post = |path: &str| {
        client
            .post(path)
            .form([("text", "abc")])
            .file("file", "f", "12345")
    };
    assert_eq!(post("/one/").send().status(), 400);
    post("/two/").send().assert_json(200, json!("abc"));
    assert_eq!(post("/two/").form([("text", "z")]).send().status(), 400);
    assert_eq!(
        client
            .post("/two/")
            .form([("text", "abcd")])
            .multipart()
            .send()
            .status(),
        400
    );
}

#[test]
fn a_mounted_application_inherits_limits_and_overrides_them() {
    let size = |above: Option<usize>, below: Option<usize>| {
        let limited = |app: App, limit: Option<usize>| match limit {
            Some(limit) => app.max_body_size(limit),
            None => app,
        };
        let child = limited(App::new().routes(routes![root]), below).build();
        let client = TestClient::new(limited(App::new(), above).mount("/child", child));
        send(&client, "/child/", 6).status()
    };
    assert_eq!(size(Some(5), None), 413);
    assert_eq!(size(Some(5), Some(10)), 200);
    assert_eq!(size(Some(10), Some(5)), 413);
    assert_eq!(size(None, None), 200);
    let child = App::new().routes(routes![root]).build();
    let router = Router::new()
        .prefix("/nested")
        .max_body_size(5)
        .mount("/mounted", child);
    let client = TestClient::new(App::new().include(router));
    assert_eq!(send(&client, "/nested/mounted/", 6).status(), 413);
    send(&client, "/nested/mounted/", 5).assert_json(200, json!(5));
}

#[test]
fn a_form_read_by_hand_may_have_limits_of_its_own() {
    #[post("/")]
    async fn by_hand(request: Request) -> Result<String> {
        let form = request.form_with(FormLimits::new().max_fields(1)).await?;
        Ok(form.text("text").unwrap_or_default().to_owned())
    }

    let app = App::new().form_limits(FormLimits::new().max_fields(0));
    let client = TestClient::new(app.routes(routes![by_hand, form]));
    client
        .post("/")
        .form([("text", "ok")])
        .send()
        .assert_json(200, json!("ok"));
    assert_eq!(
        client
            .post("/")
            .form([("text", "ok"), ("x", "y")])
            .send()
            .status(),
        400
    );
    assert_eq!(
        client.post("/form").form([("text", "ok")]).send().status(),
        400
    );
}

#[tokio::test]
async fn a_route_may_take_more_than_the_server_does_elsewhere() {
    use aplomb::serve::{Limits, Server};
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    #[post("/large", max_body_size = 100_000)]
    async fn large(request: Request) -> Result<usize> {
        Ok(request.body().await?.len())
    }

    let limits = Limits {
        body_bytes: 1000,
        ..Limits::default()
    };
    let app = App::new()
        .limits(limits.clone())
        .routes(routes![large, read]);
    let server = Server::new(std::sync::Arc::new(app.build())).limits(limits);
    let bound = server.address("127.0.0.1:0").bind().expect("a free port");
    let address = bound.address().to_string();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let serving = tokio::spawn(bound.serve_until(async {
        let _ = stopped.await;
    }));
    for (path, size, wanted) in [
        ("/large", 100_000, "200"),
        ("/large", 100_001, "413"),
        ("/read", 1000, "200"),
        ("/read", 1001, "413"),
    ] {
        let mut stream = tokio::net::TcpStream::connect(&address)
            .await
            .expect("a connection");
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: h\r\nconnection: close\r\ncontent-length: {size}\r\n\r\n"
        );
        let _ = stream.write_all(head.as_bytes()).await;
        let _ = stream.write_all(&vec![b'x'; size]).await;
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer).await;
        let answer = String::from_utf8_lossy(&answer);
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {wanted}")),
            "{path} {size}: {answer}"
        );
    }
    let _ = stop.send(());
    let _ = serving.await;
}

#[post("/unread")]
async fn leave_it_unread() {}

#[test]
fn what_is_announced_is_refused_before_it_comes_and_where_nobody_reads_it() {
    let app = App::new().max_body_size(5).routes(routes![leave_it_unread]);
    let served = Served::start(app, Limits::default());
    for (length, body, status) in [(6, "", 413), (5, "12345", 200)] {
        let line = format!("Content-Length: {length}\r\n");
        let mut stream = served.ask("POST", "/unread", &line);
        stream.write_all(body.as_bytes()).expect("sent");
        assert_eq!(answer(stream).0, status, "{length} bytes");
    }
}
