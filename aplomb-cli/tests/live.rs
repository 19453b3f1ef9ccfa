//! Every command of `aplomb live`, on services of this process.
#![cfg(unix)]

#[path = "live/app.rs"]
mod app;
#[path = "live/kubernetes.rs"]
mod kubernetes;
#[path = "live/levels.rs"]
mod levels;
#[path = "live/probes.rs"]
mod probes;
#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[path = "live/profile.rs"]
mod profile;
#[path = "live/reach.rs"]
mod reach;
#[path = "live/requests.rs"]
mod requests;
#[path = "live/routes.rs"]
mod routes;
#[path = "live/served.rs"]
mod served;
#[path = "live/several.rs"]
mod several;
#[path = "live/six_seconds.rs"]
mod six_seconds;
