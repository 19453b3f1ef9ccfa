//! Lists what expressions may name, for the catalog.

use super::{Known, name_of};
use crate::live::expression::{Kinds, Root};

/// How many fields the catalog lists of one root, and how deep.
const MOST_LISTED: usize = 200;
const DEEPEST_LISTED: usize = 4;

impl Known<'_> {
    /// Tells the values that it may lead to: what an expression calls each, its kinds, and whether
    /// it is a secret.
    pub(crate) fn list(&self, root: Root, tell: &mut dyn FnMut(String, Kinds, bool)) {
        let mut room = MOST_LISTED;
        if self.properties().next().is_none() {
            tell(root.name().to_owned(), self.kinds(), false);
        }
        self.list_below(root.name(), root, 0, &mut room, tell);
    }

    fn list_below(
        &self,
        path: &str,
        root: Root,
        depth: usize,
        room: &mut usize,
        tell: &mut dyn FnMut(String, Kinds, bool),
    ) {
        for (name, schema) in self.properties() {
            if *room == 0 || depth == DEEPEST_LISTED {
                return;
            }
            *room -= 1;
            let plain = name
                .chars()
                .all(|it| it.is_ascii_alphanumeric() || it == '_');
            let path = match plain {
                true => format!("{path}.{name}"),
                false => format!("{path}[\"{name}\"]"),
            };
            let secrecy = &self.vocabulary.secrecy;
            let by_name = match root {
                Root::Path | Root::Query | Root::Body | Root::Dependency => {
                    self.vocabulary.hides(&name_of(name, Some(schema)))
                }
                Root::Header => secrecy.hides_header(name),
                _ => false,
            };
            let secret = by_name || self.vocabulary.is_secret(schema);
            let known = self.vocabulary.known([schema]);
            tell(path.clone(), known.kinds(), secret);
            if !secret {
                known.list_below(&path, root, depth + 1, room, tell);
                let items = known.items();
                if !items.schemas.is_empty() {
                    let path = format!("{path}[0]");
                    items.list_below(&path, root, depth + 1, room, tell);
                }
            }
        }
    }
}
