//! [`Directive`]: which callsites are meant, and what they give out.

use tracing::Metadata;
use tracing::level_filters::{LevelFilter, STATIC_MAX_LEVEL};

use crate::live::expression::Mistake;

/// The levels, as people write them.
const LEVELS: [(&str, LevelFilter); 6] = [
    ("off", LevelFilter::OFF),
    ("error", LevelFilter::ERROR),
    ("warn", LevelFilter::WARN),
    ("info", LevelFilter::INFO),
    ("debug", LevelFilter::DEBUG),
    ("trace", LevelFilter::TRACE),
];
/// What this library says of probes and levels, which none may silence.
const OWN: &str = "aplomb::live";

/// Which callsites are meant, and what they give out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Directive {
    place: Place,
    level: LevelFilter,
}

/// Which callsites are meant.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Place {
    /// Those of a target and of all below it; all there are where it is empty.
    Target(String),
    /// Those in a line of a file.
    Line(String, u32),
    /// The spans of a name.
    Span(String),
}

impl Directive {
    /// Reads `target=level`, `level`, `file:line` or `span name`.
    ///
    /// # Errors
    /// What is wrong, and where.
    pub(crate) fn read(source: &str) -> Result<Self, Mistake> {
        parse(source).map_err(|mistake| mistake.located(source, 0))
    }

    /// Whether it is about a callsite.
    pub(super) fn concerns(&self, callsite: &Metadata<'_>) -> bool {
        if is_within(callsite.target(), OWN) {
            return false;
        }
        match &self.place {
            Place::Target(target) => is_within(callsite.target(), target),
            Place::Line(file, line) => {
                let ends = |path: &str| {
                    let before = path.strip_suffix(file.as_str());
                    before.is_some_and(|before| before.is_empty() || before.ends_with('/'))
                };
                callsite.line() == Some(*line) && callsite.file().is_some_and(ends)
            }
            Place::Span(name) => callsite.is_span() && callsite.name() == name,
        }
    }

    /// Whether a callsite that it is about gives anything out.
    pub(super) fn allows(&self, callsite: &Metadata<'_>) -> bool {
        *callsite.level() <= self.level
    }

    /// The most verbose level it lets through; of single callsites it is not known before they
    /// have been reached.
    pub(super) fn most(&self) -> LevelFilter {
        self.level
    }

    /// The narrower has the greater.
    pub(super) fn rank(&self) -> usize {
        match &self.place {
            Place::Target(target) => target.len(),
            Place::Span(_) => usize::MAX - 1,
            Place::Line(..) => usize::MAX,
        }
    }

    /// Whether the program was built without what it asks for.
    pub(super) fn is_compiled_out(&self) -> bool {
        matches!(self.place, Place::Target(_)) && self.level > STATIC_MAX_LEVEL
    }
}

/// Whether a target is another one or below it.
fn is_within(target: &str, above: &str) -> bool {
    let rest = target.strip_prefix(above);
    rest.is_some_and(|rest| above.is_empty() || rest.is_empty() || rest.starts_with("::"))
}

fn level_of(word: &str) -> Option<LevelFilter> {
    let known = LEVELS
        .iter()
        .find(|(name, _)| word.eq_ignore_ascii_case(name));
    known.map(|(_, level)| *level)
}

fn parse(source: &str) -> Result<Directive, Mistake> {
    let place_of = |part: &str| {
        let start = part.as_ptr() as usize - source.as_ptr() as usize;
        start..start + part.len()
    };
    if let Some(at) = source.find(',') {
        let message = "there is one directive at a time; set the others too";
        return Err(Mistake::new(message, at..at + 1));
    }
    let (place, level) = match source.rsplit_once('=') {
        Some((place, level)) => (place.trim(), Some(level.trim())),
        None => (source.trim(), None),
    };
    let level = match level {
        None => None,
        Some(word) => Some(level_of(word).ok_or_else(|| {
            let message = format!("no level is called `{word}`; there are {}", names());
            Mistake::new(message, place_of(word))
        })?),
    };
    let unreadable = |part: &str, message: &str| Mistake::new(message, place_of(part));
    if place.is_empty() {
        let message = "a target belongs here, such as `my_crate::orders`";
        return Err(unreadable(place, message));
    }
    if let Some(name) = place.strip_prefix("span ") {
        return Ok(Directive {
            place: Place::Span(name.trim().to_owned()),
            level: level.unwrap_or(LevelFilter::TRACE),
        });
    }
    if let Some(at) = place.find(char::is_whitespace) {
        let rest = place[at..].trim();
        let message = "a directive is `target=level`, a level, `file:line` or `span name`";
        return Err(unreadable(rest, message));
    }
    // A path of modules has no single colon, nor a dot.
    let line = place.rsplit_once(':').filter(|(file, _)| {
        let is_file = !file.is_empty() && !file.ends_with(':');
        is_file && (file.contains(['.', '/']) || !file.contains("::"))
    });
    if let Some((file, line)) = line {
        let number = line
            .parse()
            .map_err(|_| unreadable(line, "the number of a line belongs behind the colon"))?;
        return Ok(Directive {
            place: Place::Line(file.to_owned(), number),
            level: level.unwrap_or(LevelFilter::TRACE),
        });
    }
    match (level, level_of(place)) {
        (None, Some(level)) => Ok(Directive {
            place: Place::Target(String::new()),
            level,
        }),
        (Some(_), _) if is_within(place, OWN) => {
            let message = "what it says of probes and levels stays as it is";
            Err(unreadable(place, message))
        }
        (Some(level), _) => Ok(Directive {
            place: Place::Target(place.to_owned()),
            level,
        }),
        (None, None) => {
            let end = place_of(place).end;
            let message = format!("a level belongs behind it: `{place}=debug`");
            Err(Mistake::new(message, end..end))
        }
    }
}

fn names() -> String {
    LEVELS.map(|(name, _)| name).join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(target: &str, level: LevelFilter) -> Directive {
        Directive {
            place: Place::Target(target.to_owned()),
            level,
        }
    }

    #[test]
    fn directives_are_read() {
        for (source, read) in [
            (
                "shop::orders=debug",
                target("shop::orders", LevelFilter::DEBUG),
            ),
            (" shop = OFF ", target("shop", LevelFilter::OFF)),
            ("trace", target("", LevelFilter::TRACE)),
            ("info=warn", target("info", LevelFilter::WARN)),
        ] {
            assert_eq!(Directive::read(source), Ok(read), "{source}");
        }
        let line = |file: &str, level| Directive {
            place: Place::Line(file.to_owned(), 142),
            level,
        };
        let read = Directive::read("src/orders.rs:142");
        assert_eq!(read, Ok(line("src/orders.rs", LevelFilter::TRACE)));
        let read = Directive::read("orders.rs:142=off");
        assert_eq!(read, Ok(line("orders.rs", LevelFilter::OFF)));
        let read = Directive::read("span check out=off").map(|read| read.place);
        assert_eq!(read, Ok(Place::Span("check out".to_owned())));
    }

    #[test]
    fn mistakes_have_a_place() {
        for (source, at, length, word) in [
            ("shop::orders=debgu", 13, 5, "no level is called `debgu`"),
            ("shop::orders", 12, 0, "a level belongs behind it"),
            ("=debug", 0, 0, "a target belongs here"),
            ("a=debug,b=info", 7, 1, "one directive at a time"),
            ("src/orders.rs:x", 14, 1, "the number of a line"),
            ("é x=debug", 2, 1, "a directive is"),
            ("aplomb::live::audit=off", 0, 19, "stays as it is"),
            ("a=", 2, 0, "no level is called ``"),
        ] {
            let mistake = Directive::read(source).expect_err(source);
            assert!(mistake.message.contains(word), "{source}: {mistake}");
            assert_eq!((mistake.at(), mistake.length()), (at, length), "{source}");
        }
    }

    #[test]
    fn targets_are_whole_names() {
        assert!(is_within("shop::orders", "shop") && is_within("shop", "shop"));
        assert!(is_within("anything", ""));
        assert!(!is_within("shopping", "shop") && !is_within("shop", "shop::orders"));
    }
}
