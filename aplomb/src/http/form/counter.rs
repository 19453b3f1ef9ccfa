//! The one counter of what a form holds, whatever its encoding.

use super::{FormError, FormLimits};

/// Counts fields, files and sizes against the limits.
#[derive(Debug)]
pub(super) struct Counter {
    limits: FormLimits,
    fields: usize,
    files: usize,
}

/// What messages call one field, by its encoding.
#[derive(Clone, Copy, Debug)]
pub(super) enum Unit {
    Field,
    Part,
}

impl Counter {
    pub(super) fn new(limits: FormLimits) -> Self {
        Self {
            limits,
            fields: 0,
            files: 0,
        }
    }

    /// Counts one field that is no file.
    pub(super) fn field(&mut self) -> Result<(), FormError> {
        self.fields += 1;
        match self.limits.fields() {
            most if self.fields > most => Err(FormError::TooManyFields(most)),
            _ => Ok(()),
        }
    }

    /// Counts one file.
    pub(super) fn file(&mut self) -> Result<(), FormError> {
        self.files += 1;
        match self.limits.files() {
            most if self.files > most => Err(FormError::TooManyFiles(most)),
            _ => Ok(()),
        }
    }

    /// Checks the bytes of one field that is no file.
    pub(super) fn size(&self, size: usize, unit: Unit) -> Result<(), FormError> {
        match (self.limits.part_size(), unit) {
            (most, _) if size <= most => Ok(()),
            (most, Unit::Field) => Err(FormError::FieldTooLarge(most)),
            (most, Unit::Part) => Err(FormError::PartTooLarge(most)),
        }
    }
}
