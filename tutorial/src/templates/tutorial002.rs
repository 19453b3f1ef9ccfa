//! Paths in a page, made from the names of routes and mounts.

use aplomb::prelude::*;
use aplomb::templates::{TemplateResponse, Templates, context};

#[get("/items/{id}")]
async fn read_item(
    request: Request,
    id: String,
    templates: State<Templates>,
) -> Result<TemplateResponse> {
    templates.response(&request, "item_path.html", context! { id })
}

pub fn app() -> App {
    App::new()
        .state(Templates::new("templates"))
        .mount_named("/static", StaticFiles::new("static"), "static")
        .routes(routes![read_item])
}
