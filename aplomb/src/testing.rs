//! Tests of a service without a port: [`TestClient`] and [`AsyncTestClient`].

mod asynchronous;
mod client;
mod cookies;
mod exchange;
mod form;
mod request;
mod response;
mod url;
mod websocket;

pub use asynchronous::AsyncTestClient;
pub use client::TestClient;
pub(crate) use exchange::Unhandled;
pub use request::TestRequest;
pub use response::TestResponse;
pub use websocket::{TestWebSocket, WebSocketRefusal, WebSocketRequest};

/// The methods that both clients have: one for each HTTP method, and what holds for all requests.
macro_rules! shared_methods {
    () => {
        /// A GET request of a path or URL.
        pub fn get(&self, url: &str) -> TestRequest<'_, Self> {
            self.request("GET", url)
        }

        /// A POST request of a path or URL.
        pub fn post(&self, url: &str) -> TestRequest<'_, Self> {
            self.request("POST", url)
        }

        /// A PUT request of a path or URL.
        pub fn put(&self, url: &str) -> TestRequest<'_, Self> {
            self.request("PUT", url)
        }

        /// A PATCH request of a path or URL.
        pub fn patch(&self, url: &str) -> TestRequest<'_, Self> {
            self.request("PATCH", url)
        }

        /// A DELETE request of a path or URL.
        pub fn delete(&self, url: &str) -> TestRequest<'_, Self> {
            self.request("DELETE", url)
        }

        /// A HEAD request of a path or URL.
        pub fn head(&self, url: &str) -> TestRequest<'_, Self> {
            self.request("HEAD", url)
        }

        /// An OPTIONS request of a path or URL.
        pub fn options(&self, url: &str) -> TestRequest<'_, Self> {
            self.request("OPTIONS", url)
        }

        /// A request of any method.
        #[track_caller]
        pub fn request(&self, method: &str, url: &str) -> TestRequest<'_, Self> {
            TestRequest::new(self, method, url, self.exchange.defaults())
        }

        /// A WebSocket at a path or URL.
        #[track_caller]
        pub fn websocket(&self, url: &str) -> WebSocketRequest<'_, Self> {
            WebSocketRequest::new(self.request("GET", url))
        }

        /// Whether redirects are followed; they are unless said otherwise.
        #[must_use]
        pub fn follow_redirects(mut self, follow: bool) -> Self {
            self.exchange.settings.follow_redirects = follow;
            self
        }

        /// Whether errors that nobody handles and panics fail the test, as they do unless said
        /// otherwise; else they are answered with 500, as a server does.
        #[must_use]
        pub fn raise_server_exceptions(mut self, raise: bool) -> Self {
            self.exchange.settings.raise = raise;
            self
        }

        /// Sends this header with every request.
        #[must_use]
        #[track_caller]
        pub fn default_header(mut self, name: &str, value: &str) -> Self {
            self.exchange.settings.add_header(name, value);
            self
        }

        /// Where paths are asked for, `http://testserver` unless said otherwise.
        #[must_use]
        #[track_caller]
        pub fn base_url(mut self, url: &str) -> Self {
            self.exchange.settings.base = url::Address::absolute(url);
            self
        }

        /// Where requests come from, `testclient:50000` unless said otherwise.
        #[must_use]
        pub fn client(mut self, host: &str, port: u16) -> Self {
            self.exchange.settings.client = (host.to_owned(), port);
            self
        }

        /// Gives the client a cookie, as if an answer had.
        pub fn set_cookie(&self, name: &str, value: &str) {
            self.exchange.cookies().set(name, value);
        }

        /// The value of a cookie the client has.
        pub fn cookie(&self, name: &str) -> Option<String> {
            self.exchange.cookies().get(name)
        }

        /// Takes all cookies away from the client.
        pub fn clear_cookies(&self) {
            self.exchange.cookies().clear();
        }
    };
}
use shared_methods;
