//! Numbers that may be infinite or not, and those that must be finite.

use aplomb::prelude::*;

#[post("/")]
async fn get(
    #[query(default = 0.0)] x: f64,
    #[query(default = 0.0, finite)] y: f64,
    #[query(default = 0.0)] z: f64,
    #[body(default = 0.0, finite)] b: f64,
) -> String {
    let _ = (x, y, z, b);
    "OK".to_owned()
}

pub fn app() -> App {
    App::new().routes(routes![get])
}
