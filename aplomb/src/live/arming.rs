//! Checks what a probe asks for against every route it is meant for.

use std::sync::Arc;

use super::armed::{Action, Armed, Measured};
use super::asked::Asked;
use super::definition::{MetricDefinition, MetricKind, ProbeDefinition, ProbeKind};
use super::expression::{Expression, Mistake, Template};
use super::point::Point;
use super::probe::Probe;
use super::refusal::{Refusal, Wrong};
use super::registry::{Live, TASKS};
use super::target::{Target, point_of};
use super::vocabulary::Vocabulary;

/// The most routes that are named where expressions do not fit.
const NAMED: usize = 5;
/// At how many places it is looked what is wrong.
const WRONG: usize = 50;
/// The most places of a probe that are named.
const PLACES: usize = 100;
/// How much memory the expressions of all probes may take, in bytes.
const MEMORY: usize = 8 << 20;
/// The most labels of a metric.
const LABELS: usize = 2;

/// A probe, and where it sits: the number of each route, the point, and what is looked at there.
pub(crate) type Arming = (Arc<Probe>, Vec<(usize, Point, Arc<Armed>)>);

/// What is made of a definition at one point of one route.
struct Parts {
    condition: Option<Expression>,
    action: Action,
}

impl Parts {
    /// About how many bytes of memory they take at a place.
    fn weight(&self, place: &str) -> usize {
        let condition = self.condition.as_ref().map_or(0, Expression::weight);
        size_of::<Armed>() + 2 * place.len() + condition + self.action.weight()
    }
}

/// Checks a probe against every route that it is meant for, where others take so many bytes.
///
/// # Errors
/// Why it cannot be set.
pub(crate) fn arm(
    live: &Live,
    id: String,
    definition: ProbeDefinition,
    owner: &str,
    taken: usize,
) -> Result<Arming, Refusal> {
    let bad = |message: String| Refusal::new(400, message);
    fits_kind(&definition)?;
    let target = Target::read(&definition.target).map_err(bad)?;
    let mut parts = Vec::new();
    let mut wrong = Vec::new();
    let mut memory = taken;
    if target.point == Point::Task {
        let place = format!("task {}", target.task.as_deref().unwrap_or("*"));
        match read(&definition, &Vocabulary::of_tasks(&live.secrecy)) {
            Ok(read) => parts.push((TASKS, place, read)),
            Err((part, mistake)) => wrong.push(Wrong {
                part,
                place,
                mistake,
            }),
        }
    }
    for (number, route) in live.routes.iter().enumerate() {
        let endpoint = &route.endpoint;
        let is_meant = target.fits(endpoint.operation.methods, &route.path);
        if target.point == Point::Task || !is_meant {
            continue;
        }
        if let Point::Dependency(name) = &target.point {
            let mut steps = endpoint.plan.steps.iter();
            if !steps.any(|step| step.definition.name == name) {
                continue;
            }
        }
        if target.point.is_of_websockets() && !route.is_websocket() {
            continue;
        }
        let place = format!("{} {}", route.name(), target.point);
        let vocabulary = Vocabulary::of(endpoint, &target.point, &live.secrecy);
        match read(&definition, &vocabulary) {
            Ok(read) => {
                memory += read.weight(&place);
                parts.push((number, place, read));
            }
            Err((part, mistake)) => wrong.push(Wrong {
                part,
                place,
                mistake,
            }),
        }
        if memory > MEMORY {
            let message = format!(
                "the probes would take more than {} MiB of memory; name fewer routes, or remove \
                 another probe",
                MEMORY >> 20
            );
            return Err(Refusal::new(409, message));
        }
        if wrong.len() == WRONG {
            break;
        }
    }
    if let Some(first) = wrong.first() {
        let mut message = format!("{}: {}", first.part, first.mistake);
        if parts.len() + wrong.len() > 1 {
            let places: Vec<&str> = wrong.iter().take(NAMED).map(|one| &*one.place).collect();
            let more = if wrong.len() > NAMED { " and more" } else { "" };
            message = format!("{message}; this is so at {}{more}", places.join(", "));
        }
        return Err(Refusal {
            mistakes: wrong,
            ..bad(message)
        });
    }
    if parts.is_empty() {
        let message = format!(
            "no route has what `{}` asks for; the catalog lists the routes and their points",
            definition.target
        );
        return Err(Refusal::new(404, message));
    }
    let mut places: Vec<String> = parts.iter().map(|(_, place, _)| place.clone()).collect();
    if places.len() > PLACES {
        let more = places.len() - PLACES;
        places.truncate(PLACES);
        places.push(format!("… and {more} more"));
    }
    let owner = owner.to_owned();
    let probe = Arc::new(Probe::new(id, Asked::Probe(definition), owner, places));
    let armed = parts.into_iter().map(|(number, place, parts)| {
        let armed = Armed {
            weight: parts.weight(&place),
            probe: Arc::clone(&probe),
            condition: parts.condition,
            action: parts.action,
            target: target.clone(),
            place,
            route: live
                .shares_endpoint(number)
                .then(|| live.routes[number].path.clone()),
        };
        (number, target.point.clone(), Arc::new(armed))
    });
    let armed = armed.collect();
    Ok((probe, armed))
}

/// Whether a probe has what its kind needs, and nothing else.
fn fits_kind(definition: &ProbeDefinition) -> Result<(), Refusal> {
    let bad = |message: &str| Err(Refusal::new(400, message));
    let (message, metric) = (definition.message.is_some(), definition.metric.is_some());
    match definition.kind {
        ProbeKind::Log if !message => return bad("a log needs a `message`"),
        ProbeKind::Metric if !metric => return bad("a metric needs `metric`: its name and type"),
        _ => {}
    }
    if message && definition.kind != ProbeKind::Log {
        return bad("only a log has a `message`");
    }
    let Some(metric) = &definition.metric else {
        return Ok(());
    };
    if definition.kind != ProbeKind::Metric {
        return bad("only a metric has `metric`");
    }
    let takes_value = matches!(metric.kind, MetricKind::Gauge | MetricKind::Histogram);
    if takes_value != metric.value.is_some() {
        return bad("a gauge or histogram has a `value`, and nothing else has one");
    }
    if metric.from.is_some() && metric.kind != MetricKind::Duration {
        return bad("only a duration is measured `from` a point");
    }
    let ends = ["_total", "_bucket", "_sum", "_count"];
    if ends.iter().any(|end| metric.name.ends_with(end)) {
        return bad(
            "the name of a metric ends with none of `_total`, `_bucket`, `_sum`, `_count`, \
                    which are added where they belong",
        );
    }
    if metric.labels.len() > LABELS {
        return bad("a metric has two labels at the most");
    }
    let is_name = |name: &str| {
        let mut letters = name.chars();
        let first = letters.next();
        first.is_some_and(|first| first.is_ascii_lowercase())
            && letters.all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == '_')
            && !["le", "probe", "quantile"].contains(&name)
            && name.len() <= 32
    };
    for (name, expression) in &metric.labels {
        if !is_name(name) {
            return bad("the name of a label is of small letters, digits and `_`");
        }
        if expression.as_str().is_none() {
            return bad("the value of a label is an expression between quotes");
        }
    }
    Ok(())
}

/// Reads the expressions of a probe for one point of one route.
fn read(definition: &ProbeDefinition, vocabulary: &Vocabulary) -> Result<Parts, (String, Mistake)> {
    let in_part = |part: &str| {
        let part = part.to_owned();
        move |mistake| (part, mistake)
    };
    let condition = definition
        .when
        .as_deref()
        .map(|source| Expression::condition(source, vocabulary))
        .transpose()
        .map_err(in_part("when"))?;
    let action = match (definition.kind, &definition.message, &definition.metric) {
        (ProbeKind::Log, Some(message), _) => {
            let template = Template::read(message, vocabulary);
            Action::Log(template.map_err(in_part("message"))?)
        }
        (ProbeKind::Metric, _, Some(metric)) => measure(metric, vocabulary)?,
        _ => Action::Snapshot,
    };
    Ok(Parts { condition, action })
}

fn measure(
    metric: &MetricDefinition,
    vocabulary: &Vocabulary,
) -> Result<Action, (String, Mistake)> {
    let value = match (metric.kind, &metric.value, &metric.from) {
        (MetricKind::Duration, _, Some(from)) => {
            let point = point_of(from.trim_start_matches('@'));
            let point = point.map_err(|message| {
                let mistake = Mistake::of_whole(message, from);
                ("metric.from".to_owned(), mistake)
            })?;
            Measured::Since(point)
        }
        (MetricKind::Duration, ..) => Measured::Point,
        (_, Some(value), _) => {
            let value = Expression::number(value, vocabulary);
            Measured::Value(value.map_err(|mistake| ("metric.value".to_owned(), mistake))?)
        }
        _ => Measured::Hit,
    };
    let labels = metric.labels.iter().map(|(name, source)| {
        let source = source.as_str().unwrap_or_default();
        let label = Expression::read(source, vocabulary);
        label.map_err(|mistake| (format!("metric.labels.{name}"), mistake))
    });
    Ok(Action::Measure {
        kind: metric.kind,
        value,
        labels: labels.collect::<Result<_, _>>()?,
    })
}
