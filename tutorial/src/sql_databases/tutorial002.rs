//! Models of their own for what is sent, what is answered and what is changed.

use aplomb::model::Patch;
use aplomb::prelude::*;
use sqlx::FromRow;

use super::database::{self, get_pool};
use super::hero::{delete_hero, not_found};

#[derive(FromRow, Model)]
struct HeroPublic {
    name: String,
    age: Option<i64>,
    id: i64,
}

#[derive(Model)]
struct HeroCreate {
    name: String,
    age: Option<i64>,
    secret_name: String,
}

#[derive(Model)]
struct HeroUpdate {
    name: Option<String>,
    age: Option<i64>,
    secret_name: Option<String>,
}

#[post("/heroes/")]
async fn create_hero(hero: HeroCreate, pool: Depends<get_pool>) -> Result<HeroPublic> {
    let hero = sqlx::query_as(
        "INSERT INTO hero (name, age, secret_name) VALUES ($1, $2, $3) RETURNING name, age, id",
    )
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
) -> Result<Vec<HeroPublic>> {
    let heroes = sqlx::query_as("SELECT name, age, id FROM hero LIMIT $1 OFFSET $2")
        .bind(limit)
        .bind(offset)
        .fetch_all(&*pool)
        .await?;
    Ok(heroes)
}

#[get("/heroes/{hero_id}")]
async fn read_hero(hero_id: i64, pool: Depends<get_pool>) -> Result<HeroPublic> {
    let hero: Option<HeroPublic> = sqlx::query_as("SELECT name, age, id FROM hero WHERE id = $1")
        .bind(hero_id)
        .fetch_optional(&*pool)
        .await?;
    Ok(hero.ok_or_else(not_found)?)
}

#[patch("/heroes/{hero_id}")]
async fn update_hero(
    hero_id: i64,
    hero: Patch<HeroUpdate>,
    pool: Depends<get_pool>,
) -> Result<HeroPublic> {
    let hero: Option<HeroPublic> = sqlx::query_as(
        "UPDATE hero SET
             name = CASE WHEN $2 THEN $3 ELSE name END,
             age = CASE WHEN $4 THEN $5 ELSE age END,
             secret_name = CASE WHEN $6 THEN $7 ELSE secret_name END
         WHERE id = $1
         RETURNING name, age, id",
    )
    .bind(hero_id)
    .bind(hero.is_set("name"))
    .bind(hero.name.clone())
    .bind(hero.is_set("age"))
    .bind(hero.age)
    .bind(hero.is_set("secret_name"))
    .bind(hero.secret_name.clone())
    .fetch_optional(&*pool)
    .await?;
    Ok(hero.ok_or_else(not_found)?)
}

pub fn app() -> App {
    database::app().routes(routes![
        create_hero,
        read_heroes,
        read_hero,
        update_hero,
        delete_hero
    ])
}
