//! The `Server-Timing` header of an answer.

use std::fmt::Write as _;
use std::time::Duration;

use http::{HeaderName, HeaderValue};

use super::Record;

/// The header that says where the time of a request went, as
/// <https://www.w3.org/TR/server-timing/> writes it.
pub(crate) const SERVER_TIMING: HeaderName = HeaderName::from_static("server-timing");

/// The phases until now that took any time, and each dependency behind their sum; in milliseconds.
/// Then what of these went into statements of databases, and into waiting for a connection.
///
/// How long the answer takes to write cannot be among them.
pub(crate) fn server_timing(record: &Record) -> HeaderValue {
    let mut text = String::new();
    let mut metric = |name: &str, description: Option<&str>, time: Duration| {
        let separator = if text.is_empty() { "" } else { ", " };
        let milliseconds = time.as_secs_f64() * 1000.0;
        let _ = write!(text, "{separator}{name};dur={milliseconds:.3}");
        if let Some(description) = description {
            let _ = write!(text, ";desc=\"{description}\"");
        }
    };
    for (phase, spent) in record.times().iter() {
        if !spent.total().is_zero() {
            metric(phase.name(), None, spent.total());
        }
    }
    for (name, spent) in record.dependencies() {
        if !spent.total().is_zero() {
            metric("dependency", Some(&quotable(name)), spent.total());
        }
    }
    if let Some(database) = record.database() {
        let calls = format!("statements: {}", database.calls);
        metric("database", Some(&calls), database.running);
        if !database.waiting.is_zero() {
            metric("connection", None, database.waiting);
        }
    }
    HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static(""))
}

/// The name without what would end a quoted string, or does not belong in a header.
fn quotable(name: &str) -> String {
    let is_plain = |letter: char| letter.is_ascii_graphic() && !matches!(letter, '"' | '\\');
    name.chars()
        .map(|letter| if is_plain(letter) { letter } else { '_' })
        .collect()
}

#[cfg(test)]
mod tests {
    use http::{Method, Uri};

    use super::*;
    use crate::observe::Phase;

    #[test]
    fn every_phase_is_a_metric_in_milliseconds() {
        let record = Record::new(&Method::GET, &Uri::from_static("/"));
        record.enter(Phase::Handler);
        std::thread::sleep(Duration::from_millis(20));
        record.enter(Phase::Serialising);
        let header = server_timing(&record);
        let header = header.to_str().expect("text");
        let metrics: Vec<_> = header
            .split(", ")
            .map(|metric| metric.split_once(";dur=").expect("a duration"))
            .collect();
        let names: Vec<_> = metrics.iter().map(|(name, _)| *name).collect();
        assert_eq!(names, ["routing", "handler", "serialising"]);
        let handler: f64 = metrics[1].1.parse().expect("a number");
        assert!((20.0..10_000.0).contains(&handler), "{header}");
    }

    #[test]
    fn no_name_can_end_the_header() {
        assert_eq!(quotable("a\"b\\c\r\nd é"), "a_b_c__d__");
        assert_eq!(quotable("current_user"), "current_user");
    }
}
