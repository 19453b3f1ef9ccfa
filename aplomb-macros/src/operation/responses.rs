//! `responses(404 = "…", 409 = (Model, "…"), "4XX" = …)`: further answers of an operation.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned as _;
use syn::{LitInt, LitStr};

use crate::attribute::{self, Entry};
use crate::errors::Errors;
use crate::signature::placed;

/// One further answer: its status, and a function that makes its OpenAPI object.
#[derive(Clone)]
pub(crate) struct ExtraResponse {
    status: String,
    value: Value,
}

#[derive(Clone)]
enum Value {
    Text(LitStr),
    Model(TokenStream, Option<LitStr>, Option<TokenStream>),
    Object(TokenStream),
}

/// Reads the list.
pub(crate) fn read(entry: &Entry, errors: &mut Errors) -> Vec<ExtraResponse> {
    let mut responses: Vec<ExtraResponse> = Vec::new();
    for piece in entry.values(errors) {
        let Some(response) = errors.ok(one(&piece)) else {
            continue;
        };
        if responses.iter().any(|one| one.status == response.status) {
            errors.at(
                piece,
                format!("`{}` is there twice; keep one", response.status),
            );
        } else {
            responses.push(response);
        }
    }
    responses
}

fn one(tokens: &TokenStream) -> syn::Result<ExtraResponse> {
    let wrong = |at: &dyn quote::ToTokens| {
        syn::Error::new_spanned(
            at,
            "an answer is a status and what it means: `404 = \"Not found\"` or `404 = (Model, \"Not found\")`",
        )
    };
    let mut rest = tokens.clone().into_iter();
    let Some(key) = rest.next() else {
        return Err(wrong(tokens));
    };
    let status = status(&key)?;
    match rest.next() {
        Some(TokenTree::Punct(punct)) if punct.as_char() == '=' => {}
        _ => return Err(wrong(tokens)),
    }
    let value: TokenStream = rest.collect();
    if value.is_empty() {
        return Err(wrong(tokens));
    }
    let value = match syn::parse2::<LitStr>(value.clone()) {
        Ok(text) => Value::Text(text),
        Err(_) => match pair(&value)? {
            Some(model) => model,
            None => Value::Object(value),
        },
    };
    Ok(ExtraResponse { status, value })
}

fn status(key: &TokenTree) -> syn::Result<String> {
    let tokens = TokenStream::from(key.clone());
    let text = match key {
        TokenTree::Ident(word) if word == "default" => return Ok("default".to_owned()),
        _ => match syn::parse2::<LitInt>(tokens.clone()) {
            Ok(number) => number.base10_digits().to_owned(),
            Err(_) => syn::parse2::<LitStr>(tokens.clone())
                .map(|text| text.value().to_uppercase())
                .unwrap_or_default(),
        },
    };
    if text == "DEFAULT" {
        return Ok("default".to_owned());
    }
    let number = text
        .parse::<u16>()
        .is_ok_and(|status| (100..600).contains(&status));
    let range = matches!(text.as_bytes(), [b'1'..=b'5', b'X', b'X']);
    if number || range {
        return Ok(text);
    }
    Err(syn::Error::new_spanned(
        tokens,
        "a status is a number from 100 to 599, a range such as \"4XX\", or `default`",
    ))
}

/// Reads `(Model, "text", object)`, where text and object may be left out.
fn pair(value: &TokenStream) -> syn::Result<Option<Value>> {
    let mut tokens = value.clone().into_iter();
    let (Some(TokenTree::Group(group)), None) = (tokens.next(), tokens.next()) else {
        return Ok(None);
    };
    if group.delimiter() != Delimiter::Parenthesis {
        return Ok(None);
    }
    let mut pieces = attribute::pieces(group.stream()).into_iter();
    let Some(model) = pieces.next() else {
        return Err(syn::Error::new_spanned(
            value,
            "name the model: `(Model, \"Not found\")`",
        ));
    };
    let mut next = pieces.next();
    let braced = |tokens: &TokenStream| {
        matches!(tokens.clone().into_iter().next(),
            Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace)
    };
    let text = match next.take_if(|piece| !braced(piece)) {
        Some(text) => {
            next = pieces.next();
            Some(syn::parse2::<LitStr>(text.clone()).map_err(|_| {
                syn::Error::new_spanned(text, "what the answer means is a text between quotes")
            })?)
        }
        None => None,
    };
    let more = next;
    match pieces.next() {
        Some(extra) => Err(syn::Error::new_spanned(
            extra,
            "an answer is `(Model, \"text\", {further keys})` at most",
        )),
        None => Ok(Some(Value::Model(model, text, more))),
    }
}

impl ExtraResponse {
    /// The pair of status and function.
    pub(crate) fn tokens(&self, library: &TokenStream) -> TokenStream {
        let status = &self.status;
        let object = |value: &TokenStream| quote!(#library::__private::object(#library::__private::serde_json::json!(#value)));
        let make = match &self.value {
            Value::Text(text) => quote!(|_| #library::operation::described_response(#text)),
            Value::Model(model, text, more) => {
                let text = match text {
                    Some(text) => quote!(::core::option::Option::Some(#text)),
                    None => quote!(::core::option::Option::None),
                };
                let more = match more {
                    Some(more) => object(more),
                    None => quote!(::core::default::Default::default()),
                };
                let library = placed(library, model.span());
                quote_spanned! {model.span()=>
                    |schemas| #library::__private::model_response::<#model>(schemas, #text, #more)
                }
            }
            Value::Object(value) => {
                let object = object(value);
                quote!(|_| #object)
            }
        };
        quote!((#status, #make))
    }
}
