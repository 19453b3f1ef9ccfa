//! What probes emit, as it comes.

mod listen;
mod print;

use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use self::listen::{Message, listen};
use self::print::{pretty, series, total};
use super::placing::Placed;
use super::probes::{ask_of_probe, path_of};
use crate::failure::Failure;
use crate::instance::Instance;
use crate::output::Output;
use crate::{interrupt, screen};

/// How long an event is held back, so that one of another instance that was earlier comes before.
const ORDER: Duration = Duration::from_millis(150);
/// How often the numbers of a metric are printed that somebody else has set.
const EVERY: Duration = Duration::from_secs(5);
/// How often the numbers of metrics are looked at, where they may reach what is wanted of them.
const LOOK: Duration = Duration::from_secs(1);

/// What is wanted of what is followed.
#[derive(Clone, Copy, Default)]
pub(super) struct Wanted {
    /// How often the numbers of a metric are printed.
    pub(super) every: Option<Duration>,
    /// After how many hits of all instances together it is enough.
    pub(super) hits: Option<u64>,
}

/// Where what is followed comes in, and the user's wish to end.
pub(super) struct Line {
    sender: Sender<Message>,
    receiver: Receiver<Message>,
}

impl Line {
    /// Takes Ctrl-C from now on, so that whatever is set from now on can be removed.
    ///
    /// # Errors
    /// When the system does not let signals be handled.
    pub(super) fn open() -> Result<Self, Failure> {
        let (sender, receiver) = channel();
        interrupt::sends(sender.clone(), Message::Interrupted)?;
        Ok(Self { sender, receiver })
    }
}

/// Follows a probe that somebody has set.
///
/// # Errors
/// When there is none.
pub(super) fn existing(
    instances: &[Instance],
    output: &mut Output,
    id: &str,
) -> Result<(), Failure> {
    let path = path_of(id)?;
    let answers = ask_of_probe(instances, |instance| instance.get(&path))?;
    let mut found: Vec<Placed<'_>> = Vec::new();
    let mut every = None;
    for (instance, probe) in &answers.given {
        if let Some(probe) = probe {
            every = every.or(probe["definition"]["metric"].is_object().then_some(EVERY));
            found.push(Placed {
                instance,
                id: id.to_owned(),
            });
        }
    }
    if found.is_empty() {
        answers.end()?;
        return Err(Failure::NotFound(format!("there is no probe {id}")));
    }
    let wanted = Wanted { every, hits: None };
    Following::new(found, false, wanted).run(output, &Line::open()?)?;
    answers.end()
}

/// Follows probes that were set for as long as this lasts, and removes them in the end.
///
/// # Errors
/// When a stream breaks.
pub(super) fn placed(
    placed: Vec<Placed<'_>>,
    output: &mut Output,
    wanted: Wanted,
    line: &Line,
) -> Result<(), Failure> {
    Following::new(placed, true, wanted).run(output, line)
}

/// Removes probes, all at a time: an instance that does not answer must not keep those of others
/// alive. What became of each; those that nobody could remove end once nobody listens, unless they
/// were to stay.
pub(super) fn remove(placed: &[&Placed<'_>]) -> Vec<Option<Value>> {
    thread::scope(|scope| {
        let removed: Vec<_> = placed
            .iter()
            .map(|placed| scope.spawn(|| placed.instance.delete(&path_of(&placed.id)?)))
            .collect();
        let removed = removed.into_iter();
        removed.map(|one| one.join().ok()?.ok()).collect()
    })
}

struct Following<'a> {
    placed: Vec<Placed<'a>>,
    /// Whether the probes end with this.
    own: bool,
    wanted: Wanted,
    /// How many hits each probe has had.
    hits: Vec<u64>,
    /// What the probes did, once they have ended.
    ends: Vec<Option<Value>>,
    waiting: Vec<(Instant, usize, Value)>,
    failures: Vec<Failure>,
}

impl<'a> Following<'a> {
    fn new(placed: Vec<Placed<'a>>, own: bool, wanted: Wanted) -> Self {
        Self {
            ends: vec![None; placed.len()],
            hits: vec![0; placed.len()],
            placed,
            own,
            wanted,
            waiting: Vec::new(),
            failures: Vec::new(),
        }
    }

    fn run(mut self, output: &mut Output, line: &Line) -> Result<(), Failure> {
        let pace = self.wanted.every.map(|every| match self.wanted.hits {
            Some(_) => (every.min(LOOK), every),
            None => (every, every),
        });
        for (place, placed) in self.placed.iter().enumerate() {
            listen(place, placed, pace, &line.sender);
        }
        let printed = self.print(output, &line.receiver);
        if self.own {
            self.remove();
        }
        let printed = printed.and_then(|()| Ok(self.totals(output)?));
        match (printed, self.failures.len()) {
            (Ok(()), 0) => Ok(()),
            (Ok(()), 1) if self.placed.len() == 1 => Err(self.failures.remove(0)),
            (Ok(()), lost) => Err(Failure::Unreachable(format!(
                "{lost} of {} instances were lost meanwhile",
                self.placed.len()
            ))),
            (printed, _) => printed,
        }
    }

    /// Prints what comes until all probes have ended, or the user has seen enough.
    fn print(&mut self, output: &mut Output, receiver: &Receiver<Message>) -> Result<(), Failure> {
        let mut open = self.placed.len();
        while open > 0 && !self.is_enough() {
            match receiver.recv_timeout(ORDER / 3) {
                Ok(Message::Event(place, event)) => {
                    self.hits[place] += u64::from(event["kind"].is_string());
                    self.waiting.push((Instant::now(), place, event));
                }
                Ok(Message::Counted(place, probe, shows)) => {
                    self.count(place, &probe);
                    if shows {
                        series(output, self.placed[place].instance, &probe)?;
                    }
                }
                Ok(Message::End(place, probe)) => {
                    self.count(place, &probe);
                    self.ends[place] = Some(probe);
                }
                Ok(Message::Over(place, failure)) => {
                    open -= 1;
                    if self.ends[place].is_none() {
                        let failure = failure.unwrap_or_else(|| self.broken(place));
                        self.fail(failure);
                    }
                }
                Ok(Message::Interrupted) | Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => {}
            }
            self.show(output, open > 0)?;
        }
        Ok(self.show(output, false)?)
    }

    /// A probe has had at least so many hits.
    fn count(&mut self, place: usize, probe: &Value) {
        let emitted = probe["emitted"].as_u64().unwrap_or_default();
        self.hits[place] = self.hits[place].max(emitted);
    }

    /// Whether all instances together have had the hits that are wanted.
    fn is_enough(&self) -> bool {
        let hits = self
            .hits
            .iter()
            .fold(0, |sum: u64, hits| sum.saturating_add(*hits));
        self.wanted.hits.is_some_and(|wanted| hits >= wanted)
    }

    fn broken(&self, place: usize) -> Failure {
        let name = &self.placed[place].instance.name;
        Failure::Unreachable(format!("{name}: the stream of events broke off"))
    }

    /// Tells of an instance that is lost while others are followed; one alone is told of in the end.
    fn fail(&mut self, failure: Failure) {
        if self.placed.len() > 1
            && let Some(message) = failure.message()
        {
            eprintln!("{}", screen::lines(message));
        }
        self.failures.push(failure);
    }

    /// Prints the events that are waiting by their time; the latest wait for others where they may.
    fn show(&mut self, output: &mut Output, hold: bool) -> std::io::Result<()> {
        let hold = hold && self.placed.len() > 1;
        let now = Instant::now();
        let ready = |came: Instant| !hold || now.duration_since(came) >= ORDER;
        if !self.waiting.iter().any(|(came, ..)| ready(*came)) {
            return Ok(());
        }
        self.waiting.sort_by(|(_, _, one), (_, _, other)| {
            one["time"].as_str().cmp(&other["time"].as_str())
        });
        // All before the last one that has waited long enough.
        let until = self
            .waiting
            .iter()
            .rposition(|(came, ..)| ready(*came))
            .map_or(0, |place| place + 1);
        let events: Vec<_> = self.waiting.drain(..until).collect();
        for (_, place, event) in events {
            let instance = self.placed[place].instance;
            match output.json {
                true => output.value(instance, &event)?,
                false => pretty(output, instance, &event)?,
            }
        }
        Ok(())
    }

    /// Removes the probes that have not ended.
    fn remove(&mut self) {
        let ends = self.placed.iter().zip(&mut self.ends);
        let (active, ends): (Vec<_>, Vec<_>) = ends.filter(|(_, end)| end.is_none()).unzip();
        for (end, removed) in ends.into_iter().zip(remove(&active)) {
            *end = removed;
        }
    }

    /// Says what the probes did.
    fn totals(&self, output: &mut Output) -> std::io::Result<()> {
        for (placed, end) in self.placed.iter().zip(&self.ends) {
            let Some(probe) = end else {
                continue;
            };
            if output.json {
                output.value(placed.instance, &json!({"kind": "end", "probe": probe}))?;
                continue;
            }
            series(output, placed.instance, probe)?;
            total(output, placed.instance, probe)?;
        }
        Ok(())
    }
}
