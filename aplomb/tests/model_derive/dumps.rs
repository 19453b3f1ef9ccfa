use aplomb::Model;
use aplomb::model::{Dump, Selection};

#[derive(Model, Clone)]
struct Item {
    #[field(alias = "itemName")]
    name: String,
    #[field(default = 10.5)]
    tax: f64,
    description: Option<String>,
    sub: Sub,
}

#[derive(Model, Clone)]
struct Sub {
    #[field(default)]
    name: Option<String>,
    #[field(extra)]
    rest: aplomb::json::Object,
}

fn dumped(options: &Dump<'_>) -> String {
    let item = Item {
        name: "Foo".to_owned(),
        tax: 10.5,
        description: None,
        sub: Sub {
            name: None,
            rest: [("more".to_owned(), 1.into())].into_iter().collect(),
        },
    };
    item.dump(options).to_string()
}

#[test]
fn options_of_response_models() {
    let all = r#"{"itemName":"Foo","tax":10.5,"description":null,"sub":{"name":null,"more":1}}"#;
    assert_eq!(dumped(&Dump::ALL), all);
    assert_eq!(
        dumped(&Dump {
            exclude_unset: true,
            ..Dump::ALL
        }),
        all
    );
    assert_eq!(
        dumped(&Dump {
            by_alias: false,
            ..Dump::ALL
        }),
        all.replace("itemName", "name")
    );
    assert_eq!(
        dumped(&Dump {
            exclude_none: true,
            ..Dump::ALL
        }),
        r#"{"itemName":"Foo","tax":10.5,"sub":{"more":1}}"#
    );
    assert_eq!(
        dumped(&Dump {
            exclude_defaults: true,
            ..Dump::ALL
        }),
        r#"{"itemName":"Foo","sub":{"more":1}}"#
    );
    let names: Selection = ["name", "tax"].into_iter().collect();
    assert_eq!(
        dumped(&Dump {
            include: Some(&names),
            ..Dump::ALL
        }),
        r#"{"itemName":"Foo","tax":10.5}"#
    );
    assert_eq!(
        dumped(&Dump {
            exclude: Some(&names),
            ..Dump::ALL
        }),
        r#"{"description":null,"sub":{"name":null,"more":1}}"#
    );
}

#[derive(Model, Clone, Default)]
struct Shelf {
    #[field(default, alias = "shelfName")]
    name: String,
    #[field(default_with = Vec::new)]
    items: Vec<i64>,
}

#[derive(Model)]
struct Room {
    #[field(default)]
    shelf: Shelf,
    #[field(default = vec![Shelf::default()])]
    shelves: Vec<Shelf>,
}

/// What Pydantic leaves out: values are held against defaults whole, and factories are asked.
#[test]
fn models_and_made_values_that_are_their_defaults_are_left_out() {
    let options = Dump {
        exclude_defaults: true,
        ..Dump::ALL
    };
    let shelf = |name: &str, items: &[i64]| Shelf {
        name: name.to_owned(),
        items: items.to_owned(),
    };
    let rooms = [
        (shelf("", &[]), vec![shelf("", &[])], "{}"),
        (shelf("", &[]), vec![], r#"{"shelves":[]}"#),
        (
            shelf("top", &[1]),
            vec![shelf("", &[]), shelf("", &[2])],
            r#"{"shelf":{"shelfName":"top","items":[1]},"shelves":[{},{"items":[2]}]}"#,
        ),
    ];
    for (shelf, shelves, expected) in rooms {
        let room = Room { shelf, shelves };
        assert_eq!(room.dump(&options).to_string(), expected);
        let by_name = Dump {
            by_alias: false,
            ..options
        };
        let expected = expected.replace("shelfName", "name");
        assert_eq!(room.dump(&by_name).to_string(), expected);
    }
}
