//! What is told of lanes: those of the process, and which each route is in.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::series::Label;
use super::sink::{Kind, Sink};
use crate::serve::lane::{self, RouteLane};

pub(super) fn write(sink: &mut dyn Sink, routes: &BTreeMap<Label, Arc<RouteLane>>) {
    let name = "aplomb_route_isolated";
    let help = "Whether the route is polled in the isolated lane: 1, or inline: 0.";
    sink.metric(name, Kind::Gauge, help);
    for (label, lane) in routes {
        let labels = [("route", &*label.route), ("method", &label.method)];
        sink.sample(&labels, u64::from(lane.is_isolated()));
    }
    let lane::Figures {
        isolated,
        times,
        resting,
        released,
    } = lane::figures();
    sink.single(
        "aplomb_isolated_threads",
        Kind::Gauge,
        "Threads of the isolated lane.",
        isolated.threads,
    );
    let name = "aplomb_isolated_polls";
    let help = "Polls that run in the isolated lane; for blocked ones another thread stands in.";
    sink.metric(name, Kind::Gauge, help);
    sink.sample(&[("state", "computing")], isolated.computing);
    sink.sample(&[("state", "blocked")], isolated.blocked);
    let name = "aplomb_isolated_waiting";
    let help = "Operations that wait for a thread of the isolated lane, by what is known of them.";
    sink.metric(name, Kind::Gauge, help);
    sink.sample(&[("kind", "new")], isolated.new);
    sink.sample(&[("kind", "light")], isolated.light);
    sink.sample(&[("kind", "heavy")], isolated.heavy);
    let name = "aplomb_isolated_wait_seconds";
    let help = "Time that operations waited for a thread of the isolated lane before a poll.";
    sink.metric(name, Kind::Histogram, help);
    sink.histogram(&[], &times.waits, |_| true);
    let name = "aplomb_poll_seconds";
    let help = "Time that a poll of an operation held its thread.";
    sink.metric(name, Kind::Histogram, help);
    sink.histogram(&[("lane", "inline")], &times.inline, |_| true);
    sink.histogram(&[("lane", "isolated")], &times.isolated, |_| true);
    sink.single(
        "aplomb_spare_workers_resting",
        Kind::Gauge,
        "Spare workers that are there to stand in for workers that are held.",
        resting,
    );
    sink.single(
        "aplomb_spare_workers_released_total",
        Kind::Counter,
        "Spare workers that were sent to stand in for a worker.",
        released,
    );
}
