//! What kind of content a file's name tells of.

use std::borrow::Cow;

/// Where Python's `mimetypes` and the table of `mime_guess` name different types, Python's.
const AS_PYTHON: &[(&str, &str)] = &[
    ("3g2", "audio/3gpp2"),
    ("3gp", "audio/3gpp"),
    ("3gpp", "audio/3gpp"),
    ("3gpp2", "audio/3gpp2"),
    ("a", "application/octet-stream"),
    ("aif", "audio/x-aiff"),
    ("aifc", "audio/x-aiff"),
    ("aiff", "audio/x-aiff"),
    ("ass", "audio/aac"),
    ("bat", "text/plain"),
    ("cdf", "application/x-netcdf"),
    ("dll", "application/octet-stream"),
    ("h5", "application/x-hdf5"),
    ("ico", "image/vnd.microsoft.icon"),
    ("ksh", "text/plain"),
    ("loas", "audio/aac"),
    ("m3u", "application/vnd.apple.mpegurl"),
    ("m3u8", "application/vnd.apple.mpegurl"),
    ("mif", "application/x-mif"),
    ("mjs", "text/javascript"),
    ("o", "application/octet-stream"),
    ("obj", "application/octet-stream"),
    ("opus", "audio/opus"),
    ("pl", "text/plain"),
    ("py", "text/x-python"),
    ("pyc", "application/x-python-code"),
    ("pyo", "application/x-python-code"),
    ("ram", "application/x-pn-realaudio"),
    ("rdf", "application/xml"),
    ("rst", "text/x-rst"),
    ("rtf", "text/rtf"),
    ("sgm", "text/x-sgml"),
    ("sgml", "text/x-sgml"),
    ("srt", "text/plain"),
    ("wav", "audio/x-wav"),
    ("wsdl", "application/xml"),
    ("xlb", "application/vnd.ms-excel"),
    ("xpdl", "application/xml"),
    ("xsl", "application/xml"),
];

/// Extensions that stand for two, of which the last is a compression.
const DOUBLE: &[(&str, &str)] = &[
    ("svgz", "svg"),
    ("tgz", "tar"),
    ("taz", "tar"),
    ("tz", "tar"),
    ("tbz2", "tar"),
    ("txz", "tar"),
];

/// Extensions that say how a file is compressed; its type is that of the name before them.
const COMPRESSED: &[&str] = &["gz", "Z", "bz2", "xz", "br"];

/// The type of a file's content by its name, as Python's `mimetypes` guesses it.
///
/// A name that says nothing is `application/octet-stream`; a compressed file has the type of what
/// it holds.
pub(crate) fn of_name(name: &str) -> &'static str {
    by_extension(name).unwrap_or("application/octet-stream")
}

fn by_extension(name: &str) -> Option<&'static str> {
    let (stem, extension) = split(name)?;
    let lower = extension.to_ascii_lowercase();
    if let Some((_, held)) = DOUBLE.iter().find(|(double, _)| *double == lower) {
        return of_extension(held);
    }
    if COMPRESSED.contains(&extension) {
        return of_extension(&split(stem)?.1.to_ascii_lowercase());
    }
    of_extension(&lower)
}

/// The name before its last dot, and the extension; dots that lead the name start none.
fn split(name: &str) -> Option<(&str, &str)> {
    let name = name.rsplit('/').next().unwrap_or(name);
    let (stem, extension) = name.rsplit_once('.')?;
    (!stem.trim_start_matches('.').is_empty()).then_some((stem, extension))
}

fn of_extension(extension: &str) -> Option<&'static str> {
    let own = AS_PYTHON.iter().find(|(known, _)| *known == extension);
    match own {
        Some((_, media_type)) => Some(media_type),
        None => mime_guess::from_ext(extension).first_raw(),
    }
}

/// The media type as a `content-type`: texts are UTF-8 unless they say otherwise.
pub(crate) fn content_type(media_type: &str) -> Cow<'_, str> {
    match media_type.starts_with("text/") && !media_type.to_ascii_lowercase().contains("charset=") {
        true => Cow::Owned(format!("{media_type}; charset=utf-8")),
        false => Cow::Borrowed(media_type),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_their_types_as_in_python() {
        for (name, media_type) in [
            ("index.html", "text/html"),
            ("INDEX.HTML", "text/html"),
            ("app.js", "text/javascript"),
            ("style.css", "text/css"),
            ("data.json", "application/json"),
            ("favicon.ico", "image/vnd.microsoft.icon"),
            ("picture.png", "image/png"),
            ("report.pdf", "application/pdf"),
            ("notes.txt", "text/plain"),
            ("table.csv", "text/csv"),
            ("feed.xml", "text/xml"),
            ("drawing.svg", "image/svg+xml"),
            ("drawing.svgz", "image/svg+xml"),
            ("all.tar.gz", "application/x-tar"),
            ("all.tgz", "application/x-tar"),
            ("app.js.br", "text/javascript"),
            ("dump.gz", "application/octet-stream"),
            ("folder.html/readme", "application/octet-stream"),
            (".html", "application/octet-stream"),
            ("name", "application/octet-stream"),
            ("name.", "application/octet-stream"),
            ("", "application/octet-stream"),
        ] {
            assert_eq!(of_name(name), media_type, "{name}");
        }
    }

    #[test]
    fn texts_are_utf8() {
        assert_eq!(content_type("text/css"), "text/css; charset=utf-8");
        assert_eq!(
            content_type("text/css; charset=latin-1"),
            "text/css; charset=latin-1"
        );
        assert_eq!(content_type("image/png"), "image/png");
    }
}
