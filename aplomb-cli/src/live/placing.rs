//! [`Placing`]: a probe or a level that is set in all instances or in none, and followed.

use std::io;

use serde_json::{Value, json};

use super::follow::{self, Wanted};
use super::probes::path_of;
use super::{ask, refusal};
use crate::arguments::PlacingArguments;
use crate::failure::Failure;
use crate::instance::Instance;
use crate::output::Output;
use crate::{screen, span};

/// A probe or a level in one instance.
pub(super) struct Placed<'a> {
    pub(super) instance: &'a Instance,
    pub(super) id: String,
}

/// A way to send something to an instance; its answer, or the one with which it refused.
type Sending = fn(&Instance, &str, &Value) -> Result<Result<Value, Value>, Failure>;

/// A probe or a level that is to be set.
pub(super) struct Placing<'a> {
    /// How it is sent: [`Instance::post`] or [`Instance::put`].
    pub(super) send: Sending,
    /// Where to.
    pub(super) path: &'static str,
    /// What it is, without what the arguments say.
    pub(super) definition: Value,
    pub(super) arguments: &'a PlacingArguments,
    pub(super) wanted: Wanted,
}

impl Placing<'_> {
    /// Sets it in all instances or in none, and follows it unless it is to be left there.
    ///
    /// # Errors
    /// When one of them refuses it or cannot be asked, and so nobody has it.
    pub(super) fn run(
        mut self,
        instances: &[Instance],
        output: &mut Output,
    ) -> Result<(), Failure> {
        self.complete();
        let checking = format!("{}?check=true", self.path);
        // Where one would refuse it, nobody is to have it.
        let checked = ask(instances, |instance| self.sent(instance, &checking))?;
        let first = checked.given.first().map(|(_, set)| set.clone());
        let first = first.unwrap_or_default();
        for (instance, set) in &checked.given {
            for note in set["notes"].as_array().into_iter().flatten() {
                let note = note.as_str().unwrap_or_default();
                eprintln!("{}", screen::line(&format!("{}: {note}", instance.name)));
            }
        }
        checked.end()?;
        let what = self.what(&first);
        if self.arguments.check {
            tell(output, instances, &what, "could be set");
            return Ok(());
        }
        // What is set from here on is removed, whatever happens, unless it is to be left there.
        let line = match self.arguments.detach {
            true => None,
            false => Some(follow::Line::open()?),
        };
        let set = ask(instances, |instance| {
            placed_id(instance, &self.sent(instance, self.path)?)
        })?;
        let placed = set.given.into_iter();
        let placed: Vec<Placed<'_>> = placed
            .map(|(instance, id)| Placed { instance, id })
            .collect();
        if let Some(failure) = set.failure {
            take_back(&placed);
            return Err(failure);
        }
        let until = first["expires_in"].as_f64().unwrap_or_default();
        let until = span::written(until * 1000.0);
        let Some(line) = line else {
            return Ok(left(output, &placed, &format!("{what}  for {until}"))?);
        };
        let done = format!("set for {until}; Ctrl-C removes it");
        tell(output, instances, &what, &done);
        follow::placed(placed, output, self.wanted, &line)
    }

    /// Adds what the arguments say to the definition.
    fn complete(&mut self) {
        let PlacingArguments {
            per_second,
            lasts,
            detach,
            check: _,
            reason,
            owner,
        } = self.arguments;
        let lasts = lasts.map(|lasts| (lasts.as_secs_f64().ceil() as u64).max(1));
        let members: [(&str, Option<Value>); 5] = [
            ("per_second", per_second.map(Into::into)),
            ("expires_in", lasts.map(Into::into)),
            ("attached", Some((!detach).into())),
            ("reason", reason.as_deref().map(Into::into)),
            ("owner", owner.as_deref().map(Into::into)),
        ];
        for (name, value) in members {
            if let Some(value) = value {
                self.definition[name] = value;
            }
        }
    }

    fn sent(&self, instance: &Instance, path: &str) -> Result<Value, Failure> {
        let definition = &self.definition;
        (self.send)(instance, path, definition)?.map_err(|answer| {
            let told = refusal::told(instance, definition, &answer, "Nothing was set");
            Failure::Refused(told)
        })
    }

    /// What is set, in a few words: the directive of a level, or the places of a probe.
    fn what(&self, set: &Value) -> String {
        if let Some(directive) = self.definition["directive"].as_str() {
            return directive.to_owned();
        }
        let places = set["places"].as_array().into_iter().flatten();
        let places: Vec<&str> = places.filter_map(Value::as_str).collect();
        match &places[..] {
            [] => String::new(),
            [one] => (*one).to_owned(),
            [one, rest @ ..] => format!("{one} and {} more", rest.len()),
        }
    }
}

/// The id of what was set.
///
/// # Errors
/// When there is none, and so whatever answers sets nothing.
fn placed_id(instance: &Instance, set: &Value) -> Result<String, Failure> {
    let id = set["id"].as_str().unwrap_or_default();
    match path_of(id) {
        Ok(_) => Ok(id.to_owned()),
        Err(_) => Err(instance.stranger("it names no probe")),
    }
}

/// Removes what was set before another instance refused it, and names what is left.
fn take_back(placed: &[Placed<'_>]) {
    let removed = follow::remove(&placed.iter().collect::<Vec<_>>());
    for (Placed { instance, id }, removed) in placed.iter().zip(removed) {
        if removed.is_none() {
            let message = format!("{}: {id} could not be removed again", instance.name);
            eprintln!("{}", screen::line(&message));
        }
    }
}

/// Says what was done, beside what is printed for programs and for people.
fn tell(output: &Output, instances: &[Instance], what: &str, done: &str) {
    if !output.json {
        let of = if output.several {
            format!(" of {} instances", instances.len())
        } else {
            String::new()
        };
        eprintln!("{}", screen::line(&format!("{what}{of}: {done}")));
    }
}

fn left(output: &mut Output, placed: &[Placed<'_>], what: &str) -> io::Result<()> {
    for Placed { instance, id } in placed {
        match output.json {
            true => output.value(instance, &json!({"id": id}))?,
            false => output.line(&format!("{id}  {what}  {}", instance.name))?,
        }
    }
    if !output.json {
        eprintln!(
            "it stays; `aplomb live follow ID` shows what it emits, `aplomb live remove ID` ends it"
        );
    }
    Ok(())
}
