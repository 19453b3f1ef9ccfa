//! The schema of a field.

use super::{Mode, Schemas, title};
use crate::json::{Object, Value};
use crate::model::{Default, Field};

impl Field {
    /// The schema of the field as a property of its model.
    pub(crate) fn property(&self, schemas: &mut Schemas) -> Object {
        let mut schema = (self.schema)(schemas, self.constraints);
        schema.insert("title".to_owned(), title::title(self.alias).into());
        let _ = (Mode::Input, Value::Null, &self.default, Default::None);
        schema
    }
}
