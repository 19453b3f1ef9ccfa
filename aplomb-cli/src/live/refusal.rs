//! Why a probe was refused, pointing at what is wrong.

use serde_json::Value;

use crate::instance::Instance;
use crate::screen;

/// What to tell people of an answer that refuses a probe or a profile, and of what did not come of it.
pub(super) fn told(
    instance: &Instance,
    definition: &Value,
    answer: &Value,
    nothing: &str,
) -> String {
    let detail = &answer["detail"];
    let mut lines = Vec::new();
    match detail {
        Value::String(message) => lines.push(format!("refused: {}", screen::line(message))),
        // What does not even fit the model, in the words of every 422.
        Value::Array(errors) => {
            for error in errors {
                let place = error["loc"].as_array().into_iter().flatten();
                let place: Vec<String> = place
                    .skip(1)
                    .map(|part| {
                        part.as_str()
                            .map_or_else(|| part.to_string(), str::to_owned)
                    })
                    .collect();
                let message = error["msg"].as_str().unwrap_or_default();
                let refused = format!("refused: {}: {message}", place.join("."));
                lines.push(screen::line(&refused));
            }
        }
        _ => {
            let message = detail["message"].as_str().unwrap_or("nobody says why");
            lines.push(format!("refused: {}", screen::line(message)));
            let mistakes = detail["mistakes"].as_array().into_iter().flatten();
            let mut told: Vec<(&str, u64, &str)> = Vec::new();
            for mistake in mistakes {
                let part = mistake["part"].as_str().unwrap_or_default();
                let at = mistake["at"].as_u64().unwrap_or_default();
                let message = mistake["message"].as_str().unwrap_or_default();
                // The same may be wrong at many routes.
                if !told.contains(&(part, at, message)) {
                    told.push((part, at, message));
                    lines.extend(pointed(definition, part, mistake));
                }
            }
        }
    }
    lines.push(format!("{nothing} ({}).", instance.name));
    lines.join("\n")
}

/// The source of an expression with its mistake underlined.
fn pointed(definition: &Value, part: &str, mistake: &Value) -> Vec<String> {
    let Some(source) = source(definition, part) else {
        return Vec::new();
    };
    let number =
        |name: &str| usize::try_from(mistake[name].as_u64().unwrap_or_default()).unwrap_or(0);
    let (at, length) = (number("at"), number("length"));
    // What is made visible is longer than what was written.
    let width = |text: String| screen::line(&text).chars().count();
    let before = width(source.chars().take(at).collect());
    let wrong = width(source.chars().skip(at).take(length).collect()).max(1);
    let message = mistake["message"].as_str().unwrap_or_default();
    vec![
        format!("  {}: {}", screen::line(part), screen::line(source)),
        format!(
            "  {}{} {}",
            " ".repeat(width(part.to_owned()) + 2 + before),
            "^".repeat(wrong),
            screen::line(message)
        ),
    ]
}

/// What was sent for a part of a probe, such as `when` or `metric.value`.
fn source<'a>(definition: &'a Value, part: &str) -> Option<&'a str> {
    let places = [
        definition,
        &definition["metric"],
        &definition["metric"]["labels"],
    ];
    let name = part.rsplit(['.', ' ']).next()?.trim_matches('`');
    places.into_iter().find_map(|place| place[name].as_str())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_mistake_is_underlined() {
        let instance = Instance::new("localhost:1", None, None).expect("an instance");
        let definition = json!({"kind": "log", "when": "path.itemid > 3"});
        let mistake = json!({"part": "when", "place": "GET /", "message": "no field itemid", "at": 5, "length": 6});
        let answer =
            json!({"detail": {"message": "when: no field itemid", "mistakes": [mistake, mistake]}});
        let told = told(&instance, &definition, &answer, "Nothing was set");
        let lines: Vec<_> = told.lines().collect();
        assert_eq!(
            lines,
            [
                "refused: when: no field itemid",
                "  when: path.itemid > 3",
                "             ^^^^^^ no field itemid",
                "Nothing was set (localhost:1).",
            ]
        );
    }

    #[test]
    fn what_does_not_fit_the_model_is_named() {
        let instance = Instance::new("localhost:1", None, None).expect("an instance");
        let answer = json!({"detail": [{"loc": ["body", "hits"], "msg": "Input should be greater than or equal to 1"}]});
        let told = told(&instance, &Value::Null, &answer, "Nothing was set");
        assert!(told.starts_with("refused: hits: Input should be"), "{told}");
    }
}
