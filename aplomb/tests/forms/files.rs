//! Uploaded files.

use super::*;
use ::bytes::Bytes;

#[post("/upload")]
async fn upload(file: UploadFile) -> Value {
    let headers = file.headers().iter();
    let headers: Vec<_> = headers.map(|(name, _)| name.as_str().to_owned()).collect();
    json!([file.filename(), file.size(), file.content_type(), headers])
}

#[post("/bytes")]
async fn bytes(#[file(max_length = 5)] file: Bytes) -> usize {
    file.len()
}

#[post("/vec")]
async fn vec(#[file] file: Vec<u8>) -> Value {
    json!(file)
}

#[post("/optional")]
async fn optional(file: Option<UploadFile>, #[file] other: Option<Vec<u8>>) -> Value {
    json!([file.map(|file| file.size()), other.map(|other| other.len())])
}

#[post("/several")]
async fn several(#[file(description = "All of them")] files: Vec<UploadFile>) -> Result<Value> {
    let mut texts = Vec::new();
    for file in files {
        texts.push(String::from_utf8(file.read_all().await?.to_vec())?);
    }
    Ok(json!(texts))
}

#[post("/contents")]
async fn contents(#[file] files: Option<Vec<Bytes>>) -> Value {
    json!(files.map(|files| files.iter().map(Bytes::len).collect::<Vec<_>>()))
}

#[post("/mixed")]
async fn mixed(
    #[file] file: Vec<u8>,
    #[file(alias = "b")] fileb: UploadFile,
    #[form] token: String,
) -> Value {
    json!([file.len(), fileb.content_type(), token])
}

#[post("/text")]
async fn text(#[form] file: String) -> String {
    file
}

#[post("/form-bytes")]
async fn form_bytes(#[form] file: Bytes) -> usize {
    file.len()
}

#[dependency]
async fn length(#[file] file: Vec<u8>) -> usize {
    file.len()
}

#[post("/twice")]
async fn twice(
    length: Depends<length>,
    file: UploadFile,
    #[file(alias = "file")] same: UploadFile,
) -> Result<Value> {
    let start = file.read(2).await?;
    let rest = same.read_all().await?;
    Ok(json!([*length, start.len(), rest.len()]))
}

#[post("/steps")]
async fn steps(file: UploadFile) -> Result<Value> {
    use std::io::{Read as _, Seek as _, SeekFrom};
    let mut texts = Vec::new();
    texts.push(file.read(3).await?);
    texts.push(file.read(100).await?);
    texts.push(file.read(1).await?);
    file.seek(SeekFrom::Start(1)).await?;
    texts.push(file.read(2).await?);
    file.seek(SeekFrom::Current(-1)).await?;
    texts.push(file.read(1).await?);
    texts.push(file.bytes().await?);
    file.seek(SeekFrom::End(-1)).await?;
    texts.push(file.read_all().await?);
    let mut reader = file.reader();
    reader.rewind()?;
    let mut all = Vec::new();
    reader.read_to_end(&mut all)?;
    texts.push(all.into());
    let refused = file.seek(SeekFrom::Current(i64::MIN)).await.is_err();
    file.close().await;
    let closed = file.read(1).await.is_err() && reader.read(&mut [0]).is_err();
    let texts: Vec<_> = texts
        .iter()
        .map(|text| String::from_utf8_lossy(text))
        .collect();
    Ok(json!([texts, refused, closed]))
}

fn client() -> TestClient {
    TestClient::new(App::new().routes(routes![
        upload, bytes, vec, optional, several, contents, mixed, text, form_bytes, twice, steps
    ]))
}

#[test]
fn a_file_knows_its_name_size_type_and_headers() {
    let answer = client()
        .post("/upload")
        .file("file", "a.txt", "hello")
        .send();
    answer.assert_json(
        200,
        json!([
            "a.txt",
            5,
            "text/plain",
            ["content-disposition", "content-type"]
        ]),
    );
}

#[test]
fn a_file_is_read_in_steps() {
    for (size, large) in [
        (6, "123456".to_owned()),
        (3 << 20, "x".repeat((3 << 20) - 6) + "123456"),
    ] {
        let answer = client()
            .post("/steps")
            .file("file", "a.txt", large.clone())
            .send();
        let answer = answer.json();
        let texts = answer[0].as_array().expect("texts");
        let text = |index: usize| texts[index].as_str().expect("a text").to_owned();
        assert_eq!(text(0), large[..3], "{size}");
        assert_eq!(text(1), large[3..size.min(103)]);
        assert_eq!(text(2), large[size.min(103)..size.min(104)]);
        assert_eq!(
            (text(3), text(4)),
            (large[1..3].to_owned(), large[2..3].to_owned())
        );
        assert_eq!(
            (text(5), text(6), text(7)),
            (large.clone(), "6".to_owned(), large)
        );
        assert_eq!((&answer[1], &answer[2]), (&json!(true), &json!(true)));
    }
}

#[test]
fn the_content_is_given_as_bytes() {
    let client = client();
    client
        .post("/bytes")
        .file("file", "a", "hello")
        .send()
        .assert_json(200, json!(5));
    client
        .post("/vec")
        .file("file", "a", vec![0, 255])
        .send()
        .assert_json(200, json!([0, 255]));
    // A field will do too.
    post(&client, "/bytes", &[("file", "hello")]).assert_json(200, json!(5));
    let too_long = client.post("/bytes").file("file", "a", "hello!").send();
    too_long.assert_json(422, json!({"detail": [{
        "type": "bytes_too_long", "loc": ["body", "file"], "msg": "Data should have at most 5 bytes",
        "input": "hello!", "ctx": {"max_length": 5},
    }]}));
}

#[test]
fn a_text_is_no_file() {
    let client = client();
    let problem = |place: Value| {
        json!({"detail": [{
            "type": "value_error", "loc": place,
            "msg": "Value error, Expected UploadFile, received: <class 'str'>",
            "input": "hello", "ctx": {"error": {}},
        }]})
    };
    let place = json!(["body", "file"]);
    post(&client, "/upload", &[("file", "hello")]).assert_json(422, problem(place));
    let place = json!(["body", "files", 0]);
    post(&client, "/several", &[("files", "hello")]).assert_json(422, problem(place));
}

#[test]
fn a_file_is_no_text() {
    let client = client();
    for (path, kind) in [("/text", "string_type"), ("/form-bytes", "bytes_type")] {
        let answer = client.post(path).file("file", "a.txt", "hello").send();
        assert_problems(&answer, &[("body.file", kind)]);
        let input = &answer.json()["detail"][0]["input"];
        assert_eq!(
            (&input["filename"], &input["size"]),
            (&json!("a.txt"), &json!(5))
        );
        assert_eq!(input["headers"]["content-type"], "text/plain");
    }
}

#[test]
fn a_file_nobody_chose_is_absent() {
    let client = client();
    let request = client
        .post("/optional")
        .file("file", "", "")
        .file("other", "", "");
    request.send().assert_json(200, json!([null, null]));
    let request = client
        .post("/optional")
        .file("file", "", "x")
        .file("other", "empty.txt", "");
    request.send().assert_json(200, json!([1, 0]));
    post(&client, "/optional", &[]).assert_json(200, json!([null, null]));
    assert_problems(
        &client.post("/upload").file("file", "", "").send(),
        &[("body.file", "missing")],
    );
    assert_problems(
        &client.post("/several").file("files", "", "").send(),
        &[("body.files", "missing")],
    );
    let request = client
        .post("/contents")
        .file("files", "", "")
        .file("files", "a", "12");
    request.send().assert_json(200, json!([2]));
    client
        .post("/contents")
        .file("files", "", "")
        .send()
        .assert_json(200, json!(null));
}

#[test]
fn files_keep_their_order() {
    let client = client();
    let mut request = client.post("/several").multipart();
    let texts: Vec<String> = (0..20).map(|number| format!("file {number}")).collect();
    for text in &texts {
        request = request.file("files", "same.txt", text.clone());
    }
    request.send().assert_json(200, json!(texts));
}

#[test]
fn files_and_fields_come_in_any_order() {
    let client = client();
    let wanted = json!([3, "text/html", "t"]);
    let request = client
        .post("/mixed")
        .form([("token", "t")])
        .file("b", "b.html", "");
    request
        .file("file", "a", "123")
        .send()
        .assert_json(200, wanted.clone());
    let request = client
        .post("/mixed")
        .file("file", "a", "123")
        .form([("token", "t")]);
    request
        .file("b", "b.html", "")
        .send()
        .assert_json(200, wanted);
    assert_problems(
        &post(&client, "/mixed", &[]),
        &[
            ("body.file", "missing"),
            ("body.b", "missing"),
            ("body.token", "missing"),
        ],
    );
}

#[test]
fn one_file_may_be_taken_several_times() {
    let answer = client().post("/twice").file("file", "a", "12345").send();
    answer.assert_json(200, json!([5, 2, 3]));
}
