//! Dates that cannot be computed with are the client's mistake.

use aplomb::prelude::*;
use aplomb::testing::TestClient;
use tutorial::apps;

const PATH: &str = "/items/ff97dd87-a4a5-4a12-b412-cde99f33e00e";

/// What is answered to a start, an end and a duration.
fn answer(start: &str, end: &str, after: &str) -> (u16, Value) {
    let app = apps::find("extra_data_types.tutorial001").expect("an app");
    let answer = TestClient::new(app())
        .put(PATH)
        .json(&json!({
            "start_datetime": start,
            "end_datetime": end,
            "process_after": after,
            "repeat_at": "15:30:00.25Z",
        }))
        .send();
    (answer.status(), answer.json())
}

#[test]
fn dates_with_and_without_offset_are_written_as_python_writes_them() {
    let (status, body) = answer("2018-12-22T14:00:00Z", "2018-12-22T15:00:00.5Z", "PT5M");
    assert_eq!(status, 200);
    assert_eq!(body["start_process"], "2018-12-22T14:05:00+00:00");
    assert_eq!(body["end_datetime"], "2018-12-22T15:00:00.500000+00:00");
    assert_eq!(body["repeat_at"], "15:30:00.250000+00:00");
    assert_eq!(body["duration"], 3300.5);
    let (status, body) = answer("2018-12-22T14:00:00", "2018-12-22T15:00:00", "PT5M");
    assert_eq!(status, 200);
    assert_eq!(body["start_process"], "2018-12-22T14:05:00");
}

#[test]
fn a_date_beyond_the_calendar_or_another_kind_of_date_is_refused() {
    for (start, end, after, field) in [
        (
            "9999-12-31T23:00:00Z",
            "2018-12-22T15:00:00Z",
            "PT1H",
            "process_after",
        ),
        (
            "0001-01-01T00:00:00",
            "2018-12-22T15:00:00",
            "-PT1S",
            "process_after",
        ),
        (
            "2018-12-22T14:00:00Z",
            "2018-12-22T15:00:00Z",
            "P999999999D",
            "process_after",
        ),
        (
            "2018-12-22T14:00:00Z",
            "2018-12-22T15:00:00",
            "PT5M",
            "end_datetime",
        ),
    ] {
        let (status, body) = answer(start, end, after);
        assert_eq!(
            (status, &body["detail"][0]["loc"]),
            (422, &json!(["body", field])),
            "{start}"
        );
    }
}
