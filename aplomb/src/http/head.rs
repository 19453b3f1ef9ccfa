//! What is known of a request before its body: its head, its path's values, the app's states.

use std::any::{Any, TypeId};
use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, OnceLock};

use http::request;
use percent_encoding::percent_decode_str;

use super::Peer;

/// Everything of a request but its body, and where the framework has placed it.
#[derive(Debug)]
pub struct Head {
    /// Method, target, version, headers, extensions.
    pub parts: request::Parts,
    /// Who sent it.
    pub peer: Peer,
    /// The decoded path below the root path, if that differs from the one in `parts`.
    pub path: Option<String>,
    /// The prefix that `path` lacks: a proxy, a mount or the app itself has taken it off.
    pub root_path: Arc<str>,
    /// The values of the path's named segments.
    pub path_params: PathParams,
    /// What the app shares with its handlers.
    pub states: Arc<States>,
}

impl Head {
    /// A head that nothing has been decided about yet.
    pub fn new(parts: request::Parts, peer: Peer) -> Self {
        static ROOT: OnceLock<(Arc<str>, Arc<States>)> = OnceLock::new();
        let (root_path, states) = ROOT.get_or_init(Default::default).clone();
        Self {
            parts,
            peer,
            path: None,
            root_path,
            path_params: PathParams::default(),
            states,
        }
    }

    /// The decoded path; bytes that are not UTF-8 read as U+FFFD.
    pub fn path(&self) -> Cow<'_, str> {
        match &self.path {
            Some(path) => Cow::Borrowed(path),
            None => percent_decode_str(self.parts.uri.path()).decode_utf8_lossy(),
        }
    }
}

/// The values of a path's named segments, in the order of the template.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PathParams {
    entries: Vec<(Arc<str>, String)>,
}

impl PathParams {
    /// Adds a value.
    pub fn push(&mut self, name: Arc<str>, value: String) {
        self.entries.push((name, value));
    }

    /// The value of a name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.entries
            .iter()
            .find(|(key, _)| &**key == name)
            .map(|(_, value)| value.as_str())
    }

    /// Names and values in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.entries
            .iter()
            .map(|(name, value)| (&**name, value.as_str()))
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

/// Values an app shares with its handlers, one of each type.
#[derive(Clone, Default)]
pub struct States {
    values: HashMap<TypeId, Arc<dyn Any + Send + Sync>>,
}

impl States {
    /// Shares a value; one of the same type that was there is given back.
    pub fn insert<T: Send + Sync + 'static>(&mut self, value: T) -> Option<Arc<T>> {
        self.values
            .insert(TypeId::of::<T>(), Arc::new(value))?
            .downcast()
            .ok()
    }

    /// The value of this type.
    pub fn get<T: Send + Sync + 'static>(&self) -> Option<Arc<T>> {
        Arc::clone(self.values.get(&TypeId::of::<T>())?)
            .downcast()
            .ok()
    }

    /// Whether there is a value of this type.
    pub fn contains(&self, id: TypeId) -> bool {
        self.values.contains_key(&id)
    }
}

impl fmt::Debug for States {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("States")
            .field("count", &self.values.len())
            .finish()
    }
}
