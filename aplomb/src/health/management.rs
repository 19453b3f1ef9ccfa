//! The management listener: a port of its own, on a thread of its own.

use std::io;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::{Acquire, Release};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use tokio::runtime::Handle;
use tokio::sync::oneshot;
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

use super::{Health, said};
use crate::app::Service;
use crate::http::{Body, Head, Peer, Request, Response};
use crate::json;
use crate::live::{self, Access, Live, MISLED, Rights};
use crate::observe::{Metrics, MetricsText, Record};
use crate::serve::{Address, Answering, Bound, Dispatch, HandedOver, Limits, Purpose, Server};

/// How often the service's runtime is asked for a sign of life.
const ASK: Duration = Duration::from_secs(1);
/// A runtime that has given none for so long will give none any more.
const DEAD: Duration = Duration::from_secs(30);

/// How often it is looked whether the time of a live probe is over.
const TEND: Duration = Duration::from_millis(250);

/// A listener that answers whatever the service's own threads do.
pub(crate) struct Management {
    address: Address,
    /// For a successor, until it is taken.
    socket: Option<HandedOver>,
    /// Whether who opened the socket may still have it, as systemd does.
    is_inherited: bool,
    handed_over: CancellationToken,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Management {
    /// Takes the address and answers there, from now until this is dropped; the limits are those of
    /// the service.
    ///
    /// # Errors
    /// When the address cannot be bound or the system gives no thread.
    pub(crate) fn start(
        address: Address,
        health: Health,
        service: Service,
        limits: &Limits,
    ) -> io::Result<Self> {
        let pulse = Arc::new(Pulse::new());
        let live = Arc::clone(service.live());
        let handed_over = health.handed_over();
        let answers = Answers::new(
            health,
            Arc::clone(&pulse),
            service,
            Access::of_environment(),
        );
        let limits = Limits {
            body_bytes: 1 << 16,
            connections: 100,
            farewell: Duration::ZERO,
            shutdown_deadline: Duration::from_secs(1),
            // It holds for the whole process.
            answer_bytes: limits.answer_bytes,
            ..Limits::default()
        };
        let bound = Server::new(Arc::new(answers))
            .address(address)
            .limits(limits)
            .bind_or_inherit_for(Purpose::Management)?;
        let is_inherited = bound.has_shared_socket();
        let (bound, socket) = bound.share_socket()?;
        let address = bound.address().clone();
        let (stop, stopped) = oneshot::channel();
        let over = handed_over.clone();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let service = Handle::current();
        let thread = std::thread::Builder::new()
            .name("aplomb-management".to_owned())
            .spawn(move || {
                runtime.block_on(answer(bound, service, pulse, live, (stopped, over)));
            })?;
        Ok(Self {
            address,
            socket: Some(HandedOver {
                purpose: Purpose::Management,
                socket,
                is_left: !is_inherited,
            }),
            is_inherited,
            handed_over,
            stop: Some(stop),
            thread: Some(thread),
        })
    }

    /// The socket, to be handed over to a successor.
    pub(crate) fn take_socket(&mut self) -> Option<HandedOver> {
        self.socket.take()
    }

    /// The address, with the port the system chose.
    pub(crate) fn address(&self) -> &Address {
        &self.address
    }
}

impl Drop for Management {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // It has logged what went wrong, if anything did.
            let _ = thread.join();
        }
        if let Address::Unix(path) = &self.address
            && !self.is_inherited
            && !self.handed_over.is_cancelled()
        {
            let _ = std::fs::remove_file(path);
        }
    }
}

async fn answer(
    bound: Bound,
    service: Handle,
    pulse: Arc<Pulse>,
    live: Arc<Live>,
    (stopped, over): (oneshot::Receiver<()>, CancellationToken),
) {
    let asking = async {
        loop {
            let pulse = Arc::clone(&pulse);
            service.spawn(async move { pulse.beat() });
            tokio::time::sleep(ASK).await;
        }
    };
    let stopped = async move {
        tokio::select! {
            // A dropped sender is a stop too.
            _ = stopped => {}
            () = over.cancelled() => {}
        }
    };
    tokio::select! {
        served = bound.serve_until(stopped) => {
            if let Err(error) = served {
                tracing::error!(%error, "the management listener ended");
            }
        }
        () = asking => {}
        () = tending(&live) => {}
    }
}

/// Delivers what live probes capture, and ends those whose time is over.
async fn tending(live: &Live) {
    // However often hits arrive, it is looked in time whether a probe is to end.
    let mut looks = tokio::time::interval(TEND);
    looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = live.hub.arrives() => live.hub.deliver(),
            _ = looks.tick() => live.tick(),
        }
    }
}

/// When the service's runtime last gave a sign of life.
struct Pulse {
    start: Instant,
    last: AtomicU64,
}

impl Pulse {
    fn new() -> Self {
        Self {
            start: Instant::now(),
            last: AtomicU64::new(0),
        }
    }

    fn beat(&self) {
        self.last.store(self.milliseconds(), Release);
    }

    fn silent_for(&self) -> Duration {
        let last = self.last.load(Acquire);
        Duration::from_millis(self.milliseconds().saturating_sub(last))
    }

    fn milliseconds(&self) -> u64 {
        u64::try_from(self.start.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}

/// What the listener answers.
struct Answers {
    health: Health,
    pulse: Arc<Pulse>,
    service: Service,
    /// The API of live probes.
    live: Service,
    access: Arc<Access>,
}

/// What `/metrics` says to those who may see no values, which labels and gauges of probes are.
const HIDDEN: &str =
    "What live probes measure is for those on the same machine, or with LIVE_TOKEN.";

impl Answers {
    fn new(health: Health, pulse: Arc<Pulse>, service: Service, access: Access) -> Self {
        let access = Arc::new(access);
        let live = live::service(
            Arc::clone(service.live()),
            service.metrics(),
            Arc::clone(&access),
        );
        Self {
            health,
            pulse,
            service,
            live,
            access,
        }
    }

    fn answer(&self, request: &Request) -> Response {
        let path = request.uri().path();
        let misled = match path {
            "/metrics" => self.access.is_misled_here(request),
            "/requests" | "/requests/in-flight" => self.access.is_misled(request),
            _ => false,
        };
        match path {
            _ if misled => said(&json!({"detail": MISLED}), 421),
            "/livez" => self.liveness(),
            "/readyz" => self.health.readiness(),
            "/metrics" => self.metrics(request),
            "/requests" => said(&self.service.flight_recorder().to_json(), 200),
            "/requests/in-flight" => {
                let recorder = self.service.flight_recorder();
                said(&self.health.open_requests(&recorder), 200)
            }
            path => match live::page(path) {
                Some(page) => page,
                None => said(&json!({"detail": "Not Found"}), 404),
            },
        }
    }

    fn metrics(&self, request: &Request) -> Response {
        let mut text = MetricsText::default();
        self.service.metrics().write(&mut text);
        match self.access.rights(request) {
            Rights::Full => self.service.live().write_metrics(&mut text),
            Rights::Read => text.remark(HIDDEN),
        }
        Response::text(text.into_string()).content_type(Metrics::CONTENT_TYPE)
    }

    /// Only a service none of whose threads comes back any more is dead: a restart cures nothing else.
    fn liveness(&self) -> Response {
        let silent = self.pulse.silent_for();
        if silent < DEAD {
            return self.health.liveness();
        }
        let seconds = silent.as_secs();
        said(
            &json!({"status": "stuck", "silent_for_seconds": seconds}),
            503,
        )
    }
}

impl Dispatch for Answers {
    fn dispatch(
        self: Arc<Self>,
        request: ::http::Request<Body>,
        peer: Peer,
        _: Arc<Record>,
    ) -> Answering {
        if request.uri().path().starts_with("/live/") {
            let live = self.live.clone();
            return Box::pin(async move { live.answer(request, peer).await });
        }
        let (parts, body) = request.into_parts();
        let request = Request::new(Head::new(parts, peer), body);
        Box::pin(async move { self.answer(&request) })
    }
}

#[cfg(test)]
mod tests;
