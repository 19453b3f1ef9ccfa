//! [`Parameter`]: one argument of a function as data.

use crate::argument::{Argument, Requirement, Source};
use crate::depends::DependencyDefinition;
use crate::json::Object;
use crate::model::{Field, Place};

/// One argument of a handler or dependency as data.
#[derive(Clone, Copy, Debug)]
pub struct Parameter {
    /// Where it comes from.
    pub source: Source,
    /// Whether nobody said where it comes from; one from the query then is the path's where the
    /// path names it, as with the parameters of a dependency.
    pub inferred: bool,
    /// Its name, limits, default and schema, as for a field of a model.
    pub field: Field,
    /// The fields of a struct whose fields are parameters each: a query, header or cookie model.
    pub group: fn() -> &'static [Field],
    /// Whether nothing but an object becomes its type, as for a struct.
    pub object: bool,
    /// Whether a single body parameter still stands under its name.
    pub embed: bool,
    /// The media type of the body, other than `application/json`.
    pub media_type: Option<&'static str>,
    /// Whether the document shows it.
    pub include_in_schema: bool,
    /// Whether the header names of a group have dashes for underscores.
    pub convert_underscores: bool,
    /// Named examples for the document.
    pub openapi_examples: Option<fn() -> Object>,
    /// The function whose result this is.
    pub dependency: fn() -> Option<DependencyDefinition>,
    /// Whether the result of the function is not shared with others of the request.
    pub no_cache: bool,
    /// The OAuth2 scopes the function is asked for here.
    pub scopes: &'static [&'static str],
    /// The state this needs.
    pub requires: fn() -> Option<Requirement>,
    /// Whether this is the content of a file, and not a handle on it.
    pub content: bool,
}

impl Parameter {
    /// An argument called `name` of type `T`, from where `T` says.
    pub const fn of<T: Argument>(name: &'static str) -> Self {
        Self {
            source: T::SOURCE,
            inferred: true,
            field: Field {
                name,
                alias: name,
                serialization_alias: name,
                required: !T::OPTIONAL,
                sequence: T::SEQUENCE,
                schema: T::schema,
                ..Field::PLAIN
            },
            group: T::fields,
            object: T::OBJECT,
            embed: false,
            media_type: None,
            include_in_schema: true,
            convert_underscores: true,
            openapi_examples: None,
            dependency: T::dependency,
            no_cache: false,
            scopes: &[],
            requires: T::requires,
            content: false,
        }
    }

    /// The place in a request whose path has these names.
    #[inline]
    pub(crate) fn place_below(&self, path_has: impl FnOnce(&str) -> bool) -> Option<Place> {
        match self.place() {
            Some(Place::Query) if self.inferred && path_has(self.field.alias) => Some(Place::Path),
            place => place,
        }
    }

    /// The function whose result this is, with the scopes asked for here.
    pub(crate) fn definition(&self) -> Option<DependencyDefinition> {
        let definition = (self.dependency)()?;
        Some(match self.scopes {
            [] => definition,
            scopes => definition.with_scopes(scopes.iter().copied()),
        })
    }

    /// Whether this is a field, file or model of a form.
    pub(crate) const fn is_form(&self) -> bool {
        matches!(self.place(), Some(Place::Form | Place::File))
    }

    /// The place in the request this is taken from.
    pub const fn place(&self) -> Option<Place> {
        match self.source {
            Source::Parameter(place) => Some(place),
            Source::Dependency
            | Source::Context
            | Source::SecurityScopes
            | Source::Cleanup
            | Source::Yield => None,
        }
    }
}
