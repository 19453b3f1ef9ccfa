//! A frontend without a page for what it does not have.

use aplomb::frontend::Fallback;
use aplomb::prelude::*;

pub fn app() -> App {
    App::new().frontend("/", Frontend::new("dist").fallback(Fallback::None))
}
