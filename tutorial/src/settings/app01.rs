//! Settings in a module of their own.

use aplomb::prelude::*;

use super::config::Settings;

#[get("/info")]
async fn info(settings: State<Settings>) -> Value {
    json!({
        "app_name": settings.app_name,
        "admin_email": settings.admin_email,
        "items_per_user": settings.items_per_user,
    })
}

/// # Panics
/// When the environment lacks `ADMIN_EMAIL`.
pub fn app() -> App {
    let settings: Settings = match aplomb::settings::load() {
        Ok(settings) => settings,
        Err(error) => panic!("{error}"),
    };
    App::new().state(settings).routes(routes![info])
}
