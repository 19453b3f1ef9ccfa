//! The implementations for a union whose branches are checked.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::{ToTokens as _, quote};
use syn::LitStr;

use super::Branch;
use crate::model::container::Container;
use crate::model::enumeration::Choice;

/// What depends on how the branches are told apart.
struct Body {
    members: TokenStream,
    /// An expression for the schema, with `schemas` in scope.
    schema: TokenStream,
    label: TokenStream,
}

/// The members of the implementation.
pub(super) fn members(container: &Container<'_>, branches: &[Branch<'_>]) -> TokenStream {
    let body = match &container.tag {
        Some(tag) => tagged(container, tag, branches),
        None => untagged(container, branches),
    };
    let holds_itself = holds_itself(container, branches);
    let body = body.members(container, holds_itself);
    let shared = shared(container, branches);
    let structures = (!holds_itself).then(|| structures(container, branches));
    quote!(#body #shared #structures)
}

impl Body {
    /// A union is described where it stands, under a name only where it holds itself.
    fn members(&self, container: &Container<'_>, holds_itself: bool) -> TokenStream {
        let library = &container.library;
        let private = container.private();
        let Self {
            members,
            schema,
            label,
        } = self;
        let (schema, label) = if holds_itself {
            let schema = quote! {
                #private::named_union(
                    ::core::any::TypeId::of::<Self>(),
                    &<Self as #library::Model>::label(),
                    ::core::module_path!(),
                    schemas,
                    |schemas| #schema,
                )
            };
            (schema, container.label())
        } else {
            // It may still hold itself by way of another union.
            let name = container.ident.to_string();
            let label = quote! {
                fn label() -> ::std::borrow::Cow<'static, str> {
                    #private::label_once(::core::any::TypeId::of::<Self>(), #name, || #label)
                }
            };
            let schema = quote! {
                #private::union_schema(
                    ::core::any::TypeId::of::<Self>(),
                    #name,
                    ::core::module_path!(),
                    schemas,
                    |schemas| #schema,
                )
            };
            (schema, label)
        };
        quote! {
            #members

            fn schema(
                schemas: &mut #library::openapi::Schemas,
                _: &#library::model::Constraints,
            ) -> #library::json::Object {
                #schema
            }

            #label
        }
    }
}

/// Whether the type of a branch speaks of the union itself, as in `List(Vec<Json>)`.
fn holds_itself(container: &Container<'_>, branches: &[Branch<'_>]) -> bool {
    fn speaks_of(tokens: TokenStream, ident: &Ident) -> bool {
        tokens.into_iter().any(|token| match token {
            TokenTree::Ident(word) => word == *ident || word == "Self",
            TokenTree::Group(group) => speaks_of(group.stream(), ident),
            _ => false,
        })
    }
    branches
        .iter()
        .any(|branch| speaks_of(branch.field.ty.to_token_stream(), container.ident))
}

/// The validator of a branch, as a closure.
fn validator(branch: &Branch<'_>, library: &TokenStream) -> TokenStream {
    let (ident, ty) = (branch.ident, branch.field.ty);
    let constraints = branch.field.constraints.tokens(library);
    quote! {
        |__value, __problems| {
            <#ty as #library::Model>::validate(__value, #constraints, __problems).map(Self::#ident)
        }
    }
}

/// `validate` around `found`, and the validators of the type.
fn validate(container: &Container<'_>, found: &TokenStream) -> TokenStream {
    let library = &container.library;
    let private = container.private();
    let result = if container.validators.is_empty() {
        found.clone()
    } else {
        let check = container.check(&quote!(Self), &container.validators);
        quote! {
            let __found = #found?;
            #private::accept((#check)(__found), value, problems)
        }
    };
    quote! {
        fn validate(
            value: &#library::json::Value,
            _: &#library::model::Constraints,
            problems: &mut #library::model::Problems,
        ) -> ::core::option::Option<Self> {
            if #private::too_deep(value, problems) {
                return ::core::option::Option::None;
            }
            #result
        }
    }
}

fn untagged(container: &Container<'_>, branches: &[Branch<'_>]) -> Body {
    let library = &container.library;
    let private = container.private();
    let types: Vec<_> = branches.iter().map(|branch| branch.field.ty).collect();
    let validators = branches.iter().map(|branch| validator(branch, library));
    let constraints: Vec<_> = branches
        .iter()
        .map(|branch| branch.field.constraints.tokens(library))
        .collect();
    let validate = validate(
        container,
        &quote! {
            #private::union::untagged(value, problems, const { &[#(
                #private::union::Branch {
                    label: || <#types as #library::Model>::label_with(#constraints),
                    validate: #validators,
                }
            ),*] })
        },
    );
    let members = quote! {
        const PLACE: #library::model::Place =
            #private::place_of(&[#(<#types as #library::Model>::PLACE),*]);

        fn read(
            reader: &mut #library::json::Reader<'_>,
            _: &#library::model::Constraints,
        ) -> ::core::result::Result<Self, #library::json::Refused> {
            #private::read_by_validating(reader)
        }

        #validate

    };
    Body {
        members,
        schema: quote! {
            #private::any_of([#(<#types as #library::Model>::schema(schemas, #constraints)),*])
        },
        label: quote! {
            #private::union_label("union", &[#(<#types as #library::Model>::label()),*])
        },
    }
}

fn tagged(container: &Container<'_>, tag: &LitStr, branches: &[Branch<'_>]) -> Body {
    let library = &container.library;
    let private = container.private();
    let types: Vec<_> = branches.iter().map(|branch| branch.field.ty).collect();
    let refused = quote!(#library::json::Refused);
    let rows = branches.iter().flat_map(|branch| {
        let validator = validator(branch, library);
        branch.tags.iter().map(move |tag| {
            let tag = tag.tokens(library);
            let private = container.private();
            quote!(#private::union::Tagged { tag: #tag, validate: #validator })
        })
    });
    let arms = branches.iter().filter_map(|branch| {
        let texts: Vec<_> = branch
            .tags
            .iter()
            .filter_map(|tag| match tag {
                Choice::Text(text) => Some(text),
                Choice::Integer(_) => None,
            })
            .collect();
        let (ident, ty) = (branch.ident, branch.field.ty);
        let constraints = branch.field.constraints.tokens(library);
        (!texts.is_empty()).then(|| {
            quote! {
                #(#texts)|* => <#ty as #library::Model>::read(reader, #constraints).map(Self::#ident),
            }
        })
    });
    let read = quote! {
        match &*#private::tag(reader, #tag)? {
            #(#arms)*
            _ => ::core::result::Result::Err(#refused),
        }
    };
    let read = if container.validators.is_empty() {
        read
    } else {
        let check = container.check(&quote!(Self), &container.validators);
        quote!((#check)((#read)?).map_err(|_| #refused))
    };
    let tags = branches.iter().map(|branch| {
        let tags = branch.tags.iter().map(|tag| tag.tokens(library));
        quote!(&[#(#tags),*])
    });
    let validate = validate(
        container,
        &quote!(#private::union::tagged(value, problems, #tag, const { &[#(#rows),*] })),
    );
    let members = quote! {
        const PLACE: #library::model::Place = #library::model::Place::Body;

        fn read(
            reader: &mut #library::json::Reader<'_>,
            _: &#library::model::Constraints,
        ) -> ::core::result::Result<Self, #refused> {
            #read
        }

        #validate

    };
    Body {
        members,
        schema: quote! {
            #private::one_of(
                #tag,
                [#((
                    <#types as #library::Model>::schema(
                        schemas,
                        &#library::model::Constraints::NONE,
                    ),
                    #tags as &[#library::model::Choice],
                )),*],
            )
        },
        label: quote! {
            #private::union_label("tagged-union", &[#(<#types as #library::Model>::label()),*])
        },
    }
}

fn shared(container: &Container<'_>, branches: &[Branch<'_>]) -> TokenStream {
    let library = &container.library;
    let idents: Vec<_> = branches.iter().map(|branch| branch.ident).collect();
    quote! {
        fn write(&self, writer: &mut #library::json::Writer) {
            match self {
                #(Self::#idents(__value) => #library::Model::write(__value, writer),)*
            }
        }

        fn dump(&self, options: &#library::model::Dump<'_>) -> #library::json::Value {
            match self {
                #(Self::#idents(__value) => #library::Model::dump(__value, options),)*
            }
        }
    }
}

/// `structures`: those of the branches, if all of them have some.
fn structures(container: &Container<'_>, branches: &[Branch<'_>]) -> TokenStream {
    let library = &container.library;
    let private = container.private();
    let types = branches.iter().map(|branch| branch.field.ty);
    quote! {
        fn structures() -> ::std::vec::Vec<#library::model::Structure> {
            #private::structures_of([#(<#types as #library::Model>::structures),*])
        }
    }
}
