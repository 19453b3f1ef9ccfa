use aplomb::Model;
use aplomb::model::{Dump, Field, Patch};
use aplomb::openapi::Mode;

use crate::{fast, read, schema, value};

#[derive(Model, Debug, Clone, PartialEq)]
struct Item {
    name: Option<String>,
    #[field(alias = "fullPrice", default = 1.5)]
    price: f64,
    #[field(default)]
    tags: Vec<String>,
    #[field(skip)]
    secret: i64,
}

#[test]
fn only_what_was_sent_is_copied() {
    for patch in [
        fast::<Patch<Item>>(r#"{"fullPrice":3.0,"name":null}"#),
        read::<Patch<Item>>(r#"{"fullPrice":"3","name":null}"#).ok(),
    ] {
        let patch = patch.unwrap();
        assert!(patch.is_set("price") && patch.is_set("name") && !patch.is_set("tags"));
        assert_eq!(patch.price, 3.0);
        let unset = Dump {
            exclude_unset: true,
            ..Dump::ALL
        };
        assert_eq!(
            patch.dump(&unset),
            value(r#"{"name":null,"fullPrice":3.0}"#)
        );
        assert_eq!(
            patch.dump(&Dump::ALL),
            value(r#"{"name":null,"fullPrice":3.0,"tags":[]}"#)
        );
        let mut item = Item {
            name: Some("Foo".to_owned()),
            price: 1.0,
            tags: vec!["a".to_owned()],
            secret: 7,
        };
        patch.apply(&mut item);
        assert_eq!(
            item,
            Item {
                name: None,
                price: 3.0,
                tags: vec!["a".to_owned()],
                secret: 7
            }
        );
    }
}

#[test]
fn a_patch_is_described_as_its_model() {
    assert_eq!(
        schema::<Patch<Item>>(Mode::Input),
        schema::<Item>(Mode::Input)
    );
    let names = |fields: &[Field]| fields.iter().map(|field| field.name).collect::<Vec<_>>();
    assert_eq!(
        names(<Patch<Item> as Model>::fields()),
        ["name", "price", "tags"]
    );
    let problems = Patch::<Item>::from_value(&value(r#"{"fullPrice":"x"}"#)).unwrap_err();
    assert_eq!(
        problems.to_string(),
        "fullPrice: Input should be a valid number, unable to parse string as a number"
    );
}

#[test]
fn a_name_that_is_not_read_sets_nothing() {
    let text = r#"{"price":5}"#;
    let slow = Patch::<Item>::from_value(&value(text)).ok();
    for patch in [fast::<Patch<Item>>(text), slow] {
        let patch = patch.unwrap();
        assert!(!patch.is_set("price"));
        let mut item = Item {
            name: None,
            price: 7.0,
            tags: Vec::new(),
            secret: 0,
        };
        patch.apply(&mut item);
        assert_eq!(item.price, 7.0);
    }
}
