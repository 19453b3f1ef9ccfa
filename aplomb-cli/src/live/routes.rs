//! `aplomb live routes`: what can be looked at, and what goes through it.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::ask;
use crate::failure::Failure;
use crate::figures::Figures;
use crate::instance::Instance;
use crate::output::Output;
use crate::span;
use crate::traffic::Traffic;

/// A route and what goes through it.
struct Route {
    described: Value,
    total: Traffic,
    per_second: f64,
}

/// Prints the routes with their handlers, rates and latencies.
pub(super) fn list(
    instances: &[Instance],
    output: &mut Output,
    over: Duration,
    points: bool,
) -> Result<(), Failure> {
    let answers = ask(instances, |instance| routes(instance, over))?;
    if output.json {
        for (instance, routes) in &answers.given {
            for route in routes {
                output.value(instance, &route.to_json())?;
            }
        }
        return answers.end();
    }
    for (instance, routes) in &answers.given {
        if output.several {
            output.line(&format!("{}:", instance.name))?;
        }
        let rows: Vec<_> = routes.iter().map(Route::row).collect();
        let titles = [
            "ROUTE",
            ">REQUESTS",
            ">PER SECOND",
            ">P50",
            ">P99",
            ">5XX",
            "LANE",
            "HANDLER",
            "WHERE",
        ];
        match points {
            false => output.table(&titles, &rows)?,
            true => routes
                .iter()
                .try_for_each(|route| with_points(output, route))?,
        }
    }
    answers.end()
}

fn routes(instance: &Instance, over: Duration) -> Result<Vec<Route>, Failure> {
    let catalog = instance.list("/live/catalog", Some("routes"))?;
    let begun = Instant::now();
    let before = Figures::of(instance)?.routes;
    std::thread::sleep(over);
    let after = Figures::of(instance)?.routes;
    let seconds = begun.elapsed().as_secs_f64().max(0.001);
    let routes = catalog.into_iter().map(|described| {
        let path = described["path"].as_str().unwrap_or_default();
        let methods = described["methods"].as_array().into_iter().flatten();
        let methods = methods.filter_map(Value::as_str);
        let mut total = Traffic::default();
        let mut recent = 0.0;
        for key in methods.map(|method| (method.to_owned(), path.to_owned())) {
            let Some(now) = after.get(&key) else {
                continue;
            };
            let then = before.get(&key).cloned().unwrap_or_default();
            recent += now.since(&then).requests;
            total = now.with(&total);
        }
        Route {
            described,
            total,
            per_second: recent / seconds,
        }
    });
    Ok(routes.collect())
}

impl Route {
    fn text(&self, name: &str) -> String {
        self.described[name].as_str().unwrap_or_default().to_owned()
    }

    fn row(&self) -> Vec<String> {
        let quantile = |share| {
            self.total
                .quantile(share)
                .map_or("–".to_owned(), span::written)
        };
        vec![
            self.text("target"),
            format!("{:.0}", self.total.requests),
            format!("{:.1}", self.per_second),
            quantile(0.5),
            quantile(0.99),
            format!("{:.0}", self.total.failed),
            lane(&self.total).to_owned(),
            self.text("handler"),
            self.text("location"),
        ]
    }

    fn to_json(&self) -> Value {
        let mut value = self.described.clone();
        value["requests"] = json!(self.total.requests as u64);
        value["per_second"] = json!(self.per_second);
        value["p50_ms"] = json!(self.total.quantile(0.5));
        value["p99_ms"] = json!(self.total.quantile(0.99));
        value["failed"] = json!(self.total.failed as u64);
        value["lane"] = json!(lane(&self.total));
        value
    }
}

/// The lane that a route is in.
pub(super) fn lane(traffic: &Traffic) -> &'static str {
    match traffic.isolated {
        true => "isolated",
        false => "inline",
    }
}

fn with_points(output: &mut Output, route: &Route) -> std::io::Result<()> {
    output.line(&route.text("target"))?;
    for point in route.described["points"].as_array().into_iter().flatten() {
        output.line(&format!(
            "  {}",
            point["point"].as_str().unwrap_or_default()
        ))?;
        for field in point["fields"].as_array().into_iter().flatten() {
            let name = field["name"].as_str().unwrap_or_default();
            let kind = field["type"].as_str().unwrap_or_default();
            let secret = if field["secret"] == true {
                ", secret"
            } else {
                ""
            };
            output.line(&format!("    {name}: {kind}{secret}"))?;
        }
    }
    Ok(())
}
