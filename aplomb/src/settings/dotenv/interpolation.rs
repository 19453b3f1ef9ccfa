//! `${NAME}` and `${NAME:-default}` in values, however they are quoted.

use std::collections::BTreeMap;

use indexmap::IndexMap;

/// The value with its references replaced: by what the file says before, then by the environment,
/// then by the default. `$NAME` is no reference, and nothing escapes one.
pub(super) fn resolve(
    value: &str,
    variables: &IndexMap<String, Option<String>>,
    environment: &BTreeMap<String, String>,
) -> String {
    let mut resolved = String::new();
    let mut rest = value;
    while let Some(start) = rest.find("${") {
        let (before, reference) = rest.split_at(start);
        resolved.push_str(before);
        let Some((name, default, after)) = reference_of(&reference[2..]) else {
            resolved.push_str("${");
            rest = &reference[2..];
            continue;
        };
        // A variable without a value is not one that is missing.
        resolved.push_str(match (variables.get(name), environment.get(name)) {
            (Some(value), _) => value.as_deref().unwrap_or_default(),
            (None, Some(value)) => value,
            (None, None) => default,
        });
        rest = after;
    }
    resolved.push_str(rest);
    resolved
}

/// The name, the default and what comes after `NAME}` or `NAME:-default}`.
fn reference_of(text: &str) -> Option<(&str, &str, &str)> {
    let (name, rest) = text.split_at(text.find(['}', ':'])?);
    match rest.strip_prefix(":-") {
        Some(rest) => {
            let (default, after) = rest.split_once('}')?;
            Some((name, default, after))
        }
        None => Some((name, "", rest.strip_prefix('}')?)),
    }
}
