//! The models of the recorded types.

use std::collections::HashMap;

use aplomb::Model;
use aplomb::json::Object;
use aplomb::model::Invalid;

#[derive(Model)]
#[model(rename_all = "lowercase")]
pub(crate) enum Color {
    Red,
    Blue,
}

#[derive(Model)]
#[model(rename_all = "lowercase")]
pub(crate) enum Tri {
    A,
    B,
    C,
}

#[derive(Model)]
pub(crate) enum Level {
    Low = 1,
    High = 2,
}

#[derive(Model)]
#[model(literal)]
pub(crate) enum OnlyA {
    #[model(value = "a")]
    A,
}

#[derive(Model)]
#[model(literal)]
pub(crate) enum AOrBOr1 {
    #[model(value = "a")]
    A,
    #[model(value = "b")]
    B,
    #[model(value = 1)]
    One,
}

#[derive(Model)]
pub(crate) struct Point {
    x: i64,
    #[field(default)]
    y: i64,
}

#[derive(Model)]
#[model(extra = "forbid")]
pub(crate) struct Closed {
    #[field(default = 1)]
    x: i64,
}

#[derive(Model)]
pub(crate) struct Renamed {
    #[field(alias = "fullName")]
    full_name: String,
}

#[derive(Model)]
pub(crate) struct Nested {
    point: Point,
    #[field(default)]
    points: Vec<Point>,
    #[field(default)]
    by_name: HashMap<String, Point>,
}

#[derive(Model)]
pub(crate) struct Checked {
    #[field(validate = not_taken)]
    n: i64,
}

fn not_taken(n: &i64) -> Result<(), Invalid> {
    match n {
        1 => Err(Invalid::new("one is taken")),
        2 => Err(Invalid::assertion("two is taken")),
        _ => Ok(()),
    }
}

#[derive(Model)]
#[model(validate = in_order)]
pub(crate) struct Whole {
    #[field(default)]
    a: i64,
    #[field(default)]
    b: i64,
}

fn in_order(whole: &Whole) -> Result<(), &'static str> {
    if whole.a > whole.b {
        return Err("a is above b");
    }
    Ok(())
}

#[derive(Model)]
#[model(untagged)]
pub(crate) enum IntOrStr {
    Int(i64),
    Str(String),
}

#[derive(Model)]
#[model(untagged)]
pub(crate) enum IntOrPoint {
    Int(i64),
    Point(Point),
}

#[derive(Model)]
#[model(untagged)]
pub(crate) enum IntOrList {
    Int(i64),
    List(Vec<i64>),
}

#[derive(Model)]
#[model(untagged)]
pub(crate) enum PointOrClosed {
    Point(Point),
    Closed(Closed),
}

#[derive(Model)]
pub(crate) struct Open {
    #[field(default = 1)]
    x: i64,
    #[field(extra)]
    rest: Object,
}

#[derive(Model)]
#[model(constant(kind = "cat"))]
pub(crate) struct Cat {
    #[field(default = 9)]
    lives: i64,
}

#[derive(Model)]
#[model(constant(kind = "dog"))]
pub(crate) struct Dog {
    name: String,
}

#[derive(Model)]
#[model(tag = "kind", rename_all = "lowercase")]
pub(crate) enum Pet {
    Cat(Cat),
    Dog(Dog),
}
