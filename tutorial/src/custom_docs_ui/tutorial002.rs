//! Documentation pages whose scripts the service has itself.

use aplomb::openapi::{Redoc, SwaggerUi, swagger_ui_oauth2_redirect_html};
use aplomb::prelude::*;

const TITLE: &str = "FastAPI";
const OPENAPI_URL: &str = "/openapi.json";
const OAUTH2_REDIRECT_URL: &str = "/docs/oauth2-redirect";

#[get("/docs", include_in_schema = false)]
async fn custom_swagger_ui_html() -> Response {
    SwaggerUi::new(OPENAPI_URL, format!("{TITLE} - Swagger UI"))
        .oauth2_redirect_url(OAUTH2_REDIRECT_URL)
        .js_url("/static/swagger-ui-bundle.js")
        .css_url("/static/swagger-ui.css")
        .html()
}

#[get("/docs/oauth2-redirect", include_in_schema = false)]
async fn swagger_ui_redirect() -> Response {
    swagger_ui_oauth2_redirect_html()
}

#[get("/redoc", include_in_schema = false)]
async fn redoc_html() -> Response {
    Redoc::new(OPENAPI_URL, format!("{TITLE} - ReDoc"))
        .js_url("/static/redoc.standalone.js")
        .html()
}

#[get("/users/{username}")]
async fn read_user(username: String) -> Value {
    json!({"message": format!("Hello {username}")})
}

pub fn app() -> App {
    App::new()
        .docs_url(None)
        .redoc_url(None)
        .mount_named("/static", StaticFiles::new("static"), "static")
        .routes(routes![
            custom_swagger_ui_html,
            swagger_ui_redirect,
            redoc_html,
            read_user
        ])
}
