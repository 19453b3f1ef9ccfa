//! [`SettingsError`]: everything wrong with settings.

use std::error::Error as StdError;
use std::fmt;

/// One thing wrong with settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingsProblem {
    /// The variable, or the file, it is about.
    pub variable: String,
    /// What is wrong; never what the variable holds.
    pub message: String,
}

/// Everything wrong with settings, found at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingsError {
    problems: Vec<SettingsProblem>,
}

impl SettingsError {
    pub(super) fn new(problems: Vec<SettingsProblem>) -> Self {
        Self { problems }
    }

    /// Each of the problems, in the order of the fields.
    pub fn problems(&self) -> &[SettingsProblem] {
        &self.problems
    }
}

impl fmt::Display for SettingsError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.problems.len() {
            1 => write!(formatter, "1 problem with the settings:")?,
            count => write!(formatter, "{count} problems with the settings:")?,
        }
        for SettingsProblem { variable, message } in &self.problems {
            write!(formatter, "\n  {variable}: {message}")?;
        }
        Ok(())
    }
}

impl StdError for SettingsError {}
