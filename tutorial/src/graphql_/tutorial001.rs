//! A GraphQL endpoint: a router whose operations hand queries to a schema of `async-graphql`.
//!
//! Browsers get a page that says how to ask; GraphiQL is a feature of that crate, and its scripts
//! come from a CDN.

use aplomb::http::{Html, Response};
use aplomb::prelude::*;
use async_graphql::http::parse_query_string;
use async_graphql::{EmptyMutation, EmptySubscription, Object, Schema, SimpleObject};

#[derive(SimpleObject)]
struct User {
    name: String,
    age: i32,
}

struct Query;

#[Object]
impl Query {
    async fn user(&self) -> User {
        User {
            name: "Patrick".to_owned(),
            age: 100,
        }
    }
}

type Graph = Schema<Query, EmptyMutation, EmptySubscription>;

async fn execute(graph: &Graph, query: async_graphql::Request) -> Result<Response> {
    let answer = serde_json::to_value(graph.execute(query).await)?;
    Ok(Response::json(&Value::from(answer)))
}

#[get(
    "",
    response_description = "The GraphiQL integrated development environment.",
    responses(404 = "Not found if GraphiQL or query via GET are not enabled.")
)]
async fn handle_http_get(request: Request, graph: State<Graph>) -> Result<Response> {
    if request.query("query").is_none() {
        return Ok(Html("<!doctype html><title>GraphQL</title>POST a query as JSON.").into());
    }
    match parse_query_string(request.query_string()) {
        Ok(query) => execute(&graph, query).await,
        Err(error) => Ok(Response::text(error.to_string()).status(400)),
    }
}

#[post("")]
async fn handle_http_post(request: Request, graph: State<Graph>) -> Result<Response> {
    match serde_json::from_slice::<async_graphql::Request>(&request.body().await?) {
        Ok(query) if query.query.is_empty() => {
            Ok(Response::text("No GraphQL query found in the request").status(400))
        }
        Ok(query) => execute(&graph, query).await,
        Err(_) => Ok(Response::text("Unable to parse request body as JSON").status(400)),
    }
}

pub fn app() -> App {
    let graph = Schema::new(Query, EmptyMutation, EmptySubscription);
    let graphql_app = Router::new().routes(routes![handle_http_get, handle_http_post]);
    App::new()
        .state(graph)
        .include(graphql_app.prefix("/graphql"))
}
