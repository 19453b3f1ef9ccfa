//! Where a request of the test client goes.

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

/// What a browser escapes in a path or query.
const ESCAPED: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'<')
    .add(b'>')
    .add(b'`')
    .add(b'{')
    .add(b'}')
    .add(b'\\')
    .add(b'^')
    .add(b'|');

/// Scheme, host, path and query of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Address {
    pub(super) scheme: String,
    pub(super) host: String,
    /// Escaped; begins with `/`.
    pub(super) path: String,
    pub(super) query: Option<String>,
}

impl Address {
    /// The address of a whole URL.
    #[track_caller]
    pub(super) fn absolute(url: &str) -> Self {
        let Some((scheme, rest)) = url.split_once("://") else {
            panic!("`{url}` is no URL: it needs a scheme and a host, as `http://testserver` has");
        };
        let rest = rest.split('#').next().unwrap_or_default();
        let end = rest.find(['/', '?']).unwrap_or(rest.len());
        let (host, target) = rest.split_at(end);
        let (path, query) = parts(target);
        Self {
            scheme: scheme.to_ascii_lowercase(),
            host: host.to_owned(),
            path: if path.is_empty() {
                "/".to_owned()
            } else {
                path
            },
            query,
        }
    }

    /// The address of a path below this one, or of a whole URL.
    #[track_caller]
    pub(super) fn join(&self, url: &str) -> Self {
        if url.contains("://") && !url.starts_with('/') {
            return Self::absolute(url);
        }
        let (path, query) = parts(url.split('#').next().unwrap_or_default());
        let base = self.path.trim_end_matches('/');
        let path = format!("{base}/{}", path.trim_start_matches('/'));
        Self {
            path,
            query,
            ..self.clone()
        }
    }

    /// Where a `Location` header sends the client.
    pub(super) fn follow(&self, location: &str) -> Self {
        let here = format!("{self}");
        match url::Url::parse(&here).and_then(|here| here.join(location)) {
            Ok(target) => Self::absolute(target.as_str()),
            Err(_) => self.join(location),
        }
    }

    /// Adds names and values to the query.
    pub(super) fn add_query(&mut self, pairs: impl Iterator<Item = (String, String)>) {
        let mut serializer =
            form_urlencoded::Serializer::new(self.query.take().unwrap_or_default());
        serializer.extend_pairs(pairs);
        let query = serializer.finish();
        self.query = (!query.is_empty()).then_some(query);
    }

    /// The path with the query, as the request line has it.
    pub(super) fn target(&self) -> String {
        match &self.query {
            Some(query) => format!("{}?{query}", self.path),
            None => self.path.clone(),
        }
    }
}

impl std::fmt::Display for Address {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            formatter,
            "{}://{}{}",
            self.scheme,
            self.host,
            self.target()
        )
    }
}

fn parts(target: &str) -> (String, Option<String>) {
    let escaped = |text: &str| utf8_percent_encode(text, ESCAPED).to_string();
    match target.split_once('?') {
        Some((path, query)) => (escaped(path), Some(escaped(query))),
        None => (escaped(target), None),
    }
}
