use aplomb::Model;
use aplomb::model::{Constraints, Place};
use aplomb::openapi::Mode;

use crate::{fast, read, refused, same, schema, written};

/// A colour.
#[derive(Model, Debug, PartialEq, Clone, Copy)]
#[model(rename_all = "snake_case")]
enum Color {
    DarkRed,
    #[model(value = "b\"lue")]
    Blue,
}

#[derive(Model, Debug, PartialEq, Clone, Copy)]
enum Level {
    Low = 1,
    High = 20,
    Below = -3,
}

#[derive(Model, Debug, PartialEq, Clone, Copy)]
#[model(literal)]
enum Kind {
    #[model(value = "cat")]
    Cat,
}

#[derive(Model, Debug, PartialEq, Clone, Copy)]
#[model(literal)]
enum Mixed {
    #[model(value = "all")]
    All,
    #[model(value = 2)]
    Two,
}

#[test]
fn enums_go_by_value() {
    assert_eq!(fast::<Color>(r#""dark_red""#), Some(Color::DarkRed));
    assert_eq!(read::<Color>(r#""b\"lue""#), Ok(Color::Blue));
    assert_eq!(written(&Color::Blue), r#""b\"lue""#);
    refused::<Color>(
        r#""green""#,
        r#"[{"type":"enum","loc":[],"msg":"Input should be 'dark_red' or 'b\"lue'","input":"green","ctx":{"expected":"'dark_red' or 'b\"lue'"}}]"#,
    );
    let by_text = |text| Color::read_text(text, &Constraints::NONE).ok();
    assert_eq!(by_text("dark_red"), Some(Color::DarkRed));
    assert_eq!(by_text("DarkRed"), None);
}

#[test]
fn numbered_enums_go_by_number() {
    assert_eq!(fast::<Level>("20"), Some(Level::High));
    assert_eq!(read::<Level>("-3"), Ok(Level::Below));
    assert_eq!(read::<Level>("1.0"), Ok(Level::Low));
    assert_eq!(written(&Level::Below), "-3");
    refused::<Level>(
        "2",
        r#"[{"type":"enum","loc":[],"msg":"Input should be 1, 20 or -3","input":2,"ctx":{"expected":"1, 20 or -3"}}]"#,
    );
}

#[test]
fn literals_compare_exactly() {
    assert_eq!(fast::<Kind>(r#""cat""#), Some(Kind::Cat));
    refused::<Kind>(
        r#""dog""#,
        r#"[{"type":"literal_error","loc":[],"msg":"Input should be 'cat'","input":"dog","ctx":{"expected":"'cat'"}}]"#,
    );
    assert_eq!(fast::<Mixed>("2"), Some(Mixed::Two));
    assert_eq!(read::<Mixed>(r#""all""#), Ok(Mixed::All));
    assert!(read::<Mixed>(r#""2""#).is_err());
    assert_eq!(
        (written(&Mixed::All), written(&Mixed::Two)),
        (r#""all""#.into(), "2".into())
    );
}

#[test]
fn schemas_of_enums_and_literals() {
    assert_eq!((Color::PLACE, Kind::PLACE), (Place::Query, Place::Query));
    let (reference, named) = schema::<Color>(Mode::Input);
    same(&reference, r##"{"$ref":"#/components/schemas/Color"}"##);
    same(
        &named,
        r#"{"Color":{"enum":["dark_red","b\"lue"],"type":"string","title":"Color","description":"A colour."}}"#,
    );
    same(
        &schema::<Level>(Mode::Output).1["Level"],
        r#"{"enum":[1,20,-3],"type":"integer","title":"Level"}"#,
    );
    same(
        &schema::<Kind>(Mode::Input).0,
        r#"{"const":"cat","type":"string"}"#,
    );
    same(&schema::<Mixed>(Mode::Input).0, r#"{"enum":["all",2]}"#);
}
