//! `aplomb live log`, `metric` and `snapshot`: probes are set, and followed.

use serde_json::{Map, Value, json};

use super::follow::Wanted;
use super::probes::path_of;
use super::{ask, follow, refusal};
use crate::arguments::{Level, MetricArguments, MetricKind, ProbeArguments};
use crate::failure::Failure;
use crate::instance::Instance;
use crate::output::Output;
use crate::{screen, span};

/// A probe in one instance.
pub(super) struct Placed<'a> {
    pub(super) instance: &'a Instance,
    pub(super) id: String,
}

/// Logs a line whenever a point is passed.
pub(super) fn log(
    instances: &[Instance],
    output: &mut Output,
    target: &str,
    template: &str,
    level: Level,
    probe: &ProbeArguments,
) -> Result<(), Failure> {
    let mut definition = definition("log", target, probe);
    definition["message"] = template.into();
    definition["level"] = level.name().into();
    set(instances, output, &definition, probe, None)
}

/// Captures what requests bring.
pub(super) fn snapshot(
    instances: &[Instance],
    output: &mut Output,
    target: &str,
    probe: &ProbeArguments,
) -> Result<(), Failure> {
    let definition = definition("snapshot", target, probe);
    set(instances, output, &definition, probe, None)
}

/// Counts or measures at a point.
pub(super) fn metric(
    instances: &[Instance],
    output: &mut Output,
    metric: &MetricArguments,
) -> Result<(), Failure> {
    let mut labels = Map::new();
    for label in &metric.label {
        let Some((name, expression)) = label.split_once('=') else {
            return Err(Failure::Usage(format!(
                "{label}: a label is NAME=EXPRESSION"
            )));
        };
        labels.insert(name.trim().to_owned(), expression.trim().into());
    }
    let takes_value = matches!(metric.kind, MetricKind::Gauge | MetricKind::Histogram);
    if takes_value != metric.expression.is_some() {
        let kind = metric.kind.name();
        return Err(Failure::Usage(match takes_value {
            true => format!("a {kind} takes an expression that is a number"),
            false => format!("a {kind} takes no expression; `--when` is its condition"),
        }));
    }
    let name = metric
        .name
        .clone()
        .unwrap_or_else(|| name_of(&metric.target, metric.kind));
    let mut made = json!({"name": name, "type": metric.kind.name(), "labels": labels});
    if let Some(expression) = &metric.expression {
        made["value"] = expression.as_str().into();
    }
    if let Some(from) = &metric.from {
        made["from"] = from.as_str().into();
    }
    let mut definition = definition("metric", &metric.target, &metric.probe);
    definition["metric"] = made;
    set(
        instances,
        output,
        &definition,
        &metric.probe,
        Some(metric.every),
    )
}

/// A name for the metric of a target: `GET /items/{id} @handler` is `get_items_id_handler`.
fn name_of(target: &str, kind: MetricKind) -> String {
    let mut name = String::new();
    for letter in target.chars().chain([' ']).chain(kind.name().chars()) {
        match letter.is_ascii_alphanumeric() {
            true => name.push(letter.to_ascii_lowercase()),
            false if !name.is_empty() && !name.ends_with('_') => name.push('_'),
            false => {}
        }
    }
    let name = name.trim_start_matches(|letter: char| !letter.is_ascii_lowercase());
    name.chars().take(63).collect()
}

fn definition(kind: &str, target: &str, probe: &ProbeArguments) -> Value {
    let mut definition = json!({
        "kind": kind,
        "target": target,
        "expires_in": (probe.lasts.as_secs_f64().ceil() as u64).max(1),
        "attached": !probe.detach,
    });
    let optional: [(&str, Option<Value>); 6] = [
        ("when", probe.when.as_deref().map(Into::into)),
        // No instance needs more than all of them together.
        ("hits", probe.hits.or(probe.fleet_hits).map(Into::into)),
        ("per_second", probe.per_second.map(Into::into)),
        ("sample", probe.sample.map(Into::into)),
        ("reason", probe.reason.as_deref().map(Into::into)),
        ("owner", probe.owner.as_deref().map(Into::into)),
    ];
    for (name, value) in optional {
        if let Some(value) = value {
            definition[name] = value;
        }
    }
    definition
}

/// Sets a probe in all instances or in none, and follows it unless it is to be left there.
fn set(
    instances: &[Instance],
    output: &mut Output,
    definition: &Value,
    probe: &ProbeArguments,
    every: Option<std::time::Duration>,
) -> Result<(), Failure> {
    let send = |instance: &Instance, path: &str| match instance.post(path, definition)? {
        Ok(probe) => Ok(probe),
        Err(answer) => Err(Failure::Refused(refusal::told(
            instance,
            definition,
            &answer,
            "Nothing was set",
        ))),
    };
    // Where one would refuse it, nobody is to have it.
    let checked = ask(instances, |instance| {
        send(instance, "/live/probes?check=true")
    })?;
    let places = checked
        .given
        .first()
        .map(|(_, probe)| places(probe))
        .unwrap_or_default();
    checked.end()?;
    if probe.check {
        output_set(output, instances, &places, "could be set")?;
        return Ok(());
    }
    // What is set from here on is removed, whatever happens, unless it is to be left there.
    let line = match probe.detach {
        true => None,
        false => Some(follow::Line::open()?),
    };
    let set = ask(instances, |instance| {
        placed_id(instance, &send(instance, "/live/probes")?)
    })?;
    let placed = set
        .given
        .into_iter()
        .map(|(instance, id)| Placed { instance, id });
    let placed: Vec<Placed<'_>> = placed.collect();
    if let Some(failure) = set.failure {
        take_back(&placed);
        return Err(failure);
    }
    let Some(line) = line else {
        return left(output, &placed, &places);
    };
    let until = span::written(probe.lasts.as_secs_f64() * 1000.0);
    output_set(
        output,
        instances,
        &places,
        &format!("set for {until}; Ctrl-C removes it"),
    )?;
    let wanted = Wanted {
        every,
        hits: probe.fleet_hits,
    };
    follow::placed(placed, output, wanted, &line)
}

/// The id of what was set.
///
/// # Errors
/// When there is none, and so whatever answers sets nothing.
pub(super) fn placed_id(instance: &Instance, set: &Value) -> Result<String, Failure> {
    let id = set["id"].as_str().unwrap_or_default();
    match path_of(id) {
        Ok(_) => Ok(id.to_owned()),
        Err(_) => Err(instance.stranger("it names no probe")),
    }
}

/// Removes what was set before another instance refused it, and names what is left.
pub(super) fn take_back(placed: &[Placed<'_>]) {
    let removed = follow::remove(&placed.iter().collect::<Vec<_>>());
    for (Placed { instance, id }, removed) in placed.iter().zip(removed) {
        if removed.is_none() {
            let message = format!("{}: {id} could not be removed again", instance.name);
            eprintln!("{}", screen::line(&message));
        }
    }
}

fn places(probe: &Value) -> String {
    let places = probe["places"].as_array().into_iter().flatten();
    let places: Vec<&str> = places.filter_map(Value::as_str).collect();
    match &places[..] {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [one, rest @ ..] => format!("{one} and {} more", rest.len()),
    }
}

/// Says what was done, beside what is printed for programs and for people.
pub(super) fn output_set(
    output: &Output,
    instances: &[Instance],
    places: &str,
    what: &str,
) -> std::io::Result<()> {
    if !output.json {
        let of = if output.several {
            format!(" of {} instances", instances.len())
        } else {
            String::new()
        };
        eprintln!("{}", screen::line(&format!("{places}{of}: {what}")));
    }
    Ok(())
}

fn left(output: &mut Output, placed: &[Placed<'_>], places: &str) -> Result<(), Failure> {
    for Placed { instance, id } in placed {
        match output.json {
            true => output.value(instance, &json!({"id": id}))?,
            false => output.line(&format!("{id}  {places}  {}", instance.name))?,
        }
    }
    if !output.json {
        eprintln!(
            "it stays; `aplomb live follow ID` shows what it emits, `aplomb live remove ID` ends it"
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metrics_are_named_after_their_targets() {
        assert_eq!(
            name_of("GET /items/{id} @handler", MetricKind::Duration),
            "get_items_id_handler_duration"
        );
        assert_eq!(name_of("/**", MetricKind::Counter), "counter");
    }
}
