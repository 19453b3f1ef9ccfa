//! A frontend below the prefix of its router.

use aplomb::frontend::Fallback;
use aplomb::prelude::*;

pub fn app() -> App {
    let frontend = Frontend::new("dist").fallback(Fallback::Index);
    App::new().include(Router::new().prefix("/app").frontend("/", frontend))
}
