//! What is told of lanes: those of the process, and which each route is in.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::series::Label;
use super::text::{Kind, Text};
use crate::serve::lane::{self, RouteLane};

pub(super) fn write(text: &mut Text, routes: &BTreeMap<Label, Arc<RouteLane>>) {
    let name = "aplomb_route_isolated";
    let help = "Whether the route is polled in the isolated lane: 1, or inline: 0.";
    text.metric(name, Kind::Gauge, help);
    for (label, lane) in routes {
        let labels = [("route", &*label.route), ("method", &label.method)];
        text.sample(name, &labels, u8::from(lane.is_isolated()));
    }
    let lane::Figures {
        isolated,
        times,
        resting,
        released,
    } = lane::figures();
    text.single(
        "aplomb_isolated_threads",
        Kind::Gauge,
        "Threads of the isolated lane.",
        isolated.threads,
    );
    let name = "aplomb_isolated_polls";
    let help = "Polls that run in the isolated lane; for blocked ones another thread stands in.";
    text.metric(name, Kind::Gauge, help);
    text.sample(name, &[("state", "computing")], isolated.computing);
    text.sample(name, &[("state", "blocked")], isolated.blocked);
    let name = "aplomb_isolated_waiting";
    let help = "Operations that wait for a thread of the isolated lane, by what is known of them.";
    text.metric(name, Kind::Gauge, help);
    text.sample(name, &[("kind", "new")], isolated.new);
    text.sample(name, &[("kind", "light")], isolated.light);
    text.sample(name, &[("kind", "heavy")], isolated.heavy);
    let name = "aplomb_isolated_wait_seconds";
    let help = "Time that operations waited for a thread of the isolated lane before a poll.";
    text.metric(name, Kind::Histogram, help);
    text.histogram(name, &[], &times.waits, |_| true);
    let name = "aplomb_poll_seconds";
    let help = "Time that a poll of an operation held its thread.";
    text.metric(name, Kind::Histogram, help);
    text.histogram(name, &[("lane", "inline")], &times.inline, |_| true);
    text.histogram(name, &[("lane", "isolated")], &times.isolated, |_| true);
    text.single(
        "aplomb_spare_workers_resting",
        Kind::Gauge,
        "Spare workers that are there to stand in for workers that are held.",
        resting,
    );
    text.single(
        "aplomb_spare_workers_released_total",
        Kind::Counter,
        "Spare workers that were sent to stand in for a worker.",
        released,
    );
}
