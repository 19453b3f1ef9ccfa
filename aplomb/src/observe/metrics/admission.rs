//! What is told of who is let in.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::sink::{Kind, Sink};
use crate::admission::{Gate, InFlight};

/// Room, what is taken of it, and how many wait.
pub(super) type Figures = (u64, u64, u64);

/// The figures of each scope; without a name those of the whole service.
pub(super) fn figures<'a>(
    in_flight: &InFlight,
    gates: &'a [Arc<Gate>],
) -> BTreeMap<&'a str, Figures> {
    let mut scopes: BTreeMap<&str, Figures> = BTreeMap::new();
    let (most, now) = in_flight.figures();
    scopes.insert("", (most as u64, now as u64, 0));
    for gate in gates {
        // Gates that have the same routes behind them are told of together.
        let (room, taken, waiting) = scopes.entry(gate.scope()).or_default();
        let figures = gate.figures();
        *room += u64::from(figures.0);
        *taken += u64::from(figures.1);
        *waiting += figures.2 as u64;
    }
    scopes
}

pub(super) fn write(sink: &mut dyn Sink, in_flight: &InFlight, gates: &[Arc<Gate>]) {
    let scopes = figures(in_flight, gates);
    type Part = fn(&Figures) -> u64;
    let parts: [(&str, &str, Part); 3] = [
        (
            "aplomb_admission_limit",
            "Requests that may be answered at a time; without a scope those of the whole service.",
            |figures| figures.0,
        ),
        (
            "aplomb_admission_admitted",
            "Requests that are let in and not answered, by their weight.",
            |figures| figures.1,
        ),
        (
            "aplomb_admission_waiting",
            "Requests that wait to be let in.",
            |figures| figures.2,
        ),
    ];
    for (name, help, part) in parts {
        sink.metric(name, Kind::Gauge, help);
        for (scope, figures) in &scopes {
            sink.sample(&[("scope", scope)], part(figures));
        }
    }
}
