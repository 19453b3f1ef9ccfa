//! Calls a service without a server.

use std::future::{Future, IntoFuture};
use std::pin::Pin;

use aplomb::http::{Body, Peer};
use aplomb::prelude::*;

/// A call to be made.
pub(crate) struct Call {
    app: App,
    request: ::http::request::Builder,
    body: Body,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: String,
}

/// A call such as `GET /items/7?q=x`.
pub(crate) fn call(app: App, line: &str) -> Call {
    let (method, target) = line.split_once(' ').expect("a method and a target");
    Call {
        app,
        request: ::http::Request::builder().method(method).uri(target),
        body: Body::empty(),
    }
}

#[allow(dead_code)]
impl Call {
    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.request = self.request.header(name, value);
        self
    }

    pub(crate) fn json(mut self, value: &Value) -> Self {
        self.body = Body::from(value.to_string());
        self.header("content-type", "application/json")
    }

    pub(crate) fn form(mut self, fields: &str) -> Self {
        self.body = Body::from(fields.to_owned());
        self.header("content-type", "application/x-www-form-urlencoded")
    }
}

impl IntoFuture for Call {
    type Output = Answer;
    type IntoFuture = Pin<Box<dyn Future<Output = Answer>>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let request = self.request.body(self.body).expect("a request");
            let peer = Peer::named("testclient", 50000);
            let response = self.app.build().answer(request, peer).await;
            let body = response.body().as_bytes().unwrap_or_default().to_vec();
            Answer {
                status: response.status_code().as_u16(),
                body: String::from_utf8(body).expect("text"),
            }
        })
    }
}

#[allow(dead_code)]
impl Answer {
    #[track_caller]
    pub(crate) fn value(&self) -> Value {
        aplomb::json::parse(self.body.as_bytes()).expect("JSON")
    }

    #[track_caller]
    pub(crate) fn is(&self, status: u16, wanted: impl Into<Value>) {
        assert_eq!(self.status, status, "{}", self.body);
        assert_eq!(self.value(), wanted.into());
    }

    /// The type and the place of every problem of a 422.
    #[track_caller]
    pub(crate) fn problems(&self) -> Vec<String> {
        assert_eq!(self.status, 422, "{}", self.body);
        let value = self.value();
        let detail = value["detail"].as_array().expect("a list");
        detail
            .iter()
            .map(|problem| {
                let steps = problem["loc"].as_array().expect("a list");
                let steps: Vec<String> = steps
                    .iter()
                    .map(|step| {
                        step.as_str()
                            .map_or_else(|| step.to_string(), str::to_owned)
                    })
                    .collect();
                format!(
                    "{} {}",
                    problem["type"].as_str().expect("text"),
                    steps.join(".")
                )
            })
            .collect()
    }
}
