//! Bodies that are not what their type says.

use super::*;

#[post("/text")]
async fn text(#[form] a: String) -> String {
    a
}

#[post("/upload")]
async fn upload(a: UploadFile) -> String {
    a.filename().to_owned()
}

#[track_caller]
fn check(path: &str, content_type: &str, body: &[u8], status: u16, wanted: Value) {
    let client = TestClient::new(App::new().routes(routes![text, upload]));
    let request = client
        .post(path)
        .body(body.to_vec())
        .header("content-type", content_type);
    request.send().assert_json(status, wanted);
}

fn part(head: &str, content: &str) -> Vec<u8> {
    format!("--X\r\n{head}\r\n\r\n{content}\r\n--X--\r\n").into_bytes()
}

const MULTIPART: &str = "multipart/form-data; boundary=X";
const NAMED: &str = r#"Content-Disposition: form-data; name="a""#;

#[test]
fn a_body_without_a_boundary_is_refused() {
    let wanted = json!({"detail": "Missing boundary in multipart."});
    check(
        "/text",
        "multipart/form-data",
        &part(NAMED, "b"),
        400,
        wanted,
    );
}

#[test]
fn a_body_that_is_not_in_parts_is_refused() {
    for body in ["garbage", "--Y\r\n\r\n", "--X\r\nno header\r\n\r\n"] {
        let wanted = json!({"detail": "Invalid multipart data."});
        check("/text", MULTIPART, body.as_bytes(), 400, wanted);
    }
}

#[test]
fn a_part_without_a_name_is_refused() {
    let detail = r#"The Content-Disposition header field "name" must be provided."#;
    for head in [
        "Content-Type: text/plain",
        "Content-Disposition: form-data; filename=a",
    ] {
        check(
            "/text",
            MULTIPART,
            &part(head, "b"),
            400,
            json!({"detail": detail}),
        );
    }
}

#[test]
fn what_is_unusual_is_read_as_fastapi_does() {
    check(
        "/text",
        r#"Multipart/Form-Data; BOUNDARY="X""#,
        &part(NAMED, "b"),
        200,
        json!("b"),
    );
    let head = "content-disposition: attachment; name=a";
    check("/text", MULTIPART, &part(head, "b"), 200, json!("b"));
    check(
        "/text",
        MULTIPART,
        &part(NAMED, "h\u{e9}"),
        200,
        json!("h\u{e9}"),
    );
    let latin1 = [&part(NAMED, "")[..NAMED.len() + 9], b"h\xe9\r\n--X--"].concat();
    check("/text", MULTIPART, &latin1, 200, json!("h\u{e9}"));
    let named = |filename: &str| part(&format!("{NAMED}; filename={filename}"), "b");
    check(
        "/upload",
        MULTIPART,
        &named("plain.txt"),
        200,
        json!("plain.txt"),
    );
    check(
        "/upload",
        MULTIPART,
        &named(r#""\"q\" \u{e9};.txt""#),
        200,
        json!(r#""q" \u{e9};.txt"#),
    );
    check(
        "/upload",
        MULTIPART,
        &named(r#""C:\dir\x.txt""#),
        200,
        json!("x.txt"),
    );
}

#[test]
fn a_part_that_does_not_end_is_left_out() {
    let whole = part(NAMED, "b");
    let missing = json!({"detail": [{
        "type": "missing", "loc": ["body", "a"], "msg": "Field required", "input": null,
    }]});
    for length in [0, 4, 20, whole.len() - 8] {
        check("/text", MULTIPART, &whole[..length], 422, missing.clone());
    }
    check(
        "/text",
        MULTIPART,
        &[&whole[..whole.len() - 4], b"\r\n"].concat(),
        200,
        json!("b"),
    );
}
