use aplomb::Model;
use aplomb::model::Invalid;

use crate::{fast, read, refused, value, written};

#[derive(Model, Debug, PartialEq)]
#[model(rename_all = "camelCase")]
struct Named {
    full_name: String,
    #[field(alias = "A")]
    aliased: i64,
    #[field(validation_alias = "in", serialization_alias = "out")]
    two_ways: i64,
    #[field(aliases("second", "third"), default)]
    choices: i64,
    r#type: Option<String>,
}

#[test]
fn names_on_the_wire() {
    let named = read::<Named>(r#"{"fullName":"x","A":1,"in":2,"third":3,"type":"t"}"#).unwrap();
    assert_eq!((named.aliased, named.two_ways, named.choices), (1, 2, 3));
    assert_eq!(
        written(&named),
        r#"{"fullName":"x","A":1,"out":2,"choices":3,"type":"t"}"#
    );
    let problems = read::<Named>(r#"{"full_name":"x","third":"x"}"#).unwrap_err();
    let locations: Vec<_> = problems
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["loc"].to_string())
        .collect();
    assert_eq!(
        locations,
        [r#"["fullName"]"#, r#"["A"]"#, r#"["in"]"#, r#"["third"]"#]
    );
}

#[derive(Model, Debug, PartialEq)]
#[model(populate_by_name, extra = "forbid")]
struct ByName {
    #[field(alias = "N")]
    n: i64,
}

#[test]
fn the_alias_comes_before_the_name() {
    assert_eq!(read::<ByName>(r#"{"n":1}"#), Ok(ByName { n: 1 }));
    refused::<ByName>(
        r#"{"N":1,"n":2}"#,
        r#"[{"type":"extra_forbidden","loc":["n"],"msg":"Extra inputs are not permitted","input":2}]"#,
    );
    refused::<ByName>(
        r#"{"n":"q"}"#,
        r#"[{"type":"int_parsing","loc":["n"],"msg":"Input should be a valid integer, unable to parse string as an integer","input":"q"}]"#,
    );
    assert_eq!(
        read::<ByName>("{}").unwrap_err()[0]["loc"],
        value(r#"["N"]"#)
    );
}

const LIMIT: i64 = 7;

#[derive(Model, Debug, PartialEq)]
struct Defaults {
    #[field(default)]
    zero: i64,
    #[field(default = LIMIT * 2)]
    expression: i64,
    #[field(default = Self::START)]
    own: i64,
    #[field(default = "text")]
    text: String,
    #[field(default = 1.5)]
    some: Option<f64>,
    #[field(default = "some")]
    some_text: Option<String>,
    #[field(default_with = Self::made)]
    made: Vec<i64>,
    #[field(default = -5, ge = 1)]
    unchecked: i64,
    #[field(skip, default = 3)]
    hidden: i64,
    #[field(default = Vec::<(i64, String)>::from([(1, "a".to_owned())]))]
    turbofish: Vec<(i64, String)>,
}

impl Defaults {
    const START: i64 = 11;

    fn made() -> Vec<i64> {
        vec![1, 2]
    }
}

#[test]
fn defaults_of_all_kinds() {
    let defaults = read::<Defaults>("{}").unwrap();
    assert_eq!(fast::<Defaults>("{}").unwrap(), defaults);
    assert_eq!(
        written(&defaults),
        r#"{"zero":0,"expression":14,"own":11,"text":"text","some":1.5,"some_text":"some","made":[1,2],"unchecked":-5,"turbofish":[[1,"a"]]}"#
    );
    assert_eq!(defaults.hidden, 3);
    assert_eq!(
        read::<Defaults>(r#"{"some":null,"hidden":9}"#)
            .unwrap()
            .some,
        None
    );
}

#[derive(Model, Debug, PartialEq)]
#[model(validate = Self::ordered)]
struct Checked {
    #[field(validate = positive)]
    low: i64,
    #[field(validate(trimmed, shouted))]
    name: String,
    #[field(default, validate = custom)]
    other: i64,
}

impl Checked {
    fn ordered(&self) -> Result<(), String> {
        if self.low > 100 {
            return Err(format!("{} is above 100", self.low));
        }
        Ok(())
    }
}

fn positive(number: &i64) -> Result<(), &'static str> {
    if *number == 13 {
        return Err("unlucky");
    }
    Ok(())
}

fn trimmed(text: String) -> Result<String, Invalid> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Invalid::assertion("empty"));
    }
    Ok(text.to_owned())
}

fn shouted(text: String) -> Result<String, std::convert::Infallible> {
    Ok(text.to_uppercase())
}

fn custom(_: &i64) -> Result<(), Invalid> {
    Err(Invalid::custom("odd_thing", "An odd thing").with_context("limit", 3))
}

#[test]
fn validators_run_after_the_field_is_read() {
    for reader in [fast::<Checked>, |text: &str| read::<Checked>(text).ok()] {
        let checked = reader(r#"{"low":5,"name":" x "}"#).unwrap();
        assert_eq!((checked.low, checked.name.as_str()), (5, "X"));
        assert_eq!(reader(r#"{"low":500,"name":" x "}"#), None);
        assert_eq!(reader(r#"{"low":13,"name":" x "}"#), None);
    }
    refused::<Checked>(
        r#"{"low":"13","name":"  ","other":1}"#,
        r#"[
            {"type":"value_error","loc":["low"],"msg":"Value error, unlucky","input":"13","ctx":{"error":{}}},
            {"type":"assertion_error","loc":["name"],"msg":"Assertion failed, empty","input":"  ","ctx":{"error":{}}},
            {"type":"odd_thing","loc":["other"],"msg":"An odd thing","input":1,"ctx":{"limit":3}}
        ]"#,
    );
    refused::<Checked>(
        r#"{"low":101,"name":"x"}"#,
        r#"[{"type":"value_error","loc":[],"msg":"Value error, 101 is above 100","input":{"low":101,"name":"x"},"ctx":{"error":{}}}]"#,
    );
}

#[derive(Model, Debug, PartialEq)]
#[model(
    constant(kind = "say \"hi\""),
    computed(
        /// With tax.
        total: f64 = Self::total,
        tags: std::collections::BTreeMap<String, i64> = Self::tags,
    )
)]
struct Account {
    #[field(read_only, default)]
    id: i64,
    #[field(write_only)]
    password: String,
    price: f64,
}

impl Account {
    fn total(&self) -> f64 {
        self.price * 2.0
    }

    fn tags(&self) -> std::collections::BTreeMap<String, i64> {
        [("a".to_owned(), 1)].into()
    }
}

#[test]
fn fields_of_one_direction() {
    let text = r#"{"kind":"say \"hi\"","id":7,"password":"x","price":1.0}"#;
    for account in [fast::<Account>(text), read::<Account>(text).ok()] {
        let account = account.unwrap();
        assert_eq!((account.id, account.password.as_str()), (0, "x"));
        assert_eq!(
            written(&account),
            r#"{"kind":"say \"hi\"","id":0,"price":1.0,"total":2.0,"tags":{"a":1}}"#
        );
    }
    refused::<Account>(
        r#"{"kind":"x","password":"x","price":1}"#,
        r#"[{"type":"literal_error","loc":["kind"],"msg":"Input should be 'say \"hi\"'","input":"x","ctx":{"expected":"'say \"hi\"'"}}]"#,
    );
    assert_eq!(
        read::<Account>(r#"{"password":"x","price":1}"#).unwrap_err()[0]["type"],
        "missing"
    );
    assert_eq!(fast::<Account>(r#"{"password":"x","price":1}"#), None);
}

#[derive(Model, Debug, PartialEq)]
struct Careful {
    #[field(required)]
    nullable: Option<i64>,
    #[field(validate = short)]
    text: String,
    #[field(validate = short)]
    some_text: Option<String>,
    #[field(validate = trimmed)]
    some_changed: Option<String>,
    #[field(validate = absent)]
    whole: Option<i64>,
}

fn short(text: &str) -> Result<(), &'static str> {
    if text.len() > 3 {
        Err("too long")
    } else {
        Ok(())
    }
}

fn absent(number: &Option<i64>) -> Result<(), &'static str> {
    if number.is_some() { Err("set") } else { Ok(()) }
}

#[test]
fn nullable_is_not_the_same_as_optional() {
    let problems = read::<Careful>(r#"{"text":"x"}"#).unwrap_err();
    assert_eq!(problems[0]["loc"], value(r#"["nullable"]"#));
    assert_eq!(fast::<Careful>(r#"{"text":"x"}"#), None);
    assert!(fast::<Careful>(r#"{"text":"x","nullable":null}"#).is_some());
    let (_, named) = crate::schema::<Careful>(aplomb::openapi::Mode::Input);
    assert_eq!(
        named["Careful"]["required"],
        value(r#"["nullable","text"]"#)
    );
}

#[test]
fn a_validator_of_a_type_serves_what_holds_it() {
    let text = r#"{"nullable":1,"text":"abcd","some_text":"abcd","some_changed":" ","whole":1}"#;
    let problems = read::<Careful>(text).unwrap_err();
    let messages: Vec<_> = problems
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["msg"].as_str().unwrap())
        .collect();
    assert_eq!(
        messages,
        [
            "Value error, too long",
            "Value error, too long",
            "Assertion failed, empty",
            "Value error, set"
        ]
    );
    let careful = read::<Careful>(r#"{"nullable":1,"text":"a","some_changed":" b "}"#).unwrap();
    assert_eq!(careful.some_changed.as_deref(), Some("b"));
}
