//! Settings from the environment and from a file below it.

use std::sync::OnceLock;

use aplomb::prelude::*;
use aplomb::settings::Environment;

use super::config::Settings;

/// Loaded for the first request that needs them.
#[derive(Default)]
struct Loaded(OnceLock<Settings>);

#[dependency]
async fn get_settings(loaded: State<Loaded>) -> Result<Settings> {
    if let Some(settings) = loaded.0.get() {
        return Ok(settings.clone());
    }
    let settings = Environment::new().file(".env").load()?;
    Ok(loaded.0.get_or_init(|| settings).clone())
}

#[get("/info")]
async fn info(settings: Depends<get_settings>) -> Value {
    json!({
        "app_name": settings.app_name,
        "admin_email": settings.admin_email,
        "items_per_user": settings.items_per_user,
    })
}

pub fn app() -> App {
    App::new().state(Loaded::default()).routes(routes![info])
}
