//! Where the time of several requests of one route went.

use std::collections::BTreeMap;

use chrono::{TimeDelta, Utc};
use serde_json::{Value, json};

use super::WORTH;
use super::cause::{What, causes};
use crate::arguments::WhyArguments;
use crate::failure::Failure;
use crate::instance::Instance;
use crate::live::entry::Entry;
use crate::output::Output;
use crate::span;

/// A cause over several requests.
#[derive(Default)]
struct Shared {
    milliseconds: f64,
    /// Of how many it was the largest.
    first: usize,
}

/// Says where the time of a route's kept requests went; of the route that took the most without one.
pub(super) fn explain(
    output: &mut Output,
    entries: &[(&Instance, &Entry)],
    route: &str,
    asked: &WhyArguments,
) -> Result<(), Failure> {
    let slower = asked
        .slower_than
        .map_or(0.0, |time| time.as_secs_f64() * 1000.0);
    let since = asked
        .last
        .and_then(|last| Utc::now().checked_sub_signed(TimeDelta::from_std(last).ok()?));
    let meant = entries.iter().filter(|(_, entry)| {
        let late =
            since.is_none_or(|since| entry.arrived().is_some_and(|arrived| arrived >= since));
        entry.milliseconds() > slower && late
    });
    let mut routes: BTreeMap<String, Vec<&(&Instance, &Entry)>> = BTreeMap::new();
    for one in meant {
        routes.entry(one.1.route()).or_default().push(one);
    }
    let found = match route.is_empty() {
        true => routes
            .iter()
            .max_by(|(_, one), (_, other)| time_of(one).total_cmp(&time_of(other))),
        false => routes.iter().find(|(name, _)| {
            *name == route || name.split_once(' ').is_some_and(|(_, path)| path == route)
        }),
    };
    let Some((route, entries)) = found else {
        let of = if route.is_empty() {
            String::new()
        } else {
            format!(" of {route}")
        };
        return Err(Failure::NotFound(format!(
            "no request{of} that is kept was slower or failed"
        )));
    };
    tell(output, route, entries, slower)
}

fn time_of(entries: &[&(&Instance, &Entry)]) -> f64 {
    entries.iter().map(|(_, entry)| entry.milliseconds()).sum()
}

fn tell(
    output: &mut Output,
    route: &str,
    entries: &[&(&Instance, &Entry)],
    slower: f64,
) -> Result<(), Failure> {
    let count = entries.len();
    let mut shared: BTreeMap<What, Shared> = BTreeMap::new();
    let mut held: BTreeMap<String, usize> = BTreeMap::new();
    for (_, entry) in entries {
        for (place, cause) in causes(entry).into_iter().enumerate() {
            let shared = shared.entry(cause.what).or_default();
            shared.milliseconds += cause.milliseconds / count as f64;
            shared.first += usize::from(place == 0);
        }
        for holder in entry.0["held_by"].as_array().into_iter().flatten() {
            let route = holder["route"].as_str().unwrap_or_default();
            *held.entry(route.to_owned()).or_default() += 1;
        }
    }
    let mut shared: Vec<_> = shared.into_iter().collect();
    shared.sort_by(|(_, one), (_, other)| other.milliseconds.total_cmp(&one.milliseconds));
    let Some((instance, slowest)) = entries
        .iter()
        .copied()
        .max_by(|(_, one), (_, other)| one.milliseconds().total_cmp(&other.milliseconds()))
    else {
        return Ok(());
    };
    if output.json {
        let causes = shared.iter().map(|(what, shared)| {
            json!({"what": what.short(), "mean_ms": shared.milliseconds, "largest_of": shared.first})
        });
        let causes: Value = causes.collect();
        let value =
            json!({"route": route, "requests": count, "causes": causes, "slowest": slowest.0});
        output.value(instance, &value)?;
        return Ok(());
    }
    let than = if slower > 0.0 {
        format!(" slower than {}", span::written(slower))
    } else {
        String::new()
    };
    let requests = if count == 1 { "request" } else { "requests" };
    output.line(&format!(
        "{route}: {count} {requests}{than} kept, {} each on average.",
        span::written(time_of(entries) / count as f64)
    ))?;
    let whole = time_of(entries) / count as f64;
    let mut rest = 0.0;
    for (what, shared) in &shared {
        if shared.milliseconds < whole * WORTH {
            rest += shared.milliseconds;
            continue;
        }
        let first = match shared.first {
            0 => String::new(),
            first => format!("   (the largest part of {first} of {count})"),
        };
        output.line(&format!(
            "{:>9}  {}{first}",
            span::written(shared.milliseconds),
            what.told()
        ))?;
    }
    if rest >= 0.01 {
        output.line(&format!("{:>9}  everything else", span::written(rest)))?;
    }
    for (holder, times) in held {
        output.line(&format!(
            "           ← {holder} held a thread during {times} of {count}"
        ))?;
    }
    output.line(&format!(
        "The slowest took {}: {}; `aplomb live why {}` tells of it.",
        span::written(slowest.milliseconds()),
        slowest.outcome(),
        slowest.id()
    ))?;
    Ok(())
}
