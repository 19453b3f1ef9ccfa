//! [`Level`]: what events and spans of some callsites give out, changed while the service runs.

mod answer;
mod callsites;
mod definition;
mod directive;
mod filter;
mod heard;
mod set;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::SystemTime;

use tracing::Metadata;

pub(crate) use self::answer::LiveLevel;
pub(crate) use self::callsites::{Callsite, known};
pub(crate) use self::definition::LevelDefinition;
pub(crate) use self::directive::Directive;
pub use self::filter::LiveFilter;
pub(crate) use self::heard::{Heard, Hiding};
pub(crate) use self::set::{is_any, replace};

use super::budget::{Bucket, SECOND};
use super::hub::{Content, Hit, Hub};
use super::probe::{Probe, State};
use super::secrecy::Secrecy;
use crate::serve::lane;

/// Spans a second that there would not be without a level.
const SPANS: u64 = 1000;

/// What events and spans of some callsites give out, for as long as it is set.
#[derive(Debug)]
pub(crate) struct Level {
    pub(crate) probe: Arc<Probe>,
    pub(crate) definition: LevelDefinition,
    pub(crate) directive: Directive,
    /// The lanes of the routes it is limited to.
    routes: Option<Vec<u32>>,
    hub: Arc<Hub>,
    secrecy: Secrecy,
    spans: Bucket,
}

impl Level {
    pub(crate) fn new(
        probe: Arc<Probe>,
        (definition, directive): (LevelDefinition, Directive),
        routes: Option<Vec<u32>>,
        (hub, secrecy): (Arc<Hub>, Secrecy),
    ) -> Self {
        Self {
            probe,
            definition,
            directive,
            routes,
            hub,
            secrecy,
            spans: Bucket::new(SECOND),
        }
    }

    /// Whether it decides about a callsite now, on this thread.
    fn decides(&self, callsite: &Metadata<'_>) -> bool {
        let here =
            |routes: &Vec<u32>| lane::polled_route().is_some_and(|polled| routes.contains(&polled));
        self.directive.concerns(callsite)
            && !self.probe.has_ended()
            && self.routes.as_ref().is_none_or(here)
    }

    /// The narrower goes before the wider.
    fn rank(&self) -> (bool, usize) {
        (self.routes.is_some(), self.directive.rank())
    }

    /// Takes room for a span that there would not be without it.
    fn takes_span(&self) -> bool {
        let room = self.spans.take(self.hub.now(), SECOND / SPANS);
        if !room {
            self.probe.counters.dropped.fetch_add(1, Relaxed);
        }
        room
    }

    /// Takes room for an event, and hands it to those who listen; whether there was room.
    fn hears(&self, heard: impl FnOnce(&Secrecy) -> Heard) -> bool {
        let counters = &self.probe.counters;
        counters.passed.fetch_add(1, Relaxed);
        counters.matched.fetch_add(1, Relaxed);
        let now = self.hub.now();
        if !self.probe.takes_rate(now) || !self.hub.budgets.take_line(now) {
            counters.dropped.fetch_add(1, Relaxed);
            return false;
        }
        // What the user's own types say of themselves may panic.
        let Ok(heard) = catch_unwind(AssertUnwindSafe(|| heard(&self.secrecy))) else {
            let why = "a value panicked that was to be written".to_owned();
            self.probe.end(State::Tripped(why));
            return false;
        };
        counters.emitted.fetch_add(1, Relaxed);
        let content = Content::Heard(heard);
        // Without room in the queue it is in the log of the service nevertheless.
        self.hub.send(Hit {
            probe: Arc::clone(&self.probe),
            time: SystemTime::now(),
            request: None,
            request_id: None,
            #[cfg(feature = "otlp")]
            trace: None,
            bytes: content.bytes(),
            content,
        });
        true
    }
}
