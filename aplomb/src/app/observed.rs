//! What an app tells of its requests.

use std::sync::Arc;

use super::dispatch::Begun;
use super::{App, Service};
use crate::http::{Body, Peer};
use crate::observe::{AccessLog, FlightRecorder, Metrics, Record};
use crate::serve::{Answering, Dispatch};

impl App {
    /// Sets which requests are kept to be looked at, and what of them; see [`FlightRecorder`].
    #[must_use]
    pub fn flight_recorder(mut self, recorder: FlightRecorder) -> Self {
        self.observing.flight_recorder = recorder;
        self
    }

    /// Sets what is logged of each request; see [`AccessLog`].
    #[must_use]
    pub fn access_log(mut self, log: AccessLog) -> Self {
        self.observing.access_log = log;
        self
    }

    /// Says in a `Server-Timing` header of every answer where its time went: each phase, and each
    /// dependency by name, in milliseconds. Off unless asked for, because times tell strangers
    /// something: that a user exists, that a cache had it.
    ///
    /// Browsers show the header beside the request.
    ///
    /// ```
    /// use aplomb::prelude::*;
    /// use aplomb::testing::TestClient;
    ///
    /// #[dependency]
    /// async fn current_user() -> &'static str {
    ///     "ada"
    /// }
    ///
    /// #[get("/me")]
    /// async fn read_me(user: Depends<current_user>) -> &'static str {
    ///     *user
    /// }
    ///
    /// let app = App::new().routes(routes![read_me]).server_timing(true);
    /// let answer = TestClient::new(app).get("/me").send();
    /// let timing = answer.header("server-timing").unwrap_or_default();
    /// assert!(timing.contains("handler;dur="));
    /// assert!(timing.contains(";desc=\"current_user\""));
    /// ```
    #[must_use]
    pub fn server_timing(mut self, on: bool) -> Self {
        self.observing.server_timing = on;
        self
    }
}

impl Service {
    /// What this service has counted since it started; those of applications mounted in it are
    /// among it.
    pub fn metrics(&self) -> Arc<Metrics> {
        Arc::clone(&self.observer().metrics)
    }

    /// The last requests that were slow or went wrong, those of applications mounted in this one
    /// too.
    pub fn flight_recorder(&self) -> Arc<FlightRecorder> {
        Arc::clone(&self.observer().flight_recorder)
    }
}

impl Dispatch for Service {
    fn dispatch(
        self: Arc<Self>,
        request: ::http::Request<Body>,
        peer: Peer,
        record: Arc<Record>,
    ) -> Answering {
        self.observer().began(&record, &peer, request.headers());
        let served = true;
        let begun = Begun { record, served };
        // Before the future is made, which is moved and holds no more than a pointer to it so.
        let request = self.request(request, peer, Some(begun));
        Box::pin(async move { self.answered(request, false).await })
    }

    fn ended(&self, record: &Arc<Record>) {
        self.observer().ended(record);
    }

    fn max_body_size(&self) -> usize {
        self.largest_body()
    }
}
