//! `#[model(…)]` on a type.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::ext::IdentExt as _;
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, DeriveInput, Generics, LitStr, Path, Token, Type};

use super::case::Case;
use crate::attribute::{self, Entry};
use crate::doc;
use crate::errors::{Errors, unknown_key};

/// The kind of type a key makes sense on.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    Structure,
    Newtype,
    Enumeration,
    Union,
}

use Shape::{Enumeration, Newtype, Structure, Union};

/// Every key, and the kinds of type it makes sense on.
const KEYS: &[(&str, &[Shape])] = &[
    ("rename", &[Structure, Enumeration, Union]),
    ("rename_all", &[Structure, Enumeration, Union]),
    ("title", &[Structure, Enumeration]),
    ("description", &[Structure, Enumeration]),
    ("example", &[Structure, Enumeration]),
    ("examples", &[Structure, Enumeration]),
    ("schema_extra", &[Structure, Enumeration]),
    ("extra", &[Structure]),
    ("validate", &[Structure, Newtype, Union]),
    ("populate_by_name", &[Structure]),
    ("strict", &[Structure]),
    ("computed", &[Structure]),
    ("constant", &[Structure]),
    ("literal", &[Enumeration]),
    ("untagged", &[Union]),
    ("tag", &[Union]),
    ("serde", &[Structure, Newtype, Enumeration, Union]),
    ("crate", &[Structure, Newtype, Enumeration, Union]),
];

/// What a model does with names it does not know.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Extra {
    Ignore,
    Forbid,
    Allow,
}

/// A field computed from the others: `/// doc` `name: Type = path`.
pub(crate) struct Computed {
    pub(crate) name: Ident,
    pub(crate) ty: Type,
    pub(crate) path: Path,
    pub(crate) description: Option<String>,
}

/// A type and what its `#[model(…)]` says.
pub(crate) struct Container<'a> {
    pub(crate) ident: &'a Ident,
    pub(crate) generics: &'a Generics,
    /// The path to the library.
    pub(crate) library: TokenStream,
    pub(crate) name: String,
    pub(crate) case: Case,
    pub(crate) title: Option<LitStr>,
    pub(crate) description: Option<String>,
    pub(crate) examples: Option<TokenStream>,
    pub(crate) schema_extra: Option<TokenStream>,
    pub(crate) extra: Option<Extra>,
    pub(crate) validators: Vec<TokenStream>,
    pub(crate) populate_by_name: bool,
    pub(crate) strict: bool,
    pub(crate) computed: Vec<Computed>,
    /// Members that every value has: their names and texts.
    pub(crate) constants: Vec<(String, LitStr)>,
    pub(crate) literal: bool,
    pub(crate) untagged: bool,
    pub(crate) tag: Option<LitStr>,
    pub(crate) serde: bool,
    entries: Vec<Entry>,
}

impl<'a> Container<'a> {
    pub(crate) fn read(input: &'a DeriveInput, errors: &mut Errors) -> Self {
        let mut container = Self {
            ident: &input.ident,
            generics: &input.generics,
            library: quote!(::aplomb),
            name: input.ident.unraw().to_string(),
            case: Case::default(),
            title: None,
            description: doc::text(&input.attrs),
            examples: None,
            schema_extra: None,
            extra: None,
            validators: Vec::new(),
            populate_by_name: false,
            strict: false,
            computed: Vec::new(),
            constants: Vec::new(),
            literal: false,
            untagged: false,
            tag: None,
            serde: true,
            entries: attribute::of(&input.attrs, "model", errors),
        };
        for entry in container.entries.clone() {
            container.take(&entry, errors);
        }
        container
    }

    fn take(&mut self, entry: &Entry, errors: &mut Errors) {
        let key = entry.key.to_string();
        match key.as_str() {
            "rename" => {
                if let Some(name) = entry.text(errors) {
                    self.name = name.value();
                }
            }
            "rename_all" => self.case = Case::read(entry, errors),
            "title" => self.title = entry.text(errors),
            "description" => self.description = entry.text(errors).map(|text| text.value()),
            "example" => self.examples = entry.value(errors).map(|value| quote!([#value])),
            "examples" => {
                let values = entry.values(errors);
                self.examples = Some(quote!([#(#values),*]));
            }
            "schema_extra" => self.schema_extra = entry.value(errors),
            "extra" => self.extra = extra(entry, errors),
            "validate" => self.validators = validators(entry, errors),
            "populate_by_name" => self.populate_by_name = entry.flag(errors),
            "strict" => self.strict = entry.flag(errors),
            "computed" => {
                let fields = entry
                    .tokens_of_list(errors)
                    .and_then(|tokens| errors.ok(computed.parse2(tokens)));
                self.computed = fields.unwrap_or_default();
            }
            "constant" => {
                for constant in entry.list(errors) {
                    if let Some(text) = constant.text(errors) {
                        self.constants
                            .push((constant.key.unraw().to_string(), text));
                    }
                }
            }
            "literal" => self.literal = entry.flag(errors),
            "untagged" => self.untagged = entry.flag(errors),
            "tag" => self.tag = entry.text(errors),
            "serde" => self.serde = entry.flag(errors),
            "crate" => {
                if let Some(path) = entry.value(errors) {
                    self.library = match syn::parse2::<LitStr>(path.clone()) {
                        Ok(text) => errors
                            .ok(text.parse::<Path>())
                            .map(|path| quote!(#path))
                            .unwrap_or_default(),
                        Err(_) => path,
                    };
                }
            }
            _ => {
                let known: Vec<_> = KEYS.iter().map(|(key, _)| *key).collect();
                errors.at(&entry.key, unknown_key(&key, "`#[model(…)]`", &known));
            }
        }
    }

    /// Refuses the keys that make no sense on this kind of type.
    pub(crate) fn refuse_unless(&self, shape: Shape, errors: &mut Errors) {
        let what = match shape {
            Structure => "a struct with named fields",
            Newtype => "a tuple struct",
            Enumeration => "an enum of plain values",
            Union => "an enum of types",
        };
        for entry in &self.entries {
            let key = entry.key.to_string();
            let known = KEYS.iter().find(|(known, _)| *known == key);
            if known.is_some_and(|(_, shapes)| !shapes.contains(&shape)) {
                errors.at(
                    &entry.key,
                    format!("`{key}` means nothing on {what}; remove it"),
                );
            }
        }
    }

    /// The entry of a key, for the place of a mistake.
    pub(crate) fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.key == key)
    }
}

/// `validate = path`, or `validate(one, another)`.
pub(crate) fn validators(entry: &Entry, errors: &mut Errors) -> Vec<TokenStream> {
    if entry.is_list() {
        entry.values(errors)
    } else {
        entry.value(errors).into_iter().collect()
    }
}

fn extra(entry: &Entry, errors: &mut Errors) -> Option<Extra> {
    let text = entry.text(errors)?;
    match text.value().as_str() {
        "ignore" => Some(Extra::Ignore),
        "forbid" => Some(Extra::Forbid),
        "allow" => Some(Extra::Allow),
        other => {
            let known = ["ignore", "forbid", "allow"];
            errors.at(&text, unknown_key(other, "`extra`", &known));
            None
        }
    }
}

fn computed(input: ParseStream<'_>) -> syn::Result<Vec<Computed>> {
    let mut fields = Vec::new();
    while !input.is_empty() {
        let attributes = input.call(Attribute::parse_outer)?;
        let name = input.call(Ident::parse_any)?;
        input.parse::<Token![:]>().map_err(|error| {
            syn::Error::new(error.span(), "write `computed(name: Type = Self::method)`")
        })?;
        let ty = input.parse()?;
        input.parse::<Token![=]>().map_err(|error| {
            syn::Error::new(error.span(), "write `computed(name: Type = Self::method)`")
        })?;
        fields.push(Computed {
            name,
            ty,
            path: input.parse()?,
            description: doc::text(&attributes),
        });
        if !input.is_empty() {
            input.parse::<Token![,]>()?;
        }
    }
    Ok(fields)
}
