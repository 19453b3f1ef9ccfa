use aplomb::Model;
use aplomb::model::Place;
use aplomb::openapi::Mode;

use crate::{fast, read, refused, same, schema, written};

#[derive(Model, Debug, PartialEq)]
#[model(untagged)]
enum Number {
    Integer(i64),
    Text(String),
}

#[derive(Model, Debug, PartialEq)]
struct Small {
    a: i64,
}

#[derive(Model, Debug, PartialEq)]
struct Big {
    a: i64,
    #[field(default)]
    b: i64,
}

#[derive(Model, Debug, PartialEq)]
#[model(untagged)]
enum Size {
    Small(Small),
    Big(Big),
}

#[derive(Model, Debug, PartialEq)]
#[model(rename_all = "lowercase")]
enum Color {
    Red,
    Blue,
}

#[derive(Model, Debug, PartialEq)]
#[model(untagged)]
enum Constrained {
    Integer(#[field(ge = 3)] i64),
    List(Vec<i64>),
    Color(Color),
}

#[derive(Model, Debug, PartialEq)]
#[model(literal, rename_all = "lowercase")]
enum DogKind {
    Dog,
    Hound,
}

#[derive(Model, Debug, PartialEq)]
#[model(constant(kind = "cat"))]
struct Cat {
    n: i64,
}

#[derive(Model, Debug, PartialEq)]
struct Dog {
    kind: DogKind,
    s: String,
}

#[derive(Model, Debug, PartialEq)]
#[model(tag = "kind")]
enum Pet {
    #[model(value = "cat")]
    Cat(Cat),
    #[model(values("dog", "hound"))]
    Dog(Dog),
}

#[derive(Model, Debug, PartialEq)]
struct All {
    u: Option<Number>,
    m: Option<Size>,
    #[field(default = Constrained::Integer(3))]
    c: Constrained,
    t: Option<Pet>,
}

#[derive(Model, Debug, PartialEq)]
#[model(untagged)]
enum Json {
    Number(f64),
    Text(String),
    List(Vec<Self>),
}

#[test]
fn the_branch_that_fits_best_wins() {
    assert_eq!(read::<Number>("1"), Ok(Number::Integer(1)));
    assert_eq!(fast::<Number>(r#""1""#), Some(Number::Text("1".to_owned())));
    assert_eq!(read::<Number>("true"), Ok(Number::Integer(1)));
    assert_eq!(read::<Size>(r#"{"a":1}"#), Ok(Size::Small(Small { a: 1 })));
    assert_eq!(
        read::<Size>(r#"{"a":1,"b":2}"#),
        Ok(Size::Big(Big { a: 1, b: 2 }))
    );
    assert_eq!(
        read::<Constrained>(r#""red""#),
        Ok(Constrained::Color(Color::Red))
    );
    assert_eq!(
        read::<Json>(r#"[1,["x"]]"#).map(|json| written(&json)),
        Ok(r#"[1.0,["x"]]"#.to_owned())
    );
    assert_eq!(
        (Number::PLACE, Size::PLACE, Pet::PLACE),
        (Place::Query, Place::Body, Place::Body)
    );
}

#[test]
fn every_branch_tells_its_problems() {
    refused::<All>(
        r#"{"u":1.5,"m":{"b":2},"c":"x"}"#,
        r#"[
            {"type":"int_from_float","loc":["u","int"],"msg":"Input should be a valid integer, got a number with a fractional part","input":1.5},
            {"type":"string_type","loc":["u","str"],"msg":"Input should be a valid string","input":1.5},
            {"type":"missing","loc":["m","Small","a"],"msg":"Field required","input":{"b":2}},
            {"type":"missing","loc":["m","Big","a"],"msg":"Field required","input":{"b":2}},
            {"type":"int_parsing","loc":["c","constrained-int"],"msg":"Input should be a valid integer, unable to parse string as an integer","input":"x"},
            {"type":"list_type","loc":["c","list[int]"],"msg":"Input should be a valid list","input":"x"},
            {"type":"enum","loc":["c","str-enum[Color]"],"msg":"Input should be 'red' or 'blue'","input":"x","ctx":{"expected":"'red' or 'blue'"}}
        ]"#,
    );
}

#[test]
fn a_tag_chooses_the_branch() {
    let hound = Pet::Dog(Dog {
        kind: DogKind::Hound,
        s: "x".to_owned(),
    });
    for text in [
        r#"{"kind":"hound","s":"x"}"#,
        r#"{"s":"x","kind":"dog","kind":"hound"}"#,
    ] {
        assert_eq!(fast::<Pet>(text).as_ref(), Some(&hound));
        assert_eq!(read::<Pet>(text).as_ref(), Ok(&hound));
    }
    assert_eq!(written(&hound), r#"{"kind":"hound","s":"x"}"#);
    assert_eq!(written(&Pet::Cat(Cat { n: 1 })), r#"{"kind":"cat","n":1}"#);
    refused::<All>(
        r#"{"t":{"kind":"cat"}}"#,
        r#"[{"type":"missing","loc":["t","cat","n"],"msg":"Field required","input":{"kind":"cat"}}]"#,
    );
    refused::<Pet>(
        r#"{"kind":3}"#,
        r#"[{"type":"union_tag_invalid","loc":[],"msg":"Input tag '3' found using 'kind' does not match any of the expected tags: 'cat', 'dog', 'hound'","input":{"kind":3},"ctx":{"discriminator":"'kind'","tag":"3","expected_tags":"'cat', 'dog', 'hound'"}}]"#,
    );
    refused::<Pet>(
        r#"{"n":1}"#,
        r#"[{"type":"union_tag_not_found","loc":[],"msg":"Unable to extract tag using discriminator 'kind'","input":{"n":1},"ctx":{"discriminator":"'kind'"}}]"#,
    );
}

#[test]
fn schemas_of_unions() {
    let (_, named) = schema::<All>(Mode::Input);
    same(
        &named["All"],
        r##"{"properties":{
            "u":{"anyOf":[{"type":"integer"},{"type":"string"},{"type":"null"}],"title":"U"},
            "m":{"anyOf":[{"$ref":"#/components/schemas/Small"},{"$ref":"#/components/schemas/Big"},{"type":"null"}],"title":"M"},
            "c":{"anyOf":[{"minimum":3,"type":"integer"},{"items":{"type":"integer"},"type":"array"},{"$ref":"#/components/schemas/Color"}],"default":3,"title":"C"},
            "t":{"anyOf":[{"discriminator":{"mapping":{"cat":"#/components/schemas/Cat","dog":"#/components/schemas/Dog","hound":"#/components/schemas/Dog"},"propertyName":"kind"},"oneOf":[{"$ref":"#/components/schemas/Cat"},{"$ref":"#/components/schemas/Dog"}]},{"type":"null"}],"title":"T"}
        },"type":"object","title":"All"}"##,
    );
    same(
        &named["Cat"],
        r#"{"properties":{"kind":{"const":"cat","type":"string","title":"Kind"},"n":{"type":"integer","title":"N"}},"type":"object","required":["kind","n"],"title":"Cat"}"#,
    );
    same(
        &named["Dog"]["properties"]["kind"],
        r#"{"enum":["dog","hound"],"type":"string","title":"Kind"}"#,
    );
    let (reference, named) = schema::<Json>(Mode::Input);
    same(&reference, r##"{"$ref":"#/components/schemas/Json"}"##);
    same(
        &named["Json"],
        r##"{"anyOf":[{"type":"number"},{"type":"string"},{"items":{"$ref":"#/components/schemas/Json"},"type":"array"}]}"##,
    );
}

#[derive(Model, Debug, PartialEq)]
struct Left {
    child: Option<Box<Tree>>,
}

#[derive(Model, Debug, PartialEq)]
struct Right {
    child: Option<Box<Tree>>,
}

#[derive(Model, Debug, PartialEq)]
#[model(untagged)]
enum Tree {
    Left(Left),
    Right(Right),
}

#[derive(Model, Debug, PartialEq)]
#[model(untagged)]
enum TreeOrAnything {
    Tree(Box<Tree>),
    Anything(aplomb::json::Value),
}

#[test]
fn unions_in_unions_end_in_time() {
    let nested = |depth| r#"{"child":"#.repeat(depth) + "null" + &"}".repeat(depth);
    assert!(read::<Tree>(&nested(8)).is_ok());
    let start = std::time::Instant::now();
    let found = read::<Vec<Tree>>(&format!("[{}]", nested(40))).unwrap_err();
    assert_eq!(found.as_array().map(<[_]>::len), Some(1));
    same(&found[0]["type"], "\"too_many_choices\"");
    same(&found[0]["loc"], "[0]");
    // No other branch takes what was given up.
    assert!(read::<TreeOrAnything>(&nested(40)).is_err());
    assert!(start.elapsed() < std::time::Duration::from_secs(20));
}
