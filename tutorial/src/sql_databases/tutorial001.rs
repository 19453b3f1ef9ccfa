//! One model, for the wire and for the table.

use aplomb::prelude::*;
use sqlx::FromRow;

use super::database::{self, get_pool};
use super::hero::{delete_hero, not_found};

#[derive(FromRow, Model)]
struct Hero {
    id: Option<i64>,
    name: String,
    age: Option<i64>,
    secret_name: String,
}

#[post("/heroes/")]
async fn create_hero(hero: Hero, pool: Depends<get_pool>) -> Result<Hero> {
    let hero = sqlx::query_as(
        "INSERT INTO hero (id, name, age, secret_name) VALUES ($1, $2, $3, $4) RETURNING *",
    )
    .bind(hero.id)
    .bind(hero.name)
    .bind(hero.age)
    .bind(hero.secret_name)
    .fetch_one(&*pool)
    .await?;
    Ok(hero)
}

#[get("/heroes/")]
async fn read_heroes(
    pool: Depends<get_pool>,
    #[query(default = 0)] offset: i64,
    #[query(default = 100, le = 100)] limit: i64,
) -> Result<Vec<Hero>> {
    let heroes = sqlx::query_as("SELECT * FROM hero LIMIT $1 OFFSET $2")
        .bind(limit)
        .bind(offset)
        .fetch_all(&*pool)
        .await?;
    Ok(heroes)
}

#[get("/heroes/{hero_id}")]
async fn read_hero(hero_id: i64, pool: Depends<get_pool>) -> Result<Hero> {
    let hero: Option<Hero> = sqlx::query_as("SELECT * FROM hero WHERE id = $1")
        .bind(hero_id)
        .fetch_optional(&*pool)
        .await?;
    Ok(hero.ok_or_else(not_found)?)
}

pub fn app() -> App {
    database::app().routes(routes![create_hero, read_heroes, read_hero, delete_hero])
}
