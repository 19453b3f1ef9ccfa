//! A long text in pieces, counted as long as it waits for its reader.

use std::collections::VecDeque;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use tokio::time::{Instant, sleep};

use crate::error::{HttpException, Result};

/// The bytes of all long answers that wait for their readers.
static WAITING: AtomicUsize = AtomicUsize::new(0);
/// How many there may be before the next long answer waits to be made.
static BUDGET: AtomicUsize = AtomicUsize::new(usize::MAX);

/// How often it is looked whether there is room, and for how long.
const LOOK: Duration = Duration::from_millis(5);
pub(crate) const PATIENCE: Duration = Duration::from_secs(5);

/// Sets how many bytes of long answers may wait for their readers, in this process.
pub(crate) fn set_budget(bytes: usize) {
    BUDGET.store(bytes, Relaxed);
}

/// Waits until long answers may be made again.
///
/// # Errors
/// 503, when there is no room for a while.
pub(crate) async fn room() -> Result<()> {
    let begin = Instant::now();
    while WAITING.load(Relaxed) > BUDGET.load(Relaxed) {
        if begin.elapsed() > PATIENCE {
            tracing::warn!("refused to make a long answer: too many wait for slow readers");
            let busy = HttpException::new(503, "Too many long answers wait for their readers");
            return Err(busy.header("retry-after", "5").into());
        }
        sleep(LOOK).await;
    }
    Ok(())
}

/// A long text in pieces.
pub(super) struct Pieces {
    pieces: VecDeque<Bytes>,
    left: usize,
}

/// A piece, uncounted when the last hold on it goes.
struct Counted {
    piece: Vec<u8>,
    among: &'static AtomicUsize,
}

impl AsRef<[u8]> for Counted {
    fn as_ref(&self) -> &[u8] {
        &self.piece
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.among.fetch_sub(self.piece.capacity(), Relaxed);
    }
}

impl Pieces {
    pub(super) fn new(pieces: Vec<Vec<u8>>) -> Self {
        Self::counted(pieces, &WAITING)
    }

    fn counted(pieces: Vec<Vec<u8>>, among: &'static AtomicUsize) -> Self {
        let left = pieces.iter().map(Vec::len).sum();
        let counted = |piece: Vec<u8>| {
            among.fetch_add(piece.capacity(), Relaxed);
            Bytes::from_owner(Counted { piece, among })
        };
        let pieces = pieces.into_iter().map(counted).collect();
        Self { pieces, left }
    }

    /// How many bytes are left.
    pub(super) fn left(&self) -> usize {
        self.left
    }

    /// The next piece.
    pub(super) fn next(&mut self) -> Option<Bytes> {
        let piece = self.pieces.pop_front()?;
        self.left -= piece.len();
        Some(piece)
    }

    /// All that is left, as one.
    pub(super) fn join(self) -> Bytes {
        let mut joined = BytesMut::with_capacity(self.left);
        for piece in self.pieces {
            joined.extend_from_slice(&piece);
        }
        joined.freeze()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_piece_counts_until_its_last_hold_goes() {
        static AMONG: AtomicUsize = AtomicUsize::new(0);
        let waiting = || AMONG.load(Relaxed);
        let mut pieces = Pieces::counted(vec![vec![1; 500], vec![2; 700]], &AMONG);
        assert_eq!((waiting(), pieces.left()), (1200, 1200));
        let first = pieces.next().expect("a piece");
        assert_eq!((first.len(), pieces.left()), (500, 700));
        let tail = first.slice(499..);
        drop(first);
        assert_eq!(waiting(), 1200);
        drop(tail);
        assert_eq!(waiting(), 700);
        assert_eq!(pieces.join(), vec![2; 700]);
        assert_eq!(waiting(), 0);
    }
}
