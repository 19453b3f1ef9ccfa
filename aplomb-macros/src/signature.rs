//! The function under one of our attributes: what it takes, what it gives, and its opaque body.

mod argument;
mod bindings;
mod options;
mod parameter;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, TokenStreamExt as _, quote};
use syn::ext::IdentExt as _;
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, Generics, LitStr, ReturnType, Token, Type, Visibility, WhereClause};

pub(crate) use argument::{Argument, DEPENDENCY, PLACES};
pub(crate) use bindings::Bindings;
pub(crate) use parameter::{Parameter, object};

use crate::errors::Errors;

/// A function as far as we must understand it.
pub(crate) struct Signature {
    /// Its attributes, doc comments too; ours has been taken off by the compiler.
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) visibility: Visibility,
    pub(crate) is_async: bool,
    pub(crate) name: Ident,
    pub(crate) arguments: Vec<Argument>,
    qualifiers: TokenStream,
    refused_qualifiers: TokenStream,
    generics: Generics,
    receiver: Option<TokenStream>,
    output: ReturnType,
    clause: Option<WhereClause>,
    body: TokenStream,
}

impl Parse for Signature {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let attributes = input.call(Attribute::parse_outer)?;
        let visibility = input.parse()?;
        let mut qualifiers = TokenStream::new();
        let mut refused_qualifiers = TokenStream::new();
        let mut is_async = false;
        loop {
            if input.peek(Token![async]) {
                is_async = true;
                input.parse::<Token![async]>()?.to_tokens(&mut qualifiers);
                continue;
            }
            let word: TokenStream = if input.peek(Token![const]) {
                input.parse::<Token![const]>()?.to_token_stream()
            } else if input.peek(Token![unsafe]) {
                input.parse::<Token![unsafe]>()?.to_token_stream()
            } else if input.peek(Token![extern]) {
                let word = input.parse::<Token![extern]>()?;
                let abi: Option<LitStr> = input.parse()?;
                quote!(#word #abi)
            } else {
                break;
            };
            qualifiers.extend(word.clone());
            refused_qualifiers.extend(word);
        }
        if !input.peek(Token![fn]) {
            return Err(input.error("this attribute goes on a function: `async fn name(…) { … }`"));
        }
        input.parse::<Token![fn]>()?.to_tokens(&mut qualifiers);
        let name = input.call(Ident::parse_any)?;
        let generics = input.parse()?;
        let content;
        syn::parenthesized!(content in input);
        let mut receiver = None;
        let mut arguments = Vec::new();
        while !content.is_empty() {
            match Argument::parse(&content)? {
                argument::Parsed::Argument(argument) => arguments.push(*argument),
                argument::Parsed::Receiver(tokens) => receiver = Some(tokens),
            }
            if !content.is_empty() {
                content.parse::<Token![,]>()?;
            }
        }
        Ok(Self {
            attributes,
            visibility,
            is_async,
            name,
            arguments,
            qualifiers,
            refused_qualifiers,
            generics,
            receiver,
            output: input.parse()?,
            clause: input.parse()?,
            body: input.parse()?,
        })
    }
}

/// Tokens of ours, placed where the user wrote what they are about.
pub(crate) fn placed(tokens: &TokenStream, at: Span) -> TokenStream {
    tokens
        .clone()
        .into_iter()
        .map(|mut token| {
            token.set_span(at);
            token
        })
        .collect()
}

impl Signature {
    /// The name as text, without `r#`.
    pub(crate) fn plain_name(&self) -> String {
        self.name.unraw().to_string()
    }

    /// What the function gives, `()` when it does not say.
    pub(crate) fn output(&self) -> TokenStream {
        match &self.output {
            ReturnType::Default => quote!(()),
            ReturnType::Type(_, ty) => ty.to_token_stream(),
        }
    }

    /// The type after the arrow.
    pub(crate) fn output_type(&self) -> Option<&Type> {
        match &self.output {
            ReturnType::Default => None,
            ReturnType::Type(_, ty) => Some(ty),
        }
    }

    /// Whether it is a method, which nothing can be made of.
    pub(crate) fn is_method(&self) -> bool {
        self.receiver.is_some()
    }

    /// The `cfg` attributes, which everything made of the function needs too.
    pub(crate) fn conditions(&self) -> Vec<&Attribute> {
        self.attributes
            .iter()
            .filter(|attribute| attribute.path().is_ident("cfg"))
            .collect()
    }

    /// Records what no function under our attributes may have; `what` is `handler` or
    /// `dependency`.
    pub(crate) fn check(&self, what: &str, errors: &mut Errors) {
        if let Some(receiver) = &self.receiver {
            errors.at(
                receiver,
                format!("a {what} is a free function, because nothing is there to be `self`; move it out of the `impl` and take `State<T>`"),
            );
        }
        if !self.refused_qualifiers.is_empty() {
            errors.at(
                &self.refused_qualifiers,
                format!("a {what} is a plain `fn` or an `async fn`; remove this"),
            );
        }
        if !self.generics.params.is_empty() {
            errors.at(
                &self.generics,
                format!("a {what} cannot be generic, because it is known by its name alone; write the types out"),
            );
        }
        if let Some(clause) = &self.clause {
            errors.at(
                clause,
                format!("a {what} has no type parameters to limit; remove this"),
            );
        }
        if let Some(output) = self.output_type() {
            argument::check_type(output, argument::Position::Output, errors);
        }
        let mut names = Vec::new();
        for argument in &self.arguments {
            argument.check(errors);
            if let Some(name) = &argument.name {
                if names.contains(&name) {
                    errors.at(
                        name,
                        format!("two arguments are called `{name}`; rename one"),
                    );
                }
                names.push(name);
            }
        }
    }
}

impl ToTokens for Signature {
    /// The function without our attributes on its arguments.
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let Self {
            attributes,
            visibility,
            qualifiers,
            name,
            arguments,
            generics,
            receiver,
            output,
            clause,
            body,
            ..
        } = self;
        let receiver = receiver.iter();
        tokens.append_all(quote! {
            #(#attributes)*
            #visibility #qualifiers #name #generics (#(#receiver,)* #(#arguments),*) #output #clause
            #body
        });
    }
}
