//! The OpenAPI 3.1 document and its pages.

mod body;
mod declared;
mod document;
mod names;
mod object;
mod operation;
mod pages;
mod parameters;
mod responses;
mod schemas;
mod standalone;
pub(crate) mod title;

pub(crate) use document::DocumentedRoute;
pub(crate) use pages::pages;
pub use pages::{Redoc, SwaggerUi, swagger_ui_oauth2_redirect_html};
pub use schemas::{Mode, Schemas, Settled};
pub(crate) use standalone::standalone;
