//! All routes of an application in order, and the one that answers a request.

mod unreachable;

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use foldhash::fast::FixedState;

use super::{Endpoint, Pattern};
use crate::app::Service;
use crate::http::{PathParams, Request, Response};
use crate::mount::MountedService;
use crate::observe::{Secrets, SeriesTable};

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
    /// The series that requests by the first of the methods are counted in.
    series: u32,
}

/// What a path and method found.
#[derive(Debug)]
pub(crate) enum Match<'t> {
    /// A route for both, and the series that such requests are counted in.
    Full(&'t Target, PathParams, u32),
    /// The path only: the first route that has it, and its methods.
    Method(&'t Target, &'t [String]),
    /// Nothing.
    None,
}

/// The routes in the order they were declared, which is the order they are tried in.
#[derive(Debug, Default)]
pub(crate) struct Table {
    rows: Vec<Row>,
    index: Branch,
}

/// The rows that can match a path with certain leading segments, in order.
#[derive(Clone, Debug, Default)]
struct Branch {
    rows: Vec<usize>,
    /// By the segment after those; rows that do not ask for one in particular are in each. No
    /// client adds to it, so that any hash will do.
    next: HashMap<String, Self, FixedState>,
}

impl Branch {
    /// Adds a row, behind all that were added before, below these leading segments.
    fn push<'s>(&mut self, mut segments: impl Iterator<Item = &'s str>, row: usize) {
        match segments.next() {
            Some(segment) => {
                let rows = &self.rows;
                let next = self.next.entry(segment.to_owned());
                let next = next.or_insert_with(|| Self {
                    rows: rows.clone(),
                    next: HashMap::default(),
                });
                next.push(segments, row);
            }
            None => self.push_to_all(row),
        }
    }

    fn push_to_all(&mut self, row: usize) {
        self.rows.push(row);
        for next in self.next.values_mut() {
            next.push_to_all(row);
        }
    }

    /// The rows that can match a path.
    fn of(&self, path: &str) -> &[usize] {
        let (mut branch, mut rest) = (self, path.strip_prefix('/'));
        while let Some(path) = rest {
            let slash = path.bytes().position(|byte| byte == b'/');
            match branch.next.get(&path[..slash.unwrap_or(path.len())]) {
                Some(next) => branch = next,
                None => break,
            }
            rest = slash.map(|slash| &path[slash + 1..]);
        }
        &branch.rows
    }
}

impl Table {
    /// Adds a route behind the others; no methods stands for all.
    pub(crate) fn push(&mut self, pattern: Pattern, methods: Vec<String>, target: Target) {
        let row = self.rows.len();
        self.index.push(pattern.leading_segments(), row);
        self.rows.push(Row {
            pattern,
            methods,
            target,
            series: 0,
        });
    }

    /// Gives each route its series, and names the secrets that its security schemes take.
    pub(crate) fn observed(&mut self, series: &mut SeriesTable, secrets: &mut Secrets) {
        for row in &mut self.rows {
            match &row.target {
                Target::Endpoint(endpoint) | Target::WebSocket(endpoint) => {
                    secrets.taken_by(&endpoint.plan);
                    secrets.declared(endpoint.plan.parameters(endpoint.operation.parameters));
                    secrets.route(&row.pattern.to_string());
                }
                Target::Mount(mount) => {
                    if let Some(app) = &mount.app {
                        secrets.extend(app.observer().flight_recorder.secrets());
                    }
                }
                Target::Page(_) => {}
            }
            row.series = match &row.target {
                Target::Endpoint(endpoint) => series.endpoint(endpoint, &row.methods),
                Target::Page(_) => series.route(&row.pattern.to_string(), &row.methods),
                Target::WebSocket(endpoint) => {
                    series.route(&endpoint.path, &[crate::websocket::METHOD.to_owned()])
                }
                Target::Mount(mount) => match &mount.app {
                    Some(app) => series.mount(&mount.prefix, &app.observer().series),
                    None => series.any(&mount.prefix),
                },
            };
        }
    }

    /// The first route for path and method, or what else is known of the path.
    pub(crate) fn find(&self, method: &str, path: &str) -> Match<'_> {
        let mut partial = None;
        for row in self.candidates(path) {
            let Some(values) = row.pattern.matches(path) else {
                continue;
            };
            let mut methods = row.methods.iter().zip(row.series..);
            let known = methods.find_map(|(known, series)| (known == method).then_some(series));
            let found = known.or(row.methods.is_empty().then_some(row.series));
            if let Some(series) = found {
                return Match::Full(&row.target, values, series);
            }
            partial = partial.or(Some(row));
        }
        partial.map_or(Match::None, |row| Match::Method(&row.target, &row.methods))
    }

    /// What answers, in the order of the routes.
    pub(crate) fn targets(&self) -> impl Iterator<Item = &Target> {
        self.rows.iter().map(|row| &row.target)
    }

    /// The applications that are mounted.
    pub(crate) fn mounted(&self) -> impl Iterator<Item = &Service> {
        self.targets().filter_map(|target| match target {
            Target::Mount(mount) => mount.app.as_ref(),
            _ => None,
        })
    }

    /// Whether any route has this path, whatever the method.
    pub(crate) fn has_path(&self, path: &str) -> bool {
        self.candidates(path)
            .any(|row| row.pattern.matches(path).is_some())
    }

    fn candidates(&self, path: &str) -> impl Iterator<Item = &Row> {
        let rows = self.index.of(path).iter();
        rows.map(|row| &self.rows[*row])
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use proptest::prelude::*;

    use super::*;

    /// A table of pages, of which the last that was asked has put its number into the cell.
    fn table(templates: &[String], asked: &Arc<AtomicUsize>) -> Table {
        let mut table = Table::default();
        for (number, template) in templates.iter().enumerate() {
            let asked = Arc::clone(asked);
            let page = move |_: &Request| {
                asked.store(number, Ordering::SeqCst);
                Response::text("")
            };
            let pattern = Pattern::new(template).expect("a template");
            table.push(pattern, Vec::new(), Target::Page(Arc::new(page)));
        }
        table
    }

    fn found(table: &Table, path: &str, asked: &AtomicUsize) -> Option<usize> {
        let Match::Full(Target::Page(page), ..) = table.find("GET", path) else {
            return None;
        };
        let (parts, ()) = http::Request::new(()).into_parts();
        let head = crate::http::Head::new(parts, crate::http::Peer::unknown());
        page(&Request::new(head, crate::http::Body::empty()));
        Some(asked.load(Ordering::SeqCst))
    }

    fn path_of(segments: &[String]) -> String {
        segments
            .iter()
            .fold(String::new(), |path, segment| path + "/" + segment)
    }

    /// Each parameter by a name of its own.
    fn template_of(segments: &[String]) -> String {
        let named = segments.iter().enumerate();
        let named: Vec<String> = named
            .map(|(number, segment)| segment.replace("{x", &format!("{{x{number}")))
            .collect();
        path_of(&named)
    }

    proptest! {
        #[test]
        fn the_first_row_that_matches_is_found_as_if_all_were_tried(
            templates in prop::collection::vec(prop::collection::vec(
                prop::sample::select(vec!["a", "b", "", "v{x}", "{x}", "{x:path}", "{x:int}"])
                    .prop_map(str::to_owned),
                0..4,
            ), 1..12),
            paths in prop::collection::vec(prop::collection::vec(
                prop::sample::select(vec!["a", "b", "", "v1", "7", "v"]).prop_map(str::to_owned),
                0..5,
            ), 1..20),
        ) {
            let templates: Vec<String> = templates.iter().map(|it| template_of(it)).collect();
            let asked = Arc::default();
            let table = table(&templates, &asked);
            for path in paths.iter().map(|path| path_of(path)).chain(["*".to_owned()]) {
                let all = templates.iter().map(|it| Pattern::new(it).expect("a template"));
                let first = all.into_iter().position(|it| it.matches(&path).is_some());
                prop_assert_eq!(found(&table, &path, &asked), first, "{} in {:?}", path, templates);
                prop_assert_eq!(table.has_path(&path), first.is_some());
            }
        }
    }

    #[test]
    fn routes_below_a_common_prefix_are_not_tried_one_by_one() {
        let templates: Vec<String> = (0..500).map(|n| format!("/api/v1/r{n}/{{id}}")).collect();
        let table = table(&templates, &Arc::default());
        assert_eq!(table.index.of("/api/v1/r499/7").len(), 1);
        assert!(table.index.of("/api/v1/nothing/7").is_empty());
    }
}
