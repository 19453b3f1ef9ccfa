//! `#[dependency]` and `#[security]`: a function, or a struct of arguments, as a dependency.

mod function;
mod group;
mod security;

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::{Attribute, LitStr, Visibility};

use crate::attribute;
use crate::errors::{Errors, unknown_key};
use crate::signature::Signature;

pub(crate) use security::expand as expand_security;

/// The attributes of ours that make something of a function; each also makes a type of its name.
const ATTRIBUTES: &[&str] = &[
    "dependency",
    "security",
    "get",
    "post",
    "put",
    "patch",
    "delete",
    "head",
    "options",
    "trace",
    "route",
    "websocket",
];

/// What `#[dependency(…)]` makes of a function or struct.
pub(crate) fn expand(attribute: TokenStream, item: &TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let settings = Settings::read("dependency", attribute, &mut errors);
    if let Ok(mut group) = syn::parse2::<syn::DeriveInput>(item.clone()) {
        check_attributes("dependency", &mut group.attrs, &mut errors);
        return group::expand(&group, &settings, errors);
    }
    match syn::parse2::<Signature>(item.clone()) {
        Ok(mut signature) => {
            check_attributes("dependency", &mut signature.attributes, &mut errors);
            function::expand(&signature, &settings, errors)
        }
        Err(error) => {
            errors.push(error);
            let errors = errors.into_tokens();
            quote!(#item #errors)
        }
    }
}

/// The keys of `#[dependency(…)]`.
struct Settings {
    /// The path to the library.
    library: TokenStream,
    /// The variant of `CleanupScope`, where one is named.
    scope: Option<Ident>,
}

impl Settings {
    fn read(name: &str, attribute: TokenStream, errors: &mut Errors) -> Self {
        let mut settings = Self {
            library: quote!(::aplomb),
            scope: None,
        };
        let known: &[&str] = match name {
            "dependency" => &["scope", "crate"],
            _ => &["crate"],
        };
        for entry in attribute::entries(attribute, errors) {
            let key = entry.key.to_string();
            match key.as_str() {
                "crate" => {
                    if let Some(path) = entry.value(errors) {
                        settings.library = path;
                    }
                }
                "scope" if name == "dependency" => {
                    settings.scope = entry.text(errors).and_then(|text| scope(&text, errors));
                }
                _ => errors.at(
                    &entry.key,
                    unknown_key(&key, &format!("`#[{name}(…)]`"), known),
                ),
            }
        }
        settings
    }
}

fn scope(text: &LitStr, errors: &mut Errors) -> Option<Ident> {
    match text.value().as_str() {
        "function" => Some(Ident::new("Function", text.span())),
        "request" => Some(Ident::new("Request", text.span())),
        other => {
            errors.at(
                text,
                format!(
                    "no scope is called `{other}`: `\"function\"` cleans up before the response is sent, `\"request\"` after it"
                ),
            );
            None
        }
    }
}

/// Refuses a second attribute of ours, and takes it off so that it does not complain as well.
fn check_attributes(name: &str, attributes: &mut Vec<Attribute>, errors: &mut Errors) {
    attributes.retain(|attribute| {
        let Some(last) = attribute.path().segments.last() else {
            return true;
        };
        let other = last.ident.to_string();
        let ours = ATTRIBUTES.contains(&&*other);
        if ours {
            errors.at(
                attribute,
                format!(
                    "this is already `#[{name}]`, which makes a type of its name; put `#[{other}]` on a function of its own"
                ),
            );
        }
        !ours
    });
}

/// The type that goes by the function's name.
fn marker(
    conditions: &[&Attribute],
    visibility: &Visibility,
    name: &Ident,
    what: &str,
) -> TokenStream {
    let text = format!("The {what} [`{name}`](fn@{name}).");
    quote! {
        #(#conditions)*
        #[allow(non_camel_case_types, dead_code, missing_debug_implementations, missing_copy_implementations, unreachable_pub)]
        #[doc = #text]
        #visibility struct #name {}
    }
}

/// What stands for a dependency with mistakes, so that nobody else complains that it is missing.
fn stub(
    conditions: &[&Attribute],
    name: &Ident,
    output: &TokenStream,
    library: &TokenStream,
) -> TokenStream {
    quote! {
        #(#conditions)*
        impl #library::depends::Dependency for #name {
            type Output = #output;
            fn definition() -> #library::depends::DependencyDefinition {
                loop {}
            }
        }
    }
}
