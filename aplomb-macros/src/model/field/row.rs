//! A field in the table of fields.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::LitStr;

use super::{Default, Field, option};
use crate::errors::place;

impl Field<'_> {
    /// What the field holds when absent, if something is said about it.
    pub(crate) fn default_value(&self) -> Option<TokenStream> {
        let ty = self.ty;
        Some(match &self.default {
            Default::None => return None,
            Default::Type => {
                quote_spanned!(place(ty)=> <#ty as ::core::default::Default>::default())
            }
            Default::Value(value) => {
                let value = self.converted(value);
                quote!({ let __default: #ty = #value; __default })
            }
            Default::Made(path) => {
                let made = quote_spanned!(place(path)=> (#path)());
                quote!({ let __default: #ty = #made; __default })
            }
        })
    }

    /// What is written in its place, where a serializer makes it, and where mistakes in that are
    /// shown.
    pub(crate) fn serialized(&self) -> Option<(TokenStream, Span)> {
        let (serializer, ident) = (self.serializer.as_ref()?, self.ident);
        let at = place(serializer);
        Some((quote_spanned!(at=> #serializer(&self.#ident)), at))
    }

    /// The function that reads it completely, after the validators that run before.
    pub(crate) fn validate(&self, library: &TokenStream) -> TokenStream {
        let ty = self.ty;
        let validate = quote!(<#ty as #library::Model>::validate);
        if self.before.is_empty() {
            return validate;
        }
        let before = self.before(library);
        quote! {
            |__value, __constraints, __problems| {
                #before
                #validate(__value, __constraints, __problems)
            }
        }
    }

    /// Statements that change `__value` as the validators that run before do, and end the function
    /// where one refuses it.
    pub(crate) fn before(&self, library: &TokenStream) -> TokenStream {
        let steps = self.before.iter().map(|validator| {
            let step = quote_spanned!(place(validator)=> #library::__private::before(&#validator, __value, __problems));
            quote!(let __value = &#step?;)
        });
        quote!(#(#steps)*)
    }

    /// A literal default of a `String` or of an `Option` need not be spelt out.
    fn converted(&self, value: &TokenStream) -> TokenStream {
        let text = syn::parse2::<LitStr>(value.clone()).is_ok();
        let literal = text || syn::parse2::<syn::Lit>(value.clone()).is_ok();
        let converted = if text {
            quote_spanned!(place(value)=> ::core::convert::Into::into(#value))
        } else {
            value.clone()
        };
        if literal && option(self.ty).is_some() {
            quote_spanned!(place(value)=> ::core::option::Option::Some(#converted))
        } else {
            converted
        }
    }

    /// The field in the table of fields.
    pub(crate) fn row(&self, library: &TokenStream) -> TokenStream {
        let Self {
            ty,
            name,
            alias,
            serialization_alias,
            ..
        } = self;
        let model = quote_spanned!(place(ty)=> #library::Model);
        let mut row = quote! {
            name: #name,
            alias: #alias,
            serialization_alias: #serialization_alias,
            schema: <#ty as #model>::schema,
            sequence: <#ty as #model>::SEQUENCE,
        };
        if !self.aliases.is_empty() {
            let aliases = &self.aliases;
            row.extend(quote!(aliases: &[#(#aliases),*],));
        }
        row.extend(match &self.default {
            Default::None if self.required => TokenStream::new(),
            Default::None => quote! {
                required: !<#ty as #model>::OPTIONAL,
                default: #library::__private::absent(<#ty as #model>::OPTIONAL),
            },
            Default::Made(_) | Default::Type | Default::Value(_) => {
                let kind = match &self.default {
                    Default::Made(_) => quote!(Made),
                    _ => quote!(Shown),
                };
                let value = self.default_value();
                quote! {
                    required: false,
                    default: #library::model::Default::#kind(|| #library::__private::shown::<#ty>(&#value)),
                }
            }
        });
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
        for (on, key) in [
            (self.deprecated, quote!(deprecated)),
            (self.read_only, quote!(read_only)),
            (self.write_only, quote!(write_only)),
            (self.secret, quote!(secret)),
            (self.validate_default, quote!(validate_default)),
        ] {
            if on {
                row.extend(quote!(#key: true,));
            }
        }
        if let Some(serializer) = &self.serializer {
            let schema = quote_spanned! {place(serializer)=>
                #library::__private::serialized::<#ty, _>(|__value| #serializer(__value), schemas)
            };
            row.extend(quote!(serialized: ::core::option::Option::Some(|schemas| #schema),));
        }
        if !self.constraints.is_empty() {
            let constraints = self.constraints.tokens(library);
            row.extend(quote!(constraints: #constraints,));
        }
        quote!(#library::model::Field { #row ..#library::model::Field::PLAIN })
    }
}

/// Examples as the tables hold them.
pub(crate) fn list(examples: &TokenStream, library: &TokenStream) -> TokenStream {
    quote! {
        ::core::option::Option::Some(|| #library::__private::list(
            #library::__private::serde_json::json!(#examples)
        ))
    }
}

/// Further schema keys as the tables hold them.
pub(crate) fn object(extra: &TokenStream, library: &TokenStream) -> TokenStream {
    quote! {
        ::core::option::Option::Some(|| #library::__private::object(
            #library::__private::serde_json::json!(#extra)
        ))
    }
}
