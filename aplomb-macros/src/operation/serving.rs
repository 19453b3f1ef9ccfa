//! The keys of `#[get(…)]` about how it is served: its time, its turn, its lane.

use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};
use syn::LitInt;
use syn::spanned::Spanned as _;

use super::time::TimeLimit;
use crate::attribute::Entry;
use crate::errors::Errors;

/// What an attribute says about how an operation is served.
#[derive(Default)]
pub(super) struct Serving {
    deadline: Option<TimeLimit>,
    on_disconnect: Option<Ident>,
    lane: Option<Ident>,
    weight: Option<TokenStream>,
    max_in_flight: Option<TokenStream>,
}

impl Serving {
    /// Reads one entry; whether it is of these.
    pub(super) fn take(&mut self, key: &str, entry: &Entry, errors: &mut Errors) -> bool {
        match key {
            "deadline" => self.deadline = TimeLimit::read(entry, errors),
            "on_disconnect" => {
                let what = "a request can be cancelled or go on when its client leaves: write \
                            \"cancel\" or \"finish\"";
                let words = [("cancel", "Cancel"), ("finish", "Finish")];
                self.on_disconnect = one_of(&words, what, entry, errors);
            }
            "lane" => {
                let what = "a lane is \"inline\" or \"isolated\"; without one it is found out by \
                            measuring";
                let words = [("inline", "Inline"), ("isolated", "Isolated")];
                self.lane = one_of(&words, what, entry, errors);
            }
            "weight" => self.weight = entry.value(errors),
            "max_in_flight" => {
                self.max_in_flight = entry.value(errors);
                let most = self.max_in_flight.clone().map(syn::parse2::<LitInt>);
                if let Some(Ok(most)) = most
                    && most.base10_digits() == "0"
                {
                    errors.at(most, "this lets no request in; take the route out instead");
                }
            }
            _ => return false,
        }
        true
    }

    /// Fields of `OperationDetails`.
    pub(super) fn fields(&self, library: &TokenStream) -> TokenStream {
        let some = quote!(::core::option::Option::Some);
        let mut fields = TokenStream::new();
        if let Some(deadline) = &self.deadline {
            let deadline = deadline.tokens(library);
            fields.extend(quote!(deadline: #some(#deadline),));
        }
        if let Some(word) = &self.on_disconnect {
            fields.extend(quote!(on_disconnect: #some(#library::serve::OnDisconnect::#word),));
        }
        if let Some(lane) = &self.lane {
            fields.extend(quote!(lane: #some(#library::serve::Lane::#lane),));
        }
        if let Some(weight) = &self.weight {
            let weight =
                quote_spanned!(weight.span()=> const { let weight: u32 = #weight; weight });
            fields.extend(quote!(weight: #weight,));
        }
        if let Some(most) = &self.max_in_flight {
            let most = quote_spanned! {most.span()=> const {
                match ::core::num::NonZeroU32::new(#most) {
                    #some(most) => most,
                    ::core::option::Option::None => panic!(
                        "`max_in_flight = 0` lets no request in; take the route out instead"
                    ),
                }
            }};
            fields.extend(quote!(max_in_flight: #some(#most),));
        }
        fields
    }
}

/// Reads a text that is one of a few words, each with the variant it stands for.
fn one_of(words: &[(&str, &str)], what: &str, entry: &Entry, errors: &mut Errors) -> Option<Ident> {
    let text = entry.text(errors)?;
    let value = text.value();
    let found = words.iter().find(|(word, _)| *word == value);
    if found.is_none() {
        errors.at(&text, what);
    }
    found.map(|(_, variant)| Ident::new(variant, text.span()))
}
