//! A model of query parameters that refuses unknown ones.

use aplomb::prelude::*;

#[derive(Clone, Copy, Model)]
#[model(literal, rename_all = "snake_case")]
enum Order {
    CreatedAt,
    UpdatedAt,
}

#[derive(Model)]
#[model(extra = "forbid")]
struct FilterParams {
    #[field(default = 100, gt = 0, le = 100)]
    limit: i64,
    #[field(default = 0, ge = 0)]
    offset: i64,
    #[field(default = Order::CreatedAt)]
    order_by: Order,
    #[field(default)]
    tags: Vec<String>,
}

#[get("/items/")]
async fn read_items(#[query] filter_query: FilterParams) -> Value {
    json!(filter_query)
}

pub fn app() -> App {
    App::new().routes(routes![read_items])
}
