//! `aplomb live level`: what events and spans give out.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use super::follow::Wanted;
use super::probe::{Placed, output_set, placed_id, take_back};
use super::removal::Removal;
use super::{ask, follow, refusal};
use crate::arguments::{LevelAction, LevelArguments, SetLevel};
use crate::failure::Failure;
use crate::instance::Instance;
use crate::output::Output;
use crate::{screen, span};

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

/// Sets a level in all instances or in none, and follows it unless it is to be left there.
fn set(instances: &[Instance], output: &mut Output, asked: &SetLevel) -> Result<(), Failure> {
    let mut definition = json!({
        "directive": asked.directive,
        "expires_in": (asked.lasts.as_secs_f64().ceil() as u64).max(1),
        "attached": !asked.detach,
    });
    let optional: [(&str, Option<Value>); 4] = [
        ("route", asked.route.as_deref().map(Into::into)),
        ("per_second", asked.per_second.map(Into::into)),
        ("reason", asked.reason.as_deref().map(Into::into)),
        ("owner", asked.owner.as_deref().map(Into::into)),
    ];
    for (name, value) in optional {
        if let Some(value) = value {
            definition[name] = value;
        }
    }
    let send = |instance: &Instance, path: &str| match instance.put(path, &definition)? {
        Ok(level) => Ok(level),
        Err(answer) => Err(Failure::Refused(refusal::told(
            instance,
            &definition,
            &answer,
            "Nothing was set",
        ))),
    };
    // Where one would refuse it, nobody is to have it.
    let checked = ask(instances, |instance| {
        send(instance, "/live/levels?check=true")
    })?;
    for (instance, level) in &checked.given {
        for note in level["notes"].as_array().into_iter().flatten() {
            let note = note.as_str().unwrap_or_default();
            eprintln!("{}", screen::line(&format!("{}: {note}", instance.name)));
        }
    }
    checked.end()?;
    if asked.check {
        output_set(output, instances, &asked.directive, "could be set")?;
        return Ok(());
    }
    // What is set from here on is removed, whatever happens, unless it is to be left there.
    let line = match asked.detach {
        true => None,
        false => Some(follow::Line::open()?),
    };
    let set = ask(instances, |instance| {
        placed_id(instance, &send(instance, "/live/levels")?)
    })?;
    let placed = set.given.into_iter();
    let placed: Vec<Placed<'_>> = placed
        .map(|(instance, id)| Placed { instance, id })
        .collect();
    if let Some(failure) = set.failure {
        take_back(&placed);
        return Err(failure);
    }
    let until = span::written(asked.lasts.as_secs_f64() * 1000.0);
    let Some(line) = line else {
        for Placed { instance, id } in &placed {
            let (directive, name) = (&asked.directive, &instance.name);
            match output.json {
                true => output.value(instance, &json!({"id": id}))?,
                false => output.line(&format!("{id}  {directive}  for {until}  {name}"))?,
            }
        }
        return Ok(());
    };
    let what = format!("set for {until}; Ctrl-C resets it");
    output_set(output, instances, &asked.directive, &what)?;
    follow::placed(placed, output, Wanted::default(), &line)
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
