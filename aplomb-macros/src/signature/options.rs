//! What `#[query(…)]` and its sisters say of an argument.

use proc_macro2::TokenStream;
use quote::quote;
use syn::LitStr;

use super::Argument;
use crate::attribute::{self, Entry};
use crate::constraint::Constraints;
use crate::errors::{Errors, unknown_key};

/// The keys that every place knows, besides the limits.
const KEYS: &[&str] = &[
    "alias",
    "validation_alias",
    "default",
    "default_with",
    "required",
    "validate_default",
    "title",
    "description",
    "example",
    "examples",
    "openapi_examples",
    "deprecated",
    "secret",
    "include_in_schema",
    "validate",
    "schema_extra",
];

/// What an absent argument holds.
pub(crate) enum Default {
    /// Nothing said.
    None,
    /// The default of its type.
    Type,
    /// An expression.
    Value(TokenStream),
    /// A function called for each request.
    Made(TokenStream),
}

/// What `#[query(…)]` or a sister says.
pub(crate) struct Options {
    pub(crate) constraints: Constraints,
    pub(crate) alias: Option<LitStr>,
    /// The names it is read under instead, in the order they are looked for.
    pub(crate) validation_alias: Vec<LitStr>,
    pub(crate) default: Default,
    /// Whether an `Option` must be given all the same.
    pub(crate) required: bool,
    /// Whether the default is checked like a value that was sent.
    pub(crate) validate_default: bool,
    pub(crate) title: Option<LitStr>,
    pub(crate) description: Option<LitStr>,
    pub(crate) examples: Option<TokenStream>,
    pub(crate) openapi_examples: Option<TokenStream>,
    pub(crate) schema_extra: Option<TokenStream>,
    pub(crate) media_type: Option<LitStr>,
    pub(crate) validators: Vec<TokenStream>,
    pub(crate) deprecated: bool,
    pub(crate) secret: bool,
    pub(crate) include_in_schema: bool,
    pub(crate) convert_underscores: bool,
    pub(crate) embed: bool,
}

impl Options {
    /// Reads the attribute `place` of an argument.
    pub(crate) fn read(argument: &Argument, place: &str, errors: &mut Errors) -> Self {
        let mut options = Self {
            constraints: Constraints::default(),
            alias: None,
            validation_alias: Vec::new(),
            default: Default::None,
            required: false,
            validate_default: false,
            title: None,
            description: None,
            examples: None,
            openapi_examples: None,
            schema_extra: None,
            media_type: None,
            validators: Vec::new(),
            deprecated: false,
            secret: false,
            include_in_schema: true,
            convert_underscores: true,
            embed: false,
        };
        let known = keys(place);
        let entries = attribute::of(&argument.attributes, place, errors);
        for entry in &entries {
            let key = entry.key.to_string();
            if options.constraints.take(entry, errors) {
                continue;
            }
            if known.contains(&&*key) {
                options.take(&key, entry, errors);
            } else if let Some(elsewhere) = elsewhere(&key) {
                errors.at(&entry.key, elsewhere);
            } else {
                errors.at(
                    &entry.key,
                    unknown_key(&key, &format!("`#[{place}(…)]`"), &known),
                );
            }
        }
        options.constraints.check(errors);
        let given = |key: &str| entries.iter().find(|entry| entry.key == key);
        if let (Some(_), Some(second)) = (given("default"), given("default_with")) {
            errors.at(
                &second.key,
                "`default` and `default_with` both say what an absent argument holds; keep one",
            );
        }
        if let (Some(_), Some(second)) = (
            given("default").or_else(|| given("default_with")),
            given("required"),
        ) {
            errors.at(
                &second.key,
                "a `required` argument is never absent, so a default would never be used; remove one of the two",
            );
        }
        if let (None, Some(entry)) = (
            given("default").or_else(|| given("default_with")),
            given("validate_default"),
        ) {
            errors.at(
                &entry.key,
                "`validate_default` checks a default, and there is none; add `default`, or remove this",
            );
        }
        if let Some(entry) = given("validation_alias")
            && options.validation_alias.len() > 1
            && place == "path"
        {
            errors.at(
                &entry.key,
                "a path names its parameter once, so there is nothing to choose from; keep one name",
            );
        }
        if let Some(entry) = given("default").or_else(|| given("default_with"))
            && place == "path"
        {
            errors.at(
                &entry.key,
                "a path parameter is never absent, so it has no default; remove this",
            );
        }
        if let (Some(_), Some(second)) = (given("example"), given("examples")) {
            errors.at(&second.key, "put all examples in `examples = […]`");
        }
        options
    }

    fn take(&mut self, key: &str, entry: &Entry, errors: &mut Errors) {
        match key {
            "alias" => self.alias = entry.text(errors).filter(|alias| is_name(alias, errors)),
            "validation_alias" => {
                let names = entry.texts(errors).into_iter();
                self.validation_alias = names.filter(|name| is_name(name, errors)).collect();
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
            "description" => self.description = entry.text(errors),
            "example" => self.examples = entry.value(errors).map(|value| quote!([#value])),
            "examples" => {
                let values = entry.values(errors);
                self.examples = Some(quote!([#(#values),*]));
            }
            "openapi_examples" => self.openapi_examples = entry.value(errors),
            "schema_extra" => self.schema_extra = entry.value(errors),
            "media_type" => self.media_type = entry.text(errors),
            "validate" if entry.is_list() => self.validators = entry.values(errors),
            "validate" => self.validators = entry.value(errors).into_iter().collect(),
            "deprecated" => self.deprecated = entry.flag(errors),
            "secret" => self.secret = entry.flag(errors),
            "include_in_schema" => self.include_in_schema = entry.flag(errors),
            "convert_underscores" => self.convert_underscores = entry.flag(errors),
            "embed" => self.embed = entry.flag(errors),
            _ => {}
        }
    }
}

/// All keys of one place.
fn keys(place: &str) -> Vec<&'static str> {
    let own: &[&str] = match place {
        "header" => &["convert_underscores"],
        "body" => &["embed", "media_type"],
        "form" | "file" => &["media_type"],
        _ => &[],
    };
    [KEYS, own, Constraints::KEYS].concat()
}

/// The sentence about a key that belongs to another place.
fn elsewhere(key: &str) -> Option<String> {
    let places = match key {
        "convert_underscores" => "`#[header]`",
        "embed" => "`#[body]`",
        "media_type" => "`#[body]`, `#[form]` and `#[file]`",
        _ => return None,
    };
    Some(format!("`{key}` is for {places} only; remove it"))
}

fn is_name(alias: &LitStr, errors: &mut Errors) -> bool {
    let fine = !alias.value().is_empty() && !alias.value().contains(char::is_control);
    if !fine {
        errors.at(
            alias,
            "a name on the wire needs characters, and no control characters",
        );
    }
    fine
}
