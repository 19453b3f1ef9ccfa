//! `aplomb live probes` and `remove`: which probes there are.

use serde_json::Value;

use super::removal::Removal;
use super::{Answers, ask};
use crate::failure::Failure;
use crate::instance::Instance;
use crate::output::Output;
use crate::span;

/// Prints the probes that are set, and those that ended last.
pub(super) fn list(instances: &[Instance], output: &mut Output) -> Result<(), Failure> {
    let answers = ask(instances, |instance| instance.list("/live/probes", None))?;
    let mut rows = Vec::new();
    for (instance, probes) in &answers.given {
        for probe in probes {
            match output.json {
                true => output.value(instance, probe)?,
                false => rows.push(row(instance, probe, output.several)),
            }
        }
    }
    if !output.json {
        let titles = [
            "ID", "STATE", ">ENDS IN", ">EMITTED", ">DROPPED", "KIND", "TARGET", "OWNER",
            "INSTANCE",
        ];
        match rows.is_empty() {
            true => output.line("no probe is set")?,
            false => output.table(
                &titles[..titles.len() - usize::from(!output.several)],
                &rows,
            )?,
        }
    }
    answers.end()
}

fn row(instance: &Instance, probe: &Value, several: bool) -> Vec<String> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let definition = &probe["definition"];
    let left = probe["expires_in"].as_f64().unwrap_or_default();
    let mut row = vec![
        text(&probe["id"]),
        text(&probe["state"]),
        if left > 0.0 {
            span::written(left * 1000.0)
        } else {
            "–".to_owned()
        },
        probe["emitted"].to_string(),
        probe["dropped"].to_string(),
        text(&probe["kind"]),
        // A level has no target.
        text(definition.get("target").unwrap_or(&definition["directive"])),
        text(&probe["owner"]),
    ];
    if several {
        row.push(instance.name.clone());
    }
    row
}

/// Removes probes by their ids, or all there are.
pub(super) const REMOVAL: Removal = Removal {
    path: "/live/probes",
    thing: "probe",
    done: "removed",
};

/// Asks all instances about a probe, which is in one of them: the others know nothing of it.
///
/// # Errors
/// When none of them answers.
pub(super) fn ask_of_probe<'a>(
    instances: &'a [Instance],
    what: impl Fn(&'a Instance) -> Result<Value, Failure> + Sync,
) -> Result<Answers<'a, Option<Value>>, Failure> {
    ask(instances, |instance| match what(instance) {
        Ok(probe) => Ok(Some(probe)),
        Err(Failure::NotFound(_)) => Ok(None),
        Err(failure) => Err(failure),
    })
}

/// Where a probe is found.
///
/// # Errors
/// When no probe is called so, and something else might be found there.
pub(super) fn path_of(id: &str) -> Result<String, Failure> {
    path_below(REMOVAL.path, REMOVAL.thing, id)
}

/// Where a thing of this id is found below a path.
///
/// # Errors
/// When none is called so, and something else might be found there.
pub(super) fn path_below(path: &str, thing: &str, id: &str) -> Result<String, Failure> {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || letter == '-';
    match !id.is_empty() && id.chars().all(plain) {
        true => Ok(format!("{path}/{id}")),
        false => Err(Failure::NotFound(format!("no {thing} is called `{id}`"))),
    }
}
