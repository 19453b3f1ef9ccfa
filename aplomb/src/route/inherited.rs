//! What routers hand down to their routes.

use std::fmt;
use std::sync::Arc;

use super::{RequestLimits, Route};
use crate::admission::Gate;
use crate::depends::DependencyDefinition;
use crate::json::Object;
use crate::middleware::Layered;
use crate::openapi::Schemas;
use crate::operation::Class;
use crate::serve::Lane;

/// A further answer of a route: its status, and its OpenAPI response object.
pub(crate) type ExtraResponse = (String, ResponseObject);

/// Makes an OpenAPI response object.
#[derive(Clone)]
pub(crate) struct ResponseObject(
    pub(crate) std::sync::Arc<dyn Fn(&mut Schemas) -> Object + Send + Sync>,
);

impl fmt::Debug for ResponseObject {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("ResponseObject")
    }
}

/// What routers hand down to their routes.
#[derive(Clone, Debug)]
pub(crate) struct Inherited {
    pub(crate) tags: Vec<String>,
    pub(crate) dependencies: Vec<DependencyDefinition>,
    pub(crate) responses: Vec<ExtraResponse>,
    pub(crate) deprecated: Option<bool>,
    pub(crate) include_in_schema: bool,
    pub(crate) strict_content_type: Option<bool>,
    pub(crate) generate_unique_id: Option<fn(&Route) -> String>,
    /// What the service may call in turn.
    pub(crate) callbacks: Vec<Route>,
    /// What stands around every handler, innermost first.
    pub(crate) middleware: Vec<Layered>,
    /// What results become, other than JSON.
    pub(crate) response_class: Option<Class>,
    pub(crate) limits: RequestLimits,
    /// Where operations are polled; measured unless it is said.
    pub(crate) lane: Option<Lane>,
    /// What lets so many in at a time, innermost first.
    pub(crate) gates: Vec<Arc<Gate>>,
}

impl Default for Inherited {
    fn default() -> Self {
        Self {
            tags: Vec::new(),
            dependencies: Vec::new(),
            responses: Vec::new(),
            deprecated: None,
            include_in_schema: true,
            strict_content_type: None,
            generate_unique_id: None,
            callbacks: Vec::new(),
            middleware: Vec::new(),
            response_class: None,
            limits: RequestLimits::default(),
            lane: None,
            gates: Vec::new(),
        }
    }
}

impl Inherited {
    /// What is said here, led by what the outer router says.
    pub(crate) fn below(&self, outer: &Self) -> Self {
        let mut responses = outer.responses.clone();
        for (status, object) in &self.responses {
            responses.retain(|(known, _)| known != status);
            responses.push((status.clone(), object.clone()));
        }
        Self {
            tags: [&outer.tags[..], &self.tags[..]].concat(),
            dependencies: [&outer.dependencies[..], &self.dependencies[..]].concat(),
            responses,
            deprecated: self.deprecated.or(outer.deprecated),
            include_in_schema: self.include_in_schema && outer.include_in_schema,
            strict_content_type: self.strict_content_type.or(outer.strict_content_type),
            generate_unique_id: self.generate_unique_id.or(outer.generate_unique_id),
            callbacks: [&outer.callbacks[..], &self.callbacks[..]].concat(),
            middleware: [&self.middleware[..], &outer.middleware[..]].concat(),
            response_class: self.response_class.or(outer.response_class),
            limits: self.limits.below(outer.limits),
            lane: self.lane.or(outer.lane),
            gates: [&self.gates[..], &outer.gates[..]].concat(),
        }
    }
}
