//! Enums with a payload in each variant: one of several types.

mod emit;

use proc_macro2::{Ident, TokenStream};
use syn::ext::IdentExt as _;
use syn::{DataEnum, Fields, Variant};

use super::container::Container;
use super::enumeration::Choice;
use super::field::Field;
use crate::attribute;
use crate::constraint::Constraints;
use crate::errors::{Errors, unknown_key};

/// A variant, checked.
struct Branch<'a> {
    ident: &'a Ident,
    field: Field<'a>,
    tags: Vec<Choice>,
}

pub(crate) fn derive(
    container: &Container<'_>,
    data: &DataEnum,
    errors: &mut Errors,
) -> TokenStream {
    match (container.entry("untagged"), container.entry("tag")) {
        (None, None) => errors.at(
            container.ident,
            "nothing says how the variants are told apart; write `#[model(tag = \"kind\")]` to look at a field, or `#[model(untagged)]` to try each",
        ),
        (Some(_), Some(tag)) => errors.at(
            &tag.key,
            "`untagged` and `tag` exclude each other; keep one",
        ),
        _ => {}
    }
    let mut branches: Vec<Branch<'_>> = Vec::new();
    for variant in &data.variants {
        let Some(branch) = branch(variant, container, errors) else {
            continue;
        };
        for tag in &branch.tags {
            if branches.iter().any(|earlier| earlier.tags.contains(tag)) {
                errors.at(
                    branch.ident,
                    format!("another variant has the tag {tag} already; give one of them another with `#[model(value = …)]`"),
                );
            }
        }
        branches.push(branch);
    }
    let checks = branches.iter().map(|branch| container.proof(&branch.field));
    container.implement(&checks.collect(), &emit::members(container, &branches))
}

fn branch<'a>(
    variant: &'a Variant,
    container: &Container<'_>,
    errors: &mut Errors,
) -> Option<Branch<'a>> {
    let field = match &variant.fields {
        Fields::Unnamed(fields) if fields.unnamed.len() == 1 => &fields.unnamed[0],
        Fields::Unnamed(_) => {
            errors.at(
                &variant.ident,
                format!("`{0}` holds several values, and a variant of a union holds one type; put them in a struct: `{0}({0})`", variant.ident),
            );
            return None;
        }
        Fields::Named(_) => {
            errors.at(
                &variant.ident,
                format!("`{0}` has named fields, and a variant of a union holds one type; put them in a struct that is a model: `{0}({0})`", variant.ident),
            );
            return None;
        }
        Fields::Unit => {
            errors.at(
                &variant.ident,
                format!("`{0}` holds nothing, while other variants hold a type; give it one, or make all of them plain values", variant.ident),
            );
            return None;
        }
    };
    let field = Field::read(field, container, errors);
    for entry in &field.entries {
        let key = entry.key.to_string();
        if !Constraints::KEYS.contains(&key.as_str()) {
            errors.at(
                &entry.key,
                format!("`{key}` means nothing on a variant; only limits do"),
            );
        }
    }
    let mut tags = Vec::new();
    for entry in attribute::of(&variant.attrs, "model", errors) {
        match entry.key.to_string().as_str() {
            "value" | "rename" if container.tag.is_some() => {
                tags.extend(entry.value(errors).and_then(|value| Choice::read(value, errors)));
            }
            "values" if container.tag.is_some() => {
                for value in entry.values(errors) {
                    tags.extend(Choice::read(value, errors));
                }
            }
            key @ ("value" | "values" | "rename") => errors.at(
                &entry.key,
                format!("`{key}` is what a tag is compared with, and there is no tag; add `#[model(tag = \"…\")]` or remove it"),
            ),
            key => {
                let known = ["value", "values"];
                errors.at(&entry.key, unknown_key(key, "`#[model(…)]` on a variant", &known));
            }
        }
    }
    if tags.is_empty() && container.tag.is_some() {
        let name = variant.ident.unraw().to_string();
        tags.push(Choice::Text(container.case.apply(&name)));
    }
    Some(Branch {
        ident: &variant.ident,
        field,
        tags,
    })
}
