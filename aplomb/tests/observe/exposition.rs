//! A strict reader of Prometheus' text format, version 0.0.4.
//!
//! Source: the format's description in Prometheus' documentation, "Exposition formats".

#![allow(dead_code, reason = "every test file uses the part it needs")]

use std::collections::{BTreeMap, BTreeSet};

type Labels = BTreeMap<String, String>;

/// The metrics of one text, by name.
#[derive(Debug, Default)]
pub(crate) struct Exposition {
    samples: Vec<(String, Labels, f64)>,
    kinds: BTreeMap<String, String>,
}

impl Exposition {
    /// Reads a text and panics where it is not as it must be.
    pub(crate) fn read(text: &str) -> Self {
        assert!(text.ends_with('\n'), "the last line must end");
        let mut read = Self::default();
        let (mut current, mut helped) = (String::new(), String::new());
        let mut seen = BTreeSet::new();
        for line in text.lines() {
            if let Some(help) = line.strip_prefix("# HELP ") {
                let (name, help) = help.split_once(' ').expect("a help text");
                check_help(help);
                helped = name.to_owned();
                continue;
            }
            if let Some(kind) = line.strip_prefix("# TYPE ") {
                let (name, kind) = kind.split_once(' ').expect("a kind");
                assert_eq!(name, helped, "HELP and TYPE belong together");
                assert!(is_name(name), "{line}");
                assert!(["counter", "gauge", "histogram"].contains(&kind), "{line}");
                check_name(name, kind);
                let before = read.kinds.insert(name.to_owned(), kind.to_owned());
                assert_eq!(before, None, "{name} is there twice");
                current = name.to_owned();
                continue;
            }
            let (name, labels, value) = sample(line);
            let of_histogram = ["_bucket", "_sum", "_count"]
                .iter()
                .any(|end| name.strip_suffix(end) == Some(&current));
            assert!(!line.starts_with('#') && line.trim() == line, "{line}");
            let is_histogram = read.kinds[&current] == "histogram";
            let bounded = labels.contains_key("le");
            assert_eq!(bounded, name == format!("{current}_bucket"), "{line}");
            let goes_down = read.kinds[&current] == "gauge";
            assert!(goes_down || value >= 0.0 && value.is_finite(), "{line}");
            assert!(
                if is_histogram {
                    of_histogram
                } else {
                    name == current
                },
                "{line}"
            );
            assert!(seen.insert((name.clone(), labels.clone())), "twice: {line}");
            read.samples.push((name, labels, value));
        }
        for (name, kind) in &read.kinds {
            read.check_labels(name);
            if kind == "histogram" {
                read.check_histogram(name);
            }
        }
        read
    }

    /// The sum of the samples with these labels.
    pub(crate) fn sum(&self, name: &str, labels: &[(&str, &str)]) -> f64 {
        assert!(self.kinds.contains_key(base(name)), "no metric {name}");
        let has = |all: &Labels| {
            labels
                .iter()
                .all(|(label, value)| all.get(*label).is_some_and(|known| known == value))
        };
        let samples = self.samples.iter();
        samples
            .filter(|(known, all, _)| known == name && has(all))
            .map(|(_, _, value)| value)
            .sum()
    }

    /// The values of a label.
    pub(crate) fn values(&self, name: &str, label: &str) -> BTreeSet<&str> {
        let samples = self.samples.iter().filter(|(known, ..)| known == name);
        samples
            .filter_map(|(_, labels, _)| Some(&**labels.get(label)?))
            .collect()
    }

    /// All samples of a metric have the same labels, but for the bounds of buckets.
    fn check_labels(&self, metric: &str) {
        let samples = self.samples.iter().filter(|(name, ..)| {
            name == metric || self.kinds[metric] == "histogram" && base(name) == metric
        });
        let named = samples.map(|(_, labels, _)| {
            let names = labels.keys().filter(|label| *label != "le");
            names.cloned().collect::<Vec<_>>()
        });
        let all: BTreeSet<_> = named.collect();
        assert!(all.len() <= 1, "{metric}: {all:?}");
    }

    /// Buckets grow, and the last holds all.
    fn check_histogram(&self, name: &str) {
        let mut last: BTreeMap<Labels, (f64, f64)> = BTreeMap::new();
        for (known, labels, count) in &self.samples {
            if *known != format!("{name}_bucket") {
                continue;
            }
            let mut labels = labels.clone();
            let bound = labels.remove("le").expect("a bound");
            let bound: f64 = bound.replace("+Inf", "inf").parse().expect("a bound");
            if let Some((before, fewer)) = last.insert(labels, (bound, *count)) {
                assert!(bound > before && *count >= fewer, "{name}");
            }
        }
        for (labels, (bound, count)) in &last {
            assert!(bound.is_infinite(), "{name} {labels:?} has no last bucket");
            let labels: Vec<_> = labels
                .iter()
                .map(|(l, v)| (l.as_str(), v.as_str()))
                .collect();
            assert_eq!(self.sum(&format!("{name}_count"), &labels), *count);
            assert!(self.sum(&format!("{name}_sum"), &labels) >= 0.0);
        }
    }
}

fn base(name: &str) -> &str {
    let ends = ["_bucket", "_sum", "_count"];
    ends.iter()
        .find_map(|end| name.strip_suffix(end))
        .unwrap_or(name)
}

/// What is in a help text but letters is escaped.
fn check_help(help: &str) {
    assert!(!help.trim().is_empty(), "an empty help text");
    let mut letters = help.chars();
    while let Some(letter) = letters.next() {
        if letter == '\\' {
            let escaped = letters.next();
            assert!(matches!(escaped, Some('\\' | 'n')), "{help}");
        }
    }
}

/// Names say what is counted, in base units.
///
/// Source: "Metric and label naming" in Prometheus' documentation.
fn check_name(name: &str, kind: &str) {
    assert_eq!(name.ends_with("_total"), kind == "counter", "{name}");
    for reserved in ["_bucket", "_sum", "_count"] {
        assert!(!name.ends_with(reserved), "{name}");
    }
    for unit in [
        "milliseconds",
        "_ms",
        "micro",
        "nano",
        "kilo",
        "mega",
        "_kb",
        "minutes",
    ] {
        assert!(!name.contains(unit), "{name} is not in a base unit");
    }
    if kind == "histogram" {
        assert!(
            name.ends_with("_seconds") || name.ends_with("_bytes"),
            "{name}"
        );
    }
}

fn is_name(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b':';
    name.bytes().all(plain) && !name.is_empty() && !name.as_bytes()[0].is_ascii_digit()
}

/// One line with a value.
fn sample(line: &str) -> (String, Labels, f64) {
    let end = line.find(['{', ' ']).expect("a name and a value");
    let (name, mut rest) = line.split_at(end);
    assert!(is_name(name), "{line}");
    let mut labels = Labels::new();
    if let Some(inside) = rest.strip_prefix('{') {
        rest = inside;
        loop {
            let (label, after) = rest.split_once("=\"").expect("a label");
            assert!(is_name(label) && !label.contains(':'), "{line}");
            assert!(!label.starts_with("__"), "reserved: {line}");
            let (value, after) = quoted(after);
            assert_eq!(labels.insert(label.to_owned(), value), None, "{line}");
            match after.strip_prefix(',') {
                Some(after) => rest = after,
                None => break rest = after.strip_prefix('}').expect("an end"),
            }
        }
    }
    let value = rest.strip_prefix(' ').expect("a value");
    assert!(!value.contains(' '), "{line}");
    (name.to_owned(), labels, value.parse().expect("a number"))
}

/// A value up to its closing quote, and what is behind that.
fn quoted(text: &str) -> (String, &str) {
    let (mut value, mut letters) = (String::new(), text.char_indices());
    loop {
        match letters.next().expect("a closing quote") {
            (index, '"') => return (value, &text[index + 1..]),
            (_, '\\') => match letters.next().map(|(_, letter)| letter) {
                Some('n') => value.push('\n'),
                Some(letter @ ('\\' | '"')) => value.push(letter),
                other => panic!("escape {other:?}"),
            },
            (_, letter) => value.push(letter),
        }
    }
}
