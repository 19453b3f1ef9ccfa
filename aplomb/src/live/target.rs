//! [`Target`]: which routes and points a probe asks for.

use super::point::Point;
use crate::websocket::METHOD as WEBSOCKET;

/// Which routes and points a probe asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Target {
    /// The method, where one is named.
    method: Option<String>,
    /// The path, where one is named.
    path: Option<String>,
    pub(crate) point: Point,
    /// The statuses that count; all where none are named.
    pub(crate) statuses: Option<(u16, u16)>,
    /// The name of a background task.
    pub(crate) task: Option<String>,
}

const METHODS: [&str; 9] = [
    "GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", WEBSOCKET,
];

impl Target {
    /// Reads a target.
    ///
    /// # Errors
    /// A sentence about what is wrong with it.
    pub(crate) fn read(text: &str) -> Result<Self, String> {
        let mut target = Self {
            method: None,
            path: None,
            point: Point::Response,
            statuses: None,
            task: None,
        };
        let mut words: Vec<&str> = text.split_whitespace().collect();
        let point = match words.last().and_then(|last| last.strip_prefix('@')) {
            Some(point) => {
                words.pop();
                Some(point_of(point)?)
            }
            None => None,
        };
        match &words[..] {
            [] | ["*" | "**"] => {}
            ["validation"] => target.point = Point::Invalid,
            ["database"] => target.point = Point::Database,
            ["dep", name] => target.point = Point::Dependency((*name).to_owned()),
            ["error", class] => target.statuses = Some(statuses(class)?),
            ["task", name] => {
                target.point = Point::Task;
                target.task = Some((*name).to_owned());
            }
            [path] if path.starts_with('/') => target.path = Some((*path).to_owned()),
            [method, path] if path.starts_with('/') => {
                let method = match method.to_ascii_uppercase() {
                    short if short == "WS" => WEBSOCKET.to_owned(),
                    method => method,
                };
                if !METHODS.contains(&&*method) {
                    return Err(format!("no method is called `{method}`"));
                }
                target.method = Some(method);
                target.path = Some((*path).to_owned());
            }
            _ => {
                return Err(format!(
                    "`{text}` is no target; write a route such as `GET /items/{{id}}`, a pattern \
                     such as `/orders/**`, `dep name`, `validation`, `database`, `error 5xx` or \
                     `task name`, \
                     with a point such as `@handler` behind it"
                ));
            }
        }
        match point {
            Some(point) if target.point == Point::Response && target.statuses.is_none() => {
                target.point = point;
            }
            Some(_) => return Err(format!("`{text}` names a point already")),
            None => {}
        }
        Ok(target)
    }

    /// Whether it asks for routes as a whole.
    pub(crate) fn is_route(&self) -> bool {
        self.path.is_some() && self.point == Point::Response && self.statuses.is_none()
    }

    /// Whether it asks for a route with these methods and this path.
    pub(crate) fn fits(&self, methods: &[&str], path: &str) -> bool {
        let method = self.method.as_deref();
        method.is_none_or(|method| methods.contains(&method))
            && self.path.as_deref().is_none_or(|asked| covers(asked, path))
    }

    /// Whether it asks for a task of this name, which may be the end of the path of its function.
    pub(crate) fn fits_task(&self, name: &str) -> bool {
        let asked = self.task.as_deref().unwrap_or("*");
        asked == "*" || name == asked || name.ends_with(&format!("::{asked}"))
    }
}

/// Reads the name of a point.
pub(crate) fn point_of(text: &str) -> Result<Point, String> {
    if let Some(name) = text.strip_prefix("dep:") {
        return Ok(Point::Dependency(name.to_owned()));
    }
    Ok(match text {
        "validate" => Point::Validate,
        "invalid" => Point::Invalid,
        "database" => Point::Database,
        "handler" => Point::Handler,
        "error" => Point::Error,
        "response" => Point::Response,
        "open" => Point::Open,
        "message" => Point::Message,
        "close" => Point::Close,
        _ => {
            return Err(format!(
                "no point is called `@{text}`; there are: @validate, @invalid, @dep:name, \
                 @database, @handler, @error, @response, and of WebSockets @open, @message, @close"
            ));
        }
    })
}

fn statuses(class: &str) -> Result<(u16, u16), String> {
    let first = class.strip_suffix("xx").unwrap_or(class).parse::<u16>();
    match (first, class.ends_with("xx")) {
        (Ok(class @ 1..=5), true) => Ok((class * 100, class * 100 + 99)),
        (Ok(status @ 100..=599), false) => Ok((status, status)),
        _ => Err(format!("`{class}` is no status; write `5xx` or `503`")),
    }
}

/// Whether a pattern covers a path template: `*` any segment, `**` the rest, `{…}` any parameter.
fn covers(pattern: &str, path: &str) -> bool {
    let mut segments = path.split('/');
    for asked in pattern.split('/') {
        if asked == "**" {
            return true;
        }
        let Some(segment) = segments.next() else {
            return false;
        };
        let both_parameters = asked.starts_with('{') && segment.starts_with('{');
        if asked != "*" && asked != segment && !both_parameters {
            return false;
        }
    }
    segments.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn routes_are_named_or_matched() {
        let fits = |target: &str, path: &str| {
            Target::read(target).is_ok_and(|target| target.fits(&["GET"], path))
        };
        assert!(fits("GET /items/{id}", "/items/{item_id}"));
        assert!(fits("get /items/{id} @handler", "/items/{id}"));
        assert!(fits("/orders/**", "/orders/{id}/lines") && fits("/orders/**", "/orders/"));
        assert!(Target::read("ws /chat @message").is_ok_and(|it| it.fits(&["WEBSOCKET"], "/chat")));
        assert!(fits("*", "/anything") && fits("@error", "/anything"));
        assert!(!fits("POST /items", "/items") && !fits("/items", "/items/{id}"));
        assert!(!fits("/items/*", "/items") && !fits("/items/new", "/items/{id}"));
    }

    #[test]
    fn points_are_named() {
        let point = |target: &str| Target::read(target).map(|target| target.point);
        assert_eq!(point("/a"), Ok(Point::Response));
        assert_eq!(point("/a @dep:db"), Ok(Point::Dependency("db".into())));
        assert_eq!(point("dep db"), Ok(Point::Dependency("db".into())));
        assert_eq!(point("validation"), Ok(Point::Invalid));
        let error = Target::read("error 5xx").map(|target| target.statuses);
        assert_eq!(error, Ok(Some((500, 599))));
        for wrong in [
            "/a @b",
            "FETCH /a",
            "error 7xx",
            "error x",
            "a b c",
            "dep a @error",
        ] {
            assert!(Target::read(wrong).is_err(), "{wrong}");
        }
    }
}
