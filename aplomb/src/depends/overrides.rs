//! What stands in for a dependency in a test.

use std::future::Future;

use super::{Dependency, DependencyDefinition, share, share_result};
use crate::error::Result;

/// `D` given by a function of no arguments.
pub(crate) fn replaced_by<D, F, R>(function: F) -> DependencyDefinition
where
    D: Dependency,
    F: Fn() -> R + Send + Sync + 'static,
    R: Future<Output = Result<D::Output>> + Send + 'static,
{
    DependencyDefinition::new::<D>(D::definition().name, &[], move |_| {
        Some(share_result(function()))
    })
}

/// `D` given as this value.
pub(crate) fn replaced_with<D>(value: D::Output) -> DependencyDefinition
where
    D: Dependency,
    D::Output: Clone,
{
    DependencyDefinition::new::<D>(D::definition().name, &[], move |_| {
        Some(share(std::future::ready(value.clone())))
    })
}
