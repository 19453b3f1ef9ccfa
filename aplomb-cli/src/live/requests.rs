//! `aplomb live requests`: what is being answered now.

use super::ask;
use super::entry::Entry;
use crate::failure::Failure;
use crate::instance::Instance;
use crate::output::Output;
use crate::span;

/// Prints the requests that are being answered, the oldest first.
pub(super) fn list(instances: &[Instance], output: &mut Output) -> Result<(), Failure> {
    let answers = ask(instances, in_flight)?;
    let mut all: Vec<(&Instance, &Entry)> = Vec::new();
    for (instance, entries) in &answers.given {
        all.extend(entries.iter().map(|entry| (*instance, entry)));
    }
    all.sort_by(|(_, one), (_, other)| other.milliseconds().total_cmp(&one.milliseconds()));
    if output.json {
        for (instance, entry) in all {
            output.value(instance, &entry.0)?;
        }
        return answers.end();
    }
    let mut titles = vec![">AGE", "DOING", "REQUEST", "CLIENT", "ID"];
    if output.several {
        titles.insert(0, "INSTANCE");
    }
    let rows: Vec<Vec<String>> = all
        .iter()
        .map(|(instance, entry)| {
            let mut row = vec![
                span::written(entry.milliseconds()),
                doing(entry),
                format!("{} {}", entry.method(), entry.target()),
                entry.client().to_owned(),
                entry.id().to_string(),
            ];
            if output.several {
                row.insert(0, instance.name.clone());
            }
            row
        })
        .collect();
    match rows.is_empty() {
        true => output.line("no request is being answered")?,
        false => output.table(&titles, &rows)?,
    }
    answers.end()
}

/// The requests that an instance is answering.
pub(super) fn in_flight(instance: &Instance) -> Result<Vec<Entry>, Failure> {
    let entries = instance.list("/requests/in-flight", None)?;
    Ok(entries.into_iter().map(Entry).collect())
}

fn doing(entry: &Entry) -> String {
    match entry.0["state"].as_str() {
        // Nothing more is to be said than that it is being answered.
        Some("request") | None => entry.phase(),
        Some(state) => state.to_owned(),
    }
}
