//! Who sends a key or a token, by the schemes that hand on what was sent: required, described and
//! left out at will.

use aplomb::prelude::*;
use aplomb::security::{ApiKeyCookie, ApiKeyHeader, ApiKeyQuery, OpenIdConnect, Optional};

#[derive(Model)]
struct User {
    username: String,
}

/// Apps that ask for credentials.
macro_rules! required {
    ($($name:ident: $scheme:ty = $make:expr;)*) => {$(
        pub mod $name {
            use super::*;

            #[security]
            fn scheme() -> $scheme {
                $make
            }

            #[dependency]
            async fn get_current_user(oauth_header: Depends<scheme>) -> User {
                User {
                    username: oauth_header.to_string(),
                }
            }

            #[get("/users/me")]
            async fn read_current_user(current_user: Depends<get_current_user>) -> Value {
                json!(*current_user)
            }

            pub fn app() -> App {
                App::new().routes(routes![read_current_user])
            }
        }
    )*};
}

/// Apps that take credentials where there are any.
macro_rules! optional {
    ($($name:ident: $scheme:ty = $make:expr;)*) => {$(
        pub mod $name {
            use super::*;

            #[security]
            fn scheme() -> Optional<$scheme> {
                $make
            }

            #[dependency]
            async fn get_current_user(oauth_header: Depends<scheme>) -> Option<User> {
                let username = oauth_header.as_ref().cloned();
                username.map(|username| User { username })
            }

            #[get("/users/me")]
            async fn read_current_user(current_user: Depends<get_current_user>) -> Value {
                match &*current_user {
                    None => json!({"msg": "Create an account first"}),
                    Some(user) => json!(user),
                }
            }

            pub fn app() -> App {
                App::new().routes(routes![read_current_user])
            }
        }
    )*};
}

required! {
    api_key_cookie: ApiKeyCookie = ApiKeyCookie::new("key");
    api_key_cookie_description: ApiKeyCookie = ApiKeyCookie::new("key").description("An API Cookie Key");
    api_key_header: ApiKeyHeader = ApiKeyHeader::new("key");
    api_key_header_description: ApiKeyHeader = ApiKeyHeader::new("key").description("An API Key Header");
    api_key_query: ApiKeyQuery = ApiKeyQuery::new("key");
    api_key_query_description: ApiKeyQuery = ApiKeyQuery::new("key").description("API Key Query");
    openid_connect: OpenIdConnect = OpenIdConnect::new("/openid");
    openid_connect_description: OpenIdConnect = OpenIdConnect::new("/openid").description("OpenIdConnect security scheme");
}

optional! {
    api_key_cookie_optional: ApiKeyCookie = ApiKeyCookie::new("key").optional();
    api_key_header_optional: ApiKeyHeader = ApiKeyHeader::new("key").optional();
    api_key_query_optional: ApiKeyQuery = ApiKeyQuery::new("key").optional();
    openid_connect_optional: OpenIdConnect = OpenIdConnect::new("/openid").optional();
}
