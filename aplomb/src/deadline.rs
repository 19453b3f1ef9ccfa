//! How long a request may take until its answer begins.
//!
//! Every request has a deadline: 10 seconds from the end of its head to the head of its answer,
//! unless the application, a router or the route says otherwise, or whoever asks waits for less.
//! Middleware, waiting for a turn, the body, dependencies, the handler and whoever answers its error
//! are all inside it; what a stream or a WebSocket does after its answer has begun is not.
//!
//! ```
//! use std::time::Duration;
//! use aplomb::prelude::*;
//!
//! #[get("/report", deadline = "60s")]
//! async fn make_report() -> String {
//!     "a report takes a while".to_owned()
//! }
//!
//! #[get("/changes", deadline = "none")]
//! async fn wait_for_changes() -> String {
//!     "until something happens".to_owned()
//! }
//!
//! let app = App::new()
//!     .deadline(Duration::from_secs(5))
//!     .routes(routes![make_report, wait_for_changes]);
//! ```
//!
//! When it has passed, the request is given up: its future is dropped where it waits, clean-ups run
//! and are told [`Outcome::Cancelled`](crate::depends::Outcome::Cancelled), and the client gets 504
//! with a `detail` that says where the time went. A thread that a plain `fn` runs on cannot be
//! stopped; it ends when the function returns, and the client does not wait for it.
//!
//! Middleware of the application gets that answer to pass on, as any other, and has a second for it.
//! Where it is the middleware itself that waits when the time is over, the answer is made outside of
//! it. Who answers an error of middleware, or one that nobody expects, has a second at the least.
//!
//! While the service waits for the client to send more of the body, the clock stands still: a long
//! upload is bounded by [`Limits::body_rate`](crate::serve::Limits::body_rate), and not cut while
//! it comes in. This is known of requests that come through Aplomb's own server.
//!
//! Whoever asks can say how long they wait, in `X-Request-Timeout-Ms`, `grpc-timeout` or
//! `x-envoy-expected-rq-timeout-ms`. It counts from the head of the request without a pause, and can
//! only make the deadline shorter, so that anybody may say it. [`Deadline`] passes it on.

mod around;
mod asked;
mod limit;
mod standstill;
mod watch;

use std::sync::Arc;
use std::time::{Duration, Instant};

use http::{HeaderMap, HeaderName, HeaderValue};

pub(crate) use self::around::Around;
pub use self::limit::TimeLimit;
pub(crate) use self::standstill::Standstill;
pub(crate) use self::watch::unless_over;
use crate::argument::{Argument, Source};
use crate::http::Request;
use crate::observe::Record;
use crate::operation::{Binder, Parameter};

/// The time left until the answer must have begun, as an argument.
///
/// ```
/// use aplomb::prelude::*;
/// use aplomb::testing::TestClient;
///
/// #[get("/quote")]
/// async fn quote(deadline: Deadline) -> bool {
///     // What is asked of others on the way gets the same deadline:
///     // reqwest_client.get(url).headers(deadline.headers()).send().await
///     deadline.headers()["x-request-timeout-ms"].to_str().is_ok_and(|left| left != "0")
/// }
///
/// let client = TestClient::new(App::new().routes(routes![quote]));
/// let answer = client.get("/quote").header("x-request-timeout-ms", "500").send();
/// answer.assert_json(200, json!(true));
/// ```
#[derive(Clone, Debug)]
pub struct Deadline {
    record: Arc<Record>,
    granted: TimeLimit,
    asked: Option<Duration>,
}

impl Deadline {
    /// The header that passes a deadline on, in milliseconds.
    pub const HEADER: HeaderName = HeaderName::from_static("x-request-timeout-ms");

    /// The deadline of a request, as far as its route is known.
    pub(crate) fn of(request: &Request) -> Self {
        Self {
            record: Arc::clone(request.record()),
            granted: request.limits().granted(request.head().compat),
            asked: asked::shortest(request.headers()),
        }
    }

    /// Says to those around that this is what the route grants.
    pub(crate) fn is_granted(&self) {
        self.record.grants(self.granted);
    }

    /// When the answer must have begun; none if it may take as long as it takes.
    ///
    /// It comes later while the client is waited for.
    pub fn at(&self) -> Option<Instant> {
        let arrived = self.record.arrived();
        let granted = match self.granted {
            TimeLimit::After(time) => {
                let at = arrived.checked_add(time);
                at.and_then(|at| at.checked_add(self.record.standstill().so_far(arrived)))
            }
            TimeLimit::None => None,
        };
        let asked = self.asked.and_then(|time| arrived.checked_add(time));
        match (granted, asked) {
            (Some(granted), Some(asked)) => Some(granted.min(asked)),
            (granted, asked) => granted.or(asked),
        }
    }

    /// How much time is left, zero when it is over; none if the answer may take as long as it takes.
    pub fn remaining(&self) -> Option<Duration> {
        Some(self.at()?.saturating_duration_since(Instant::now()))
    }

    /// The header that passes the deadline on, with the milliseconds that are left; nothing if
    /// there is no deadline.
    pub fn headers(&self) -> HeaderMap {
        let mut headers = HeaderMap::new();
        if let Some(left) = self.remaining() {
            // Zero is no time that anybody could mean.
            let left = u64::try_from(left.as_millis()).unwrap_or(u64::MAX).max(1);
            headers.insert(Self::HEADER, HeaderValue::from(left));
        }
        headers
    }
}

impl Argument for Deadline {
    const SOURCE: Source = Source::Context;

    fn bind(binder: &mut Binder<'_>, _: &'static Parameter) -> Option<Self> {
        Some(Self::of(binder.request()))
    }
}
