//! The OpenAPI document kept in a file, so that every change of it is seen in review.

use std::path::{Path, PathBuf};
use std::{fmt, fs, io};

use super::differences;
use crate::app::App;
use crate::json;

/// The document as it is kept in a file: indented.
pub(super) fn text(app: &App) -> String {
    let document = serde_json::Value::from(app.openapi());
    format!("{document:#}\n")
}

/// Writes the document to a file.
pub(super) fn write(app: &App, file: &Path) -> Result<(), LockError> {
    fs::write(file, text(app)).map_err(|error| LockError::new(file, Reason::File(error)))
}

/// Compares the document of an application with the one kept in a file; numbers by value, the
/// order of keys does not matter.
///
/// ```no_run
/// # fn app() -> aplomb::App { aplomb::App::new() }
/// #[test]
/// fn the_interface_is_the_agreed_one() -> Result<(), aplomb::command::LockError> {
///     aplomb::command::openapi_lock(&app(), "openapi.json")
/// }
/// ```
///
/// # Errors
/// How the two differ, or why the file cannot be read.
pub fn openapi_lock(app: &App, file: impl AsRef<Path>) -> Result<(), LockError> {
    let file = file.as_ref();
    let fail = |reason| LockError::new(file, reason);
    let kept = fs::read(file).map_err(|error| fail(Reason::File(error)))?;
    let kept = json::parse(&kept).map_err(|error| fail(Reason::NotJson(error.to_string())))?;
    let differences = differences(&kept, &app.openapi());
    match differences.is_empty() {
        true => Ok(()),
        false => Err(fail(Reason::Differences(differences))),
    }
}

/// Why a document is not the one kept in a file.
pub struct LockError {
    file: PathBuf,
    reason: Reason,
}

enum Reason {
    File(io::Error),
    NotJson(String),
    Differences(Vec<String>),
}

impl LockError {
    fn new(file: &Path, reason: Reason) -> Self {
        let file = file.to_owned();
        Self { file, reason }
    }
}

impl fmt::Display for LockError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let file = self.file.display();
        match &self.reason {
            Reason::File(error) => write!(formatter, "{file}: {error}"),
            Reason::NotJson(error) => write!(formatter, "{file} is not JSON: {error}"),
            Reason::Differences(differences) => {
                write!(formatter, "{file} is not the document of this service:")?;
                for difference in differences {
                    write!(formatter, "\n  {difference}")?;
                }
                write!(
                    formatter,
                    "\nif that is meant, run `openapi --write {file}`"
                )
            }
        }
    }
}

/// The text for people too, since that is what a failing test shows.
impl fmt::Debug for LockError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

impl std::error::Error for LockError {}
