//! [`Binding`]: one argument with its type, as the attributes declare it.

use super::{Binder, Parameter};
use crate::argument::{Argument, FileArgument, Source};
use crate::live::Seen;
use crate::model::{Accepts, Model, Place, Validator};

/// Shows an argument to live probes.
type Show<T> = fn(&T, &Seen, &Binder<'_>, &'static Parameter);
type Take<T> = fn(&mut Binder<'_>, &'static Parameter, Option<fn() -> T>) -> Option<T>;

/// One argument of type `T`: what it is, and how it is taken from a request.
#[derive(Debug)]
pub struct Binding<T> {
    /// The argument as data.
    pub parameter: Parameter,
    /// What it holds when absent, if something other than its type says so.
    pub default: Option<fn() -> T>,
    take: Take<T>,
    accepts: Accepts,
    seen: Show<T>,
}

/// An argument from where its type says.
pub const fn argument<T: Argument>(name: &'static str) -> Binding<T> {
    Binding {
        parameter: Parameter::of::<T>(name),
        default: None,
        take: |binder, parameter, _| T::bind(binder, parameter),
        accepts: Accepts::NONE,
        seen: |value, seen, binder, parameter| {
            binder.show(seen, parameter, &|options| value.seen(options));
        },
    }
}

/// An argument from a place in the request.
///
/// # Panics
/// When it is a file, while the program is compiled.
#[track_caller]
pub const fn argument_at<T: Model>(name: &'static str, place: Place) -> Binding<T> {
    assert!(
        !T::FILE,
        "a file comes from nowhere but a form in parts: write `#[file]` here, or nothing, which means the same"
    );
    Binding {
        parameter: Parameter {
            source: Source::Parameter(place),
            inferred: false,
            ..Parameter::of::<T>(name)
        },
        default: None,
        take: |binder, parameter, default| {
            binder.parameter(parameter, || match default {
                Some(default) => Some(default()),
                None if parameter.field.required => None,
                None => T::absent(),
            })
        },
        accepts: T::ACCEPTS,
        seen: |value, seen, binder, parameter| {
            binder.show(seen, parameter, &|options| Some(value.dump(options)));
        },
    }
}

/// An argument from the files of a form.
pub const fn argument_file<T: FileArgument>(name: &'static str) -> Binding<T> {
    Binding {
        parameter: Parameter {
            source: Source::Parameter(Place::File),
            inferred: false,
            content: T::CONTENT,
            ..Parameter::of::<T::Form>(name)
        },
        default: None,
        take: |binder, parameter, default| {
            let form = binder.parameter(parameter, || match default {
                Some(default) => Some(default().into_form()),
                None if parameter.field.required => None,
                None => T::Form::absent(),
            });
            form.map(T::from_form)
        },
        accepts: T::Form::ACCEPTS,
        // A file is no value.
        seen: |_, _, _, _| {},
    }
}

impl<T> Binding<T> {
    /// Takes the argument from the request, or records what is wrong with it.
    #[inline]
    pub fn take(&self, binder: &mut Binder<'_>, parameter: &'static Parameter) -> Option<T> {
        let value = (self.take)(binder, parameter, self.default);
        if let (Some(value), Some(seen)) = (&value, binder.request().record().seen()) {
            (self.seen)(value, seen, binder, parameter);
        }
        value
    }

    /// Refuses limits that make no sense for the type; the macros call this while the program is
    /// compiled.
    ///
    /// # Panics
    /// With a sentence about the limit.
    #[track_caller]
    pub const fn assert_limits(&self) {
        self.accepts.assert(self.parameter.field.constraints);
    }
}

/// An argument that a check of the user's own has seen.
pub fn checked<T: Model, Form>(
    value: Option<T>,
    binder: &mut Binder<'_>,
    parameter: &'static Parameter,
    validator: &impl Validator<T, Form>,
) -> Option<T> {
    let value = value?;
    if binder.is_unchecked(parameter) {
        return Some(value);
    }
    binder.check(parameter, value, |value| validator.check(value))
}

/// Refuses a body where the method has none; the macros call this while the program is compiled.
///
/// # Panics
/// With `body` when the parameter is one, with `file` when it is a file.
#[track_caller]
pub const fn refuse_body(parameter: &Parameter, body: &str, file: &str) {
    match parameter.source {
        Source::Parameter(Place::File) => panic!("{}", file),
        Source::Parameter(Place::Body | Place::Form) => panic!("{}", body),
        _ => {}
    }
}

/// Refuses a struct as one field of a form, since no request could have it there; the macros call
/// this while the program is compiled. What is a text, a list of them, or absent is found in a form.
///
/// # Panics
/// With `message`, when the parameter is a body that must be an object and one of all is of a form.
#[track_caller]
pub const fn refuse_beside_form(parameter: &Parameter, all: &[Parameter], message: &str) {
    let is_body = matches!(parameter.source, Source::Parameter(Place::Body));
    if !(is_body && parameter.object && parameter.field.required) {
        return;
    }
    let mut index = 0;
    while index < all.len() {
        assert!(!all[index].is_form(), "{}", message);
        index += 1;
    }
}

/// Refuses scopes of an argument that is no dependency; the macros call this while the program is
/// compiled.
///
/// # Panics
/// When no function makes the argument.
#[track_caller]
pub const fn require_dependency(parameter: &Parameter) {
    if !matches!(parameter.source, Source::Dependency) {
        panic!(
            "scopes are asked of a dependency, and this comes from elsewhere; take `Depends<f>`, or remove `#[security]`"
        );
    }
}

/// Refuses a name of the path that nobody takes; the macros call this while the program is
/// compiled. A dependency or the request itself may take it unseen.
///
/// # Panics
/// With `message`, when every argument is known and none is that name.
#[track_caller]
pub const fn require_taken(parameters: &[Parameter], message: &str) {
    let mut index = 0;
    while index < parameters.len() {
        if parameters[index].place().is_none() {
            return;
        }
        index += 1;
    }
    panic!("{}", message);
}
