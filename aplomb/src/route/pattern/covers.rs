//! Whether one template takes every path of another.

use super::{Convertor, Part, Pattern};

/// What a path of a template is made of.
#[derive(Clone, Copy)]
enum Piece {
    Letter(char),
    /// Whatever the convertor takes.
    Value(Convertor),
}

impl Pattern {
    /// Whether it is known to match every path that the other matches.
    pub(crate) fn covers(&self, other: &Self) -> bool {
        let mut path = Vec::new();
        for part in &other.parts {
            match part {
                Part::Literal(text) => path.extend(text.chars().map(Piece::Letter)),
                Part::Parameter(_, convertor) => path.push(Piece::Value(*convertor)),
            }
        }
        covers(&self.parts, &path)
    }
}

fn covers(parts: &[Part], mut path: &[Piece]) -> bool {
    let (part, rest) = match parts {
        [] => return path.is_empty(),
        [part, rest @ ..] => (part, rest),
    };
    match part {
        Part::Literal(text) => {
            for letter in text.chars() {
                match path {
                    [Piece::Letter(first), behind @ ..] if *first == letter => path = behind,
                    _ => return false,
                }
            }
            covers(rest, path)
        }
        Part::Parameter(_, convertor) => {
            (0..=path.len()).any(|end| convertor.takes(&path[..end]) && covers(rest, &path[end..]))
        }
    }
}

impl Convertor {
    /// Whether these pieces, whatever their values are, make one of its own.
    fn takes(self, pieces: &[Piece]) -> bool {
        match (self, pieces) {
            (Self::Path, _) => true,
            (_, []) => false,
            (_, [Piece::Value(value)]) if *value == self => true,
            (Self::Segment, _) => pieces.iter().all(|piece| match piece {
                Piece::Letter(letter) => *letter != '/',
                Piece::Value(value) => *value != Self::Path,
            }),
            (Self::Integer | Self::Float, [Piece::Value(value)]) => *value == Self::Integer,
            (Self::Integer | Self::Float | Self::Uuid, _) => {
                let letters = pieces.iter().map(|piece| match piece {
                    Piece::Letter(letter) => Some(*letter),
                    Piece::Value(_) => None,
                });
                let text: Option<String> = letters.collect();
                text.is_some_and(|text| self.longest(&text) == text.len() && self.accepts(&text))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn pattern(template: &str) -> Pattern {
        Pattern::new(template).expect("a template")
    }

    #[test]
    fn a_template_covers_what_is_narrower() {
        for (wide, narrow, covers) in [
            ("/items/{id}", "/items/me", true),
            ("/items/{id}", "/items/{name}", true),
            ("/items/me", "/items/{id}", false),
            ("/items/{id}", "/items/me/x", false),
            ("/items/{id}", "/items/", false),
            ("/items/{id:int}", "/items/me", false),
            ("/items/{id:int}", "/items/7", true),
            ("/items/{id}", "/items/{id:int}", true),
            ("/items/{id:int}", "/items/{id}", false),
            ("/items/{id:float}", "/items/{id:int}", true),
            ("/items/{id:uuid}", "/items/{id:int}", false),
            ("/items/{id}", "/items/{path:path}", false),
            ("/items/{path:path}", "/items/{id}/x", true),
            ("/{path:path}/x", "/items/{id}/x", true),
            ("/v{version}", "/v{major}.{minor}", true),
            ("/v{major}.{minor}", "/v{version}", false),
        ] {
            let found = pattern(wide).covers(&pattern(narrow));
            assert_eq!(found, covers, "{wide} and {narrow}");
        }
    }

    fn template() -> impl Strategy<Value = String> {
        let piece = prop::sample::select(vec![
            "/",
            "a",
            "7",
            "{x}",
            "{x:path}",
            "{x:int}",
            "{x:float}",
            ".",
        ]);
        prop::collection::vec(piece, 0..6).prop_map(|pieces| {
            let named = pieces.iter().enumerate();
            named
                .map(|(number, piece)| piece.replace("{x", &format!("{{x{number}")))
                .collect()
        })
    }

    proptest! {
        #[test]
        fn what_is_covered_is_matched(
            wide in template(),
            narrow in template(),
            paths in prop::collection::vec("[/a7.]{0,6}", 1..40),
        ) {
            let (wide, narrow) = (pattern(&wide), pattern(&narrow));
            if wide.covers(&narrow) {
                for path in paths.iter().filter(|path| narrow.matches(path).is_some()) {
                    prop_assert!(wide.matches(path).is_some(), "{wide}, {narrow} and {path}");
                }
            }
        }
    }
}
