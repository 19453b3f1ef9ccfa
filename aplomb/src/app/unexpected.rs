//! What the log says of an error that nobody expects.

use crate::error::Error;
use crate::http::{Request, Response};
use crate::observe::Record;
use crate::testing::Unhandled;

/// A request as the log names it: by the template of its route, since its path may tell secrets.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Subject<'a> {
    record: &'a Record,
    request_id: Option<&'a str>,
}

impl<'a> Subject<'a> {
    pub(crate) fn new(record: &'a Record, request_id: Option<&'a str>) -> Self {
        Self { record, request_id }
    }

    pub(crate) fn of(request: &'a Request) -> Self {
        Self::new(request.record(), request.request_id())
    }
}

/// Tells of an error whose type has no handler, in the log and to test clients.
pub(crate) fn unhandled(
    mut response: Response,
    error: &Error,
    subject: Option<Subject<'_>>,
) -> Response {
    let record = subject.map(|subject| subject.record);
    let dependency = record.and_then(Record::failed_dependency);
    tracing::error!(
        method = record.map(|record| record.method().as_str()),
        route = record.and_then(Record::route),
        request_id = subject.and_then(|subject| subject.request_id),
        dependency,
        error = error.chain(),
        debug = ?error,
        "a {} failed",
        if dependency.is_some() { "dependency" } else { "handler" },
    );
    response.extensions_mut().insert(Unhandled(error.clone()));
    response
}
