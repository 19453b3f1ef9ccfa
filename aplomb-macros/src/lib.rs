//! The attributes and the derive of aplomb.

mod attribute;
mod constraint;
mod dependency;
mod doc;
mod errors;
mod model;
mod operation;
mod signature;
mod start;

use proc_macro::TokenStream;

#[allow(missing_docs, reason = "documented where it is exported")]
#[proc_macro_derive(Model, attributes(model, field))]
pub fn derive_model(input: TokenStream) -> TokenStream {
    let input = syn::parse_macro_input!(input as syn::DeriveInput);
    model::derive(&input).into()
}

macro_rules! methods {
    ($($(#[$attribute:meta])* $name:ident)*) => {
        $(
            $(#[$attribute])*
            #[proc_macro_attribute]
            pub fn $name(attribute: TokenStream, item: TokenStream) -> TokenStream {
                operation::expand(stringify!($name), attribute.into(), &item.into()).into()
            }
        )*
    };
}

methods! {
    // Documented where the library re-exports it, since the examples need the library.
    #[allow(missing_docs)]
    get
    /// Answers POST requests by this function; the keys are those of [`macro@get`].
    post
    /// Answers PUT requests by this function; the keys are those of [`macro@get`].
    put
    /// Answers PATCH requests by this function; the keys are those of [`macro@get`].
    patch
    /// Answers DELETE requests by this function; the keys are those of [`macro@get`].
    delete
    /// Answers HEAD requests by this function; the keys are those of [`macro@get`].
    head
    /// Answers OPTIONS requests by this function; the keys are those of [`macro@get`].
    options
    /// Answers TRACE requests by this function; the keys are those of [`macro@get`].
    trace
    /// Answers requests of several methods by this function: `#[route("/path", methods = ["GET",
    /// "POST"])]`; the other keys are those of [`macro@get`].
    route
    /// Makes a WebSocket of this `async` function, which takes a `WebSocket`: `#[websocket("/path")]`.
    ///
    /// Its other arguments are those of [`macro@get`], without a body. Further keys: `dependencies`
    /// (run first, results unused), `name` (other than the function's) and `crate`.
    websocket
}

#[doc = include_str!("dependency.md")]
#[proc_macro_attribute]
pub fn dependency(attribute: TokenStream, item: TokenStream) -> TokenStream {
    dependency::expand(attribute.into(), &item.into()).into()
}

#[doc = include_str!("security.md")]
#[proc_macro_attribute]
pub fn security(attribute: TokenStream, item: TokenStream) -> TokenStream {
    dependency::expand_security(attribute.into(), &item.into()).into()
}

#[allow(missing_docs)]
#[proc_macro_attribute]
pub fn main(attribute: TokenStream, item: TokenStream) -> TokenStream {
    start::expand(attribute.into(), &item.into()).into()
}
