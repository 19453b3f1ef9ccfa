//! `#[field(…)]` on a field.

mod row;

pub(crate) use row::{list, object};

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::ext::IdentExt as _;
use syn::{GenericArgument, LitStr, PathArguments, Type};

use super::container::{Container, validators};
use crate::attribute::{self, Entry};
use crate::constraint::Constraints;
use crate::doc;
use crate::errors::{Errors, unknown_key};

/// The keys besides those of constraints.
const KEYS: &[&str] = &[
    "alias",
    "validation_alias",
    "serialization_alias",
    "aliases",
    "default",
    "default_with",
    "required",
    "validate_default",
    "title",
    "description",
    "example",
    "examples",
    "deprecated",
    "read_only",
    "write_only",
    "secret",
    "validate",
    "validate_before",
    "serialize_with",
    "schema_extra",
    "extra",
    "skip",
];

/// What a field holds when it is absent.
#[derive(Clone)]
pub(crate) enum Default {
    /// Nothing said.
    None,
    /// The default of its type.
    Type,
    /// An expression.
    Value(TokenStream),
    /// A function called for each use.
    Made(TokenStream),
}

/// A field and what its `#[field(…)]` says.
pub(crate) struct Field<'a> {
    pub(crate) ident: Option<&'a Ident>,
    pub(crate) ty: &'a Type,
    /// The name in the code.
    pub(crate) name: String,
    pub(crate) alias: String,
    pub(crate) aliases: Vec<String>,
    pub(crate) serialization_alias: String,
    pub(crate) default: Default,
    /// Whether an `Option` must be given all the same.
    pub(crate) required: bool,
    /// Whether the default is checked like a value that was sent.
    pub(crate) validate_default: bool,
    pub(crate) constraints: Constraints,
    title: Option<LitStr>,
    description: Option<String>,
    examples: Option<TokenStream>,
    schema_extra: Option<TokenStream>,
    pub(crate) deprecated: bool,
    pub(crate) read_only: bool,
    pub(crate) write_only: bool,
    pub(crate) secret: bool,
    pub(crate) validators: Vec<TokenStream>,
    /// The validators that run before it is read.
    pub(crate) before: Vec<TokenStream>,
    /// What makes of it that which is written.
    pub(crate) serializer: Option<TokenStream>,
    pub(crate) extra: bool,
    pub(crate) skip: bool,
    pub(crate) entries: Vec<Entry>,
}

impl<'a> Field<'a> {
    pub(crate) fn read(
        field: &'a syn::Field,
        container: &Container<'_>,
        errors: &mut Errors,
    ) -> Self {
        let name = field
            .ident
            .as_ref()
            .map(|ident| ident.unraw().to_string())
            .unwrap_or_default();
        let wire = container.case.apply(&name);
        let mut read = Self {
            ident: field.ident.as_ref(),
            ty: &field.ty,
            alias: wire.clone(),
            aliases: Vec::new(),
            serialization_alias: wire,
            default: Default::None,
            required: false,
            validate_default: false,
            constraints: Constraints::default(),
            title: None,
            description: doc::text(&field.attrs),
            examples: None,
            schema_extra: None,
            deprecated: false,
            read_only: false,
            write_only: false,
            secret: false,
            validators: Vec::new(),
            before: Vec::new(),
            serializer: None,
            extra: false,
            skip: false,
            entries: attribute::of(&field.attrs, "field", errors),
            name,
        };
        for entry in read.entries.clone() {
            read.take(&entry, errors);
        }
        if container.populate_by_name
            && read.alias != read.name
            && !read.aliases.contains(&read.name)
        {
            read.aliases.push(read.name.clone());
        }
        if container.strict {
            read.constraints.set_strict();
        }
        read.constraints.check(errors);
        read.check(errors);
        read
    }

    fn take(&mut self, entry: &Entry, errors: &mut Errors) {
        if self.constraints.take(entry, errors) {
            return;
        }
        let key = entry.key.to_string();
        match key.as_str() {
            // The narrower aliases win wherever they stand.
            "alias" => {
                if let Some(alias) = name(entry, errors) {
                    if !self.has("validation_alias") {
                        self.alias.clone_from(&alias);
                    }
                    if !self.has("serialization_alias") {
                        self.serialization_alias = alias;
                    }
                }
            }
            "validation_alias" => {
                let names = entry.texts(errors).into_iter();
                let mut names = names.filter_map(|name| wire_name(&name, errors));
                if let Some(alias) = names.next() {
                    self.alias = alias;
                }
                self.aliases.extend(names);
            }
            "serialization_alias" => {
                if let Some(alias) = name(entry, errors) {
                    self.serialization_alias = alias;
                }
            }
            "aliases" => {
                for value in entry.values(errors) {
                    if let Some(alias) = errors.ok(syn::parse2::<LitStr>(value)) {
                        self.aliases.extend(wire_name(&alias, errors));
                    }
                }
            }
            "default" if entry.is_flag() => self.default = Default::Type,
            "default" => {
                if let Some(value) = entry.value(errors) {
                    self.default = Default::Value(value);
                }
            }
            "default_with" => {
                if let Some(path) = entry.value(errors) {
                    self.default = Default::Made(path);
                }
            }
            "required" => self.required = entry.flag(errors),
            "validate_default" => self.validate_default = entry.flag(errors),
            "title" => self.title = entry.text(errors),
            "description" => self.description = entry.text(errors).map(|text| text.value()),
            "example" => self.examples = entry.value(errors).map(|value| quote!([#value])),
            "examples" => {
                let values = entry.values(errors);
                self.examples = Some(quote!([#(#values),*]));
            }
            "deprecated" => self.deprecated = entry.flag(errors),
            "read_only" => self.read_only = entry.flag(errors),
            "write_only" => self.write_only = entry.flag(errors),
            "secret" => self.secret = entry.flag(errors),
            "validate" => self.validators = validators(entry, errors),
            "validate_before" => self.before = validators(entry, errors),
            "serialize_with" => self.serializer = entry.value(errors),
            "schema_extra" => self.schema_extra = entry.value(errors),
            "extra" => self.extra = entry.flag(errors),
            "skip" => self.skip = entry.flag(errors),
            _ => {
                let known = [KEYS, Constraints::KEYS].concat();
                errors.at(&entry.key, unknown_key(&key, "`#[field(…)]`", &known));
            }
        }
    }

    fn has(&self, key: &str) -> bool {
        self.entry(key).is_some()
    }

    /// The entry of a key, for the place of a mistake.
    pub(crate) fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.key == key)
    }

    fn check(&self, errors: &mut Errors) {
        if let (true, Some(entry)) = (self.has("default"), self.entry("default_with")) {
            errors.at(
                &entry.key,
                "`default` and `default_with` both say what an absent field holds; keep one",
            );
        }
        if let (true, Some(entry)) = (
            self.has("default") || self.has("default_with"),
            self.entry("required"),
        ) {
            errors.at(
                &entry.key,
                "a `required` field is never absent, so a default would never be used; remove one of the two",
            );
        }
        if let (false, Some(entry)) = (
            self.has("default") || self.has("default_with"),
            self.entry("validate_default"),
        ) {
            errors.at(
                &entry.key,
                "`validate_default` checks a default, and there is none; add `default`, or remove this",
            );
        }
        if let (true, Some(entry)) = (self.read_only, self.entry("write_only"))
            && self.write_only
        {
            errors.at(
                &entry.key,
                "a field that is `read_only` and `write_only` would never be on the wire; keep one, or use `skip`",
            );
        }
        if self.read_only && matches!(self.default, Default::None) && option(self.ty).is_none() {
            errors.at(
                self.entry("read_only"),
                "a `read_only` field is not in requests, so it needs something to hold when one is read; add `default`, or make it an `Option`",
            );
        }
        for key in ["extra", "skip"] {
            let alone = match key {
                "skip" => self.entries.iter().all(|entry| {
                    ["skip", "default", "default_with"].contains(&&*entry.key.to_string())
                }),
                _ => self.entries.len() == 1,
            };
            if self.has(key) && !alone {
                errors.at(
                    self.entry(key),
                    format!("a field with `{key}` is no field of the wire, so nothing else can be said of it; remove the other keys"),
                );
            }
        }
    }

    /// Whether the field is read from requests.
    pub(crate) fn is_read(&self) -> bool {
        !self.read_only
    }
}

/// The `T` of a type spelt `Option<T>`.
pub(crate) fn option(ty: &Type) -> Option<&Type> {
    let Type::Path(path) = ty else { return None };
    let segments = &path.path.segments;
    let names: Vec<_> = segments.iter().map(|one| one.ident.to_string()).collect();
    let names: Vec<_> = names.iter().map(String::as_str).collect();
    match (&path.qself, &names[..]) {
        (None, ["Option"] | ["std" | "core", "option", "Option"]) => {}
        _ => return None,
    }
    match &segments.last()?.arguments {
        PathArguments::AngleBracketed(arguments) => match arguments.args.first()? {
            GenericArgument::Type(ty) => Some(ty),
            _ => None,
        },
        _ => None,
    }
}

fn name(entry: &Entry, errors: &mut Errors) -> Option<String> {
    wire_name(&entry.text(errors)?, errors)
}

fn wire_name(text: &LitStr, errors: &mut Errors) -> Option<String> {
    let name = text.value();
    let odd = |character: char| character == '"' || character == '\\' || character.is_control();
    if name.is_empty() || name.contains(odd) {
        errors.at(
            text,
            "a name on the wire needs characters, and none that JSON would escape; use letters, digits, `_` and `-`",
        );
        return None;
    }
    Some(name)
}
