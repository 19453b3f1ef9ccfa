//! Several models of query parameters beside a single one.

use aplomb::prelude::*;

#[derive(Model)]
struct Pagination {
    #[field(default = 10, ge = 1)]
    limit: i64,
    #[field(default = 0, ge = 0)]
    offset: i64,
}

#[derive(Model)]
struct Filters {
    #[field(default)]
    tags: Vec<String>,
}

#[get("/items/")]
fn read_items(
    #[query] pagination: Pagination,
    #[query] filters: Filters,
    search: Option<String>,
) -> Value {
    json!({"pagination": pagination, "filters": filters, "search": search})
}

pub fn app() -> App {
    App::new().routes(routes![read_items])
}
