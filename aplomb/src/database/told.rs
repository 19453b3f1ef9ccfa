//! What sqlx does for a call, told as it goes on.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;
use sqlx::{Either, Result};
use tracing::Instrument as _;

use super::Call;

impl Call {
    /// A call that ends with one answer.
    pub(super) async fn answer<T>(mut self, asked: impl Future<Output = Result<T>>) -> Result<T> {
        self.answer_within(asked).await
    }

    /// The same while it goes on.
    async fn answer_within<T>(&mut self, asked: impl Future<Output = Result<T>>) -> Result<T> {
        // Unless it comes to an end.
        self.fail();
        let answer = asked.instrument(self.span().clone()).await;
        if answer.is_ok() {
            self.succeed();
        }
        answer
    }

    /// A call of which one row is wanted.
    pub(super) async fn row<T>(
        mut self,
        asked: impl Future<Output = Result<Option<T>>>,
    ) -> Result<Option<T>> {
        let row = self.answer_within(asked).await?;
        self.rows(u64::from(row.is_some()));
        Ok(row)
    }

    /// A call that gives rows, one after the other.
    pub(super) fn steps<S>(mut self, steps: S) -> Told<S> {
        // Unless something comes of it.
        self.fail();
        Told {
            call: Some(self),
            steps,
        }
    }
}

/// What a call gives. It ends with the last step, and also when nobody wants more.
pub(super) struct Told<S> {
    call: Option<Call>,
    steps: S,
}

impl<S, D, R> Stream for Told<S>
where
    S: Stream<Item = Result<Either<D, R>>> + Unpin,
{
    type Item = S::Item;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<S::Item>> {
        let Self { call, steps } = &mut *self;
        let entered = call.as_ref().map(|call| call.span().clone().entered());
        let step = ready!(Pin::new(steps).poll_next(context));
        drop(entered);
        match (&step, &mut *call) {
            (Some(Ok(step)), Some(call)) => {
                call.succeed();
                call.rows(u64::from(matches!(step, Either::Right(_))));
            }
            (Some(Err(_)), Some(call)) => call.fail(),
            (None, _) => {
                call.iter_mut().for_each(Call::succeed);
                drop(call.take());
            }
            (_, None) => {}
        }
        Poll::Ready(step)
    }
}
