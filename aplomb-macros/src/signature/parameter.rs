//! One argument as the expansion declares it: a `static` that describes it and takes it.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned as _;

use super::argument::PLACES;
use super::options::{Default, Options};
use super::{Argument, Bindings, placed};
use crate::attribute;
use crate::errors::{Errors, unknown_key};

/// One argument with what is said of it.
pub(crate) struct Parameter<'a> {
    pub(crate) argument: &'a Argument,
    /// The word of its place, where the attribute or the path template says it.
    pub(crate) place: Option<&'static str>,
    /// The name in the code.
    pub(crate) name: String,
    /// The name on the wire.
    pub(crate) alias: String,
    options: Option<Options>,
    no_cache: bool,
    /// What `#[security(scopes(…))]` lists.
    scopes: Vec<TokenStream>,
}

impl<'a> Parameter<'a> {
    /// Reads an argument; `path` are the names of the path template.
    pub(crate) fn read(argument: &'a Argument, path: &[String], errors: &mut Errors) -> Self {
        let said = argument.place().and_then(|attribute| {
            PLACES
                .iter()
                .copied()
                .find(|place| attribute.path().is_ident(place))
        });
        let options = said.map(|place| Options::read(argument, place, errors));
        let name = argument.plain_name();
        let alias = options.as_ref().and_then(|options| {
            let narrower = options.validation_alias.first();
            narrower.or(options.alias.as_ref())
        });
        let alias = match (alias, said, &options) {
            (Some(alias), ..) => alias.value(),
            (None, Some("header"), Some(options)) if options.convert_underscores => {
                name.replace('_', "-")
            }
            _ => name.clone(),
        };
        if let Some(place) = said
            && place != "path"
            && path.contains(&name)
        {
            errors.at(
                argument.place(),
                format!("`{name}` is named in the path, so it comes from there; write `#[path]` for `#[{place}]`, or rename one of the two"),
            );
        }
        let no_cache = depends(argument, errors);
        let scopes = security(argument, errors);
        if let (true, Some(place)) = (no_cache || !scopes.is_empty(), said) {
            errors.at(
                argument.place(),
                format!("a dependency does not come from the request; remove `#[{place}]`"),
            );
        }
        Self {
            argument,
            place: said.or_else(|| path.contains(&name).then_some("path")),
            name,
            alias,
            options,
            no_cache,
            scopes,
        }
    }

    /// The name of its `static`.
    pub(crate) fn ident(&self, index: usize) -> Ident {
        Ident::new(&format!("__ARGUMENT_{index}"), self.at())
    }

    /// Where mistakes of its type are shown.
    pub(crate) fn at(&self) -> Span {
        self.argument.ty.span()
    }

    /// Its `static`, and what is checked about it.
    pub(crate) fn declare(&self, index: usize, library: &TokenStream) -> TokenStream {
        let ident = self.ident(index);
        let ty = &self.argument.ty;
        let name = &self.name;
        let at = self.at();
        let here = placed(library, at);
        let new = match self.place {
            Some("file") => {
                quote_spanned!(at=> #here::__private::argument_file::<#ty>(#name))
            }
            Some(place) => {
                let place = place_variant(place);
                quote_spanned!(at=> #here::__private::argument_at::<#ty>(#name, #here::model::Place::#place))
            }
            None => quote_spanned!(at=> #here::__private::argument::<#ty>(#name)),
        };
        let changes = self.changes(library);
        let value = if changes.is_empty() {
            new
        } else {
            let default = self.default(library);
            quote!({
                #default
                let mut binding = #new;
                #changes
                binding
            })
        };
        quote_spanned! {at=>
            static #ident: #here::__private::Binding<#ty> = #value;
        }
    }

    /// The function that makes the default.
    fn default(&self, library: &TokenStream) -> TokenStream {
        let ty = &self.argument.ty;
        let value = match self.options.as_ref().map(|options| &options.default) {
            Some(Default::Type) => {
                quote_spanned!(ty.span()=> <#ty as ::core::default::Default>::default())
            }
            Some(Default::Value(value)) => {
                let library = placed(library, value.span());
                quote_spanned!(value.span()=> #library::__private::DefaultFor::<#ty>::convert(#value))
            }
            Some(Default::Made(path)) => quote_spanned!(path.span()=> (#path)()),
            Some(Default::None) | None => return TokenStream::new(),
        };
        quote!(fn __default() -> #ty { #value })
    }

    /// What differs from a plain argument of its type.
    fn changes(&self, library: &TokenStream) -> TokenStream {
        let some = quote!(::core::option::Option::Some);
        let mut changes = TokenStream::new();
        if self.alias != self.name {
            let alias = &self.alias;
            changes.extend(quote! {
                binding.parameter.field.alias = #alias;
                binding.parameter.field.serialization_alias = #alias;
            });
        }
        if self.no_cache {
            changes.extend(quote!(binding.parameter.no_cache = true;));
        }
        if !self.scopes.is_empty() {
            let scopes = &self.scopes;
            changes.extend(quote!(binding.parameter.scopes = &[#(#scopes),*];));
        }
        let description = match self
            .options
            .as_ref()
            .and_then(|options| options.description.as_ref())
        {
            Some(description) => Some(description.value()),
            None => self.argument.description.clone(),
        };
        // An empty one keeps a doc comment out of the document.
        if let Some(description) = description.filter(|text| !text.is_empty()) {
            changes.extend(quote!(binding.parameter.field.description = #some(#description);));
        }
        let Some(options) = &self.options else {
            return changes;
        };
        if let [_, choices @ ..] = &options.validation_alias[..]
            && !choices.is_empty()
        {
            changes.extend(quote!(binding.parameter.field.aliases = &[#(#choices),*];));
        }
        if !options.constraints.is_empty() {
            let constraints = options.constraints.tokens(library);
            changes.extend(quote!(binding.parameter.field.constraints = #constraints;));
        }
        if let Some(title) = &options.title {
            changes.extend(quote!(binding.parameter.field.title = #some(#title);));
        }
        if let Some(examples) = &options.examples {
            let examples = list(examples, library);
            changes.extend(quote!(binding.parameter.field.examples = #some(#examples);));
        }
        if let Some(extra) = &options.schema_extra {
            let extra = object(extra, library);
            changes.extend(quote!(binding.parameter.field.schema_extra = #some(#extra);));
        }
        if let Some(examples) = &options.openapi_examples {
            let examples = object(examples, library);
            changes.extend(quote!(binding.parameter.openapi_examples = #some(#examples);));
        }
        if let Some(media_type) = &options.media_type {
            changes.extend(quote!(binding.parameter.media_type = #some(#media_type);));
        }
        for (on, key, value) in [
            (options.deprecated, quote!(field.deprecated), true),
            (options.secret, quote!(field.secret), true),
            (options.embed, quote!(embed), true),
            (
                options.validate_default,
                quote!(field.validate_default),
                true,
            ),
            (!options.include_in_schema, quote!(include_in_schema), false),
            (
                !options.convert_underscores,
                quote!(convert_underscores),
                false,
            ),
        ] {
            if on {
                changes.extend(quote!(binding.parameter.#key = #value;));
            }
        }
        changes.extend(match &options.default {
            Default::None if options.required => quote! {
                binding.parameter.field.required = true;
            },
            Default::None => TokenStream::new(),
            Default::Made(_) => quote! {
                binding.default = #some(__default);
                binding.parameter.field.required = false;
                binding.parameter.field.default =
                    #library::model::Default::Made(|| #library::__private::shown(&__default()));
            },
            Default::Type | Default::Value(_) => quote! {
                binding.default = #some(__default);
                binding.parameter.field.required = false;
                binding.parameter.field.default =
                    #library::model::Default::Shown(|| #library::__private::shown(&__default()));
            },
        });
        changes
    }

    /// The expression that takes it from the request.
    pub(crate) fn take(&self, index: usize, library: &TokenStream) -> TokenStream {
        let ident = self.ident(index);
        let binder = Bindings::binder();
        let mut take = quote_spanned!(self.at()=> #ident.take(#binder, &__PARAMETERS[#index]));
        let validators = self.options.iter().flat_map(|options| &options.validators);
        for validator in validators {
            let library = placed(library, validator.span());
            take = quote_spanned! {validator.span()=>
                #library::__private::checked(#take, #binder, &__PARAMETERS[#index], &#validator)
            };
        }
        take
    }

    /// What only the compiler can check, since it knows the type: whether the limits fit it, and
    /// whether it is a dependency where scopes are asked for.
    pub(crate) fn check(&self, index: usize, library: &TokenStream) -> Option<TokenStream> {
        if !self.scopes.is_empty() {
            let ident = self.ident(index);
            let library = placed(library, self.at());
            return Some(quote_spanned! {self.at()=>
                const _: () = #library::__private::require_dependency(&#ident.parameter);
            });
        }
        let constraints = &self.options.as_ref()?.constraints;
        let at = constraints.span();
        let ident = Ident::new(&self.ident(index).to_string(), at);
        (!constraints.is_empty())
            .then(|| quote_spanned!(at=> const _: () = #ident.assert_limits();))
    }
}

/// Reads `#[depends(no_cache)]`.
fn depends(argument: &Argument, errors: &mut Errors) -> bool {
    let mut no_cache = false;
    for entry in attribute::of(&argument.attributes, "depends", errors) {
        let key = entry.key.to_string();
        if key == "no_cache" {
            no_cache = entry.flag(errors);
        } else if key == "scopes" {
            errors.at(&entry, "scopes are asked for with `#[security(scopes(…))]`");
        } else {
            errors.at(
                &entry.key,
                unknown_key(&key, "`#[depends(…)]`", &["no_cache"]),
            );
        }
    }
    no_cache
}

/// Reads `#[security(scopes("a", "b"))]`.
fn security(argument: &Argument, errors: &mut Errors) -> Vec<TokenStream> {
    let mut scopes = Vec::new();
    for attribute in &argument.attributes {
        if attribute.path().is_ident("security")
            && !matches!(&attribute.meta, syn::Meta::List(list) if !list.tokens.is_empty())
        {
            errors.at(
                attribute,
                "say which scopes are asked for: `#[security(scopes(\"items\"))]`",
            );
        }
    }
    for entry in attribute::of(&argument.attributes, "security", errors) {
        let key = entry.key.to_string();
        if key == "scopes" {
            scopes = entry.values(errors);
            if scopes.is_empty() && entry.is_list() {
                errors.at(
                    &entry,
                    "name at least one scope: `#[security(scopes(\"items\"))]`; without any, `Depends` alone does the same",
                );
            }
        } else {
            errors.at(
                &entry.key,
                unknown_key(&key, "`#[security(…)]`", &["scopes"]),
            );
        }
    }
    scopes
}

fn place_variant(place: &str) -> Ident {
    let name = match place {
        "path" => "Path",
        "query" => "Query",
        "header" => "Header",
        "cookie" => "Cookie",
        "form" => "Form",
        _ => "Body",
    };
    Ident::new(name, Span::mixed_site())
}

/// A function that makes a list of JSON values.
fn list(values: &TokenStream, library: &TokenStream) -> TokenStream {
    quote!(|| #library::__private::list(#library::__private::serde_json::json!(#values)))
}

/// A function that makes a JSON object.
pub(crate) fn object(value: &TokenStream, library: &TokenStream) -> TokenStream {
    quote!(|| #library::__private::object(#library::__private::serde_json::json!(#value)))
}
