//! Notices: what the shop tells its users once an answer is out.

use aplomb::prelude::*;
use chrono::{DateTime, Utc};
use sqlx::FromRow;

use crate::accounts::current_user;
use crate::db::Db;

/// Something the shop has to tell.
#[derive(Model, Debug)]
pub struct Notice {
    pub text: String,
    pub created_at: DateTime<Utc>,
}

#[derive(Debug, FromRow)]
struct NoticeRow {
    text: String,
    created_at: i64,
}

/// Leaves a notice for a user.
pub async fn send(db: State<Db>, user_id: i64, text: String) {
    let sent = sqlx::query("INSERT INTO notices (user_id, text, created_at) VALUES ($1, $2, $3)")
        .bind(user_id)
        .bind(text)
        .bind(Utc::now().timestamp())
        .execute(db.pool())
        .await;
    if let Err(error) = sent {
        tracing::error!(%error, user_id, "a notice was lost");
    }
}

/// What does the shop have to tell me?
#[get("/users/me/notices", tags("accounts"), responses(401 = "Nobody is logged in"))]
async fn list_notices(user: Depends<current_user>, db: State<Db>) -> Result<Vec<Notice>> {
    let rows: Vec<NoticeRow> =
        sqlx::query_as("SELECT text, created_at FROM notices WHERE user_id = $1 ORDER BY id")
            .bind(user.id)
            .fetch_all(db.pool())
            .await?;
    let notice = |row: NoticeRow| Notice {
        text: row.text,
        created_at: DateTime::from_timestamp(row.created_at, 0).unwrap_or_default(),
    };
    Ok(rows.into_iter().map(notice).collect())
}

pub fn router() -> Router {
    Router::new().routes(routes![list_notices])
}
