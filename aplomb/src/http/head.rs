//! What is known of a request before its body: its head, its path's values, the app's states.

use std::any::{Any, TypeId};
use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, OnceLock};

use http::request;
use percent_encoding::percent_decode_str;

use super::Peer;
use crate::app::Compat;
use crate::observe::Record;
use crate::route::UrlBase;

/// Everything of a request but its body, and where the framework has placed it.
#[derive(Clone, Debug)]
pub struct Head {
    /// Method, target, version, headers, extensions.
    pub parts: request::Parts,
    /// Who sent it.
    pub peer: Peer,
    /// The decoded path below the root path, if that differs from the one in `parts`.
    pub path: Option<String>,
    /// The prefix that `path` lacks: a proxy, a mount or the app itself has taken it off.
    pub root_path: Arc<str>,
    /// What the app shares with its handlers.
    pub states: Arc<States>,
    /// How the app answers where FastAPI's answer is not safe.
    pub compat: Compat,
    /// What the request has done until now.
    pub(crate) record: Arc<Record>,
    /// What URLs are made from: the names of the outermost app's routes.
    pub(crate) url_base: Option<Arc<UrlBase>>,
    /// The values of the named segments in the prefixes of the mounts above.
    pub(crate) mount_params: PathParams,
    /// Whether our own server asks, on whose threads nothing may hold others up.
    pub(crate) served: bool,
}

impl Head {
    /// A head that nothing has been decided about yet, of a request that arrives now.
    pub fn new(parts: request::Parts, peer: Peer) -> Self {
        let record = Record::new(&parts.method, &parts.uri);
        Self::recorded(parts, peer, Arc::new(record))
    }

    /// A head that nothing has been decided about yet.
    pub(crate) fn recorded(parts: request::Parts, peer: Peer, record: Arc<Record>) -> Self {
        static ROOT: OnceLock<(Arc<str>, Arc<States>)> = OnceLock::new();
        let (root_path, states) = ROOT.get_or_init(Default::default).clone();
        Self {
            parts,
            peer,
            path: None,
            root_path,
            states,
            compat: Compat::default(),
            record,
            url_base: None,
            mount_params: PathParams::new(),
            served: false,
        }
    }

    /// The decoded path; bytes that are not UTF-8 read as U+FFFD.
    pub fn path(&self) -> Cow<'_, str> {
        match &self.path {
            Some(path) => Cow::Borrowed(path),
            None => decoded(self.parts.uri.path()),
        }
    }
}

/// The text that a path spells.
fn decoded(path: &str) -> Cow<'_, str> {
    match path.bytes().any(|byte| byte == b'%') {
        true => percent_decode_str(path).decode_utf8_lossy(),
        false => Cow::Borrowed(path),
    }
}

/// What answers a request.
#[derive(Clone, Debug, Default)]
pub struct Matched {
    /// The values of the path's named segments.
    pub path_params: PathParams,
    /// The name of the handler; none for a mount or a page of the documentation.
    pub name: Option<&'static str>,
    /// The path template, such as `/items/{item_id}`; none where the name is none.
    pub template: Option<Arc<str>>,
}

/// The values of a path's named segments, in the order of the template.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PathParams {
    entries: Vec<(Arc<str>, String)>,
}

impl PathParams {
    /// No values.
    pub const fn new() -> Self {
        Self {
            entries: Vec::new(),
        }
    }

    /// No values yet, and room for so many.
    pub(crate) fn with_capacity(count: usize) -> Self {
        Self {
            entries: Vec::with_capacity(count),
        }
    }

    /// The values in the other order.
    pub(crate) fn reversed(mut self) -> Self {
        self.entries.reverse();
        self
    }

    /// Adds a value.
    pub fn push(&mut self, name: Arc<str>, value: String) {
        self.entries.push((name, value));
    }

    /// The values but for one.
    pub(crate) fn without(mut self, name: &str) -> Self {
        self.entries.retain(|(key, _)| &**key != name);
        self
    }

    /// The values of an application above, before those of this one.
    pub(crate) fn below(self, above: &Self) -> Self {
        if above.is_empty() {
            return self;
        }
        let mut above = above.clone();
        above.entries.retain(|(name, _)| self.get(name).is_none());
        above.entries.extend(self.entries);
        above
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

impl FromIterator<(Arc<str>, String)> for PathParams {
    fn from_iter<I: IntoIterator<Item = (Arc<str>, String)>>(entries: I) -> Self {
        Self {
            entries: entries.into_iter().collect(),
        }
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
