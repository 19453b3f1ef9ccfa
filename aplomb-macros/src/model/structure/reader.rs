//! `read` and `validate`: the two readers.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::Structure;
use crate::model::container::Extra;
use crate::model::field::Field;

impl<'a> Structure<'a> {
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
    pub(super) fn read(&self) -> TokenStream {
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
                if !field.before.is_empty() {
                    // The complete reader has what was sent as a value.
                    return quote!(#key => return ::core::result::Result::Err(#refused),);
                }
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
            // The complete reader checks it.
            let default = default.filter(|_| !field.validate_default);
            let absent = default.unwrap_or_else(|| {
                if field.required || field.validate_default {
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
    pub(super) fn validate(&self) -> TokenStream {
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
            let validate = field.validate(library);
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
            let take = match field.default_value() {
                Some(value) if field.validate_default => quote! {
                    __members.take_or_check(
                        &__fields[#index],
                        #validate,
                        || #private::shown::<#ty>(&#value),
                        #check,
                        problems,
                    )
                },
                _ => quote! {
                    __members.take(
                        &__fields[#index],
                        #validate,
                        #absent,
                        #check,
                        problems,
                    )
                },
            };
            quote!(let #local = #take;)
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
                let __form = #private::form_members(value, __fields, problems);
                let value = __form.as_ref().unwrap_or(value);
                let mut __members = #private::Members::of(value, problems)?;
                #(#constants)*
                #(#taken)*
                let __rest = __members.rest(#library::model::Extra::#extra, problems)?;
                #(#present?;)*
                #result
            }
        }
    }
}
