//! Every row of the recorded matrix: the answer FastAPI gave for one value of one type.

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

/// The rows that answer otherwise on purpose, as type and value, with the reason.
const OTHERWISE: &[(&str, &str, &str)] = &[
    (
        "float",
        r#""nan""#,
        "FastAPI answers 500 for a NaN it cannot write; here it is written as null",
    ),
    (
        "float",
        r#""inf""#,
        "FastAPI answers 500 for an infinity it cannot write; here it is written as null",
    ),
    (
        "decimal",
        "1000000000000000000000000000000",
        "a Decimal holds 28 digits; a number with more is refused and not rounded",
    ),
];

#[test]
fn rows_agree_with_the_recorded_answers() {
    let recorded = include_str!("../../conformance/validation_matrix.jsonl");
    let mut listed: BTreeSet<(String, String)> = OTHERWISE
        .iter()
        .map(|(name, value, _)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    let (mut rows, mut agreeing, mut faults) = (0, 0, Vec::new());
    for line in recorded.lines() {
        let row = Row::parse(line);
        let value = row.value.to_string();
        rows += 1;
        let outcome = types::check(&row);
        let known = listed.remove(&(row.name.clone(), value.clone()));
        match (outcome, known) {
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
    for (name, value, reason) in OTHERWISE {
        println!("  otherwise: {name} {value}: {reason}");
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert_eq!(rows, 717);
}
