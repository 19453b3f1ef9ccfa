//! All routes of an application in order, and the one that answers a request.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use super::{Endpoint, Pattern};
use crate::http::{PathParams, Request, Response};
use crate::mount::MountedService;

/// What answers.
#[derive(Clone)]
pub(crate) enum Target {
    /// A handler.
    Endpoint(Arc<Endpoint>),
    /// A page of the framework's own, such as the documentation.
    Page(Arc<dyn Fn(&Request) -> Response + Send + Sync>),
    /// The function of a WebSocket.
    WebSocket(Arc<Endpoint>),
    /// Another application below a prefix.
    Mount(Arc<MountedService>),
}

impl fmt::Debug for Target {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Endpoint(endpoint) | Self::WebSocket(endpoint) => endpoint.fmt(formatter),
            Self::Page(_) => formatter.write_str("Page"),
            Self::Mount(mount) => mount.fmt(formatter),
        }
    }
}

#[derive(Debug)]
struct Row {
    pattern: Pattern,
    methods: Vec<String>,
    target: Target,
}

/// What a path and method found.
#[derive(Debug)]
pub(crate) enum Match<'t> {
    /// A route for both.
    Full(&'t Target, PathParams),
    /// The path only: the first route that has it, and its methods.
    Method(&'t Target, &'t [String]),
    /// Nothing.
    None,
}

/// The routes in the order they were declared, which is the order they are tried in.
#[derive(Debug, Default)]
pub(crate) struct Table {
    rows: Vec<Row>,
    /// Rows that can match a path with this first segment, in order.
    by_segment: HashMap<String, Vec<usize>>,
    /// Rows that can match any first segment, in order.
    anywhere: Vec<usize>,
}

impl Table {
    /// Adds a route behind the others; no methods stands for all.
    pub(crate) fn push(&mut self, pattern: Pattern, methods: Vec<String>, target: Target) {
        let index = self.rows.len();
        match pattern.first_segment() {
            Some(segment) => {
                let anywhere = &self.anywhere;
                let rows = self.by_segment.entry(segment.to_owned());
                rows.or_insert_with(|| anywhere.clone()).push(index);
            }
            None => {
                self.anywhere.push(index);
                self.by_segment
                    .values_mut()
                    .for_each(|rows| rows.push(index));
            }
        }
        self.rows.push(Row {
            pattern,
            methods,
            target,
        });
    }

    /// The first route for path and method, or what else is known of the path.
    pub(crate) fn find(&self, method: &str, path: &str) -> Match<'_> {
        let mut partial = None;
        for row in self.candidates(path) {
            let Some(values) = row.pattern.matches(path) else {
                continue;
            };
            if row.methods.is_empty() || row.methods.iter().any(|known| known == method) {
                let mut params = PathParams::default();
                for (name, value) in values {
                    params.push(name, value.to_owned());
                }
                return Match::Full(&row.target, params);
            }
            partial = partial.or(Some(row));
        }
        partial.map_or(Match::None, |row| Match::Method(&row.target, &row.methods))
    }

    /// Whether any route has this path, whatever the method.
    pub(crate) fn has_path(&self, path: &str) -> bool {
        self.candidates(path)
            .any(|row| row.pattern.matches(path).is_some())
    }

    fn candidates(&self, path: &str) -> impl Iterator<Item = &Row> {
        let segment = path
            .strip_prefix('/')
            .map_or("", |path| path.split('/').next().unwrap_or(""));
        let rows = self.by_segment.get(segment).unwrap_or(&self.anywhere);
        rows.iter().map(|index| &self.rows[*index])
    }
}
