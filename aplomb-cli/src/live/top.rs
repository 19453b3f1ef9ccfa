//! `aplomb live top`: routes, lanes and shedding, drawn anew every while.

use std::collections::BTreeMap;
use std::sync::mpsc::RecvTimeoutError;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use terminal_size::{Height, Width, terminal_size};

use super::requests::in_flight;
use super::routes::lane;
use super::{Answers, ask};
use crate::exposition::Exposition;
use crate::failure::Failure;
use crate::instance::Instance;
use crate::output::{Output, aligned};
use crate::traffic::{Traffic, by_route};
use crate::{interrupt, screen, span};

/// A screen of its own, and back to what was there before.
const ENTER: &str = "\u{1b}[?1049h\u{1b}[?25l";
const LEAVE: &str = "\u{1b}[?25h\u{1b}[?1049l";
/// To the top, over what is there.
const HOME: &str = "\u{1b}[H";
const REST_OF_LINE: &str = "\u{1b}[K\r\n";
const REST: &str = "\u{1b}[J";

/// What an instance says of itself at one moment.
struct Look {
    at: Instant,
    exposition: Exposition,
    routes: BTreeMap<(String, String), Traffic>,
    /// How many requests of each route are being answered.
    open: BTreeMap<String, usize>,
    oldest: Option<(f64, String)>,
}

/// What an instance did between two moments.
struct Frame<'a> {
    instance: &'a Instance,
    now: &'a Look,
    seconds: f64,
    routes: Vec<(String, Traffic)>,
}

/// Draws routes, lanes and shedding every while, or once.
pub(super) fn watch(
    instances: &[Instance],
    output: &mut Output,
    every: Duration,
    once: bool,
) -> Result<(), Failure> {
    let interrupted = interrupt::channel_of_it()?;
    let mut before = ask(instances, look)?;
    let on_screen = !once && !output.json;
    if on_screen {
        output.raw(ENTER)?;
    }
    let watched = loop {
        let wait = if once {
            every.min(Duration::from_secs(1))
        } else {
            every
        };
        match interrupted.recv_timeout(wait) {
            Err(RecvTimeoutError::Timeout) => {}
            _ => break Ok(()),
        }
        let now = match ask(instances, look) {
            Ok(now) => now,
            Err(failure) => break Err(failure),
        };
        let drawn = draw(output, &before, &now, on_screen);
        if once || drawn.is_err() {
            break drawn.map_err(Failure::from).and_then(|()| now.end());
        }
        before = now;
    };
    if on_screen {
        output.raw(LEAVE)?;
    }
    watched
}

fn look(instance: &Instance) -> Result<Look, Failure> {
    let exposition = Exposition::read(&instance.text("/metrics")?);
    let entries = in_flight(instance)?;
    let mut open = BTreeMap::new();
    for entry in &entries {
        *open.entry(entry.route()).or_default() += 1;
    }
    let oldest = entries.iter().map(|entry| {
        (
            entry.milliseconds(),
            format!("{} {}", entry.route(), entry.phase()),
        )
    });
    Ok(Look {
        at: Instant::now(),
        routes: by_route(&exposition),
        exposition,
        open,
        oldest: oldest.max_by(|(one, _), (other, _)| one.total_cmp(other)),
    })
}

fn draw(
    output: &mut Output,
    before: &Answers<'_, Look>,
    now: &Answers<'_, Look>,
    on_screen: bool,
) -> std::io::Result<()> {
    let frames: Vec<Frame<'_>> = now
        .given
        .iter()
        .filter_map(|(instance, look)| {
            let then = before.given.iter().find(|(of, _)| of.name == instance.name);
            Some(frame(instance, &then?.1, look))
        })
        .collect();
    if output.json {
        return frames
            .iter()
            .try_for_each(|frame| output.value(frame.instance, &frame.to_json()));
    }
    let lines: Vec<String> = frames.iter().flat_map(|frame| frame.lines()).collect();
    if !on_screen {
        return lines.iter().try_for_each(|line| output.line(line));
    }
    let (width, height) =
        terminal_size().map_or((120, 40), |(Width(width), Height(height))| (width, height));
    let mut drawn = HOME.to_owned();
    for line in lines.iter().take(usize::from(height).saturating_sub(1)) {
        drawn += &screen::cut(&screen::line(line), usize::from(width));
        drawn += REST_OF_LINE;
    }
    output.raw(&(drawn + REST))
}

fn frame<'a>(instance: &'a Instance, then: &Look, now: &'a Look) -> Frame<'a> {
    let mut routes: Vec<(String, Traffic)> = now
        .routes
        .iter()
        .map(|(key, traffic)| {
            let since = then.routes.get(key).map(|before| traffic.since(before));
            let (method, path) = key;
            let path = if path.is_empty() { "(no route)" } else { path };
            (
                format!("{method} {path}"),
                since.unwrap_or_else(|| traffic.clone()),
            )
        })
        .collect();
    routes.sort_by(|(_, one), (_, other)| other.requests.total_cmp(&one.requests));
    Frame {
        instance,
        now,
        seconds: now.at.duration_since(then.at).as_secs_f64().max(0.001),
        routes,
    }
}

impl Frame<'_> {
    fn per_second(&self, of: impl Fn(&Traffic) -> f64) -> f64 {
        self.routes
            .iter()
            .map(|(_, traffic)| of(traffic))
            .sum::<f64>()
            / self.seconds
    }

    fn gauge(&self, name: &str, label: Option<(&str, &str)>) -> f64 {
        self.now.exposition.sum(name, label)
    }

    fn lines(&self) -> Vec<String> {
        let mut lines = vec![
            format!(
                "{}   {:.1} requests/s   {} in flight   {:.1} failed/s   {:.1} shed/s   {:.1} timed out/s",
                self.instance.name,
                self.per_second(|traffic| traffic.requests),
                self.gauge("http_requests_in_flight", None),
                self.per_second(|traffic| traffic.failed),
                self.per_second(|traffic| traffic.shed),
                self.per_second(|traffic| traffic.timed_out),
            ),
            format!(
                "admission: {} of {} let in, {} wait   isolated lane: {} threads, {} computing, {} blocked, {} wait   spare workers: {} rest",
                self.gauge("aplomb_admission_admitted", Some(("scope", ""))),
                self.gauge("aplomb_admission_limit", Some(("scope", ""))),
                self.gauge("aplomb_admission_waiting", None),
                self.gauge("aplomb_isolated_threads", None),
                self.gauge("aplomb_isolated_polls", Some(("state", "computing"))),
                self.gauge("aplomb_isolated_polls", Some(("state", "blocked"))),
                self.gauge("aplomb_isolated_waiting", None),
                self.gauge("aplomb_spare_workers_resting", None),
            ),
        ];
        if let Some((age, what)) = &self.now.oldest {
            lines.push(format!("oldest request: {} {what}", span::written(*age)));
        }
        let titles = [
            "ROUTE",
            ">PER SECOND",
            ">P50",
            ">P99",
            ">IN FLIGHT",
            ">5XX/S",
            ">SHED/S",
            ">LATE/S",
            "LANE",
        ];
        let rows: Vec<_> = self
            .routes
            .iter()
            .map(|(route, traffic)| self.row(route, traffic))
            .collect();
        lines.extend(aligned(&titles, &rows));
        lines.push(String::new());
        lines
    }

    fn row(&self, route: &str, traffic: &Traffic) -> Vec<String> {
        let quantile = |share| {
            traffic
                .quantile(share)
                .map_or("–".to_owned(), span::written)
        };
        let rate = |count: f64| format!("{:.1}", count / self.seconds);
        vec![
            route.to_owned(),
            rate(traffic.requests),
            quantile(0.5),
            quantile(0.99),
            self.now.open.get(route).unwrap_or(&0).to_string(),
            rate(traffic.failed),
            rate(traffic.shed),
            rate(traffic.timed_out),
            lane(traffic).to_owned(),
        ]
    }

    fn to_json(&self) -> Value {
        let routes = self.routes.iter().map(|(route, traffic)| {
            json!({
                "route": route,
                "per_second": traffic.requests / self.seconds,
                "p50_ms": traffic.quantile(0.5),
                "p99_ms": traffic.quantile(0.99),
                "in_flight": self.now.open.get(route).unwrap_or(&0),
                "failed_per_second": traffic.failed / self.seconds,
                "shed_per_second": traffic.shed / self.seconds,
                "timed_out_per_second": traffic.timed_out / self.seconds,
                "lane": lane(traffic),
            })
        });
        json!({
            "per_second": self.per_second(|traffic| traffic.requests),
            "in_flight": self.gauge("http_requests_in_flight", None),
            "admission_waiting": self.gauge("aplomb_admission_waiting", None),
            "isolated_threads": self.gauge("aplomb_isolated_threads", None),
            "isolated_waiting": self.gauge("aplomb_isolated_waiting", None),
            "routes": routes.collect::<Value>(),
        })
    }
}
