//! The items of an iterator that may block, as a stream.

use std::panic::resume_unwind;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;
use tokio::sync::mpsc::{Receiver, channel, error::TrySendError};
use tokio::task::{JoinHandle, spawn_blocking};

use crate::error::{HttpException, Result};

/// How many items wait for a client that reads slowly.
const WAITING: usize = 16;

/// The items of an iterator that may block.
///
/// It runs on a thread for such work, which it leaves whenever enough items wait, so that slow
/// clients hold no threads.
pub(super) struct Blocking<I: Iterator> {
    state: State<I>,
}

enum State<I: Iterator> {
    Resting(I),
    Running(Receiver<I::Item>, JoinHandle<Option<(I, I::Item)>>),
    Over,
}

impl<I: Iterator> Blocking<I> {
    pub(super) fn new(iterator: I) -> Self {
        Self {
            state: State::Resting(iterator),
        }
    }
}

impl<I: Iterator> Unpin for Blocking<I> {}

impl<I> Stream for Blocking<I>
where
    I: Iterator<Item: Send + 'static> + Send + 'static,
{
    type Item = Result<I::Item>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            match &mut self.state {
                State::Over => return Poll::Ready(None),
                State::Running(items, running) => {
                    if let Some(item) = ready!(items.poll_recv(context)) {
                        return Poll::Ready(Some(Ok(item)));
                    }
                    // Nothing waits any more, so the thread has been left.
                    let left = ready!(Pin::new(running).poll(context));
                    self.state = State::Over;
                    match left {
                        Ok(Some((iterator, item))) => {
                            self.state = State::Resting(iterator);
                            return Poll::Ready(Some(Ok(item)));
                        }
                        Ok(None) => return Poll::Ready(None),
                        Err(error) => match error.try_into_panic() {
                            Ok(panic) => resume_unwind(panic),
                            // The runtime is going down: this is not the end of the items.
                            Err(_) => {
                                let stopped = HttpException::status_only(503);
                                return Poll::Ready(Some(Err(stopped.into())));
                            }
                        },
                    }
                }
                State::Resting(_) => {
                    if let State::Resting(iterator) =
                        std::mem::replace(&mut self.state, State::Over)
                    {
                        let (sender, items) = channel(WAITING);
                        let running = spawn_blocking(move || run(iterator, &sender));
                        self.state = State::Running(items, running);
                    }
                }
            }
        }
    }
}

/// Takes items until enough wait: the iterator, and the item that found no room; nothing at the
/// end, or when nobody wants more.
fn run<I: Iterator>(
    mut iterator: I,
    items: &tokio::sync::mpsc::Sender<I::Item>,
) -> Option<(I, I::Item)> {
    loop {
        match items.try_send(iterator.next()?) {
            Ok(()) => {}
            Err(TrySendError::Full(item)) => return Some((iterator, item)),
            Err(TrySendError::Closed(_)) => return None,
        }
    }
}
