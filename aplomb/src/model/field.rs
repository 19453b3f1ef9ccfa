//! What is known of one field of a model, or of one parameter.

use super::Constraints;
use crate::json::{Object, Value};
use crate::openapi::Schemas;

/// What a field holds when it is absent.
#[derive(Clone, Copy, Debug)]
pub enum Default {
    /// Nothing: the field is required (unless its type may be absent).
    None,
    /// A value that the schema shows.
    Shown(fn() -> Value),
    /// A value made for each use, which the schema does not show.
    Made(fn() -> Value),
}

impl Default {
    /// The default as JSON, where the schema shows one.
    pub fn value(&self) -> Option<Value> {
        match self {
            Self::Shown(value) => Some(value()),
            Self::None | Self::Made(_) => None,
        }
    }

    /// What an absent field holds as JSON, made anew where it is made for each use.
    pub fn held(&self) -> Option<Value> {
        match self {
            Self::Shown(value) | Self::Made(value) => Some(value()),
            Self::None => None,
        }
    }
}

/// What a model does with names it does not know.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Extra {
    /// They are dropped.
    #[default]
    Ignore,
    /// They are refused.
    Forbid,
    /// They are kept.
    Allow,
}

/// One field of a model, or one parameter of an operation.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// The name in the code.
    pub name: &'static str,
    /// The name on the wire when read. Of a header parameter it has dashes.
    pub alias: &'static str,
    /// Further names it is read under, after `alias`.
    pub aliases: &'static [&'static str],
    /// The name on the wire when written.
    pub serialization_alias: &'static str,
    /// A title other than the one made from the name.
    pub title: Option<&'static str>,
    /// What the field means.
    pub description: Option<&'static str>,
    /// Example values.
    pub examples: Option<fn() -> Vec<Value>>,
    /// Whether clients should stop using it.
    pub deprecated: bool,
    /// Whether it must be given.
    pub required: bool,
    /// What it holds when absent.
    pub default: Default,
    /// Whether the default is checked like a value that was sent.
    pub validate_default: bool,
    /// Whether it stands in answers only.
    pub read_only: bool,
    /// Whether it stands in requests only.
    pub write_only: bool,
    /// Whether nobody who looks into the running service may see its value; clients send and get it
    /// as ever.
    pub secret: bool,
    /// Whether it is computed from the others, and so in answers only.
    pub computed: bool,
    /// Whether all values of a repeated name make up one value.
    pub sequence: bool,
    /// Its limits.
    pub constraints: &'static Constraints,
    /// The JSON Schema of its type.
    pub schema: fn(&mut Schemas, &Constraints) -> Object,
    /// The JSON Schema of what it is written as, where that is something else.
    pub serialized: Option<fn(&mut Schemas) -> Object>,
    /// Further keys for its schema.
    pub schema_extra: Option<fn() -> Object>,
}

impl Field {
    /// Every name it is read under, the preferred one first.
    pub(crate) fn names(&self) -> impl Iterator<Item = &'static str> + use<> {
        std::iter::once(self.alias).chain(self.aliases.iter().copied())
    }

    /// A required field without limits, for struct update syntax.
    pub const PLAIN: Self = Self {
        name: "",
        alias: "",
        aliases: &[],
        serialization_alias: "",
        title: None,
        description: None,
        examples: None,
        deprecated: false,
        required: true,
        default: Default::None,
        validate_default: false,
        read_only: false,
        write_only: false,
        secret: false,
        computed: false,
        sequence: false,
        constraints: &Constraints::NONE,
        schema: |_, _| Object::new(),
        serialized: None,
        schema_extra: None,
    };
}

/// The fields of a struct, and what it does with other names.
#[derive(Clone, Copy, Debug)]
pub struct Structure {
    /// Its fields, as they stand on the wire.
    pub fields: &'static [Field],
    /// What it does with names it does not know.
    pub extra: Extra,
}

impl Structure {
    /// A struct of these fields.
    pub const fn new(fields: &'static [Field], extra: Extra) -> Self {
        Self { fields, extra }
    }

    /// Whether a form has any of this struct, going by the names that were sent.
    pub(crate) fn is_supplied(&self, object: &Object) -> bool {
        let keeps_others = self.extra != Extra::Ignore && !object.is_empty();
        let mut names = self.fields.iter().flat_map(Field::names);
        keeps_others || names.any(|name| object.contains_key(name))
    }
}
