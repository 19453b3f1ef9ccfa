//! What all connections of a server have in common.

use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use hyper_util::rt::TokioTimer;
use hyper_util::server::conn::auto;
use tokio_util::sync::CancellationToken;

use super::connections::Connections;
use super::tls::Acceptor;
use super::unfinished::Unfinished;
use super::{Dispatch, Limits, Tasks};
use crate::http::TrustedProxies;

/// HTTP/2: how much of one request's body, and of all on a connection, may wait unread.
pub(super) const STREAM_WINDOW: u32 = 256 << 10;
pub(super) const CONNECTION_WINDOW: u32 = 1 << 20;

/// What answers, within which limits, and how far the end has come.
pub(super) struct Shared {
    pub(super) dispatch: Arc<dyn Dispatch>,
    pub(super) limits: Limits,
    /// Where nothing is said in clear text.
    pub(super) tls: Option<Arc<Acceptor>>,
    pub(super) proxies: Arc<TrustedProxies>,
    pub(super) http: auto::Builder<Tasks>,
    pub(super) tasks: Tasks,
    pub(super) connections: Connections,
    /// How much the end has cut.
    cut: AtomicUsize,
    /// From when on connections that have nothing to do are closed.
    stopping: OnceLock<Instant>,
    /// Wakes every connection when stopping begins.
    pub(super) stop: CancellationToken,
}

impl Shared {
    pub(super) fn new(
        dispatch: Arc<dyn Dispatch>,
        limits: Limits,
        tls: Option<Arc<Acceptor>>,
        proxies: Arc<TrustedProxies>,
    ) -> Self {
        let tasks = Tasks::default();
        let http = protocol(&limits, tasks.clone());
        let (stopping, stop) = (OnceLock::new(), CancellationToken::new());
        Self {
            dispatch,
            limits,
            tls,
            proxies,
            http,
            tasks,
            connections: Connections::default(),
            cut: AtomicUsize::new(0),
            stopping,
            stop,
        }
    }

    /// Since when, or from when on, connections that have nothing to do are closed, if the server was
    /// asked to stop.
    #[inline]
    pub(super) fn stopping_since(&self) -> Option<Instant> {
        self.stopping.get().copied()
    }

    /// Says what the end cuts.
    pub(super) fn cut(&self, unfinished: Vec<Unfinished>) {
        self.cut.fetch_add(unfinished.len(), Relaxed);
        for unfinished in unfinished {
            unfinished.cut();
        }
    }

    /// How much the end has cut.
    pub(super) fn cut_count(&self) -> usize {
        self.cut.load(Relaxed)
    }

    /// Lets connections end with the next answer, and once this time is over as soon as they have
    /// nothing to do: until then clients that have not heard of it may still ask.
    pub(super) fn stop(&self, after: Duration) {
        let streams = self.connections.unfinished().into_iter();
        for stream in streams.filter(Unfinished::ends_at_stop) {
            stream.ends();
        }
        self.stopping.get_or_init(|| Instant::now() + after);
        self.stop.cancel();
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared")
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}

fn protocol(limits: &Limits, tasks: Tasks) -> auto::Builder<Tasks> {
    /// The parser's own bound, below which it refuses to go.
    const SMALLEST_BUFFER: usize = 8192;
    /// The number of headers the parser has room for without allocating.
    const USUAL_HEADERS: usize = 100;

    let mut builder = auto::Builder::new(tasks);
    builder
        .http1()
        .timer(TokioTimer::new())
        // The pulse watches the head, the body and the answer with one alarm for all.
        .header_read_timeout(None)
        // The socket looks for the client while a request is answered.
        .half_close(true)
        .max_buf_size(limits.head_bytes.max(SMALLEST_BUFFER));
    if limits.header_count != USUAL_HEADERS {
        builder.http1().max_headers(limits.header_count);
    }
    builder
        .http2()
        .timer(TokioTimer::new())
        // WebSockets over HTTP/2 (RFC 8441).
        .enable_connect_protocol()
        .max_concurrent_streams(limits.streams)
        .max_header_list_size(limits.header_list_bytes)
        .max_pending_accept_reset_streams(limits.pending_resets)
        .max_local_error_reset_streams(limits.provoked_resets)
        .initial_stream_window_size(STREAM_WINDOW)
        .initial_connection_window_size(CONNECTION_WINDOW);
    builder
}
