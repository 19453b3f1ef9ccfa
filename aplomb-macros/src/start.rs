//! `#[main]`: a program that runs on the runtime of the service.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::LitStr;

use crate::attribute;
use crate::errors::{Errors, unknown_key};
use crate::signature::Signature;

/// What `#[main]` makes of `async fn main`.
pub(crate) fn expand(attribute: TokenStream, item: &TokenStream) -> TokenStream {
    let signature: Signature = match syn::parse2(item.clone()) {
        Ok(signature) => signature,
        Err(error) => {
            let error = error.into_compile_error();
            return quote!(#item #error);
        }
    };
    let mut errors = Errors::default();
    let mut library = quote!(::aplomb);
    for entry in attribute::entries(attribute, &mut errors) {
        let key = entry.key.to_string();
        if key != "crate" {
            errors.at(&entry.key, unknown_key(&key, "`#[main]`", &["crate"]));
        } else if let Some(path) = entry.value(&mut errors) {
            library = match syn::parse2::<LitStr>(path.clone()) {
                Ok(text) => errors.ok(text.parse()).unwrap_or(path),
                Err(_) => path,
            };
        }
    }
    if signature.plain_name() != "main" {
        errors.at(
            &signature.name,
            "a program begins in `main`; call this function `main`",
        );
    }
    if !signature.is_async {
        errors.at(
            &signature.name,
            "`#[main]` starts the runtime for an `async fn main`; write `async`, or remove the attribute",
        );
    }
    for argument in &signature.arguments {
        errors.at(argument, "`main` takes no arguments; remove this");
    }
    let main = format_ident!("main", span = signature.name.span());
    if !errors.is_empty() {
        let errors = errors.into_tokens();
        return quote!(fn #main() {} #errors);
    }
    quote! {
        fn #main() -> ::std::process::ExitCode {
            #signature
            #library::__private::block_on_main(main())
        }
    }
}
