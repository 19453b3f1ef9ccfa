use aplomb::Model;
use aplomb::json::Object;

use crate::{fast, read, refused, written};

#[derive(Model, Debug, Clone, PartialEq)]
struct Item {
    #[field(min_length = 1, max_length = 5)]
    name: String,
    #[field(gt = 0)]
    price: f64,
    tax: Option<f64>,
    #[field(default)]
    tags: Vec<String>,
    #[field(default = "none")]
    note: String,
}

fn item() -> Item {
    Item {
        name: "Foo".to_owned(),
        price: 1.5,
        tax: None,
        tags: Vec::new(),
        note: "none".to_owned(),
    }
}

#[test]
fn absent_fields_hold_their_defaults() {
    for text in [
        r#"{"name":"Foo","price":1.5}"#,
        r#" { "price" : 1.5 , "name" : "Foo" } "#,
        r#"{"price":1.5,"name":"Foo","tax":null,"tags":[],"note":"none"}"#,
        r#"{"unknown":{"deep":[1,{}]},"name":"Foo","price":1.5}"#,
        r#"{"name":"Bar","price":1.5,"name":"Foo"}"#,
        r#"{"n\u0061me":"Foo","price":1.5}"#,
    ] {
        assert_eq!(fast::<Item>(text), Some(item()), "{text}");
        assert_eq!(read::<Item>(text), Ok(item()), "{text}");
    }
    assert_eq!(fast::<Item>(r#"{"name":"Foo","price":"1.5"}"#), None);
    assert_eq!(read::<Item>(r#"{"name":"Foo","price":"1.5"}"#), Ok(item()));
}

#[test]
fn problems_come_in_the_order_of_the_fields() {
    refused::<Item>(
        r#"{"tags":[1],"price":0,"x":1}"#,
        r#"[
            {"type":"missing","loc":["name"],"msg":"Field required","input":{"tags":[1],"price":0,"x":1}},
            {"type":"greater_than","loc":["price"],"msg":"Input should be greater than 0","input":0,"ctx":{"gt":0}},
            {"type":"string_type","loc":["tags",0],"msg":"Input should be a valid string","input":1}
        ]"#,
    );
    refused::<Item>(
        r#"{"name":"Foobar","price":1}"#,
        r#"[{"type":"string_too_long","loc":["name"],"msg":"String should have at most 5 characters","input":"Foobar","ctx":{"max_length":5}}]"#,
    );
}

#[test]
fn only_objects_will_do() {
    for text in ["[]", "null", "3", r#""x""#] {
        refused::<Item>(
            text,
            &format!(
                r#"[{{"type":"model_attributes_type","loc":[],"msg":"Input should be a valid dictionary or object to extract fields from","input":{text}}}]"#
            ),
        );
    }
}

#[test]
fn written_in_the_order_of_the_fields() {
    assert_eq!(
        written(&item()),
        r#"{"name":"Foo","price":1.5,"tax":null,"tags":[],"note":"none"}"#
    );
}

#[derive(Model, Debug, PartialEq)]
struct Nulls {
    a: Option<i64>,
    b: Option<String>,
    c: i64,
    d: Option<bool>,
    e: std::option::Option<Box<Self>>,
}

#[test]
fn optional_fields_in_a_row() {
    for text in [
        r#"{"a":null,"b":null,"c":1,"d":null,"e":null}"#,
        r#"{"a":1,"b":null,"c":1,"d":true,"e":null}"#,
        r#"{"a":null,"b":"x","c":1,"d":null,"e":{"a":null,"b":null,"c":2,"d":false,"e":null}}"#,
    ] {
        assert_eq!(written(&fast::<Nulls>(text).unwrap()), text);
    }
}

#[derive(Model, Debug, PartialEq)]
struct Empty {}

#[derive(Model, Debug, PartialEq)]
#[model(extra = "forbid")]
struct Closed {
    #[field(default)]
    a: i64,
}

#[derive(Model, Debug, PartialEq)]
struct Open {
    a: i64,
    #[field(extra)]
    rest: Object,
}

#[derive(Model, Debug, PartialEq)]
struct Anything {
    #[field(extra)]
    rest: Object,
}

#[test]
fn unknown_members() {
    assert_eq!(written(&read::<Empty>(r#"{"x":1}"#).unwrap()), "{}");
    assert_eq!(read::<Closed>(r#"{"a":1}"#), Ok(Closed { a: 1 }));
    refused::<Closed>(
        r#"{"z":1,"a":"x","b":[2]}"#,
        r#"[
            {"type":"int_parsing","loc":["a"],"msg":"Input should be a valid integer, unable to parse string as an integer","input":"x"},
            {"type":"extra_forbidden","loc":["z"],"msg":"Extra inputs are not permitted","input":1},
            {"type":"extra_forbidden","loc":["b"],"msg":"Extra inputs are not permitted","input":[2]}
        ]"#,
    );
    let open = read::<Open>(r#"{"z":"x","a":1,"b":[2]}"#).unwrap();
    assert_eq!((open.a, open.rest.len()), (1, 2));
    assert_eq!(written(&open), r#"{"a":1,"z":"x","b":[2]}"#);
    for text in ["{}", r#"{"x":1,"y":{}}"#] {
        assert_eq!(written(&read::<Anything>(text).unwrap()), text);
    }
}

#[derive(Model, Debug, PartialEq)]
struct Tree {
    #[field(default, max_length = 9)]
    kids: Vec<Self>,
}

#[test]
fn nesting_has_an_end() {
    let nested = |depth: usize| format!("{}{}", r#"{"kids":["#.repeat(depth), "]}".repeat(depth));
    assert!(read::<Tree>(&nested(100)).is_ok());
    let problems = read::<Tree>(&nested(400)).unwrap_err();
    assert_eq!(problems[0]["type"], "recursion_depth_exceeded");
    assert_eq!(problems[0]["loc"].as_array().unwrap().len(), 510);
}

#[derive(Model, Debug, PartialEq)]
struct Page<T> {
    items: Vec<T>,
    next: Option<Box<Self>>,
}

#[test]
fn generic_structs() {
    let page = read::<Page<Closed>>(r#"{"items":[{"a":1}],"next":{"items":[]}}"#).unwrap();
    assert_eq!(page.items, [Closed { a: 1 }]);
    assert_eq!(
        written(&page),
        r#"{"items":[{"a":1}],"next":{"items":[],"next":null}}"#
    );
}

#[derive(Model, Debug, PartialEq)]
#[model(strict)]
struct Strict {
    a: i64,
}

#[test]
fn strict_structs_convert_nothing() {
    assert!(read::<Strict>(r#"{"a":1}"#).is_ok());
    assert_eq!(
        read::<Strict>(r#"{"a":"1"}"#).unwrap_err()[0]["type"],
        "int_type"
    );
}

#[test]
fn serde_reads_and_writes_the_same() {
    let read: Item = serde_json::from_str(r#"{"name":"Foo","price":1.5}"#).unwrap();
    assert_eq!(read, item());
    assert_eq!(serde_json::to_string(&read).unwrap(), written(&read));
    let error = serde_json::from_str::<Item>(r#"{"price":0}"#).unwrap_err();
    assert_eq!(
        error.to_string(),
        "name: Field required; price: Input should be greater than 0"
    );
}
