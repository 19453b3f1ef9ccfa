//! [`listen`]: hands on what instances say of their probes, on threads of their own.

use std::sync::mpsc::Sender;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::failure::Failure;
use crate::instance::{Instance, StreamEvent};
use crate::live::placing::Placed;
use crate::live::probes::path_of;

/// The shortest time between two looks at the numbers of a metric.
const SHORTEST: Duration = Duration::from_millis(50);

/// What somebody tells the one who prints.
#[derive(Clone)]
pub(super) enum Message {
    /// An instance, by its place, has an event.
    Event(usize, Value),
    /// What its probe has counted until now, and whether it is time to print it.
    Counted(usize, Value, bool),
    /// Its probe has ended, and did this.
    End(usize, Value),
    /// Its stream is over, and why if it should not be.
    Over(usize, Option<Failure>),
    /// The user has seen enough.
    Interrupted,
}

/// Hands on what the stream of a probe brings, and what it counts where it is to be looked at: how
/// often, and how often that is printed. Nobody waits for an instance that does not answer.
pub(super) fn listen(
    place: usize,
    placed: &Placed<'_>,
    pace: Option<(Duration, Duration)>,
    to: &Sender<Message>,
) {
    let (instance, id, sender) = (placed.instance.clone(), placed.id.clone(), to.clone());
    thread::spawn(move || {
        let over = stream(place, &instance, &id, &sender).err();
        let _ = sender.send(Message::Over(place, over));
    });
    let Some((look, show)) = pace else {
        return;
    };
    let (instance, id, sender) = (placed.instance.clone(), placed.id.clone(), to.clone());
    thread::spawn(move || count(place, &instance, &id, (look.max(SHORTEST), show), &sender));
}

fn stream(
    place: usize,
    instance: &Instance,
    id: &str,
    to: &Sender<Message>,
) -> Result<(), Failure> {
    for StreamEvent { name, data } in instance.events(&format!("/live/events?probe={id}"))? {
        let message = match name.as_str() {
            "end" => Message::End(place, data),
            _ => Message::Event(place, data),
        };
        if to.send(message).is_err() {
            break;
        }
    }
    Ok(())
}

/// Looks at what a probe counts until it has ended; its stream tells of that, and of what is broken.
fn count(
    place: usize,
    instance: &Instance,
    id: &str,
    (look, show): (Duration, Duration),
    to: &Sender<Message>,
) {
    let Ok(path) = path_of(id) else {
        return;
    };
    let mut shown = Instant::now();
    loop {
        thread::sleep(look);
        let Ok(probe) = instance.get(&path) else {
            continue;
        };
        let ended = !matches!(probe["state"].as_str(), Some("active" | "throttled"));
        let shows = look >= show || shown.elapsed() >= show;
        if shows {
            shown = Instant::now();
        }
        if ended || to.send(Message::Counted(place, probe, shows)).is_err() {
            return;
        }
    }
}
