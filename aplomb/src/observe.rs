//! Where the time of requests goes: what each one did, when, and for how long.

mod access_log;
mod current;
mod database;
mod elsewhere;
mod fate;
mod flight;
mod keep;
mod metrics;
mod observer;
#[cfg(feature = "otlp")]
pub(crate) mod otlp;
mod phase;
mod record;
mod secrets;
mod server_timing;
mod settings;
mod shed;
mod spent;
mod wait;

pub use crate::live::{LiveFilter, LiveSpans};
pub use access_log::AccessLog;
pub(crate) use access_log::{Fields, Lines};
pub(crate) use current::Current;
pub use database::DatabaseTimes;
pub(crate) use database::{DatabaseAccount, DatabaseUse, Place};
pub(crate) use elsewhere::Call;
pub use fate::Fate;
pub use flight::FlightRecorder;
pub(crate) use keep::Keep;
pub use metrics::Metrics;
pub(crate) use metrics::{
    AdmissionFigures, Distribution, Histogram, MetricKind, MetricsText, Move, RouteFigures,
    SeriesTable, Sink, SpreadSum, Sum, method_number, moved,
};
pub(crate) use observer::Observer;
#[cfg(feature = "otlp")]
pub use otlp::Otlp;
pub use phase::Phase;
pub use record::Record;
pub(crate) use secrets::{Secrets, cut};
pub(crate) use server_timing::{SERVER_TIMING, server_timing};
pub(crate) use settings::Observing;
pub(crate) use shed::Shed;
pub use spent::{Spent, Times};
pub(crate) use wait::{Wait, WaitFor};
