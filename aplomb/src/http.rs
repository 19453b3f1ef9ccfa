//! Requests, responses and what they are made of.

mod after;
mod body;
mod content;
mod cookie;
mod head;
mod length;
mod peer;
mod proxies;
mod query;
mod request;
mod response;
mod status;

pub use ::http::{Extensions, HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header};
pub(crate) use after::After;
pub use body::{Body, BodyError, BoxError};
pub use content::{Html, PlainText, Redirect};
pub use cookie::{Cookie, SameSite, parse_cookies};
pub use head::{Head, PathParams, States};
pub use peer::{Client, Peer};
pub use proxies::TrustedProxies;
pub use request::{JsonError, Request};
pub use response::Response;
pub use status::phrase;
