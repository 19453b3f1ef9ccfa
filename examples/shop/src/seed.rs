//! A few hundred rows, so that there is something to look at.

use aplomb::Result;
use aplomb::security::passwords::Passwords;
use chrono::{TimeDelta, Utc};

use crate::db::Db;

const USERS: [(&str, &str, &str, bool); 2] = [
    ("ada", "ada@example.com", "correct horse", false),
    ("grace", "grace@example.com", "battery staple", true),
];

const KINDS: [(&str, i64); 5] = [
    ("Small", 80),
    ("Plain", 100),
    ("Large", 130),
    ("Blue", 105),
    ("Second-hand", 55),
];

const THINGS: [(&str, &str, i64); 50] = [
    ("atlas", "books", 3900),
    ("bird guide", "books", 2400),
    ("cookbook", "books", 2900),
    ("dictionary", "books", 3500),
    ("field notebook", "books", 700),
    ("history of maps", "books", 4200),
    ("novel", "books", 1400),
    ("songbook", "books", 1900),
    ("star chart", "books", 1700),
    ("travel diary", "books", 1200),
    ("bench", "garden", 12900),
    ("bird house", "garden", 2600),
    ("fork", "garden", 2450),
    ("hose", "garden", 3100),
    ("lantern", "garden", 2200),
    ("planter", "garden", 1800),
    ("rake", "garden", 2100),
    ("spade", "garden", 2700),
    ("trowel", "garden", 900),
    ("watering can", "garden", 1600),
    ("bread tin", "kitchen", 1500),
    ("colander", "kitchen", 1300),
    ("frying pan", "kitchen", 4400),
    ("kettle", "kitchen", 3800),
    ("ladle", "kitchen", 800),
    ("mixing bowl", "kitchen", 1700),
    ("mortar", "kitchen", 2900),
    ("pepper mill", "kitchen", 2300),
    ("rolling pin", "kitchen", 1200),
    ("teapot", "kitchen", 3300),
    ("accordion", "music", 64000),
    ("bass strings", "music", 2800),
    ("bell", "music", 1500),
    ("drum", "music", 18900),
    ("flute", "music", 21500),
    ("guitar", "music", 32900),
    ("harmonica", "music", 4900),
    ("metronome", "music", 3900),
    ("music stand", "music", 3400),
    ("violin bow", "music", 11900),
    ("bench vice", "tools", 7900),
    ("chisel", "tools", 2600),
    ("clamp", "tools", 1900),
    ("drill", "tools", 9900),
    ("file", "tools", 1100),
    ("hammer", "tools", 2300),
    ("plane", "tools", 8400),
    ("saw", "tools", 3600),
    ("screwdriver", "tools", 1000),
    ("spirit level", "tools", 2700),
];

/// Fills an empty database; one that has users is left as it is.
///
/// # Errors
/// When the database refuses.
pub async fn fill(db: &Db, passwords: &Passwords) -> Result<()> {
    let users: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM users")
        .fetch_one(db.pool())
        .await?;
    if users > 0 {
        return Ok(());
    }
    let mut hashed = Vec::new();
    for (name, email, password, is_admin) in USERS {
        hashed.push((name, email, passwords.hash(password).await?, is_admin));
    }
    let mut transaction = db.pool().begin().await?;
    for (name, email, hash, is_admin) in hashed {
        sqlx::query(
            "INSERT INTO users (name, email, password_hash, is_admin, created_at)
             VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
        )
        .bind(name)
        .bind(email)
        .bind(hash)
        .bind(i64::from(is_admin))
        .bind(Utc::now().timestamp())
        .execute(&mut *transaction)
        .await?;
    }
    for (index, (thing, category, price)) in THINGS.into_iter().enumerate() {
        for (turn, (kind, percent)) in KINDS.into_iter().enumerate() {
            let number = i64::try_from(index * KINDS.len() + turn)?;
            let added = Utc::now() - TimeDelta::hours(7 * number);
            sqlx::query(
                "INSERT INTO items (name, description, category, price_cents, stock, created_at)
                 VALUES ($1, $2, $3, $4, $5, $6)",
            )
            .bind(format!("{kind} {thing}"))
            .bind((number % 3 != 0).then(|| format!("A {thing} that lasts. {kind} as it is.")))
            .bind(category)
            .bind(price * percent / 100)
            .bind((number * 7) % 40)
            .bind(added.timestamp())
            .execute(&mut *transaction)
            .await?;
        }
    }
    transaction.commit().await?;
    Ok(())
}
