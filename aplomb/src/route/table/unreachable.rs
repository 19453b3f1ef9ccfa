//! Routes that no request can reach, because one before them takes all of theirs.

use super::{Row, Table, Target};

/// By which methods a route is never reached, and what they reach instead.
struct Unreachable<'t> {
    methods: Vec<&'t str>,
    served: &'t Row,
}

impl Table {
    /// Warns of those of its routes that no request can reach. They are no mistake to refuse: FastAPI
    /// lets the first win, too.
    pub(crate) fn warn_of_unreachable(&self, its: impl Fn(&Target) -> bool) {
        for (number, never) in self.rows.iter().enumerate() {
            if !its(&never.target) {
                continue;
            }
            let found = self.unreachable(number);
            let covered: usize = found.iter().map(|it| it.methods.len()).sum();
            let is_whole = covered == never.methods.len();
            for Unreachable { methods, served } in found {
                let methods = methods.join(" ");
                let by = match is_whole {
                    true => String::new(),
                    false => format!(" by {methods}"),
                };
                let cure = match never.pattern.covers(&served.pattern) {
                    true => "the first at this path is served: give one of them another",
                    false => "declare it before the one that is served",
                };
                tracing::warn!(
                    method = (!methods.is_empty()).then_some(methods),
                    path = %never.pattern,
                    never = never.target.told(),
                    served = served.target.told(),
                    at = %served.pattern,
                    "a route that no request{by} reaches; {cure}"
                );
            }
        }
    }

    /// The methods by which a row is never reached, and what is served instead.
    fn unreachable(&self, number: usize) -> Vec<Unreachable<'_>> {
        let never = &self.rows[number];
        let covering: Vec<&Row> = self.covering(number).collect();
        let mut methods: Vec<Option<&str>> = never.methods.iter().map(|it| Some(&**it)).collect();
        if methods.is_empty() {
            methods.push(None);
        }
        let mut found: Vec<Unreachable<'_>> = Vec::new();
        for method in methods {
            let takes = |row: &&&Row| {
                row.methods.is_empty() || row.methods.iter().any(|it| Some(&**it) == method)
            };
            let Some(served) = covering.iter().find(takes) else {
                continue;
            };
            match found.iter_mut().find(|it| std::ptr::eq(it.served, *served)) {
                Some(known) => known.methods.extend(method),
                None => found.push(Unreachable {
                    methods: Vec::from_iter(method),
                    served,
                }),
            }
        }
        found
    }

    /// The rows before this one that match every path that it matches.
    fn covering(&self, number: usize) -> impl Iterator<Item = &Row> {
        let never = &self.rows[number].pattern;
        let segments = never.leading_segments();
        let fixed = segments.fold(String::new(), |path, segment| path + "/" + segment);
        let before = self.index.of(&fixed).iter();
        before
            .take_while(move |row| **row < number)
            .map(|row| &self.rows[*row])
            .filter(move |row| row.pattern.covers(never))
    }
}

impl Target {
    /// What it is, for people.
    fn told(&self) -> String {
        match self {
            Self::Endpoint(endpoint) | Self::WebSocket(endpoint) => {
                let operation = &endpoint.operation;
                format!("{} ({})", operation.name, operation.location)
            }
            Self::Mount(mount) => format!("the mount at {}", mount.prefix),
            Self::Page(_) => "a page of the framework".to_owned(),
        }
    }
}
