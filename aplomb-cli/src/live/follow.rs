//! What probes emit, as it comes.

mod print;

use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use self::print::{pretty, series};
use super::probe::Placed;
use crate::failure::Failure;
use crate::instance::{Instance, StreamEvent};
use crate::interrupt;
use crate::output::Output;

/// How long an event is held back, so that one of another instance that was earlier comes before.
const ORDER: Duration = Duration::from_millis(150);

/// What somebody tells the one who prints.
#[derive(Clone)]
enum Message {
    /// An instance, by its place, has an event.
    Event(usize, Value),
    /// Its probe has ended, and did this.
    End(usize, Value),
    /// Its stream is over, and why if it should not be.
    Over(usize, Option<Failure>),
    /// The user has seen enough.
    Interrupted,
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
    let path = format!("/live/probes/{id}");
    let found: Vec<Placed<'_>> = instances
        .iter()
        .filter(|instance| instance.get(&path).is_ok())
        .map(|instance| Placed {
            instance,
            id: id.to_owned(),
        })
        .collect();
    if found.is_empty() {
        return Err(Failure::NotFound(format!("there is no probe {id}")));
    }
    Following::new(found, false).run(output, None)
}

/// Follows probes that were set for as long as this lasts, and removes them in the end.
///
/// # Errors
/// When a stream breaks.
pub(super) fn placed(
    placed: Vec<Placed<'_>>,
    output: &mut Output,
    every: Option<Duration>,
) -> Result<(), Failure> {
    Following::new(placed, true).run(output, every)
}

/// Removes probes; those that could not be end by themselves, for nobody listens any more.
pub(super) fn remove(placed: &[Placed<'_>]) {
    for Placed { instance, id } in placed {
        let _ = instance.delete(&format!("/live/probes/{id}"));
    }
}

struct Following<'a> {
    placed: Vec<Placed<'a>>,
    /// Whether the probes end with this.
    own: bool,
    /// What the probes did, once they have ended.
    ends: Vec<Option<Value>>,
    waiting: Vec<(Instant, usize, Value)>,
    failure: Option<Failure>,
}

impl<'a> Following<'a> {
    fn new(placed: Vec<Placed<'a>>, own: bool) -> Self {
        Self {
            ends: vec![None; placed.len()],
            placed,
            own,
            waiting: Vec::new(),
            failure: None,
        }
    }

    fn run(mut self, output: &mut Output, every: Option<Duration>) -> Result<(), Failure> {
        let (sender, receiver) = channel();
        let interrupted = interrupt::sends(sender.clone(), Message::Interrupted);
        let printed = interrupted.and_then(|()| {
            for (place, placed) in self.placed.iter().enumerate() {
                let stream = placed
                    .instance
                    .events(&format!("/live/events?probe={}", placed.id));
                listen(place, stream, sender.clone());
            }
            drop(sender);
            self.print(output, &receiver, every)
        });
        if self.own {
            self.remove();
        }
        let printed = printed.and_then(|()| self.totals(output));
        match (printed, self.failure) {
            (Ok(()), Some(failure)) => Err(failure),
            (printed, _) => printed,
        }
    }

    /// Prints what comes until all probes have ended, or the user has seen enough.
    fn print(
        &mut self,
        output: &mut Output,
        receiver: &Receiver<Message>,
        every: Option<Duration>,
    ) -> Result<(), Failure> {
        let mut open = self.placed.len();
        let mut shown = Instant::now();
        while open > 0 {
            match receiver.recv_timeout(ORDER / 3) {
                Ok(Message::Event(place, event)) => {
                    self.waiting.push((Instant::now(), place, event));
                }
                Ok(Message::End(place, probe)) => self.ends[place] = Some(probe),
                Ok(Message::Over(place, failure)) => {
                    open -= 1;
                    if self.ends[place].is_none() {
                        self.failure = failure.or_else(|| self.broken(place));
                    }
                }
                Ok(Message::Interrupted) | Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => {}
            }
            self.show(output, open > 0)?;
            if let Some(every) = every
                && shown.elapsed() >= every
            {
                shown = Instant::now();
                self.show_series(output)?;
            }
        }
        Ok(self.show(output, false)?)
    }

    fn broken(&self, place: usize) -> Option<Failure> {
        let name = &self.placed[place].instance.name;
        Some(Failure::Unreachable(format!(
            "{name}: the stream of events broke off"
        )))
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

    /// Prints what metrics have counted until now.
    fn show_series(&self, output: &mut Output) -> Result<(), Failure> {
        for Placed { instance, id } in &self.placed {
            let probe = instance.get(&format!("/live/probes/{id}"))?;
            series(output, instance, &probe)?;
        }
        Ok(())
    }

    /// Removes the probes that have not ended.
    fn remove(&mut self) {
        for (placed, end) in self.placed.iter().zip(&mut self.ends) {
            if end.is_none() {
                *end = placed
                    .instance
                    .delete(&format!("/live/probes/{}", placed.id))
                    .ok();
            }
        }
    }

    /// Says what the probes did.
    fn totals(&self, output: &mut Output) -> Result<(), Failure> {
        for (placed, end) in self.placed.iter().zip(&self.ends) {
            let Some(probe) = end else {
                continue;
            };
            if output.json {
                output.value(placed.instance, &json!({"kind": "end", "probe": probe}))?;
                continue;
            }
            series(output, placed.instance, probe)?;
            let number = |name: &str| probe[name].as_u64().unwrap_or_default();
            let state = probe["state"].as_str().unwrap_or_default();
            let reason = probe["reason"].as_str().filter(|_| state != "removed");
            let mut line = format!(
                "{} {state}: passed {}, matched {}, emitted {}, dropped {}, CPU {} µs",
                placed.id,
                number("passed"),
                number("matched"),
                number("emitted"),
                number("dropped"),
                number("cpu_microseconds"),
            );
            if let Some(reason) = reason {
                line = format!("{line}; {reason}");
            }
            if output.several {
                line = format!("{line}  {}", placed.instance.name);
            }
            output.line(&line)?;
        }
        Ok(())
    }
}

/// Hands on what a stream brings, on a thread of its own.
fn listen(
    place: usize,
    stream: Result<crate::instance::EventStream, Failure>,
    to: Sender<Message>,
) {
    thread::spawn(move || {
        let over = match stream {
            Err(failure) => Some(failure),
            Ok(stream) => {
                for StreamEvent { name, data } in stream {
                    let message = match name.as_str() {
                        "end" => Message::End(place, data),
                        _ => Message::Event(place, data),
                    };
                    if to.send(message).is_err() {
                        return;
                    }
                }
                None
            }
        };
        let _ = to.send(Message::Over(place, over));
    });
}
