//! [`generate`]: a stream from code that sends its items, as Python's generators yield them.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;
use tokio::sync::mpsc::{Receiver, Sender, channel};

use crate::error::Result;

/// A stream of the items that a function sends: what `yield` is in Python.
///
/// The function runs while the stream is read, no further than the reader takes items, and no
/// longer: when a client leaves, it is dropped at the `await` where it stands.
///
/// ```
/// use aplomb::prelude::*;
/// use aplomb::testing::TestClient;
///
/// #[get("/count/{to}")]
/// async fn count(to: u32) -> impl Stream<Item = u32> {
///     generate(async move |numbers| {
///         for number in 1..=to {
///             numbers.send(number).await;
///         }
///     })
/// }
///
/// let answer = TestClient::new(App::new().routes(routes![count])).get("/count/3").send();
/// assert_eq!(answer.text(), "1\n2\n3\n");
/// ```
pub fn generate<T, F, R>(function: F) -> impl Stream<Item = T> + Send
where
    T: Send + 'static,
    F: FnOnce(Output<T>) -> R,
    R: Future<Output = ()> + Send + 'static,
{
    let (sender, items) = channel(1);
    Generated {
        running: Some(Box::pin(function(Output { items: sender }))),
        items,
    }
}

/// The same for a function that may fail: its error is the last item, which breaks the connection.
///
/// ```
/// use aplomb::prelude::*;
/// # async fn next_row() -> Result<Option<String>> { Ok(None) }
///
/// #[get("/rows")]
/// async fn rows() -> impl Stream<Item = Result<String>> {
///     try_generate(async move |rows| {
///         while let Some(row) = next_row().await? {
///             rows.send(Ok(row)).await;
///         }
///         Ok(())
///     })
/// }
/// ```
pub fn try_generate<T, F, R>(function: F) -> impl Stream<Item = Result<T>> + Send
where
    T: Send + 'static,
    F: FnOnce(Output<Result<T>>) -> R + Send + 'static,
    R: Future<Output = Result<()>> + Send + 'static,
{
    generate(|output: Output<Result<T>>| {
        let last = Output {
            items: output.items.clone(),
        };
        let running = function(output);
        async move {
            if let Err(error) = running.await {
                last.send(Err(error)).await;
            }
        }
    })
}

/// Where the function of [`generate`] sends items.
pub struct Output<T> {
    items: Sender<T>,
}

impl<T> Output<T> {
    /// Sends an item, once the one before has been taken.
    ///
    /// When nobody reads the stream any more, this never returns; the function is dropped then,
    /// unless it has been moved to a task of its own.
    pub async fn send(&self, item: T) {
        if self.items.send(item).await.is_err() {
            std::future::pending::<()>().await;
        }
    }

    /// Whether nobody reads the stream any more.
    pub fn is_closed(&self) -> bool {
        self.items.is_closed()
    }
}

impl<T> fmt::Debug for Output<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Output")
    }
}

struct Generated<T, R> {
    running: Option<Pin<Box<R>>>,
    items: Receiver<T>,
}

impl<T, R: Future<Output = ()>> Stream for Generated<T, R> {
    type Item = T;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<T>> {
        let this = self.get_mut();
        if let Poll::Ready(Some(item)) = this.items.poll_recv(context) {
            return Poll::Ready(Some(item));
        }
        if let Some(running) = &mut this.running
            && running.as_mut().poll(context).is_ready()
        {
            this.running = None;
        }
        this.items.poll_recv(context)
    }
}
