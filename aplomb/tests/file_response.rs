//! Files as answers: headers, ranges, conditions, and files that are not there.

use std::time::{Duration, SystemTime};

use aplomb::prelude::*;
use aplomb::testing::TestClient;
use aplomb::{Error, http::Response};
use tempfile::TempDir;

/// Longer than what is read at once.
const LONG: usize = 200_000;

fn long() -> Vec<u8> {
    (0..LONG).map(|index| (index * 7 % 251) as u8).collect()
}

struct Folder(TempDir);

impl Folder {
    fn file(&self, name: &str) -> FileResponse {
        FileResponse::new(self.0.path().join(name))
    }
}

#[get("/files/{name}")]
async fn read_file(name: String, folder: State<Folder>) -> FileResponse {
    folder.file(&name).header("x-shelf", "7")
}

#[get("/conditional/{name}")]
async fn read_conditional(name: String, folder: State<Folder>) -> FileResponse {
    folder.file(&name).conditional(true)
}

#[head("/files/{name}")]
async fn head_file(name: String, folder: State<Folder>) -> FileResponse {
    folder.file(&name)
}

#[post("/files/{name}", status = 201)]
async fn made(name: String, folder: State<Folder>) -> FileResponse {
    folder.file(&name)
}

#[get("/named")]
async fn named(filename: String, folder: State<Folder>) -> FileResponse {
    let file = folder.file("note.txt").filename(filename);
    file.content_disposition_type("inline")
}

#[get("/missing-page")]
async fn missing_page(folder: State<Folder>) -> Response {
    Response::from(folder.file("note.txt").status(404))
}

fn app() -> App {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("note.txt"), "0123456789").expect("a file");
    std::fs::write(folder.path().join("empty.bin"), "").expect("a file");
    std::fs::write(folder.path().join("long.bin"), long()).expect("a file");
    std::fs::create_dir(folder.path().join("folder")).expect("a folder");
    let note = std::fs::File::options()
        .write(true)
        .open(folder.path().join("note.txt"));
    let changed = SystemTime::UNIX_EPOCH + Duration::from_millis(1_700_000_000_250);
    note.and_then(|note| note.set_modified(changed))
        .expect("a time");
    App::new().state(Folder(folder)).routes(routes![
        read_file,
        read_conditional,
        head_file,
        made,
        named,
        missing_page,
    ])
}

fn client() -> TestClient {
    TestClient::new(app())
}

#[test]
fn a_file_has_the_headers_that_starlette_sends() {
    let answer = client().get("/files/note.txt").send();
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.text(), "0123456789");
    for (name, value) in [
        ("content-type", "text/plain; charset=utf-8"),
        ("content-length", "10"),
        ("accept-ranges", "bytes"),
        ("last-modified", "Tue, 14 Nov 2023 22:13:20 GMT"),
        // md5 of `1700000000.25-10`
        ("etag", "\"e085d01dfba3f06a6b35d328b7347a75\""),
        ("x-shelf", "7"),
    ] {
        assert_eq!(answer.header(name), Some(value), "{name}");
    }
    assert_eq!(answer.header("content-disposition"), None);
}

#[test]
fn head_has_the_length_and_no_body() {
    for (name, length) in [("note.txt", "10"), ("long.bin", "200000")] {
        let answer = client().head(&format!("/files/{name}")).send();
        assert_eq!(answer.header("content-length"), Some(length));
        assert!(answer.text().is_empty());
    }
}

#[test]
fn names_are_quoted_so_that_they_stay_inside_the_header() {
    for (filename, disposition) in [
        ("a.txt", "inline; filename=\"a.txt\""),
        ("a b.txt", "inline; filename*=utf-8''a%20b.txt"),
        ("caf%C3%A9.pdf", "inline; filename*=utf-8''caf%C3%A9.pdf"),
        (
            "x%22%0D%0Ay: z",
            "inline; filename*=utf-8''x%22%0D%0Ay%3A%20z",
        ),
    ] {
        let answer = client().get(&format!("/named?filename={filename}")).send();
        assert_eq!(answer.header("content-disposition"), Some(disposition));
    }
    let answer = client().get("/named?filename=report.pdf").send();
    assert_eq!(answer.header("content-type"), Some("application/pdf"));
}

#[test]
fn one_range_is_that_part() {
    for (range, part, text) in [
        ("bytes=2-4", "bytes 2-4/10", "234"),
        ("bytes=7-", "bytes 7-9/10", "789"),
        ("bytes=-3", "bytes 7-9/10", "789"),
        ("bytes=5-500", "bytes 5-9/10", "56789"),
        ("bytes=0-1,2-3", "bytes 0-3/10", "0123"),
    ] {
        let answer = client()
            .get("/files/note.txt")
            .header("range", range)
            .send();
        assert_eq!(answer.status(), 206, "{range}");
        assert_eq!(answer.header("content-range"), Some(part));
        assert_eq!(answer.text(), text);
        assert_eq!(
            answer.header("content-length"),
            Some(&*text.len().to_string())
        );
    }
}

#[test]
fn a_range_of_a_long_file_is_read_from_its_middle() {
    let client = client();
    let whole = client.get("/files/long.bin").send();
    assert_eq!(**whole.bytes(), *long());
    let range = "bytes=100000-199998";
    let answer = client.get("/files/long.bin").header("range", range).send();
    assert_eq!(answer.status(), 206);
    assert_eq!(**answer.bytes(), long()[100_000..199_999]);
}

#[test]
fn several_ranges_are_a_multipart_body_of_the_announced_length() {
    for (name, ranges) in [
        ("note.txt", "bytes=8-8, 0-1"),
        ("long.bin", "bytes=150000-199999,0-99999"),
    ] {
        let answer = client()
            .get(&format!("/files/{name}"))
            .header("range", ranges)
            .send();
        assert_eq!(answer.status(), 206);
        let content_type = answer.header("content-type").expect("a type");
        let boundary = content_type
            .strip_prefix("multipart/byteranges; boundary=")
            .expect("a boundary");
        let content = answer.bytes();
        assert_eq!(
            answer.header("content-length"),
            Some(&*content.len().to_string())
        );
        let first = format!("--{boundary}\r\nContent-Type: ");
        assert!(content.starts_with(first.as_bytes()));
        assert!(content.ends_with(format!("\r\n--{boundary}--").as_bytes()));
        if name == "note.txt" {
            let wanted = format!(
                "--{boundary}\r\nContent-Type: text/plain; charset=utf-8\r\n\
                 Content-Range: bytes 0-1/10\r\n\r\n01\r\n\
                 --{boundary}\r\nContent-Type: text/plain; charset=utf-8\r\n\
                 Content-Range: bytes 8-8/10\r\n\r\n8\r\n--{boundary}--"
            );
            assert_eq!(answer.text(), wanted);
        }
    }
}

#[test]
fn ranges_that_cannot_be_are_416_or_400() {
    let ask = |name: &str, range: &str| {
        let client = client();
        let request = client.get(&format!("/files/{name}"));
        request.header("range", range).send()
    };
    let answer = ask("note.txt", "bytes=10-");
    assert_eq!((answer.status(), &*answer.text()), (416, ""));
    assert_eq!(answer.header("content-range"), Some("bytes */10"));
    assert_eq!(ask("empty.bin", "bytes=0-").status(), 416);
    let answer = ask("note.txt", "lines=1-2");
    assert_eq!(
        (answer.status(), &*answer.text()),
        (400, "Only support bytes range")
    );
    assert_eq!(ask("note.txt", "bytes").text(), "Malformed range header.");
    assert_eq!(ask("note.txt", "bytes=5-2").status(), 400);
}

#[test]
fn if_range_asks_for_the_whole_file_once_it_has_changed() {
    let client = client();
    let etag = client.get("/files/note.txt").send();
    let etag = etag.header("etag").expect("an etag");
    let weak = format!("W/{etag}");
    for (condition, status) in [
        (etag, 206),
        ("Tue, 14 Nov 2023 22:13:20 GMT", 206),
        (&weak, 200),
        ("\"other\"", 200),
        ("Tue, 14 Nov 2023 22:13:21 GMT", 200),
    ] {
        let request = client.get("/files/note.txt").header("range", "bytes=0-1");
        let answer = request.header("if-range", condition).send();
        assert_eq!(answer.status(), status, "{condition}");
    }
}

#[test]
fn only_a_conditional_file_is_304() {
    let client = client();
    let etag = client.get("/files/note.txt").send();
    let etag = etag.header("etag").expect("an etag");
    for (name, value, status) in [
        ("if-none-match", etag, 304),
        ("if-none-match", "\"a\", W/\"b\"", 200),
        ("if-none-match", " * ", 304),
        ("if-none-match", "\"a\", *", 200),
        ("if-modified-since", "Tue, 14 Nov 2023 22:13:20 GMT", 304),
        ("if-modified-since", "Tue, 14 Nov 2023 22:13:19 GMT", 200),
        ("if-modified-since", "yesterday", 200),
    ] {
        let answer = client
            .get("/conditional/note.txt")
            .header(name, value)
            .send();
        assert_eq!(answer.status(), status, "{name}: {value}");
        if status == 304 {
            assert_eq!(answer.header("etag"), Some(etag));
            assert_eq!(answer.header("content-type"), None);
            assert!(answer.text().is_empty());
        }
        let answer = client.get("/files/note.txt").header(name, value).send();
        assert_eq!(answer.status(), 200);
    }
}

#[test]
fn ranges_are_for_get_and_success_only() {
    let client = client();
    let answer = client
        .post("/files/note.txt")
        .header("range", "bytes=0-1")
        .send();
    assert_eq!((answer.status(), &*answer.text()), (201, "0123456789"));
    let answer = client
        .get("/missing-page")
        .header("range", "bytes=0-1")
        .send();
    assert_eq!((answer.status(), &*answer.text()), (404, "0123456789"));
}

#[test]
fn a_file_that_is_not_there_is_an_error_of_the_service() {
    let plain = client().raise_server_exceptions(false);
    for name in ["nothing.txt", "%00", "folder"] {
        let answer = plain.get(&format!("/files/{name}")).send();
        assert_eq!(
            (answer.status(), &*answer.text()),
            (500, "Internal Server Error"),
            "{name}"
        );
    }
    let app = app().status_handler(500, |_, error: Error| async move {
        assert!(error.to_string().contains("does not exist"), "{error}");
        FileResponse::new("Cargo.toml").status(503)
    });
    let answer = TestClient::new(app)
        .raise_server_exceptions(false)
        .get("/files/nothing.txt")
        .send();
    assert_eq!(answer.status(), 503);
    assert!(answer.text().starts_with("[package]"));
}

#[test]
fn the_document_shows_no_content() {
    let document = app().openapi();
    let answer = &document["paths"]["/files/{name}"]["get"]["responses"]["200"];
    assert_eq!(*answer, json!({"description": "Successful Response"}));
}
