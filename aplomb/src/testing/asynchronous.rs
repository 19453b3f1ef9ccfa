//! [`AsyncTestClient`]: calls a service from an async test.

use std::fmt;

use super::exchange::Exchange;
use super::{TestRequest, TestResponse, WebSocketRequest, shared_methods, url};
use crate::app::{Service, Started};
use crate::error::Result;

/// Calls a service in process, without a port, from inside a runtime.
///
/// It is [`TestClient`](super::TestClient) without the waiting.
///
/// ```
/// use aplomb::{App, get, routes};
/// use aplomb::testing::AsyncTestClient;
///
/// #[get("/")]
/// async fn hello() -> String {
///     "Hello".to_owned()
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let client = AsyncTestClient::new(App::new().routes(routes![hello]));
/// client.get("/").send().await.assert_json(200, "Hello");
/// # }
/// ```
pub struct AsyncTestClient {
    pub(super) exchange: Exchange,
}

impl AsyncTestClient {
    shared_methods!();

    /// A client of an [`App`](crate::App), or of a [`Service`] that is built already.
    ///
    /// # Panics
    /// When the service cannot work; see [`App::build`](crate::App::build).
    #[track_caller]
    pub fn new(service: impl Into<Service>) -> Self {
        Self::from_exchange(Exchange::new(service.into()))
    }

    pub(super) fn from_exchange(exchange: Exchange) -> Self {
        Self { exchange }
    }

    /// Runs the lifespan functions up to where they wait; [`Started::stop`] runs them to their end.
    ///
    /// # Errors
    /// What one of them failed with.
    pub async fn start(&self) -> Result<Started> {
        self.exchange.service().start().await
    }
}

impl TestRequest<'_, AsyncTestClient> {
    /// Sends the request.
    ///
    /// # Panics
    /// When the service fails in a way that nobody handles, unless the client is told otherwise
    /// with [`raise_server_exceptions`](AsyncTestClient::raise_server_exceptions).
    pub async fn send(self) -> TestResponse {
        let (client, message) = self.into_parts();
        match client.exchange.send(message).await {
            Ok(response) => response,
            Err(failure) => panic!("{failure}"),
        }
    }
}

impl fmt::Debug for AsyncTestClient {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("AsyncTestClient")
    }
}
