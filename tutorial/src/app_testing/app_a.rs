use aplomb::prelude::*;

#[get("/")]
async fn read_main() -> Value {
    json!({"msg": "Hello World"})
}

pub fn app() -> App {
    App::new().routes(routes![read_main])
}
