//! One alias in the path and in the query.

use aplomb::prelude::*;

#[get("/{repeated_alias}")]
async fn get_parameters_with_repeated_aliases(
    #[path(alias = "repeated_alias")] path: String,
    #[query(alias = "repeated_alias")] query: String,
) -> Value {
    json!({"path": path, "query": query})
}

pub fn app() -> App {
    App::new().routes(routes![get_parameters_with_repeated_aliases])
}
