//! Forms of type `multipart/form-data` (RFC 7578).

use http::{HeaderMap, HeaderName, HeaderValue};

use super::counter::{Counter, Unit};
use super::spool::{Spool, Writing};
use super::{FormError, FormValue, Pieces};
use crate::http::UploadFile;
use crate::http::multipart::{Event, Parser};
use crate::http::parameters::Parameters;

/// Reads a form to its end; a part that is not complete then is left out.
pub(super) async fn read(
    pieces: &mut Pieces,
    content_type: &Parameters,
    counter: &mut Counter,
) -> Result<Vec<(String, FormValue)>, FormError> {
    let boundary = content_type.get("boundary");
    let mut parser = Parser::new(boundary.ok_or(FormError::MissingBoundary)?)?;
    let charset = Charset::of(content_type);
    let mut spool = Spool::default();
    let mut entries = Vec::new();
    let mut part: Option<Part> = None;
    while let Some(piece) = pieces.next().await? {
        parser.feed(piece);
        while let Some(event) = parser.next()? {
            match (event, &mut part) {
                (Event::Begin(headers), _) => {
                    part = Some(Part::begin(&headers, charset, counter)?);
                }
                (Event::Data(data), Some(part)) => match &mut part.content {
                    Content::Text(text) => {
                        counter.size(text.len() + data.len(), Unit::Part)?;
                        text.extend_from_slice(&data);
                    }
                    Content::File { writing, .. } => spool.write(writing, &data).await?,
                },
                (Event::End, _) => {
                    if let Some(part) = part.take() {
                        entries.push(part.end(charset, &mut spool).await?);
                    }
                }
                (Event::Data(_), None) => {}
            }
        }
    }
    Ok(entries)
}

/// One part as it comes in.
struct Part {
    name: String,
    content: Content,
}

enum Content {
    Text(Vec<u8>),
    File {
        filename: String,
        headers: HeaderMap,
        writing: Writing,
    },
}

impl Part {
    fn begin(
        headers: &[(Vec<u8>, Vec<u8>)],
        charset: Charset,
        counter: &mut Counter,
    ) -> Result<Self, FormError> {
        let disposition = headers
            .iter()
            .rfind(|(name, _)| name == b"content-disposition")
            .map(|(_, value)| Parameters::parse(value))
            .unwrap_or_default();
        let name = disposition.get("name").ok_or(FormError::MissingName)?;
        let name = charset.decode(name.to_vec());
        let content = match disposition.get("filename") {
            Some(filename) => {
                counter.file()?;
                Content::File {
                    filename: charset.decode(without_path(filename).to_vec()),
                    headers: header_map(headers),
                    writing: Writing::default(),
                }
            }
            None => {
                counter.field()?;
                Content::Text(Vec::new())
            }
        };
        Ok(Self { name, content })
    }

    async fn end(
        self,
        charset: Charset,
        spool: &mut Spool,
    ) -> Result<(String, FormValue), FormError> {
        let value = match self.content {
            Content::Text(text) => FormValue::Text(charset.decode(text)),
            Content::File {
                filename,
                headers,
                writing,
            } => {
                let content = spool.finish(writing).await?;
                FormValue::File(UploadFile::received(filename, headers, content))
            }
        };
        Ok((self.name, value))
    }
}

/// A name without the path that an old browser on Windows puts before it.
fn without_path(filename: &[u8]) -> &[u8] {
    let absolute = filename.get(1..3) == Some(b":\\") || filename.starts_with(b"\\\\");
    match memchr::memrchr(b'\\', filename) {
        Some(last) if absolute => &filename[last + 1..],
        _ => filename,
    }
}

/// The headers that HTTP would allow too.
fn header_map(headers: &[(Vec<u8>, Vec<u8>)]) -> HeaderMap {
    let allowed = headers.iter().filter_map(|(name, value)| {
        let name = HeaderName::from_bytes(name).ok()?;
        Some((name, HeaderValue::from_bytes(value).ok()?))
    });
    let mut map = HeaderMap::new();
    for (name, value) in allowed {
        map.append(name, value);
    }
    map
}

/// How the text of a form is encoded.
#[derive(Clone, Copy)]
enum Charset {
    Utf8,
    Latin1,
}

impl Charset {
    fn of(content_type: &Parameters) -> Self {
        match content_type.get("charset") {
            None => Self::Utf8,
            Some(name) if name.eq_ignore_ascii_case(b"utf-8") => Self::Utf8,
            Some(name) if name.eq_ignore_ascii_case(b"utf8") => Self::Utf8,
            Some(_) => Self::Latin1,
        }
    }

    /// The text; bytes that are not UTF-8 are Latin-1, as in FastAPI.
    fn decode(self, bytes: Vec<u8>) -> String {
        let latin1 = |bytes: &[u8]| bytes.iter().copied().map(char::from).collect();
        match self {
            Self::Utf8 => String::from_utf8(bytes).unwrap_or_else(|error| latin1(error.as_bytes())),
            Self::Latin1 => latin1(&bytes),
        }
    }
}
