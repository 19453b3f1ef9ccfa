//! The request as templates see it, and the function that makes URLs.

use std::sync::Arc;

use minijinja::value::{Enumerator, Kwargs, Object, ObjectRepr, Value, from_args};
use minijinja::{Error, ErrorKind, State};

use super::url::TemplateUrl;
use crate::http::Request;

/// The request as templates see it.
#[derive(Debug)]
pub(super) struct TemplateRequest {
    request: Request,
}

impl TemplateRequest {
    pub(super) fn new(request: Request) -> Self {
        Self { request }
    }
}

impl Object for TemplateRequest {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let request = &self.request;
        let owned = |entries: &[(String, String)]| entries.to_vec();
        Some(match key.as_str()? {
            "method" => Value::from(request.method().as_str()),
            "url" => Value::from_object(TemplateUrl(request.url())),
            "base_url" => Value::from_object(TemplateUrl(request.base_url())),
            "headers" => entries(headers(request), true),
            "query_params" => entries(owned(request.query_params()), false),
            "cookies" => entries(owned(request.cookies()), false),
            "path_params" => {
                let params = request.path_params().iter();
                let params = params.map(|(name, value)| (name.to_owned(), value.to_owned()));
                entries(params.collect(), false)
            }
            "client" => match request.client() {
                Some(client) => Value::from_pairs([
                    ("host", Value::from(client.host)),
                    ("port", Value::from(client.port)),
                ]),
                None => Value::from(()),
            },
            "scope" => Value::from_pairs([
                ("method", Value::from(request.method().as_str())),
                ("path", Value::from(&*request.path())),
                ("root_path", Value::from(request.root_path())),
                ("scheme", Value::from(request.scheme())),
                ("query_string", Value::from(request.query_string())),
            ]),
            _ => return None,
        })
    }

    fn call_method(
        self: &Arc<Self>,
        _: &mut State<'_, '_>,
        method: &str,
        args: &[Value],
    ) -> Result<Value, Error> {
        match method {
            "url_for" => url_for(&self.request, args),
            _ => Err(Error::from(ErrorKind::UnknownMethod)),
        }
    }
}

fn headers(request: &Request) -> Vec<(String, String)> {
    let headers = request.headers().iter();
    headers
        .map(|(name, value)| {
            let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
            (name.as_str().to_owned(), value)
        })
        .collect()
}

fn entries(entries: Vec<(String, String)>, ignore_case: bool) -> Value {
    Value::from_object(Entries {
        entries,
        ignore_case,
    })
}

/// Names and values, of which a name may have several.
#[derive(Debug)]
struct Entries {
    entries: Vec<(String, String)>,
    ignore_case: bool,
}

impl Entries {
    /// The last value of a name; of headers, the first.
    fn get(&self, name: &str) -> Option<Value> {
        let is = |(key, _): &&(String, String)| match self.ignore_case {
            true => key.eq_ignore_ascii_case(name),
            false => key == name,
        };
        let found = match self.ignore_case {
            true => self.entries.iter().find(is),
            false => self.entries.iter().rfind(is),
        };
        found.map(|(_, value)| Value::from(value.as_str()))
    }
}

impl Object for Entries {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.get(key.as_str()?)
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        let names = self.entries.iter();
        Enumerator::Values(names.map(|(name, _)| Value::from(name.as_str())).collect())
    }

    fn call_method(
        self: &Arc<Self>,
        _: &mut State<'_, '_>,
        method: &str,
        args: &[Value],
    ) -> Result<Value, Error> {
        if method != "get" {
            return Err(Error::from(ErrorKind::UnknownMethod));
        }
        let (name, default): (&str, Option<Value>) = from_args(args)?;
        let found = self.get(name).or(default);
        Ok(found.unwrap_or_else(|| Value::from(())))
    }
}

/// The function `url_for`.
#[derive(Debug)]
pub(super) struct UrlFor(pub(super) Request);

impl Object for UrlFor {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn call(self: &Arc<Self>, _: &mut State<'_, '_>, args: &[Value]) -> Result<Value, Error> {
        url_for(&self.0, args)
    }
}

fn url_for(request: &Request, args: &[Value]) -> Result<Value, Error> {
    let (name, params): (&str, Kwargs) = from_args(args)?;
    let mut values = Vec::new();
    for key in params.args() {
        values.push((key, params.get::<&Value>(key)?.to_string()));
    }
    let values: Vec<(&str, &str)> = values
        .iter()
        .map(|(key, value)| (*key, value.as_str()))
        .collect();
    match request.url_for(name, &values) {
        Ok(url) => Ok(Value::from_object(TemplateUrl(url))),
        Err(error) => Err(Error::new(ErrorKind::InvalidOperation, error.to_string())),
    }
}
