//! [`Instance`]: the management listener of one running service.

mod event_stream;
#[cfg(unix)]
mod unix;

use std::time::Duration;

use serde_json::Value;
use ureq::http::Response;
use ureq::typestate::WithBody;
use ureq::{Agent, Body, RequestBuilder};

pub(crate) use event_stream::{EventStream, StreamEvent};

use crate::failure::Failure;

/// How long an answer may take to come.
const PATIENCE: Duration = Duration::from_secs(10);
/// A stream of events gives a sign of life every two seconds.
const SILENCE: Duration = Duration::from_secs(10);
/// The longest answer that is read, in bytes.
const LONGEST: u64 = 64 << 20;

/// The management listener of one running service.
#[derive(Debug)]
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
            .timeout_connect(Some(PATIENCE))
            .timeout_recv_response(Some(PATIENCE))
            .timeout_per_read(Some(SILENCE))
            .build();
        let (base, agent) = match address.strip_prefix("unix:") {
            Some(path) => ("http://localhost".to_owned(), over_socket(path, config)?),
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
            token: token.map(str::to_owned),
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

    /// What is found under a path, as text.
    ///
    /// # Errors
    /// When it cannot be asked, or answers with an error.
    pub(crate) fn text(&self, path: &str) -> Result<String, Failure> {
        let response = self.open(path)?;
        self.body(response)
    }

    /// Sends a JSON document; the answer, and its status when it refused.
    ///
    /// # Errors
    /// When it cannot be asked, or fails.
    pub(crate) fn post(
        &self,
        path: &str,
        document: &Value,
    ) -> Result<Result<Value, Value>, Failure> {
        self.send(self.agent.post(format!("{}{path}", self.base)), document)
    }

    /// Puts a JSON document in its place; the answer, and its status when it refused.
    ///
    /// # Errors
    /// When it cannot be asked, or fails.
    pub(crate) fn put(
        &self,
        path: &str,
        document: &Value,
    ) -> Result<Result<Value, Value>, Failure> {
        self.send(self.agent.put(format!("{}{path}", self.base)), document)
    }

    fn send(
        &self,
        mut request: RequestBuilder<WithBody>,
        document: &Value,
    ) -> Result<Result<Value, Value>, Failure> {
        if let Some(token) = &self.token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let request = request.header("content-type", "application/json");
        let response = request
            .send(document.to_string())
            .map_err(|error| self.unreachable(&error))?;
        match response.status().as_u16() {
            200..300 => Ok(Ok(self.parsed(&self.body(response)?)?)),
            400 | 404 | 409 | 422 => Ok(Err(self.parsed(&self.body(response)?)?)),
            _ => Err(self.failure(response)),
        }
    }

    /// Removes what is found under a path.
    ///
    /// # Errors
    /// When it cannot be asked, or there is nothing.
    pub(crate) fn delete(&self, path: &str) -> Result<Value, Failure> {
        let mut request = self.agent.delete(format!("{}{path}", self.base));
        if let Some(token) = &self.token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let response = request.call().map_err(|error| self.unreachable(&error))?;
        let response = self.accepted(response)?;
        self.parsed(&self.body(response)?)
    }

    /// The stream of events under a path.
    ///
    /// # Errors
    /// When it cannot be asked, or answers with an error.
    pub(crate) fn events(&self, path: &str) -> Result<EventStream, Failure> {
        let body = self.open(path)?.into_body();
        // A stream has no end, and so no longest length.
        Ok(EventStream::new(
            body.into_with_config().limit(u64::MAX).reader(),
        ))
    }

    fn open(&self, path: &str) -> Result<Response<Body>, Failure> {
        let mut request = self.agent.get(format!("{}{path}", self.base));
        if let Some(token) = &self.token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let response = request.call().map_err(|error| self.unreachable(&error))?;
        self.accepted(response)
    }

    fn accepted(&self, response: Response<Body>) -> Result<Response<Body>, Failure> {
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
        serde_json::from_str(text).map_err(|error| {
            let message = format!(
                "{}: this is no management listener of Aplomb: {error}",
                self.name
            );
            Failure::Unreachable(message)
        })
    }

    fn failure(&self, response: Response<Body>) -> Failure {
        let status = response.status();
        let said = self.body(response).unwrap_or_default();
        let said: Value = serde_json::from_str(&said).unwrap_or_default();
        let detail = match &said["detail"] {
            Value::String(detail) => detail.clone(),
            Value::Null => status.to_string(),
            detail => detail.to_string(),
        };
        let message = format!("{}: {detail}", self.name);
        match status.as_u16() {
            404 => Failure::NotFound(message),
            401 | 403 | 421 => Failure::Forbidden(message),
            _ => Failure::Unreachable(message),
        }
    }

    fn unreachable(&self, error: &ureq::Error) -> Failure {
        Failure::Unreachable(format!("{}: {error}", self.name))
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

fn url(address: &str) -> Result<String, Failure> {
    let url = match address.contains("://") {
        true => address.to_owned(),
        false => format!("http://{address}"),
    };
    let wrong = |why: &str| Err(Failure::Usage(format!("{address}: {why}")));
    match url.split_once("://") {
        Some(("https", _)) if !cfg!(feature = "tls") => wrong("built without the feature `tls`"),
        Some(("http" | "https", host)) if !host.trim_matches('/').is_empty() => {
            Ok(url.trim_end_matches('/').to_owned())
        }
        _ => wrong("an address is http://host:port or unix:/path"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_become_urls() {
        assert_eq!(
            url("10.0.0.1:9000/").expect("a URL"),
            "http://10.0.0.1:9000"
        );
        assert!(url("ftp://host").is_err());
        assert!(url("http://").is_err());
        let instance = Instance::new("http://localhost:9000", None, None).expect("an instance");
        assert_eq!(instance.name, "localhost:9000");
    }
}
