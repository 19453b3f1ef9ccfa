//! What probes emit, for people.

use serde_json::{Value, json};

use crate::instance::Instance;
use crate::live::entry::time_of_day;
use crate::output::Output;
use crate::span;

/// Prints an event of a probe.
pub(super) fn pretty(
    output: &mut Output,
    instance: &Instance,
    event: &Value,
) -> std::io::Result<()> {
    let text = |name: &str| event[name].as_str().unwrap_or_default();
    if let Some(missed) = event["missed"].as_u64() {
        return output.line(&format!("… {missed} more, for which there was no room"));
    }
    let time = time_of_day(text("time"));
    let instance = if output.several {
        format!("{}  ", instance.name)
    } else {
        String::new()
    };
    let request = match (event["request_id"].as_str(), event["request"].as_u64()) {
        (Some(id), _) => format!("   {id}"),
        (None, Some(number)) => format!("   request {number}"),
        (None, None) => String::new(),
    };
    if event["kind"] == "level" {
        let (level, place) = (text("level").to_uppercase(), text("place"));
        let message = text("message");
        return output.line(&format!("{time}  {instance}{level:>5} {place}: {message}"));
    }
    match &event["snapshot"] {
        Value::Null => output.line(&format!("{time}  {instance}{}{request}", text("message"))),
        snapshot => {
            output.line(&format!("{time}  {instance}{}{request}", text("place")))?;
            tree(output, snapshot, 2)
        }
    }
}

/// Prints an object with each of its fields on a line.
fn tree(output: &mut Output, value: &Value, depth: usize) -> std::io::Result<()> {
    let room = " ".repeat(depth);
    for (name, value) in value.as_object().into_iter().flatten() {
        match value {
            Value::Object(fields) if !fields.is_empty() => {
                output.line(&format!("{room}{name}:"))?;
                tree(output, value, depth + 2)?;
            }
            Value::Array(spans) if name == "spans" => {
                let mut lines = Vec::new();
                within(spans, depth + 2, &mut lines);
                if !lines.is_empty() {
                    output.line(&format!("{room}{name}:"))?;
                }
                for line in lines {
                    output.line(&line)?;
                }
            }
            value => output.line(&format!("{room}{name}: {value}"))?,
        }
    }
    Ok(())
}

/// Spans as lines, each below the one it was opened in.
fn within(spans: &[Value], depth: usize, lines: &mut Vec<String>) {
    let room = " ".repeat(depth);
    for one in spans {
        let time = |name: &str| span::written(one[name].as_f64().unwrap_or_default());
        let name = one["name"].as_str().unwrap_or_default();
        let open = if one["open"] == true { ", open" } else { "" };
        let fields = one["fields"].as_object().into_iter().flatten();
        let fields: String = fields
            .map(|(name, value)| format!(" {name}={value}"))
            .collect();
        let (start, took) = (time("start_ms"), time("duration_ms"));
        lines.push(format!("{room}{name} {took} (at {start}{open}){fields}"));
        let below = one["spans"].as_array();
        within(below.map_or(&[][..], Vec::as_slice), depth + 2, lines);
    }
}

/// Prints what a metric has counted.
pub(super) fn series(
    output: &mut Output,
    instance: &Instance,
    probe: &Value,
) -> std::io::Result<()> {
    let Some(all) = probe["series"].as_array() else {
        return Ok(());
    };
    if output.json {
        let name = &probe["definition"]["metric"]["name"];
        return output.value(
            instance,
            &json!({"kind": "metric", "name": name, "series": all}),
        );
    }
    let metric = &probe["definition"]["metric"];
    let name = metric["name"].as_str().unwrap_or_default();
    let kind = metric["type"].as_str().unwrap_or_default();
    for one in all {
        let labels = one["labels"].as_object().into_iter().flatten();
        let labels: Vec<String> = labels
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let number = |name: &str| one[name].as_f64().unwrap_or_default();
        let said = match kind {
            "counter" => format!("{}", number("count")),
            "gauge" => format!("{}", number("last")),
            "duration" => {
                let mean = number("sum") / number("count").max(1.0) * 1000.0;
                format!(
                    "{} times, {} on average",
                    number("count"),
                    span::written(mean)
                )
            }
            _ => format!(
                "{} times, {:.3} on average",
                number("count"),
                number("sum") / number("count").max(1.0)
            ),
        };
        let instance = if output.several {
            format!("  {}", instance.name)
        } else {
            String::new()
        };
        output.line(&format!(
            "live_{name} {{{}}}: {said}{instance}",
            labels.join(", ")
        ))?;
    }
    Ok(())
}

/// Prints what a probe did in all.
pub(super) fn total(
    output: &mut Output,
    instance: &Instance,
    probe: &Value,
) -> std::io::Result<()> {
    let number = |name: &str| probe[name].as_u64().unwrap_or_default();
    let text = |name: &str| probe[name].as_str().unwrap_or_default();
    let mut line = format!(
        "{} {}: passed {}, matched {}, emitted {}, dropped {}, CPU {} µs",
        text("id"),
        text("state"),
        number("passed"),
        number("matched"),
        number("emitted"),
        number("dropped"),
        number("cpu_microseconds"),
    );
    if let Some(reason) = probe["reason"].as_str()
        && text("state") != "removed"
    {
        line = format!("{line}; {reason}");
    }
    if output.several {
        line = format!("{line}  {}", instance.name);
    }
    output.line(&line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_below_those_they_were_opened_in() {
        let spans = json!([
            {"name": "order", "start_ms": 0.25, "duration_ms": 31.0, "fields": {"id": 7}, "spans": [
                {"name": "charge", "start_ms": 0.5, "duration_ms": 20.4, "fields": {"card": "hidden"}},
                {"name": "mail", "start_ms": 21.0, "duration_ms": 10.0, "open": true},
            ]},
            {"name": "answer", "start_ms": 32.0, "duration_ms": 0.5},
        ]);
        let mut lines = Vec::new();
        within(spans.as_array().expect("spans"), 2, &mut lines);
        assert_eq!(
            lines,
            [
                "  order 31 ms (at 0.25 ms) id=7",
                "    charge 20 ms (at 0.50 ms) card=\"hidden\"",
                "    mail 10 ms (at 21 ms, open)",
                "  answer 0.50 ms (at 32 ms)",
            ]
        );
    }
}
