//! The limits of a field or parameter: from attribute keys to a table of constraints.

use std::fmt::Display;

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{ToTokens, quote};
use syn::{Lit, LitStr};

use crate::attribute::Entry;
use crate::errors::{Errors, unknown_key};

/// The limits read from one attribute.
#[derive(Clone, Default)]
pub(crate) struct Constraints {
    /// The keys as written, for the place of a mistake.
    written: TokenStream,
    limits: Vec<(Ident, Bound)>,
    min_length: Option<(Ident, usize)>,
    max_length: Option<(Ident, usize)>,
    pattern: Option<LitStr>,
    max_digits: Option<u32>,
    decimal_places: Option<u32>,
    finite: bool,
    strict: bool,
    unique: bool,
    fail_fast: bool,
    items: Option<Box<Self>>,
    keys: Option<Box<Self>>,
}

/// A bound of a number or a date, as written.
#[derive(Clone)]
enum Bound {
    Integer(i64),
    Float(f64),
    Text(String),
}

impl Constraints {
    /// The keys that [`take`](Self::take) knows.
    pub(crate) const KEYS: &'static [&'static str] = &[
        "gt",
        "ge",
        "lt",
        "le",
        "multiple_of",
        "min_length",
        "max_length",
        "min_items",
        "max_items",
        "pattern",
        "max_digits",
        "decimal_places",
        "finite",
        "strict",
        "unique",
        "fail_fast",
        "items",
        "keys",
    ];

    /// Reads `entry` if it is a limit; whether it was one.
    pub(crate) fn take(&mut self, entry: &Entry, errors: &mut Errors) -> bool {
        let key = entry.key.to_string();
        match key.as_str() {
            "gt" | "ge" | "lt" | "le" | "multiple_of" => {
                if let Some(bound) = bound(entry, errors) {
                    self.limits.push((entry.key.clone(), bound));
                }
            }
            "min_length" | "min_items" => set_length(&mut self.min_length, entry, errors),
            "max_length" | "max_items" => set_length(&mut self.max_length, entry, errors),
            "pattern" => self.pattern = pattern(entry, errors),
            "max_digits" => self.max_digits = entry.count(errors),
            "decimal_places" => self.decimal_places = entry.count(errors),
            "finite" => self.finite = entry.flag(errors),
            "strict" => self.strict = entry.flag(errors),
            "unique" => self.unique = entry.flag(errors),
            "fail_fast" => self.fail_fast = entry.flag(errors),
            "items" => self.items = Some(Box::new(Self::inner(entry, errors))),
            "keys" => self.keys = Some(Box::new(Self::inner(entry, errors))),
            _ => return false,
        }
        entry.key.to_tokens(&mut self.written);
        true
    }

    /// The limits inside `items(…)` or `keys(…)`.
    fn inner(entry: &Entry, errors: &mut Errors) -> Self {
        let mut constraints = Self::default();
        for limit in entry.list(errors) {
            if !constraints.take(&limit, errors) {
                let key = limit.key.to_string();
                let of = format!("`{}(…)`", entry.key);
                errors.at(&limit.key, unknown_key(&key, &of, Self::KEYS));
            }
        }
        constraints.check(errors);
        constraints
    }

    /// Refuses pairs of limits that exclude each other.
    pub(crate) fn check(&self, errors: &mut Errors) {
        for (one, other) in [("gt", "ge"), ("lt", "le")] {
            if let (Some(_), Some((key, _))) = (self.limit(one), self.limit(other)) {
                errors.at(
                    key,
                    format!("`{one}` and `{other}` say the same thing twice; keep one"),
                );
            }
        }
        let low = self.limit("gt").or_else(|| self.limit("ge"));
        let high = self.limit("lt").or_else(|| self.limit("le"));
        if let (Some((low_key, low)), Some((high_key, high))) = (low, high)
            && let (Some(least), Some(most)) = (low.number(), high.number())
        {
            let none = least > most || (least == most && (*low_key == "gt" || *high_key == "lt"));
            if none {
                errors.at(
                    high_key,
                    format!("no value is `{low_key}` {least} and `{high_key}` {most}"),
                );
            }
        }
        if let (Some((low_key, least)), Some((high_key, most))) =
            (&self.min_length, &self.max_length)
            && least > most
        {
            errors.at(
                high_key,
                format!(
                    "`{high_key} = {most}` is less than `{low_key} = {least}`, so nothing would ever fit"
                ),
            );
        }
    }

    fn limit(&self, key: &str) -> Option<&(Ident, Bound)> {
        self.limits.iter().find(|(name, _)| name == key)
    }

    /// Makes these limits refuse Pydantic's conversions.
    pub(crate) fn set_strict(&mut self) {
        self.strict = true;
    }

    /// Whether there is no limit at all.
    pub(crate) fn is_empty(&self) -> bool {
        self.fields(&TokenStream::new()).is_empty()
    }

    /// An expression of type `&'static Constraints`; `library` is the path to the library.
    ///
    /// It is a block with a `static` of its own, which works in a `static` and in a function.
    pub(crate) fn tokens(&self, library: &TokenStream) -> TokenStream {
        if self.is_empty() {
            return quote!(&#library::model::Constraints::NONE);
        }
        let pattern = self.pattern.as_ref().map(|pattern| {
            quote! {
                static PATTERN: #library::model::Pattern = #library::model::Pattern::new(#pattern);
            }
        });
        let fields = self.fields(library);
        quote! {{
            #pattern
            static CONSTRAINTS: #library::model::Constraints = #library::model::Constraints {
                #fields
                ..#library::model::Constraints::NONE
            };
            &CONSTRAINTS
        }}
    }

    fn fields(&self, library: &TokenStream) -> TokenStream {
        let some = quote!(::core::option::Option::Some);
        let mut fields = TokenStream::new();
        for (key, bound) in &self.limits {
            let bound = bound.tokens(library);
            let key = Ident::new(&key.to_string(), Span::call_site());
            fields.extend(quote!(#key: #some(#bound),));
        }
        for (name, length) in [
            ("min_length", &self.min_length),
            ("max_length", &self.max_length),
        ] {
            if let Some((_, length)) = length {
                let name = Ident::new(name, Span::call_site());
                fields.extend(quote!(#name: #some(#length),));
            }
        }
        if self.pattern.is_some() {
            fields.extend(quote!(pattern: #some(&PATTERN),));
        }
        if let Some(most) = self.max_digits {
            fields.extend(quote!(max_digits: #some(#most),));
        }
        if let Some(most) = self.decimal_places {
            fields.extend(quote!(decimal_places: #some(#most),));
        }
        for (on, key) in [
            (self.finite, quote!(finite)),
            (self.strict, quote!(strict)),
            (self.unique, quote!(unique)),
            (self.fail_fast, quote!(fail_fast)),
        ] {
            if on {
                fields.extend(quote!(#key: true,));
            }
        }
        for (inner, key) in [(&self.items, quote!(items)), (&self.keys, quote!(keys))] {
            if let Some(inner) = inner {
                let inner = inner.tokens(library);
                fields.extend(quote!(#key: #some(#inner),));
            }
        }
        fields
    }
}

impl Bound {
    fn number(&self) -> Option<f64> {
        match self {
            Self::Integer(number) => Some(*number as f64),
            Self::Float(number) => Some(*number),
            Self::Text(_) => None,
        }
    }

    fn tokens(&self, library: &TokenStream) -> TokenStream {
        match self {
            Self::Integer(number) => {
                let number = Literal::i64_suffixed(*number);
                quote!(#library::model::Limit::Integer(#number))
            }
            Self::Float(number) => {
                let number = Literal::f64_suffixed(*number);
                quote!(#library::model::Limit::Float(#number))
            }
            Self::Text(text) => quote!(#library::model::Limit::Text(#text)),
        }
    }
}

fn bound(entry: &Entry, errors: &mut Errors) -> Option<Bound> {
    let value = entry.value(errors)?;
    let found = match syn::parse2::<Lit>(value.clone()) {
        Ok(Lit::Int(number)) => number.base10_parse().ok().map(Bound::Integer),
        Ok(Lit::Float(number)) => number.base10_parse().ok().map(Bound::Float),
        Ok(Lit::Str(text)) => Some(Bound::Text(text.value())),
        _ => None,
    };
    if found.is_none() {
        errors.at(
            value,
            format!(
                "`{0}` takes a number that fits 64 bits, or a text for a date or decimal: `{0} = 1`",
                entry.key
            ),
        );
    }
    found
}

fn set_length(length: &mut Option<(Ident, usize)>, entry: &Entry, errors: &mut Errors) {
    if let Some((earlier, _)) = length {
        let message = format!("`{}` means the same as `{earlier}`; keep one", entry.key);
        errors.at(&entry.key, message);
    }
    if let Some(count) = entry.count(errors) {
        *length = Some((entry.key.clone(), count));
    }
}

fn pattern(entry: &Entry, errors: &mut Errors) -> Option<LitStr> {
    let text = entry.text(errors)?;
    match regex_syntax::parse(&text.value()) {
        Ok(_) => Some(text),
        Err(error) => {
            errors.at(
                &text,
                format!("this pattern does not compile: {}", reason(&error)),
            );
            None
        }
    }
}

/// What is wrong with a pattern, on one line.
fn reason(error: &regex_syntax::Error) -> String {
    let kind: &dyn Display = match error {
        regex_syntax::Error::Parse(error) => error.kind(),
        regex_syntax::Error::Translate(error) => error.kind(),
        other => other,
    };
    kind.to_string()
}

impl ToTokens for Constraints {
    /// The keys, for the place of a mistake.
    fn to_tokens(&self, tokens: &mut TokenStream) {
        self.written.to_tokens(tokens);
    }
}
