//! One argument of a function: attributes, name and type.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::{ToTokens, TokenStreamExt as _, quote};
use syn::ext::IdentExt as _;
use syn::parse::ParseStream;
use syn::{Attribute, Token, Type};

use crate::doc;
use crate::errors::{Errors, nearest};

/// The attributes of ours that say where an argument comes from.
pub(crate) const PLACES: &[&str] = &["path", "query", "header", "cookie", "body", "form", "file"];

/// The attributes of ours on an argument that is another function's result.
pub(crate) const DEPENDENCY: &[&str] = &["depends", "security"];

/// Attributes that the compiler lets stand on an argument.
const KEPT: &[&str] = &["allow", "expect", "warn", "deny", "forbid"];

/// One argument.
pub(crate) struct Argument {
    /// Our attributes on it.
    pub(crate) attributes: Vec<Attribute>,
    /// Its doc comment.
    pub(crate) description: Option<String>,
    /// Its name; nothing for `_`.
    pub(crate) name: Option<Ident>,
    pub(crate) ty: Type,
    pattern: TokenStream,
    kept: Vec<Attribute>,
    simple: bool,
}

/// What stands between two commas of a signature.
pub(super) enum Parsed {
    Argument(Box<Argument>),
    Receiver(TokenStream),
}

/// Where a type stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Position {
    Argument,
    Output,
}

impl Argument {
    pub(super) fn parse(input: ParseStream<'_>) -> syn::Result<Parsed> {
        let all = input.call(Attribute::parse_outer)?;
        let mut pattern = TokenStream::new();
        while !input.is_empty()
            && !input.peek(Token![,])
            && (!input.peek(Token![:]) || input.peek(Token![::]))
        {
            pattern.extend([input.parse::<TokenTree>()?]);
        }
        let is_self = pattern
            .clone()
            .into_iter()
            .any(|token| matches!(&token, TokenTree::Ident(word) if word == "self"));
        if is_self {
            if input.peek(Token![:]) {
                input.parse::<Token![:]>()?.to_tokens(&mut pattern);
                input.parse::<Type>()?.to_tokens(&mut pattern);
            }
            return Ok(Parsed::Receiver(pattern));
        }
        input.parse::<Token![:]>()?;
        let ty = input.parse()?;
        let description = doc::text(&all);
        let (kept, attributes) = all
            .into_iter()
            .filter(|attribute| !attribute.path().is_ident("doc"))
            .partition(|attribute| KEPT.iter().any(|kept| attribute.path().is_ident(kept)));
        let (name, simple) = name(&pattern);
        Ok(Parsed::Argument(Box::new(Self {
            attributes,
            description,
            name,
            ty,
            pattern,
            kept,
            simple,
        })))
    }

    /// The name as text, without `r#`.
    pub(crate) fn plain_name(&self) -> String {
        self.name
            .as_ref()
            .map(|name| name.unraw().to_string())
            .unwrap_or_default()
    }

    /// The attribute that says where the argument comes from.
    pub(crate) fn place(&self) -> Option<&Attribute> {
        self.attributes
            .iter()
            .find(|attribute| is_one_of(attribute, PLACES))
    }

    pub(super) fn check(&self, errors: &mut Errors) {
        if !self.simple {
            errors.at(
                &self.pattern,
                "an argument needs a plain name, because the request goes by it; take it apart in the body",
            );
        }
        check_type(&self.ty, Position::Argument, errors);
        self.check_attributes(errors);
    }

    fn check_attributes(&self, errors: &mut Errors) {
        let mut place: Option<&Attribute> = None;
        for attribute in &self.attributes {
            let path = attribute.path();
            if is_one_of(attribute, PLACES) {
                match place {
                    Some(earlier) if earlier.path() == path => errors.at(
                        attribute,
                        format!("`#[{}]` is given twice; write one list", quote!(#path)),
                    ),
                    Some(earlier) => {
                        let earlier = earlier.path();
                        errors.at(
                            attribute,
                            format!(
                                "an argument comes from one place, and this one is already `#[{}]`; remove one of the two",
                                quote!(#earlier)
                            ),
                        );
                    }
                    None => place = Some(attribute),
                }
            } else if is_one_of(attribute, &["cfg", "cfg_attr"]) {
                errors.at(
                    attribute,
                    "an argument cannot come and go; put `#[cfg]` on two versions of the function",
                );
            } else if !is_one_of(attribute, DEPENDENCY) {
                errors.at(
                    attribute,
                    unknown(&quote!(#path).to_string().replace(' ', "")),
                );
            }
        }
    }
}

fn unknown(name: &str) -> String {
    let known = [PLACES, DEPENDENCY].concat();
    match nearest(name, &known) {
        Some(meant) => {
            format!("arguments have no attribute `#[{name}]`; did you mean `#[{meant}]`?")
        }
        None => format!(
            "arguments have no attribute `#[{name}]`; they have: {}",
            known
                .iter()
                .map(|known| format!("#[{known}]"))
                .collect::<Vec<_>>()
                .join(", ")
        ),
    }
}

fn is_one_of(attribute: &Attribute, names: &[&str]) -> bool {
    names.iter().any(|name| attribute.path().is_ident(name))
}

/// The name of a pattern, and whether it is a name, `mut name` or `_`.
fn name(pattern: &TokenStream) -> (Option<Ident>, bool) {
    let tokens: Vec<TokenTree> = pattern.clone().into_iter().collect();
    match &tokens[..] {
        [TokenTree::Ident(word)] if word == "_" => (None, true),
        [TokenTree::Ident(name)] => (Some(name.clone()), true),
        [TokenTree::Ident(word), TokenTree::Ident(name)] if word == "mut" => {
            (Some(name.clone()), true)
        }
        _ => (None, false),
    }
}

/// Refuses types that cannot be named again, or that borrow.
pub(super) fn check_type(ty: &Type, position: Position, errors: &mut Errors) {
    match (ty, position) {
        (Type::Reference(reference), Position::Argument) => {
            let inner = &reference.elem;
            let owned = match quote!(#inner).to_string().replace(' ', "").as_str() {
                "str" => "String".to_owned(),
                text => match text
                    .strip_prefix('[')
                    .and_then(|text| text.strip_suffix(']'))
                {
                    Some(item) => format!("Vec<{item}>"),
                    None => text.to_owned(),
                },
            };
            errors.at(
                ty,
                format!("arguments own what they hold, because the handler may outlive the buffers of the request; take `{owned}`"),
            );
        }
        (Type::ImplTrait(_), Position::Argument) => errors.at(
            ty,
            "the type of an argument decides where it comes from, so it must be written out",
        ),
        (Type::Infer(_), Position::Argument) => errors.at(ty, "write the type out"),
        _ => check_tokens(ty.to_token_stream(), position, errors),
    }
}

fn check_tokens(tokens: TokenStream, position: Position, errors: &mut Errors) {
    let mut before_lifetime = None;
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    for (index, token) in tokens.iter().enumerate() {
        match token {
            TokenTree::Punct(punct) if punct.as_char() == '\'' => {
                before_lifetime = Some(token.clone());
                continue;
            }
            TokenTree::Ident(name) if before_lifetime.is_some() && name != "static" => {
                let mut lifetime = before_lifetime.take().to_token_stream();
                lifetime.append(name.clone());
                let who = match position {
                    Position::Argument => "arguments",
                    Position::Output => "results",
                };
                errors.at(
                    lifetime,
                    format!("{who} own what they hold, because the handler may outlive the buffers of the request; take an owned type such as `String`"),
                );
            }
            TokenTree::Punct(punct)
                if punct.as_char() == '&'
                    && position == Position::Argument
                    && !is_static(&tokens[index + 1..]) =>
            {
                errors.at(
                    punct,
                    "arguments own what they hold, because the handler may outlive the buffers of the request; take `String` for `&str`, `Vec<T>` for `&[T]`",
                );
            }
            TokenTree::Ident(word) if word == "impl" && position == Position::Argument => errors.at(
                word,
                "this type must be written out: it decides how the route works and is documented",
            ),
            TokenTree::Group(group) => check_tokens(group.stream(), position, errors),
            _ => {}
        }
        before_lifetime = None;
    }
}

/// Whether a type begins with `'static`.
fn is_static(tokens: &[TokenTree]) -> bool {
    matches!(tokens, [TokenTree::Punct(quote), TokenTree::Ident(name), ..]
        if quote.as_char() == '\'' && name == "static")
}

impl ToTokens for Argument {
    /// The argument without our attributes.
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let Self {
            kept, pattern, ty, ..
        } = self;
        tokens.append_all(quote!(#(#kept)* #pattern: #ty));
    }
}
