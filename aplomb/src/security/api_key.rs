//! [`ApiKeyHeader`], [`ApiKeyQuery`], [`ApiKeyCookie`]: a key in a place of the request.

use super::about::{About, tell_about};
use super::{SecurityScheme, given, object};
use crate::error::{HttpException, Result};
use crate::http::Request;
use crate::json::Object;

macro_rules! api_keys {
    ($($(#[$doc:meta])* $name:ident $class:literal $place:literal $find:ident;)*) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Debug)]
            pub struct $name {
                key: String,
                about: About,
            }

            impl $name {
                /// A key under this name.
                pub fn new(name: impl Into<String>) -> Self {
                    Self {
                        key: name.into(),
                        about: About::new($class),
                    }
                }
            }

            tell_about!($name);

            impl SecurityScheme for $name {
                type Credentials = String;

                fn name(&self) -> &str {
                    &self.about.name
                }

                fn object(&self) -> Object {
                    object([
                        ("type", given("apiKey")),
                        ("description", self.about.shown()),
                        ("in", given($place)),
                        ("name", given(self.key.as_str())),
                    ])
                }

                fn find(&self, request: &Request) -> Result<Option<String>> {
                    let key = request.$find(&self.key).filter(|key| !key.is_empty());
                    Ok(key.map(|key| key.to_string()))
                }

                fn challenge(&self) -> HttpException {
                    self.about.challenge("APIKey")
                }
            }
        )*
    };
}

api_keys! {
    /// A key in a header; an empty one is none.
    ///
    /// ```
    /// use aplomb::{App, Depends, get, routes, security};
    /// use aplomb::security::ApiKeyHeader;
    /// use aplomb::testing::TestClient;
    ///
    /// #[security]
    /// fn api_key() -> ApiKeyHeader {
    ///     ApiKeyHeader::new("x-key")
    /// }
    ///
    /// #[get("/")]
    /// async fn read(key: Depends<api_key>) -> String {
    ///     key.to_string()
    /// }
    ///
    /// let client = TestClient::new(App::new().routes(routes![read]));
    /// client.get("/").send().assert_status(401).assert_header("www-authenticate", "APIKey");
    /// client.get("/").header("x-key", "secret").send().assert_json(200, "secret");
    /// ```
    ApiKeyHeader "APIKeyHeader" "header" header;
    /// A key in the query; an empty one is none. See [`ApiKeyHeader`].
    ApiKeyQuery "APIKeyQuery" "query" query;
    /// A key in a cookie; an empty one is none. See [`ApiKeyHeader`].
    ApiKeyCookie "APIKeyCookie" "cookie" cookie;
}
