//! Which series a request is counted in: one for each route and method, and a bounded number beside.

use std::collections::BTreeMap;
use std::sync::Arc;

use http::Method;

use crate::admission::Gate;
use crate::route::Endpoint;
use crate::serve::lane::RouteLane;

/// The methods that have a series where no route says which it answers; the last is all others.
const METHODS: [&str; 10] = [
    "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "other",
];

/// How many series there are for what no route says more about.
const BLOCK: u32 = METHODS.len() as u32;

/// What tells one series from the others.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Label {
    /// The path template; a prefix for what is mounted there, empty for what has no route.
    pub(super) route: String,
    pub(super) method: String,
}

impl Label {
    fn below(&self, prefix: &str) -> Self {
        Self {
            route: format!("{prefix}{}", self.route),
            method: self.method.clone(),
        }
    }
}

/// The series of an application, by number: first those of requests without a route, then those
/// of its routes, and those of each application mounted in it together. Beside that, what else
/// there is to tell of them.
#[derive(Clone, Debug)]
pub(crate) struct SeriesTable {
    labels: Vec<Label>,
    lanes: BTreeMap<Label, Arc<RouteLane>>,
    gates: Vec<Arc<Gate>>,
}

impl Default for SeriesTable {
    fn default() -> Self {
        let mut table = Self {
            labels: Vec::new(),
            lanes: BTreeMap::new(),
            gates: Vec::new(),
        };
        table.any("");
        table
    }
}

impl SeriesTable {
    /// Makes a series for each method of a route; the number of the first.
    pub(crate) fn route(&mut self, template: &str, methods: &[String]) -> u32 {
        let first = self.next();
        let methods = methods.iter().map(String::as_str);
        self.extend(template, methods);
        first
    }

    /// Makes a series for each method of a route with a handler; the number of the first.
    pub(crate) fn endpoint(&mut self, endpoint: &Endpoint, methods: &[String]) -> u32 {
        let first = self.route(&endpoint.path, methods);
        for label in &self.labels[first as usize..] {
            // Of two routes for the same requests the first answers them.
            let lane = self.lanes.entry(label.clone());
            lane.or_insert_with(|| Arc::clone(&endpoint.lane));
        }
        for gate in &endpoint.admission.gates {
            self.gate(gate);
        }
        first
    }

    fn gate(&mut self, gate: &Arc<Gate>) {
        if !self.gates.iter().any(|known| Arc::ptr_eq(known, gate)) {
            self.gates.push(Arc::clone(gate));
        }
    }

    /// Makes a series for each method that there is; the number of the first, to which
    /// [`method_number`] is added.
    pub(crate) fn any(&mut self, template: &str) -> u32 {
        let first = self.next();
        self.extend(template, METHODS.into_iter());
        first
    }

    /// Makes the series of an application below a prefix; the number of the first.
    pub(crate) fn mount(&mut self, prefix: &str, below: &Self) -> u32 {
        let first = self.next();
        self.labels
            .extend(below.labels.iter().map(|label| label.below(prefix)));
        for (label, lane) in &below.lanes {
            let lanes = self.lanes.entry(label.below(prefix));
            lanes.or_insert_with(|| Arc::clone(lane));
        }
        below.gates.iter().for_each(|gate| self.gate(gate));
        first
    }

    pub(super) fn labels(&self) -> &[Label] {
        &self.labels
    }

    /// The lanes of the routes.
    pub(super) fn lanes(&self) -> &BTreeMap<Label, Arc<RouteLane>> {
        &self.lanes
    }

    /// What lets requests in.
    pub(super) fn gates(&self) -> &[Arc<Gate>] {
        &self.gates
    }

    fn next(&self) -> u32 {
        u32::try_from(self.labels.len()).unwrap_or(u32::MAX)
    }

    fn extend<'a>(&mut self, template: &str, methods: impl Iterator<Item = &'a str>) {
        self.labels.extend(methods.map(|method| Label {
            route: template.to_owned(),
            method: method.to_owned(),
        }));
    }
}

/// The place of a method among those that have a series each.
#[inline]
pub(crate) fn method_number(method: &Method) -> u32 {
    match *method {
        Method::GET => 0,
        Method::HEAD => 1,
        Method::POST => 2,
        Method::PUT => 3,
        Method::PATCH => 4,
        Method::DELETE => 5,
        Method::OPTIONS => 6,
        Method::TRACE => 7,
        Method::CONNECT => 8,
        _ => BLOCK - 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_leads_to_its_label() {
        let mut below = SeriesTable::default();
        let item = below.route("/items/{id}", &["GET".to_owned(), "PUT".to_owned()]);
        let mut table = SeriesTable::default();
        let mount = table.mount("/shop", &below);
        let label = &table.labels()[(mount + item + 1) as usize];
        assert_eq!((&*label.route, &*label.method), ("/shop/items/{id}", "PUT"));
        let label = &table.labels()[(mount + method_number(&Method::POST)) as usize];
        assert_eq!((&*label.route, &*label.method), ("/shop", "POST"));
    }

    #[test]
    fn every_method_has_its_place() {
        for (number, name) in (0..).zip(METHODS) {
            let method = Method::from_bytes(name.as_bytes()).expect("a method");
            assert_eq!(method_number(&method), number, "{name}");
        }
    }
}
