//! TLS: what is said over it, and that what holds in clear text holds over it too.
#![cfg(unix)]

mod certificates;
mod client;
mod clients;
#[path = "../server/echo.rs"]
mod echo;
mod ending;
mod files;
mod handshakes;
mod process;
#[path = "../server/program.rs"]
mod program;
mod said;
mod slow;

use aplomb::serve::Limits;
use certificates::Certificates;
use echo::EchoServer;

/// Not a test by itself: the process that others start and signal.
#[test]
fn program() {
    program::serve_if_asked();
}

/// A server that echoes over TLS.
fn echo(certificates: &Certificates, limits: Limits) -> EchoServer {
    EchoServer::start_with(|server| server.limits(limits).tls(certificates.tls()))
}
