use aplomb::prelude::*;

#[get("/")]
async fn root() -> Value {
    json!({"message": "Tomato"})
}

pub fn app() -> App {
    App::new().routes(routes![root])
}
