//! `#[security]`: a function that makes a security scheme, as a dependency on its credentials.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned as _;

use super::{Settings, check_attributes, marker, stub};
use crate::errors::Errors;
use crate::signature::{Signature, placed};

/// What `#[security]` makes of a function.
pub(crate) fn expand(attribute: TokenStream, item: &TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let settings = Settings::read("security", attribute, &mut errors);
    let mut signature: Signature = match syn::parse2(item.clone()) {
        Ok(signature) => signature,
        Err(error) => {
            errors.push(error);
            let errors = errors.into_tokens();
            return quote!(#item #errors);
        }
    };
    signature.check("security scheme", &mut errors);
    check_attributes("security", &mut signature.attributes, &mut errors);
    check(&signature, &mut errors);
    let library = &settings.library;
    let name = &signature.name;
    let conditions = signature.conditions();
    let marker = marker(&conditions, &signature.visibility, name, "security scheme");
    if !errors.is_empty() {
        let errors = errors.into_tokens();
        let stub = stub(&conditions, name, &quote!(()), library);
        return quote!(#signature #marker #stub #errors);
    }
    let scheme = signature.output();
    let at = signature
        .output_type()
        .map_or_else(|| name.span(), |ty| ty.span());
    let here = placed(library, at);
    let output = quote_spanned!(at=> <#scheme as #here::security::Security>::Output);
    let text = signature.plain_name();
    let definition =
        quote_spanned!(at=> #here::security::definition::<Self, #scheme>(#text, &SCHEME));
    quote! {
        #signature
        #marker
        #(#conditions)*
        #[allow(deprecated, clippy::all, clippy::pedantic)]
        const _: () = {
            static SCHEME: ::std::sync::LazyLock<#scheme> = ::std::sync::LazyLock::new(#name);
            #[diagnostic::do_not_recommend]
            impl #library::depends::Dependency for #name {
                type Output = #output;
                fn definition() -> #library::depends::DependencyDefinition {
                    let mut definition = #definition;
                    definition.security = ::core::option::Option::Some(|| {
                        #library::security::Security::describe(&*SCHEME)
                    });
                    definition
                }
            }
        };
    }
}

fn check(signature: &Signature, errors: &mut Errors) {
    if signature.is_async {
        errors.at(
            &signature.name,
            "a security scheme is made once, at the start; make this a plain `fn`",
        );
    }
    if let Some(argument) = signature.arguments.first() {
        errors.at(
            argument,
            "a security scheme is made once, at the start, without a request; check credentials in a `#[dependency]` that takes `Depends` of this",
        );
    }
    if signature.output_type().is_none() {
        errors.at(
            &signature.name,
            "return the scheme: `fn oauth2() -> OAuth2PasswordBearer { OAuth2PasswordBearer::new(\"token\") }`",
        );
    }
}
