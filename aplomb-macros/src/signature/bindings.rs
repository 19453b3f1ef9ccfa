//! All arguments of a function: the table that describes them and the code that takes them.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use super::{Parameter, Signature};
use crate::errors::Errors;

/// All arguments of one function.
pub(crate) struct Bindings<'a> {
    pub(crate) parameters: Vec<Parameter<'a>>,
}

impl<'a> Bindings<'a> {
    /// Reads the arguments of a function; `path` are the names of its path template.
    pub(crate) fn read(signature: &'a Signature, path: &[String], errors: &mut Errors) -> Self {
        let parameters: Vec<_> = signature
            .arguments
            .iter()
            .map(|argument| Parameter::read(argument, path, errors))
            .collect();
        let bindings = Self { parameters };
        bindings.check(errors);
        bindings
    }

    fn check(&self, errors: &mut Errors) {
        for (index, parameter) in self.parameters.iter().enumerate() {
            let Some(place) = parameter.place else {
                continue;
            };
            let earlier = self.parameters[..index]
                .iter()
                .find(|earlier| earlier.place == Some(place) && earlier.alias == parameter.alias);
            if let Some(earlier) = earlier
                && earlier.name != parameter.name
            {
                errors.at(
                    parameter.argument.place(),
                    format!(
                        "`{}` already takes `{}` from this place; give one of the two another `alias`",
                        earlier.name, parameter.alias
                    ),
                );
            }
        }
    }

    /// The `static`s of the arguments and the table `__PARAMETERS` of them all.
    pub(crate) fn declare(&self, library: &TokenStream) -> TokenStream {
        let count = self.parameters.len();
        let statics = self
            .parameters
            .iter()
            .enumerate()
            .map(|(index, parameter)| parameter.declare(index, library));
        let idents = self
            .parameters
            .iter()
            .enumerate()
            .map(|(index, parameter)| parameter.ident(index));
        let checks = self
            .parameters
            .iter()
            .enumerate()
            .filter_map(|(index, parameter)| parameter.check(index, library));
        quote! {
            #(#statics)*
            #(#checks)*
            static __PARAMETERS: [#library::operation::Parameter; #count] =
                [#(#idents.parameter),*];
        }
    }

    /// The name that [`take`](Self::take) expects the binder under.
    pub(crate) fn binder() -> Ident {
        Ident::new("binder", Span::mixed_site())
    }

    /// Statements that take every argument from the binder, and leave the function when one is
    /// wrong. All are taken first, so that everything wrong is found.
    pub(crate) fn take(&self, library: &TokenStream) -> TokenStream {
        let locals = self.locals();
        let takes = self
            .parameters
            .iter()
            .enumerate()
            .map(|(index, parameter)| parameter.take(index, library));
        match locals.len() {
            0 => TokenStream::new(),
            1 => quote! {
                #(let ::core::option::Option::Some(#locals) = #takes else {
                    return ::core::option::Option::None;
                };)*
            },
            _ => quote! {
                #(let #locals = #takes;)*
                let (#(::core::option::Option::Some(#locals)),*) = (#(#locals),*) else {
                    return ::core::option::Option::None;
                };
            },
        }
    }

    /// The names that [`take`](Self::take) gives the arguments.
    pub(crate) fn locals(&self) -> Vec<Ident> {
        (0..self.parameters.len())
            .map(|index| Ident::new(&format!("argument_{index}"), Span::mixed_site()))
            .collect()
    }
}
