//! The files of a folder below a path.

use aplomb::prelude::*;

pub fn app() -> App {
    App::new().mount_named("/static", StaticFiles::new("static"), "static")
}
