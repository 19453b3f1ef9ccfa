//! [`Pattern`]: a regular expression as a table.

use std::fmt;

use regex_automata::dfa::{Automaton, StartKind, dense};
use regex_automata::nfa::thompson::{self, WhichCaptures};
use regex_automata::util::syntax;
use regex_automata::{Input, MatchKind};

/// A regular expression as a table: searching takes one step for each byte of a text, whatever the
/// pattern is, and no memory.
pub(crate) struct Pattern(Box<dense::DFA<Vec<u32>>>);

impl Pattern {
    /// How large the table may be, in bytes.
    const TABLE: usize = 64 << 10;
    /// How much memory it may take to make it, in bytes.
    const MADE_IN: usize = 256 << 10;
    /// How deep groups may stand in each other.
    const DEPTH: u32 = 16;

    /// Compiles a pattern, whose classes are those of ASCII.
    ///
    /// # Errors
    /// A sentence about what is wrong with it.
    pub(super) fn new(pattern: &str) -> Result<Self, String> {
        let syntax = syntax::Config::new()
            .unicode(false)
            .utf8(false)
            .nest_limit(Self::DEPTH);
        let thompson = thompson::Config::new()
            .utf8(false)
            .which_captures(WhichCaptures::None)
            .nfa_size_limit(Some(Self::TABLE));
        let table = dense::Config::new()
            .match_kind(MatchKind::LeftmostFirst)
            .start_kind(StartKind::Unanchored)
            .dfa_size_limit(Some(Self::TABLE))
            .determinize_size_limit(Some(Self::MADE_IN));
        syntax::parse_with(pattern, &syntax).map_err(|error| {
            let text = error.to_string();
            let last = text.lines().last().unwrap_or_default();
            let last = last.trim_start_matches("error: ");
            format!("this is no regular expression: {last}")
        })?;
        let built = dense::Builder::new()
            .syntax(syntax)
            .thompson(thompson)
            .configure(table)
            .build(pattern);
        built.map(|table| Self(Box::new(table))).map_err(|_| {
            "this pattern is too large; take fewer or smaller repetitions, or begin it with `^`"
                .to_owned()
        })
    }

    /// Whether it is found in a text.
    pub(super) fn is_in(&self, text: &str) -> bool {
        let input = Input::new(text.as_bytes()).earliest(true);
        // Such a table gives up on no byte.
        matches!(self.0.try_search_fwd(&input), Ok(Some(_)))
    }

    /// How many bytes of memory it takes.
    pub(super) fn weight(&self) -> usize {
        size_of::<dense::DFA<Vec<u32>>>() + self.0.memory_usage()
    }
}

impl fmt::Debug for Pattern {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Pattern of {} bytes", self.weight())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_found_as_everywhere() {
        for (pattern, text, found) in [
            ("^b\\w+ l", "blue lamp", true),
            ("lamp$", "blue lamp", true),
            ("lamp$", "lamps", false),
            ("(?i)BLUE", "a blue one", true),
            ("\\bone\\b", "none of one", true),
            ("\\bone\\b", "none", false),
            ("[0-9]{4}-[0-9]{2}", "on 2024-05", true),
            ("(a|b)*c", "xxababc", true),
            (".", "\n", false),
            ("", "", true),
            ("ä", "bär", true),
        ] {
            let compiled = Pattern::new(pattern).expect(pattern);
            assert_eq!(compiled.is_in(text), found, "{pattern} in {text}");
        }
    }

    #[test]
    fn no_table_is_large() {
        for (pattern, wanted) in [
            ("(a|b).{20}c", "too large"),
            ("(a{200}){200}", "too large"),
            ("(", "no regular expression: unclosed group"),
            ("(?:.*){999999}", "too large"),
            (&"(".repeat(17), "no regular expression"),
        ] {
            let refused = Pattern::new(pattern).expect_err(pattern);
            assert!(refused.contains(wanted), "{pattern}: {refused}");
        }
        for pattern in ["(x+x+)+y{1000}", "(a*)*b", "^[a-z]{100}$", "(?:.*){50}"] {
            let compiled = Pattern::new(pattern).expect(pattern);
            assert!(compiled.weight() < 2 * Pattern::TABLE, "{compiled:?}");
        }
    }
}
