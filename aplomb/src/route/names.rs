//! The names of routes, and the URLs made of them.

use std::fmt;
use std::sync::Arc;

use super::Pattern;

/// The names of an application's routes and mounts, in order.
#[derive(Debug, Default)]
pub(crate) struct Names {
    entries: Vec<Named>,
}

#[derive(Debug)]
enum Named {
    Route(String, Pattern),
    Mount {
        /// One without a name lends its routes' names as they are.
        name: Option<String>,
        /// The prefix, and everything below it as `path`.
        pattern: Pattern,
        below: Option<Arc<Names>>,
    },
}

/// The outermost application: whose names URLs are made from, and the prefix before them.
#[derive(Debug)]
pub(crate) struct UrlBase {
    names: Arc<Names>,
    pub(crate) root_path: String,
}

impl UrlBase {
    pub(crate) fn new(names: Names, root_path: String) -> Self {
        Self {
            names: Arc::new(names),
            root_path,
        }
    }

    pub(crate) fn names(&self) -> Arc<Names> {
        Arc::clone(&self.names)
    }

    /// The path of a route below the prefix.
    ///
    /// # Errors
    /// That no route has this name and these parameters.
    pub(crate) fn url_path_for(
        &self,
        name: &str,
        params: &[(&str, &str)],
    ) -> Result<String, NoMatchFound> {
        let path = self.names.find(name, params);
        path.map(clean)
            .ok_or_else(|| NoMatchFound::new(name, params))
    }
}

impl Names {
    pub(crate) fn route(&mut self, name: &str, pattern: Pattern) {
        self.entries.push(Named::Route(name.to_owned(), pattern));
    }

    pub(crate) fn mount(
        &mut self,
        name: Option<String>,
        pattern: Pattern,
        below: Option<Arc<Self>>,
    ) {
        self.entries.push(Named::Mount {
            name,
            pattern,
            below,
        });
    }

    fn find(&self, name: &str, params: &[(&str, &str)]) -> Option<String> {
        self.entries
            .iter()
            .find_map(|entry| entry.path(name, params))
    }
}

impl Named {
    fn path(&self, asked: &str, params: &[(&str, &str)]) -> Option<String> {
        match self {
            Self::Route(name, pattern) if name == asked => {
                let (path, rest) = pattern.fill(params)?;
                rest.is_empty().then_some(path)
            }
            Self::Route(..) => None,
            Self::Mount {
                name: Some(name),
                pattern,
                ..
            } if name == asked => {
                let params: Vec<_> = params
                    .iter()
                    .map(|(key, value)| match *key {
                        "path" => (*key, value.trim_start_matches('/')),
                        key => (key, *value),
                    })
                    .collect();
                let (path, rest) = pattern.fill(&params)?;
                rest.is_empty().then_some(path)
            }
            Self::Mount {
                name,
                pattern,
                below,
            } => {
                let asked = match name {
                    Some(name) => asked.strip_prefix(name.as_str())?.strip_prefix(':')?,
                    None => asked,
                };
                // What is called `path` belongs to the route below.
                let (own, mut rest) = params
                    .iter()
                    .partition::<Vec<_>, _>(|(key, _)| *key != "path");
                let own: Vec<_> = own.into_iter().chain([("path", "")]).collect();
                let (prefix, others) = pattern.fill(&own)?;
                rest.extend(others);
                let path = below.as_ref()?.find(asked, &rest)?;
                Some(format!("{}{path}", prefix.trim_end_matches('/')))
            }
        }
    }
}

/// A path that starts with two slashes would name a host.
fn clean(path: String) -> String {
    match path.strip_prefix("//") {
        Some(rest) => format!("/%2F{rest}"),
        None => path,
    }
}

/// No route has this name with these parameters: Starlette's `NoMatchFound`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoMatchFound {
    name: String,
    params: Vec<String>,
}

impl NoMatchFound {
    pub(crate) fn new(name: &str, params: &[(&str, &str)]) -> Self {
        Self {
            name: name.to_owned(),
            params: params.iter().map(|(key, _)| (*key).to_owned()).collect(),
        }
    }
}

impl fmt::Display for NoMatchFound {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, params) = (&self.name, self.params.join(", "));
        write!(
            formatter,
            "no route is called `{name}` and has the parameters ({params}), each with a value it can hold"
        )
    }
}

impl std::error::Error for NoMatchFound {}
