//! `aplomb live`: looks into running services.

mod entry;
mod follow;
mod level;
mod placing;
mod probe;
mod probes;
mod profile;
mod refusal;
mod removal;
mod requests;
mod routes;
mod slow;
mod top;
mod why;

use std::thread;

use crate::arguments::{Command, LiveArguments};
use crate::failure::Failure;
use crate::instance::Instance;
use crate::output::Output;
use crate::screen;

/// Does what was asked for.
///
/// # Errors
/// Why it was not done.
pub(crate) fn run(arguments: LiveArguments) -> Result<(), Failure> {
    let reached = arguments.reach.find()?;
    let instances = &reached.instances[..];
    let several = instances.len() + reached.missed > 1;
    let output = &mut Output::new(arguments.json, several);
    let done = match arguments.command {
        Command::Routes { over, points } => routes::list(instances, output, over, points),
        Command::Requests => requests::list(instances, output),
        Command::Slow { kind, most } => slow::list(instances, output, kind, most),
        Command::Why(asked) => why::explain(instances, output, &asked),
        Command::Log {
            target,
            template,
            level,
            probe,
        } => probe::log(instances, output, &target, &template, level, &probe),
        Command::Metric(metric) => probe::metric(instances, output, &metric),
        Command::Snapshot { target, probe } => probe::snapshot(instances, output, &target, &probe),
        Command::Level(asked) => level::run(instances, output, &asked),
        Command::Profile(asked) => profile::take(instances, output, &asked),
        Command::Probes => probes::list(instances, output),
        Command::Follow { id } => follow::existing(instances, output, &id),
        Command::Remove { ids, every } => probes::REMOVAL.run(instances, output, &ids, every),
        Command::Top { every, once } => top::watch(instances, output, every, once),
    };
    done?;
    match reached.missed {
        0 => Ok(()),
        _ => Err(Failure::Partial),
    }
}

/// Does the same with each id: what is wrong with one keeps no other from it.
///
/// # Errors
/// Why it was not done with the last of those with which it was not; of the others it is told here.
fn each(ids: &[String], mut what: impl FnMut(&str) -> Result<(), Failure>) -> Result<(), Failure> {
    let mut wrong: Option<Failure> = None;
    for failure in ids.iter().filter_map(|id| what(id).err()) {
        if matches!(failure, Failure::Unread) {
            return Err(failure);
        }
        if let Some(message) = wrong.replace(failure).as_ref().and_then(Failure::message) {
            eprintln!("{}", screen::lines(message));
        }
    }
    wrong.map_or(Ok(()), Err)
}

/// What several instances said.
struct Answers<'a, T> {
    given: Vec<(&'a Instance, T)>,
    /// Why the last of those that said nothing did not.
    failure: Option<Failure>,
}

impl<T> Answers<'_, T> {
    /// Says that not everybody has answered, where this is so.
    fn end(self) -> Result<(), Failure> {
        match self.failure {
            Some(failure) => Err(failure),
            None => Ok(()),
        }
    }
}

/// Asks all instances at a time.
///
/// # Errors
/// When none of them answers; the failures of some are said beside what others answer.
fn ask<'a, T: Send>(
    instances: &'a [Instance],
    what: impl Fn(&'a Instance) -> Result<T, Failure> + Sync,
) -> Result<Answers<'a, T>, Failure> {
    let answers: Vec<_> = thread::scope(|scope| {
        let asked: Vec<_> = instances
            .iter()
            .map(|instance| scope.spawn(|| what(instance)))
            .collect();
        let answers = asked.into_iter().map(|asked| {
            asked
                .join()
                .unwrap_or_else(|_| Err(Failure::Unreachable("a thread broke".to_owned())))
        });
        instances.iter().zip(answers).collect()
    });
    let mut given = Vec::new();
    let mut failures = Vec::new();
    for (instance, answer) in answers {
        match answer {
            Ok(answer) => given.push((instance, answer)),
            Err(failure) => failures.push(failure),
        }
    }
    let failure = failures.pop();
    for failure in &failures {
        if let Some(message) = failure.message() {
            eprintln!("{}", screen::lines(message));
        }
    }
    match (given.is_empty(), failure) {
        (true, Some(failure)) => Err(failure),
        (true, None) => Err(Failure::NotFound("there is no instance to ask".to_owned())),
        (false, failure) => Ok(Answers { given, failure }),
    }
}
