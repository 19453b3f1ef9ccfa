//! Which callsites are known: those that have been reached while their level was let through.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tracing::Metadata;
use tracing::callsite::Identifier;

/// How many are known at the most.
const MOST: usize = 8192;

type Known = HashMap<Identifier, &'static Metadata<'static>>;

static KNOWN: Mutex<Option<Known>> = Mutex::new(None);

fn locked() -> MutexGuard<'static, Option<Known>> {
    KNOWN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Somebody asks for the interest in a callsite.
pub(super) fn note(callsite: &'static Metadata<'static>) {
    let mut known = locked();
    let known = known.get_or_insert_default();
    if known.len() < MOST {
        known.insert(callsite.callsite(), callsite);
    }
}

/// How many of them are like this.
pub(super) fn count(like: impl Fn(&Metadata<'_>) -> bool) -> usize {
    let known = locked();
    let known = known.iter().flat_map(HashMap::values);
    known.filter(|callsite| like(callsite)).count()
}

/// An event or a span of the program, where it stands.
#[derive(Clone, Debug, aplomb_macros::Model)]
#[model(crate = crate, serde = false, rename = "LiveCallsite")]
pub(crate) struct Callsite {
    /// As a directive names it: `src/orders.rs:142`.
    pub(crate) directive: Option<String>,
    /// `event` or `span`.
    pub(crate) kind: String,
    /// The name of a span.
    pub(crate) name: Option<String>,
    pub(crate) target: String,
    pub(crate) level: String,
    /// The names of its fields.
    pub(crate) fields: Vec<String>,
}

impl Callsite {
    fn of(callsite: &Metadata<'_>) -> Self {
        let line = callsite.file().zip(callsite.line());
        Self {
            directive: line.map(|(file, line)| format!("{file}:{line}")),
            kind: if callsite.is_span() { "span" } else { "event" }.to_owned(),
            name: callsite.is_span().then(|| callsite.name().to_owned()),
            target: callsite.target().to_owned(),
            level: callsite.level().as_str().to_ascii_lowercase(),
            fields: callsite
                .fields()
                .iter()
                .map(|field| field.name().to_owned())
                .collect(),
        }
    }
}

/// The callsites that are known, whose target, file or name has this in it.
pub(crate) fn known(part: &str) -> Vec<Callsite> {
    let has = |callsite: &Metadata<'_>| {
        let texts = [
            Some(callsite.target()),
            callsite.file(),
            Some(callsite.name()),
        ];
        texts.into_iter().flatten().any(|text| text.contains(part))
    };
    let known: Vec<&Metadata<'_>> = locked()
        .iter()
        .flat_map(HashMap::values)
        .copied()
        .filter(|callsite| has(callsite))
        .collect();
    let mut callsites: Vec<Callsite> = known.into_iter().map(Callsite::of).collect();
    callsites.sort_by(|one, other| {
        let key = |callsite: &Callsite| (callsite.target.clone(), callsite.directive.clone());
        key(one).cmp(&key(other))
    });
    callsites
}
