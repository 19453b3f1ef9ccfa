//! A URL as templates see it: text with a `path` and other parts.

use std::fmt;
use std::sync::Arc;

use minijinja::value::{Object, ObjectRepr, Value};

/// A URL as templates see it.
#[derive(Debug)]
pub(super) struct TemplateUrl(pub(super) String);

impl TemplateUrl {
    /// Scheme, host with its port, path, and query.
    fn parts(&self) -> (&str, &str, &str, &str) {
        let (scheme, rest) = self.0.split_once("://").unwrap_or(("", &self.0));
        let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
        let path = match scheme {
            "" => 0,
            _ => rest.find('/').unwrap_or(rest.len()),
        };
        (scheme, &rest[..path], &rest[path..], query)
    }
}

impl Object for TemplateUrl {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let (scheme, netloc, path, query) = self.parts();
        let digits = |port: &str| !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit());
        let port = netloc.rsplit_once(':').filter(|(_, port)| digits(port));
        Some(match key.as_str()? {
            "scheme" => Value::from(scheme),
            "netloc" => Value::from(netloc),
            "hostname" => Value::from(port.map_or(netloc, |(host, _)| host)),
            "port" => Value::from(port.and_then(|(_, port)| port.parse::<u16>().ok())),
            "path" => Value::from(path),
            "query" => Value::from(query),
            "is_secure" => Value::from(scheme == "https"),
            _ => return None,
        })
    }

    fn render(self: &Arc<Self>, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}
