//! `aplomb live log`, `metric` and `snapshot`: probes are set, and followed.

use std::time::Duration;

use serde_json::{Map, Value, json};

use super::follow::Wanted;
use super::placing::Placing;
use crate::arguments::{Level, MetricArguments, MetricKind, ProbeArguments};
use crate::failure::Failure;
use crate::instance::Instance;
use crate::output::Output;

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
    set(instances, output, definition, probe, None)
}

/// Captures what requests bring.
pub(super) fn snapshot(
    instances: &[Instance],
    output: &mut Output,
    target: &str,
    probe: &ProbeArguments,
) -> Result<(), Failure> {
    let definition = definition("snapshot", target, probe);
    set(instances, output, definition, probe, None)
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
        definition,
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
    let mut definition = json!({"kind": kind, "target": target});
    let optional: [(&str, Option<Value>); 3] = [
        ("when", probe.when.as_deref().map(Into::into)),
        // No instance needs more than all of them together.
        ("hits", probe.hits.or(probe.fleet_hits).map(Into::into)),
        ("sample", probe.sample.map(Into::into)),
    ];
    for (name, value) in optional {
        if let Some(value) = value {
            definition[name] = value;
        }
    }
    definition
}

/// Sets a probe, and follows it unless it is to be left there.
fn set(
    instances: &[Instance],
    output: &mut Output,
    definition: Value,
    probe: &ProbeArguments,
    every: Option<Duration>,
) -> Result<(), Failure> {
    let placing = Placing {
        send: Instance::post,
        path: "/live/probes",
        definition,
        arguments: &probe.placing,
        wanted: Wanted {
            every,
            hits: probe.fleet_hits,
        },
    };
    placing.run(instances, output)
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
