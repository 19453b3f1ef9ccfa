//! What is the same of heroes, whatever models they have.

use aplomb::prelude::*;

use super::database::get_pool;

pub fn not_found() -> HttpException {
    HttpException::not_found("Hero not found")
}

#[delete("/heroes/{hero_id}")]
pub async fn delete_hero(hero_id: i64, pool: Depends<get_pool>) -> Result<Value> {
    let gone = sqlx::query("DELETE FROM hero WHERE id = $1")
        .bind(hero_id)
        .execute(&*pool)
        .await?;
    match gone.rows_affected() {
        0 => Err(not_found().into()),
        _ => Ok(json!({"ok": true})),
    }
}
