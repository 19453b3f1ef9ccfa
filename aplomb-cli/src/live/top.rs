//! `aplomb live top`: routes, lanes and shedding, drawn anew every while.

mod frame;

use std::io::IsTerminal as _;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use terminal_size::{Height, Width, terminal_size};

use crate::failure::Failure;
use crate::instance::Instance;
use crate::output::Output;
use crate::{interrupt, screen};
use frame::{Frame, Look};

/// The shortest time between two frames.
const SHORTEST: Duration = Duration::from_millis(50);
/// A screen of its own, and back to what was there before.
const ENTER: &str = "\u{1b}[?1049h\u{1b}[?25l";
const LEAVE: &str = "\u{1b}[?25h\u{1b}[?1049l";
/// To the top, over what is there.
const HOME: &str = "\u{1b}[H";
const REST_OF_LINE: &str = "\u{1b}[K\r\n";
const REST: &str = "\u{1b}[J";

/// What somebody tells the one who draws.
#[derive(Clone)]
enum Message {
    /// What an instance, by its place, says of itself.
    Looked(usize, Result<Box<Look>, Failure>),
    /// The user has seen enough.
    Interrupted,
}

/// An instance and what it said last.
struct Watched<'a> {
    instance: &'a Instance,
    /// Whether it is being asked, and has not answered yet.
    asked: bool,
    before: Option<Box<Look>>,
    now: Option<Box<Look>>,
    failure: Option<Failure>,
}

/// Draws routes, lanes and shedding every while, or once.
pub(super) fn watch(
    instances: &[Instance],
    output: &mut Output,
    every: Duration,
    once: bool,
) -> Result<(), Failure> {
    let (sender, receiver) = channel();
    interrupt::sends(sender.clone(), Message::Interrupted)?;
    let every = every.max(SHORTEST);
    let mut watched: Vec<Watched<'_>> = instances.iter().map(Watched::new).collect();
    let patience = (!once).then_some(every);
    if !ask(&mut watched, &sender, &receiver, patience) {
        return Ok(());
    }
    let is_nobody = |watched: &[Watched<'_>]| watched.iter().all(|one| one.failure.is_some());
    if is_nobody(&watched) {
        return end(&watched);
    }
    let on_screen = !once && !output.json && std::io::stdout().is_terminal();
    if on_screen {
        output.raw(ENTER)?;
    }
    let wait = if once {
        every.min(Duration::from_secs(1))
    } else {
        every
    };
    let drawn = loop {
        match receiver.recv_timeout(wait) {
            Err(RecvTimeoutError::Timeout) => {}
            Ok(Message::Looked(place, look)) => {
                watched[place].takes(look);
                continue;
            }
            _ => break Ok(()),
        }
        if !ask(&mut watched, &sender, &receiver, patience) {
            break Ok(());
        }
        // A service may be started anew; who reads lines waits for none that never come.
        if !on_screen && is_nobody(&watched) {
            return end(&watched);
        }
        let drawn = draw(output, &watched, on_screen);
        if once || drawn.is_err() {
            break drawn;
        }
    };
    if on_screen {
        output.raw(LEAVE)?;
    }
    drawn?;
    match once {
        true => end(&watched),
        false => Ok(()),
    }
}

/// Asks all instances, and waits until they have answered, or for so long: who is late is drawn as
/// it was, and holds up nobody. Whether the user wants to go on.
fn ask(
    watched: &mut [Watched<'_>],
    sender: &Sender<Message>,
    receiver: &Receiver<Message>,
    patience: Option<Duration>,
) -> bool {
    for (place, watched) in watched.iter_mut().enumerate() {
        if !watched.asked {
            watched.asked = true;
            let (instance, sender) = (watched.instance.clone(), sender.clone());
            thread::spawn(move || {
                let look = Look::at(&instance).map(Box::new);
                // The user may have seen enough meanwhile.
                let _ = sender.send(Message::Looked(place, look));
            });
        }
    }
    let begun = Instant::now();
    while watched.iter().any(|watched| watched.asked) {
        let left = patience.map_or(Duration::MAX, |all| all.saturating_sub(begun.elapsed()));
        match receiver.recv_timeout(left) {
            Ok(Message::Looked(place, look)) => watched[place].takes(look),
            Ok(Message::Interrupted) => return false,
            Err(_) => return true,
        }
    }
    true
}

/// Why the last of those that did not answer did not; of the others it is told here.
fn end(watched: &[Watched<'_>]) -> Result<(), Failure> {
    let mut failures: Vec<&Failure> = watched
        .iter()
        .filter_map(|one| one.failure.as_ref())
        .collect();
    let last = failures.pop();
    for message in failures.into_iter().filter_map(Failure::message) {
        eprintln!("{}", screen::lines(message));
    }
    last.map_or(Ok(()), |failure| Err(failure.clone()))
}

impl<'a> Watched<'a> {
    fn new(instance: &'a Instance) -> Self {
        Self {
            instance,
            asked: false,
            before: None,
            now: None,
            failure: None,
        }
    }

    fn takes(&mut self, look: Result<Box<Look>, Failure>) {
        self.asked = false;
        match look {
            Ok(look) => {
                self.before = self.now.replace(look);
                self.failure = None;
            }
            // What was is no more.
            Err(failure) => {
                (self.before, self.now) = (None, None);
                self.failure = Some(failure);
            }
        }
    }

    fn frame(&self) -> Option<Frame<'_>> {
        Some(Frame::of(
            self.instance,
            self.before.as_deref()?,
            self.now.as_deref()?,
        ))
    }

    fn lines(&self) -> Vec<String> {
        let mut lines = self.frame().map(|frame| frame.lines()).unwrap_or_default();
        if self.asked {
            lines.insert(0, format!("{}: no answer yet", self.instance.name));
        }
        if let Some(message) = self.failure.as_ref().and_then(Failure::message) {
            lines.push(message.to_owned());
        }
        lines
    }
}

fn draw(output: &mut Output, watched: &[Watched<'_>], on_screen: bool) -> std::io::Result<()> {
    if output.json {
        let mut frames = watched.iter().filter_map(Watched::frame);
        return frames.try_for_each(|frame| output.value(frame.instance, &frame.to_json()));
    }
    let lines: Vec<String> = watched.iter().flat_map(Watched::lines).collect();
    if !on_screen {
        return lines.iter().try_for_each(|line| output.line(line));
    }
    let (width, height) =
        terminal_size().map_or((120, 40), |(Width(width), Height(height))| (width, height));
    let mut drawn = HOME.to_owned();
    for line in lines.iter().take(usize::from(height).saturating_sub(1)) {
        drawn += &screen::cut(&screen::line(line), usize::from(width));
        drawn += REST_OF_LINE;
    }
    output.raw(&(drawn + REST))
}
