//! A model of query parameters that may be absent as a whole.

use aplomb::prelude::*;
use chrono::NaiveDate;

#[derive(Model)]
struct DateRange {
    start: NaiveDate,
    end: NaiveDate,
}

#[get("/items/")]
async fn read_items(
    #[query(default = 10)] limit: i64,
    #[query] date_range: Option<DateRange>,
) -> Value {
    json!({"limit": limit, "date_range": date_range})
}

pub fn app() -> App {
    App::new().routes(routes![read_items])
}
