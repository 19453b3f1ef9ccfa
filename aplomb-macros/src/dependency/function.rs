//! A function as a dependency.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{GenericArgument, PathArguments, Type};

use super::{Settings, marker, stub};
use crate::errors::Errors;
use crate::signature::{Argument, Bindings, Signature, placed};

/// What `#[dependency]` makes of a function.
pub(super) fn expand(
    signature: &Signature,
    settings: &Settings,
    mut errors: Errors,
) -> TokenStream {
    signature.check("dependency", &mut errors);
    let result = Outcome::of(signature, &mut errors);
    let bindings = Bindings::read(signature, &[], &mut errors);
    let library = &settings.library;
    let name = &signature.name;
    let conditions = signature.conditions();
    let marker = marker(&conditions, &signature.visibility, name, "dependency");
    if !errors.is_empty() {
        let errors = errors.into_tokens();
        let output = result.output_of_stub();
        let stub = stub(&conditions, name, &output, library);
        return quote!(#signature #marker #stub #errors);
    }
    let declared = bindings.declare(library);
    let take = bindings.take(library);
    let checks = hidden_yields(&bindings, library);
    let call = result.call(signature, &bindings, library);
    let output = &result.output;
    let text = signature.plain_name();
    let scope = settings
        .scope
        .as_ref()
        .map(|scope| quote!(definition.scope = #library::depends::CleanupScope::#scope;));
    let binder = Bindings::binder();
    quote! {
        #signature
        #marker
        #(#conditions)*
        #[allow(deprecated, unused_mut, clippy::all, clippy::pedantic)]
        const _: () = {
            #declared
            #checks
            fn __bind(
                #binder: &mut #library::operation::Binder<'_>,
            ) -> ::core::option::Option<#library::depends::DependencyFuture> {
                #take
                ::core::option::Option::Some(#call)
            }
            #[diagnostic::do_not_recommend]
            impl #library::depends::Dependency for #name {
                type Output = #output;
                fn definition() -> #library::depends::DependencyDefinition {
                    let mut definition = #library::depends::DependencyDefinition::new::<Self>(
                        #text,
                        &__PARAMETERS,
                        __bind,
                    );
                    #scope
                    definition.reader = {
                        use #library::__private::{LookAtModel as _, LookAtOther as _};
                        (&#library::__private::Look::<#output>::NEW).reader()
                    };
                    definition
                }
            }
        };
    }
}

/// How a function gives its result.
struct Outcome {
    /// What `Depends` gives.
    output: TokenStream,
    form: Form,
    fails: bool,
}

enum Form {
    /// It returns it.
    Returned,
    /// The argument at this index lends it.
    Lent(usize),
}

impl Outcome {
    fn of(signature: &Signature, errors: &mut Errors) -> Self {
        let returned = signature.output_type();
        let success = returned.and_then(success_of);
        let lending: Vec<(usize, &Argument, &Type)> = signature
            .arguments
            .iter()
            .enumerate()
            .filter_map(|(index, argument)| Some((index, argument, lent_by(&argument.ty)?)))
            .collect();
        let Some((index, argument, lent)) = lending.first() else {
            let output = success.map_or_else(|| signature.output(), ToTokens::to_token_stream);
            return Self {
                output,
                form: Form::Returned,
                fails: success.is_some(),
            };
        };
        if let [_, (_, second, _), ..] = &lending[..] {
            errors.at(
                &second.ty,
                "a dependency lends one value, and another argument lends one already; make a second dependency",
            );
        }
        if !signature.is_async {
            errors.at(
                &argument.ty,
                "lending waits for the end of the request, so it needs an `async fn`",
            );
        }
        let given = match (returned, success) {
            (_, Some(success)) => Some(success),
            (returned, None) => returned,
        };
        if let Some(given) = given.filter(|given| !is_unit(given)) {
            errors.at(
                given,
                "what this dependency gives is what it lends; return `Result<()>`, for what clean-up may fail with",
            );
        }
        Self {
            output: lent.to_token_stream(),
            form: Form::Lent(*index),
            fails: success.is_some(),
        }
    }

    /// The call of the function, as the future of a dependency.
    fn call(
        &self,
        signature: &Signature,
        bindings: &Bindings<'_>,
        library: &TokenStream,
    ) -> TokenStream {
        let name = &signature.name;
        let locals = bindings.locals();
        let at = name.span().resolved_at(Span::mixed_site());
        match (&self.form, signature.is_async, self.fails) {
            (Form::Lent(index), _, fails) => {
                let lender = &locals[*index];
                let rest = if fails {
                    quote_spanned!(at=> #name(#(#locals),*))
                } else {
                    quote_spanned!(at=> async move {
                        #name(#(#locals),*).await;
                        ::core::result::Result::Ok::<(), #library::Error>(())
                    })
                };
                quote_spanned!(at=> #lender.run(move |#lender| #rest))
            }
            (Form::Returned, true, false) => {
                quote_spanned!(at=> #library::depends::share(#name(#(#locals),*)))
            }
            (Form::Returned, true, true) => {
                quote_spanned!(at=> #library::depends::share_result(#name(#(#locals),*)))
            }
            (Form::Returned, false, false) => {
                quote_spanned!(at=> #library::depends::share_blocking(move || ::core::result::Result::Ok::<_, #library::Error>(#name(#(#locals),*))))
            }
            (Form::Returned, false, true) => {
                quote_spanned!(at=> #library::depends::share_blocking(move || #name(#(#locals),*)))
            }
        }
    }

    /// A type that does not add mistakes to those of the function.
    fn output_of_stub(&self) -> TokenStream {
        let tokens = self.output.to_string();
        if tokens.contains("impl ") || tokens.contains('&') || tokens.contains('\'') {
            quote!(())
        } else {
            self.output.clone()
        }
    }
}

/// The `T` of a `Result<T>` or `Result<T, E>`, however the path to it is written.
fn success_of(ty: &Type) -> Option<&Type> {
    argument_of(ty, "Result")
}

/// The `T` of a `Yield<T>`.
fn lent_by(ty: &Type) -> Option<&Type> {
    argument_of(ty, "Yield")
}

fn argument_of<'t>(ty: &'t Type, name: &str) -> Option<&'t Type> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last()?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else {
        return None;
    };
    let first = arguments.args.iter().find_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    });
    first.filter(|_| last.ident == name)
}

/// Checks that no argument is a `Yield` by another name, which would leave its type out of sight.
fn hidden_yields(bindings: &Bindings<'_>, library: &TokenStream) -> TokenStream {
    let message = "this is a `Yield` by another name; write `Yield<T>`, whose `T` is what the dependency gives";
    let hidden = bindings
        .parameters
        .iter()
        .enumerate()
        .filter(|(_, parameter)| {
            parameter.place.is_none() && lent_by(&parameter.argument.ty).is_none()
        });
    hidden
        .map(|(index, parameter)| {
            let at = parameter.at();
            let ident = parameter.ident(index);
            let library = placed(library, at);
            quote_spanned! {at=>
                const _: () = #library::depends::refuse_hidden_yield(&#ident.parameter, #message);
            }
        })
        .collect()
}

fn is_unit(ty: &Type) -> bool {
    matches!(ty, Type::Tuple(tuple) if tuple.elems.is_empty())
}
