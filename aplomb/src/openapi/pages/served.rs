//! The document as it is answered.

use std::sync::{Mutex, PoisonError};

use bytes::Bytes;

use crate::http::Response;
use crate::json::{Object, Value, Writer};

/// The document as text, made once; where a proxy takes a prefix off the path, that is the first
/// of the servers.
pub(super) struct Served {
    document: Value,
    root_path_in_servers: bool,
    plain: Bytes,
    /// The text for the root path asked for last.
    prefixed: Mutex<(String, Bytes)>,
}

impl Served {
    pub(super) fn new(document: Value, root_path_in_servers: bool) -> Self {
        let plain = text(&document);
        Self {
            document,
            root_path_in_servers,
            plain,
            prefixed: Mutex::default(),
        }
    }

    pub(super) fn answer(&self, root_path: &str) -> Response {
        let root_path = root_path.trim_end_matches('/');
        if root_path.is_empty() || !self.root_path_in_servers {
            return Response::json_text(self.plain.clone());
        }
        let mut prefixed = self.prefixed.lock().unwrap_or_else(PoisonError::into_inner);
        if prefixed.0 != root_path {
            *prefixed = (root_path.to_owned(), text(&self.below(root_path)));
        }
        Response::json_text(prefixed.1.clone())
    }

    fn below(&self, root_path: &str) -> Value {
        let mut document = self.document.clone();
        let Value::Object(object) = &mut document else {
            return document;
        };
        let servers = object.get("servers").and_then(Value::as_array);
        let mut servers = servers.unwrap_or_default().to_vec();
        let listed = |server: &Value| server.get("url").is_some_and(|url| *url == root_path);
        if !servers.iter().any(listed) {
            let server = Object::from_iter([("url".to_owned(), root_path.into())]);
            servers.insert(0, Value::Object(server));
            let behind_info = object.get_index_of("info").map_or(0, |index| index + 1);
            match object.get_mut("servers") {
                Some(known) => *known = servers.into(),
                None => {
                    object.shift_insert(behind_info, "servers".to_owned(), servers.into());
                }
            }
        }
        document
    }
}

fn text(document: &Value) -> Bytes {
    let mut writer = Writer::new();
    writer.value(document);
    writer.into_bytes().into()
}
