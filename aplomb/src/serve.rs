//! The server: sockets, connections, limits, and an end that comes when it is asked for.
//!
//! [`Server`] binds and runs; what answers is anything that implements [`Dispatch`].

mod alarm;
mod answer;
mod bound;
mod cgroup;
mod connection;
mod connections;
mod disconnect;
mod frames;
mod handling;
mod handover;
mod heads;
pub(crate) mod lane;
mod limits;
mod listener;
mod memory;
mod open;
mod open_requests;
mod overdue;
mod piece;
mod processors;
mod pulse;
mod ready;
mod refusal;
mod server;
mod service;
mod shared;
mod socket;
mod stop;
mod systemd;
mod tasks;
mod tls;
mod transport;
mod unfinished;
mod unread;
mod unsent;
mod upload;
mod waiting;
mod wire;

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

pub use bound::Bound;
pub use disconnect::OnDisconnect;
pub(crate) use handover::{HandedOver, is_successor};
pub use lane::Lane;
pub(crate) use limits::LimitRow;
pub use limits::Limits;
pub use listener::Address;
pub(crate) use open_requests::OpenRequests;
pub(crate) use processors::Processors;
pub use server::Server;
pub(crate) use systemd::Purpose;
pub(crate) use tasks::Tasks;
pub use tls::Tls;
#[cfg(feature = "tls")]
pub(crate) use tls::{Handshake, handshakes};

use crate::http::{Body, Peer, Response};
use crate::observe::Record;

/// What no setting changes.
pub(crate) fn fixed_limits() -> Vec<LimitRow> {
    let row = |what, value, beyond| LimitRow::new(what, value, beyond, "-");
    vec![
        row(
            "rate of a body is measured over",
            LimitRow::time(pulse::RATE_WINDOW),
            "",
        ),
        row(
            "connections not accepted yet",
            listener::BACKLOG.to_string(),
            "dropped by the system",
        ),
        row(
            "rest when descriptors run out",
            LimitRow::time(open::EXHAUSTED),
            "tried again",
        ),
        row(
            "unsent answers of a connection (TCP, on Linux)",
            LimitRow::bytes(unsent::UNSENT as usize),
            "waits",
        ),
        row(
            "HTTP/2 window of a stream",
            LimitRow::bytes(shared::STREAM_WINDOW as usize),
            "waits",
        ),
        row(
            "HTTP/2 window of a connection",
            LimitRow::bytes(shared::CONNECTION_WINDOW as usize),
            "waits",
        ),
        row(
            "shutdown: begun handshakes",
            LimitRow::time(open::HANDSHAKE),
            "reset",
        ),
        row(
            "shutdown: what is cut lets go in",
            LimitRow::time(open::CUT),
            "left behind",
        ),
    ]
}

/// The future of an answer.
pub type Answering = Pin<Box<dyn Future<Output = Response> + Send>>;

/// What answers requests.
///
/// ```
/// use std::sync::Arc;
/// use aplomb::http::{Body, Peer, Response};
/// use aplomb::observe::Record;
/// use aplomb::serve::{Answering, Dispatch};
///
/// struct Greeter;
///
/// impl Dispatch for Greeter {
///     fn dispatch(
///         self: Arc<Self>,
///         request: http::Request<Body>,
///         _: Peer,
///         _: Arc<Record>,
///     ) -> Answering {
///         let greeting = format!("you asked for {}", request.uri());
///         Box::pin(async { Response::text(greeting) })
///     }
/// }
/// ```
pub trait Dispatch: Send + Sync + 'static {
    /// Starts to answer one request, and tells its record what is done.
    ///
    /// The future is dropped if the client leaves before it is done; a panic in it is answered
    /// with status 500.
    fn dispatch(
        self: Arc<Self>,
        request: ::http::Request<Body>,
        peer: Peer,
        record: Arc<Record>,
    ) -> Answering;

    /// Takes note of a request that has ended: its last byte was handed over, or it was given up.
    ///
    /// This is called once for every request, also for one that was refused before it came to
    /// [`dispatch`](Self::dispatch), where the connection is served; so it must be quick.
    fn ended(&self, record: &Arc<Record>) {
        let _ = record;
    }

    /// The largest body that any route says it takes; it raises
    /// [`Limits::body_bytes`](Limits::body_bytes), and whoever answers refuses what is too large for
    /// the others.
    fn max_body_size(&self) -> usize {
        0
    }
}
