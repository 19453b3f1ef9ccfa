//! What a handler gives: a type with a name, or one that only the compiler can name.

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::{ToTokens as _, quote_spanned};
use syn::{GenericArgument, PathArguments, Type, TypeImplTrait, TypeParamBound};

use crate::signature::placed;

/// The traits whose items are taken one after the other, rather than awaited.
const ITERATORS: &[&str] = &[
    "Iterator",
    "DoubleEndedIterator",
    "ExactSizeIterator",
    "FusedIterator",
];

/// What kind of type the result has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Output {
    /// It is written out.
    Named,
    /// There is `impl Trait` in it, so that the call decides it.
    Inferred,
    /// It is `impl Stream<Item = T>` or `impl Iterator<Item = T>`, alone or in a `Result`.
    Items { iterator: bool, in_result: bool },
}

impl Output {
    /// The kind of the type behind the arrow.
    pub(crate) fn of(output: Option<&Type>) -> Self {
        let Some(output) = output else {
            return Self::Named;
        };
        let (inner, in_result) = match in_result(output) {
            Some(inner) => (inner, true),
            None => (output, false),
        };
        match inner {
            Type::ImplTrait(inner) => match iterates(inner) {
                Some(iterator) => Self::Items {
                    iterator,
                    in_result,
                },
                None => Self::Inferred,
            },
            _ if has_impl(output.to_token_stream()) => Self::Inferred,
            _ => Self::Named,
        }
    }

    /// What is answered, for what a call gave.
    pub(crate) fn answered(
        self,
        library: &TokenStream,
        at: Span,
        is_async: bool,
        given: &TokenStream,
    ) -> TokenStream {
        let Self::Items {
            iterator,
            in_result,
        } = self
        else {
            return given.clone();
        };
        let wrap = match (iterator, is_async) {
            (false, _) => quote_spanned!(at=> Streamed::stream),
            (true, true) => quote_spanned!(at=> streamed_iterator),
            (true, false) => quote_spanned!(at=> streamed_blocking_iterator),
        };
        let library = placed(library, at);
        let wrap = quote_spanned!(at=> #library::__private::#wrap);
        match in_result {
            true => quote_spanned!(at=> ::core::result::Result::map(#given, #wrap)),
            false => quote_spanned!(at=> #wrap(#given)),
        }
    }
}

/// The success of a `Result`.
fn in_result(output: &Type) -> Option<&Type> {
    let Type::Path(path) = output else {
        return None;
    };
    let last = path.path.segments.last()?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else {
        return None;
    };
    match arguments.args.first()? {
        GenericArgument::Type(inner) if last.ident == "Result" => Some(inner),
        _ => None,
    }
}

/// Whether the type gives items, and if so whether as an iterator.
fn iterates(output: &TypeImplTrait) -> Option<bool> {
    output.bounds.iter().find_map(|bound| {
        let TypeParamBound::Trait(bound) = bound else {
            return None;
        };
        let last = bound.path.segments.last()?;
        let PathArguments::AngleBracketed(arguments) = &last.arguments else {
            return None;
        };
        let item = |argument: &GenericArgument| matches!(argument, GenericArgument::AssocType(assigned) if assigned.ident == "Item");
        let name = last.ident.to_string();
        let has_item = arguments.args.iter().any(item);
        has_item.then(|| ITERATORS.contains(&&*name))
    })
}

fn has_impl(tokens: TokenStream) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(word) => word == "impl",
        TokenTree::Group(group) => has_impl(group.stream()),
        _ => false,
    })
}
