//! What is bounded, as a table, and the page that lists it.

use std::time::Duration;

use aplomb::prelude::*;
use aplomb::serve::Limits;

/// The cells of a row: what, how much, what happens beyond it, what sets it.
type Row = [String; 4];

/// The groups of the table with their rows.
fn groups(app: &App) -> Vec<(String, Vec<Row>)> {
    let mut groups: Vec<(String, Vec<Row>)> = Vec::new();
    let table = app.limits_table();
    // The columns begin where they begin in every row.
    let rows = || table.lines().filter_map(|line| line.strip_prefix("  "));
    let width = rows().map(str::len).max().expect("rows");
    let is_gap =
        |at: usize| rows().all(|row| row.as_bytes().get(at).is_none_or(|byte| *byte == b' '));
    let gaps: Vec<usize> = (1..width)
        .filter(|at| is_gap(at - 1) && is_gap(*at))
        .collect();
    let starts: Vec<usize> = (1..width)
        .filter(|at| gaps.contains(&(at - 1)) && !is_gap(*at))
        .collect();
    assert_eq!(starts.len(), 3, "{table}");
    for line in table.lines().filter(|line| !line.is_empty()) {
        match (line.strip_prefix("  "), groups.last_mut()) {
            (Some(row), Some((_, rows))) => {
                let bounds = [0, starts[0], starts[1], starts[2], row.len()];
                let cell =
                    |column: usize| row[bounds[column]..bounds[column + 1]].trim().to_owned();
                rows.push([cell(0), cell(1), cell(2), cell(3)]);
            }
            _ => groups.push((line.to_owned(), Vec::new())),
        }
    }
    groups
}

/// How much something is.
fn value(app: &App, what: &str) -> String {
    let groups = groups(app);
    let mut rows = groups.iter().flat_map(|(_, rows)| rows);
    let row = rows.find(|row| row[0] == what);
    row.unwrap_or_else(|| panic!("{what}: {groups:#?}"))[1].clone()
}

#[test]
fn the_table_says_what_the_service_works_with() {
    let app = App::new()
        .limits(Limits {
            head_timeout: Duration::from_millis(2500),
            answer_bytes: 100 << 20,
            streams: 7,
            ..Limits::default()
        })
        .max_body_size(3 << 20)
        .deadline(Duration::from_secs(3))
        .max_in_flight(20)
        .background_tasks(5)
        .form_limits(aplomb::http::FormLimits::new().max_files(2));
    for (what, expected) in [
        ("head must arrive within", "2.5 s"),
        ("unread long answers", "100 MiB"),
        ("HTTP/2 streams", "7"),
        ("request body", "3 MiB"),
        ("answer must begin within", "3 s"),
        ("in flight, with a queue", "20"),
        ("background tasks", "5"),
        ("files of a form", "2"),
        ("fields of a form", "1000"),
        ("one message", "16 MiB"),
    ] {
        assert_eq!(value(&app, what), expected, "{what}");
    }
    let processors = std::thread::available_parallelism().expect("a number");
    let workers = format!("one for each processor: {processors}");
    assert_eq!(value(&App::new(), "workers"), workers);
}

#[test]
fn the_page_lists_what_the_command_prints() {
    let page = include_str!("../../docs/limits.md");
    let mut expected = String::new();
    for (group, rows) in groups(&App::new()) {
        expected.push_str(&format!("\n## {group}\n\n"));
        expected.push_str("| what | by default | beyond it | set by |\n|---|---|---|---|\n");
        for [what, value, beyond, set_by] in rows {
            // What depends on the machine stands behind a colon.
            let value = value.split(": ").next().unwrap_or_default();
            let settings = set_by
                .split(", ")
                .map(|setting| match setting.contains("::") {
                    true => format!("`{setting}`"),
                    false => setting.replace('-', ""),
                });
            let set_by = settings.collect::<Vec<_>>().join(", ");
            let row = format!("| {what} | {value} | {beyond} | {set_by} |");
            expected.push_str(&format!("{}\n", row.replace("  |", " |")));
        }
    }
    let listed = page.find("\n## ").map_or("", |start| &page[start..]);
    assert!(
        listed == expected,
        "docs/limits.md should end with\n{expected}"
    );
}
