//! The entries of `dependencies(…)`: a function, or `security(function, scopes(…))`.

use proc_macro2::{TokenStream, TokenTree};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned as _;

use crate::attribute::{self, Entry};
use crate::errors::Errors;
use crate::signature::placed;

/// A dependency whose result nobody takes.
pub(super) struct RouteDependency {
    function: TokenStream,
    scopes: Vec<TokenStream>,
}

impl RouteDependency {
    /// Reads one entry.
    pub(super) fn read(piece: TokenStream, errors: &mut Errors) -> Option<Self> {
        let tokens: Vec<TokenTree> = piece.clone().into_iter().collect();
        let inner = match &tokens[..] {
            [TokenTree::Ident(name), TokenTree::Group(group)] if name == "security" => {
                group.stream()
            }
            _ => {
                return Some(Self {
                    function: piece,
                    scopes: Vec::new(),
                });
            }
        };
        let form = "write `security(function, scopes(\"items\"))`";
        let [function, scopes] = &attribute::pieces(inner)[..] else {
            errors.at(piece, form);
            return None;
        };
        let entry = errors.ok(Entry::parse(scopes.clone()))?;
        if entry.key != "scopes" {
            errors.at(scopes, form);
            return None;
        }
        let scopes = entry.values(errors);
        if scopes.is_empty() && entry.is_list() {
            errors.at(
                entry,
                "name at least one scope: `scopes(\"items\")`; without any, the function alone does the same",
            );
        }
        Some(Self {
            function: function.clone(),
            scopes,
        })
    }

    /// The function that makes the definition.
    pub(super) fn tokens(&self, library: &TokenStream) -> TokenStream {
        let Self { function, scopes } = self;
        let at = function.span();
        let library = placed(library, at);
        let definition =
            quote_spanned!(at=> <#function as #library::depends::Dependency>::definition);
        if scopes.is_empty() {
            return definition;
        }
        quote!(|| {
            const SCOPES: &[&str] = &[#(#scopes),*];
            #definition().with_scopes(SCOPES.iter().copied())
        })
    }
}
