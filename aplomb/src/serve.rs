//! The server: sockets, connections, limits, and an end that comes when it is asked for.
//!
//! [`Server`] binds and runs; what answers is anything that implements [`Dispatch`].

mod answer;
mod bound;
mod connection;
mod handling;
mod heads;
pub(crate) mod lane;
mod limits;
mod listener;
mod memory;
mod pulse;
mod refusal;
mod server;
mod service;
mod shared;
mod socket;
mod stop;
mod upload;

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

pub use bound::Bound;
pub use lane::Lane;
pub use limits::Limits;
pub use listener::Address;
pub use server::Server;

use crate::http::{Body, Peer};

/// The future of an answer.
pub type Answering = Pin<Box<dyn Future<Output = ::http::Response<Body>> + Send>>;

/// What answers requests.
///
/// ```
/// use std::sync::Arc;
/// use aplomb::http::{Body, Peer, Response};
/// use aplomb::serve::{Answering, Dispatch};
///
/// struct Greeter;
///
/// impl Dispatch for Greeter {
///     fn dispatch(self: Arc<Self>, request: http::Request<Body>, _: Peer) -> Answering {
///         let greeting = format!("you asked for {}", request.uri());
///         Box::pin(async { Response::text(greeting).into_http() })
///     }
/// }
/// ```
pub trait Dispatch: Send + Sync + 'static {
    /// Starts to answer one request.
    ///
    /// The future is dropped if the client leaves before it is done; a panic in it is answered
    /// with status 500.
    fn dispatch(self: Arc<Self>, request: ::http::Request<Body>, peer: Peer) -> Answering;

    /// The largest body that any route says it takes; it raises
    /// [`Limits::body_bytes`](Limits::body_bytes), and whoever answers refuses what is too large for
    /// the others.
    fn max_body_size(&self) -> usize {
        0
    }
}
