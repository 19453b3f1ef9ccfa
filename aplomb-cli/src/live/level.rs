//! `aplomb live level`: what events and spans give out.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use super::ask;
use super::follow::Wanted;
use super::placing::Placing;
use super::removal::Removal;
use crate::arguments::{LevelAction, LevelArguments, SetLevel};
use crate::failure::Failure;
use crate::instance::Instance;
use crate::output::Output;
use crate::span;

/// Lists, sets or resets levels, or lists what they can be about.
pub(super) fn run(
    instances: &[Instance],
    output: &mut Output,
    asked: &LevelArguments,
) -> Result<(), Failure> {
    match &asked.action {
        None | Some(LevelAction::List) => list(instances, output),
        Some(LevelAction::Set(asked)) => set(instances, output, asked),
        Some(LevelAction::Reset { ids, every }) => RESET.run(instances, output, ids, *every),
        Some(LevelAction::Sites { part }) => {
            sites(instances, output, part.as_deref().unwrap_or_default())
        }
    }
}

fn list(instances: &[Instance], output: &mut Output) -> Result<(), Failure> {
    let titles = [
        "ID",
        ">ENDS IN",
        ">EMITTED",
        ">DROPPED",
        "DIRECTIVE",
        "ROUTE",
        "OWNER",
        "INSTANCE",
    ];
    let row = |level: &Value| {
        let left = level["expires_in"].as_f64().unwrap_or_default();
        vec![
            text(&level["id"]),
            span::written(left * 1000.0),
            level["emitted"].to_string(),
            level["dropped"].to_string(),
            text(&level["directive"]),
            text(&level["route"]),
            text(&level["owner"]),
        ]
    };
    let none = "no level is set";
    table(instances, output, "/live/levels", (&titles, none), row)
}

fn sites(instances: &[Instance], output: &mut Output, part: &str) -> Result<(), Failure> {
    let titles = ["SITE", "LEVEL", "KIND", "TARGET", "FIELDS", "INSTANCE"];
    let row = |site: &Value| {
        let fields = site["fields"].as_array().into_iter().flatten();
        let fields: Vec<&str> = fields.filter_map(Value::as_str).collect();
        let kind = match site["name"].as_str() {
            Some(name) => format!("span {name}"),
            None => text(&site["kind"]),
        };
        vec![
            text(&site["directive"]),
            text(&site["level"]),
            kind,
            text(&site["target"]),
            fields.join(" "),
        ]
    };
    let none = "none is known; one becomes known when it is first reached and its level is let \
                through";
    let part = utf8_percent_encode(part, NON_ALPHANUMERIC);
    let path = format!("/live/callsites?q={part}");
    table(instances, output, &path, (&titles, none), row)
}

/// Prints what all instances list under a path.
fn table(
    instances: &[Instance],
    output: &mut Output,
    path: &str,
    (titles, none): (&[&str], &str),
    row: impl Fn(&Value) -> Vec<String>,
) -> Result<(), Failure> {
    let answers = ask(instances, |instance| instance.list(path, None))?;
    let mut rows = Vec::new();
    for (instance, listed) in &answers.given {
        for one in listed {
            if output.json {
                output.value(instance, one)?;
                continue;
            }
            let mut row = row(one);
            if output.several {
                row.push(instance.name.clone());
            }
            rows.push(row);
        }
    }
    let titles = &titles[..titles.len() - usize::from(!output.several)];
    match (output.json, rows.is_empty()) {
        (true, _) => {}
        (false, true) => output.line(none)?,
        (false, false) => output.table(titles, &rows)?,
    }
    answers.end()
}

/// Sets a level, and follows it unless it is to be left there.
fn set(instances: &[Instance], output: &mut Output, asked: &SetLevel) -> Result<(), Failure> {
    let mut definition = json!({"directive": asked.directive});
    if let Some(route) = &asked.route {
        definition["route"] = route.as_str().into();
    }
    let placing = Placing {
        send: Instance::put,
        path: "/live/levels",
        definition,
        arguments: &asked.placing,
        wanted: Wanted::default(),
    };
    placing.run(instances, output)
}

/// Resets levels by their ids, or all there are.
const RESET: Removal = Removal {
    path: "/live/levels",
    thing: "level",
    done: "reset",
};

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
