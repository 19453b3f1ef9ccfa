//! Items: what there is to buy, and how much of it.

use aplomb::model::Patch;
use aplomb::prelude::*;
use chrono::{DateTime, Utc};
use sqlx::FromRow;

use crate::accounts::admin;
use crate::db::Db;
use crate::paging::{Page, Paging};

/// What an item is for.
#[derive(Model, Clone, Copy, Debug, PartialEq)]
#[model(rename_all = "lowercase")]
pub enum Category {
    Books,
    Garden,
    Kitchen,
    Music,
    Tools,
}

impl Category {
    /// The name in the database.
    pub fn name(self) -> &'static str {
        match self {
            Self::Books => "books",
            Self::Garden => "garden",
            Self::Kitchen => "kitchen",
            Self::Music => "music",
            Self::Tools => "tools",
        }
    }

    fn of(name: &str) -> Self {
        match name {
            "books" => Self::Books,
            "garden" => Self::Garden,
            "kitchen" => Self::Kitchen,
            "music" => Self::Music,
            _ => Self::Tools,
        }
    }
}

/// What can be said about an item.
#[derive(Model, Clone, Debug)]
#[model(extra = "forbid", example = {"name": "Garden fork", "category": "garden", "price_cents": 2450, "stock": 12})]
pub struct ItemDetails {
    /// Shown to customers.
    #[field(min_length = 1, max_length = 80, pattern = r"^[^\x00]*$")]
    pub name: String,
    /// Some sentences for those who want to know more.
    #[field(max_length = 2000, pattern = r"^[^\x00]*$")]
    pub description: Option<String>,
    pub category: Category,
    /// Price of one, in cents.
    #[field(strict, gt = 0, le = 10_000_000)]
    pub price_cents: i64,
    /// How many are there.
    #[field(default = 0, strict, ge = 0, le = 1_000_000)]
    pub stock: i64,
}

/// Something to buy.
#[derive(Model, Clone, Debug)]
pub struct Item {
    pub id: i64,
    pub name: String,
    pub description: Option<String>,
    pub category: Category,
    pub price_cents: i64,
    pub stock: i64,
    pub created_at: DateTime<Utc>,
}

/// How a list of items is ordered.
#[derive(Model, Clone, Copy, Debug)]
#[model(rename_all = "snake_case")]
pub enum ItemOrder {
    Name,
    PriceCents,
    CreatedAt,
}

#[derive(Debug, FromRow)]
struct ItemRow {
    id: i64,
    name: String,
    description: Option<String>,
    category: String,
    price_cents: i64,
    stock: i64,
    created_at: i64,
}

impl From<ItemRow> for Item {
    fn from(row: ItemRow) -> Self {
        Self {
            id: row.id,
            name: row.name,
            description: row.description,
            category: Category::of(&row.category),
            price_cents: row.price_cents,
            stock: row.stock,
            created_at: DateTime::from_timestamp(row.created_at, 0).unwrap_or_default(),
        }
    }
}

/// The items a list is about; empty texts choose all.
macro_rules! filtered {
    () => {
        "FROM items WHERE ($1 = '' OR lower(name) LIKE $1 ESCAPE '!')
         AND ($2 = '' OR category = $2) AND ($3 = 0 OR stock > 0)"
    };
}

/// One page of them.
macro_rules! page {
    ($column:literal) => {
        concat!(
            "SELECT id, name, description, category, price_cents, stock, created_at ",
            filtered!(),
            " ORDER BY ",
            $column,
            ", id LIMIT $4 OFFSET $5"
        )
    };
}

/// The pattern of names that hold a text; SQLite knows the case of ASCII only.
fn like(text: &str) -> String {
    let escaped = text
        .replace('!', "!!")
        .replace('%', "!%")
        .replace('_', "!_");
    format!("%{}%", escaped.to_ascii_lowercase())
}

/// Look around.
#[get("/")]
async fn list_items(
    /// Only items whose name holds this text.
    #[query(min_length = 1, max_length = 50, pattern = r"^[^\x00]*$")]
    q: Option<String>,
    category: Option<Category>,
    /// Only items that are in stock.
    #[query(default = false)]
    available: bool,
    #[query(default = ItemOrder::Name)] order_by: ItemOrder,
    #[query] paging: Paging,
    db: State<Db>,
) -> Result<Page<Item>> {
    let name = q.map(|q| like(&q)).unwrap_or_default();
    let category = category.map(Category::name).unwrap_or_default();
    let total = sqlx::query_scalar(concat!("SELECT COUNT(*) ", filtered!()))
        .bind(&name)
        .bind(category)
        .bind(i64::from(available))
        .fetch_one(db.pool())
        .await?;
    let rows: Vec<ItemRow> = sqlx::query_as(match order_by {
        ItemOrder::Name => page!("name"),
        ItemOrder::PriceCents => page!("price_cents"),
        ItemOrder::CreatedAt => page!("created_at"),
    })
    .bind(&name)
    .bind(category)
    .bind(i64::from(available))
    .bind(paging.limit)
    .bind(paging.offset)
    .fetch_all(db.pool())
    .await?;
    Ok(Page {
        total,
        items: rows.into_iter().map(Item::from).collect(),
    })
}

/// Look at one item.
#[get("/{item_id}", responses(404 = "No such item"))]
async fn read_item(
    /// Number of the item.
    #[path(ge = 1, le = 9_007_199_254_740_991)]
    item_id: i64,
    db: State<Db>,
) -> Result<Item> {
    find(&db, item_id).await
}

/// Put a new item on the shelf.
#[post(
    "/",
    status = 201,
    responses(401 = "Nobody is logged in", 403 = "Only those who run the shop may do this")
)]
async fn create_item(item: ItemDetails, _admin: Depends<admin>, db: State<Db>) -> Result<Item> {
    let row: ItemRow = sqlx::query_as(
        "INSERT INTO items (name, description, category, price_cents, stock, created_at)
         VALUES ($1, $2, $3, $4, $5, $6)
         RETURNING id, name, description, category, price_cents, stock, created_at",
    )
    .bind(item.name)
    .bind(item.description)
    .bind(item.category.name())
    .bind(item.price_cents)
    .bind(item.stock)
    .bind(Utc::now().timestamp())
    .fetch_one(db.pool())
    .await?;
    Ok(row.into())
}

/// Change an item: everything that is sent is changed, the rest stays.
#[put("/{item_id}", responses(401 = "Nobody is logged in", 403 = "Only those who run the shop may do this", 404 = "No such item"))]
async fn update_item(
    #[path(ge = 1, le = 9_007_199_254_740_991)] item_id: i64,
    details: Patch<ItemDetails>,
    _admin: Depends<admin>,
    db: State<Db>,
) -> Result<Item> {
    // One statement: an order that takes from the stock meanwhile is not undone.
    let row: Option<ItemRow> = sqlx::query_as(
        "UPDATE items SET
             name = CASE WHEN $2 = 1 THEN $3 ELSE name END,
             description = CASE WHEN $4 = 1 THEN $5 ELSE description END,
             category = CASE WHEN $6 = 1 THEN $7 ELSE category END,
             price_cents = CASE WHEN $8 = 1 THEN $9 ELSE price_cents END,
             stock = CASE WHEN $10 = 1 THEN $11 ELSE stock END
         WHERE id = $1
         RETURNING id, name, description, category, price_cents, stock, created_at",
    )
    .bind(item_id)
    .bind(i64::from(details.is_set("name")))
    .bind(details.name.clone())
    .bind(i64::from(details.is_set("description")))
    .bind(details.description.clone())
    .bind(i64::from(details.is_set("category")))
    .bind(details.category.name())
    .bind(i64::from(details.is_set("price_cents")))
    .bind(details.price_cents)
    .bind(i64::from(details.is_set("stock")))
    .bind(details.stock)
    .fetch_optional(db.pool())
    .await?;
    Ok(row
        .ok_or_else(|| HttpException::not_found("No such item"))?
        .into())
}

/// Count more or fewer of an item, as after a delivery.
#[post("/{item_id}/stock", responses(401 = "Nobody is logged in", 403 = "Only those who run the shop may do this", 404 = "No such item", 409 = "Not that many fit or are left"))]
async fn adjust_stock(
    #[path(ge = 1, le = 9_007_199_254_740_991)] item_id: i64,
    /// How many came, or, below zero, went.
    #[body(embed, strict, ge = -1_000_000, le = 1_000_000)]
    change: i64,
    _admin: Depends<admin>,
    db: State<Db>,
) -> Result<Item> {
    find(&db, item_id).await?;
    let row: Option<ItemRow> = sqlx::query_as(
        "UPDATE items SET stock = stock + $1 WHERE id = $2 AND stock + $1 BETWEEN 0 AND 1000000
         RETURNING id, name, description, category, price_cents, stock, created_at",
    )
    .bind(change)
    .bind(item_id)
    .fetch_optional(db.pool())
    .await?;
    let row = row.ok_or_else(|| HttpException::conflict("Not that many fit or are left"))?;
    Ok(row.into())
}

async fn find(db: &Db, id: i64) -> Result<Item> {
    let row: Option<ItemRow> = sqlx::query_as(
        "SELECT id, name, description, category, price_cents, stock, created_at
         FROM items WHERE id = $1",
    )
    .bind(id)
    .fetch_optional(db.pool())
    .await?;
    Ok(row
        .ok_or_else(|| HttpException::not_found("No such item"))?
        .into())
}

pub fn router() -> Router {
    Router::new()
        .prefix("/items")
        .tags(["items"])
        .routes(routes![
            list_items,
            read_item,
            create_item,
            update_item,
            adjust_stock
        ])
}
