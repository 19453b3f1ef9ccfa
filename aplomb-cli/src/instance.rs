//! [`Instance`]: the management listener of one running service.

mod address;
mod event_stream;
#[cfg(unix)]
mod unix;

use std::fmt::Display;
use std::io;
use std::time::Duration;

use serde_json::Value;
use ureq::http::Response;
use ureq::typestate::{WithBody, WithoutBody};
use ureq::{Agent, Body, RequestBuilder};

pub(crate) use address::with_port;
pub(crate) use event_stream::{EventStream, StreamEvent};

use crate::failure::Failure;
use crate::screen;
use address::url;

/// How long an answer may take to begin.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long it may take to come.
const WHOLE: Duration = Duration::from_secs(60);
/// A stream of events gives a sign of life every two seconds.
const SILENCE: Duration = Duration::from_secs(10);
/// The longest answer that is read, in bytes.
const LONGEST: u64 = 64 << 20;

/// The management listener of one running service.
#[derive(Clone, Debug)]
pub(crate) struct Instance {
    /// What people call it: its address, or the name of its pod.
    pub(crate) name: String,
    base: String,
    token: Option<String>,
    agent: Agent,
}

impl Instance {
    /// The instance at an address: `http://…`, `host:port`, or `unix:` and a path.
    ///
    /// # Errors
    /// When it is none of these.
    pub(crate) fn new(
        address: &str,
        name: Option<&str>,
        token: Option<&str>,
    ) -> Result<Self, Failure> {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .proxy(None)
            .timeout_resolve(Some(PATIENCE))
            .timeout_connect(Some(PATIENCE))
            .timeout_send_request(Some(PATIENCE))
            .timeout_send_body(Some(PATIENCE))
            .timeout_recv_response(Some(PATIENCE))
            .timeout_recv_body(Some(WHOLE))
            .timeout_per_read(Some(SILENCE))
            .build();
        let (base, agent) = match address.strip_prefix("unix:") {
            // A name that nobody has to look up.
            Some(path) => ("http://127.0.0.1".to_owned(), over_socket(path, config)?),
            None => (url(address)?, config.new_agent()),
        };
        let usual = base.trim_start_matches("http://");
        let usual = if address.starts_with("unix:") {
            address
        } else {
            usual
        };
        Ok(Self {
            name: name.unwrap_or(usual).to_owned(),
            base,
            // Files and secrets of clusters like to end with a line.
            token: token
                .map(|token| token.trim().to_owned())
                .filter(|token| !token.is_empty()),
            agent,
        })
    }

    /// What is found under a path, as JSON.
    ///
    /// # Errors
    /// When it cannot be asked, or answers with an error.
    pub(crate) fn get(&self, path: &str) -> Result<Value, Failure> {
        self.parsed(&self.text(path)?)
    }

    /// The objects of a list, which is found under a path, or in a member of what is found there.
    ///
    /// # Errors
    /// When it cannot be asked, or answers with an error or something else.
    pub(crate) fn list(&self, path: &str, member: Option<&str>) -> Result<Vec<Value>, Failure> {
        let mut found = self.get(path)?;
        self.objects(match member {
            Some(member) => found.get_mut(member).map(Value::take).unwrap_or_default(),
            None => found,
        })
    }

    /// What is a list of objects and nothing else.
    ///
    /// # Errors
    /// When it is not.
    pub(crate) fn objects(&self, value: Value) -> Result<Vec<Value>, Failure> {
        match value {
            Value::Array(items) if items.iter().all(Value::is_object) => Ok(items),
            _ => Err(self.stranger("it answers something else")),
        }
    }

    /// What is found under a path, as text.
    ///
    /// # Errors
    /// When it cannot be asked, or answers with an error.
    pub(crate) fn text(&self, path: &str) -> Result<String, Failure> {
        let response = self.accepted(self.asked(path).call())?;
        self.body(response)
    }

    /// Sends a JSON document; the answer, or the one with which it refused.
    ///
    /// # Errors
    /// When it cannot be asked, or fails.
    pub(crate) fn post(
        &self,
        path: &str,
        document: &Value,
    ) -> Result<Result<Value, Value>, Failure> {
        self.told(self.post_for_text(path, document, PATIENCE)?)
    }

    /// Puts a JSON document in its place; the answer, or the one with which it refused.
    ///
    /// # Errors
    /// When it cannot be asked, or fails.
    pub(crate) fn put(
        &self,
        path: &str,
        document: &Value,
    ) -> Result<Result<Value, Value>, Failure> {
        let request = self.agent.put(format!("{}{path}", self.base));
        self.told(self.send(request, document, PATIENCE)?)
    }

    /// Sends a JSON document, the answer to which may take so long to begin; the answer as text, or
    /// the one with which it refused.
    ///
    /// # Errors
    /// When it cannot be asked, or fails.
    pub(crate) fn post_for_text(
        &self,
        path: &str,
        document: &Value,
        patience: Duration,
    ) -> Result<Result<String, Value>, Failure> {
        let request = self.agent.post(format!("{}{path}", self.base));
        self.send(request, document, patience)
    }

    fn told(&self, answer: Result<String, Value>) -> Result<Result<Value, Value>, Failure> {
        Ok(match answer {
            Ok(answer) => Ok(self.parsed(&answer)?),
            Err(refusal) => Err(refusal),
        })
    }

    fn send(
        &self,
        request: RequestBuilder<WithBody>,
        document: &Value,
        patience: Duration,
    ) -> Result<Result<String, Value>, Failure> {
        let request = self
            .authorised(request)
            .header("content-type", "application/json")
            .config()
            .timeout_recv_response(Some(patience))
            // What the answer takes to begin is a read as well.
            .timeout_per_read(Some(patience.max(SILENCE)))
            .build();
        let response = request.send(document.to_string());
        let response = response.map_err(|error| self.unreachable(&error))?;
        match response.status().as_u16() {
            200..300 => Ok(Ok(self.body(response)?)),
            400 | 404 | 409 | 422 => Ok(Err(self.parsed(&self.body(response)?)?)),
            _ => Err(self.failure(response)),
        }
    }

    /// Removes what is found under a path.
    ///
    /// # Errors
    /// When it cannot be asked, or there is nothing.
    pub(crate) fn delete(&self, path: &str) -> Result<Value, Failure> {
        let request = self.authorised(self.agent.delete(format!("{}{path}", self.base)));
        let response = self.accepted(request.call())?;
        self.parsed(&self.body(response)?)
    }

    /// The stream of events under a path.
    ///
    /// # Errors
    /// When it cannot be asked, or answers with an error.
    pub(crate) fn events(&self, path: &str) -> Result<EventStream, Failure> {
        // A stream has no end, and so no longest length or time.
        let request = self.asked(path).config().timeout_recv_body(None).build();
        let body = self.accepted(request.call())?.into_body();
        Ok(EventStream::new(
            body.into_with_config().limit(u64::MAX).reader(),
        ))
    }

    fn asked(&self, path: &str) -> RequestBuilder<WithoutBody> {
        self.authorised(self.agent.get(format!("{}{path}", self.base)))
    }

    fn authorised<T>(&self, request: RequestBuilder<T>) -> RequestBuilder<T> {
        match &self.token {
            Some(token) => request.header("authorization", format!("Bearer {token}")),
            None => request,
        }
    }

    fn accepted(
        &self,
        response: Result<Response<Body>, ureq::Error>,
    ) -> Result<Response<Body>, Failure> {
        let response = response.map_err(|error| self.unreachable(&error))?;
        match response.status().is_success() {
            true => Ok(response),
            false => Err(self.failure(response)),
        }
    }

    fn body(&self, response: Response<Body>) -> Result<String, Failure> {
        let body = response.into_body().into_with_config().limit(LONGEST);
        body.lossy_utf8(true)
            .read_to_string()
            .map_err(|error| self.unreachable(&error))
    }

    fn parsed(&self, text: &str) -> Result<Value, Failure> {
        serde_json::from_str(text).map_err(|error| self.stranger(error))
    }

    /// That what answers is something else.
    pub(crate) fn stranger(&self, why: impl Display) -> Failure {
        Failure::Unreachable(format!(
            "{}: this is no management listener of Aplomb: {why}",
            self.name
        ))
    }

    fn failure(&self, response: Response<Body>) -> Failure {
        let status = response.status();
        let said = self.body(response).unwrap_or_default();
        let said: Value = serde_json::from_str(&said).unwrap_or_default();
        let detail = match &said["detail"] {
            Value::String(detail) => screen::line(detail),
            Value::Null => status.to_string(),
            detail => detail.to_string(),
        };
        let message = format!("{}: {detail}", self.name);
        match status.as_u16() {
            404 => Failure::NotFound(message),
            401 | 403 | 421 => Failure::Forbidden(message),
            501 => Failure::Refused(message),
            _ => Failure::Unreachable(message),
        }
    }

    fn unreachable(&self, error: &ureq::Error) -> Failure {
        let hint = if is_nobody_there(error) {
            NOBODY_THERE
        } else {
            ""
        };
        Failure::Unreachable(format!("{}: {error}{hint}", self.name))
    }
}

/// What to do where no service listens.
const NOBODY_THERE: &str = "; `--at` or APLOMB_LIVE takes the address of a management listener, \
                            which a service prints when it starts; `App::management` opens one, \
                            or MANAGEMENT=127.0.0.1:9000 in the service's environment";

/// Whether nothing listens at an address.
fn is_nobody_there(error: &ureq::Error) -> bool {
    match error {
        ureq::Error::ConnectionFailed => true,
        ureq::Error::Io(error) => matches!(
            error.kind(),
            io::ErrorKind::ConnectionRefused | io::ErrorKind::NotFound
        ),
        _ => false,
    }
}

#[cfg(unix)]
fn over_socket(path: &str, config: ureq::config::Config) -> Result<Agent, Failure> {
    Ok(unix::agent(path, config))
}

#[cfg(not(unix))]
fn over_socket(_: &str, _: ureq::config::Config) -> Result<Agent, Failure> {
    Err(Failure::Usage("this system has no Unix sockets".to_owned()))
}
