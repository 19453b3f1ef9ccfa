//! A server before it is bound.

use std::fmt;
use std::future::Future;
use std::io;
use std::sync::Arc;

use super::listener::Listening;
use super::shared::Shared;
use super::systemd::{self, Purpose};
use super::tls::Acceptor;
use super::{Address, Bound, Dispatch, Limits, Processors, Tls, handover};
use crate::health::Health;
use crate::http::TrustedProxies;

/// How and where to serve.
///
/// ```no_run
/// # use std::sync::Arc;
/// # use aplomb::{http::{Body, Peer, Response}, serve::{Answering, Dispatch}};
/// # struct Greeter;
/// # impl Dispatch for Greeter {
/// #     fn dispatch(
/// #         self: Arc<Self>,
/// #         _: http::Request<Body>,
/// #         _: Peer,
/// #         _: Arc<aplomb::observe::Record>,
/// #     ) -> Answering {
/// #         Box::pin(async { Response::text("hello") })
/// #     }
/// # }
/// use aplomb::serve::Server;
///
/// fn main() -> std::io::Result<()> {
///     Server::new(Arc::new(Greeter)).address("127.0.0.1:8000").run()
/// }
/// ```
#[derive(Clone)]
pub struct Server {
    dispatch: Arc<dyn Dispatch>,
    address: Address,
    limits: Limits,
    workers: Option<usize>,
    proxies: TrustedProxies,
    tls: Option<Tls>,
    health: Option<Health>,
}

impl Server {
    /// A server on `127.0.0.1:8000` with the default limits.
    pub fn new(dispatch: Arc<dyn Dispatch>) -> Self {
        Self {
            dispatch,
            address: "127.0.0.1:8000".into(),
            limits: Limits::default(),
            workers: None,
            proxies: TrustedProxies::default(),
            tls: None,
            health: None,
        }
    }

    /// Listens here: `host:port`, a socket address, or `unix:` and a path.
    #[must_use]
    pub fn address(mut self, address: impl Into<Address>) -> Self {
        self.address = address.into();
        self
    }

    /// Sets what a client may ask.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Sets the number of worker threads, by default one for each processor this process may use;
    /// it has no effect in a runtime that runs already.
    #[must_use]
    pub fn workers(mut self, workers: usize) -> Self {
        self.workers = Some(workers.max(1));
        self
    }

    /// Sets whose `x-forwarded-*` headers are believed.
    #[must_use]
    pub fn trusted_proxies(mut self, proxies: TrustedProxies) -> Self {
        self.proxies = proxies;
        self
    }

    /// Speaks TLS, and nothing in clear text; it takes the feature `tls`.
    #[must_use]
    pub fn tls(mut self, tls: Tls) -> Self {
        self.tls = Some(tls);
        self
    }

    /// Tells when it takes requests, and when it is asked to stop, before anything else ends.
    pub(crate) fn health(mut self, health: Health) -> Self {
        self.health = Some(health);
        self
    }

    /// Takes the address, so that connections are queued from now on.
    ///
    /// # Errors
    /// If it cannot be bound, as when another process has it, or if TLS cannot be spoken.
    pub fn bind(self) -> io::Result<Bound> {
        let acceptor = self.acceptor()?;
        let listening = Listening::bind(&self.address).map_err(|error| {
            io::Error::new(
                error.kind(),
                format!("cannot listen on {}: {error}", self.address),
            )
        })?;
        self.on(listening, acceptor)
    }

    /// Takes the socket that systemd, or who else speaks its protocol (`LISTEN_FDS`), has opened for
    /// this process, and without one the address. Of several it is the first that is not called
    /// `management` (`LISTEN_FDNAMES`).
    ///
    /// When it serves until a signal, SIGUSR2 starts the program anew with the same socket, and once
    /// that takes connections, this one ends as by SIGTERM: a restart that refuses nobody.
    ///
    /// # Errors
    /// If the socket is of another kind, the address cannot be bound, or TLS cannot be spoken.
    pub fn bind_or_inherit(self) -> io::Result<Bound> {
        Ok(self.bind_or_inherit_for(Purpose::Service)?.hands_over())
    }

    /// The same with the socket that was opened for this.
    pub(crate) fn bind_or_inherit_for(self, purpose: Purpose) -> io::Result<Bound> {
        let bound = match systemd::inherited(purpose)? {
            Some(listening) => {
                let acceptor = self.acceptor()?;
                let bound = self.on(listening, acceptor)?;
                // Those before may have left it to this process.
                match handover::leaves(purpose) {
                    true => bound,
                    false => bound.shared_socket(),
                }
            }
            None => self.bind()?,
        };
        Ok(bound.purpose(purpose))
    }

    /// Serves on a socket that was bound elsewhere.
    ///
    /// # Errors
    /// If the socket has no address, or TLS cannot be spoken.
    pub fn listener(self, listener: std::net::TcpListener) -> io::Result<Bound> {
        let acceptor = self.acceptor()?;
        let bound = self.on(Listening::Tcp(listener), acceptor)?;
        Ok(bound.shared_socket())
    }

    /// The number of worker threads.
    fn worker_count(&self) -> usize {
        self.workers.unwrap_or_else(|| Processors::here().usable)
    }

    /// What speaks TLS, if that is to be spoken; made before there is a socket to be left behind.
    fn acceptor(&self) -> io::Result<Option<Arc<Acceptor>>> {
        let workers = self.worker_count();
        let acceptor = self.tls.as_ref().map(|tls| Acceptor::new(tls, workers));
        Ok(acceptor.transpose()?.map(Arc::new))
    }

    fn on(self, listening: Listening, acceptor: Option<Arc<Acceptor>>) -> io::Result<Bound> {
        let workers = self.worker_count();
        let mut limits = self.limits;
        limits.body_bytes = limits.body_bytes.max(self.dispatch.max_body_size());
        let proxies = Arc::new(self.proxies);
        let shared = Shared::new(self.dispatch, limits, acceptor, proxies);
        Ok(Bound::new(listening, workers, shared)?.health(self.health))
    }

    /// Binds and serves until a signal to stop; blocks, on a runtime of its own.
    ///
    /// # Errors
    /// If the address cannot be bound or the runtime cannot be built.
    pub fn run(self) -> io::Result<()> {
        self.bind()?.run()
    }

    /// Binds and serves until a signal to stop, in the current runtime.
    ///
    /// # Errors
    /// If the address cannot be bound.
    pub async fn serve(self) -> io::Result<()> {
        self.bind()?.serve().await
    }

    /// Binds and serves until a future is ready, in the current runtime.
    ///
    /// # Errors
    /// If the address cannot be bound.
    pub async fn serve_until(
        self,
        stop: impl Future<Output = ()> + Send + 'static,
    ) -> io::Result<()> {
        self.bind()?.serve_until(stop).await
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server")
            .field("address", &self.address)
            .field("limits", &self.limits)
            .field("workers", &self.workers)
            .field("proxies", &self.proxies)
            .field("tls", &self.tls)
            .finish_non_exhaustive()
    }
}
