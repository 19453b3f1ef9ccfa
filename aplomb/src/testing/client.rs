//! [`TestClient`]: calls a service from a plain test.

use std::fmt;
use std::panic::resume_unwind;
use std::thread;

use tokio::runtime::{Builder, Handle, Runtime};

use super::exchange::Exchange;
use super::{AsyncTestClient, TestRequest, TestResponse, WebSocketRequest, shared_methods, url};
use crate::app::{Service, Started};

/// Calls a service in process, without a port, and waits for the answer.
///
/// An answer is there when everything that belongs to its request is done: the body is read,
/// background tasks and clean-up have run. Cookies are kept between requests.
///
/// ```
/// use aplomb::{App, get, json, routes};
/// use aplomb::testing::TestClient;
///
/// #[get("/hello/{name}")]
/// async fn hello(name: String, times: Option<u8>) -> String {
///     format!("Hello, {name}").repeat(times.unwrap_or(1).into())
/// }
///
/// let client = TestClient::new(App::new().routes(routes![hello]));
/// client.get("/hello/Anna").send().assert_json(200, "Hello, Anna");
/// client.get("/hello/Anna").query([("times", 300)]).send().assert_status(422);
/// client.delete("/hello/Anna").send().assert_json(405, json!({"detail": "Method Not Allowed"}));
/// ```
///
/// It also works inside `#[tokio::test]`, where it blocks; [`AsyncTestClient`] does not.
pub struct TestClient {
    pub(super) exchange: Exchange,
    /// There until the client is dropped.
    pub(super) runtime: Option<Runtime>,
    started: Option<Started>,
}

impl TestClient {
    shared_methods!();

    /// A client of an [`App`](crate::App), or of a [`Service`] that is built already.
    ///
    /// # Panics
    /// When the service cannot work; see [`App::build`](crate::App::build).
    #[track_caller]
    pub fn new(service: impl Into<Service>) -> Self {
        let runtime = match Builder::new_current_thread().enable_all().build() {
            Ok(runtime) => runtime,
            Err(error) => panic!("the test client has no runtime: {error}"),
        };
        Self {
            exchange: Exchange::new(service.into()),
            runtime: Some(runtime),
            started: None,
        }
    }

    /// Runs the lifespan functions: up to where they wait now, and to their end when this client
    /// is dropped.
    ///
    /// ```
    /// use aplomb::{App, testing::TestClient};
    ///
    /// let app = App::new().on_startup(|| async {
    ///     println!("ready");
    ///     Ok(())
    /// });
    /// let client = TestClient::new(app).with_lifespan();
    /// ```
    ///
    /// # Panics
    /// When one of them fails.
    #[must_use]
    #[track_caller]
    pub fn with_lifespan(mut self) -> Self {
        match self.wait(self.exchange.service().start()) {
            Ok(started) => self.started = Some(started),
            Err(error) => panic!("the service did not start: {error}"),
        }
        self
    }

    /// A client of the same service, with the same settings and cookies, that does not block.
    pub fn asynchronous(&self) -> AsyncTestClient {
        AsyncTestClient::from_exchange(self.exchange.clone())
    }

    /// Runs a future on the client's own runtime, also from inside another one.
    pub(super) fn wait<F>(&self, future: F) -> F::Output
    where
        F: Future<Output: Send> + Send,
    {
        let Some(runtime) = &self.runtime else {
            unreachable!("the runtime is there until the client is dropped");
        };
        if Handle::try_current().is_err() {
            return runtime.block_on(future);
        }
        thread::scope(
            |scope| match scope.spawn(|| runtime.block_on(future)).join() {
                Ok(output) => output,
                Err(panic) => resume_unwind(panic),
            },
        )
    }
}

impl TestRequest<'_, TestClient> {
    /// Sends the request and waits for the answer.
    ///
    /// # Panics
    /// When the service fails in a way that nobody handles, unless the client is told otherwise
    /// with [`raise_server_exceptions`](TestClient::raise_server_exceptions).
    #[track_caller]
    pub fn send(self) -> TestResponse {
        let (client, message) = self.into_parts();
        match client.wait(client.exchange.send(message)) {
            Ok(response) => response,
            Err(failure) => panic!("{failure}"),
        }
    }
}

impl Drop for TestClient {
    fn drop(&mut self) {
        let stopped = self.started.take().map(|started| self.wait(started.stop()));
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
        if let Some(Err(error)) = stopped
            && !thread::panicking()
        {
            panic!("the service did not stop cleanly: {error}");
        }
    }
}

impl fmt::Debug for TestClient {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("TestClient")
    }
}
