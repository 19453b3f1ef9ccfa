//! A frontend's build below every other route.

use aplomb::prelude::*;

pub fn app() -> App {
    App::new().frontend("/", "dist")
}
