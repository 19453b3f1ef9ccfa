//! Serving an application.

use std::sync::Arc;

use super::lifespan::first_failure;
use super::{App, Compat};
use crate::command::{SslOptions, ignored};
use crate::error::Result;
use crate::health::Management;
use crate::http::TrustedProxies;
#[cfg(feature = "otlp")]
use crate::middleware::Trace;
#[cfg(feature = "otlp")]
use crate::observe::otlp;
use crate::serve::{Address, Bound, Limits, Processors, Server, Tls, is_successor, lane};

/// Where and under which limits an application is served.
#[derive(Clone, Debug, Default)]
pub(crate) struct Serving {
    pub(crate) address: Option<Address>,
    /// Where health is answered, apart from the service.
    pub(crate) management: Option<Address>,
    /// None unless they were given.
    pub(crate) limits: Option<Limits>,
    pub(crate) proxies: TrustedProxies,
    /// None unless it was given.
    pub(crate) tls: Option<Tls>,
    pub(crate) about: Vec<(String, String)>,
    pub(crate) quiet: bool,
}

impl Serving {
    /// The limits in force; FastAPI has none on bodies unless they are given.
    pub(crate) fn limits(&self, compat: Compat) -> Limits {
        self.limits.clone().unwrap_or_else(|| match compat {
            Compat::Safe => Limits::default(),
            Compat::Exact => Limits {
                body_bytes: usize::MAX,
                ..Limits::default()
            },
        })
    }
}

impl App {
    /// Listens here instead of where `HOST` and `PORT` say (`127.0.0.1:8000` without them):
    /// `host:port`, a socket address, or `unix:` and a path.
    #[must_use]
    pub fn address(mut self, address: impl Into<Address>) -> Self {
        self.serving.address = Some(address.into());
        self
    }

    /// Sets what a client may ask of the server, and how long.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.serving.limits = Some(limits);
        self
    }

    /// Sets whose `X-Forwarded-*` headers are believed; those of this machine's own are unless
    /// said otherwise.
    #[must_use]
    pub fn trusted_proxies(mut self, proxies: TrustedProxies) -> Self {
        self.serving.proxies = proxies;
        self
    }

    /// Speaks TLS, with other files than those `SSL_CERTFILE` and `SSL_KEYFILE` name; it takes the
    /// feature `tls`.
    #[must_use]
    pub fn tls(mut self, tls: Tls) -> Self {
        self.serving.tls = Some(tls);
        self
    }

    /// Adds a line to the banner, such as the database in use.
    #[must_use]
    pub fn banner(mut self, what: impl Into<String>, value: impl Into<String>) -> Self {
        self.serving.about.push((what.into(), value.into()));
        self
    }

    /// Prints no banner.
    #[must_use]
    pub fn quiet(mut self) -> Self {
        self.serving.quiet = true;
        self
    }

    /// Serves until SIGTERM or Ctrl-C, whatever the command line says, which [`App::run`] reads.
    /// SIGUSR2 restarts the program, which refuses nobody meanwhile; see [Health](crate#health).
    ///
    /// A command line that [`App::run`] would have gone by is logged as a warning.
    ///
    /// # Errors
    /// When a lifespan function fails or an address cannot be bound.
    ///
    /// # Panics
    /// When the service cannot work; see [`App::build`].
    pub async fn serve(self) -> Result<()> {
        ignored::warn(self.serving.address.is_some());
        self.served(|bound| bound.serve()).await
    }

    /// Serves until a future is ready.
    ///
    /// # Errors
    /// When a lifespan function fails or an address cannot be bound.
    ///
    /// # Panics
    /// When the service cannot work; see [`App::build`].
    pub async fn serve_until(self, stop: impl Future<Output = ()> + Send + 'static) -> Result<()> {
        self.served(|bound| bound.serve_until(stop)).await
    }

    /// With a span for every request where traces are sent to a collector.
    fn traced(self) -> Self {
        #[cfg(feature = "otlp")]
        if otlp::is_exporting() {
            return self.middleware(Trace);
        }
        self
    }

    /// Serves as this function does with the sockets.
    pub(crate) async fn served<S>(self, serve: impl FnOnce(Bound) -> S) -> Result<()>
    where
        S: Future<Output = std::io::Result<()>>,
    {
        let serving = self.serving.clone();
        let limits = serving.limits(self.compat);
        let tls = match &serving.tls {
            Some(tls) => Some(tls.clone()),
            None => SslOptions::default().or_environment()?.tls()?,
        };
        let (title, docs) = (self.metadata.title.clone(), self.metadata.docs());
        let service = self.traced().build();
        let health = service.health();
        // It is there before the service starts, and until the service has ended.
        let management = serving
            .management
            .clone()
            .or_else(management_of_environment);
        let start = |address| Management::start(address, health.clone(), service.clone(), &limits);
        // As long as a predecessor answers probes, nobody is to hear that this is not ready.
        let follows = is_successor();
        let (before, after) = match follows {
            true => (None, management),
            false => (management, None),
        };
        let mut management = before.map(start).transpose()?;
        let started = service.prepare().await?;
        #[cfg(feature = "otlp")]
        let figures = {
            let (metrics, live) = (service.metrics(), Arc::clone(service.live()));
            otlp::Figures::start(move |sink| {
                metrics.write(sink);
                live.write_metrics(sink);
            })
        };
        #[cfg(feature = "otlp")]
        let lines = otlp::Lines::start(service.live().hub.lines.clone());
        let result = async {
            if let Some(address) = after {
                // At its address the service is ready: the predecessor still answers there.
                health.serves();
                management = Some(start(address)?);
            }
            let address = serving.address.clone();
            let mut server = Server::new(Arc::new(service.clone()))
                .address(address.unwrap_or_else(address_of_environment))
                .limits(limits.clone())
                .trusted_proxies(serving.proxies.clone())
                .health(health.clone());
            if let Some(tls) = tls {
                server = server.tls(tls);
            }
            let mut bound = server.bind_or_inherit()?;
            if let Some(socket) = management.as_mut().and_then(Management::take_socket) {
                bound = bound.hand_over_too(socket);
            }
            if !serving.quiet {
                let mut about = serving.about.clone();
                if let Some(management) = &management {
                    let url = format!("http://{}", management.address());
                    about.push(("management".to_owned(), url.clone()));
                    // No browser reaches a Unix socket.
                    if !matches!(management.address(), Address::Unix(_)) {
                        about.push(("console".to_owned(), format!("{url}/console")));
                    }
                }
                eprintln!("{}", banner(&title, docs.as_deref(), &bound, &about));
            }
            Ok(serve(bound).await?)
        };
        let served: Result<()> = result.await;
        #[cfg(feature = "otlp")]
        {
            // With what was captured last.
            service.live().tick();
            drop((figures, lines));
        }
        first_failure(served, started.stop().await)
    }
}

fn management_of_environment() -> Option<Address> {
    let address = std::env::var("MANAGEMENT").ok()?;
    Some(address.as_str().into())
}

fn address_of_environment() -> Address {
    let host = std::env::var("HOST").unwrap_or_else(|_| "127.0.0.1".to_owned());
    let port = std::env::var("PORT").unwrap_or_else(|_| "8000".to_owned());
    format!("{host}:{port}").as_str().into()
}

fn banner(title: &str, docs: Option<&str>, bound: &Bound, about: &[(String, String)]) -> String {
    let scheme = if bound.is_secure() { "https" } else { "http" };
    let url = format!("{scheme}://{}", bound.address());
    let limits = bound.limits();
    let workers = lane::workers();
    let mut rows = vec![("service", title.to_owned()), ("listening", url.clone())];
    if let Some(docs) = docs {
        rows.push(("docs", format!("{url}{docs}")));
    }
    let processors = Processors::here();
    rows.push(("workers", format!("{workers} (processors: {processors})")));
    rows.extend(
        about
            .iter()
            .map(|(what, value)| (what.as_str(), value.clone())),
    );
    let body = match limits.body_bytes {
        usize::MAX => "without limit".to_owned(),
        bytes => format!("{} MiB", bytes >> 20),
    };
    rows.push((
        "limits",
        format!(
            "body {}, head {} KiB, {} connections, stops within {} s",
            body,
            limits.head_bytes >> 10,
            limits.connections,
            (limits.lame_duck + limits.farewell + limits.shutdown_deadline).as_secs(),
        ),
    ));
    let width = rows
        .iter()
        .map(|(what, _)| what.len())
        .max()
        .unwrap_or_default();
    let lines: Vec<String> = rows
        .iter()
        .map(|(what, value)| format!("  {what:<width$}  {value}"))
        .collect();
    lines.join("\n")
}
