//! The attributes and the derive of aplomb.

mod attribute;
mod constraint;
mod doc;
mod errors;
mod model;

use proc_macro::TokenStream;

/// Makes a type a [`Model`](trait@Model).
#[proc_macro_derive(Model, attributes(model, field))]
pub fn derive_model(input: TokenStream) -> TokenStream {
    let input = syn::parse_macro_input!(input as syn::DeriveInput);
    model::derive(&input).into()
}
