//! Files that hold variables: `.env`, and folders of secrets.

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use indexmap::IndexMap;

use super::dotenv::Dotenv;
use super::error::SettingsProblem;

/// The largest secret that is read, in bytes, as in pydantic-settings.
const LARGEST_SECRET: u64 = 16 * 1024 * 1024;

/// The variables of a `.env` file, none when it is not there.
pub(super) fn variables(
    path: &Path,
    environment: &BTreeMap<String, String>,
    problems: &mut Vec<SettingsProblem>,
) -> IndexMap<String, Option<String>> {
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == ErrorKind::NotFound => return IndexMap::new(),
        Err(error) => {
            problems.push(about(path, format!("the file cannot be read: {error}")));
            return IndexMap::new();
        }
    };
    let Ok(text) = str::from_utf8(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes)) else {
        problems.push(about(path, "the file is not text".to_owned()));
        return IndexMap::new();
    };
    let read = Dotenv::read(text, environment);
    for line in read.unreadable {
        // What is on the line may be a secret.
        tracing::warn!(file = %path.display(), line, "left out: not NAME=value");
    }
    read.variables
}

/// The files of a folder by their names, none when it is not there.
pub(super) fn secrets(
    folder: &Path,
    problems: &mut Vec<SettingsProblem>,
) -> Vec<(String, Option<String>)> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Vec::new(),
        Err(error) => {
            problems.push(about(folder, format!("the folder cannot be read: {error}")));
            return Vec::new();
        }
    };
    let mut found = Vec::new();
    for entry in entries.flatten() {
        // Secrets are links to files as often as not.
        let readable = fs::metadata(entry.path())
            .is_ok_and(|about| about.is_file() && about.len() <= LARGEST_SECRET);
        if let (true, Ok(name)) = (readable, entry.file_name().into_string()) {
            let text = fs::read_to_string(entry.path()).ok();
            found.push((name, text.map(|text| text.trim().to_owned())));
        }
    }
    found.sort();
    found
}

fn about(path: &Path, message: String) -> SettingsProblem {
    SettingsProblem {
        variable: path.display().to_string(),
        message,
    }
}
