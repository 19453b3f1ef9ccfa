//! Whether a browser asks for a page, or a program for data.

use ::http::header::ACCEPT;

use crate::http::Request;

/// Whether the `Accept` header names HTML: a browser that goes to a page does, and what loads a
/// script, a picture or data does not.
pub(super) fn asks_for_page(request: &Request) -> bool {
    accepts_html(request.header(ACCEPT.as_str()).unwrap_or_default())
}

fn accepts_html(accept: &str) -> bool {
    accept.split(',').any(|range| {
        let mut parts = range.split(';').map(str::trim);
        let media_type = parts.next().unwrap_or_default();
        let html = ["text/html", "application/xhtml+xml"]
            .iter()
            .any(|html| media_type.eq_ignore_ascii_case(html));
        html && !parts.any(is_refusal)
    })
}

/// Whether a parameter is a quality of nothing; one that is no number counts as none given.
fn is_refusal(parameter: &str) -> bool {
    let Some((name, value)) = parameter.split_once('=') else {
        return false;
    };
    let value = value.trim().trim_matches('"').parse::<f64>();
    name.trim().eq_ignore_ascii_case("q") && value.is_ok_and(|quality| quality == 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_has_to_be_named() {
        for (accept, wanted) in [
            ("text/html", true),
            ("application/xhtml+xml", true),
            ("TEXT/HTML;q=0.8", true),
            ("image/png, text/html; charset=utf-8; q=0.8", true),
            ("text/html; q=wat", true),
            ("text/html; q=0.0", false),
            ("text/html; q=0, */*; q=1", false),
            ("text/html; q=0, text/html", true),
            ("*/*", false),
            ("text/*", false),
            ("application/json", false),
            ("", false),
        ] {
            assert_eq!(accepts_html(accept), wanted, "{accept}");
        }
    }
}
