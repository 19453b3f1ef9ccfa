//! A small shop: users with password login, items with stock, and orders that take from it.

mod accounts;
mod db;
mod items;
mod notices;
mod orders;
mod paging;
mod seed;
mod settings;
mod tokens;

pub use settings::Settings;

use aplomb::prelude::*;
use aplomb::security::passwords::Passwords;

/// The service, with its database migrated and seeded.
///
/// # Errors
/// When the database cannot be reached or migrated, or the secret is too short.
pub async fn app(settings: Settings) -> Result<App> {
    let db = db::Db::connect(&settings.database_url).await?;
    let passwords = Passwords::new();
    seed::fill(&db, &passwords).await?;
    Ok(App::new()
        .title("Shop")
        .version(env!("CARGO_PKG_VERSION"))
        .summary("Things to buy, and the orders that buy them")
        .description(
            "Log in at **Authorize** as `ada` with the password `correct horse`, \
             or as `grace`, who runs the shop, with `battery staple`.",
        )
        .openapi_tags([
            json!({"name": "accounts", "description": "Who buys."}),
            json!({"name": "items", "description": "What there is to buy."}),
            json!({"name": "orders", "description": "What was bought."}),
        ])
        .response(
            400,
            "The body is not JSON in UTF-8, or not the form it says it is",
        )
        .banner("database", db.describe())
        .state(tokens::Tokens::new(settings.key()?, settings.token_minutes))
        .state(passwords)
        .state(db)
        .include(accounts::router())
        .include(items::router())
        .include(orders::router())
        .include(notices::router()))
}
