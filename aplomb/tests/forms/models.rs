//! Models whose fields are the fields of a form.

use super::*;

#[derive(Model)]
struct Profile {
    name: String,
    age: i64,
    #[field(default)]
    tags: Vec<String>,
}

#[derive(Model)]
#[model(extra = "forbid")]
struct Closed {
    name: String,
    nick: Option<String>,
}

#[derive(Model)]
#[model(untagged)]
enum Untagged {
    Text(TextForm),
    List(ListForm),
}

#[derive(Model)]
#[model(tag = "kind")]
enum Tagged {
    #[model(value = "text")]
    Text(TextForm),
    #[model(value = "list")]
    List(ListForm),
}

#[derive(Model)]
#[model(constant(kind = "text"))]
struct TextForm {
    value: String,
    #[field(default = true)]
    enabled: bool,
}

#[derive(Model)]
#[model(constant(kind = "list"))]
struct ListForm {
    value: Vec<String>,
}

#[derive(Model)]
#[model(extra = "forbid")]
struct Aliased {
    #[field(aliases("primary", "secondary"))]
    value: String,
}

#[derive(Model)]
struct Upload {
    name: String,
    file: Option<UploadFile>,
    #[field(default)]
    files: Vec<UploadFile>,
}

#[post("/one")]
async fn one(#[form] profile: Profile) -> Profile {
    profile
}

#[post("/closed")]
async fn closed(#[form] data: Closed) -> Closed {
    data
}

#[post("/optional")]
async fn optional(#[form] token: String, #[form] profile: Option<Profile>) -> Value {
    json!([token, profile])
}

#[post("/several")]
async fn several(#[form] profile: Profile, #[form] data: Closed) -> Value {
    json!([profile, data])
}

#[post("/union")]
async fn union(#[form] data: Untagged) -> Untagged {
    data
}

#[post("/tagged")]
async fn tagged(#[form] data: Option<Tagged>) -> Value {
    json!(data)
}

#[post("/aliased")]
async fn aliased(#[form] data: Aliased) -> String {
    data.value
}

#[post("/upload")]
async fn upload(#[form(media_type = "multipart/form-data")] data: Upload) -> Value {
    let sizes: Vec<u64> = data.files.iter().map(UploadFile::size).collect();
    json!([data.name, data.file.map(|file| file.size()), sizes])
}

fn client() -> TestClient {
    TestClient::new(App::new().routes(routes![
        one, closed, optional, several, union, tagged, aliased, upload
    ]))
}

#[test]
fn the_fields_of_a_model_are_those_of_the_form() {
    let client = client();
    let fields = [
        ("name", "Ada"),
        ("age", "36"),
        ("tags", "a"),
        ("tags", ""),
        ("more", "x"),
    ];
    let wanted = json!({"name": "Ada", "age": 36, "tags": ["a", ""]});
    post(&client, "/one", &fields).assert_json(200, wanted);
    let answer = post(&client, "/one", &[("name", ""), ("age", "x"), ("more", "")]);
    answer.assert_json(
        422,
        json!({"detail": [
            {"type": "missing", "loc": ["body", "name"], "msg": "Field required",
             "input": {"age": "x", "more": ""}},
            {"type": "int_parsing", "loc": ["body", "age"],
             "msg": "Input should be a valid integer, unable to parse string as an integer",
             "input": "x"},
        ]}),
    );
    assert_problems(
        &post(&client, "/one", &[]),
        &[("body.name", "missing"), ("body.age", "missing")],
    );
}

#[test]
fn a_model_may_forbid_other_names() {
    let client = client();
    post(&client, "/closed", &[("name", "Ada")])
        .assert_json(200, json!({"name": "Ada", "nick": null}));
    let answer = post(
        &client,
        "/closed",
        &[
            ("name", "Ada"),
            ("nick", ""),
            ("x", ""),
            ("y", "1"),
            ("y", "2"),
        ],
    );
    answer.assert_json(422, json!({"detail": [
        {"type": "extra_forbidden", "loc": ["body", "x"], "msg": "Extra inputs are not permitted", "input": ""},
        {"type": "extra_forbidden", "loc": ["body", "y"], "msg": "Extra inputs are not permitted", "input": ["1", "2"]},
    ]}));
}

#[test]
fn an_optional_model_is_absent_unless_one_of_its_names_is_there() {
    let client = client();
    post(&client, "/optional", &[("token", "t")]).assert_json(200, json!(["t", null]));
    let fields = [("token", "t"), ("name", "Ada"), ("age", "3")];
    let profile = json!({"name": "Ada", "age": 3, "tags": []});
    post(&client, "/optional", &fields).assert_json(200, json!(["t", profile]));
    let answer = post(&client, "/optional", &[("token", "t"), ("name", "")]);
    assert_problems(
        &answer,
        &[("body.name", "missing"), ("body.age", "missing")],
    );
}

#[test]
fn every_model_sees_the_whole_form() {
    let answer = post(&client(), "/several", &[("name", "Ada"), ("age", "3")]);
    assert_problems(&answer, &[("body.age", "extra_forbidden")]);
}

#[test]
fn each_branch_of_a_union_sees_its_own_shapes() {
    let client = client();
    let list = |values: &[&str]| json!({"kind": "list", "value": values});
    for path in ["/union", "/tagged"] {
        for values in [&[""][..], &["", "blue"], &["red"]] {
            let mut fields = vec![("kind", "list")];
            fields.extend(values.iter().map(|value| ("value", *value)));
            post(&client, path, &fields).assert_json(200, list(values));
        }
        let fields = [("kind", "text"), ("value", "a"), ("enabled", "off")];
        let wanted = json!({"kind": "text", "value": "a", "enabled": false});
        post(&client, path, &fields).assert_json(200, wanted);
    }
    assert_problems(
        &post(&client, "/tagged", &[("kind", "text"), ("value", "")]),
        &[("body.text.value", "missing")],
    );
    assert_problems(
        &post(&client, "/union", &[("kind", "text"), ("value", "")]),
        &[
            ("body.TextForm.value", "missing"),
            ("body.ListForm.kind", "literal_error"),
        ],
    );
    assert_problems(
        &post(&client, "/tagged", &[("value", "a")]),
        &[("body", "union_tag_not_found")],
    );
    assert_problems(
        &post(&client, "/tagged", &[("kind", "x")]),
        &[("body", "union_tag_invalid")],
    );
    post(&client, "/tagged", &[("x", "y")]).assert_json(200, json!(null));
}

#[test]
fn the_first_alias_with_a_value_is_taken() {
    let client = client();
    let fields = [("primary", ""), ("secondary", "b")];
    post(&client, "/aliased", &fields).assert_json(200, json!("b"));
    let answer = post(&client, "/aliased", &[("primary", "a"), ("secondary", "")]);
    assert_problems(&answer, &[("body.secondary", "extra_forbidden")]);
}

#[test]
fn a_model_may_hold_files() {
    let client = client();
    let request = client
        .post("/upload")
        .form([("name", "n")])
        .file("file", "", "");
    let request = request.file("files", "", "").file("files", "a", "12");
    request.send().assert_json(200, json!(["n", null, [2]]));
    let request = client
        .post("/upload")
        .form([("name", "n"), ("files", "text")]);
    let answer = request.file("file", "a", "123").send();
    assert_problems(&answer, &[("body.files.0", "value_error")]);
}

#[dependency]
async fn named(#[form] name: String) -> String {
    name
}

/// A body that a dependency of its function makes a form.
#[post("/beside")]
async fn beside(profile: Closed, name: Depends<named>) -> Value {
    json!([profile, *name])
}

#[test]
fn a_model_is_never_found_as_one_field_of_a_form() {
    let client = TestClient::new(App::new().routes(routes![beside]));
    let missing = |name: &str| json!({"type": "missing", "loc": ["body", name], "msg": "Field required", "input": null});
    let nothing = json!({"detail": [missing("name"), missing("profile")]});
    let sent = json!({"name": "Ada", "profile": {"name": "Ada"}});
    let answer = client.post("/beside").json(&sent).send();
    answer.assert_json(422, nothing.clone());
    client.post("/beside").send().assert_json(422, nothing);
    let answer = client.post("/beside").form([("name", "Ada")]).send();
    answer.assert_json(422, json!({"detail": [missing("profile")]}));
    let text = "{\"name\":\"Ada\"}";
    let form = client
        .post("/beside")
        .form([("name", "Ada"), ("profile", text)]);
    form.send().assert_json(
        422,
        json!({"detail": [{
            "type": "model_attributes_type",
            "loc": ["body", "profile"],
            "msg": "Input should be a valid dictionary or object to extract fields from",
            "input": text,
        }]}),
    );
    let document = App::new().routes(routes![beside]).openapi();
    let body = &document["paths"]["/beside"]["post"]["requestBody"];
    let media: Vec<&String> = body["content"]
        .as_object()
        .expect("an object")
        .keys()
        .collect();
    assert_eq!(media, ["application/x-www-form-urlencoded"]);
    let fields = &document["components"]["schemas"]["Body_beside_beside_post"];
    assert_eq!(fields["required"], json!(["profile", "name"]));
}
