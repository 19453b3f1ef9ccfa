//! Lists and objects: where a long text is cut into pieces, pauses, and goes on.
//!
//! A text that pauses returns from every call that writes it, and goes on by being written anew:
//! lists and objects that were done are left out, those that were not begin where they stopped, and
//! what little stands around them is written again and thrown away. So whoever writes a text need
//! not know that it pauses, and what pauses holds no thread.

use std::cmp::Ordering;
use std::fmt;

use super::{PIECE, Writer};

/// Where in a text the writer is.
#[derive(Clone, Debug, Default)]
pub(super) struct Progress {
    /// How many lists and objects have begun within the item that is being written.
    begun: usize,
    way: Way,
    /// Where the text stopped, by the lists and objects around that place, the innermost first.
    path: Vec<Step>,
    /// How much of the buffer counts when the text has stopped.
    kept: usize,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Way {
    #[default]
    Forward,
    /// The text has paused: nothing more counts, and all calls return.
    Out,
    /// It is to go on: nothing counts yet.
    Back,
    /// It cannot go on, because it was not written as it was before.
    Lost,
}

/// A list or an object that is not done.
#[derive(Clone, Copy, Debug)]
struct Step {
    /// The how manieth it is within the item around it.
    number: usize,
    /// How many of its items are done.
    done: usize,
}

/// A text was written otherwise the second time, so that its place in it is lost.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lost;

impl fmt::Display for Lost {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a model in it is not written the same way twice")
    }
}

impl std::error::Error for Lost {}

impl Writer {
    /// Appends items between brackets or braces, with commas.
    #[inline]
    pub(crate) fn items<I: Iterator>(
        &mut self,
        [open, close]: [u8; 2],
        mut items: I,
        mut write: impl FnMut(&mut Self, I::Item),
    ) {
        let number = self.progress.begun;
        let mut done = 0;
        if self.progress.way != Way::Forward {
            match self.find(number) {
                None => return,
                Some(0) => {}
                Some(before) => {
                    done = before;
                    items.nth(before - 1);
                }
            }
        }
        for item in items {
            self.buffer.push(if done == 0 { open } else { b',' });
            self.progress.begun = 0;
            write(self, item);
            done += 1;
            if self.buffer.len() >= self.piece && self.stops(number, done) {
                return;
            }
        }
        if done == 0 {
            self.buffer.push(open);
        }
        self.buffer.push(close);
        self.progress.begun = number + 1;
    }

    /// How many items of a list or an object are done, so that it begins behind them; nothing when
    /// none of it is to be written.
    #[cold]
    fn find(&mut self, number: usize) -> Option<usize> {
        let progress = &mut self.progress;
        if progress.way != Way::Back {
            return None;
        }
        let step = progress.path.last().copied()?;
        match number.cmp(&step.number) {
            Ordering::Less => {
                progress.begun = number + 1;
                None
            }
            Ordering::Equal => {
                progress.path.pop();
                if progress.path.is_empty() {
                    progress.way = Way::Forward;
                    self.buffer.clear();
                }
                Some(step.done)
            }
            Ordering::Greater => {
                progress.way = Way::Lost;
                None
            }
        }
    }

    /// Cuts a piece off behind an item; whether the text stops there.
    #[cold]
    fn stops(&mut self, number: usize, done: usize) -> bool {
        let progress = &mut self.progress;
        match progress.way {
            Way::Forward if self.pieces.len() + 1 < self.most => {
                self.leave_room();
                let next = Vec::with_capacity(PIECE);
                self.pieces.push(std::mem::replace(&mut self.buffer, next));
                return false;
            }
            Way::Forward => {
                progress.way = Way::Out;
                progress.kept = self.buffer.len();
                progress.path.push(Step { number, done });
                self.leave_room();
            }
            // The item is not done: the text stopped in it.
            Way::Out => progress.path.push(Step {
                number,
                done: done - 1,
            }),
            Way::Back | Way::Lost => progress.way = Way::Lost,
        }
        true
    }

    /// Makes the next pieces end earlier, so that items like the last fit the room there is: what
    /// is only just too long would take twice as much.
    fn leave_room(&mut self) {
        let beyond = self.buffer.len().saturating_sub(self.piece);
        self.piece = self.piece.min(PIECE - (2 * beyond).min(PIECE / 2));
    }

    /// Whether the text has paused.
    pub(crate) fn is_paused(&self) -> bool {
        self.progress.way == Way::Out
    }

    /// Takes what is written of a text that has paused, in pieces.
    pub(crate) fn take_pieces(&mut self) -> Vec<Vec<u8>> {
        let mut last = std::mem::take(&mut self.buffer);
        last.truncate(self.progress.kept);
        self.pieces.push(last);
        std::mem::take(&mut self.pieces)
    }

    /// Writes on what has paused, as far as one piece; `write` writes the whole text as before.
    ///
    /// # Errors
    /// [`Lost`] if it is not the same text as before.
    pub(crate) fn resume(&mut self, write: impl FnOnce(&mut Self)) -> Result<Vec<u8>, Lost> {
        self.most = 1;
        self.buffer = Vec::with_capacity(PIECE);
        self.progress.begun = 0;
        self.progress.way = Way::Back;
        write(self);
        match self.progress.way {
            Way::Forward => Ok(std::mem::take(&mut self.buffer)),
            Way::Out => {
                let mut piece = std::mem::take(&mut self.buffer);
                piece.truncate(self.progress.kept);
                Ok(piece)
            }
            Way::Back | Way::Lost => Err(Lost),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;
    use crate::json;
    use crate::json::Value;

    fn pausing(piece: usize) -> Writer {
        Writer {
            piece,
            most: 1,
            ..Writer::default()
        }
    }

    /// The pieces of a text that pauses behind every item that makes one as long as this.
    fn pieces(piece: usize, write: impl Fn(&mut Writer)) -> Vec<String> {
        let mut writer = pausing(piece);
        write(&mut writer);
        if !writer.is_paused() {
            return vec![String::from_utf8(writer.into_bytes()).expect("text")];
        }
        let mut pieces = writer.take_pieces();
        while writer.is_paused() {
            pieces.push(writer.resume(&write).expect("the same text"));
        }
        let text = |piece| String::from_utf8(piece).expect("text");
        pieces.into_iter().map(text).collect()
    }

    fn tree(depth: u64) -> Value {
        let leaves = json!([[], {}, [[1], []], {"a": {}, "b": [true, null]}, "text", 0.5]);
        if depth == 0 {
            return leaves;
        }
        let branches: Vec<Value> = (0..depth).map(tree).collect();
        json!({"before": leaves, "branches": branches, "after": [leaves, 7]})
    }

    #[test]
    fn pauses_change_nothing_of_a_text() {
        let value = tree(4);
        let whole = value.to_string();
        let mut most = 0;
        for piece in 1..300 {
            let pieces = pieces(piece, |writer| writer.value(&value));
            assert_eq!(pieces.concat(), whole, "{piece}");
            most = most.max(pieces.len());
        }
        assert!(most > 100, "{most}");
    }

    #[test]
    fn what_stands_around_lists_is_written_once() {
        let write = |writer: &mut Writer| {
            writer.raw(r#"{"first":"#);
            writer.items(*b"[]", 0..5, |writer, item| writer.unsigned(item));
            writer.raw(r#","text":"x","second":"#);
            writer.items(*b"[]", 0..3, |writer, item| {
                writer.items(*b"[]", 0..item, |writer, item| writer.unsigned(item));
            });
            writer.raw(r#","last":1}"#);
        };
        let whole = r#"{"first":[0,1,2,3,4],"text":"x","second":[[],[0],[0,1]],"last":1}"#;
        for piece in 1..80 {
            assert_eq!(pieces(piece, write).concat(), whole, "{piece}");
        }
    }

    #[test]
    fn another_text_than_before_is_noticed() {
        let times = Cell::new(0);
        let write = |writer: &mut Writer| {
            times.set(times.get() + 1);
            if times.get() == 1 {
                writer.items(*b"[]", 0..1, |writer, _| {
                    writer.items(*b"[]", 0..9, |writer, item| writer.unsigned(item));
                });
            } else {
                writer.items(*b"[]", 0..9, |writer, item| writer.unsigned(item));
            }
        };
        let mut writer = pausing(4);
        write(&mut writer);
        assert!(writer.is_paused());
        assert!(writer.resume(write).is_err());
        assert!(!writer.is_paused());
    }
}
