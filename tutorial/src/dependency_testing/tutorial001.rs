use aplomb::prelude::*;

#[dependency]
async fn common_parameters(
    q: Option<String>,
    #[query(default = 0)] skip: i64,
    #[query(default = 100)] limit: i64,
) -> Value {
    json!({"q": q, "skip": skip, "limit": limit})
}

#[get("/items/")]
async fn read_items(commons: Depends<common_parameters>) -> Value {
    json!({"message": "Hello Items!", "params": *commons})
}

#[get("/users/")]
async fn read_users(commons: Depends<common_parameters>) -> Value {
    json!({"message": "Hello Users!", "params": *commons})
}

#[dependency]
async fn override_dependency(q: Option<String>) -> Value {
    json!({"q": q, "skip": 5, "limit": 10})
}

pub fn app() -> App {
    App::new()
        .routes(routes![read_items, read_users])
        .override_dependency::<common_parameters, override_dependency>()
}
