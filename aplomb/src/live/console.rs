//! The console: a page that shows what the management listener knows, and sets probes.
//!
//! It is made of files that stand beside this one, asks only the listener that it came from, and
//! puts whatever clients may have sent into the page as text.

use crate::http::Response;

/// What the page may do: load what comes with it, ask its own listener, and nothing else. Nothing
/// can be made to be HTML by a script, and no other page can frame it.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
                      connect-src 'self'; base-uri 'none'; form-action 'none'; \
                      frame-ancestors 'none'; require-trusted-types-for 'script'; \
                      trusted-types 'none'";

const HTML: &str = "text/html; charset=utf-8";
const STYLE: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";
const PICTURE: &str = "image/svg+xml";

/// A file by its path, with its media type.
type Asset = (&'static str, &'static str, &'static str);

macro_rules! asset {
    ($name:literal, $type:ident) => {
        (
            concat!("/console/", $name),
            $type,
            include_str!(concat!("console/", $name)),
        )
    };
}

/// The page.
const PAGE: &str = include_str!("console/page.html");

/// Where everything is that the listener answers.
const INDEX: &str = include_str!("console/index.html");

/// What it loads.
const ASSETS: [Asset; 31] = [
    asset!("access.js", SCRIPT),
    asset!("capacity.js", SCRIPT),
    asset!("causes.js", SCRIPT),
    asset!("client.js", SCRIPT),
    asset!("colours.css", STYLE),
    asset!("databases.js", SCRIPT),
    asset!("element.js", SCRIPT),
    asset!("entries.js", SCRIPT),
    asset!("events.js", SCRIPT),
    asset!("fields.js", SCRIPT),
    asset!("form.css", STYLE),
    asset!("form.js", SCRIPT),
    asset!("icon.svg", PICTURE),
    asset!("layout.css", STYLE),
    asset!("lists.css", STYLE),
    asset!("levels.js", SCRIPT),
    asset!("main.js", SCRIPT),
    asset!("mistakes.js", SCRIPT),
    asset!("output.js", SCRIPT),
    asset!("poll.js", SCRIPT),
    asset!("probes.js", SCRIPT),
    asset!("requests.js", SCRIPT),
    asset!("routes.js", SCRIPT),
    asset!("sparkline.js", SCRIPT),
    asset!("tiles.js", SCRIPT),
    asset!("traffic.js", SCRIPT),
    asset!("units.js", SCRIPT),
    asset!("views.js", SCRIPT),
    asset!("vocabulary.js", SCRIPT),
    asset!("waterfall.css", STYLE),
    asset!("waterfall.js", SCRIPT),
];

/// The page, what it loads, and that which leads to all others, by path.
pub(crate) fn page(path: &str) -> Option<Response> {
    let (content_type, text) = match path {
        "/" => (HTML, INDEX),
        "/console" => (HTML, PAGE),
        _ => {
            let (_, content_type, text) = ASSETS.iter().find(|(of, ..)| *of == path)?;
            (*content_type, *text)
        }
    };
    let response = Response::new(text)
        .content_type(content_type)
        .header("content-security-policy", POLICY)
        .header("x-content-type-options", "nosniff")
        .header("x-frame-options", "DENY")
        .header("referrer-policy", "no-referrer")
        .header("cross-origin-opener-policy", "same-origin")
        .header("cross-origin-resource-policy", "same-origin")
        // Another version of the service has another page.
        .header("cache-control", "no-store");
    Some(response)
}
