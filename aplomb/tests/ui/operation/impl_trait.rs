use aplomb::prelude::*;

#[get("/items")]
async fn read(q: impl Into<String>) -> String {
    q.into()
}

#[get("/other")]
async fn other() -> impl IntoResponse {
    Response::text("a")
}

fn main() {}
