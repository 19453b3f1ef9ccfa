//! Structs with named fields: objects on the wire.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use syn::punctuated::Punctuated;
use syn::{LitStr, Token};

use super::container::{Computed, Container, Extra};
use super::field::Field;
use crate::errors::Errors;

mod writer;

pub(crate) use writer::quoted;

/// A struct, checked.
struct Structure<'a> {
    container: &'a Container<'a>,
    fields: Vec<Field<'a>>,
    extra: Extra,
}

pub(crate) fn derive(
    container: &Container<'_>,
    fields: &Punctuated<syn::Field, Token![,]>,
    errors: &mut Errors,
) -> TokenStream {
    let fields: Vec<_> = fields
        .iter()
        .map(|field| Field::read(field, container, errors))
        .collect();
    let rest = fields.iter().any(|field| field.extra);
    let structure = Structure {
        container,
        extra: match container.extra {
            None if rest => Extra::Allow,
            said => said.unwrap_or(Extra::Ignore),
        },
        fields,
    };
    structure.check(errors);
    let checks = structure.fields.iter().map(|field| container.proof(field));
    let members = [
        structure.read(),
        structure.validate(),
        structure.write(),
        structure.dump(),
        structure.schema(),
        container.label(),
        structure.table(),
        structure.merge(),
    ];
    let library = &container.library;
    container.implement(
        &quote!(#(#checks)*),
        &quote! {
            const PLACE: #library::model::Place = #library::model::Place::Body;
            #(#members)*
        },
    )
}

impl<'a> Structure<'a> {
    /// The fields of the wire.
    fn wire(&self) -> impl Iterator<Item = &Field<'a>> {
        self.fields
            .iter()
            .filter(|field| !field.extra && !field.skip)
    }

    fn constants(&self) -> &[(String, LitStr)] {
        &self.container.constants
    }

    fn computed(&self) -> impl Iterator<Item = (&Computed, String)> {
        self.container.computed.iter().map(|computed| {
            let name = syn::ext::IdentExt::unraw(&computed.name).to_string();
            (computed, self.container.case.apply(&name))
        })
    }

    /// The field that keeps unknown members.
    fn rest(&self) -> Option<&Ident> {
        self.fields
            .iter()
            .find(|field| field.extra)
            .and_then(|field| field.ident)
    }

    fn check(&self, errors: &mut Errors) {
        let mut rests = self.fields.iter().filter(|field| field.extra);
        match (rests.next(), rests.next(), self.container.entry("extra")) {
            (Some(_), Some(second), _) => errors.at(
                second.ident,
                "two fields cannot both keep the unknown members; keep one `#[field(extra)]`",
            ),
            (None, _, Some(entry)) if self.extra == Extra::Allow => errors.at(
                entry,
                "unknown members need a field to be kept in; add `#[field(extra)] rest: aplomb::json::Object`",
            ),
            (Some(_), _, Some(entry)) if self.extra != Extra::Allow => errors.at(
                entry,
                "`#[field(extra)]` keeps unknown members, which this leaves out; write `extra = \"allow\"`",
            ),
            _ => {}
        }
        let mut read: Vec<&str> = self.constants().iter().map(|(name, _)| &**name).collect();
        let mut written = read.clone();
        for field in self.wire() {
            let aliases = field.aliases.iter().chain([&field.alias]);
            let aliases: Vec<_> = aliases
                .filter(|_| field.is_read())
                .map(|one| &**one)
                .collect();
            let name = Some(field.serialization_alias.as_str()).filter(|_| !field.write_only);
            let taken = aliases.iter().find(|alias| read.contains(alias));
            let how = match (taken, name) {
                (Some(alias), _) => Some(("read", *alias)),
                (None, Some(name)) if written.contains(&name) => Some(("written", name)),
                _ => None,
            };
            if let Some((how, name)) = how {
                errors.at(
                    field.ident,
                    format!("another member is {how} under the name `{name}` already; give one of them another alias"),
                );
            }
            read.extend(aliases);
            written.extend(name);
        }
        for (computed, name) in self.computed() {
            if written.contains(&name.as_str()) {
                errors.at(
                    &computed.name,
                    format!("another member is written under the name `{name}` already; give one of them another name"),
                );
            }
        }
    }

    /// `fields`: the table of fields; constants come first, computed fields last.
    fn table(&self) -> TokenStream {
        let library = &self.container.library;
        let private = self.container.private();
        let constants = self.constants().iter().map(|(name, text)| {
            quote! {
                #library::model::Field {
                    name: #name,
                    alias: #name,
                    serialization_alias: #name,
                    schema: |_, _| #private::constant(#text),
                    ..#library::model::Field::PLAIN
                }
            }
        });
        let fields = self.wire().map(|field| field.row(library));
        let computed = self.computed().map(|(computed, name)| {
            let ty = &computed.ty;
            let description = computed.description.as_ref().map(
                |description| quote!(description: ::core::option::Option::Some(#description),),
            );
            quote! {
                #library::model::Field {
                    name: #name,
                    alias: #name,
                    serialization_alias: #name,
                    computed: true,
                    schema: <#ty as #library::Model>::schema,
                    #description
                    ..#library::model::Field::PLAIN
                }
            }
        });
        let rows = constants.chain(fields).chain(computed);
        quote! {
            fn fields() -> &'static [#library::model::Field] {
                const { &[#(#rows),*] }
            }
        }
    }

    /// The fields that are read, with their index in the table and the local that holds them.
    fn read_fields(&self) -> impl Iterator<Item = (usize, Ident, &Field<'a>)> {
        let first = self.constants().len();
        self.wire()
            .enumerate()
            .filter(|(_, field)| field.is_read())
            .map(move |(index, field)| (first + index, format_ident!("__field_{index}"), field))
    }

    /// The expression that builds the value, from the expressions for the fields of the wire.
    fn build(&self, value: impl Fn(usize, &Field<'a>) -> TokenStream) -> TokenStream {
        let mut index = self.constants().len();
        let fields = self.fields.iter().map(|field| {
            let ident = field.ident;
            if field.extra {
                return quote!(#ident: __rest);
            }
            if field.skip {
                let value = field
                    .default_value()
                    .unwrap_or_else(|| quote!(::core::default::Default::default()));
                return quote!(#ident: #value);
            }
            let value = value(index, field);
            index += 1;
            quote!(#ident: #value)
        });
        let fields: Vec<_> = fields.collect();
        quote!(Self { #(#fields),* })
    }

    /// `read`: the fast reader.
    fn read(&self) -> TokenStream {
        let library = &self.container.library;
        let private = self.container.private();
        let refused = quote!(#library::json::Refused);
        let constants = self.constants();
        let constant_keys = constants.iter().map(|(name, _)| format!("\"{name}\""));
        let keys = self
            .read_fields()
            .map(|(_, _, field)| format!("\"{}\"", field.alias));
        let keys: Vec<_> = constant_keys.chain(keys).collect();
        let skips =
            self.extra == Extra::Ignore && self.fields.iter().all(|field| field.aliases.is_empty());
        let locals = self.read_fields().map(|(_, local, field)| {
            let ty = field.ty;
            quote!(let mut #local: ::core::option::Option<#ty> = ::core::option::Option::None;)
        });
        let seen = (!constants.is_empty()).then(|| quote!(let mut __seen = 0_u64;));
        let expected = constants.iter().enumerate().map(|(key, (_, text))| {
            quote! {
                #key => {
                    if reader.string()? != #text {
                        return ::core::result::Result::Err(#refused);
                    }
                    __seen |= 1 << #key;
                }
            }
        });
        let all = (1_u64 << constants.len()) - 1;
        let complete = (!constants.is_empty()).then(|| {
            quote! {
                if __seen != #all {
                    return ::core::result::Result::Err(#refused);
                }
            }
        });
        let arms = self
            .read_fields()
            .enumerate()
            .map(|(key, (index, local, field))| {
                let ty = field.ty;
                let key = key + constants.len();
                let mut value = quote! {
                    <#ty as #library::Model>::read(reader, __fields[#index].constraints)?
                };
                if !field.validators.is_empty() {
                    let check = self.container.check(ty, &field.validators);
                    value = quote!((#check)(#value).map_err(|_| #refused)?);
                }
                quote!(#key => #local = ::core::option::Option::Some(#value),)
            });
        let built = self.build(|index, field| {
            let ty = field.ty;
            let default = field.default_value();
            if !field.is_read() {
                return default.unwrap_or_else(|| quote!(::core::option::Option::None));
            }
            let local = format_ident!("__field_{}", index - constants.len());
            let absent = default.unwrap_or_else(|| {
                if field.required {
                    return quote!(return ::core::result::Result::Err(#refused));
                }
                quote! {
                    match <#ty as #library::Model>::absent() {
                        ::core::option::Option::Some(__absent) => __absent,
                        ::core::option::Option::None => {
                            return ::core::result::Result::Err(#refused);
                        }
                    }
                }
            });
            quote! {
                match #local {
                    ::core::option::Option::Some(__value) => __value,
                    ::core::option::Option::None => #absent,
                }
            }
        });
        let rest = self
            .rest()
            .map(|_| quote!(let __rest = #library::json::Object::new();));
        let result = if self.container.validators.is_empty() {
            quote!(::core::result::Result::Ok(#built))
        } else {
            let check = self
                .container
                .check(&quote!(Self), &self.container.validators);
            quote!((#check)(#built).map_err(|_| #refused))
        };
        quote! {
            fn read(
                reader: &mut #library::json::Reader<'_>,
                _: &#library::model::Constraints,
            ) -> ::core::result::Result<Self, #refused> {
                let __fields = <Self as #library::Model>::fields();
                #(#locals)*
                #seen
                let mut __keys = #private::Keys::begin(reader, &[#(#keys),*], #skips)?;
                while let ::core::option::Option::Some(__key) = __keys.next(reader)? {
                    match __key {
                        #(#expected)*
                        #(#arms)*
                        _ => {}
                    }
                }
                #complete
                #rest
                #result
            }
        }
    }

    /// `validate`: the complete reader.
    fn validate(&self) -> TokenStream {
        let library = &self.container.library;
        let private = self.container.private();
        let constants = self
            .constants()
            .iter()
            .enumerate()
            .map(|(index, (_, text))| {
                let local = format_ident!("__constant_{index}");
                quote!(let #local = __members.constant(&__fields[#index], #text, problems);)
            });
        let taken = self.wire().enumerate().map(|(number, field)| {
            let local = format_ident!("__field_{number}");
            let index = number + self.constants().len();
            let ty = field.ty;
            let absent = match field.default_value() {
                Some(value) => quote!(|| ::core::option::Option::Some(#value)),
                None if field.required => quote!(|| ::core::option::Option::None),
                None => quote!(<#ty as #library::Model>::absent),
            };
            let check = if field.validators.is_empty() {
                quote!(::core::option::Option::None)
            } else {
                let check = self.container.check(ty, &field.validators);
                quote!(::core::option::Option::Some(#check))
            };
            quote! {
                let #local = __members.take(
                    &__fields[#index],
                    <#ty as #library::Model>::validate,
                    #absent,
                    #check,
                    problems,
                );
            }
        });
        let extra = match self.extra {
            Extra::Ignore => quote!(Ignore),
            Extra::Forbid => quote!(Forbid),
            Extra::Allow => quote!(Allow),
        };
        let present = (0..self.constants().len()).map(|index| format_ident!("__constant_{index}"));
        let built = self.build(|index, _| {
            let local = format_ident!("__field_{}", index - self.constants().len());
            quote!(#local?)
        });
        let result = if self.container.validators.is_empty() {
            quote!(::core::option::Option::Some(#built))
        } else {
            let check = self
                .container
                .check(&quote!(Self), &self.container.validators);
            quote!(#private::accept((#check)(#built), value, problems))
        };
        quote! {
            fn validate(
                value: &#library::json::Value,
                _: &#library::model::Constraints,
                problems: &mut #library::model::Problems,
            ) -> ::core::option::Option<Self> {
                let __fields = <Self as #library::Model>::fields();
                let mut __members = #private::Members::of(value, problems)?;
                #(#constants)*
                #(#taken)*
                let __rest = __members.rest(#library::model::Extra::#extra, problems)?;
                #(#present?;)*
                #result
            }
        }
    }

    /// `dump`: the value as JSON.
    fn dump(&self) -> TokenStream {
        let library = &self.container.library;
        let private = self.container.private();
        let constants = self
            .constants()
            .iter()
            .map(|(_, text)| quote!(#library::json::Value::from(#text)));
        let fields = self.wire().map(|field| {
            let (ident, ty) = (field.ident, field.ty);
            quote!(<#ty as #library::Model>::dump(&self.#ident, &__options))
        });
        let computed = self.computed().map(|(computed, _)| {
            let Computed { ty, path, .. } = computed;
            quote!(<#ty as #library::Model>::dump(&#path(self), &__options))
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
            .map(|(index, (value, _))| {
                quote! {
                    if options.wants(&__fields[#index]) {
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
                let __options = options.nested();
                let mut __object = #library::json::Object::with_capacity(__fields.len());
                #(#puts)*
                #rest
                #library::json::Value::Object(__object)
            }
        }
    }

    fn schema(&self) -> TokenStream {
        let library = &self.container.library;
        let extra = match self.extra {
            Extra::Ignore => TokenStream::new(),
            Extra::Forbid => quote!(extra: #library::model::Extra::Forbid,),
            Extra::Allow => quote!(extra: #library::model::Extra::Allow,),
        };
        let named = self.container.named(&extra);
        quote! {
            fn schema(
                schemas: &mut #library::openapi::Schemas,
                _: &#library::model::Constraints,
            ) -> #library::json::Object {
                #named.structure(
                    ::core::any::TypeId::of::<Self>(),
                    &<Self as #library::Model>::label(),
                    <Self as #library::Model>::fields(),
                    schemas,
                )
            }
        }
    }

    /// `merge`: a partial update.
    fn merge(&self) -> TokenStream {
        let fields = self.wire().filter(|field| field.is_read()).map(|field| {
            let (ident, name) = (field.ident, &field.name);
            quote! {
                if set(#name) {
                    ::core::mem::swap(&mut self.#ident, &mut other.#ident);
                }
            }
        });
        let rest = self
            .rest()
            .map(|rest| quote!(self.#rest.extend(::core::mem::take(&mut other.#rest));));
        quote! {
            #[allow(unused_mut, unused_variables)]
            fn merge(&mut self, mut other: Self, set: &dyn ::core::ops::Fn(&str) -> bool) {
                #(#fields)*
                #rest
            }
        }
    }
}
