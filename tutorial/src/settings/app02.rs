//! Settings as a dependency, which tests override.

use std::sync::OnceLock;

use aplomb::prelude::*;

use super::config::Settings;

/// Loaded for the first request that needs them.
#[derive(Default)]
struct Loaded(OnceLock<Settings>);

#[dependency]
async fn get_settings(loaded: State<Loaded>) -> Result<Settings> {
    if let Some(settings) = loaded.0.get() {
        return Ok(settings.clone());
    }
    let settings = aplomb::settings::load()?;
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

#[cfg(test)]
mod tests {
    use aplomb::json;
    use aplomb::settings::Environment;
    use aplomb::testing::TestClient;

    use super::{app, get_settings};

    #[test]
    fn settings_are_overridden() {
        let settings = Environment::of([("ADMIN_EMAIL", "testing_admin@example.com")])
            .load()
            .expect("all there");
        let client = TestClient::new(app().override_value::<get_settings>(settings));
        client.get("/info").send().assert_json(
            200,
            json!({
                "app_name": "Awesome API",
                "admin_email": "testing_admin@example.com",
                "items_per_user": 50,
            }),
        );
    }
}
