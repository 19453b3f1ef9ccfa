use std::collections::BTreeMap;

use aplomb::Model;
use aplomb::openapi::Mode;

use crate::{same, schema};

/// Sub doc.
#[derive(Model, Debug, Default)]
struct Sub {
    x: i64,
}

/// Doc.
///
/// more
#[derive(Model)]
#[model(extra = "forbid", computed(/** comp doc */ comp: f64 = Self::comp))]
struct Main {
    #[field(alias = "fullName")]
    full_name: String,
    #[field(validation_alias = "valName")]
    val_name: String,
    #[field(serialization_alias = "serName")]
    ser_name: String,
    #[field(
        validation_alias = "bothV",
        serialization_alias = "bothS",
        default = "x"
    )]
    both: String,
    #[field(default = 1, title = "T", description = "d", examples = [1, 2], deprecated)]
    code: i64,
    sub: Sub,
    sub2: Option<Sub>,
    /// d
    #[field(default)]
    sub3: Sub,
    #[field(title = "TT", description = "d")]
    sub4: Sub,
    #[field(default_with = Vec::new, min_length = 1)]
    fact: Vec<i64>,
    /// x
    #[field(gt = 3)]
    so: Option<i64>,
    #[field(schema_extra = {"x-more": [1, {"a": null}]}, items(max_length = 3))]
    list: Vec<String>,
}

impl Main {
    fn comp(&self) -> f64 {
        1.0
    }
}

const SHARED: &str = r##"
    "sub":{"$ref":"#/components/schemas/Sub"},
    "sub2":{"anyOf":[{"$ref":"#/components/schemas/Sub"},{"type":"null"}]},
    "sub3":{"$ref":"#/components/schemas/Sub","description":"d","default":{"x":0}},
    "sub4":{"$ref":"#/components/schemas/Sub","title":"TT","description":"d"},
    "fact":{"items":{"type":"integer"},"type":"array","minItems":1,"title":"Fact"},
    "so":{"anyOf":[{"exclusiveMinimum":3,"type":"integer"},{"type":"null"}],"title":"So","description":"x"},
    "list":{"items":{"type":"string","maxLength":3},"type":"array","title":"List","x-more":[1,{"a":null}]}"##;
const CODE: &str = r#""code":{"type":"integer","title":"T","description":"d","default":1,"deprecated":true,"examples":[1,2]}"#;

#[derive(Model)]
#[model(title = "Tit", example = {"x": 1}, rename = "Renamed")]
struct Examples {
    i: BTreeMap<String, Sub>,
}

#[derive(Model)]
struct Page<T> {
    items: Vec<T>,
    next: Option<Box<Self>>,
}

#[derive(Model)]
enum Color {
    Red,
}

#[derive(Model)]
struct Tree {
    #[field(default)]
    kids: Vec<Self>,
}

#[derive(Model)]
struct Secret {
    #[field(read_only, default)]
    id: i64,
    #[field(write_only)]
    password: String,
}

#[test]
fn schemas_of_both_directions() {
    same(
        &schema::<Main>(Mode::Input).1["Main"],
        &format!(
            r#"{{"properties":{{
                "fullName":{{"type":"string","title":"Fullname"}},
                "valName":{{"type":"string","title":"Valname"}},
                "ser_name":{{"type":"string","title":"Ser Name"}},
                "bothV":{{"type":"string","title":"Bothv","default":"x"}},
                {CODE},{SHARED}
            }},"additionalProperties":false,"type":"object",
            "required":["fullName","valName","ser_name","sub","sub4","list"],"title":"Main","description":"Doc.\n\nmore"}}"#
        ),
    );
    same(
        &schema::<Main>(Mode::Output).1["Main"],
        &format!(
            r#"{{"properties":{{
                "fullName":{{"type":"string","title":"Fullname"}},
                "val_name":{{"type":"string","title":"Val Name"}},
                "serName":{{"type":"string","title":"Sername"}},
                "bothS":{{"type":"string","title":"Boths","default":"x"}},
                {CODE},{SHARED},
                "comp":{{"type":"number","title":"Comp","description":"comp doc","readOnly":true}}
            }},"additionalProperties":false,"type":"object",
            "required":["fullName","val_name","serName","sub","sub4","list","comp"],"title":"Main","description":"Doc.\n\nmore"}}"#
        ),
    );
    same(
        &schema::<Main>(Mode::Input).1["Sub"],
        r#"{"properties":{"x":{"type":"integer","title":"X"}},"type":"object","required":["x"],"title":"Sub","description":"Sub doc."}"#,
    );
}

#[test]
fn names_titles_and_examples() {
    same(
        &schema::<Examples>(Mode::Input).1["Renamed"],
        r##"{"properties":{"i":{"additionalProperties":{"$ref":"#/components/schemas/Sub"},"type":"object","title":"I"}},"type":"object","required":["i"],"title":"Tit","examples":[{"x":1}]}"##,
    );
}

#[test]
fn generic_and_recursive_names() {
    let (reference, named) = schema::<Page<BTreeMap<String, Vec<i64>>>>(Mode::Input);
    same(
        &reference,
        r##"{"$ref":"#/components/schemas/Page_dict_str__list_int___"}"##,
    );
    same(
        &named["Page_dict_str__list_int___"],
        r##"{"properties":{
            "items":{"items":{"additionalProperties":{"items":{"type":"integer"},"type":"array"},"type":"object"},"type":"array","title":"Items"},
            "next":{"anyOf":[{"$ref":"#/components/schemas/Page_dict_str__list_int___"},{"type":"null"}]}
        },"type":"object","required":["items"],"title":"Page[dict[str, list[int]]]"}"##,
    );
    let labels = [
        Page::<Vec<Color>>::label(),
        Page::<Option<Color>>::label(),
        Page::<Page<BTreeMap<String, Color>>>::label(),
    ];
    assert_eq!(
        labels,
        [
            "Page[list[Color]]",
            "Page[Optional[Color]]",
            "Page[Page[dict[str, Color]]]"
        ]
    );
    assert_eq!(
        schema::<Page<Sub>>(Mode::Input).1["Page_Sub_"]["title"],
        "Page[Sub]"
    );
    same(
        &schema::<Tree>(Mode::Input).1["Tree"],
        r##"{"properties":{"kids":{"items":{"$ref":"#/components/schemas/Tree"},"type":"array","title":"Kids","default":[]}},"type":"object","title":"Tree"}"##,
    );
}

#[test]
fn fields_of_one_direction_stand_in_one_schema() {
    same(
        &schema::<Secret>(Mode::Input).1["Secret"]["properties"],
        r#"{"password":{"type":"string","title":"Password","writeOnly":true}}"#,
    );
    same(
        &schema::<Secret>(Mode::Output).1["Secret"]["properties"],
        r#"{"id":{"type":"integer","title":"Id","default":0,"readOnly":true}}"#,
    );
}
