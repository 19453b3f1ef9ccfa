//! A frontend whose build may come after the start.

use aplomb::prelude::*;

pub fn app() -> App {
    App::new().frontend("/", Frontend::new("dist").check_dir(false))
}
