//! A checkbox, which browsers leave out of the form when it is not checked.

use aplomb::prelude::*;

#[post("/preferences/")]
async fn update_preferences(#[form(default = false)] subscribe: bool) -> Value {
    json!({"subscribe": subscribe})
}

pub fn app() -> App {
    App::new().routes(routes![update_preferences])
}
