use aplomb::middleware::Trace;
use aplomb::prelude::*;

#[get("/items/{item_id}")]
async fn read_item(item_id: i64) -> Value {
    json!({"item_id": item_id})
}

pub fn app() -> App {
    App::new().routes(routes![read_item]).middleware(Trace)
}
