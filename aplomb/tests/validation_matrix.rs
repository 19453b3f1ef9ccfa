//! Every recorded row: the answer FastAPI, or Pydantic, gave for one value of one type.

#[path = "validation_matrix/echo.rs"]
mod echo;
#[path = "validation_matrix/models.rs"]
mod models;
#[path = "validation_matrix/row.rs"]
mod row;
#[path = "validation_matrix/types.rs"]
mod types;

use std::collections::BTreeSet;

use row::Row;
use types::Recorded;

/// Rows that answer otherwise on purpose.
struct Otherwise {
    types: &'static [&'static str],
    values: &'static [&'static str],
    reason: &'static str,
}

const MATRIX: &[Otherwise] = &[
    Otherwise {
        types: &["float"],
        values: &[r#""nan""#, r#""inf""#],
        reason: "FastAPI answers 500 for a number JSON cannot spell; here it is written as null",
    },
    Otherwise {
        types: &["decimal"],
        values: &["1000000000000000000000000000000"],
        reason: LONG,
    },
];

const MORE: &[Otherwise] = &[
    Otherwise {
        types: &["decimal", "decimal gt 1.5"],
        values: &["-1000000000000000000000000000000"],
        reason: LONG,
    },
    Otherwise {
        types: &["decimal", "decimal gt 1.5", "decimal multiple of 0.1"],
        values: &[r#""1e400""#],
        reason: LONG,
    },
    Otherwise {
        types: &["decimal", "decimal gt 1.5"],
        values: &["1e20"],
        reason: PLAIN,
    },
    Otherwise {
        types: &["decimal", "decimal gt 1.5", "decimal multiple of 0.1"],
        values: &[r#""1e3""#, r#""1E3""#, "1e16", "1e17"],
        reason: PLAIN,
    },
    Otherwise {
        types: &["decimal"],
        values: &["1e-7"],
        reason: PLAIN,
    },
    Otherwise {
        types: &[
            "decimal",
            "decimal 3 digits, 1 place",
            "decimal gt 1.5",
            "decimal multiple of 0.1",
        ],
        values: &[r#""१""#, r#""１""#],
        reason: "a decimal has the digits 0 to 9, as an integer has",
    },
    Otherwise {
        types: &["aware datetime", "datetime ge 2020-01-01"],
        values: &[r#""0000-01-01""#, r#""0000-01-01T00:00""#],
        reason: YEAR_ZERO,
    },
    Otherwise {
        types: &["date gt 2020-01-01"],
        values: &[r#""0000-01-01""#],
        reason: YEAR_ZERO,
    },
    Otherwise {
        types: &["uuid", "uuid4"],
        values: &[r#""URN:UUID:ea17fae2-6a5c-4a1e-9d0d-5a0f1d8f1c34""#],
        reason: "the prefix of a URN has no case",
    },
    Otherwise {
        types: &["email"],
        values: &[r#""a@[1.2.3]""#, r#""a@[IPv6:x]""#],
        reason: "why Python cannot read an IP address is left out of the sentence",
    },
    Otherwise {
        types: &["byte size"],
        values: &["100000000000000000000", r#""99999999999999999999""#],
        reason: "a size has 64 bits",
    },
];

const LONG: &str = "a Decimal holds 28 digits; a number with more is refused and not rounded";
const PLAIN: &str = "a Decimal is written without exponent";
const YEAR_ZERO: &str = "the year 0 is refused before anything else is looked at";

#[test]
fn rows_agree_with_the_recorded_answers() {
    let recorded = include_str!("../../conformance/validation_matrix.jsonl");
    assert_eq!(hold(recorded, Recorded::Encoder, MATRIX), 717);
}

#[test]
fn more_rows_agree_with_the_recorded_answers() {
    let recorded = include_str!("validation_matrix/more.jsonl");
    assert!(hold(recorded, Recorded::Pydantic, MORE) > 3000);
}

#[test]
fn every_row_that_answers_otherwise_is_on_the_page_of_differences() {
    let page = include_str!("../../docs/differences.md");
    for one in MATRIX.iter().chain(MORE) {
        for value in one.values {
            assert!(
                page.contains(&format!("`{value}`")),
                "{value}: {}",
                one.reason
            );
        }
    }
}

#[test]
fn no_value_makes_a_type_panic() {
    let recorded = include_str!("validation_matrix/more.jsonl");
    let names: BTreeSet<String> = recorded.lines().map(|line| Row::parse(line).name).collect();
    assert!(names.len() > 60);
    for name in &names {
        for value in row::hostile() {
            let outcome = types::check(&Row::of(name, value), Recorded::Pydantic);
            if let Err(fault) = outcome {
                assert!(!fault.contains("fast reader"), "{name}: {fault}");
            }
        }
    }
}

/// Holds every recorded row against its type; gives the number of rows.
fn hold(lines: &str, recorded: Recorded, otherwise: &[Otherwise]) -> usize {
    let mut listed = BTreeSet::new();
    for one in otherwise {
        for name in one.types {
            listed.extend(one.values.iter().map(|value| (*name, *value)));
        }
    }
    let (mut rows, mut agreeing, mut faults) = (0, 0, Vec::new());
    for line in lines.lines() {
        let row = Row::parse(line);
        let value = row.value.to_string();
        rows += 1;
        let outcome = types::check(&row, recorded);
        let before = listed.len();
        listed.retain(|(name, other)| *name != row.name || *other != value);
        match (outcome, listed.len() < before) {
            (Ok(()), false) => agreeing += 1,
            (Ok(()), true) => faults.push(format!("{} {value}: agrees, but is listed", row.name)),
            (Err(_), true) => {}
            (Err(fault), false) => faults.push(format!("{} {value}: {fault}", row.name)),
        }
    }
    for (name, value) in listed {
        faults.push(format!("{name} {value}: listed, but not a row"));
    }
    println!("validation matrix: {agreeing} of {rows} rows agree");
    for one in otherwise {
        println!(
            "  otherwise: {:?} {:?}: {}",
            one.types, one.values, one.reason
        );
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    rows
}
