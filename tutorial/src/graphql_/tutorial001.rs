//! A GraphQL endpoint: a router that reads queries and answers what they select.

use aplomb::http::{Html, Response};
use aplomb::prelude::*;

use super::query::{Type, execute};

const USER: Type = Type {
    name: "User",
    fields: &[("name", None), ("age", None)],
};

const QUERY: Type = Type {
    name: "Query",
    fields: &[("user", Some(&USER))],
};

fn answer(query: &str) -> Response {
    let data = json!({"user": {"name": "Patrick", "age": 100}});
    Response::json(&execute(query, &QUERY, &data))
}

#[get(
    "",
    response_description = "The GraphiQL integrated development environment.",
    responses(404 = "Not found if GraphiQL or query via GET are not enabled.")
)]
async fn handle_http_get(request: Request) -> Response {
    match request.query("query") {
        Some(query) => answer(query),
        None => Html("<!doctype html><title>GraphQL</title>POST a query as JSON.").into(),
    }
}

#[post("")]
async fn handle_http_post(request: Request) -> Result<Response> {
    let body = match request.json().await {
        Ok(body) => body,
        Err(_) => {
            let text = "Unable to parse request body as JSON";
            return Ok(Response::text(text).status(400));
        }
    };
    Ok(match body["query"].as_str() {
        Some(query) => answer(query),
        None => Response::text("No GraphQL query found in the request").status(400),
    })
}

pub fn app() -> App {
    let graphql_app = Router::new().routes(routes![handle_http_get, handle_http_post]);
    App::new().include(graphql_app.prefix("/graphql"))
}
