//! What is asked of a server, when, and by how many.
use std::path::PathBuf;

use serde::Deserialize;

#[derive(Debug, Deserialize)]
pub struct Plan {
    pub port: u16,
    /// That of the server, where all is to go over TLS.
    pub certificate: Option<PathBuf>,
    /// Width of the bins that the course over time is told in.
    #[serde(default = "hundred")]
    pub bin_ms: u32,
    /// Spans of time that are summed up, by when a request was due.
    pub phases: Vec<Phase>,
    pub threads: Vec<Thread>,
}

#[derive(Debug, Deserialize)]
pub struct Phase {
    pub name: String,
    pub from: f64,
    pub to: f64,
}

/// One thread of the client and the connections its sources share.
#[derive(Debug, Deserialize)]
pub struct Thread {
    #[serde(default)]
    pub http2: bool,
    /// `SCHED_FIFO` priority, so that a busy server delays its own answers only, not the
    /// measuring; 0 is an ordinary thread.
    #[serde(default)]
    pub priority: i32,
    /// Opened at the start; HTTP/2 keeps to them, HTTP/1 opens more when none is idle.
    #[serde(default = "one")]
    pub connections: usize,
    /// The most connections; a request beyond them has failed.
    #[serde(default = "many")]
    pub most_connections: usize,
    /// Bytes a second that each connection reads; without it as fast as they come.
    pub read_rate: Option<f64>,
    pub sources: Vec<Source>,
}

/// A stream of requests: so many a second whatever becomes of them (`rate`), or each caller's next
/// after its last (`callers`).
#[derive(Debug, Deserialize)]
pub struct Source {
    pub name: String,
    /// Asked in turn.
    pub paths: Vec<String>,
    pub from: f64,
    pub to: f64,
    pub rate: Option<f64>,
    #[serde(default)]
    pub callers: usize,
    /// What a caller waits before its next request.
    #[serde(default)]
    pub pause_ms: f64,
    /// A new connection for each request, as a kubelet's probes have.
    #[serde(default)]
    pub fresh: bool,
    #[serde(default = "minute")]
    pub timeout_ms: f64,
}

fn hundred() -> u32 {
    100
}

fn one() -> usize {
    1
}

fn many() -> usize {
    4096
}

fn minute() -> f64 {
    60_000.0
}
