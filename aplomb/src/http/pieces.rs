//! A long text in pieces, counted as long as it waits for its reader.

use std::collections::VecDeque;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::Relaxed;

use bytes::{Bytes, BytesMut};

/// The bytes of all long answers that wait for their readers.
static WAITING: AtomicUsize = AtomicUsize::new(0);

/// A piece that counts among what waits, as long as anybody holds it.
pub(crate) fn counted(piece: Vec<u8>) -> Bytes {
    counted_among(piece, &WAITING)
}

fn counted_among(piece: Vec<u8>, among: &'static AtomicUsize) -> Bytes {
    among.fetch_add(piece.capacity(), Relaxed);
    Bytes::from_owner(Counted { piece, among })
}

/// How many bytes of long answers wait for their readers.
pub(super) fn waiting() -> usize {
    WAITING.load(Relaxed)
}

/// A long text in pieces.
pub(crate) struct Pieces {
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
        pieces
            .into_iter()
            .map(counted)
            .collect::<VecDeque<_>>()
            .into()
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

impl From<VecDeque<Bytes>> for Pieces {
    fn from(pieces: VecDeque<Bytes>) -> Self {
        let left = pieces.iter().map(Bytes::len).sum();
        Self { pieces, left }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_piece_counts_until_its_last_hold_goes() {
        static AMONG: AtomicUsize = AtomicUsize::new(0);
        let waiting = || AMONG.load(Relaxed);
        let pieces = [vec![1; 500], vec![2; 700]];
        let pieces = pieces.map(|piece| counted_among(piece, &AMONG));
        let mut pieces = Pieces::from(VecDeque::from(pieces));
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
