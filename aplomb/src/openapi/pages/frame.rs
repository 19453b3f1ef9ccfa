//! What the pages have in common: the HTML around them, and where they load scripts from.

use super::escaped;
use crate::http::Response;

/// A page with this title; `style` is CSS, `body` is HTML.
pub(super) fn page(title: &str, style: &str, body: &str) -> Response {
    let title = escaped(title);
    let style = match style {
        "" => String::new(),
        style => format!("<style>{style}</style>\n"),
    };
    Response::html(format!(
        r#"<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
{style}</head>
<body>
{body}
</body>
</html>
"#
    ))
}

/// Where a page loads its script, its styles and its picture from.
pub(super) struct Sources<'a> {
    pub(super) script: &'a str,
    pub(super) styles: Vec<&'a str>,
    pub(super) favicon: &'a str,
    /// The URLs in the binary of the script, and of the style where the page has one of its own.
    pub(super) on_board: Option<(&'a str, Option<&'a str>)>,
}

impl Sources<'_> {
    /// The elements that load everything.
    ///
    /// What is on board comes from the binary; the rest is used only if the script cannot be had
    /// there, as behind a proxy that passes on too little.
    pub(super) fn html(&self) -> String {
        let styles: String = self.styles.iter().map(|style| stylesheet(style)).collect();
        let (favicon, script) = (escaped(self.favicon), escaped(self.script));
        let elsewhere = format!(
            r#"{styles}<link rel="icon" href="{favicon}">
<script src="{script}"></script>"#
        );
        let Some((script, style)) = self.on_board else {
            return elsewhere;
        };
        let style = style.map(stylesheet).unwrap_or_default();
        let script = escaped(script);
        format!(
            r#"<link rel="icon" href="data:,">
<template id="elsewhere">
{elsewhere}
</template>
<script>
function loadElsewhere() {{
  const sources = document.getElementById('elsewhere').content.cloneNode(true);
  sources.querySelector('script').onload = () => dispatchEvent(new Event('elsewhere'));
  document.body.append(sources);
}}
</script>
{style}<script src="{script}" onerror="loadElsewhere()"></script>"#
        )
    }
}

fn stylesheet(url: &str) -> String {
    format!("<link href=\"{}\" rel=\"stylesheet\">\n", escaped(url))
}
