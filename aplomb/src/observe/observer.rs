//! [`Observer`]: takes note of the requests of one service.

use std::sync::Arc;

use http::HeaderMap;

use super::{AccessLog, FlightRecorder, Metrics, Observing, Record, SeriesTable};
use crate::admission::InFlight;
use crate::http::Peer;

/// Takes note of the requests of one service.
#[derive(Debug)]
pub(crate) struct Observer {
    pub(crate) series: Arc<SeriesTable>,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) flight_recorder: Arc<FlightRecorder>,
    access_log: AccessLog,
    pub(crate) server_timing: bool,
}

impl Observer {
    pub(crate) fn new(settings: Observing, series: SeriesTable, in_flight: Arc<InFlight>) -> Self {
        Self {
            metrics: Arc::new(Metrics::new(&series, in_flight)),
            series: Arc::new(series),
            flight_recorder: Arc::new(settings.flight_recorder),
            access_log: settings.access_log.settled(),
            server_timing: settings.server_timing,
        }
    }

    /// A request is going to be answered.
    #[inline]
    pub(crate) fn began(&self, record: &Record, peer: &Peer, headers: &HeaderMap) {
        record.count(self.flight_recorder.bar());
        self.metrics.began();
        if self.access_log != AccessLog::Off {
            record.comes_from(peer.client(headers));
        }
    }

    /// A request has ended.
    #[inline]
    pub(crate) fn ended(&self, record: &Record) {
        self.metrics.ended(record, record.uncount());
        self.flight_recorder.note(record);
        self.access_log
            .write(record, self.flight_recorder.secrets());
    }
}
