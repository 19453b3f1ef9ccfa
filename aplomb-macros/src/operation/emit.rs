//! The expansion of an operation.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned as _;

use super::details::Details;
use super::output::Output;
use super::template::Template;
use crate::doc;
use crate::signature::{Bindings, Signature, placed};

/// Everything an operation is made of.
pub(crate) struct Operation<'a> {
    pub(crate) signature: &'a Signature,
    pub(crate) bindings: &'a Bindings<'a>,
    pub(crate) details: &'a Details,
    pub(crate) template: &'a Template,
    pub(crate) methods: &'a [String],
}

impl Operation<'_> {
    /// The function, the type of its name, and that type's implementation.
    pub(crate) fn tokens(&self) -> TokenStream {
        let signature = self.signature;
        let library = &self.details.library;
        let name = &signature.name;
        let conditions = signature.conditions();
        let marker = marker(signature);
        let declared = self.bindings.declare(library);
        let checks = self.checks();
        let (declared_output, returned) = self.returned();
        let bind = self.bind(&returned);
        let value = self.value(&returned);
        quote! {
            #signature
            #marker
            #(#conditions)*
            #[allow(deprecated, unreachable_code, unused_qualifications, clippy::all, clippy::pedantic, clippy::nursery)]
            const _: () = {
                #declared
                #checks
                #declared_output
                #bind
                impl #library::operation::Handler for #name {
                    fn operation() -> #library::operation::Operation {
                        #value
                    }
                }
            };
        }
    }

    pub(super) fn is_websocket(&self) -> bool {
        self.methods == ["WEBSOCKET"]
    }

    /// What knows what the function gives: a `static` and the path to it, or an expression whose
    /// type the call decides.
    fn returned(&self) -> (TokenStream, TokenStream) {
        if self.is_websocket() {
            return (TokenStream::new(), TokenStream::new());
        }
        let output = self.signature.output();
        let at = self
            .signature
            .output_type()
            .map_or_else(|| self.signature.name.span(), |ty| ty.span());
        let library = placed(&self.details.library, at);
        let model = self.details.response_model.as_ref();
        let undescribed = model.is_some_and(|model| model.to_string() == "None");
        if self.output() != Output::Named {
            let inferred = match model {
                _ if undescribed => quote_spanned!(at=> inferred_undescribed()),
                Some(model) => quote_spanned!(at=> inferred_through::<_, #model>()),
                None => quote_spanned!(at=> inferred()),
            };
            let inferred = quote_spanned!(at=> #library::__private::#inferred);
            return (TokenStream::new(), inferred);
        }
        let new = match model {
            _ if undescribed => quote_spanned!(at=> returned_undescribed::<#output>()),
            Some(model) => quote_spanned!(at=> returned_through::<#output, #model>()),
            None => quote_spanned!(at=> returned::<#output>()),
        };
        let declared = quote_spanned! {at=>
            static __RETURNED: #library::__private::Returned<#output> =
                #library::__private::#new;
        };
        (declared, quote!(&__RETURNED))
    }

    fn output(&self) -> Output {
        Output::of(self.signature.output_type())
    }

    /// A call of the function: its future, or its result when it blocks.
    fn call(&self, arguments: &[TokenStream]) -> TokenStream {
        let name = &self.signature.name;
        let at = name.span();
        let library = &self.details.library;
        let is_async = self.signature.is_async;
        let output_at = self.signature.output_type().map_or(at, |ty| ty.span());
        let call = quote_spanned!(at=> #name(#(#arguments),*));
        match (self.output(), is_async) {
            (Output::Named | Output::Inferred, _) => call,
            (output, true) => {
                let answered = output.answered(
                    library,
                    output_at,
                    true,
                    &quote_spanned!(output_at=> #call.await),
                );
                quote!(async move { #answered })
            }
            (output, false) => output.answered(library, output_at, false, &call),
        }
    }

    /// The function that takes the arguments and calls the handler.
    fn bind(&self, returned: &TokenStream) -> TokenStream {
        let library = &self.details.library;
        let take = self.bindings.take(library);
        let locals = self.bindings.locals();
        let locals: Vec<TokenStream> = locals.iter().map(|local| quote!(#local)).collect();
        let call = self.call(&locals);
        let binder = Bindings::binder();
        let at = self.signature.name.span();
        let here = placed(library, at);
        let call = if self.is_websocket() {
            let at = self.signature.output_type().map_or(at, |ty| ty.span());
            let name = &self.signature.name;
            let here = placed(library, at);
            quote_spanned!(at=> #here::__private::finish_websocket(#binder, #name(#(#locals),*)))
        } else if self.signature.is_async {
            quote_spanned!(at=> #here::__private::finish(#binder, #returned, #call))
        } else {
            quote_spanned!(at=> #here::__private::finish_blocking(#binder, #returned, move || #call))
        };
        quote! {
            fn __bind(
                #binder: &mut #library::operation::Binder<'_>,
            ) -> ::core::option::Option<#library::operation::HandlerFuture> {
                #take
                ::core::option::Option::Some(#call)
            }
        }
    }

    /// The expression of the function that describes the result.
    fn describe(&self, returned: &TokenStream) -> TokenStream {
        if self.output() == Output::Named {
            return quote!(__RETURNED.describe);
        }
        let library = &self.details.library;
        let arguments = self.signature.arguments.iter();
        let arguments: Vec<TokenStream> =
            arguments.map(|_| quote!(::core::unreachable!())).collect();
        let call = self.call(&arguments);
        let describe = match self.signature.is_async {
            true => quote!(description),
            false => quote!(description_blocking),
        };
        quote!(#library::__private::#describe(#returned, || #call))
    }

    /// The expression of type `Operation`.
    fn value(&self, returned: &TokenStream) -> TokenStream {
        let Self {
            signature, details, ..
        } = self;
        let library = &details.library;
        let name = details
            .name
            .as_ref()
            .map_or_else(|| signature.plain_name(), syn::LitStr::value);
        let path = &self.template.text;
        let methods = self.methods;
        let description = details
            .description
            .as_ref()
            .map(syn::LitStr::value)
            .or_else(|| doc::text(&signature.attributes));
        // What follows a form feed is for readers of the code only.
        let description = description
            .as_deref()
            .and_then(|text| text.split('\u{c}').next())
            .map(str::trim)
            .filter(|text| !text.is_empty());
        let deprecated = signature
            .attributes
            .iter()
            .any(|attribute| attribute.path().is_ident("deprecated"));
        let values = details.tokens(description, deprecated);
        let describe = match self.is_websocket() {
            true => quote!(|_| ::core::default::Default::default()),
            false => self.describe(returned),
        };
        let location = quote_spanned! {signature.name.span()=>
            ::core::concat!(::core::file!(), ":", ::core::line!())
        };
        quote! {
            #library::operation::Operation {
                name: #name,
                methods: &[#(#methods),*],
                path: #path,
                parameters: &__PARAMETERS,
                bind: __bind,
                describe: #describe,
                details: const { #values },
                location: #location,
            }
        }
    }
}

/// The type that goes by the function's name.
fn marker(signature: &Signature) -> TokenStream {
    let conditions = signature.conditions();
    let visibility = &signature.visibility;
    let name = &signature.name;
    let text = format!("The operation [`{name}`](fn@{name}).");
    quote! {
        #(#conditions)*
        #[allow(non_camel_case_types, dead_code, missing_debug_implementations, missing_copy_implementations, unreachable_pub)]
        #[doc = #text]
        #visibility struct #name {}
    }
}

/// What stands for a function with mistakes, so that nobody else complains that it is missing.
pub(crate) fn stub(signature: &Signature, library: &TokenStream) -> TokenStream {
    if signature.is_method() {
        return TokenStream::new();
    }
    let marker = marker(signature);
    let name = &signature.name;
    let conditions = signature.conditions();
    quote! {
        #marker
        #(#conditions)*
        impl #library::operation::Handler for #name {
            fn operation() -> #library::operation::Operation {
                loop {}
            }
        }
    }
}
