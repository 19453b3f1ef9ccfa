//! [`LimitRow`]: one limit as people read it.

use std::time::Duration;

/// One limit as people read it.
#[derive(Debug)]
pub(crate) struct LimitRow {
    pub(crate) what: &'static str,
    /// With its unit; the rule before a colon where it depends on the machine.
    pub(crate) value: String,
    /// What happens beyond it.
    pub(crate) beyond: &'static str,
    /// The setting.
    pub(crate) set_by: &'static str,
}

impl LimitRow {
    pub(crate) fn new(
        what: &'static str,
        value: String,
        beyond: &'static str,
        set_by: &'static str,
    ) -> Self {
        Self {
            what,
            value,
            beyond,
            set_by,
        }
    }

    /// A number of bytes, in the unit that suits it.
    pub(crate) fn bytes(bytes: usize) -> String {
        match bytes {
            usize::MAX => "none".to_owned(),
            _ if bytes >= 1 << 30 || bytes >= 1 << 20 && bytes.is_multiple_of(1 << 20) => {
                format!("{} MiB", bytes >> 20)
            }
            _ if bytes >= 1 << 10 && bytes.is_multiple_of(1 << 10) => {
                format!("{} KiB", bytes >> 10)
            }
            _ => format!("{bytes} B"),
        }
    }

    /// A time in seconds.
    pub(crate) fn time(time: Duration) -> String {
        format!("{} s", time.as_secs_f64())
    }
}
