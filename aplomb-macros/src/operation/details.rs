//! The keys of `#[get(…)]` behind the path.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned as _;
use syn::{LitInt, LitStr};

use super::dependencies::RouteDependency;
use super::responses::{self, ExtraResponse};
use super::serving::Serving;
use crate::attribute::Entry;
use crate::errors::{Errors, unknown_key};
use crate::signature::{object, placed};

const KEYS: &[&str] = &[
    "status",
    "tags",
    "summary",
    "description",
    "response_description",
    "operation_id",
    "deprecated",
    "include_in_schema",
    "response_class",
    "response_model",
    "response_model_include",
    "response_model_exclude",
    "response_model_by_alias",
    "response_model_exclude_unset",
    "response_model_exclude_defaults",
    "response_model_exclude_none",
    "responses",
    "openapi_extra",
    "dependencies",
    "callbacks",
    "webhook",
    "max_body_size",
    "form_limits",
    "deadline",
    "on_disconnect",
    "lane",
    "weight",
    "max_in_flight",
    "name",
    "crate",
];

const FORM_LIMITS: &[&str] = &["max_fields", "max_files", "max_part_size"];
/// The keys of `#[websocket(…)]`, which is no part of the document.
const WEBSOCKET_KEYS: &[&str] = &["dependencies", "deadline", "name", "crate"];

/// What the attribute says about an operation.
pub(crate) struct Details {
    /// The path to the library.
    pub(crate) library: TokenStream,
    /// The methods, for `#[route]`.
    pub(crate) methods: Option<Vec<String>>,
    /// A name other than the function's.
    pub(crate) name: Option<LitStr>,
    /// The model the result is answered through.
    pub(crate) response_model: Option<TokenStream>,
    response_class: Option<TokenStream>,
    pub(crate) description: Option<LitStr>,
    deprecated: bool,
    pub(crate) has_dependencies: bool,
    status: Option<TokenStream>,
    summary: Option<LitStr>,
    response_description: Option<LitStr>,
    operation_id: Option<LitStr>,
    tags: Vec<TokenStream>,
    dependencies: Vec<RouteDependency>,
    callbacks: Vec<TokenStream>,
    max_body_size: Option<TokenStream>,
    form_limits: Vec<(Ident, TokenStream)>,
    serving: Serving,
    responses: Vec<ExtraResponse>,
    openapi_extra: Option<TokenStream>,
    include_in_schema: bool,
    model_options: TokenStream,
}

impl Details {
    /// Reads the entries of the attribute `attribute`.
    pub(crate) fn read(attribute: &str, entries: Vec<Entry>, errors: &mut Errors) -> Self {
        let mut details = Self {
            library: quote!(::aplomb),
            methods: None,
            name: None,
            response_model: None,
            response_class: None,
            description: None,
            deprecated: false,
            has_dependencies: false,
            status: None,
            summary: None,
            response_description: None,
            operation_id: None,
            tags: Vec::new(),
            dependencies: Vec::new(),
            callbacks: Vec::new(),
            max_body_size: None,
            form_limits: Vec::new(),
            serving: Serving::default(),
            responses: Vec::new(),
            openapi_extra: None,
            include_in_schema: true,
            model_options: TokenStream::new(),
        };
        for entry in entries {
            details.take(attribute, &entry, errors);
        }
        details
    }

    fn take(&mut self, attribute: &str, entry: &Entry, errors: &mut Errors) {
        let key = entry.key.to_string();
        match key.as_str() {
            _ if attribute == "websocket" && !WEBSOCKET_KEYS.contains(&&*key) => {
                errors.at(&entry.key, unknown_of_websocket(&key));
            }
            "status" => self.status = status(entry, errors),
            "tags" => self.tags = entry.values(errors),
            "summary" => self.summary = entry.text(errors),
            "description" => self.description = entry.text(errors),
            "response_description" => self.response_description = entry.text(errors),
            "operation_id" => self.operation_id = entry.text(errors),
            "deprecated" => self.deprecated = entry.flag(errors),
            "include_in_schema" => self.include_in_schema = entry.flag(errors),
            "response_model" => self.response_model = entry.value(errors),
            "response_class" => self.response_class = entry.value(errors),
            "response_model_include" => self.names("include", entry, errors),
            "response_model_exclude" => self.names("exclude", entry, errors),
            "response_model_by_alias" => self.model_flag("by_alias", entry, errors),
            "response_model_exclude_unset" => self.model_flag("exclude_unset", entry, errors),
            "response_model_exclude_defaults" => self.model_flag("exclude_defaults", entry, errors),
            "response_model_exclude_none" => self.model_flag("exclude_none", entry, errors),
            "responses" => self.responses = responses::read(entry, errors),
            "openapi_extra" => self.openapi_extra = entry.value(errors),
            "dependencies" => {
                let pieces = entry.values(errors).into_iter();
                self.dependencies = pieces
                    .filter_map(|piece| RouteDependency::read(piece, errors))
                    .collect();
                self.has_dependencies = true;
            }
            "callbacks" => self.callbacks = entry.values(errors),
            "webhook" => {
                if !entry.flag(errors) {
                    errors.at(&entry.key, "write `webhook` alone, or leave it out");
                }
            }
            "max_body_size" => self.max_body_size = entry.value(errors),
            "form_limits" => self.form_limits = form_limits(entry, errors),
            "name" => self.name = entry.text(errors),
            "methods" if attribute == "route" => {
                self.methods = Some(super::methods(entry, errors));
            }
            "crate" => {
                if let Some(path) = entry.value(errors) {
                    self.library = match syn::parse2::<LitStr>(path.clone()) {
                        Ok(text) => errors.ok(text.parse()).unwrap_or(path),
                        Err(_) => path,
                    };
                }
            }
            _ if self.serving.take(&key, entry, errors) => {}
            _ => errors.at(&entry.key, unknown(attribute, &key)),
        }
    }

    fn names(&mut self, field: &str, entry: &Entry, errors: &mut Errors) {
        let names: Vec<LitStr> = entry
            .values(errors)
            .into_iter()
            .filter_map(|name| {
                let text = syn::parse2(name.clone()).map_err(|_| {
                    syn::Error::new_spanned(name, "the name of a field is a text between quotes")
                });
                errors.ok(text)
            })
            .collect();
        let field = proc_macro2::Ident::new(field, Span::mixed_site());
        self.model_options
            .extend(quote!(#field: ::core::option::Option::Some(&[#(#names),*]),));
    }

    fn model_flag(&mut self, field: &str, entry: &Entry, errors: &mut Errors) {
        let on = entry.flag(errors);
        let field = proc_macro2::Ident::new(field, Span::mixed_site());
        self.model_options.extend(quote!(#field: #on,));
    }

    /// The expression of type `OperationDetails`; `deprecated` says whether the function is.
    pub(crate) fn tokens(&self, description: Option<&str>, deprecated: bool) -> TokenStream {
        let library = &self.library;
        let some = quote!(::core::option::Option::Some);
        let mut fields = TokenStream::new();
        for (key, text) in [
            (quote!(summary), &self.summary),
            (quote!(response_description), &self.response_description),
            (quote!(operation_id), &self.operation_id),
        ] {
            if let Some(text) = text {
                fields.extend(quote!(#key: #some(#text),));
            }
        }
        if let Some(text) = description {
            fields.extend(quote!(description: #some(#text),));
        }
        if let Some(status) = &self.status {
            fields.extend(quote!(status: #some(#status),));
        }
        if !self.tags.is_empty() {
            let tags = &self.tags;
            fields.extend(quote!(tags: &[#(#tags),*],));
        }
        if self.deprecated || deprecated {
            fields.extend(quote!(deprecated: true,));
        }
        if !self.include_in_schema {
            fields.extend(quote!(include_in_schema: false,));
        }
        if !self.responses.is_empty() {
            let responses = self
                .responses
                .iter()
                .map(|response| response.tokens(library));
            fields.extend(quote!(responses: &[#(#responses),*],));
        }
        if let Some(extra) = &self.openapi_extra {
            let extra = object(extra, library);
            fields.extend(quote!(openapi_extra: #some(#extra),));
        }
        if !self.model_options.is_empty() {
            let options = &self.model_options;
            fields.extend(quote! {
                response_model: #library::operation::ResponseModelOptions {
                    #options
                    ..#library::operation::ResponseModelOptions::NONE
                },
            });
        }
        if let Some(class) = &self.response_class {
            let library = placed(library, class.span());
            let class = quote_spanned!(class.span()=> #library::operation::Class::of::<#class>());
            fields.extend(quote!(response_class: #some(#class),));
        }
        if !self.dependencies.is_empty() {
            let definitions = self
                .dependencies
                .iter()
                .map(|dependency| dependency.tokens(library));
            fields.extend(quote!(dependencies: &[#(#definitions),*],));
        }
        if !self.callbacks.is_empty() {
            let operations = self.callbacks.iter().map(|callback| {
                let library = placed(library, callback.span());
                quote_spanned!(callback.span()=> <#callback as #library::operation::Handler>::operation)
            });
            fields.extend(quote!(callbacks: &[#(#operations),*],));
        }
        if let Some(bytes) = &self.max_body_size {
            let bytes = quote_spanned!(bytes.span()=> const { let bytes: usize = #bytes; bytes });
            fields.extend(quote!(max_body_size: #some(#bytes),));
        }
        if !self.form_limits.is_empty() {
            let limits = self
                .form_limits
                .iter()
                .map(|(key, value)| quote!(.#key(#value)));
            fields.extend(quote!(form_limits: #library::http::FormLimits::new()#(#limits)*,));
        }
        fields.extend(self.serving.fields(library));
        quote!(#library::operation::OperationDetails {
            #fields
            ..#library::operation::OperationDetails::NONE
        })
    }
}

/// Reads `form_limits(max_fields = 5)`.
fn form_limits(entry: &Entry, errors: &mut Errors) -> Vec<(Ident, TokenStream)> {
    let mut limits = Vec::new();
    for limit in entry.list(errors) {
        let key = limit.key.to_string();
        if !FORM_LIMITS.contains(&key.as_str()) {
            let unknown = unknown_key(&key, "`form_limits(…)`", FORM_LIMITS);
            errors.at(&limit.key, unknown);
        } else if let Some(value) = limit.value(errors) {
            limits.push((limit.key.clone(), value));
        }
    }
    limits
}

/// Reads `status = 201`, or the path of a constant.
fn status(entry: &Entry, errors: &mut Errors) -> Option<TokenStream> {
    let value = entry.value(errors)?;
    if let Ok(number) = syn::parse2::<LitInt>(value.clone()) {
        let fine = number
            .base10_parse::<u16>()
            .is_ok_and(|status| (100..600).contains(&status));
        if !fine {
            errors.at(&value, "a status is a number from 100 to 599");
            return None;
        }
    } else if syn::parse2::<syn::Path>(value.clone()).is_err() {
        errors.at(&value, "a status is a number or a constant: `status = 201`");
        return None;
    }
    Some(value)
}

/// The sentence about a key that `#[websocket]` does not have.
fn unknown_of_websocket(key: &str) -> String {
    if KEYS.contains(&key) {
        return format!(
            "`#[websocket(…)]` has no `{key}`, because the document does not show WebSockets and they give no response; remove it"
        );
    }
    match key {
        "subprotocols" => {
            "`#[websocket(…)]` has no `subprotocols`; choose one with `socket.accept_with(…)`"
                .to_owned()
        }
        "depends" => "`#[websocket(…)]` has no `depends`; it is called `dependencies`".to_owned(),
        _ => unknown_key(key, "`#[websocket(…)]`", WEBSOCKET_KEYS),
    }
}

/// The sentence about an unknown key, which knows FastAPI's words too.
fn unknown(attribute: &str, key: &str) -> String {
    let instead = match key {
        "status_code" => "it is called `status`",
        "methods" => "`#[route(\"/path\", methods = [\"GET\", \"POST\"])]` takes several",
        "path" => "the path comes first: `\"/path\"`",
        "depends" => "it is called `dependencies`",
        "tag" => "it is called `tags`",
        "id" => "it is called `operation_id`",
        "timeout" => "it is called `deadline`",
        _ => return unknown_key(key, &format!("`#[{attribute}(…)]`"), KEYS),
    };
    format!("`#[{attribute}(…)]` has no `{key}`; {instead}")
}
