use aplomb::prelude::*;

/// Documented arguments and stripped attributes make no noise of their own.
#[get("/items/{item_id", statu = 201)]
async fn read(
    /// The number.
    #[path(ge = 3, le = 1)]
    item_id: &i64,
    /// The text.
    #[query(alais = "q")]
    q: String,
) -> String {
    format!("{item_id}{q}")
}

fn app() -> App {
    App::new().routes(routes![read])
}

fn main() {}
