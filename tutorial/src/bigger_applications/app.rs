mod dependencies;
mod internal;
pub mod main;
mod routers;
