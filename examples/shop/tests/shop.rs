//! The shop as its users meet it, on SQLite and, where a server answers, on PostgreSQL.

use std::io::Write as _;

use aplomb::json;
use aplomb::model::SecretString;
use aplomb::testing::AsyncTestClient;
use shop::Settings;
use sqlx::{Connection, Executor};
use tempfile::TempDir;

/// A database of its own for one test, which goes with it.
enum Place {
    Sqlite(TempDir),
    Postgres { server: String, database: String },
}

impl Place {
    fn sqlite() -> Self {
        Self::Sqlite(tempfile::tempdir().expect("a folder"))
    }

    /// A PostgreSQL database, where a server answers; one must where `TEST_DATABASE_URL` names it.
    async fn postgres(name: &str) -> Option<Self> {
        let named = std::env::var("TEST_DATABASE_URL").ok();
        let required = named.is_some();
        let server = named.unwrap_or_else(|| "postgres://root@127.0.0.1:5432/postgres".to_owned());
        let database = format!("aplomb_shop_{}_{name}", std::process::id());
        match execute(&server, format!("CREATE DATABASE {database}")).await {
            Ok(()) => Some(Self::Postgres { server, database }),
            Err(error) if required => panic!("TEST_DATABASE_URL does not answer: {error}"),
            Err(error) => {
                // Written past the test harness, which shows only what a failing test prints.
                let _ = writeln!(
                    std::io::stderr(),
                    "SKIPPED {name} on PostgreSQL: no server at {server}: {error}"
                );
                None
            }
        }
    }

    /// The database and, where one answers, another on PostgreSQL.
    async fn all(name: &str) -> Vec<Self> {
        let mut places = vec![Self::sqlite()];
        places.extend(Self::postgres(name).await);
        places
    }

    fn url(&self) -> String {
        match self {
            Self::Sqlite(folder) => format!("sqlite:{}", folder.path().join("shop.db").display()),
            Self::Postgres { server, database } => {
                let (base, _) = server.rsplit_once('/').expect("a database in the URL");
                format!("{base}/{database}")
            }
        }
    }

    async fn client(&self) -> AsyncTestClient {
        let settings = settings(self.url());
        AsyncTestClient::new(shop::app(settings).await.expect("the shop opens"))
    }
}

fn settings(database_url: String) -> Settings {
    Settings {
        database_url,
        secret_key: Some(SecretString::new("a key of 32 bytes for tests only")),
        token_minutes: 5,
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let Self::Postgres { server, database } = self else {
            return;
        };
        let (server, statement) = (
            server.clone(),
            format!("DROP DATABASE {database} WITH (FORCE)"),
        );
        // The test's own runtime cannot be waited for in here.
        let dropped = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()?;
            runtime
                .block_on(execute(&server, statement))
                .map_err(std::io::Error::other)
        });
        if !std::thread::panicking() {
            let dropped = dropped.join().expect("no panic");
            dropped.expect("the database goes");
        } else {
            let _ = dropped.join();
        }
    }
}

async fn execute(server: &str, statement: String) -> sqlx::Result<()> {
    let mut connection = sqlx::PgConnection::connect(server).await?;
    connection.execute(sqlx::AssertSqlSafe(statement)).await?;
    connection.close().await
}

async fn token(client: &AsyncTestClient, name: &str, password: &str) -> String {
    let answer = client
        .post("/token")
        .form([("username", name), ("password", password)])
        .send()
        .await;
    assert_eq!(answer.status(), 200, "{}", answer.text());
    format!(
        "Bearer {}",
        answer.json()["access_token"].as_str().expect("a token")
    )
}

#[tokio::test]
async fn a_database_in_memory_is_refused() {
    let urls = [
        "sqlite::memory:",
        "sqlite://:memory:",
        "sqlite:",
        "sqlite:shop.db?cache=shared&mode=memory",
    ];
    for url in urls {
        let opened = shop::app(settings(url.to_owned())).await;
        let Err(error) = opened else {
            panic!("{url} was opened");
        };
        assert!(error.to_string().contains("name a file"), "{url}: {error}");
    }
}

#[tokio::test]
async fn items_are_listed_a_page_at_a_time() {
    for place in Place::all("pages").await {
        let client = place.client().await;
        let page = client
            .get("/items/?limit=3&offset=1&category=tools")
            .send()
            .await
            .json();
        assert_eq!(page["total"], 50);
        assert_eq!(page["items"].as_array().map(<[_]>::len), Some(3));
        let found = client
            .get("/items/?q=BIRD&available=true&order_by=price_cents")
            .send()
            .await
            .json();
        assert!(
            found["total"].as_i64().is_some_and(|total| total > 0),
            "{found}"
        );

        client
            .get("/items/?limit=1000&category=cars")
            .send()
            .await
            .assert_json(
                422,
                json!({"detail": [
                    {
                        "type": "enum", "loc": ["query", "category"],
                        "msg": "Input should be 'books', 'garden', 'kitchen', 'music' or 'tools'",
                        "input": "cars",
                        "ctx": {"expected": "'books', 'garden', 'kitchen', 'music' or 'tools'"}
                    },
                    {
                        "type": "less_than_equal", "loc": ["query", "limit"],
                        "msg": "Input should be less than or equal to 100", "input": "1000",
                        "ctx": {"le": 100}
                    }
                ]}),
            );
        client
            .get("/items/9999")
            .send()
            .await
            .assert_json(404, json!({"detail": "No such item"}));
        // What the document allows is never refused: no number is too large for the database.
        for path in ["/items/9007199254740991", "/items/?offset=9007199254740991"] {
            let answer = client.get(path).send().await;
            assert_ne!(answer.status(), 422, "{path}");
            assert!(answer.status() < 500, "{path}");
        }
    }
}

#[tokio::test]
async fn only_those_who_run_the_shop_change_items() {
    for place in Place::all("admins").await {
        let client = place.client().await;
        let fork = json!({"name": "Long fork", "category": "garden", "price_cents": 2450});
        let refused = client.post("/items/").json(&fork).send().await;
        refused.assert_json(401, json!({"detail": "Not authenticated"}));
        assert_eq!(refused.header("www-authenticate"), Some("Bearer"));

        let ada = token(&client, "ada", "correct horse").await;
        let answer = client
            .post("/items/")
            .header("authorization", &ada)
            .json(&fork)
            .send()
            .await;
        assert_eq!(answer.status(), 403);

        let grace = token(&client, "grace", "battery staple").await;
        let made = client
            .post("/items/")
            .header("authorization", &grace)
            .json(&fork)
            .send()
            .await;
        assert_eq!(made.status(), 201, "{}", made.text());
        let url = format!("/items/{}", made.json()["id"]);
        let more = client
            .post(&format!("{url}/stock"))
            .header("authorization", &grace)
            .json(&json!({"change": 4}))
            .send()
            .await;
        assert_eq!(more.json()["stock"], 4);
        let less = client
            .post(&format!("{url}/stock"))
            .header("authorization", &grace)
            .json(&json!({"change": -5}))
            .send()
            .await;
        less.assert_json(409, json!({"detail": "Not that many fit or are left"}));
        assert_eq!(client.get(&url).send().await.json()["stock"], 4);
        let renamed = json!({"name": "Old fork", "category": "garden", "price_cents": 2000});
        let changed = client
            .put(&url)
            .header("authorization", &grace)
            .json(&renamed)
            .send()
            .await
            .json();
        assert_eq!(changed["name"], "Old fork");
        assert_eq!(changed["stock"], 4, "what is not sent stays");
        let nul = client.get("/items/?q=%00").send().await;
        assert_eq!(nul.status(), 422, "no text with NUL reaches the database");
        let literal = client.get("/items/?q=%25").send().await.json();
        assert_eq!(literal["total"], 0, "a percent sign is a percent sign");
    }
}

#[tokio::test]
async fn an_order_takes_from_the_stock_or_takes_nothing() {
    for place in Place::all("orders").await {
        let client = place.client().await;
        let ada = token(&client, "ada", "correct horse").await;
        let stocked = client
            .get("/items/?available=true&limit=2")
            .send()
            .await
            .json();
        let (first, second) = (&stocked["items"][0], &stocked["items"][1]);
        let address = json!({
            "street": "1 Long Lane", "city": "Leeds", "postal_code": "LS1 1AA", "country": "GB"
        });
        let order = |quantity: i64| {
            json!({
                "lines": [
                    {"item_id": (first["id"].as_i64()), "quantity": 1},
                    {"item_id": (second["id"].as_i64()), "quantity": quantity}
                ],
                "address": (aplomb::__private::serde_json::to_value(&address).unwrap())
            })
        };
        let url = format!("/items/{}", first["id"]);
        let before = client.get(&url).send().await.json()["stock"].as_i64();

        let too_many = client
            .post("/orders/")
            .header("authorization", &ada)
            .json(&order(100))
            .send()
            .await;
        assert_eq!(too_many.status(), 409, "{}", too_many.text());
        assert_eq!(
            client.get(&url).send().await.json()["stock"].as_i64(),
            before,
            "rolled back"
        );

        let placed = client
            .post("/orders/")
            .header("authorization", &ada)
            .json(&order(1))
            .send()
            .await;
        assert_eq!(placed.status(), 201, "{}", placed.text());
        let placed = placed.json();
        assert_eq!(
            client.get(&url).send().await.json()["stock"].as_i64(),
            before.map(|n| n - 1)
        );
        let notices = client
            .get("/users/me/notices")
            .header("authorization", &ada)
            .send()
            .await
            .json();
        let thanks = format!("Thank you, ada: order {} is on its way.", placed["id"]);
        assert_eq!(notices[0]["text"], thanks.as_str());

        let order_url = format!("/orders/{}", placed["id"]);
        let grace = token(&client, "grace", "battery staple").await;
        let foreign = client
            .get(&order_url)
            .header("authorization", &grace)
            .send()
            .await;
        assert_eq!(foreign.status(), 404, "orders are their buyer's business");

        let cancelled = client
            .delete(&order_url)
            .header("authorization", &ada)
            .send()
            .await;
        assert_eq!(cancelled.json()["status"], "cancelled");
        assert_eq!(
            client.get(&url).send().await.json()["stock"].as_i64(),
            before
        );
        let again = client
            .delete(&order_url)
            .header("authorization", &ada)
            .send()
            .await;
        assert_eq!(again.status(), 409);
    }
}

#[tokio::test]
async fn a_new_user_can_log_in_once() {
    for place in Place::all("users").await {
        let client = place.client().await;
        let user =
            json!({"name": "alan", "email": "alan@example.com", "password": "enigma machine"});
        let made = client.post("/users").json(&user).send().await;
        assert_eq!(made.status(), 201, "{}", made.text());
        assert!(!made.text().contains("enigma"), "no password comes back");
        client
            .post("/users")
            .json(&user)
            .send()
            .await
            .assert_json(409, json!({"detail": "This name or address is taken"}));
        let alan = token(&client, "alan", "enigma machine").await;
        let me = client
            .get("/users/me")
            .header("authorization", &alan)
            .send()
            .await
            .json();
        assert_eq!(me["name"], "alan");

        let wrong = client
            .post("/token")
            .form([("username", "alan"), ("password", "wrong")])
            .send()
            .await;
        wrong.assert_json(401, json!({"detail": "Incorrect username or password"}));
        let forged = client
            .get("/users/me")
            .header("authorization", "Bearer x.y.z")
            .send()
            .await;
        forged.assert_json(401, json!({"detail": "Could not validate credentials"}));
    }
}
