//! Doc comments as descriptions.

use syn::{Attribute, Expr, Lit, Meta};

/// What indents a line or ends it unseen; a form feed means something.
const BLANKS: [char; 3] = [' ', '\t', '\r'];

/// The text of the doc comments among `attributes`, without their common indentation.
pub(crate) fn text(attributes: &[Attribute]) -> Option<String> {
    let lines: Vec<String> = attributes
        .iter()
        .filter(|attribute| attribute.path().is_ident("doc"))
        .filter_map(|attribute| match &attribute.meta {
            Meta::NameValue(pair) => match &pair.value {
                Expr::Lit(value) => match &value.lit {
                    Lit::Str(text) => Some(text.value()),
                    _ => None,
                },
                _ => None,
            },
            _ => None,
        })
        .flat_map(|text| text.split('\n').map(str::to_owned).collect::<Vec<_>>())
        .collect();
    let indentation = lines
        .iter()
        .filter(|line| !line.trim().is_empty())
        .map(|line| blanks(line))
        .min()
        .unwrap_or(0);
    let text = lines
        .iter()
        .map(|line| line[blanks(line).min(indentation)..].trim_end_matches(BLANKS))
        .collect::<Vec<_>>()
        .join("\n");
    let text = text.trim_matches('\n');
    (!text.is_empty()).then(|| text.to_owned())
}

/// How many blanks lead a line.
fn blanks(line: &str) -> usize {
    line.len() - line.trim_start_matches(BLANKS).len()
}
