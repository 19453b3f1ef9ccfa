//! Any JSON value, with integers of any size and the floats JSON itself cannot spell.

/// A JSON object; keys keep their order, the last of equal keys wins at the place of the first.
pub type Object = indexmap::IndexMap<String, Value>;

/// Any JSON value.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Value {
    /// `null`.
    #[default]
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// An integer that fits 64 signed bits.
    Integer(i64),
    /// An integer that does not, as its decimal digits with an optional leading `-`.
    BigInteger(Box<str>),
    /// A number with a fraction or an exponent; may be infinite or not a number.
    Float(f64),
    /// A text.
    String(String),
    /// A list.
    Array(Vec<Value>),
    /// An object.
    Object(Object),
}
