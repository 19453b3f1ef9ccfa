//! [`Removal`]: ends what is set, in whichever instance it is.

use super::probes::{ask_of_probe, path_below};
use super::{ask, each};
use crate::failure::Failure;
use crate::instance::Instance;
use crate::output::Output;

/// What is ended, and how that is said.
pub(super) struct Removal {
    /// Where the things are found, each by its id.
    pub(super) path: &'static str,
    pub(super) thing: &'static str,
    pub(super) done: &'static str,
}

impl Removal {
    /// Ends things by their ids, or all there are.
    pub(super) fn run(
        &self,
        instances: &[Instance],
        output: &mut Output,
        ids: &[String],
        every: bool,
    ) -> Result<(), Failure> {
        if !every {
            return each(ids, |id| self.one(instances, output, id));
        }
        let answers = ask(instances, |instance| instance.delete(self.path))?;
        for (instance, removed) in &answers.given {
            let (name, count) = (&instance.name, &removed["removed"]);
            match output.json {
                true => output.value(instance, removed)?,
                false => output.line(&format!("{name}: {count} {}", self.done))?,
            }
        }
        answers.end()
    }

    fn one(&self, instances: &[Instance], output: &mut Output, id: &str) -> Result<(), Failure> {
        let Self { path, thing, done } = self;
        let path = path_below(path, thing, id)?;
        let answers = ask_of_probe(instances, |instance| instance.delete(&path))?;
        let given = answers.given.iter();
        let removed: Vec<_> = given
            .filter_map(|(instance, one)| Some((*instance, one.as_ref()?)))
            .collect();
        if removed.is_empty() {
            answers.end()?;
            let message = format!("there is no {thing} {id} that is set");
            return Err(Failure::NotFound(message));
        }
        for (instance, one) in removed {
            let (emitted, dropped) = (&one["emitted"], &one["dropped"]);
            match output.json {
                true => output.value(instance, one)?,
                false => output.line(&format!(
                    "{id} {done}: emitted {emitted}, dropped {dropped}"
                ))?,
            }
        }
        answers.end()
    }
}
