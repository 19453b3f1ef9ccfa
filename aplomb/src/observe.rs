//! Where the time of requests goes: what each one did, when, and for how long.

mod elsewhere;
mod fate;
mod metrics;
mod observer;
mod phase;
mod record;
mod server_timing;
mod settings;
mod spent;

pub(crate) use elsewhere::Call;
pub use fate::Fate;
pub use metrics::Metrics;
pub(crate) use metrics::{Move, SeriesTable, method_number, moved};
pub(crate) use observer::Observer;
pub use phase::Phase;
pub use record::Record;
pub(crate) use server_timing::{SERVER_TIMING, server_timing};
pub(crate) use settings::Observing;
pub use spent::{Spent, Times};
