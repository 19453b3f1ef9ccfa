//! Documentation pages whose scripts come from a host of one's own choice.

use aplomb::openapi::{Redoc, SwaggerUi, swagger_ui_oauth2_redirect_html};
use aplomb::prelude::*;

const TITLE: &str = "FastAPI";
const OPENAPI_URL: &str = "/openapi.json";
const OAUTH2_REDIRECT_URL: &str = "/docs/oauth2-redirect";

#[get("/docs", include_in_schema = false)]
async fn custom_swagger_ui_html() -> Response {
    SwaggerUi::new(OPENAPI_URL, format!("{TITLE} - Swagger UI"))
        .oauth2_redirect_url(OAUTH2_REDIRECT_URL)
        .js_url("https://unpkg.com/swagger-ui-dist@5/swagger-ui-bundle.js")
        .css_url("https://unpkg.com/swagger-ui-dist@5/swagger-ui.css")
        .html()
}

#[get("/docs/oauth2-redirect", include_in_schema = false)]
async fn swagger_ui_redirect() -> Response {
    swagger_ui_oauth2_redirect_html()
}

#[get("/redoc", include_in_schema = false)]
async fn redoc_html() -> Response {
    Redoc::new(OPENAPI_URL, format!("{TITLE} - ReDoc"))
        .js_url("https://unpkg.com/redoc@2/bundles/redoc.standalone.js")
        .html()
}

#[get("/users/{username}")]
async fn read_user(username: String) -> Value {
    json!({"message": format!("Hello {username}")})
}

pub fn app() -> App {
    App::new().docs_url(None).redoc_url(None).routes(routes![
        custom_swagger_ui_html,
        swagger_ui_redirect,
        redoc_html,
        read_user
    ])
}
