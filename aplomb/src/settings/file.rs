//! Files that hold variables: `.env`, and folders of secrets.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use super::error::SettingsProblem;

/// The largest secret that is read, in bytes, as in pydantic-settings.
const LARGEST_SECRET: u64 = 16 * 1024 * 1024;

/// The variables of a `.env` file, none when it is not there.
pub(super) fn variables(path: &Path, problems: &mut Vec<SettingsProblem>) -> Vec<(String, String)> {
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == ErrorKind::NotFound => return Vec::new(),
        Err(error) => {
            problems.push(about(path, format!("the file cannot be read: {error}")));
            return Vec::new();
        }
    };
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    let mut found = Vec::new();
    for entry in dotenvy::from_read_iter(text) {
        match entry {
            Ok(variable) => found.push(variable),
            // What is on the line may be a secret.
            Err(dotenvy::Error::LineParse(line, _)) => {
                let message = match line_number(text, &line) {
                    Some(number) => format!("line {number} is not NAME=value"),
                    None => "a line is not NAME=value".to_owned(),
                };
                problems.push(about(path, message));
            }
            Err(_) => {
                problems.push(about(path, "the file is not text".to_owned()));
                break;
            }
        }
    }
    found
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

fn line_number(text: &[u8], line: &str) -> Option<usize> {
    let start = memchr::memmem::find(text, line.trim_end().as_bytes())?;
    Some(memchr::memchr_iter(b'\n', &text[..start]).count() + 1)
}
