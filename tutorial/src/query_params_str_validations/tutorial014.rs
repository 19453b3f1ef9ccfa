//! A query parameter that the document does not show.

use aplomb::prelude::*;

#[get("/items/")]
async fn read_items(#[query(include_in_schema = false)] hidden_query: Option<String>) -> Value {
    let hidden_query = hidden_query.filter(|text| !text.is_empty());
    json!({"hidden_query": hidden_query.as_deref().unwrap_or("Not found")})
}

pub fn app() -> App {
    App::new().routes(routes![read_items])
}
