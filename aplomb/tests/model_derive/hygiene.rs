//! The expansion must not depend on what the names around it mean, and must pass strict lints.

#![deny(warnings, missing_docs, unused_qualifications, clippy::pedantic)]

mod elsewhere {
    pub(crate) use aplomb as library;
}

/// Names that would shadow the prelude.
mod shadowed {
    #![allow(dead_code, non_camel_case_types)]

    pub(super) struct Some;
    pub(super) struct None;
    pub(super) struct Ok;
    pub(super) struct Err;
    pub(super) trait Model {}
    pub(super) trait Default {}
    pub(super) trait Into {}

    /// A model among hostile names.
    #[derive(Debug, PartialEq, aplomb::Model)]
    pub(super) struct Hostile {
        pub(super) value: i64,
        #[field(default)]
        pub(super) problems: String,
        #[field(default = 3)]
        pub(super) reader: i64,
    }
}

#[derive(Debug, PartialEq, aplomb::Model)]
#[model(crate = "crate::hygiene::elsewhere::library", serde = false)]
struct Renamed {
    #[field(min_length = 1, pattern = "x", default = Text("x".to_owned()))]
    a: Text,
    #[field(default)]
    value: i64,
}

#[derive(Debug, PartialEq, aplomb::Model)]
#[model(crate = crate::hygiene::elsewhere::library)]
struct Text(String);

#[test]
fn other_meanings_of_names_do_not_matter() {
    let hostile = crate::read::<shadowed::Hostile>(r#"{"value":1}"#);
    assert_eq!(hostile.map(|hostile| hostile.reader), Ok(3));
    let renamed = crate::read::<Renamed>("{}");
    assert_eq!(renamed.map(|renamed| renamed.a), Ok(Text("x".to_owned())));
}
