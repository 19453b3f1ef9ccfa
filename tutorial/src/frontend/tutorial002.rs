//! The page of the frontend where it has no file.

use aplomb::frontend::Fallback;
use aplomb::prelude::*;

pub fn app() -> App {
    App::new().frontend("/", Frontend::new("dist").fallback(Fallback::Index))
}
