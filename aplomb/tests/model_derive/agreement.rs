//! What the fast reader accepts the complete one reads alike, and what is written is read back.

use aplomb::Model;
use proptest::prelude::*;

use crate::{fast, read, written};

#[derive(Model, Debug, Clone, PartialEq)]
struct Item {
    #[field(min_length = 1, max_length = 4)]
    name: String,
    #[field(ge = -5, lt = 100)]
    size: i64,
    price: Option<f64>,
    #[field(default, alias = "Tags")]
    tags: Vec<Tag>,
    next: Option<Box<Self>>,
}

#[derive(Model, Debug, Clone, Copy, PartialEq)]
#[model(rename_all = "lowercase")]
enum Tag {
    Old,
    New,
}

/// JSON that is sometimes an item.
fn json() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("null".to_owned()),
        Just("true".to_owned()),
        (-200_i64..200).prop_map(|number| number.to_string()),
        (-10.0..10.0_f64).prop_map(|number| format!("{number:?}")),
        "[a-c\"é]{0,5}".prop_map(|text| aplomb::Value::from(text).to_string()),
        prop::sample::select(vec![r#""old""#, r#"["new","old"]"#, "[]", r#""7""#, "1e2"])
            .prop_map(str::to_owned),
    ];
    leaf.prop_recursive(3, 24, 6, |inner| {
        let key = prop::sample::select(vec!["name", "size", "price", "Tags", "next", "x"]);
        prop::collection::vec((key, inner), 0..7).prop_map(|members| {
            let members: Vec<_> = members
                .into_iter()
                .map(|(key, value)| format!("\"{key}\":{value}"))
                .collect();
            format!("{{{}}}", members.join(","))
        })
    })
}

fn item() -> impl Strategy<Value = Item> {
    let tag = prop_oneof![Just(Tag::Old), Just(Tag::New)];
    let leaf = (
        "[a-z\"\\\\é]{1,4}",
        -5..100_i64,
        prop::option::of(-1e9..1e9),
        prop::collection::vec(tag, 0..3),
    )
        .prop_map(|(name, size, price, tags)| Item {
            name,
            size,
            price,
            tags,
            next: None,
        });
    leaf.prop_recursive(3, 8, 1, |inner| {
        (inner.clone(), prop::option::of(inner)).prop_map(|(item, next)| Item {
            next: next.map(Box::new),
            ..item
        })
    })
}

proptest! {
    #[test]
    fn the_readers_agree(text in json()) {
        let _ = read::<Item>(&text);
    }

    #[test]
    fn what_is_written_is_read_back(item in item()) {
        let text = written(&item);
        prop_assert_eq!(fast::<Item>(&text), Some(item.clone()));
        prop_assert_eq!(read::<Item>(&text), Ok(item));
    }
}
