//! One route as it is served: flattened, checked, bound to overrides.

use std::sync::Arc;

use super::RequestLimits;
use crate::admission::Admission;
use crate::depends::Plan;
use crate::live::{Tally, WatchCell};
use crate::middleware::Next;
use crate::operation::{BodyShape, Operation, ResponseSettings};
use crate::serve::lane::RouteLane;

/// One route as it is served.
#[derive(Debug)]
pub(crate) struct Endpoint {
    pub(crate) operation: Operation,
    /// The path template with the prefixes of its routers.
    pub(crate) path: Arc<str>,
    pub(crate) lane: Arc<RouteLane>,
    pub(crate) admission: Admission,
    pub(crate) settings: Arc<ResponseSettings>,
    pub(crate) plan: Plan,
    pub(crate) body: BodyShape,
    /// Whether the body is a form.
    pub(crate) form: bool,
    /// The names of the files whose content is wanted, and not a handle on them.
    pub(crate) file_contents: Vec<&'static str>,
    pub(crate) limits: RequestLimits,
    pub(crate) strict_content_type: bool,
    /// The live probes that look at it.
    pub(crate) live: WatchCell,
    /// How often the points were passed that the metrics do not tell of.
    pub(crate) tally: Tally,
    /// The outermost of what stands around the handler.
    pub(crate) middleware: Option<Next>,
}
