//! `#[get(…)]` and its sisters: a function as an operation.

mod checks;
mod dependencies;
mod details;
mod emit;
mod output;
mod responses;
mod serving;
mod template;
mod time;

use proc_macro2::TokenStream;
use quote::quote;
use syn::LitStr;

use crate::attribute;
use crate::errors::{Errors, nearest};
use crate::signature::{Bindings, Signature};
use details::Details;
use template::Template;

/// The attributes that make an operation of a function.
const ATTRIBUTES: &[&str] = &[
    "get",
    "post",
    "put",
    "patch",
    "delete",
    "head",
    "options",
    "trace",
    "route",
    "websocket",
];

/// The methods that `#[route(methods = […])]` takes.
const METHODS: &[&str] = &[
    "GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE",
];

/// What `#[name(…)]` makes of a function.
pub(crate) fn expand(name: &str, attribute: TokenStream, item: &TokenStream) -> TokenStream {
    let mut signature: Signature = match syn::parse2(item.clone()) {
        Ok(signature) => signature,
        Err(error) => {
            let error = error.into_compile_error();
            return quote!(#item #error);
        }
    };
    let mut errors = Errors::default();
    let mut pieces = attribute::pieces(attribute).into_iter();
    let path = pieces.next();
    let rest = pieces.flat_map(|piece| quote!(#piece,)).collect();
    let entries = attribute::entries(rest, &mut errors);
    let webhook = entries.iter().any(|entry| entry.key == "webhook");
    let template = template(name, path, webhook, &signature, &mut errors);
    let details = Details::read(name, entries, &mut errors);
    signature.check("handler", &mut errors);
    if name == "websocket" && !signature.is_async {
        errors.at(
            &signature.name,
            "the function of a WebSocket waits for messages, so it is an `async fn`",
        );
    }
    take_attributes(name, &mut signature, &mut errors);
    let methods = match (name, &details.methods) {
        ("route", Some(methods)) => methods.clone(),
        ("route", None) => {
            errors.at(
                &signature.name,
                "`#[route]` needs the methods: `#[route(\"/path\", methods = [\"GET\", \"POST\"])]`",
            );
            Vec::new()
        }
        _ => vec![name.to_uppercase()],
    };
    let names = template
        .as_ref()
        .map(|template| template.names.clone())
        .unwrap_or_default();
    let bindings = Bindings::read(&signature, &names, &mut errors);
    if errors.is_empty()
        && let Some(template) = template
    {
        emit::Operation {
            signature: &signature,
            bindings: &bindings,
            details: &details,
            template: &template,
            methods: &methods,
        }
        .tokens()
    } else {
        let errors = errors.into_tokens();
        let stub = emit::stub(&signature, &details.library);
        quote!(#signature #stub #errors)
    }
}

/// The path, which comes first; of a webhook it is a name.
fn template(
    name: &str,
    tokens: Option<TokenStream>,
    webhook: bool,
    signature: &Signature,
    errors: &mut Errors,
) -> Option<Template> {
    let Some(tokens) = tokens else {
        let message = format!("`#[{name}]` needs a path: `#[{name}(\"/path\")]`");
        errors.push(syn::Error::new(signature.name.span(), message));
        return None;
    };
    match syn::parse2::<LitStr>(tokens.clone()) {
        Ok(text) if webhook => Template::name(text, errors),
        Ok(path) => Template::read(name, path, errors),
        Err(_) => {
            errors.at(
                tokens,
                format!("`#[{name}]` begins with the path, a text between quotes: `#[{name}(\"/path\")]`"),
            );
            None
        }
    }
}

/// Refuses a second attribute of ours, and takes it away: a function can only be one operation.
fn take_attributes(name: &str, signature: &mut Signature, errors: &mut Errors) {
    signature.attributes.retain(|attribute| {
        let last = attribute.path().segments.last();
        let other = last.map(|last| last.ident.to_string()).unwrap_or_default();
        let ours = ATTRIBUTES.contains(&&*other);
        if ours {
            let instead = match [name, &*other].contains(&"websocket") {
                true => "a path may have both a WebSocket and an operation, as two functions",
                false => {
                    "for several methods write `#[route(\"/path\", methods = [\"GET\", \"POST\"])]`"
                }
            };
            errors.at(
                attribute,
                format!("this function is already `#[{name}]`; {instead}"),
            );
        }
        !ours
    });
}

/// Reads `methods = ["GET", "POST"]`.
fn methods(entry: &attribute::Entry, errors: &mut Errors) -> Vec<String> {
    let mut methods: Vec<String> = Vec::new();
    let values = entry.values(errors);
    if values.is_empty() && errors.is_empty() {
        errors.at(
            &entry.key,
            "name at least one method: `methods = [\"GET\"]`",
        );
    }
    for value in values {
        let Ok(text) = syn::parse2::<LitStr>(value.clone()) else {
            errors.at(value, "a method is a text between quotes: `\"GET\"`");
            continue;
        };
        let method = text.value();
        if !METHODS.contains(&&*method) {
            let upper = method.to_uppercase();
            let meant = nearest(&upper, METHODS);
            errors.at(
                &text,
                match meant {
                    Some(meant) => {
                        format!("no method is called `{method}`; did you mean `{meant}`?")
                    }
                    None => format!(
                        "no method is called `{method}`; there are: {}",
                        METHODS.join(", ")
                    ),
                },
            );
        } else if methods.contains(&method) {
            errors.at(&text, format!("`{method}` is there twice; keep one"));
        } else {
            methods.push(method);
        }
    }
    methods
}
