//! A model in two models.

use aplomb::prelude::*;

#[derive(Model)]
#[model(rename = "Model")]
struct Empty {}

#[derive(Model)]
struct Model2 {
    a: Empty,
}

#[derive(Model)]
struct Model3 {
    c: Empty,
    d: Model2,
}

#[get("/")]
async fn f() -> Model3 {
    Model3 {
        c: Empty {},
        d: Model2 { a: Empty {} },
    }
}

pub fn app() -> App {
    App::new().routes(routes![f])
}
