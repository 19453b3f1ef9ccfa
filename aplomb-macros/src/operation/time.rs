//! Times in attributes: `"60s"`, `"1.5s"`, `"250ms"`, `"2m"`, `"none"`.

use proc_macro2::TokenStream;
use quote::quote_spanned;
use syn::LitStr;

use crate::attribute::Entry;
use crate::errors::Errors;
use crate::signature::placed;

/// A time, or none.
pub(super) struct TimeLimit {
    text: LitStr,
    nanoseconds: Option<u64>,
}

impl TimeLimit {
    /// Reads `deadline = "60s"` or `deadline = "none"`.
    pub(super) fn read(entry: &Entry, errors: &mut Errors) -> Option<Self> {
        let text = entry.text(errors)?;
        let nanoseconds = match text.value().as_str() {
            "none" => None,
            value => match nanoseconds(value) {
                Ok(nanoseconds) => Some(nanoseconds),
                Err(why) => {
                    errors.at(&text, why);
                    return None;
                }
            },
        };
        Some(Self { text, nanoseconds })
    }

    /// An expression of type `TimeLimit`.
    pub(super) fn tokens(&self, library: &TokenStream) -> TokenStream {
        let at = self.text.span();
        let library = placed(library, at);
        match self.nanoseconds {
            None => quote_spanned!(at=> #library::deadline::TimeLimit::None),
            Some(nanoseconds) => quote_spanned! {at=>
                #library::deadline::TimeLimit::After(
                    ::core::time::Duration::from_nanos(#nanoseconds)
                )
            },
        }
    }
}

/// The length of a time with its unit, or why it is none.
fn nanoseconds(text: &str) -> Result<u64, String> {
    const LONGEST: f64 = 366.0 * 24.0 * 3600.0;

    let digits = text.find(|character: char| !character.is_ascii_digit() && character != '.');
    let (number, unit) = text.split_at(digits.unwrap_or(text.len()));
    let seconds = match unit {
        "ms" => 0.001,
        "s" => 1.0,
        "m" => 60.0,
        "h" => 3600.0,
        _ => return Err(unknown(text)),
    };
    let seconds = seconds * number.parse::<f64>().map_err(|_| unknown(text))?;
    if seconds * 1e9 < 1.0 {
        return Err("a deadline must leave some time; `\"none\"` is without end".to_owned());
    }
    if seconds > LONGEST {
        return Err("a deadline is at most a year; `\"none\"` is without end".to_owned());
    }
    Ok((seconds * 1e9).round() as u64)
}

fn unknown(text: &str) -> String {
    format!(
        "`{text}` is no time: write a number and `ms`, `s`, `m` or `h`, as in `\"60s\"`, or `\"none\"`"
    )
}
