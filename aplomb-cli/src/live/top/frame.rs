//! [`Frame`]: what an instance did between two moments.

use std::collections::BTreeMap;
use std::time::Instant;

use serde_json::{Value, json};

use crate::failure::Failure;
use crate::figures::Figures;
use crate::instance::Instance;
use crate::live::requests::in_flight;
use crate::live::routes::lane;
use crate::output::aligned;
use crate::span;
use crate::traffic::Traffic;

/// What an instance says of itself at one moment.
#[derive(Clone)]
pub(super) struct Look {
    at: Instant,
    figures: Figures,
    /// How many requests of each route are being answered.
    open: BTreeMap<String, usize>,
    oldest: Option<(f64, String)>,
}

/// What an instance did between two moments.
pub(super) struct Frame<'a> {
    pub(super) instance: &'a Instance,
    now: &'a Look,
    seconds: f64,
    routes: Vec<(String, Traffic)>,
}

impl Look {
    /// What an instance says now.
    ///
    /// # Errors
    /// When it does not.
    pub(super) fn at(instance: &Instance) -> Result<Self, Failure> {
        let figures = Figures::of(instance)?;
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
        Ok(Self {
            at: Instant::now(),
            figures,
            open,
            oldest: oldest.max_by(|(one, _), (other, _)| one.total_cmp(other)),
        })
    }
}

impl<'a> Frame<'a> {
    /// What an instance did between two moments.
    pub(super) fn of(instance: &'a Instance, then: &Look, now: &'a Look) -> Self {
        let mut routes: Vec<(String, Traffic)> = now
            .figures
            .routes
            .iter()
            .map(|(key, traffic)| {
                let since = then
                    .figures
                    .routes
                    .get(key)
                    .map(|before| traffic.since(before));
                let (method, path) = key;
                let path = if path.is_empty() { "(no route)" } else { path };
                (
                    format!("{method} {path}"),
                    since.unwrap_or_else(|| traffic.clone()),
                )
            })
            .collect();
        routes.sort_by(|(_, one), (_, other)| other.requests.total_cmp(&one.requests));
        Self {
            instance,
            now,
            seconds: now.at.duration_since(then.at).as_secs_f64().max(0.001),
            routes,
        }
    }

    fn per_second(&self, of: impl Fn(&Traffic) -> f64) -> f64 {
        self.routes
            .iter()
            .map(|(_, traffic)| of(traffic))
            .sum::<f64>()
            / self.seconds
    }

    /// It, for people.
    pub(super) fn lines(&self) -> Vec<String> {
        let figures = &self.now.figures;
        let mut lines = vec![
            format!(
                "{}   {:.1} requests/s   {} in flight   {:.1} failed/s   {:.1} shed/s   {:.1} timed out/s",
                self.instance.name,
                self.per_second(|traffic| traffic.requests),
                figures.number("/in_flight"),
                self.per_second(|traffic| traffic.failed),
                self.per_second(|traffic| traffic.shed),
                self.per_second(|traffic| traffic.timed_out),
            ),
            format!(
                "admission: {} of {} let in, {} wait   isolated lane: {} threads, {} computing, {} blocked, {} wait   spare workers: {} rest",
                figures.admission("admitted", true),
                figures.admission("limit", true),
                figures.admission("waiting", false),
                figures.number("/lanes/isolated_threads"),
                figures.number("/lanes/computing"),
                figures.number("/lanes/blocked"),
                figures.number("/lanes/waiting"),
                figures.number("/lanes/spare_resting"),
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

    /// It, for programs.
    pub(super) fn to_json(&self) -> Value {
        let figures = &self.now.figures;
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
            "in_flight": figures.number("/in_flight"),
            "admission_waiting": figures.admission("waiting", false),
            "isolated_threads": figures.number("/lanes/isolated_threads"),
            "isolated_waiting": figures.number("/lanes/waiting"),
            "routes": routes.collect::<Value>(),
        })
    }
}
