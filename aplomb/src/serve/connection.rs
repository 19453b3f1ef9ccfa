//! One connection, from accept to close.

use std::future::Future;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;

use hyper_util::rt::TokioIo;

use super::alarm::in_time;
use super::listener::Stream;
use super::overdue::Overdue;
use super::pulse::Pulse;
use super::service::Service;
use super::shared::Shared;
use super::socket::Socket;
use super::transport::Transport;
use super::wire::Wire;
use crate::http::Peer;

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
    let wire = Wire::new(stream, Arc::clone(&pulse));
    let Some((transport, peer)) = Transport::open(wire, peer, &pulse).await else {
        return;
    };
    let socket = TokioIo::new(Socket::new(transport, Arc::clone(&pulse)));
    let service = Service {
        pulse: Arc::clone(&pulse),
        peer,
    };
    let mut connection = pin!(shared.http.serve_connection_with_upgrades(socket, service));
    let mut goodbye_said = false;
    let end = in_time(&pulse, |context| {
        loop {
            if let Poll::Ready(end) = connection.as_mut().poll(context) {
                return Poll::Ready(end);
            }
            let is_stopping = shared.stopping_since().is_some();
            if goodbye_said || !is_stopping || !pulse.takes_goodbye(is_late) {
                return Poll::Pending;
            }
            goodbye_said = true;
            connection.as_mut().graceful_shutdown();
        }
    });
    match end.await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::debug!(?address, %error, "connection failed"),
        Err(overdue) => report(overdue, &pulse),
    }
    pulse.released().await;
}

/// Says why a connection is closed before its client asks for it.
pub(super) fn report(overdue: Overdue, pulse: &Pulse) {
    let address = pulse.client();
    if let Overdue::Head | Overdue::Idle | Overdue::Farewell = overdue {
        pulse.closes_cleanly();
    }
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
