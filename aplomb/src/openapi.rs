//! The OpenAPI 3.1 document and its pages.
//!
//! An application answers its document at `/openapi.json`, Swagger UI at `/docs` and ReDoc at
//! `/redoc`. With the feature `docs-ui`, which is on by default, the pages load nothing from
//! other hosts: the build takes Swagger UI 5 (Apache-2.0) and ReDoc 2 (MIT) out of two build
//! dependencies and puts them into the binary. Files of the same names in the folder that
//! `APLOMB_DOCS_UI_DIR` names at build time take their place. Without the feature the pages load
//! both from a CDN, as FastAPI's do.

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
pub use pages::{Redoc, SwaggerUi, swagger_ui_oauth2_redirect_html};
pub(crate) use pages::{page_names, pages};
pub use schemas::{Mode, Schemas, Settled};
pub(crate) use standalone::standalone;
