//! The catalog says how often each point is passed.

use super::api;
use crate::app::{App, Service};
use crate::database::Database;
use crate::error::Result;
use crate::json::Value;
use crate::state::State;
use crate::testing::TestClient;
use crate::websocket::WebSocket;

/// The target of the route that converses.
const ECHO: &str = "WEBSOCKET /echo";

#[aplomb_macros::get("/carts", crate = crate)]
async fn carts(database: State<Database>) {
    for _ in 0..3 {
        drop(database.call("SELECT 1"));
    }
}

#[aplomb_macros::get("/idle", crate = crate)]
async fn idle() {}

#[aplomb_macros::websocket("/echo", crate = crate)]
async fn echo(socket: WebSocket, database: State<Database>) -> Result<()> {
    socket.accept().await?;
    let text = socket.receive_text().await?;
    drop(database.call("SELECT 2"));
    Ok(socket.send_text(text).await?)
}

/// The catalog at a moment.
struct Catalog(Value);

impl Catalog {
    fn of(service: &Service) -> Self {
        Self(api(service).get("/live/catalog").send().json())
    }

    /// How often a second a point is passed.
    fn per_second(&self, target: &str, point: &str) -> f64 {
        let named = |list: &Value, key: &str, name: &str| {
            let list = list.as_array().expect("a list");
            list.iter().find(|one| one[key] == *name).cloned()
        };
        let route = named(&self.0["routes"], "target", target).expect("the route");
        let point = named(&route["points"], "point", point).expect("the point");
        point["per_second"].as_f64().expect("a number")
    }

    /// How often a point is passed for each time that another is.
    fn share(&self, target: &str, point: &str, other: &str) -> f64 {
        let (point, other) = (
            self.per_second(target, point),
            self.per_second(target, other),
        );
        (point / other * 1000.0).round() / 1000.0
    }
}

#[test]
fn statements_and_conversations_have_rates_as_other_points_do() {
    let app = App::new().state(Database::named("shop"));
    let of = app.routes(crate::routes![carts, idle, echo]).build();
    let client = TestClient::new(of.clone());
    for _ in 0..4 {
        client.get("/carts").send();
        client.get("/idle").send();
    }
    let catalog = Catalog::of(&of);
    assert_eq!(catalog.share("GET /carts", "@database", "@handler"), 3.0);
    assert!(catalog.per_second("GET /idle", "@handler") > 0.0);
    assert_eq!(catalog.per_second("GET /idle", "@database"), 0.0);
    for point in ["@open", "@message", "@close", "@database"] {
        assert_eq!(catalog.per_second(ECHO, point), 0.0, "{point}");
    }
    for _ in 0..4 {
        let mut socket = client.websocket("/echo").connect();
        socket.send_text("hello");
        socket.receive_text();
        socket.receive_close();
    }
    let catalog = Catalog::of(&of);
    assert!(catalog.per_second(ECHO, "@open") > 0.0);
    assert_eq!(catalog.share(ECHO, "@message", "@open"), 2.0);
    assert_eq!(catalog.share(ECHO, "@close", "@open"), 1.0);
    assert_eq!(catalog.share(ECHO, "@database", "@open"), 1.0);
}
