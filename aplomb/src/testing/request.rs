//! [`TestRequest`]: a request of a test client before it is sent.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use serde::Serialize;

use super::form::Form;
use super::url::Address;

/// A request before it is sent; made by the methods of [`TestClient`](super::TestClient) and
/// [`AsyncTestClient`](super::AsyncTestClient).
///
/// ```
/// use aplomb::{App, Request, json, post, routes};
/// use aplomb::testing::TestClient;
///
/// #[post("/echo")]
/// async fn echo(request: Request, #[body] text: String, lang: Option<String>) -> String {
///     format!("{text} {lang:?} {:?}", request.header("x-token"))
/// }
///
/// let client = TestClient::new(App::new().routes(routes![echo]));
/// let request = client.post("/echo").query([("lang", "en")]).header("X-Token", "secret");
/// let response = request.json(&json!("Hi")).send();
/// assert_eq!(response.json(), r#"Hi Some("en") Some("secret")"#);
/// ```
#[derive(Clone, Debug)]
#[must_use = "a request does nothing until it is sent"]
pub struct TestRequest<'c, C> {
    client: &'c C,
    message: Message,
    form: Form,
    /// The content type that the form has set.
    form_type: Option<HeaderValue>,
}

/// What is sent.
#[derive(Clone, Debug)]
pub(super) struct Message {
    pub(super) method: Method,
    pub(super) address: Address,
    pub(super) headers: HeaderMap,
    /// Cookies of this request alone.
    pub(super) cookies: Vec<String>,
    pub(super) body: Option<Bytes>,
    pub(super) follow_redirects: bool,
}

/// What holds for all requests of a client.
pub(super) struct Defaults {
    pub(super) base: Address,
    pub(super) headers: HeaderMap,
    pub(super) follow_redirects: bool,
}

impl<'c, C> TestRequest<'c, C> {
    #[track_caller]
    pub(super) fn new(client: &'c C, method: &str, url: &str, defaults: Defaults) -> Self {
        let Ok(method) = Method::from_bytes(method.as_bytes()) else {
            panic!("`{method}` is no method");
        };
        Self {
            client,
            message: Message {
                method,
                address: defaults.base.join(url),
                headers: defaults.headers,
                cookies: Vec::new(),
                body: None,
                follow_redirects: defaults.follow_redirects,
            },
            form: Form::default(),
            form_type: None,
        }
    }

    pub(super) fn into_parts(self) -> (&'c C, Message) {
        (self.client, self.message)
    }

    /// Adds a header, after those of the same name; `host`, `accept` and other defaults are
    /// replaced.
    ///
    /// # Panics
    /// When HTTP does not allow the name or the value.
    #[track_caller]
    pub fn header(mut self, name: &str, value: impl AsRef<[u8]>) -> Self {
        let value = value.as_ref();
        let (Ok(name), Ok(value)) = (
            HeaderName::from_bytes(name.as_bytes()),
            HeaderValue::from_bytes(value),
        ) else {
            panic!("`{name}: {}` is no header", String::from_utf8_lossy(value));
        };
        self.message.headers.append(name, value);
        self
    }

    /// Adds names and values to the query.
    pub fn query<K, V>(mut self, pairs: impl IntoIterator<Item = (K, V)>) -> Self
    where
        K: ToString,
        V: ToString,
    {
        let pairs = pairs
            .into_iter()
            .map(|(name, value)| (name.to_string(), value.to_string()));
        self.message.address.add_query(pairs);
        self
    }

    /// Sends a cookie with this request alone.
    pub fn cookie(mut self, name: &str, value: &str) -> Self {
        self.message.cookies.push(format!("{name}={value}"));
        self
    }

    /// Sends a user name and a password by HTTP Basic.
    #[track_caller]
    pub fn basic_auth(self, user: &str, password: &str) -> Self {
        let credentials = STANDARD.encode(format!("{user}:{password}"));
        self.header(AUTHORIZATION.as_str(), format!("Basic {credentials}"))
    }

    /// Sends a token as `Authorization: Bearer …`.
    #[track_caller]
    pub fn bearer_auth(self, token: &str) -> Self {
        self.header(AUTHORIZATION.as_str(), format!("Bearer {token}"))
    }

    /// Sends a value as JSON.
    ///
    /// # Panics
    /// When it cannot be written as JSON.
    #[track_caller]
    pub fn json<T: Serialize + ?Sized>(self, value: &T) -> Self {
        match serde_json::to_vec(value) {
            Ok(text) => self.typed(HeaderValue::from_static("application/json"), text),
            Err(error) => panic!("this cannot be sent as JSON: {error}"),
        }
    }

    /// Sends names and values as a form, after those given before: url-encoded, or in parts if
    /// there is a [`file`](Self::file) among them.
    pub fn form<K, V>(mut self, pairs: impl IntoIterator<Item = (K, V)>) -> Self
    where
        K: ToString,
        V: ToString,
    {
        for (name, value) in pairs {
            self.form.field(name.to_string(), value.to_string());
        }
        self.encode_form()
    }

    /// Sends a file with the form; its content type is guessed from the name.
    ///
    /// ```
    /// use aplomb::prelude::*;
    /// use aplomb::testing::TestClient;
    ///
    /// #[post("/files/")]
    /// async fn create_file(file: UploadFile, #[form] token: String) -> Value {
    ///     json!([file.filename(), file.content_type(), token])
    /// }
    ///
    /// let client = TestClient::new(App::new().routes(routes![create_file]));
    /// let request = client.post("/files/").file("file", "notes.txt", "some notes");
    /// let answer = request.form([("token", "secret")]).send();
    /// answer.assert_json(200, json!(["notes.txt", "text/plain", "secret"]));
    /// ```
    pub fn file(self, name: &str, filename: &str, content: impl Into<Bytes>) -> Self {
        let guessed = mime_guess::from_path(filename).first_or_octet_stream();
        self.file_of_type(name, filename, guessed.essence_str(), content)
    }

    /// Sends a file of this content type with the form.
    pub fn file_of_type(
        mut self,
        name: &str,
        filename: &str,
        content_type: &str,
        content: impl Into<Bytes>,
    ) -> Self {
        self.form.file(name, filename, content_type, content.into());
        self.encode_form()
    }

    /// Sends the form in parts, even without a file.
    pub fn multipart(mut self) -> Self {
        self.form.multipart();
        self.encode_form()
    }

    fn encode_form(mut self) -> Self {
        let (content_type, body) = self.form.encode();
        if let Some(before) = self.form_type.take()
            && self.message.headers.get(CONTENT_TYPE) == Some(&before)
        {
            self.message.headers.remove(CONTENT_TYPE);
        }
        self.form_type = HeaderValue::from_str(&content_type).ok();
        match self.form_type.clone() {
            Some(content_type) => self.typed(content_type, body),
            None => self,
        }
    }

    /// Sends these bytes; say what they are with [`header`](Self::header).
    pub fn body(mut self, body: impl Into<Bytes>) -> Self {
        self.message.body = Some(body.into());
        self
    }

    /// Whether redirects of this request are followed.
    pub fn follow_redirects(mut self, follow: bool) -> Self {
        self.message.follow_redirects = follow;
        self
    }

    fn typed(mut self, content_type: HeaderValue, body: impl Into<Bytes>) -> Self {
        let headers = &mut self.message.headers;
        headers.entry(CONTENT_TYPE).or_insert(content_type);
        self.body(body)
    }
}
