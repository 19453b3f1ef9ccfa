//! What only the compiler can check about an operation.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned as _;

use super::emit::Operation;
use crate::errors::nearest;
use crate::signature::{Parameter, placed};

impl Operation<'_> {
    /// What only the compiler can check, since it knows the types.
    pub(super) fn checks(&self) -> TokenStream {
        let library = &self.details.library;
        let mut checks = TokenStream::new();
        let bodiless = match self.methods {
            [method] => matches!(&**method, "GET" | "HEAD" | "WEBSOCKET").then_some(&**method),
            _ => None,
        };
        for (index, parameter) in self.bindings.parameters.iter().enumerate() {
            let Some(method) = bodiless else {
                checks.extend(self.check_beside_form(index));
                continue;
            };
            // Clients can be made to send a body with GET, and never with a handshake.
            let asked_for = matches!(parameter.place, Some("body" | "form" | "file"));
            if parameter.place.is_none() || (asked_for && self.is_websocket()) {
                let ident = parameter.ident(index);
                let name = &parameter.name;
                let ty = &parameter.argument.ty;
                let spelt = quote!(#ty).to_string().replace(' ', "");
                let (body, file) = match method {
                    "WEBSOCKET" => (
                        format!(
                            "`{name}` is a body, and a WebSocket has none: receive it with `socket.receive::<{spelt}>()`, or write `#[query] {name}: {spelt}` to read it from the query"
                        ),
                        "a file comes in a body, and a WebSocket has none: receive its content with `socket.receive_bytes()`",
                    ),
                    method => (
                        format!(
                            "`{name}` is a body, and {method} has none: write `#[query] {name}: {spelt}` to read it from the query"
                        ),
                        "a file comes in a body, and GET and HEAD have none: make this a `#[post]` or `#[put]`",
                    ),
                };
                let library = placed(library, ty.span());
                checks.extend(quote_spanned! {ty.span()=>
                    const _: () = #library::__private::refuse_body(&#ident.parameter, #body, #file);
                });
            }
        }
        for name in &self.template.names {
            if let Some(message) = self.missing(name) {
                let at = self.template.text.span();
                let library = placed(library, at);
                checks.extend(quote_spanned! {at=>
                    const _: () = #library::__private::require_taken(&__PARAMETERS, #message);
                });
            }
        }
        checks
    }

    /// Refuses a model that would be one field of the form that others make of the body.
    fn check_beside_form(&self, index: usize) -> Option<TokenStream> {
        let may_be = |parameter: &Parameter<'_>, places: &[&str]| {
            parameter.place.is_none_or(|place| places.contains(&place))
        };
        let (parameters, parameter) = (&self.bindings.parameters, &self.bindings.parameters[index]);
        let mut others = parameters.iter().enumerate();
        if !may_be(parameter, &["body"])
            || !others.any(|(other, it)| other != index && may_be(it, &["form", "file"]))
        {
            return None;
        }
        let name = &parameter.name;
        let message = format!(
            "`{name}` is an object, and another argument makes the body a form, no field of which is one: make `{name}` a `#[form]` too, or take the other from elsewhere"
        );
        let ty = &parameter.argument.ty;
        let ident = parameter.ident(index);
        let library = placed(&self.details.library, ty.span());
        Some(quote_spanned! {ty.span()=>
            const _: () = #library::__private::refuse_beside_form(
                &#ident.parameter, &__PARAMETERS, #message,
            );
        })
    }

    /// What is wrong with a name of the path that no argument takes.
    fn missing(&self, name: &str) -> Option<String> {
        let parameters = &self.bindings.parameters;
        let taken = parameters
            .iter()
            .any(|parameter| parameter.place == Some("path") && parameter.alias == name);
        if taken || self.details.has_dependencies {
            return None;
        }
        let others: Vec<&str> = parameters.iter().map(|other| &*other.name).collect();
        Some(match nearest(name, &others) {
            Some(other) => format!(
                "the path names `{name}`, and no argument takes it; rename `{other}` to `{name}`"
            ),
            None => format!(
                "the path names `{name}`, and no argument takes it; add `{name}: String`, or take it out of the path"
            ),
        })
    }
}
