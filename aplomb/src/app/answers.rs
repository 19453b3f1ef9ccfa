//! Refuses answers that cannot be: a status that is none, a body where the status has none.

use crate::openapi::Schemas;
use crate::route::Route;

/// Checks what a route says about its answers.
///
/// # Panics
/// With a sentence about the answer that cannot be.
pub(super) fn check(route: &Route) {
    let operation = &route.operation;
    if let Some(status) = operation
        .details
        .status
        .filter(|status| is_bodiless(*status))
    {
        let described = (operation.describe)(&mut Schemas::new());
        let schema = described
            .schema
            .filter(|_| !described.decided && !described.items);
        let null = "null".into();
        let has_body =
            schema.is_some_and(|schema| !schema.is_empty() && schema.get("type") != Some(&null));
        assert!(
            !has_body,
            "`{}` ({}) has the status {status}, which has no body, and its result is one: return `()`, or take another status",
            operation.name, operation.location,
        );
    }
    for (status, object) in &route.inherited.responses {
        let number = status.parse::<u16>().ok();
        assert!(
            number.is_some_and(|number| (100..600).contains(&number)) || is_range(status),
            "`{}` ({}) describes an answer of the status `{status}`; a status is a number from 100 to 599, a range such as `4XX`, or `default`",
            operation.name,
            operation.location,
        );
        assert!(
            !(number.is_some_and(is_bodiless)
                && (object.0)(&mut Schemas::new()).contains_key("model")),
            "`{}` ({}) describes an answer of the status {status} by a model, and that status has no body",
            operation.name,
            operation.location,
        );
    }
}

fn is_bodiless(status: u16) -> bool {
    status < 200 || matches!(status, 204 | 205 | 304)
}

fn is_range(status: &str) -> bool {
    let status = status.to_uppercase();
    status == "DEFAULT" || matches!(status.as_bytes(), [b'1'..=b'5', b'X', b'X'])
}
