//! Path templates: `/items/{item_id}`, `/files/{file_path:path}`.

mod covers;

use std::fmt;
use std::sync::Arc;

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use crate::http::PathParams;

/// What a path parameter takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Convertor {
    /// One segment, not empty.
    Segment,
    /// Anything, slashes too.
    Path,
    /// Decimal digits.
    Integer,
    /// Decimal digits with an optional fraction.
    Float,
    /// A UUID in lower or upper case, with or without dashes.
    Uuid,
}

/// How many characters a match may look at. Several parameters can divide a long path in more ways
/// than there is time for; no path that people use comes near.
const STEPS: usize = 1_000_000;

/// What would end the path of a URL, or is no part of one.
pub(crate) const PATH: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'%')
    .add(b'`');

/// What would mean something else in the path of a URL, too.
const VALUE: &AsciiSet = &PATH.add(b'\\').add(b'{').add(b'}');

#[derive(Clone, Debug, PartialEq)]
enum Part {
    Literal(String),
    Parameter(Arc<str>, Convertor),
}

/// A compiled path template.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Pattern {
    template: String,
    parts: Vec<Part>,
    /// How many of them are parameters.
    parameters: usize,
}

/// Why a path template is not one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PatternError(String);

impl fmt::Display for PatternError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl Pattern {
    pub(crate) fn new(template: &str) -> Result<Self, PatternError> {
        let mut parts = Vec::new();
        let mut rest = template;
        while let Some(start) = rest.find('{') {
            if start > 0 {
                parts.push(Part::Literal(rest[..start].to_owned()));
            }
            let Some(end) = rest[start..].find('}') else {
                return Err(PatternError(format!(
                    "`{template}` has a `{{` without its `}}`"
                )));
            };
            parts.push(parameter(template, &rest[start + 1..start + end])?);
            rest = &rest[start + end + 1..];
        }
        if !rest.is_empty() {
            parts.push(Part::Literal(rest.to_owned()));
        }
        let names: Vec<&Arc<str>> = parts.iter().filter_map(Part::name).collect();
        if let Some(twice) = names
            .iter()
            .enumerate()
            .find(|(i, name)| names[..*i].contains(name))
        {
            return Err(PatternError(format!(
                "`{template}` names `{}` twice",
                twice.1
            )));
        }
        Ok(Self {
            template: template.to_owned(),
            parameters: names.len(),
            parts,
        })
    }

    /// The template as the document shows it, without convertors.
    pub(crate) fn document_path(&self) -> String {
        self.parts
            .iter()
            .map(|part| match part {
                Part::Literal(text) => text.clone(),
                Part::Parameter(name, _) => format!("{{{name}}}"),
            })
            .collect()
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &Arc<str>> {
        self.parts.iter().filter_map(Part::name)
    }

    /// The leading segments that are the same for every path that matches.
    pub(crate) fn leading_segments(&self) -> impl Iterator<Item = &str> {
        let fixed = match self.parts.first() {
            Some(Part::Literal(text)) => text.strip_prefix('/'),
            Some(Part::Parameter(..)) | None => None,
        };
        // What stands between the last slash and a parameter is not the whole of a segment.
        let fixed = match fixed {
            Some(text) if self.parts.len() > 1 => text.rfind('/').map(|end| &text[..end]),
            fixed => fixed,
        };
        fixed.into_iter().flat_map(|text| text.split('/'))
    }

    /// The path with these values in place of its parameters, and the values it has no place for;
    /// nothing where one is missing or cannot be held.
    pub(crate) fn fill<'v>(
        &self,
        values: &[(&'v str, &'v str)],
    ) -> Option<(String, Vec<(&'v str, &'v str)>)> {
        let mut rest = values.to_vec();
        let mut path = String::new();
        for part in &self.parts {
            match part {
                Part::Literal(text) => path.push_str(text),
                Part::Parameter(name, convertor) => {
                    let index = rest.iter().position(|(key, _)| *key == &**name)?;
                    let (_, value) = rest.remove(index);
                    if convertor.longest(value) != value.len() || !convertor.accepts(value) {
                        return None;
                    }
                    path.extend(utf8_percent_encode(value, VALUE));
                }
            }
        }
        Some((path, rest))
    }

    /// The values of the parameters when `path` matches.
    pub(crate) fn matches(&self, path: &str) -> Option<PathParams> {
        let mut values = PathParams::with_capacity(self.parameters);
        let mut steps = STEPS;
        let found = matches(&self.parts, path, &mut values, &mut steps);
        found.then(|| values.reversed())
    }
}

impl Part {
    fn name(&self) -> Option<&Arc<str>> {
        match self {
            Self::Parameter(name, _) => Some(name),
            Self::Literal(_) => None,
        }
    }
}

fn parameter(template: &str, text: &str) -> Result<Part, PatternError> {
    let (name, convertor) = text.split_once(':').unwrap_or((text, "str"));
    let convertor = match convertor {
        "str" => Convertor::Segment,
        "path" => Convertor::Path,
        "int" => Convertor::Integer,
        "float" => Convertor::Float,
        "uuid" => Convertor::Uuid,
        other => {
            return Err(PatternError(format!(
                "`{template}` has the unknown convertor `{other}`: use str, path, int, float or uuid"
            )));
        }
    };
    Ok(Part::Parameter(Arc::from(name), convertor))
}

/// Whether the path matches, and the values from the last to the first; the longest are tried first,
/// as a greedy expression takes them, then shorter ones.
fn matches(parts: &[Part], path: &str, values: &mut PathParams, steps: &mut usize) -> bool {
    match parts {
        [] => path.is_empty(),
        [Part::Literal(text), rest @ ..] => path
            .strip_prefix(text.as_str())
            .is_some_and(|path| matches(rest, path, values, steps)),
        [Part::Parameter(name, convertor), rest @ ..] => {
            let mut end = convertor.longest(path);
            if *convertor != Convertor::Path {
                *steps = steps.saturating_sub(end);
            }
            loop {
                *steps = steps.saturating_sub(convertor.steps(end));
                if *steps == 0 {
                    return false;
                }
                if convertor.accepts(&path[..end]) && matches(rest, &path[end..], values, steps) {
                    // Not before: a long path may be tried in many ways.
                    values.push(Arc::clone(name), path[..end].to_owned());
                    return true;
                }
                // A whole segment followed by a slash or the end has one way to match only.
                match path[..end].char_indices().next_back() {
                    Some((shorter, _)) if !rest.is_empty() && !follows_slash(rest, *convertor) => {
                        end = shorter;
                    }
                    _ => return false,
                }
            }
        }
    }
}

fn follows_slash(rest: &[Part], convertor: Convertor) -> bool {
    convertor != Convertor::Path
        && matches!(rest.first(), Some(Part::Literal(text)) if text.starts_with('/'))
}

impl Convertor {
    fn longest(self, path: &str) -> usize {
        let stop = |fits: fn(char) -> bool| path.find(|c| !fits(c)).unwrap_or(path.len());
        match self {
            Self::Path => path.len(),
            Self::Segment => stop(|c| c != '/'),
            Self::Integer => stop(|c| c.is_ascii_digit()),
            Self::Float => stop(|c| c.is_ascii_digit() || c == '.'),
            Self::Uuid => stop(|c| c.is_ascii_hexdigit() || c == '-'),
        }
    }

    /// How many characters [`accepts`](Self::accepts) looks at.
    fn steps(self, length: usize) -> usize {
        match self {
            Self::Path | Self::Segment | Self::Integer => 1,
            Self::Float | Self::Uuid => length.max(1),
        }
    }

    fn accepts(self, text: &str) -> bool {
        match self {
            Self::Path => true,
            Self::Segment | Self::Integer => !text.is_empty(),
            Self::Float => {
                let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
                !whole.is_empty() && !fraction.is_empty() && !fraction.contains('.')
            }
            Self::Uuid => uuid::Uuid::try_parse(text).is_ok(),
        }
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.template)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(template: &str, path: &str, wanted: Option<&[&str]>) {
        let pattern = Pattern::new(template).expect("a template");
        let values = pattern.matches(path);
        let values: Option<Vec<&str>> = values
            .as_ref()
            .map(|values| values.iter().map(|(_, value)| value).collect());
        assert_eq!(values.as_deref(), wanted, "{template} on {path}");
    }

    #[test]
    fn templates_match_as_starlette_matches_them() {
        check("/", "/", Some(&[]));
        check("/items", "/items/", None);
        check("/items/{id}", "/items/7", Some(&["7"]));
        check("/items/{id}", "/items/", None);
        check("/items/{id}", "/items/7/8", None);
        check("/items/{id}/x", "/items/7/x", Some(&["7"]));
        check("/files/{p:path}", "/files/", Some(&[""]));
        check("/files/{p:path}", "/files//a/b", Some(&["/a/b"]));
        check("/files/{p:path}/end", "/files/a/end/end", Some(&["a/end"]));
        check("/v{major}.{minor}", "/v1.2.3", Some(&["1.2", "3"]));
        check("/n/{n:int}", "/n/x", None);
        check("/n/{n:float}", "/n/1.5", Some(&["1.5"]));
        check("/n/{n:float}", "/n/1.", None);
        check("/caf\u{e9}/{x}", "/caf\u{e9}/\u{fc}", Some(&["\u{fc}"]));
    }

    #[test]
    fn long_paths_are_divided_or_given_up_in_time() {
        let start = std::time::Instant::now();
        let halves = "/x".repeat(30_000);
        check("/{a:path}/x/{b:path}/y", &halves, None);
        check("/{a}.{b}.{c}/z", &format!("/{}", ".a".repeat(30_000)), None);
        check("/{n:float}x", &format!("/{}", "1".repeat(60_000)), None);
        let file = format!("/{}/end", "a/".repeat(30_000));
        let value = &file[1..file.len() - 4];
        check("/{p:path}/end", &file, Some(&[value]));
        assert!(start.elapsed() < std::time::Duration::from_secs(2));
    }

    #[test]
    fn a_name_stands_once() {
        let error = Pattern::new("/{a}/{a}").expect_err("the name stands twice");
        assert_eq!(error.to_string(), "`/{a}/{a}` names `a` twice");
    }
}
