//! The path template of an operation.

use syn::LitStr;

use crate::errors::{Errors, nearest};

/// What `{name:convertor}` may say.
const CONVERTORS: &[&str] = &["str", "path", "int", "float", "uuid"];

/// A path template and the names in it.
pub(crate) struct Template {
    pub(crate) text: LitStr,
    pub(crate) names: Vec<String>,
}

impl Template {
    /// Reads the name of a webhook.
    pub(crate) fn name(text: LitStr, errors: &mut Errors) -> Option<Self> {
        if text.value().is_empty() {
            errors.at(&text, "a webhook needs a name: `\"new-order\", webhook`");
            return None;
        }
        let names = Vec::new();
        Some(Self { text, names })
    }

    /// Reads a template, or records what is wrong with it.
    pub(crate) fn read(attribute: &str, text: LitStr, errors: &mut Errors) -> Option<Self> {
        let template = text.value();
        // A callback's URL, which holds expressions instead of parameters.
        if template.contains("{$") {
            let names = Vec::new();
            return Some(Self { text, names });
        }
        let mut wrong = Vec::new();
        if !template.is_empty() && !template.starts_with('/') {
            let webhook = match attribute {
                "websocket" => "",
                _ => ", or say `webhook` behind it if it names one",
            };
            wrong.push(format!(
                "a path begins with `/`; write `\"/{template}\"`{webhook}"
            ));
        }
        if template.contains(['?', '#']) {
            wrong.push(
                "a path has no query and no fragment; a query parameter is an argument of the function".to_owned(),
            );
        }
        let mut names = Vec::new();
        let mut rest = &*template;
        while let Some(start) = rest.find(['{', '}']) {
            let inner = &rest[start + 1..];
            if rest[start..].starts_with('}') {
                wrong.push("this path has a `}` without its `{`".to_owned());
                rest = inner;
                continue;
            }
            let Some(end) = inner
                .find(['{', '}'])
                .filter(|end| inner[*end..].starts_with('}'))
            else {
                wrong.push("this path has a `{` without its `}`".to_owned());
                rest = inner;
                continue;
            };
            if let Some(name) = parameter(&inner[..end], &mut wrong) {
                if names.contains(&name) {
                    wrong.push(format!("this path names `{name}` twice; rename one"));
                }
                names.push(name);
            }
            rest = &inner[end + 1..];
        }
        let fine = wrong.is_empty();
        for message in wrong {
            errors.at(&text, message);
        }
        fine.then_some(Self { text, names })
    }
}

/// The name in a pair of braces.
fn parameter(text: &str, wrong: &mut Vec<String>) -> Option<String> {
    let (name, convertor) = text.split_once(':').unwrap_or((text, "str"));
    if !CONVERTORS.contains(&convertor) {
        let hint = match nearest(convertor, CONVERTORS) {
            Some(meant) => format!("did you mean `{{{name}:{meant}}}`?"),
            None => format!("there are: {}", CONVERTORS.join(", ")),
        };
        wrong.push(format!("no convertor is called `{convertor}`; {hint}"));
    }
    let mut letters = name.chars();
    let fine = letters
        .next()
        .is_some_and(|first| first == '_' || first.is_alphabetic())
        && letters.all(|letter| letter == '_' || letter.is_alphanumeric());
    if fine {
        return Some(name.to_owned());
    }
    wrong.push(match name {
        "" => "this path has `{}` without a name; write `{name}`".to_owned(),
        _ => format!("`{name}` is no name of an argument; use letters, digits and `_`"),
    });
    None
}
