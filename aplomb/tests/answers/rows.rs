//! Rows that are counted as long as they live.

#![allow(dead_code, reason = "every test file uses the part it needs")]

use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::SeqCst;

use aplomb::prelude::*;

/// More rows than the sockets between two ends hold: 30 MB.
pub(crate) const MANY: u64 = 30_000;

/// What a row costs on the wire, with its comma, give or take the digits of its number.
const ROW: usize = 1020;

/// How many rows live.
#[derive(Clone, Debug, Default)]
pub(crate) struct Living(Arc<AtomicUsize>);

impl Living {
    pub(crate) fn count(&self) -> usize {
        self.0.load(SeqCst)
    }

    pub(crate) fn row(&self, id: u64) -> Row {
        self.0.fetch_add(1, SeqCst);
        Row {
            text: "x".repeat(1000),
            held: Held {
                id,
                living: Some(self.clone()),
            },
        }
    }
}

/// A row that cannot be written when its number is the last of all.
#[derive(Debug, Model)]
#[model(computed(id: u64 = Self::id), serde = false)]
pub(crate) struct Row {
    text: String,
    #[field(skip)]
    held: Held,
}

impl Row {
    fn id(&self) -> u64 {
        assert_ne!(self.held.id, u64::MAX, "on purpose");
        self.held.id
    }
}

#[derive(Debug, Default)]
struct Held {
    id: u64,
    living: Option<Living>,
}

impl Drop for Held {
    fn drop(&mut self) {
        if let Some(living) = &self.living {
            living.0.fetch_sub(1, SeqCst);
        }
    }
}

/// The body of an answer in chunks; nothing if it was cut.
pub(crate) fn unchunked(body: &str) -> Option<String> {
    let (mut rest, mut whole) = (body, String::new());
    loop {
        let (length, chunk) = rest.split_once("\r\n")?;
        let length = usize::from_str_radix(length, 16).ok()?;
        if length == 0 {
            return Some(whole);
        }
        whole.push_str(chunk.get(..length)?);
        rest = chunk.get(length + 2..)?;
    }
}

/// Checks that these are all the rows there should be, in order.
pub(crate) fn assert_rows(text: &str, count: u64) {
    let rows: Vec<serde_json::Value> = serde_json::from_str(text).expect("rows");
    assert_eq!(rows.len() as u64, count);
    assert!(rows.iter().zip(0..).all(|(row, id)| row["id"] == id));
    assert!(text.len() > ROW * rows.len());
}
