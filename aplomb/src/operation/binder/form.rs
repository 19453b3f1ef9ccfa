//! Arguments from a form: fields, files, and models whose fields stand beside them.

use super::{Binder, missing};
use crate::http::FormData;
use crate::json::Value;
use crate::model::{Model, Structure, form};
use crate::operation::Parameter;

impl Binder<'_> {
    /// A field, file or model of a form.
    pub(super) fn form<T: Model>(
        &mut self,
        parameter: &'static Parameter,
        default: impl FnOnce() -> Option<T>,
    ) -> Option<T> {
        let data = self.body.form_data();
        match &T::structures()[..] {
            structures if parameter.is_form() && !structures.is_empty() => {
                self.form_model(parameter, &data, structures, default)
            }
            _ => self.form_field(parameter, &data, default),
        }
    }

    fn form_field<T: Model>(
        &mut self,
        parameter: &'static Parameter,
        data: &FormData,
        default: impl FnOnce() -> Option<T>,
    ) -> Option<T> {
        let field = &parameter.field;
        let mut names = field.names();
        let found = names.find_map(|name| Some((name, form::field(data, name, T::SEQUENCE)?)));
        let Some((name, value)) = found else {
            let value = default();
            if value.is_none() {
                missing(self.problems, &["body", field.alias]);
            }
            return value;
        };
        self.problems.at("body", |problems| {
            problems.at(name, |problems| {
                T::validate(&value, field.constraints, problems)
            })
        })
    }

    /// One struct, or a choice between several; each sees the whole form.
    fn form_model<T: Model>(
        &mut self,
        parameter: &'static Parameter,
        data: &FormData,
        structures: &[Structure],
        default: impl FnOnce() -> Option<T>,
    ) -> Option<T> {
        let object = form::object(data);
        let supplied = structures.iter().any(|model| model.is_supplied(&object));
        if T::OPTIONAL && !supplied {
            let value = default();
            if value.is_none() {
                missing(self.problems, &["body"]);
            }
            return value;
        }
        self.problems.set_whole_form(true);
        let found = self.problems.at("body", |problems| {
            let constraints = parameter.field.constraints;
            T::validate(&Value::Object(object), constraints, problems)
        });
        self.problems.set_whole_form(false);
        found
    }
}
