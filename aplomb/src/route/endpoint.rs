//! One route as it is served: flattened, checked, bound to overrides.

use std::sync::Arc;

use crate::depends::Plan;
use crate::operation::{BodyShape, Operation, ResponseSettings};

/// One route as it is served.
#[derive(Debug)]
pub(crate) struct Endpoint {
    pub(crate) operation: Operation,
    pub(crate) settings: Arc<ResponseSettings>,
    pub(crate) plan: Plan,
    pub(crate) body: BodyShape,
    /// Whether the body is a form.
    pub(crate) form: bool,
    pub(crate) strict_content_type: bool,
}
