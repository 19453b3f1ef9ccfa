//! One row of the table: an argument, and the field of a model that says the same.

use aplomb::json::{Object, Value};
use aplomb::testing::{TestClient, TestResponse};
use aplomb::{App, json};

/// Where the parameter is.
#[allow(non_camel_case_types, reason = "they are spelt as in the attributes")]
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Place {
    query,
    header,
    cookie,
    body,
}

impl Place {
    fn name(self) -> &'static str {
        match self {
            Self::query => "query",
            Self::header => "header",
            Self::cookie => "cookie",
            Self::body => "body",
        }
    }
}

/// What an application must do with its parameter `p`.
pub(crate) struct Case {
    pub(crate) app: fn() -> App,
    pub(crate) place: Place,
    pub(crate) list: bool,
    pub(crate) required: bool,
    /// The names it is read under.
    pub(crate) names: Vec<&'static str>,
    /// Names it is not read under.
    pub(crate) others: Vec<&'static str>,
}

impl Case {
    #[track_caller]
    pub(crate) fn check(self) {
        let document = (self.app)().openapi();
        let client = TestClient::new((self.app)());
        for path in ["/single", "/model"] {
            self.check_document(&document, path);
            self.check_absent(path, &self.send(&client, path, None));
            for other in &self.others {
                self.check_absent(path, &self.send(&client, path, Some(other)));
            }
            for name in &self.names {
                let answer = self.send(&client, path, Some(name));
                let expected = match (self.list, self.place) {
                    (true, _) => json!({"p": ["hello", "world"]}),
                    // Of repeated names the last counts, of headers the first.
                    (false, Place::query) => json!({"p": "world"}),
                    (false, _) => json!({"p": "hello"}),
                };
                answer.assert_json(200, expected);
            }
            if self.names.len() > 1 {
                self.check_order(&client, path);
            }
        }
    }

    /// Sends `hello` and `world` under a name, or nothing.
    fn send(&self, client: &TestClient, path: &str, name: Option<&str>) -> TestResponse {
        let request = client.post(path);
        let Some(name) = name else {
            return match self.place {
                Place::body => request.json(&json!({})).send(),
                _ => request.send(),
            };
        };
        match self.place {
            Place::query => request.query([(name, "hello"), (name, "world")]).send(),
            Place::header => request.header(name, "hello").header(name, "world").send(),
            Place::cookie => request.cookie(name, "hello").send(),
            Place::body => {
                let value = match self.list {
                    true => json!(["hello", "world"]),
                    false => json!("hello"),
                };
                request.json(&Value::from_iter([(name, value)])).send()
            }
        }
    }

    fn check_absent(&self, path: &str, answer: &TestResponse) {
        if !self.required {
            answer.assert_json(200, json!({"p": null}));
            return;
        }
        assert_eq!(answer.status(), 422, "{path}");
        let detail = &answer.json()["detail"];
        assert_eq!(detail.as_array().map(<[Value]>::len), Some(1), "{detail}");
        let problem = &detail[0];
        assert_eq!(problem["type"], "missing", "{path}: {problem}");
        assert_eq!(problem["msg"], "Field required");
        assert_eq!(
            problem["loc"],
            json!([self.place.name(), self.names[0]]),
            "{path}"
        );
        match path {
            "/single" => assert!(problem["input"].is_null(), "{problem}"),
            _ => assert!(problem["input"].as_object().is_some(), "{problem}"),
        }
    }

    /// Of several names the first counts, whatever the order they are sent in.
    fn check_order(&self, client: &TestClient, path: &str) {
        let [first, second] = self.names[..] else {
            return;
        };
        let value = |text: &str| match self.list {
            true => json!([text]),
            false => json!(text),
        };
        let request = client.post(path);
        let answer = match self.place {
            Place::query => request.query([(second, "b"), (first, "a")]).send(),
            Place::header => request.header(second, "b").header(first, "a").send(),
            Place::cookie => request.cookie(second, "b").cookie(first, "a").send(),
            Place::body => {
                let body = [(second, value("b")), (first, value("a"))];
                request.json(&Value::from_iter(body)).send()
            }
        };
        answer.assert_json(200, json!({"p": value("a")}));
    }

    fn check_document(&self, document: &Value, path: &str) {
        let name = self.names[0];
        let words: Vec<String> = name.split('_').map(capitalized).collect();
        let mut schema = match self.list {
            true => json!({"type": "array", "items": {"type": "string"}}),
            false => json!({"type": "string"}),
        };
        if !self.required {
            schema = json!({"anyOf": [schema, {"type": "null"}]});
        }
        schema["title"] = json!(words.join(" "));
        let operation = &document["paths"][path]["post"];
        if self.place != Place::body {
            let shown = json!([{
                "name": name, "in": self.place.name(), "required": self.required,
                "schema": schema,
            }]);
            assert!(
                operation["parameters"].same(&shown),
                "{}",
                operation["parameters"]
            );
            return;
        }
        let media = &operation["requestBody"]["content"]["application/json"];
        let reference = media["schema"]["$ref"].as_str().expect("a reference");
        let component = reference.rsplit('/').next().expect("a name");
        let body = &document["components"]["schemas"][component];
        let mut properties = Object::new();
        properties.insert(name.to_owned(), schema);
        assert!(
            body["properties"].same(&Value::Object(properties)),
            "{body}"
        );
        let required = body["required"]
            .as_array()
            .is_some_and(|all| all == [json!(name)]);
        assert_eq!(required, self.required, "{body}");
    }
}

fn capitalized(word: &str) -> String {
    word[..1].to_uppercase() + &word[1..]
}
