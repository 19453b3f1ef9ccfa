//! A page for what the frontend does not have.

use aplomb::frontend::Fallback;
use aplomb::prelude::*;

pub fn app() -> App {
    App::new().frontend("/", Frontend::new("dist").fallback(Fallback::NotFound))
}
