//! Enums without payload: one of a fixed list of values.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;
use syn::ext::IdentExt as _;
use syn::{DataEnum, Fields, Lit, Variant};

use super::container::Container;
use crate::attribute;
use crate::errors::{Errors, unknown_key};

/// A value on the wire.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Choice {
    Text(String),
    Integer(i64),
}

impl Choice {
    /// Reads the literal of a value.
    pub(crate) fn read(tokens: TokenStream, errors: &mut Errors) -> Option<Self> {
        match syn::parse2::<Lit>(tokens.clone()) {
            Ok(Lit::Str(text)) => Some(Self::Text(text.value())),
            Ok(Lit::Int(number)) => errors.ok(number.base10_parse()).map(Self::Integer),
            _ => {
                errors.at(
                    tokens,
                    "a value is a text or a whole number: `\"red\"` or `1`",
                );
                None
            }
        }
    }

    /// The value as the library's tables hold it.
    pub(crate) fn tokens(&self, library: &TokenStream) -> TokenStream {
        match self {
            Self::Text(text) => quote!(#library::model::Choice::Text(#text)),
            Self::Integer(number) => {
                let number = Literal::i64_suffixed(*number);
                quote!(#library::model::Choice::Integer(#number))
            }
        }
    }

    fn pattern(&self) -> TokenStream {
        match self {
            Self::Text(text) => quote!(#text),
            Self::Integer(number) => {
                let number = Literal::i64_unsuffixed(*number);
                quote!(#number)
            }
        }
    }
}

impl std::fmt::Display for Choice {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Text(text) => write!(formatter, "\"{text}\""),
            Self::Integer(number) => write!(formatter, "{number}"),
        }
    }
}

/// Whether no variant has a payload.
pub(crate) fn is_enumeration(data: &DataEnum) -> bool {
    data.variants
        .iter()
        .all(|variant| matches!(variant.fields, Fields::Unit))
}

pub(crate) fn derive(
    container: &Container<'_>,
    data: &DataEnum,
    errors: &mut Errors,
) -> TokenStream {
    if data.variants.is_empty() {
        errors.at(
            container.ident,
            "an enum without variants has no value at all; add one",
        );
    }
    let numbered = data
        .variants
        .iter()
        .all(|variant| variant.discriminant.is_some());
    let mut variants: Vec<(&Ident, Choice)> = Vec::new();
    for variant in &data.variants {
        let Some(choice) = value(variant, numbered, container, errors) else {
            continue;
        };
        if variants.iter().any(|(_, earlier)| *earlier == choice) {
            errors.at(
                &variant.ident,
                format!("another variant has the value {choice} already; give one of them another with `#[model(value = …)]`"),
            );
        }
        variants.push((&variant.ident, choice));
    }
    emit(container, &variants)
}

fn value(
    variant: &Variant,
    numbered: bool,
    container: &Container<'_>,
    errors: &mut Errors,
) -> Option<Choice> {
    let mut said = None;
    for entry in attribute::of(&variant.attrs, "model", errors) {
        match entry.key.to_string().as_str() {
            "value" | "rename" => {
                let tokens = entry.value(errors)?;
                said = Some(Choice::read(tokens, errors)?);
            }
            key => {
                let message = unknown_key(key, "`#[model(…)]` on a variant", &["value"]);
                errors.at(&entry.key, message);
            }
        }
    }
    match (said, &variant.discriminant) {
        (Some(choice), _) => Some(choice),
        (None, Some((_, number))) if numbered => {
            Choice::read(quote::ToTokens::to_token_stream(number), errors)
        }
        (None, _) => {
            let name = variant.ident.unraw().to_string();
            Some(Choice::Text(container.case.apply(&name)))
        }
    }
}

fn emit(container: &Container<'_>, variants: &[(&Ident, Choice)]) -> TokenStream {
    let library = &container.library;
    let private = container.private();
    let name = &container.name;
    let choices = variants.iter().map(|(_, choice)| choice.tokens(library));
    let choices = quote!(const { &[#(#choices),*] });
    let refused = quote!(#library::json::Refused);
    let refuse = quote!(_ => ::core::result::Result::Err(#refused),);
    let arms: Vec<_> = variants
        .iter()
        .map(|(ident, choice)| {
            let pattern = choice.pattern();
            quote!(#pattern => ::core::result::Result::Ok(Self::#ident),)
        })
        .collect();
    let texts = variants
        .iter()
        .all(|(_, choice)| matches!(choice, Choice::Text(_)));
    let integers = variants
        .iter()
        .all(|(_, choice)| matches!(choice, Choice::Integer(_)));
    let (read, read_text) = match (texts, integers) {
        (true, _) => (
            quote!(match &*reader.string()? { #(#arms)* #refuse }),
            quote!(match text { #(#arms)* #refuse }),
        ),
        (_, true) => (
            quote!(match reader.integer()? { #(#arms)* #refuse }),
            quote!(::core::result::Result::Err(#refused)),
        ),
        _ => (
            quote!(#private::read_by_validating(reader)),
            quote!(::core::result::Result::Err(#refused)),
        ),
    };
    let indexes = variants
        .iter()
        .enumerate()
        .map(|(index, (ident, _))| quote!(#index => ::core::option::Option::Some(Self::#ident),));
    let writes = variants.iter().map(|(ident, choice)| {
        let text = match choice {
            Choice::Text(text) => super::structure::quoted(text),
            Choice::Integer(number) => number.to_string(),
        };
        quote!(Self::#ident => #text,)
    });
    let dumps = variants.iter().map(|(ident, choice)| {
        let choice = choice.tokens(library);
        quote!(Self::#ident => #choice,)
    });
    let (find, schema, label) = if container.literal {
        (
            quote!(literal),
            quote!(#private::choice::schema(#choices)),
            quote!(#private::choice::literal_label(#choices)),
        )
    } else {
        let named = container.named(&TokenStream::new());
        (
            quote!(enumeration),
            quote! {
                #named.enumeration(::core::any::TypeId::of::<Self>(), #name, #choices, schemas)
            },
            quote!(#private::choice::enumeration_label(#name, #choices)),
        )
    };
    let schemas = if container.literal {
        quote!(_)
    } else {
        quote!(schemas)
    };
    container.implement(
        &TokenStream::new(),
        &quote! {
            fn read(
                reader: &mut #library::json::Reader<'_>,
                _: &#library::model::Constraints,
            ) -> ::core::result::Result<Self, #refused> {
                #read
            }

            #[allow(unused_variables)]
            fn read_text(
                text: &str,
                _: &#library::model::Constraints,
            ) -> ::core::result::Result<Self, #refused> {
                #read_text
            }

            fn validate(
                value: &#library::json::Value,
                _: &#library::model::Constraints,
                problems: &mut #library::model::Problems,
            ) -> ::core::option::Option<Self> {
                match #private::choice::#find(value, #choices, problems)? {
                    #(#indexes)*
                    _ => ::core::option::Option::None,
                }
            }

            fn write(&self, writer: &mut #library::json::Writer) {
                writer.raw(match self { #(#writes)* });
            }

            fn dump(&self, _: &#library::model::Dump<'_>) -> #library::json::Value {
                let __choice = match self { #(#dumps)* };
                __choice.value()
            }

            fn schema(
                #schemas: &mut #library::openapi::Schemas,
                _: &#library::model::Constraints,
            ) -> #library::json::Object {
                #schema
            }

            fn label() -> ::std::borrow::Cow<'static, str> {
                #label
            }
        },
    )
}
