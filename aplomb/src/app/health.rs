//! What tells orchestrators how a service is.

use std::sync::Arc;

use super::App;
use crate::error::Result;
use crate::health::Health;
use crate::http::{Request, Response};
use crate::serve::Address;

/// Where probes of health are answered on the public port.
#[derive(Clone, Debug, Default)]
pub(crate) struct Probes {
    pub(crate) liveness: Vec<String>,
    pub(crate) readiness: Vec<String>,
}

type Answer = Arc<dyn Fn(&Request) -> Response + Send + Sync>;

impl Probes {
    /// The paths, and what answers there.
    pub(super) fn pages(&self, health: &Health) -> Vec<(String, Answer)> {
        let mut pages: Vec<(String, Answer)> = Vec::new();
        for path in &self.liveness {
            let health = health.clone();
            pages.push((path.clone(), Arc::new(move |_| health.liveness())));
        }
        for path in &self.readiness {
            let health = health.clone();
            pages.push((path.clone(), Arc::new(move |_| health.readiness())));
        }
        pages
    }
}

impl App {
    /// Answers `/livez` and `/readyz` on a port and a thread of their own, so that nothing the
    /// service does keeps a probe waiting; `MANAGEMENT` in the environment does the same.
    ///
    /// `/livez` is 503 only when no thread of the service has come back for 30 s. `/readyz` is 503
    /// while the service starts, when a [`readiness_check`](Self::readiness_check) fails, and from
    /// the signal to stop on.
    ///
    /// `/metrics` is what [`Service::metrics`](super::Service::metrics) counts, for Prometheus;
    /// `/requests` is what [`Service::flight_recorder`](super::Service::flight_recorder) keeps, as
    /// JSON. It says what clients asked for, so let only those reach it who may know.
    ///
    /// Without the token below, `/requests` and `/live/` are answered by the name `localhost` or an
    /// address alone, so that no page of another site can be led here by its name. `/metrics` is
    /// scraped by any name, but for those who ask from this machine.
    ///
    /// Below `/live/` logs, metrics and snapshots are made on demand, as `/live/openapi.json`
    /// describes: by those on the same machine, or by those who have the token that `LIVE_TOKEN` in
    /// the environment holds. Everybody else sees which routes and probes there are, and no values:
    /// a Prometheus elsewhere needs the token too (`authorization: {credentials: …}`) for the metrics
    /// that probes make.
    ///
    /// `/console` is a page for browsers that shows all of this, and sets probes; `/` has links to all
    /// of it.
    ///
    /// ```no_run
    /// use aplomb::prelude::*;
    ///
    /// #[aplomb::main]
    /// async fn main() -> Result<()> {
    ///     App::new().management("0.0.0.0:9000").run().await
    /// }
    /// ```
    #[must_use]
    pub fn management(mut self, address: impl Into<Address>) -> Self {
        self.serving.management = Some(address.into());
        self
    }

    /// Answers at this path of the service, before every route, whether it lives.
    ///
    /// ```
    /// use aplomb::prelude::*;
    /// use aplomb::testing::TestClient;
    ///
    /// let client = TestClient::new(App::new().liveness("/livez").readiness("/readyz"))
    ///     .with_lifespan();
    /// client.get("/livez").send().assert_json(200, json!({"status": "alive"}));
    /// client.get("/readyz").send().assert_json(200, json!({"status": "ready"}));
    /// ```
    #[must_use]
    pub fn liveness(mut self, path: impl Into<String>) -> Self {
        self.probes.liveness.push(path.into());
        self
    }

    /// Answers at this path of the service, before every route, whether it is ready.
    #[must_use]
    pub fn readiness(mut self, path: impl Into<String>) -> Self {
        self.probes.readiness.push(path.into());
        self
    }

    /// Makes the service ready only while this succeeds: a look at the database, at a queue.
    ///
    /// It is run before the first request and then every 5 s, after a failure every second. It may
    /// take 2 s, then it counts as failed (`timed out`), and it may block: each run has a thread of
    /// its own, and one that never ends is not run a second time. Probes are answered by what it said
    /// last, so that they cost nothing.
    ///
    /// ```
    /// use aplomb::prelude::*;
    /// use aplomb::testing::TestClient;
    ///
    /// async fn reach_database() -> Result<()> {
    ///     Err(HttpException::new(500, "no connection").into())
    /// }
    ///
    /// let app = App::new().readiness("/readyz").readiness_check("database", reach_database);
    /// let client = TestClient::new(app).with_lifespan();
    /// let answer = client.get("/readyz").send();
    /// answer.assert_json(503, json!({"status": "failing", "checks": {"database": "500: no connection"}}));
    /// ```
    #[must_use]
    pub fn readiness_check<F, R>(mut self, name: impl Into<String>, check: F) -> Self
    where
        F: Fn() -> R + Send + Sync + 'static,
        R: Future<Output = Result<()>> + Send + 'static,
    {
        self.checks.push(name.into(), check);
        self
    }
}
