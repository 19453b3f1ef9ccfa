//! The words of a command line.

use std::fmt;
use std::path::PathBuf;

use super::ssl::{CertReqs, SslOptions};

/// What a command line asks for.
///
/// ```
/// use aplomb::command::Command;
///
/// let words = ["openapi", "--check", "openapi.json"];
/// let command = Command::parse(words.map(str::to_owned));
/// assert_eq!(command, Ok(Command::CheckOpenApi("openapi.json".into())));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Serve until told to stop.
    Serve {
        /// The host to listen at.
        host: Option<String>,
        /// The port to listen at.
        port: Option<u16>,
        /// The prefix a proxy takes off the path.
        root_path: Option<String>,
        /// The files for TLS.
        ssl: SslOptions,
    },
    /// List the routes.
    Routes,
    /// List what is bounded.
    Limits,
    /// Print the OpenAPI document.
    OpenApi,
    /// Write the OpenAPI document to a file.
    WriteOpenApi(PathBuf),
    /// Compare the OpenAPI document with a file.
    CheckOpenApi(PathBuf),
    /// Make the checks of start-up.
    Check,
    /// Tell what there is.
    Help,
}

pub(super) const HELP: &str = "\
serve [--host HOST] [--port PORT] [--root-path PATH]   serve (without a command, too)
      [--ssl-certfile FILE] [--ssl-keyfile FILE]       with TLS
      [--ssl-ca-certs FILE] [--ssl-cert-reqs 0|1|2]    and certificates of clients
routes                                                 list the routes and their arguments
limits                                                 list what is bounded, and what sets it
openapi [--write FILE | --check FILE]                  print, write or compare the document
check                                                  make the checks of start-up";

/// The options of `serve`.
const SERVE: [&str; 7] = [
    "host",
    "port",
    "root-path",
    "ssl-certfile",
    "ssl-keyfile",
    "ssl-ca-certs",
    "ssl-cert-reqs",
];

/// A command line that nobody understands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsageError(String);

impl UsageError {
    pub(super) fn new(problem: String) -> Self {
        Self(problem)
    }
}

impl fmt::Display for UsageError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}; there is\n{HELP}", self.0)
    }
}

impl std::error::Error for UsageError {}

impl Command {
    /// Reads the words behind the program's name.
    ///
    /// # Errors
    /// A command or option that does not exist, or one without its value.
    pub fn parse(words: impl IntoIterator<Item = String>) -> Result<Self, UsageError> {
        let mut words = words.into_iter().peekable();
        let command = match words.peek() {
            Some(word) if !word.starts_with('-') => words.next().unwrap_or_default(),
            Some(word) if word == "--help" || word == "-h" => return Ok(Self::Help),
            _ => "serve".to_owned(),
        };
        let options = options(words)?;
        let allowed: &[&str] = match command.as_str() {
            "serve" => &SERVE,
            "openapi" => &["write", "check"],
            "routes" | "limits" | "check" | "help" => &[],
            other => return Err(UsageError(format!("`{other}` is not a command"))),
        };
        let unknown = |(name, _): &&(String, String)| !allowed.contains(&name.as_str());
        if command == "serve"
            && options
                .iter()
                .any(|(name, _)| name == "ssl-keyfile-password")
        {
            let problem = "keys are not decrypted: `openssl pkey -in KEY -out PLAIN` writes one as \
                           it is, for a file that only the service can read";
            return Err(UsageError(problem.to_owned()));
        }
        if let Some((name, _)) = options.iter().find(unknown) {
            let problem = format!("`{command}` has no option `--{name}`");
            return Err(UsageError(problem));
        }
        let option = |name: &str| {
            let given = options.iter().rev().find(|(known, _)| known == name);
            given.map(|(_, value)| value.clone())
        };
        Ok(match command.as_str() {
            "routes" => Self::Routes,
            "limits" => Self::Limits,
            "check" => Self::Check,
            "help" => Self::Help,
            "openapi" => match (option("write"), option("check")) {
                (None, None) => Self::OpenApi,
                (Some(file), None) => Self::WriteOpenApi(file.into()),
                (None, Some(file)) => Self::CheckOpenApi(file.into()),
                (Some(_), Some(_)) => {
                    let problem = "`--write` and `--check` exclude each other".to_owned();
                    return Err(UsageError(problem));
                }
            },
            _ => Self::Serve {
                host: option("host"),
                port: option("port").map(|port| number(&port)).transpose()?,
                root_path: option("root-path"),
                ssl: SslOptions {
                    certfile: option("ssl-certfile").map(Into::into),
                    keyfile: option("ssl-keyfile").map(Into::into),
                    ca_certs: option("ssl-ca-certs").map(Into::into),
                    cert_reqs: option("ssl-cert-reqs")
                        .map(|text| CertReqs::parse(&text))
                        .transpose()?,
                },
            },
        })
    }
}

/// The options: `--name value` or `--name=value`.
fn options(mut words: impl Iterator<Item = String>) -> Result<Vec<(String, String)>, UsageError> {
    let mut options = Vec::new();
    while let Some(word) = words.next() {
        let Some(option) = word.strip_prefix("--") else {
            return Err(UsageError(format!("`{word}` is one word too many")));
        };
        let (name, value) = match option.split_once('=') {
            Some((name, value)) => (name, Some(value.to_owned())),
            None => (option, words.next()),
        };
        let Some(value) = value else {
            return Err(UsageError(format!("`--{name}` needs a value")));
        };
        options.push((name.to_owned(), value));
    }
    Ok(options)
}

fn number(text: &str) -> Result<u16, UsageError> {
    text.parse()
        .map_err(|_| UsageError(format!("`{text}` is not a port")))
}
