//! What a request has asked of databases, as its record has it.

use std::sync::atomic::Ordering::Relaxed;

use super::Record;
use crate::observe::{DatabaseAccount, DatabaseTimes, DatabaseUse, Phase, Place};

impl Record {
    /// What it has asked of databases until now, if anything.
    pub fn database(&self) -> Option<DatabaseTimes> {
        Some(self.database.get()?.times())
    }

    /// All that is known of that.
    pub(crate) fn database_account(&self) -> Option<DatabaseAccount> {
        Some(self.database.get()?.account())
    }

    /// Where it takes note of what it asks of databases.
    pub(crate) fn database_use(&self) -> &DatabaseUse {
        self.database.get_or_init(Box::default)
    }

    /// What it is doing, for what it asks of databases meanwhile.
    pub(crate) fn place(&self) -> Place {
        let phase = self.phase();
        let in_dependency = phase == Phase::Dependencies;
        Place {
            phase,
            dependency: in_dependency.then(|| self.step.load(Relaxed)),
        }
    }
}
