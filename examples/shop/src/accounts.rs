//! Users: signing up, logging in, and who is asking.

use aplomb::model::{Email, SecretString};
use aplomb::prelude::*;
use aplomb::security::passwords::Passwords;
use aplomb::security::{OAuth2PasswordBearer, OAuth2PasswordRequestForm};
use chrono::{DateTime, Utc};
use sqlx::FromRow;

use crate::db::Db;
use crate::tokens::Tokens;

/// Someone who buys here.
#[derive(Model, Clone, Debug)]
pub struct User {
    pub id: i64,
    pub name: String,
    pub email: String,
    pub is_admin: bool,
    pub created_at: DateTime<Utc>,
}

/// What it takes to become a user.
#[derive(Model, Debug)]
#[model(extra = "forbid")]
pub struct NewUser {
    /// Letters, digits, dots and dashes.
    #[field(min_length = 2, max_length = 40, pattern = r"^[A-Za-z0-9.-]+$")]
    pub name: String,
    pub email: Email,
    #[field(min_length = 8, max_length = 200)]
    pub password: SecretString,
}

/// What a log-in gives.
#[derive(Model, Debug)]
pub struct Token {
    pub access_token: String,
    #[field(default = "bearer")]
    pub token_type: String,
}

/// A user as the database has one.
#[derive(FromRow)]
pub struct UserRow {
    id: i64,
    name: String,
    email: String,
    password_hash: String,
    is_admin: i64,
    created_at: i64,
}

impl From<UserRow> for User {
    fn from(row: UserRow) -> Self {
        Self {
            id: row.id,
            name: row.name,
            email: row.email,
            is_admin: row.is_admin != 0,
            created_at: DateTime::from_timestamp(row.created_at, 0).unwrap_or_default(),
        }
    }
}

/// The password log-in.
#[security]
pub fn oauth2() -> OAuth2PasswordBearer {
    OAuth2PasswordBearer::new("token")
}

/// The user whose token came with the request.
#[dependency]
pub async fn current_user(
    token: Depends<oauth2>,
    tokens: State<Tokens>,
    db: State<Db>,
) -> Result<User> {
    let name = tokens.user(&token)?;
    match find(&db, &name).await? {
        Some(row) => Ok(row.into()),
        None => Err(
            HttpException::unauthorized("Could not validate credentials")
                .header("www-authenticate", "Bearer")
                .into(),
        ),
    }
}

/// The user whose token came with the request, who must run the shop.
#[dependency]
pub async fn admin(user: Depends<current_user>) -> Result<User> {
    if user.is_admin {
        Ok(User::clone(&user))
    } else {
        Err(HttpException::forbidden("Only those who run the shop may do this").into())
    }
}

/// Log in with name and password.
#[post("/token", tags("accounts"), responses(401 = "Wrong name or password"))]
async fn log_in(
    form: Depends<OAuth2PasswordRequestForm>,
    tokens: State<Tokens>,
    passwords: State<Passwords>,
    db: State<Db>,
) -> Result<Token> {
    let row = find(&db, &form.username).await?;
    // Someone unknown costs as much as a wrong password, so that time tells nothing.
    let hash = row.as_ref().map(|row| &*row.password_hash);
    let right = passwords.verify(&form.password, hash).await?;
    match row {
        Some(row) if right => Ok(Token {
            access_token: tokens.issue(&row.name)?,
            token_type: "bearer".to_owned(),
        }),
        _ => Err(
            HttpException::unauthorized("Incorrect username or password")
                .header("www-authenticate", "Bearer")
                .into(),
        ),
    }
}

/// Become a user.
#[post("/users", tags("accounts"), status = 201, responses(409 = "Name or address is taken"))]
async fn create_user(user: NewUser, passwords: State<Passwords>, db: State<Db>) -> Result<User> {
    let hash = passwords.hash(user.password.expose()).await?;
    let row = sqlx::query_as(
        "INSERT INTO users (name, email, password_hash, is_admin, created_at)
         VALUES ($1, $2, $3, 0, $4) ON CONFLICT DO NOTHING
         RETURNING id, name, email, password_hash, is_admin, created_at",
    )
    .bind(user.name)
    .bind(user.email.to_string())
    .bind(hash)
    .bind(Utc::now().timestamp())
    .fetch_optional(db.pool())
    .await?;
    let row: UserRow =
        row.ok_or_else(|| HttpException::conflict("This name or address is taken"))?;
    Ok(row.into())
}

/// Who am I?
#[get("/users/me", tags("accounts"), responses(401 = "Nobody is logged in"))]
async fn read_current_user(user: Depends<current_user>) -> User {
    User::clone(&user)
}

async fn find(db: &Db, name: &str) -> Result<Option<UserRow>> {
    // PostgreSQL has no text with NUL in it, and so nobody of such a name.
    if name.contains('\0') {
        return Ok(None);
    }
    Ok(sqlx::query_as(
        "SELECT id, name, email, password_hash, is_admin, created_at FROM users WHERE name = $1",
    )
    .bind(name)
    .fetch_optional(db.pool())
    .await?)
}

pub fn router() -> Router {
    Router::new().routes(routes![log_in, create_user, read_current_user])
}
