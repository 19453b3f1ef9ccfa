//! The keys of `#[get(…)]` about how it is served: its time, its turn, its lane.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::time::TimeLimit;
use crate::attribute::Entry;
use crate::errors::Errors;

/// What an attribute says about how an operation is served.
#[derive(Default)]
pub(super) struct Serving {
    deadline: Option<TimeLimit>,
    on_disconnect: Option<Ident>,
    lane: Option<Ident>,
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
