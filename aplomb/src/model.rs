//! [`Model`]: a type that can be read, checked, described and written.

mod accepts;
mod before;
mod bounds;
#[doc(hidden)]
pub mod choice;
mod constraints;
mod container;
#[doc(hidden)]
pub mod derived;
mod dump;
mod field;
#[doc(hidden)]
pub mod form;
mod invalid;
#[doc(hidden)]
pub mod keys;
mod measure;
#[doc(hidden)]
pub mod members;
#[doc(hidden)]
pub mod named;
mod patch;
mod problem;
mod python;
mod scalar;
mod shape;
mod size;
#[doc(hidden)]
pub mod union;
#[doc(hidden)]
pub mod variants;

pub use accepts::{Accepts, Bounds};
pub use before::{BeforeValidator, Converts, Refuses};
pub use choice::Choice;
pub use constraints::{Constraints, Limit, Pattern};
pub use container::FrozenSet;
pub use dump::{Dump, Selection};
pub use field::{Default, Extra, Field, Structure};
pub use invalid::{Changes, InSome, Invalid, Looks, LooksAtText, Validator};
pub use patch::Patch;
pub use problem::{Exactness, Location, Problem, Problems};
pub use scalar::{
    Base64Bytes, ByteSize, Datetime, Email, FutureDate, FutureDatetime, HttpUrl, IpInterface,
    Ipv4Interface, Ipv6Interface, Json, JsonBase64, PastDate, PastDatetime, SecretString, Time,
    UuidVersion,
};

use std::borrow::Cow;

use crate::json::{Object, Reader, Refused, Value, Writer};
use crate::openapi::Schemas;

/// Where a value of a request stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// A segment of the path.
    Path,
    /// The query string.
    Query,
    /// A header.
    Header,
    /// A cookie.
    Cookie,
    /// The JSON body.
    Body,
    /// A form field.
    Form,
    /// An uploaded file.
    File,
}

impl Place {
    /// Whether this is the body or a part of it.
    pub(crate) const fn is_body(self) -> bool {
        matches!(self, Self::Body | Self::Form | Self::File)
    }

    /// The word for this place in the `loc` of a problem.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Query => "query",
            Self::Header => "header",
            Self::Cookie => "cookie",
            Self::Body | Self::Form | Self::File => "body",
        }
    }
}

/// A type that can be read from a request, checked, described in the OpenAPI document and written
/// to a response.
///
/// Implement it with `#[derive(Model)]`; scalars and containers implement it already.
///
/// There are two readers. [`read`](Self::read) is fast and strict and may refuse anything it is
/// not sure of; [`validate`](Self::validate) is the authority: it applies Pydantic's lax rules and
/// collects every problem. Whatever the first accepts, the second accepts with the same value.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a `Model`",
    label = "this type cannot be read from a request or written to a response",
    note = "put `#[derive(Model)]` on `{Self}`; for a type of another crate take what it is on the wire, such as `String`, and convert that"
)]
pub trait Model: Sized + Send + 'static {
    /// Where an argument of this type comes from when nothing says otherwise: scalars from the
    /// query, everything else from the body.
    const PLACE: Place = Place::Query;
    /// Whether the value may be absent.
    const OPTIONAL: bool = false;
    /// Whether all values of a repeated name make up one value, as for lists and sets.
    const SEQUENCE: bool = false;
    /// Whether this is an uploaded file, or a list of them, which come from a form.
    const FILE: bool = false;
    /// Whether nothing but an object becomes this type, as for a struct; no field of a form is one.
    const OBJECT: bool = false;
    /// Which limits make sense for this type.
    const ACCEPTS: Accepts = Accepts::NONE;

    /// Reads a value fast, or refuses.
    ///
    /// # Errors
    /// [`Refused`] for anything that is not plainly right; the complete reader decides then.
    fn read(reader: &mut Reader<'_>, constraints: &Constraints) -> Result<Self, Refused>;

    /// Reads a value from the text of a path segment, query value, header or cookie, or refuses.
    ///
    /// # Errors
    /// [`Refused`] for anything that is not plainly right.
    fn read_text(text: &str, constraints: &Constraints) -> Result<Self, Refused> {
        let _ = (text, constraints);
        Err(Refused)
    }

    /// Reads a value completely: Pydantic's lax conversions, every problem collected.
    fn validate(value: &Value, constraints: &Constraints, problems: &mut Problems) -> Option<Self>;

    /// Reads a value that is not from a request, such as one out of a file.
    ///
    /// ```
    /// use aplomb::{Model, json::Value};
    ///
    /// let tags = Value::from(["a", "b"]);
    /// assert_eq!(Vec::<String>::from_value(&tags).unwrap(), ["a", "b"]);
    /// let problems = Vec::<i64>::from_value(&tags).unwrap_err();
    /// assert_eq!(problems.len(), 2);
    /// ```
    ///
    /// # Errors
    /// Every problem found.
    fn from_value(value: &Value) -> Result<Self, Problems> {
        let mut problems = Problems::new();
        match Self::validate(value, &Constraints::NONE, &mut problems) {
            Some(model) if problems.is_empty() => Ok(model),
            _ => Err(problems),
        }
    }

    /// The value of something absent, for types that have one.
    fn absent() -> Option<Self> {
        None
    }

    /// Writes the value as JSON text, under the names of the wire.
    fn write(&self, writer: &mut Writer);

    /// The value as JSON, with fields left out as `options` say.
    fn dump(&self, options: &Dump<'_>) -> Value;

    /// The JSON Schema of this type; named types register themselves and give a `$ref`.
    fn schema(schemas: &mut Schemas, constraints: &Constraints) -> Object;

    /// The JSON Schema of this type by itself, with the types it is made of under `$defs`.
    fn json_schema() -> Object {
        crate::openapi::standalone(|schemas| Self::schema(schemas, &Constraints::NONE))
    }

    /// What a union calls this branch in the location of a problem: `int`, `list[int]`, a model's
    /// name.
    fn label() -> Cow<'static, str>;

    /// What a union calls this branch when it has limits of its own, such as `constrained-int`.
    fn label_with(constraints: &Constraints) -> Cow<'static, str> {
        let _ = constraints;
        Self::label()
    }

    /// The fields of a struct, empty for everything else.
    fn fields() -> &'static [Field] {
        &[]
    }

    /// The structs a value may be: a struct itself, the branches of a choice between structs;
    /// empty for everything else. A form is read as one of them.
    fn structures() -> Vec<Structure> {
        match Self::fields() {
            [] => Vec::new(),
            fields => vec![Structure::new(fields, Extra::Ignore)],
        }
    }

    /// Copies the fields named in `set` from `other`, as a partial update does.
    fn merge(&mut self, other: Self, set: &dyn Fn(&str) -> bool) {
        let _ = set;
        *self = other;
    }
}
