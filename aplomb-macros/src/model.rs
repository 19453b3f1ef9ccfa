//! `#[derive(Model)]`: parse the declaration, check it, write the implementations.

mod case;
mod container;
mod emit;
mod enumeration;
mod field;
mod newtype;
mod structure;
mod union;

use proc_macro2::TokenStream;
use syn::{Data, DeriveInput, Fields, GenericParam};

use crate::errors::Errors;
use container::{Container, Shape};

/// The implementations for a declaration, or its mistakes.
pub(crate) fn derive(input: &DeriveInput) -> TokenStream {
    let mut errors = Errors::default();
    check_generics(input, &mut errors);
    let container = Container::read(input, &mut errors);
    let tokens = match &input.data {
        Data::Struct(data) => match &data.fields {
            Fields::Named(fields) => {
                container.refuse_unless(Shape::Structure, &mut errors);
                structure::derive(&container, &fields.named, &mut errors)
            }
            Fields::Unnamed(fields) if !fields.unnamed.is_empty() => {
                container.refuse_unless(Shape::Newtype, &mut errors);
                newtype::derive(&container, &fields.unnamed, &mut errors)
            }
            Fields::Unnamed(_) | Fields::Unit => {
                errors.at(
                    &input.ident,
                    format!(
                        "`{0}` has no fields, so there is nothing to read or write; write `struct {0} {{}}` for an empty object",
                        input.ident
                    ),
                );
                TokenStream::new()
            }
        },
        Data::Enum(data) => {
            if enumeration::is_enumeration(data) {
                container.refuse_unless(Shape::Enumeration, &mut errors);
                enumeration::derive(&container, data, &mut errors)
            } else {
                container.refuse_unless(Shape::Union, &mut errors);
                union::derive(&container, data, &mut errors)
            }
        }
        Data::Union(data) => {
            errors.at(
                data.union_token,
                "a `union` cannot be a model, because nothing tells which field it holds; use an `enum`",
            );
            TokenStream::new()
        }
    };
    if errors.is_empty() {
        return tokens;
    }
    let mut mistakes = errors.into_tokens();
    // A model owns what it holds, so a type with a lifetime can be none, not even for now.
    if input.generics.lifetimes().next().is_none() {
        mistakes.extend(container.stand_in());
    }
    mistakes
}

fn check_generics(input: &DeriveInput, errors: &mut Errors) {
    for parameter in &input.generics.params {
        match parameter {
            GenericParam::Lifetime(lifetime) => errors.at(
                lifetime,
                "a model owns what it holds, because a request is gone before its answer; use `String` for `&str`, `Vec<T>` for `&[T]`",
            ),
            GenericParam::Const(parameter) => errors.at(
                &parameter.ident,
                "a model cannot have const parameters, because its schema could not be named; use a type parameter or a plain number",
            ),
            GenericParam::Type(_) => {}
        }
    }
}
