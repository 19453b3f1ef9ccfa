//! `aplomb live slow`: what the flight recorder keeps.

use serde_json::{Map, Value};

use super::ask;
use super::entry::Entry;
use super::why::causes;
use crate::arguments::Kind;
use crate::failure::Failure;
use crate::instance::Instance;
use crate::output::Output;
use crate::{screen, span};

/// Prints the requests that were slow, failed, were shed or timed out.
pub(super) fn list(
    instances: &[Instance],
    output: &mut Output,
    kind: Option<Kind>,
    most: usize,
) -> Result<(), Failure> {
    let answers = ask(instances, kept)?;
    for of in Kind::ALL
        .into_iter()
        .filter(|of| kind.is_none_or(|kind| kind == *of))
    {
        let mut entries = Vec::new();
        for (instance, all) in &answers.given {
            let meant = all.iter().filter(|(kind, _)| *kind == of);
            entries.extend(meant.map(|(_, entry)| (*instance, entry)));
        }
        match of {
            Kind::Slow => entries.sort_by(|(_, one), (_, other)| {
                other.milliseconds().total_cmp(&one.milliseconds())
            }),
            _ => entries.sort_by_key(|(_, entry)| std::cmp::Reverse(entry.arrived())),
        }
        entries.truncate(most);
        match output.json {
            true => lines(output, of, &entries)?,
            false => table(output, of, &entries)?,
        }
    }
    answers.end()
}

fn lines(output: &mut Output, kind: Kind, entries: &[(&Instance, &Entry)]) -> Result<(), Failure> {
    for (instance, entry) in entries {
        let mut line = Map::new();
        line.insert("kind".to_owned(), kind.name().into());
        line.extend(
            entry
                .0
                .as_object()
                .into_iter()
                .flatten()
                .map(|(name, value)| (name.clone(), value.clone())),
        );
        output.value(instance, &Value::Object(line))?;
    }
    Ok(())
}

fn table(output: &mut Output, kind: Kind, entries: &[(&Instance, &Entry)]) -> Result<(), Failure> {
    let title = match kind {
        Kind::Slow => "The slowest of this minute and the one before",
        Kind::Failed => "Failed last",
        Kind::Shed => "Refused last because of overload",
        Kind::TimedOut => "Timed out last",
    };
    if entries.is_empty() {
        output.line(&format!("{title}: none"))?;
        return Ok(());
    }
    output.line(&format!("{title}:"))?;
    let mut titles = vec!["  TIME", ">TOOK", "OUTCOME", "REQUEST", "MOSTLY", "ID"];
    if output.several {
        titles.push("INSTANCE");
    }
    let rows: Vec<Vec<String>> = entries
        .iter()
        .map(|(instance, entry)| {
            let mostly = causes(entry).into_iter().next();
            let mostly = mostly.map(|cause| {
                format!(
                    "{} {}",
                    span::written(cause.milliseconds),
                    cause.what.short()
                )
            });
            let mut row = vec![
                format!("  {}", entry.time()),
                span::written(entry.milliseconds()),
                entry.outcome(),
                screen::cut(&format!("{} {}", entry.method(), entry.target()), 60),
                mostly.unwrap_or_default(),
                entry.id().to_string(),
            ];
            if output.several {
                row.push(instance.name.clone());
            }
            row
        })
        .collect();
    output.table(&titles, &rows)?;
    Ok(())
}

/// The requests that an instance keeps, and why.
pub(super) fn kept(instance: &Instance) -> Result<Vec<(Kind, Entry)>, Failure> {
    let mut recorded = instance.get("/requests")?;
    let mut kept = Vec::new();
    for kind in Kind::ALL {
        let entries = recorded.get_mut(kind.name()).map(Value::take);
        let entries = instance.objects(entries.unwrap_or_default())?;
        kept.extend(entries.into_iter().map(|entry| (kind, Entry(entry))));
    }
    Ok(kept)
}
