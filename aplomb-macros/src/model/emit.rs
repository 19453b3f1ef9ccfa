//! What the implementations of all kinds of types have in common.

use proc_macro2::{Group, Ident, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::{Generics, parse_quote};

use super::container::Container;
use super::field::{Field, list, object};
use crate::errors::place;

impl Container<'_> {
    /// `Model` with these members, and serde's traits.
    pub(crate) fn implement(&self, checks: &TokenStream, members: &TokenStream) -> TokenStream {
        let library = &self.library;
        let ident = self.ident;
        let generics = self.bounded();
        let (parameters, arguments, bounds) = generics.split_for_impl();
        let serde = self.serde.then(|| self.implement_serde(&generics));
        quote! {
            #[allow(deprecated)]
            const _: () = {
                #checks
                #[automatically_derived]
                impl #parameters #library::Model for #ident #arguments #bounds {
                    #members
                }
                #serde
            };
        }
    }

    /// `Model` without a meaning, for a declaration with mistakes: whoever uses the type would
    /// otherwise be told that it is no model, which hides what is wrong with it.
    pub(crate) fn stand_in(&self) -> TokenStream {
        let library = &self.library;
        let never = quote!(::core::unreachable!());
        let members = quote! {
            fn read(
                _: &mut #library::json::Reader<'_>,
                _: &#library::model::Constraints,
            ) -> ::core::result::Result<Self, #library::json::Refused> {
                #never
            }

            fn validate(
                _: &#library::json::Value,
                _: &#library::model::Constraints,
                _: &mut #library::model::Problems,
            ) -> ::core::option::Option<Self> {
                #never
            }

            fn write(&self, _: &mut #library::json::Writer) {
                #never
            }

            fn dump(&self, _: &#library::model::Dump<'_>) -> #library::json::Value {
                #never
            }

            fn schema(
                _: &mut #library::openapi::Schemas,
                _: &#library::model::Constraints,
            ) -> #library::json::Object {
                #never
            }

            fn label() -> ::std::borrow::Cow<'static, str> {
                #never
            }
        };
        self.implement(&TokenStream::new(), &members)
    }

    fn implement_serde(&self, generics: &Generics) -> TokenStream {
        let ident = self.ident;
        let private = self.private();
        let mut reading = generics.clone();
        reading.params.insert(0, parse_quote!('de));
        let (parameters, arguments, bounds) = generics.split_for_impl();
        let (reading, _, _) = reading.split_for_impl();
        quote! {
            #[automatically_derived]
            impl #parameters #private::serde::Serialize for #ident #arguments #bounds {
                fn serialize<S: #private::serde::Serializer>(
                    &self,
                    serializer: S,
                ) -> ::core::result::Result<S::Ok, S::Error> {
                    #private::serialize(self, serializer)
                }
            }
            #[automatically_derived]
            impl #reading #private::serde::Deserialize<'de> for #ident #arguments #bounds {
                fn deserialize<D: #private::serde::Deserializer<'de>>(
                    deserializer: D,
                ) -> ::core::result::Result<Self, D::Error> {
                    #private::deserialize(deserializer)
                }
            }
        }
    }

    /// The generics, with every parameter a model.
    fn bounded(&self) -> Generics {
        let mut generics = self.generics.clone();
        let library = &self.library;
        let parameters: Vec<_> = generics
            .type_params()
            .map(|one| one.ident.clone())
            .collect();
        let bounds = generics.make_where_clause();
        for parameter in parameters {
            bounds
                .predicates
                .push(parse_quote!(#parameter: #library::Model));
        }
        generics
    }

    /// Where the library keeps what only its macros call.
    pub(crate) fn private(&self) -> TokenStream {
        let library = &self.library;
        quote!(#library::__private)
    }

    /// `label`: the name, with the labels of its parameters.
    pub(crate) fn label(&self) -> TokenStream {
        let library = &self.library;
        let name = &self.name;
        let parameters: Vec<_> = self.generics.type_params().map(|one| &one.ident).collect();
        let label = if parameters.is_empty() {
            quote!(::std::borrow::Cow::Borrowed(#name))
        } else {
            quote! {
                #library::__private::generic_label(
                    #name,
                    &[#(<#parameters as #library::Model>::label()),*],
                )
            }
        };
        quote! {
            fn label() -> ::std::borrow::Cow<'static, str> {
                #label
            }
        }
    }

    /// An expression for what is known of the type besides its fields.
    pub(crate) fn named(&self, extra: &TokenStream) -> TokenStream {
        let library = &self.library;
        let private = self.private();
        let mut row = quote!(module: ::core::module_path!(),);
        if let Some(title) = &self.title {
            row.extend(quote!(title: ::core::option::Option::Some(#title),));
        }
        if let Some(description) = &self.description {
            row.extend(quote!(description: ::core::option::Option::Some(#description),));
        }
        if let Some(examples) = &self.examples {
            let examples = list(examples, library);
            row.extend(quote!(examples: #examples,));
        }
        if let Some(extra) = &self.schema_extra {
            let extra = object(extra, library);
            row.extend(quote!(schema_extra: #extra,));
        }
        quote!(const { &#private::Named { #row #extra ..#private::Named::PLAIN } })
    }

    /// A validator that runs several after another, as a closure.
    pub(crate) fn check(&self, ty: &impl ToTokens, validators: &[TokenStream]) -> TokenStream {
        let private = self.private();
        let mut result = quote!(::core::result::Result::Ok(__value));
        for validator in validators {
            let check = quote_spanned!(place(validator)=> #private::check::<#ty, _>);
            let validator = quote_spanned!(place(validator)=> &#validator);
            result = quote! {
                #result.and_then(|__value: #ty| #check(#validator, __value))
            };
        }
        quote!(|__value: #ty| #result)
    }

    /// Compile-time proof that the limits of a field suit its type.
    ///
    /// A generic type is proved where it is used.
    pub(crate) fn proof(&self, field: &Field<'_>) -> TokenStream {
        if field.constraints.is_empty() || !self.generics.params.is_empty() {
            return TokenStream::new();
        }
        let library = &self.library;
        let ty = spelt_out(field.ty.to_token_stream(), self.ident);
        let constraints = field.constraints.tokens(library);
        quote_spanned!(place(&field.constraints)=> const _: () = <#ty as #library::Model>::ACCEPTS.assert(#constraints);)
    }
}

/// A type with the name of the declaration for `Self`, for use outside of its `impl`.
fn spelt_out(tokens: TokenStream, ident: &Ident) -> TokenStream {
    tokens
        .into_iter()
        .map(|token| match token {
            TokenTree::Ident(word) if word == "Self" => TokenTree::Ident(ident.clone()),
            TokenTree::Group(group) => {
                let inner = spelt_out(group.stream(), ident);
                TokenTree::Group(Group::new(group.delimiter(), inner))
            }
            other => other,
        })
        .collect()
}
