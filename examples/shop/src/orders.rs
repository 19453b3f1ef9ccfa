//! Orders: lines of items, taken from the stock in one transaction.

use aplomb::database::Transaction;
use aplomb::prelude::*;
use chrono::{DateTime, Utc};
use sqlx::{Any, FromRow};

use crate::accounts::current_user;
use crate::db::{Db, transaction};
use crate::notices;
use crate::paging::{Page, Paging};

/// Where an order goes.
#[derive(Model, Clone, Debug)]
pub struct Address {
    #[field(min_length = 1, max_length = 100, pattern = r"^[^\x00]*$")]
    pub street: String,
    #[field(min_length = 1, max_length = 100, pattern = r"^[^\x00]*$")]
    pub city: String,
    #[field(min_length = 2, max_length = 12, pattern = r"^[^\x00]*$")]
    pub postal_code: String,
    /// Two letters, as in ISO 3166.
    #[field(pattern = "^[A-Z]{2}$")]
    pub country: String,
}

/// Some of one item.
#[derive(Model, Clone, Debug)]
pub struct NewLine {
    #[field(strict, ge = 1, le = 9_007_199_254_740_991)]
    pub item_id: i64,
    #[field(strict, ge = 1, le = 100)]
    pub quantity: i64,
}

/// What someone wants to buy.
#[derive(Model, Debug)]
#[model(validate = each_item_once)]
pub struct NewOrder {
    #[field(min_length = 1, max_length = 50)]
    pub lines: Vec<NewLine>,
    pub address: Address,
}

fn each_item_once(order: &NewOrder) -> std::result::Result<(), String> {
    for (index, line) in order.lines.iter().enumerate() {
        if order.lines[..index]
            .iter()
            .any(|other| other.item_id == line.item_id)
        {
            return Err(format!("item {} stands in two lines", line.item_id));
        }
    }
    Ok(())
}

/// Some of one item, as it was bought.
#[derive(Model, Clone, Debug, FromRow)]
pub struct Line {
    pub item_id: i64,
    pub name: String,
    pub quantity: i64,
    /// Price of one when it was bought, in cents.
    pub price_cents: i64,
}

/// How far an order has come.
#[derive(Model, Clone, Copy, Debug, PartialEq)]
#[model(rename_all = "lowercase")]
pub enum Status {
    Placed,
    Cancelled,
}

/// What someone bought.
#[derive(Model, Debug)]
pub struct Order {
    pub id: i64,
    pub status: Status,
    pub lines: Vec<Line>,
    pub address: Address,
    pub total_cents: i64,
    pub created_at: DateTime<Utc>,
}

#[derive(Debug, FromRow)]
struct OrderRow {
    id: i64,
    status: String,
    street: String,
    city: String,
    postal_code: String,
    country: String,
    total_cents: i64,
    created_at: i64,
}

impl OrderRow {
    fn with(self, lines: Vec<Line>) -> Order {
        Order {
            id: self.id,
            status: if self.status == "placed" {
                Status::Placed
            } else {
                Status::Cancelled
            },
            lines,
            address: Address {
                street: self.street,
                city: self.city,
                postal_code: self.postal_code,
                country: self.country,
            },
            total_cents: self.total_cents,
            created_at: DateTime::from_timestamp(self.created_at, 0).unwrap_or_default(),
        }
    }
}

/// Buy.
#[post("/", status = 201, responses(404 = "No such item", 409 = "Not that many are left"))]
async fn create_order(
    mut order: NewOrder,
    user: Depends<current_user>,
    transaction: Depends<transaction>,
    db: State<Db>,
    tasks: BackgroundTasks,
) -> Result<Order> {
    // Everybody takes items in the same order, so that two orders never wait for each other.
    order.lines.sort_by_key(|line| line.item_id);
    let mut guard = transaction.lock().await;
    let transaction = &mut *guard;
    let mut total_cents = 0;
    let mut prices = Vec::new();
    for line in &order.lines {
        let price_cents = take(transaction, line).await?;
        total_cents += price_cents * line.quantity;
        prices.push(price_cents);
    }
    let row: OrderRow = sqlx::query_as(
        "INSERT INTO orders
             (user_id, status, street, city, postal_code, country, total_cents, created_at)
         VALUES ($1, 'placed', $2, $3, $4, $5, $6, $7)
         RETURNING id, status, street, city, postal_code, country, total_cents, created_at",
    )
    .bind(user.id)
    .bind(order.address.street)
    .bind(order.address.city)
    .bind(order.address.postal_code)
    .bind(order.address.country)
    .bind(total_cents)
    .bind(Utc::now().timestamp())
    .fetch_one(&mut **transaction)
    .await?;
    for (line, price_cents) in order.lines.iter().zip(prices) {
        sqlx::query(
            "INSERT INTO order_lines (order_id, item_id, quantity, price_cents)
             VALUES ($1, $2, $3, $4)",
        )
        .bind(row.id)
        .bind(line.item_id)
        .bind(line.quantity)
        .bind(price_cents)
        .execute(&mut **transaction)
        .await?;
    }
    let lines = lines(transaction, row.id).await?;
    tasks.add(notices::send(
        db,
        user.id,
        format!("Thank you, {}: order {} is on its way.", user.name, row.id),
    ));
    Ok(row.with(lines))
}

/// What have I bought?
#[get("/")]
async fn list_orders(
    #[query] paging: Paging,
    user: Depends<current_user>,
    transaction: Depends<transaction>,
) -> Result<Page<Order>> {
    let mut guard = transaction.lock().await;
    let transaction = &mut *guard;
    let total = sqlx::query_scalar("SELECT COUNT(*) FROM orders WHERE user_id = $1")
        .bind(user.id)
        .fetch_one(&mut **transaction)
        .await?;
    let rows: Vec<OrderRow> = sqlx::query_as(
        "SELECT id, status, street, city, postal_code, country, total_cents, created_at
         FROM orders WHERE user_id = $1 ORDER BY id DESC LIMIT $2 OFFSET $3",
    )
    .bind(user.id)
    .bind(paging.limit)
    .bind(paging.offset)
    .fetch_all(&mut **transaction)
    .await?;
    let mut items = Vec::new();
    for row in rows {
        let lines = lines(transaction, row.id).await?;
        items.push(row.with(lines));
    }
    Ok(Page { total, items })
}

/// Look at one order.
#[get("/{order_id}", responses(404 = "No such order"))]
async fn read_order(
    #[path(ge = 1, le = 9_007_199_254_740_991)] order_id: i64,
    user: Depends<current_user>,
    transaction: Depends<transaction>,
) -> Result<Order> {
    let mut guard = transaction.lock().await;
    find(&mut guard, order_id, user.id).await
}

/// Change my mind: everything goes back to the shelf.
#[delete("/{order_id}", responses(404 = "No such order", 409 = "Cancelled already"))]
async fn cancel_order(
    #[path(ge = 1, le = 9_007_199_254_740_991)] order_id: i64,
    user: Depends<current_user>,
    transaction: Depends<transaction>,
) -> Result<Order> {
    let mut guard = transaction.lock().await;
    let transaction = &mut *guard;
    // Writing first: a transaction that has only read may not be able to write any more.
    let cancelled = sqlx::query(
        "UPDATE orders SET status = 'cancelled'
         WHERE id = $1 AND user_id = $2 AND status = 'placed'",
    )
    .bind(order_id)
    .bind(user.id)
    .execute(&mut **transaction)
    .await?;
    let order = find(transaction, order_id, user.id).await?;
    if cancelled.rows_affected() == 0 {
        return Err(HttpException::conflict("This order is cancelled already").into());
    }
    for line in &order.lines {
        sqlx::query("UPDATE items SET stock = stock + $1 WHERE id = $2")
            .bind(line.quantity)
            .bind(line.item_id)
            .execute(&mut **transaction)
            .await?;
    }
    Ok(order)
}

/// Takes a line from the stock and gives the price of one.
async fn take(transaction: &mut Transaction<Any>, line: &NewLine) -> Result<i64> {
    let price: Option<i64> = sqlx::query_scalar(
        "UPDATE items SET stock = stock - $1 WHERE id = $2 AND stock >= $1 RETURNING price_cents",
    )
    .bind(line.quantity)
    .bind(line.item_id)
    .fetch_optional(&mut **transaction)
    .await?;
    if let Some(price) = price {
        return Ok(price);
    }
    let left: Option<i64> = sqlx::query_scalar("SELECT stock FROM items WHERE id = $1")
        .bind(line.item_id)
        .fetch_optional(&mut **transaction)
        .await?;
    Err(match left {
        None => HttpException::not_found(format!("There is no item {}", line.item_id)),
        Some(left) => HttpException::conflict(json!({
            "message": "Not that many are left",
            "item_id": (line.item_id),
            "stock": left,
        })),
    }
    .into())
}

async fn find(transaction: &mut Transaction<Any>, id: i64, user: i64) -> Result<Order> {
    let row: Option<OrderRow> = sqlx::query_as(
        "SELECT id, status, street, city, postal_code, country, total_cents, created_at
         FROM orders WHERE id = $1 AND user_id = $2",
    )
    .bind(id)
    .bind(user)
    .fetch_optional(&mut **transaction)
    .await?;
    let row = row.ok_or_else(|| HttpException::not_found("No such order"))?;
    let lines = lines(transaction, id).await?;
    Ok(row.with(lines))
}

async fn lines(transaction: &mut Transaction<Any>, order: i64) -> Result<Vec<Line>> {
    Ok(sqlx::query_as(
        "SELECT order_lines.item_id, items.name, order_lines.quantity, order_lines.price_cents
         FROM order_lines JOIN items ON items.id = order_lines.item_id
         WHERE order_lines.order_id = $1 ORDER BY order_lines.item_id",
    )
    .bind(order)
    .fetch_all(&mut **transaction)
    .await?)
}

pub fn router() -> Router {
    Router::new()
        .prefix("/orders")
        .tags(["orders"])
        .response("401", "Nobody is logged in")
        .routes(routes![create_order, list_orders, read_order, cancel_order])
}
