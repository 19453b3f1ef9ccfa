//! Samples of what the processors work at, which a signal takes.

#[path = "fold.rs"]
mod fold;

use std::collections::BTreeMap;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use inferno::flamegraph::{self, Direction, Options};
use pprof::{Frames, ProfilerGuardBuilder};

use self::fold::{Frame, Handlers, Stack, folded, text};
use super::{ProfileDefinition, ProfileFormat};
use crate::live::refusal::Refusal;
use crate::live::registry::LiveRoute;

/// Libraries in which no sample is taken. They hold locks that going through a stack may need, and
/// the vDSO does not always say truly how to leave it.
const LEFT_OUT: [&str; 6] = [
    "libc.so",
    "libc-2.",
    "libgcc",
    "libpthread",
    "ld-linux",
    "vdso",
];

/// Whether a profile can be taken.
///
/// # Errors
/// Why it cannot.
pub(super) fn check() -> Result<(), Refusal> {
    match cfg!(target_feature = "crt-static") {
        // Nothing tells it from the rest.
        true => Err(Refusal::new(
            501,
            "no profile is taken where the C library is part of the program",
        )),
        false => Ok(()),
    }
}

/// A profile, once its time is over.
///
/// # Errors
/// When the system does not let one be taken, or who asked for it has gone.
pub(super) fn taken(
    routes: &[LiveRoute],
    definition: &ProfileDefinition,
    format: ProfileFormat,
    stay: &Receiver<()>,
) -> Result<Vec<u8>, Refusal> {
    let folded = folded(&stacks(definition, stay)?, &Handlers::of(routes));
    match format {
        ProfileFormat::Folded => Ok(text(&folded).into_bytes()),
        ProfileFormat::Svg => graph(&folded, definition),
    }
}

/// The stacks that were found in the time that is asked for.
///
/// # Errors
/// When the system does not let a profile be taken, or who asked for it has gone.
fn stacks(definition: &ProfileDefinition, stay: &Receiver<()>) -> Result<Vec<Stack>, Refusal> {
    let frequency = i32::try_from(definition.frequency).unwrap_or(1);
    let builder = ProfilerGuardBuilder::default().frequency(frequency);
    let guard = builder.blocklist(&LEFT_OUT).build();
    let guard = guard.map_err(|error| failed(&error))?;
    let time = Duration::from_secs(definition.seconds.into());
    if let Err(RecvTimeoutError::Disconnected) = stay.recv_timeout(time) {
        return Err(Refusal::new(499, "nobody waits for it any more"));
    }
    let found = guard.report().build_unresolved();
    let found = found.map_err(|error| failed(&error))?;
    // Finding the names takes long, and nothing is to be sampled meanwhile.
    drop(guard);
    let found = found.data.into_iter();
    Ok(found
        .map(|(frames, count)| stack(&Frames::from(frames), count))
        .collect())
}

fn failed(error: &pprof::Error) -> Refusal {
    match error {
        pprof::Error::Running => Refusal::new(409, "the program is taking a profile of its own"),
        // What finds no room in memory is kept in a file meanwhile.
        error => {
            let message = "no profile can be taken; is there a folder for temporary files?";
            Refusal::new(503, format!("{message} {error}"))
        }
    }
}

fn stack(found: &Frames, count: isize) -> Stack {
    // The innermost call comes first, and within a call what the compiler put into it.
    let symbols = found.frames.iter().rev().flat_map(|call| call.iter().rev());
    let taking = |name: &str| name.contains("pprof::") || name.contains("backtrace::backtrace::");
    // The last thing that a thread does is to have its stack taken.
    let symbols = symbols.take_while(|symbol| !taking(&symbol.name()));
    let frames = symbols.map(|symbol| Frame {
        name: symbol.name(),
        file: symbol
            .filename
            .as_ref()
            .map(|file| file.to_string_lossy().into_owned()),
    });
    Stack {
        frames: frames.collect(),
        thread: found.thread_name_or_id(),
        count: usize::try_from(count).unwrap_or(0),
    }
}

/// A flame graph.
///
/// # Errors
/// When it cannot be drawn.
fn graph(
    folded: &BTreeMap<String, usize>,
    definition: &ProfileDefinition,
) -> Result<Vec<u8>, Refusal> {
    let samples: usize = folded.values().sum();
    let mut options = Options::default();
    options.title = "Where the processors' time goes".to_owned();
    options.subtitle = Some(format!(
        "{samples} samples in {} s, {} for each second of a processor; none within the C library",
        definition.seconds, definition.frequency
    ));
    options.deterministic = true;
    // What it begins with is what one looks for: the routes.
    options.direction = Direction::Inverted;
    let mut lines: Vec<String> = folded
        .iter()
        .map(|(line, count)| format!("{line} {count}"))
        .collect();
    if samples == 0 {
        lines = vec!["nothing was computed 1".to_owned()];
    }
    let mut svg = Vec::new();
    flamegraph::from_lines(&mut options, lines.iter().map(String::as_str), &mut svg)
        .map_err(|error| Refusal::new(500, format!("no graph can be drawn: {error}")))?;
    Ok(svg)
}
