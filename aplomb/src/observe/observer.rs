//! [`Observer`]: takes note of the requests of one service.

use std::sync::Arc;

use super::{Metrics, Observing, Record, SeriesTable};

/// Takes note of the requests of one service.
#[derive(Debug)]
pub(crate) struct Observer {
    pub(crate) series: Arc<SeriesTable>,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) server_timing: bool,
}

impl Observer {
    pub(crate) fn new(settings: &Observing, series: SeriesTable) -> Self {
        Self {
            metrics: Arc::new(Metrics::new(&series)),
            series: Arc::new(series),
            server_timing: settings.server_timing,
        }
    }

    /// A request is going to be answered.
    #[inline]
    pub(crate) fn began(&self, record: &Record) {
        record.count();
        self.metrics.began();
    }

    /// A request has ended.
    #[inline]
    pub(crate) fn ended(&self, record: &Record) {
        self.metrics.ended(record, record.uncount());
    }
}
