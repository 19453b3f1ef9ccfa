//! Settings read once, at the start.

use aplomb::prelude::*;

#[derive(Model)]
struct Settings {
    #[field(default = "Awesome API")]
    app_name: String,
    admin_email: String,
    #[field(default = 50)]
    items_per_user: i64,
}

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
