//! A dependency that has one of its own.

use aplomb::prelude::*;

#[dependency]
async fn query_extractor(q: Option<String>) -> Option<String> {
    q
}

#[dependency]
async fn query_or_cookie_extractor(
    q: Depends<query_extractor>,
    #[cookie] last_query: Option<String>,
) -> Option<String> {
    q.into_inner().filter(|q| !q.is_empty()).or(last_query)
}

#[get("/items/")]
async fn read_query(query_or_default: Depends<query_or_cookie_extractor>) -> Value {
    json!({"q_or_cookie": *query_or_default})
}

pub fn app() -> App {
    App::new().routes(routes![read_query])
}
