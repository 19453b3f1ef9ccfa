//! Settings from the environment and `.env` files, as pydantic-settings reads them.
//!
//! Settings are a model: its field names, in any case, are the names of variables, and their texts
//! become its types by the same lax conversions as a query.
//!
//! ```
//! use aplomb::prelude::*;
//! use aplomb::settings::Environment;
//! use aplomb::testing::TestClient;
//!
//! #[derive(Model, Clone, Debug)]
//! struct Settings {
//!     #[field(default = "Awesome API")]
//!     app_name: String,
//!     admin_email: String,
//!     #[field(default = 50, ge = 1)]
//!     items_per_user: u32,
//! }
//!
//! #[get("/info")]
//! async fn info(settings: State<Settings>) -> Value {
//!     json!({"app_name": settings.app_name, "items_per_user": settings.items_per_user})
//! }
//!
//! fn app(settings: Settings) -> App {
//!     App::new().state(settings).routes(routes![info])
//! }
//!
//! // In `main`: `let settings = Environment::new().file(".env").load()?;`. In a test:
//! let variables = [("ADMIN_EMAIL", "admin@example.com"), ("ITEMS_PER_USER", "20")];
//! let settings = Environment::of(variables).load().unwrap();
//! let answer = TestClient::new(app(settings)).get("/info").send();
//! answer.assert_json(200, json!({"app_name": "Awesome API", "items_per_user": 20}));
//!
//! // Everything wrong is told at once, by the names of the variables and without their values.
//! let error = Environment::of([("ITEMS_PER_USER", "0")]).load::<Settings>().unwrap_err();
//! assert_eq!(
//!     error.to_string(),
//!     "2 problems with the settings:\n  \
//!      ADMIN_EMAIL: Field required\n  \
//!      ITEMS_PER_USER: Input should be greater than or equal to 1"
//! );
//! ```

mod dotenv;
mod environment;
mod error;
mod file;
mod gather;
mod shape;

pub use environment::Environment;
pub use error::{SettingsError, SettingsProblem};

use crate::model::Model;

/// Settings from the variables of the process: [`Environment::new`] and [`Environment::load`].
///
/// # Errors
/// Everything that is missing or wrong.
pub fn load<T: Model>() -> Result<T, SettingsError> {
    Environment::new().load()
}
