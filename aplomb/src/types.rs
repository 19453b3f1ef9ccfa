//! The crates whose types stand in models, in the versions that this one knows.
//!
//! A service that takes them from here needs no line for them in its `Cargo.toml`, and none that
//! could name another version, whose types are no [`Model`](crate::Model). One that needs a feature
//! which is off here, such as the `macros` of `rust_decimal`, adds the crate with that feature:
//! cargo builds it once for both, as long as the versions agree.
//!
//! ```
//! use aplomb::prelude::*;
//! use aplomb::types::chrono::NaiveDate;
//! use aplomb::types::indexmap::IndexMap;
//! use aplomb::types::rust_decimal::Decimal;
//! use aplomb::types::url::Url;
//! use aplomb::types::uuid::Uuid;
//!
//! #[derive(Model)]
//! struct Order {
//!     #[field(default_with = Uuid::new_v4)]
//!     id: Uuid,
//!     due: NaiveDate,
//!     total: Decimal,
//!     webhook: Option<Url>,
//!     counts: IndexMap<String, u32>,
//! }
//!
//! let order = Order::from_value(&json!({
//!     "due": "2026-12-24", "total": "9.50", "counts": {"fork": 2},
//! }));
//! assert_eq!(order.map(|order| order.total.to_string()).unwrap_or_default(), "9.50");
//! ```
//!
//! Types of this crate's own, such as [`Email`](crate::model::Email) and
//! [`Datetime`](crate::model::Datetime), are in [`model`](crate::model).

pub use {bytes, chrono, indexmap, rust_decimal, url, uuid};
