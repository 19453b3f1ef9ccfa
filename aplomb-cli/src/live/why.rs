//! `aplomb live why`: where the time went, in sentences.

mod cause;
mod several;

pub(super) use cause::{Cause, causes};

use super::entry::Entry;
use super::requests::in_flight;
use super::slow::kept;
use super::{Answers, ask};
use crate::arguments::WhyArguments;
use crate::failure::Failure;
use crate::instance::Instance;
use crate::output::Output;
use crate::{screen, span};

/// What is shorter is told of together with the rest.
const WORTH: f64 = 0.01;

/// Says where the time of a request went, or of those of a route.
pub(super) fn explain(
    instances: &[Instance],
    output: &mut Output,
    asked: &WhyArguments,
) -> Result<(), Failure> {
    let subject = asked.subject.join(" ");
    let answers = ask(instances, |instance| {
        let mut entries: Vec<Entry> = kept(instance)?
            .into_iter()
            .map(|(_, entry)| entry)
            .collect();
        entries.extend(in_flight(instance)?);
        // A slow request that failed is kept twice.
        entries.sort_by_key(Entry::id);
        entries.dedup_by_key(|entry| entry.id());
        Ok(entries)
    })?;
    // A client may have given its request an empty name.
    let one = all(&answers).find(|(_, entry)| !subject.is_empty() && entry.is_called(&subject));
    if let Some((instance, entry)) = one {
        one_request(output, instance, entry)?;
        return answers.end();
    }
    let is_route = subject.is_empty() || subject.contains('/');
    if !is_route {
        let message = format!(
            "no request {subject}: it is not being answered, and not among those that are kept \
             because they were slow, failed, were shed or timed out"
        );
        return Err(Failure::NotFound(message));
    }
    let entries: Vec<_> = all(&answers).collect();
    several::explain(output, &entries, &subject, asked)?;
    answers.end()
}

fn all<'a>(
    answers: &'a Answers<'_, Vec<Entry>>,
) -> impl Iterator<Item = (&'a Instance, &'a Entry)> {
    let given = answers.given.iter();
    given.flat_map(|(instance, entries)| entries.iter().map(|entry| (*instance, entry)))
}

fn one_request(output: &mut Output, instance: &Instance, entry: &Entry) -> Result<(), Failure> {
    let causes = causes(entry);
    if output.json {
        let mut value = entry.0.clone();
        value["causes"] = causes.iter().map(Cause::to_json).collect();
        output.value(instance, &value)?;
        return Ok(());
    }
    let took = span::written(entry.milliseconds());
    let (method, target) = (entry.method(), screen::cut(entry.target(), 80));
    output.line(&match entry.0["state"].as_str() {
        Some(_) => format!(
            "{method} {target} has taken {took} until now and is {}.",
            entry.phase()
        ),
        None => format!("{method} {target} took {took}: {}.", entry.outcome()),
    })?;
    let mut about = format!("  {} · request {}", entry.time(), entry.id());
    if let Some(id) = entry.request_id() {
        about += &format!(" · {id}");
    }
    if output.several {
        about += &format!(" · {}", instance.name);
    }
    output.line(&about)?;
    let share = |milliseconds: f64| milliseconds / entry.milliseconds().max(f64::MIN_POSITIVE);
    let (told, rest): (Vec<_>, Vec<_>) = causes
        .iter()
        .partition(|cause| share(cause.milliseconds) >= WORTH);
    for cause in told {
        output.line(&format!(
            "{:>9}  {}",
            span::written(cause.milliseconds),
            cause.what.sentence(entry)
        ))?;
    }
    let rest: f64 = rest.iter().map(|cause| cause.milliseconds).sum();
    if rest >= 0.01 {
        output.line(&format!("{:>9}  everything else", span::written(rest)))?;
    }
    for holder in cause::holders(entry) {
        output.line(&format!("           ← {holder}"))?;
    }
    for statement in cause::statements(entry) {
        output.line(&format!("           · {statement}"))?;
    }
    Ok(())
}
