//! One connection, from accept to close.

use std::future::{Future, poll_fn};
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::{Duration, Instant};

use hyper_util::rt::TokioIo;
use tokio::time::sleep_until;

use super::listener::Stream;
use super::overdue::Overdue;
use super::pulse::Pulse;
use super::service::Service;
use super::shared::Shared;
use super::socket::Socket;
use crate::http::Peer;

/// When to look again if nothing can be due.
const NOTHING_DUE: Duration = Duration::from_secs(60);

/// Serves a connection until its client closes it, it is overdue, or the server stops.
pub(super) async fn serve(
    stream: Stream,
    address: Option<SocketAddr>,
    server: Option<SocketAddr>,
    shared: Arc<Shared>,
) {
    let is_late = shared.stopping_since().is_some();
    let pulse = Pulse::new(&shared, address);
    let peer = Peer::new(address, server, &shared.proxies).served_by(shared.tasks.clone());
    let socket = TokioIo::new(Socket::new(stream, Arc::clone(&pulse)));
    let service = Service {
        pulse: Arc::clone(&pulse),
        peer,
    };
    let mut connection = pin!(shared.http.serve_connection_with_upgrades(socket, service));
    let mut alarm = pin!(sleep_until((Instant::now() + NOTHING_DUE).into()));
    let mut stop = pin!(shared.stop.cancelled());
    let (mut listens_for_stop, mut goodbye_said) = (false, false);
    let mut alarm_knows = false;

    let end = poll_fn(|context| {
        // One poll leaves this task's waker behind, which never changes; later ones would only
        // contend for the token's lock.
        if !listens_for_stop {
            listens_for_stop = true;
            let _ = stop.as_mut().poll(context);
            pulse.connection(context.waker());
        }
        loop {
            if let Poll::Ready(end) = connection.as_mut().poll(context) {
                return Poll::Ready(end.map_err(Some));
            }
            if !goodbye_said && shared.stopping_since().is_some() && pulse.takes_goodbye(is_late) {
                goodbye_said = true;
                connection.as_mut().graceful_shutdown();
                continue;
            }
            let then = alarm.deadline().into_std();
            let at = pulse.look_before(then);
            if at < then {
                alarm.as_mut().reset(at.into());
            }
            // It knows whom to wake, also when it is set to another time.
            if alarm_knows && !alarm.is_elapsed() {
                return Poll::Pending;
            }
            alarm_knows = true;
            if alarm.as_mut().poll(context).is_pending() {
                return Poll::Pending;
            }
            alarm_knows = false;
            let now = Instant::now();
            if let Some(overdue) = pulse.overdue(now) {
                report(overdue, &pulse, address);
                return Poll::Ready(Err(None));
            }
            alarm.as_mut().reset((now + NOTHING_DUE).into());
            // The connection is polled again: that is when its socket looks for the client.
        }
    });
    if let Err(Some(error)) = end.await {
        tracing::debug!(?address, %error, "connection failed");
    }
    pulse.released().await;
}

fn report(overdue: Overdue, pulse: &Pulse, address: Option<SocketAddr>) {
    match overdue {
        Overdue::Farewell => pulse.shared.cut(pulse.unfinished()),
        Overdue::Idle | Overdue::ClientLeft | Overdue::Lingered | Overdue::Unseen => {
            tracing::debug!(?address, ?overdue, "connection closed");
        }
        Overdue::Head | Overdue::SlowBody | Overdue::UnreadAnswer | Overdue::StuckAnswer => {
            let what: Vec<String> = pulse.unfinished().iter().map(ToString::to_string).collect();
            let what = what.join(", ");
            tracing::info!(
                ?address,
                ?overdue,
                what,
                "connection of a slow client closed"
            );
        }
    }
}
