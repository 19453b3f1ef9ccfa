//! The pool of sqlx, watched: what requests ask of it is known of them.
#![cfg(unix)]

#[path = "live/served.rs"]
mod served;

use std::time::Duration;

use aplomb::app::Raised;
use aplomb::database::{Pool, Transaction};
use aplomb::depends::{Exclusive, Outcome, Yield};
use aplomb::prelude::*;
use served::{Served, eventually};
use sqlx::Sqlite;
use sqlx::pool::PoolOptions;
use tempfile::TempDir;

type Db = Pool<Sqlite>;

const NAMES: &str = "SELECT name FROM items WHERE name <> 'SECRET' ORDER BY name";

#[get("/items")]
async fn items(pool: State<Db>) -> Result<Vec<String>> {
    Ok(sqlx::query_scalar(NAMES).fetch_all(&*pool).await?)
}

#[get("/items/{name}")]
async fn item(pool: State<Db>, name: String) -> Result<Option<i64>> {
    let found = sqlx::query_scalar("SELECT price FROM items WHERE name = ?").bind(name);
    Ok(found.fetch_optional(&*pool).await?)
}

#[dependency(scope = "function")]
async fn transaction(pool: State<Db>, give: Yield<Exclusive<Transaction<Sqlite>>>) -> Result<()> {
    let begun = pool.begin().await?;
    let (begun, outcome) = give.lend(Exclusive::new(begun)).await;
    match outcome {
        Outcome::Ok => begun.into_inner().commit().await?,
        Outcome::Failed(_) | Outcome::Cancelled => begun.into_inner().rollback().await?,
    }
    Ok(())
}

#[post("/items", status = 201)]
async fn add(name: String, price: i64, transaction: Depends<transaction>) -> Result<()> {
    let mut guard = transaction.lock().await;
    let insert = sqlx::query("INSERT INTO items (name, price) VALUES (?, ?)");
    let insert = insert.bind(&name).bind(price);
    insert.execute(&mut **guard).await?;
    match price {
        0 => Err(HttpException::bad_request("nothing is free").into()),
        _ => Ok(()),
    }
}

#[get("/wrong")]
async fn wrong(pool: State<Db>) -> Result<()> {
    sqlx::query("SELECT nothing FROM nowhere")
        .execute(&*pool)
        .await?;
    Ok(())
}

/// Holds the only connection.
#[get("/hold")]
async fn hold(pool: State<Db>) -> Result<()> {
    let _connection = pool.acquire().await?;
    tokio::time::sleep(Duration::from_millis(400)).await;
    Ok(())
}

/// Asks on the way in and on the way out.
async fn counts_visits(request: Request, next: Next) -> Result<Response> {
    let pool = request.state::<Db>().expect("the pool");
    sqlx::query("SELECT 'way in'").execute(&*pool).await?;
    let response = next.run(request).await?;
    sqlx::raw_sql("SELECT 'way out' AS left")
        .execute(&*pool)
        .await?;
    Ok(response)
}

#[derive(Debug)]
struct SoldOut;

impl std::fmt::Display for SoldOut {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("sold out")
    }
}

impl std::error::Error for SoldOut {}

#[get("/sold-out")]
async fn sold_out() -> Result<()> {
    Err(SoldOut.into())
}

/// Asks for something else instead.
async fn suggests(request: Request, _: Raised<SoldOut>) -> Result<Response> {
    let pool = request.state::<Db>().expect("the pool");
    let other: String = sqlx::query_scalar("SELECT min(name) FROM items")
        .fetch_one(&*pool)
        .await?;
    Ok(Response::text(other).status(503))
}

struct Shop {
    served: Served,
    _directory: TempDir,
}

impl Shop {
    /// A service whose database has one connection.
    fn open(name: &str) -> Self {
        Self::open_with(name, |app| app)
    }

    fn open_with(name: &str, more: impl FnOnce(App) -> App) -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        let file = directory.path().join("items.db");
        let url = format!("sqlite:{}?mode=rwc", file.display());
        let options = PoolOptions::<Sqlite>::new().max_connections(1);
        let options = options.after_connect(|connection, _| {
            Box::pin(async move {
                let create = "CREATE TABLE items (name TEXT, price INTEGER);
                              INSERT INTO items VALUES ('fork', 5)";
                sqlx::raw_sql(create).execute(connection).await?;
                Ok(())
            })
        });
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        let _within = runtime.enter();
        let pool = options.connect_lazy(&url).expect("a pool");
        let app = App::new()
            .state(Pool::new(name, pool))
            .server_timing(true)
            .routes(routes![items, item, add, wrong, hold, sold_out]);
        Self {
            served: Served::start(more(app)),
            _directory: directory,
        }
    }

    fn kept(&self, kind: &str, target: &str) -> Value {
        eventually("the request is kept", || {
            let (_, kept) = self.served.live("GET /requests", None);
            let entries = kept[kind].as_array()?.iter();
            let mut of = entries.filter(|entry| entry["target"] == target);
            of.next().cloned()
        })
    }
}

#[test]
fn statements_are_counted_and_committed_or_rolled_back() {
    let shop = Shop::open("counted");
    let status = |line: &str| shop.served.public(line, None).0;
    assert_eq!(status("POST /items?name=spade&price=7"), 201);
    assert_eq!(status("POST /items?name=gift&price=0"), 400);
    let (_, names) = shop.served.public("GET /items", None);
    assert_eq!(names, json!(["fork", "spade"]));
    assert_eq!(shop.served.public("GET /items/spade", None).1, json!(7));
    let (_, text) = shop.served.ask("management", "GET /metrics", &[], None);
    for line in [
        r#"duration_seconds_count{database="counted",operation="SELECT"} 2"#,
        r#"duration_seconds_count{database="counted",operation="INSERT"} 2"#,
        r#"duration_seconds_count{database="counted",operation="BEGIN"} 2"#,
        r#"duration_seconds_count{database="counted",operation="COMMIT"} 1"#,
        r#"duration_seconds_count{database="counted",operation="ROLLBACK"} 1"#,
        r#"aplomb_database_rows_total{database="counted",operation="SELECT"} 3"#,
        r#"aplomb_database_connection_wait_seconds_count{database="counted"} 4"#,
        r#"aplomb_database_connections_limit{database="counted"} 1"#,
        r#"aplomb_database_connections_waiting{database="counted"} 0"#,
    ] {
        assert!(text.contains(line), "{line} in\n{text}");
    }
}

#[test]
fn probes_look_at_statements_without_their_values() {
    let shop = Shop::open("items");
    let log = |target: &str, message: &str| {
        shop.served
            .set(&json!({"kind": "log", "target": target, "message": message}))
    };
    let all = log("database", "{request.route} {database.statement}");
    let one = log(
        "GET /items/{name} @database",
        "{path.name} {database.operation} {database.rows} {database.ok} {database.name}",
    );
    let failed = shop.served.set(&json!({
        "kind": "snapshot",
        "target": "database",
        "when": "!database.ok",
    }));
    shop.served.public("GET /items", None);
    shop.served.public("GET /items/fork", None);
    assert_eq!(shop.served.public("GET /wrong", None).0, 500);
    let said = |id: &str, count| -> Vec<String> {
        let events = shop.served.events(id, count).into_iter();
        events
            .map(|event| event["message"].as_str().expect("a message").to_owned())
            .collect()
    };
    assert_eq!(
        said(&all, 3),
        [
            "/items SELECT name FROM items WHERE name <> ? ORDER BY name",
            "/items/{name} SELECT price FROM items WHERE name = ?",
            "/wrong SELECT nothing FROM nowhere",
        ]
    );
    assert_eq!(said(&one, 1), ["fork SELECT 1 true items"]);
    let snapshot = &shop.served.events(&failed, 1)[0]["snapshot"];
    assert_eq!(snapshot["database"]["ok"], false, "{snapshot}");
    assert_eq!(
        snapshot["database"]["statement"],
        "SELECT nothing FROM nowhere"
    );
    assert_eq!(snapshot["databases"]["failed"], 1, "{snapshot}");
    let refused = shop.served.refused(&json!({
        "kind": "log", "target": "GET /items @response", "message": "{database.rows}",
    }));
    assert!(
        refused.to_string().contains("is not known at @response"),
        "{refused}"
    );
}

#[test]
fn a_request_says_what_it_asked_and_failed_with() {
    let shop = Shop::open("items");
    shop.served.public("GET /wrong", None);
    let database = &shop.kept("failed", "/wrong")["database"];
    assert_eq!(database["calls"], 1, "{database}");
    assert_eq!(database["failed"], 1);
    let statement = &database["statements"][0];
    assert_eq!(statement["statement"], "SELECT nothing FROM nowhere");
    assert_eq!(statement["database"], "items");
    assert_eq!(database["places"][0]["phase"], "handler");
    assert_eq!(database["open"], json!([]));
}

#[test]
fn who_waits_for_a_connection_knows_who_has_it() {
    let shop = Shop::open("items");
    std::thread::scope(|scope| {
        let holder = scope.spawn(|| shop.served.public("GET /hold", None));
        let in_flight = |target: &str| {
            let (_, open) = shop.served.live("GET /requests/in-flight", None);
            let mut entries = open.as_array()?.iter();
            entries.find(|entry| entry["target"] == target).cloned()
        };
        eventually("the connection is held", || {
            let holder = in_flight("/hold")?;
            (holder["database"]["waiting_ms"].as_f64()? > 0.0
                && holder["database"]["open"] == json!([]))
            .then_some(())
        });
        let waits = scope.spawn(|| shop.served.public("GET /items", None));
        eventually("the other waits", || {
            let open = &in_flight("/items")?["database"]["open"][0];
            (open["database"] == "items" && open["statement"] == Value::Null).then_some(())
        });
        assert_eq!(holder.join().expect("an answer").0, 200);
        assert_eq!(waits.join().expect("an answer").0, 200);
    });
    let database = &shop.kept("slow", "/items")["database"];
    assert!(database["waiting_ms"].as_f64() > Some(100.0), "{database}");
    assert_eq!(database["held_by"][0]["route"], "GET /hold", "{database}");
    assert_eq!(database["held_by"][0]["connections"], 1);
}

/// The places of a request where a database was asked, and how often.
fn places(entry: &Value) -> (Vec<&str>, Option<u64>) {
    let places = entry["database"]["places"].as_array();
    let places = places.into_iter().flatten();
    let phases = places.map(|place| place["phase"].as_str().expect("a phase"));
    (phases.collect(), entry["database"]["calls"].as_u64())
}

#[test]
fn what_middleware_around_the_app_asks_is_part_of_the_request() {
    let shop = Shop::open_with("around", |app| app.middleware(counts_visits));
    assert_eq!(shop.served.public("GET /wrong", None).0, 500);
    let failed = shop.kept("failed", "/wrong");
    // It goes on to the way out only where it is answered.
    assert_eq!(places(&failed), (vec!["middleware", "handler"], Some(2)));
    let (_, names) = shop.served.public("GET /items", None);
    assert_eq!(names, json!(["fork"]));
    let slow = shop.kept("slow", "/items");
    assert_eq!(places(&slow), (vec!["middleware", "handler"], Some(3)));
    let statements = slow["database"]["statements"]
        .as_array()
        .expect("statements");
    let out = "SELECT ? AS left";
    assert!(
        statements.iter().any(|of| of["statement"] == out),
        "{statements:?}"
    );
    assert_eq!(shop.served.public("GET /nowhere", None).0, 404);
    let nowhere = shop.kept("slow", "/nowhere");
    assert_eq!(places(&nowhere), (vec!["middleware"], Some(2)));
}

#[test]
fn what_answers_an_error_is_part_of_the_request_and_looked_at() {
    let shop = Shop::open_with("errors", |app| app.exception_handler(suggests));
    let probe = shop.served.set(&json!({
        "kind": "log", "target": "GET /sold-out @database", "message": "{database.statement}",
    }));
    let (status, other) = shop.served.ask("public", "GET /sold-out", &[], None);
    assert_eq!((status, &*other), (503, "fork"));
    let failed = shop.kept("failed", "/sold-out");
    assert_eq!(places(&failed), (vec!["middleware"], Some(1)));
    let event = &shop.served.events(&probe, 1)[0];
    assert_eq!(event["message"], "SELECT min(name) FROM items");
}
