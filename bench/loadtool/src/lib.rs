//! What the load generators share: clients of HTTP/1.1 and HTTP/2 that never wait for one answer
//! before the next is due, and the arithmetic over what they saw.
pub mod client;
pub mod connection;
pub mod http1;
pub mod http2;
pub mod plan;
pub mod samples;
pub mod socket;
pub mod transport;
