//! `write` and `dump`; in the first every name, quote and null known beforehand is ready-made text.

use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};
use syn::Type;

use super::Structure;
use crate::model::container::Computed;
use crate::model::field::{Field, option};
use crate::signature::placed;

/// The statements of `write` and the text that waits to be joined to the next.
struct Pieces {
    statements: TokenStream,
    pending: String,
    first: bool,
    library: TokenStream,
}

impl Pieces {
    fn name(&mut self, name: &str) -> String {
        let comma = if self.first { "" } else { "," };
        self.first = false;
        format!("{comma}\"{name}\":")
    }

    fn value(&mut self, name: &str, write: &TokenStream) {
        let name = self.name(name);
        let text = std::mem::take(&mut self.pending) + &name;
        self.statements.extend(quote! {
            writer.raw(#text);
            #write;
        });
    }

    /// Optional fields in a row, which are often null together.
    fn optional(&mut self, run: &[(&str, &Ident, &Type)]) {
        let library = self.library.clone();
        let before = std::mem::take(&mut self.pending);
        let mut nulls = before.clone();
        let mut each = TokenStream::new();
        for (index, (name, ident, ty)) in run.iter().enumerate() {
            let name = self.name(name);
            nulls += &format!("{name}null");
            let some = if index == 0 {
                format!("{before}{name}")
            } else {
                name
            };
            let none = format!("{some}null");
            each.extend(quote! {
                match &self.#ident {
                    ::core::option::Option::Some(__value) => {
                        writer.raw(#some);
                        <#ty as #library::Model>::write(__value, writer);
                    }
                    ::core::option::Option::None => writer.raw(#none),
                }
            });
        }
        let idents = run.iter().map(|(_, ident, _)| ident);
        self.statements.extend(if run.len() == 1 {
            each
        } else {
            quote! {
                if #(self.#idents.is_none())&&* {
                    writer.raw(#nulls);
                } else {
                    #each
                }
            }
        });
    }
}

/// How a member is put into the JSON of the whole, as the field `__field`.
struct Put {
    value: TokenStream,
    /// What else must hold.
    unless: TokenStream,
    method: TokenStream,
}

impl Put {
    fn of(value: TokenStream) -> Self {
        Self {
            value,
            unless: TokenStream::new(),
            method: quote!(put),
        }
    }
}

impl Structure<'_> {
    pub(super) fn write(&self) -> TokenStream {
        let library = &self.container.library;
        let mut pieces = Pieces {
            statements: TokenStream::new(),
            pending: "{".to_owned(),
            first: true,
            library: library.clone(),
        };
        for (name, text) in self.constants() {
            let name = pieces.name(name);
            pieces.pending += &format!("{name}{}", quoted(&text.value()));
        }
        let mut run: Vec<(&str, &Ident, &Type)> = Vec::new();
        for field in self.wire().filter(|field| !field.write_only) {
            let Some(ident) = field.ident else { continue };
            if let (Some(ty), None) = (option(field.ty), &field.serializer) {
                run.push((&field.serialization_alias, ident, ty));
                continue;
            }
            if !run.is_empty() {
                pieces.optional(&std::mem::take(&mut run));
            }
            let ty = field.ty;
            let write = match field.serialized() {
                Some((value, at)) => {
                    let here = placed(library, at);
                    quote_spanned!(at=> #here::Model::write(&#value, writer))
                }
                None => quote!(<#ty as #library::Model>::write(&self.#ident, writer)),
            };
            pieces.value(&field.serialization_alias, &write);
        }
        if !run.is_empty() {
            pieces.optional(&run);
        }
        for (computed, name) in self.computed() {
            let (ty, path) = (&computed.ty, &computed.path);
            pieces.value(
                &name,
                &quote!(<#ty as #library::Model>::write(&#path(self), writer)),
            );
        }
        let mut end = pieces.pending.clone();
        let rest = self.rest().map(|rest| {
            let private = self.container.private();
            let first = pieces.first;
            let before = std::mem::take(&mut end);
            quote! {
                writer.raw(#before);
                #private::write_rest(&self.#rest, #first, writer);
            }
        });
        end.push('}');
        let statements = pieces.statements;
        quote! {
            fn write(&self, writer: &mut #library::json::Writer) {
                #statements
                #rest
                writer.raw(#end);
            }
        }
    }

    fn put(&self, field: &Field<'_>) -> Put {
        let library = &self.container.library;
        let (ident, ty) = (field.ident, field.ty);
        let dump = quote!(<#ty as #library::Model>::dump);
        let whole = quote!(#dump(&self.#ident, &#library::model::Dump::ALL));
        match field.serialized() {
            // As in Pydantic, a default is never left out, and null goes by what the field holds.
            Some((value, at)) => {
                let here = placed(library, at);
                let made = quote_spanned!(at=> #here::Model::dump(&#value, &__options));
                Put {
                    // What a serializer makes of secrets does not tell them any more.
                    value: quote! {
                        if __options.hide_secrets {
                            #dump(&self.#ident, &__options)
                        } else {
                            #made
                        }
                    },
                    unless: quote!(&& !options.leaves_none(|| #whole)),
                    method: quote!(put_serialized),
                }
            }
            None => Put {
                unless: quote!(&& !options.leaves_default(__field, || #whole)),
                ..Put::of(quote!(#dump(&self.#ident, &__options)))
            },
        }
    }

    /// `dump`: the value as JSON.
    pub(super) fn dump(&self) -> TokenStream {
        let library = &self.container.library;
        let private = self.container.private();
        let constants = self
            .constants()
            .iter()
            .map(|(_, text)| Some(Put::of(quote!(#library::json::Value::from(#text)))));
        let fields = self
            .wire()
            .map(|field| (!field.write_only).then(|| self.put(field)));
        let computed = self.computed().map(|(computed, _)| {
            let Computed { ty, path, .. } = computed;
            let value = quote!(<#ty as #library::Model>::dump(&#path(self), &__options));
            Some(Put::of(value))
        });
        let puts = constants.chain(fields).chain(computed).enumerate();
        let puts = puts.filter_map(|(index, put)| {
            let Put {
                value,
                unless,
                method,
            } = put?;
            Some(quote! {
                let __field = &__fields[#index];
                if options.wants(__field) #unless {
                    let __options = options.below(__field);
                    let __value = #value;
                    options.#method(&mut __object, __field, __value);
                }
            })
        });
        let rest = self
            .rest()
            .map(|rest| quote!(#private::dump_rest(&mut __object, &self.#rest, options);));
        quote! {
            #[allow(unused_variables, unused_mut)]
            fn dump(&self, options: &#library::model::Dump<'_>) -> #library::json::Value {
                let __fields = <Self as #library::Model>::fields();
                let mut __object = #library::json::Object::with_capacity(__fields.len());
                #(#puts)*
                #rest
                #library::json::Value::Object(__object)
            }
        }
    }
}

/// A text as JSON spells it.
pub(crate) fn quoted(text: &str) -> String {
    let mut quoted = String::from('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            control if control < ' ' => {
                quoted += &format!("\\u{:04x}", u32::from(control));
            }
            other => quoted.push(other),
        }
    }
    quoted + "\""
}
