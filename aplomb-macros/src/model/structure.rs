//! Structs with named fields: objects on the wire.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::punctuated::Punctuated;
use syn::{LitStr, Token};

use super::container::{Computed, Container, Extra};
use super::field::Field;
use crate::errors::Errors;

mod check;
mod reader;
mod table;
mod writer;

pub(crate) use writer::quoted;

/// A struct, checked.
struct Structure<'a> {
    container: &'a Container<'a>,
    fields: Vec<Field<'a>>,
    extra: Extra,
}

pub(crate) fn derive(
    container: &Container<'_>,
    fields: &Punctuated<syn::Field, Token![,]>,
    errors: &mut Errors,
) -> TokenStream {
    let fields: Vec<_> = fields
        .iter()
        .map(|field| Field::read(field, container, errors))
        .collect();
    let rest = fields.iter().any(|field| field.extra);
    let structure = Structure {
        container,
        extra: match container.extra {
            None if rest => Extra::Allow,
            said => said.unwrap_or(Extra::Ignore),
        },
        fields,
    };
    structure.check(errors);
    let checks = structure.fields.iter().map(|field| container.proof(field));
    let members = [
        structure.read(),
        structure.validate(),
        structure.write(),
        structure.dump(),
        structure.schema(),
        container.label(),
        structure.table(),
        structure.merge(),
    ];
    let library = &container.library;
    container.implement(
        &quote!(#(#checks)*),
        &quote! {
            const PLACE: #library::model::Place = #library::model::Place::Body;
            const OBJECT: bool = true;
            #(#members)*
        },
    )
}

impl<'a> Structure<'a> {
    /// The fields of the wire.
    fn wire(&self) -> impl Iterator<Item = &Field<'a>> {
        self.fields
            .iter()
            .filter(|field| !field.extra && !field.skip)
    }

    fn constants(&self) -> &[(String, LitStr)] {
        &self.container.constants
    }

    fn computed(&self) -> impl Iterator<Item = (&Computed, String)> {
        self.container.computed.iter().map(|computed| {
            let name = syn::ext::IdentExt::unraw(&computed.name).to_string();
            (computed, self.container.case.apply(&name))
        })
    }

    /// The field that keeps unknown members.
    fn rest(&self) -> Option<&Ident> {
        self.fields
            .iter()
            .find(|field| field.extra)
            .and_then(|field| field.ident)
    }

    /// `merge`: a partial update.
    fn merge(&self) -> TokenStream {
        let fields = self.wire().filter(|field| field.is_read()).map(|field| {
            let (ident, name) = (field.ident, &field.name);
            quote! {
                if set(#name) {
                    ::core::mem::swap(&mut self.#ident, &mut other.#ident);
                }
            }
        });
        let rest = self
            .rest()
            .map(|rest| quote!(self.#rest.extend(::core::mem::take(&mut other.#rest));));
        quote! {
            #[allow(unused_mut, unused_variables)]
            fn merge(&mut self, mut other: Self, set: &dyn ::core::ops::Fn(&str) -> bool) {
                #(#fields)*
                #rest
            }
        }
    }
}
