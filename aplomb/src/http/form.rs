//! [`FormData`]: the fields and files of a form.

mod counter;
mod error;
mod limits;
mod multipart;
mod spool;
mod urlencoded;

use std::sync::Arc;

pub use error::FormError;
pub use limits::FormLimits;

use super::parameters::Parameters;
use super::{Body, BodyError, UploadFile};
use counter::Counter;

/// The fields and files of a form, in the order they were sent; cloning it is cheap.
///
/// ```
/// use aplomb::prelude::*;
/// use aplomb::testing::TestClient;
///
/// #[post("/forms/")]
/// async fn read_form(request: Request) -> Result<Value> {
///     let form = request.form().await?;
///     let tags: Vec<&str> = form.texts("tag").collect();
///     Ok(json!([form.text("name"), tags, form.file("photo").map(|file| file.size())]))
/// }
///
/// let client = TestClient::new(App::new().routes(routes![read_form]));
/// let request = client.post("/forms/").form([("name", "Ada"), ("tag", "a"), ("tag", "b")]);
/// let answer = request.file("photo", "me.png", vec![0, 1, 2]).send();
/// answer.assert_json(200, json!(["Ada", ["a", "b"], 3]));
/// ```
#[derive(Clone, Debug, Default)]
pub struct FormData {
    entries: Arc<[(String, FormValue)]>,
}

/// What a form holds under a name.
#[derive(Clone, Debug)]
pub enum FormValue {
    /// A field.
    Text(String),
    /// A file.
    File(UploadFile),
}

impl FormData {
    /// Reads the body of a form; one of another type is a form without fields.
    pub(super) async fn read(
        content_type: Option<&[u8]>,
        body: Body,
        max_body_size: usize,
        limits: FormLimits,
    ) -> Result<Self, FormError> {
        let parameters = Parameters::parse(content_type.unwrap_or_default());
        let mut pieces = Pieces {
            body,
            allowed: max_body_size,
        };
        let mut counter = Counter::new(limits);
        let entries = match &parameters.essence[..] {
            b"multipart/form-data" => {
                multipart::read(&mut pieces, &parameters, &mut counter).await?
            }
            b"application/x-www-form-urlencoded" => {
                urlencoded::read(&mut pieces, &mut counter).await?
            }
            _ => Vec::new(),
        };
        Ok(Self {
            entries: entries.into(),
        })
    }

    /// Every name with its value, in the order they were sent.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &FormValue)> {
        self.entries
            .iter()
            .map(|(name, value)| (name.as_str(), value))
    }

    /// The last value of a name.
    pub fn get(&self, name: &str) -> Option<&FormValue> {
        let mut entries = self.entries.iter();
        entries
            .rfind(|(known, _)| known == name)
            .map(|(_, value)| value)
    }

    /// The last value of a name, if it is text.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.get(name).and_then(FormValue::as_text)
    }

    /// The last value of a name, if it is a file.
    pub fn file(&self, name: &str) -> Option<&UploadFile> {
        self.get(name).and_then(FormValue::as_file)
    }

    /// All texts of a name.
    pub fn texts<'f>(&'f self, name: &str) -> impl Iterator<Item = &'f str> {
        self.values(name).filter_map(|(_, value)| value.as_text())
    }

    /// All files of a name.
    pub fn files<'f>(&'f self, name: &str) -> impl Iterator<Item = &'f UploadFile> {
        self.values(name).filter_map(|(_, value)| value.as_file())
    }

    /// Whether it has neither fields nor files.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// All values of a name, with their numbers in the form.
    pub(crate) fn values<'f>(&'f self, name: &str) -> impl Iterator<Item = (usize, &'f FormValue)> {
        let entries = self.entries.iter().enumerate();
        entries
            .filter(move |(_, (known, _))| known == name)
            .map(|(number, (_, value))| (number, value))
    }

    /// The file of this number in the form.
    pub(crate) fn numbered(&self, number: usize) -> Option<&UploadFile> {
        self.entries.get(number)?.1.as_file()
    }
}

impl FormValue {
    /// The text of a field.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::File(_) => None,
        }
    }

    /// The file.
    pub fn as_file(&self) -> Option<&UploadFile> {
        match self {
            Self::File(file) => Some(file),
            Self::Text(_) => None,
        }
    }
}

/// A body on its way in, counted.
struct Pieces {
    body: Body,
    allowed: usize,
}

impl Pieces {
    async fn next(&mut self) -> Result<Option<bytes::Bytes>, FormError> {
        let Some(piece) = self.body.next_piece().await else {
            return Ok(None);
        };
        let piece = piece?;
        match self.allowed.checked_sub(piece.len()) {
            Some(rest) => self.allowed = rest,
            None => return Err(BodyError::TooLarge.into()),
        }
        Ok(Some(piece))
    }
}
