//! The table of fields, and the schema made from it.

use proc_macro2::TokenStream;
use quote::quote;

use super::Structure;
use crate::model::container::Extra;

impl Structure<'_> {
    /// `fields`: the table of fields; constants come first, computed fields last.
    pub(super) fn table(&self) -> TokenStream {
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
        let extra = match self.extra {
            Extra::Ignore => None,
            Extra::Forbid => Some(quote!(Forbid)),
            Extra::Allow => Some(quote!(Allow)),
        };
        let structures = extra.map(|extra| {
            quote! {
                fn structures() -> ::std::vec::Vec<#library::model::Structure> {
                    ::std::vec![#library::model::Structure::new(
                        <Self as #library::Model>::fields(),
                        #library::model::Extra::#extra,
                    )]
                }
            }
        });
        quote! {
            fn fields() -> &'static [#library::model::Field] {
                const { &[#(#rows),*] }
            }
            #structures
        }
    }

    pub(super) fn schema(&self) -> TokenStream {
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
}
