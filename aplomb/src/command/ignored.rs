//! A command line that nobody reads, although it looks as if it were meant.

use std::env;
use std::ffi::OsString;

use super::{Command, SslOptions};

/// Warns where an application is served by a program whose command line [`App::run`] would have
/// gone by. One whose address is set may have a command line of its own that sets it.
///
/// [`App::run`]: crate::App::run
pub(crate) fn warn(has_address: bool) {
    let words = env::args_os().skip(1).map(OsString::into_string);
    // Words that are no text are the program's own.
    if let Ok(words) = words.collect::<Result<Vec<String>, _>>()
        && is_meant(words, has_address)
    {
        tracing::warn!("`App::serve` does not read the command line: `App::run` does what it says");
    }
}

/// Whether these words would have changed what is done.
fn is_meant(words: Vec<String>, has_address: bool) -> bool {
    match Command::parse(words) {
        Ok(Command::Serve {
            host,
            port,
            root_path,
            ssl,
        }) => {
            let address = host.is_some() || port.is_some();
            address && !has_address || root_path.is_some() || ssl != SslOptions::default()
        }
        Ok(_) => true,
        Err(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_like_a_command_is_told_of() {
        for (line, has_address, told) in [
            ("", false, false),
            ("serve", false, false),
            ("routes", false, true),
            ("openapi --check openapi.json", false, true),
            ("limits", true, true),
            ("--help", false, true),
            ("--port 8001", false, true),
            ("--port 8001", true, false),
            ("--root-path /api", true, true),
            ("--database shop.db", false, false),
            ("migrate", false, false),
        ] {
            let words = line.split_whitespace().map(str::to_owned).collect();
            assert_eq!(is_meant(words, has_address), told, "{line}");
        }
    }
}
