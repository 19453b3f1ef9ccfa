//! A struct of arguments as a dependency, which gives itself.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Attribute, Data, DeriveInput, Field, Fields};

use super::{Settings, stub};
use crate::errors::Errors;
use crate::signature::{Bindings, DEPENDENCY, PLACES, Signature};

/// What `#[dependency]` makes of a struct.
pub(super) fn expand(group: &DeriveInput, settings: &Settings, mut errors: Errors) -> TokenStream {
    let library = &settings.library;
    let name = &group.ident;
    let conditions: Vec<&Attribute> = group
        .attrs
        .iter()
        .filter(|attribute| attribute.path().is_ident("cfg"))
        .collect();
    if !group.generics.params.is_empty() {
        errors.at(
            &group.generics,
            "a dependency cannot be generic, because it is known by its name alone; write the types out",
        );
    }
    if let Some(scope) = &settings.scope {
        errors.at(
            scope,
            "a struct has nothing to clean up; put the scope on the function that does",
        );
    }
    let fields = fields(group, &mut errors);
    let clean = without_attributes(group);
    let signature = signature(group, &fields, &mut errors);
    let bindings = signature.as_ref().map(|signature| {
        signature.check("dependency", &mut errors);
        Bindings::read(signature, &[], &mut errors)
    });
    let Some(bindings) = bindings.filter(|_| errors.is_empty()) else {
        let errors = errors.into_tokens();
        let plain = group.generics.params.is_empty();
        let stub = plain.then(|| stub(&conditions, name, &quote!(Self), library));
        return quote!(#clean #stub #errors);
    };
    let declared = bindings.declare(library);
    let take = bindings.take(library);
    let locals = bindings.locals();
    let members = fields.iter().filter_map(|field| field.ident.as_ref());
    let text = name.to_string();
    let binder = Bindings::binder();
    quote! {
        #clean
        #(#conditions)*
        #[allow(deprecated, clippy::all, clippy::pedantic)]
        const _: () = {
            #declared
            fn __bind(
                #binder: &mut #library::operation::Binder<'_>,
            ) -> ::core::option::Option<#library::depends::DependencyFuture> {
                #take
                let group = #name { #(#members: #locals),* };
                ::core::option::Option::Some(#library::depends::share(::core::future::ready(group)))
            }
            #[diagnostic::do_not_recommend]
            impl #library::depends::Dependency for #name {
                type Output = Self;
                fn definition() -> #library::depends::DependencyDefinition {
                    #library::depends::DependencyDefinition::new::<Self>(#text, &__PARAMETERS, __bind)
                }
            }
        };
    }
}

fn fields<'g>(group: &'g DeriveInput, errors: &mut Errors) -> Vec<&'g Field> {
    match &group.data {
        Data::Struct(data) => match &data.fields {
            Fields::Named(fields) => return fields.named.iter().collect(),
            Fields::Unnamed(_) | Fields::Unit => errors.at(
                &group.ident,
                "the fields of a dependency are arguments and need names: `struct Page { skip: u64 }`",
            ),
        },
        Data::Enum(_) | Data::Union(_) => errors.at(
            &group.ident,
            "a dependency is a function or a struct whose fields are arguments",
        ),
    }
    Vec::new()
}

fn is_ours(attribute: &Attribute) -> bool {
    PLACES
        .iter()
        .chain(DEPENDENCY)
        .any(|name| attribute.path().is_ident(name))
}

/// The struct as the compiler is to see it.
fn without_attributes(group: &DeriveInput) -> DeriveInput {
    let mut group = group.clone();
    if let Data::Struct(data) = &mut group.data {
        for field in &mut data.fields {
            field.attrs.retain(|attribute| !is_ours(attribute));
        }
    }
    group
}

/// The function that would take the fields as arguments.
fn signature(group: &DeriveInput, fields: &[&Field], errors: &mut Errors) -> Option<Signature> {
    let name = &group.ident;
    let arguments = fields.iter().map(|field| {
        let Field {
            attrs, ident, ty, ..
        } = field;
        let attributes = attrs
            .iter()
            .filter(|attribute| is_ours(attribute) || attribute.path().is_ident("doc"));
        quote!(#(#attributes)* #ident: #ty)
    });
    errors.ok(syn::parse2(quote!(fn #name(#(#arguments),*) {})))
}
