//! [`Current`]: the request that a thread works for.

use std::cell::Cell;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use super::Record;
use crate::http::Request;

thread_local! {
    /// The request whose operation this thread polls, or what stands around that.
    static CURRENT: Cell<Option<Current>> = const { Cell::new(None) };
}

/// The request that a thread works for.
#[derive(Clone)]
pub(crate) struct Current {
    pub(crate) record: Arc<Record>,
    /// The request itself, where live probes look at it.
    pub(crate) watched: Option<Request>,
}

impl Current {
    pub(crate) fn of(request: &Request) -> Self {
        let record = Arc::clone(request.record());
        let watched = record.seen().map(|_| request.clone());
        Self { record, watched }
    }

    /// The request that this thread works for, if it polls the operation of one.
    pub(crate) fn here() -> Option<Self> {
        let here = CURRENT.try_with(|current| {
            let here = current.take();
            current.set(here.clone());
            here
        });
        here.ok().flatten()
    }

    /// A function of the request that this thread works for: who calls it works for the same.
    pub(crate) fn during<T>(call: impl FnOnce() -> T) -> impl FnOnce() -> T {
        let mut here = Self::here();
        move || {
            let _turn = Turn::new(&mut here);
            call()
        }
    }

    /// An operation of the request: who polls it works for this request meanwhile.
    pub(crate) fn within<F>(self, operation: F) -> Within<F> {
        Within {
            request: Some(self),
            operation,
        }
    }
}

/// An operation of a request.
pub(crate) struct Within<F> {
    /// While it is polled, the request that the thread worked for before.
    request: Option<Current>,
    operation: F,
}

impl<F: Future + Unpin> Future for Within<F> {
    type Output = F::Output;

    #[inline]
    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let Self { request, operation } = &mut *self;
        let _turn = Turn::new(request);
        Pin::new(operation).poll(context)
    }
}

/// The time in which a thread works for a request; a panic ends it as well.
struct Turn<'a>(&'a mut Option<Current>);

impl<'a> Turn<'a> {
    #[inline]
    fn new(request: &'a mut Option<Current>) -> Self {
        let mut turn = Self(request);
        turn.swap();
        turn
    }

    #[inline]
    fn swap(&mut self) {
        // A thread that ends works for nobody.
        let _ = CURRENT.try_with(|current| *self.0 = current.replace(self.0.take()));
    }
}

impl Drop for Turn<'_> {
    #[inline]
    fn drop(&mut self) {
        self.swap();
    }
}

#[cfg(test)]
mod tests {
    use std::future::ready;
    use std::pin::pin;

    use http::{Method, Uri};

    use super::*;

    fn request(path: &'static str) -> Current {
        let record = Record::new(&Method::GET, &Uri::from_static(path));
        Current {
            record: Arc::new(record),
            watched: None,
        }
    }

    fn here() -> Option<String> {
        let here = Current::here();
        here.map(|here| here.record.target().to_owned())
    }

    fn poll<F: Future>(operation: F) -> Poll<F::Output> {
        let mut context = Context::from_waker(std::task::Waker::noop());
        pin!(operation).poll(&mut context)
    }

    #[test]
    fn a_thread_works_for_the_request_it_polls_and_for_the_one_before_afterwards() {
        let inner = Box::pin(async { here() });
        let inner = request("/inner").within(inner);
        let outer = Box::pin(async { (here(), inner.await, here(), ready(()).await) });
        let Poll::Ready((before, within, after, ())) = poll(request("/outer").within(outer)) else {
            panic!("nothing to wait for");
        };
        assert_eq!(before.as_deref(), Some("/outer"));
        assert_eq!(within.as_deref(), Some("/inner"));
        assert_eq!(after.as_deref(), Some("/outer"));
        assert_eq!(here(), None);
    }

    #[test]
    fn a_function_works_for_the_request_on_another_thread() {
        let operation = Box::pin(async {
            let called = std::thread::spawn(Current::during(here));
            called.join().expect("an end")
        });
        let operation = request("/blocking").within(operation);
        assert_eq!(poll(operation), Poll::Ready(Some("/blocking".to_owned())));
    }

    #[test]
    fn a_panic_ends_the_work_too() {
        let operation = Box::pin(async { panic!("in the operation") });
        let operation = request("/").within(operation);
        let caught = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            let _: Poll<()> = poll(operation);
        }));
        assert!(caught.is_err());
        assert_eq!(here(), None);
    }
}
