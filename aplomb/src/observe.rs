//! Where the time of requests goes: what each one did, when, and for how long.

mod elsewhere;
mod phase;
mod record;
mod spent;

pub(crate) use elsewhere::Call;
pub use phase::Phase;
pub use record::Record;
pub use spent::{Spent, Times};
