//! Tuple structs: a type of its own that is, on the wire, what it holds.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::punctuated::Punctuated;
use syn::{Index, Token};

use super::container::Container;
use super::field::Field;
use crate::constraint::Constraints;
use crate::errors::Errors;

pub(crate) fn derive(
    container: &Container<'_>,
    fields: &Punctuated<syn::Field, Token![,]>,
    errors: &mut Errors,
) -> TokenStream {
    let fields: Vec<_> = fields
        .iter()
        .map(|field| Field::read(field, container, errors))
        .collect();
    let several = fields.len() > 1;
    for entry in fields.iter().flat_map(|field| &field.entries) {
        let key = entry.key.to_string();
        let limit = ["validate", "validate_before"].contains(&&*key)
            || Constraints::KEYS.contains(&key.as_str());
        if several {
            errors.at(
                &entry.key,
                "the items of a tuple struct have no limits of their own; wrap the item in a tuple struct that holds it alone",
            );
        } else if !limit {
            errors.at(
                &entry.key,
                format!("`{key}` belongs on a field of this type; here only limits and validators mean something"),
            );
        }
    }
    let checks = fields.iter().map(|field| container.proof(field));
    container.implement(&quote!(#(#checks)*), &emit(container, &fields))
}

fn emit(container: &Container<'_>, fields: &[Field<'_>]) -> TokenStream {
    let library = &container.library;
    let private = container.private();
    let refused = quote!(#library::json::Refused);
    let types: Vec<_> = fields.iter().map(|field| field.ty).collect();
    let inner = match &types[..] {
        [only] => quote!(#only),
        _ => quote!((#(#types),*)),
    };
    let locals: Vec<_> = (0..fields.len())
        .map(|index| format_ident!("__item_{index}"))
        .collect();
    let indexes: Vec<_> = (0..fields.len()).map(Index::from).collect();
    let pattern = match &locals[..] {
        [only] => quote!(#only),
        _ => quote!((#(#locals),*)),
    };
    let limits = fields
        .iter()
        .find(|field| !field.constraints.is_empty())
        .map(|field| {
            let own = field.constraints.tokens(library);
            quote!(let constraints = &constraints.or(#own);)
        });
    // A validator on the one item comes before those on the type.
    let on_item = fields
        .iter()
        .find(|field| !field.validators.is_empty())
        .map(|field| container.check(&inner, &field.validators));
    let on_type = (!container.validators.is_empty())
        .then(|| container.check(&quote!(Self), &container.validators));
    let check_item = on_item.map_or_else(
        || quote!(::core::result::Result::<#inner, #library::model::Invalid>::Ok(__inner)),
        |check| quote!((#check)(__inner)),
    );
    let check_type = on_type.map(|check| quote!(.and_then(#check)));
    let checked = quote! {
        #check_item.map(|#pattern| Self(#(#locals),*))#check_type
    };
    let before = fields.iter().find(|field| !field.before.is_empty());
    let fast = |read: &TokenStream, source: &TokenStream| match before {
        // The complete reader has what was sent as a value.
        Some(_) => quote! {
            let _ = (#source, constraints);
            ::core::result::Result::Err(#refused)
        },
        None => quote! {
            #limits
            let __inner = <#inner as #library::Model>::#read(#source, constraints)?;
            #checked.map_err(|_| #refused)
        },
    };
    let read = fast(&quote!(read), &quote!(reader));
    let read_as_text = fast(&quote!(read_text), &quote!(text));
    let before = before.map(|field| field.before(library));
    let (write, dump) = match &indexes[..] {
        [_] => (
            quote!(#library::Model::write(&self.0, writer);),
            quote!(#library::Model::dump(&self.0, options)),
        ),
        _ => {
            let marks = std::iter::once("[").chain(std::iter::repeat(","));
            let items = indexes.iter().zip(marks).map(|(index, mark)| {
                quote! {
                    writer.raw(#mark);
                    #library::Model::write(&self.#index, writer);
                }
            });
            (
                quote!(#(#items)* writer.raw("]");),
                quote! {
                    #library::json::Value::Array(::std::vec![
                        #(#library::Model::dump(&self.#indexes, options)),*
                    ])
                },
            )
        }
    };
    let (items, merge) = match &indexes[..] {
        [_] => (
            quote! {
                fn fields() -> &'static [#library::model::Field] {
                    <#inner as #library::Model>::fields()
                }

                fn structures() -> ::std::vec::Vec<#library::model::Structure> {
                    <#inner as #library::Model>::structures()
                }
            },
            quote! {
                fn merge(&mut self, other: Self, set: &dyn ::core::ops::Fn(&str) -> bool) {
                    #library::Model::merge(&mut self.0, other.0, set);
                }
            },
        ),
        _ => (TokenStream::new(), TokenStream::new()),
    };
    let on_text = types.len() == 1;
    let read_text = on_text.then(|| {
        quote! {
            fn read_text(
                text: &str,
                constraints: &#library::model::Constraints,
            ) -> ::core::result::Result<Self, #refused> {
                #read_as_text
            }

            fn absent() -> ::core::option::Option<Self> {
                <#inner as #library::Model>::absent().map(Self)
            }
        }
    });
    quote! {
        const PLACE: #library::model::Place = <#inner as #library::Model>::PLACE;
        const OPTIONAL: bool = <#inner as #library::Model>::OPTIONAL;
        const SEQUENCE: bool = <#inner as #library::Model>::SEQUENCE;
        const ACCEPTS: #library::model::Accepts = <#inner as #library::Model>::ACCEPTS;

        fn read(
            reader: &mut #library::json::Reader<'_>,
            constraints: &#library::model::Constraints,
        ) -> ::core::result::Result<Self, #refused> {
            #read
        }

        #read_text

        fn validate(
            value: &#library::json::Value,
            constraints: &#library::model::Constraints,
            problems: &mut #library::model::Problems,
        ) -> ::core::option::Option<Self> {
            #limits
            let __inner = {
                let (__value, __problems) = (value, &mut *problems);
                #before
                <#inner as #library::Model>::validate(__value, constraints, __problems)?
            };
            #private::accept(#checked, value, problems)
        }

        fn write(&self, writer: &mut #library::json::Writer) {
            #write
        }

        fn dump(&self, options: &#library::model::Dump<'_>) -> #library::json::Value {
            #dump
        }

        fn schema(
            schemas: &mut #library::openapi::Schemas,
            constraints: &#library::model::Constraints,
        ) -> #library::json::Object {
            #limits
            <#inner as #library::Model>::schema(schemas, constraints)
        }

        fn label() -> ::std::borrow::Cow<'static, str> {
            <#inner as #library::Model>::label()
        }

        #items
        #merge
    }
}
