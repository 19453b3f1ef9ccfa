//! `write` and `dump`; in the first every name, quote and null known beforehand is ready-made text.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::Type;

use super::Structure;
use crate::model::container::Computed;
use crate::model::field::option;

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

    fn value(&mut self, name: &str, ty: &Type, value: &TokenStream) {
        let name = self.name(name);
        let text = std::mem::take(&mut self.pending) + &name;
        let library = &self.library;
        self.statements.extend(quote! {
            writer.raw(#text);
            <#ty as #library::Model>::write(#value, writer);
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
            if let Some(ty) = option(field.ty) {
                run.push((&field.serialization_alias, ident, ty));
                continue;
            }
            if !run.is_empty() {
                pieces.optional(&std::mem::take(&mut run));
            }
            pieces.value(&field.serialization_alias, field.ty, &quote!(&self.#ident));
        }
        if !run.is_empty() {
            pieces.optional(&run);
        }
        for (computed, name) in self.computed() {
            let (ty, path) = (&computed.ty, &computed.path);
            pieces.value(&name, ty, &quote!(&#path(self)));
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

    /// `dump`: the value as JSON.
    pub(super) fn dump(&self) -> TokenStream {
        let library = &self.container.library;
        let private = self.container.private();
        let constants = self
            .constants()
            .iter()
            .map(|(_, text)| (quote!(#library::json::Value::from(#text)), None));
        let fields = self.wire().map(|field| {
            let (ident, ty) = (field.ident, field.ty);
            let dump = quote!(<#ty as #library::Model>::dump);
            let whole = quote!(#dump(&self.#ident, &#library::model::Dump::ALL));
            (quote!(#dump(&self.#ident, &__options)), Some(whole))
        });
        let computed = self.computed().map(|(computed, _)| {
            let Computed { ty, path, .. } = computed;
            let value = quote!(<#ty as #library::Model>::dump(&#path(self), &__options));
            (value, None)
        });
        let written = self.constants().iter().map(|_| true);
        let written = written
            .chain(self.wire().map(|field| !field.write_only))
            .chain(self.computed().map(|_| true));
        let values = constants.chain(fields).chain(computed);
        let puts = values
            .zip(written)
            .enumerate()
            .filter(|(_, (_, written))| *written)
            .map(|(index, ((value, whole), _))| {
                let unless_default = whole
                    .map(|whole| quote!(&& !options.leaves_default(&__fields[#index], || #whole)));
                quote! {
                    if options.wants(&__fields[#index]) #unless_default {
                        let __options = options.below(&__fields[#index]);
                        let __value = #value;
                        options.put(&mut __object, &__fields[#index], __value);
                    }
                }
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
