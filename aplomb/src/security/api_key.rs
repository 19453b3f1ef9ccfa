//! [`ApiKeyHeader`], [`ApiKeyQuery`], [`ApiKeyCookie`]: a key in a place of the request.

use super::{Optional, SecurityScheme, given, not_authenticated, object};
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
                scheme_name: String,
                description: Option<String>,
            }

            impl $name {
                /// A key under this name.
                pub fn new(name: impl Into<String>) -> Self {
                    Self {
                        key: name.into(),
                        scheme_name: $class.to_owned(),
                        description: None,
                    }
                }

                /// Names the scheme in the document.
                #[must_use]
                pub fn scheme_name(mut self, name: impl Into<String>) -> Self {
                    self.scheme_name = name.into();
                    self
                }

                /// Says in the document what the scheme is for.
                #[must_use]
                pub fn description(mut self, description: impl Into<String>) -> Self {
                    self.description = Some(description.into());
                    self
                }

                /// Gives nothing, instead of refusing, when there is no key.
                pub fn optional(self) -> Optional<Self> {
                    Optional(self)
                }
            }

            impl SecurityScheme for $name {
                type Credentials = String;

                fn name(&self) -> &str {
                    &self.scheme_name
                }

                fn object(&self) -> Object {
                    object([
                        ("type", given("apiKey")),
                        ("description", self.description.clone().map(Into::into)),
                        ("in", given($place)),
                        ("name", given(self.key.as_str())),
                    ])
                }

                fn find(&self, request: &Request) -> Result<Option<String>> {
                    let key = request.$find(&self.key).filter(|key| !key.is_empty());
                    Ok(key.map(|key| key.to_string()))
                }

                fn challenge(&self) -> HttpException {
                    not_authenticated("APIKey")
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
