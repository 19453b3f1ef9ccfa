use aplomb::prelude::*;

#[get("/")]
fn root() -> Value {
    let a = "a";
    let b = format!("b{a}");
    json!({"hello world": b})
}

pub fn app() -> App {
    App::new().routes(routes![root])
}
