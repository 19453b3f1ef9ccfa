use aplomb::Model;
use aplomb::model::{Constraints, Place};
use aplomb::openapi::Mode;

use crate::{fast, read, refused, same, schema, written};

#[derive(Model, Debug, PartialEq)]
struct Age(#[field(ge = 18)] i64);

#[derive(Model, Debug, PartialEq)]
#[model(validate = Even::check)]
struct Even(i64);

impl Even {
    fn check(&self) -> Result<(), &'static str> {
        if self.0 % 2 == 0 { Ok(()) } else { Err("odd") }
    }
}

#[derive(Model, Debug, PartialEq)]
struct Pair(i64, String);

#[derive(Model, Debug, PartialEq)]
struct Maybe(Option<i64>);

#[derive(Model, Debug, PartialEq)]
struct Person {
    #[field(le = 99)]
    age: Age,
    maybe: Maybe,
    #[field(default = Pair(1, "x".to_owned()))]
    pair: Pair,
}

#[test]
fn a_newtype_is_what_it_holds() {
    assert_eq!(fast::<Age>("20"), Some(Age(20)));
    assert_eq!(written(&Age(20)), "20");
    assert_eq!(Age::read_text("20", &Constraints::NONE), Ok(Age(20)));
    assert_eq!(Age::PLACE, Place::Query);
    refused::<Age>(
        "17",
        r#"[{"type":"greater_than_equal","loc":[],"msg":"Input should be greater than or equal to 18","input":17,"ctx":{"ge":18}}]"#,
    );
    assert_eq!(
        (fast::<Even>("2"), fast::<Even>("3")),
        (Some(Even(2)), None)
    );
    refused::<Even>(
        "3",
        r#"[{"type":"value_error","loc":[],"msg":"Value error, odd","input":3,"ctx":{"error":{}}}]"#,
    );
}

#[test]
fn limits_of_the_field_and_of_the_type_both_hold() {
    let kinds = |text: &str| -> Vec<String> {
        let problems = read::<Person>(text).unwrap_err();
        let problems = problems.as_array().unwrap().iter();
        problems
            .map(|one| one["type"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(kinds(r#"{"age":17}"#), ["greater_than_equal"]);
    assert_eq!(kinds(r#"{"age":100}"#), ["less_than_equal"]);
    let person = fast::<Person>(r#"{"age":50}"#).unwrap();
    assert_eq!(person.maybe, Maybe(None));
    assert_eq!(
        written(&person),
        r#"{"age":50,"maybe":null,"pair":[1,"x"]}"#
    );
    same(
        &schema::<Person>(Mode::Input).1["Person"],
        r#"{"properties":{
            "age":{"type":"integer","minimum":18,"maximum":99,"title":"Age"},
            "maybe":{"anyOf":[{"type":"integer"},{"type":"null"}],"title":"Maybe"},
            "pair":{"type":"array","prefixItems":[{"type":"integer"},{"type":"string"}],"minItems":2,"maxItems":2,"title":"Pair","default":[1,"x"]}
        },"type":"object","required":["age"],"title":"Person"}"#,
    );
}

#[test]
fn several_items_are_a_tuple() {
    assert_eq!(fast::<Pair>(r#"[1,"x"]"#), Some(Pair(1, "x".to_owned())));
    assert_eq!(read::<Pair>(r#"["1","x"]"#), Ok(Pair(1, "x".to_owned())));
    assert_eq!(
        read::<Pair>(r#"[1,2]"#).unwrap_err()[0]["loc"],
        crate::value("[1]")
    );
}
