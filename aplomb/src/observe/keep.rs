//! [`Kept`]: what is kept of a request that may be looked at later.

use std::sync::Arc;

use http::HeaderMap;
use http_body::Body as _;

use super::{Phase, Record};
use crate::error::{Error, HttpException, RequestValidationError, Result};
use crate::http::{Client, Request, Response};

/// What is larger took its time to be made, which the record has not been told yet.
const LARGE: u64 = 64 << 10;

/// What is kept of a request that may be looked at later.
#[derive(Debug)]
pub(super) struct Kept {
    pub(super) headers: HeaderMap,
    pub(super) client: Option<Client>,
    pub(super) request_id: Option<String>,
}

/// Looks after a request while it is answered: should it fail, be slow or be given up, what it
/// came with is kept.
#[derive(Debug)]
pub(crate) struct Keep<'a> {
    request: &'a Request,
    /// Whether it was answered as it should be.
    fine: bool,
}

impl<'a> Keep<'a> {
    pub(crate) fn new(request: &'a Request) -> Self {
        let fine = false;
        Self { request, fine }
    }

    /// It is answered like this.
    pub(crate) fn done(mut self, result: &Result<Response>) {
        self.fine = match result {
            Ok(response) => {
                if response.body().size_hint().lower() > LARGE {
                    self.request.record().enter(Phase::Serialising);
                }
                !response.status_code().is_server_error()
            }
            Err(error) => is_fine(error),
        };
    }
}

impl Drop for Keep<'_> {
    fn drop(&mut self) {
        let record: &Arc<Record> = self.request.record();
        if !self.fine || record.is_slow() {
            record.keep(Kept {
                headers: self.request.headers().clone(),
                client: self.request.client(),
                request_id: self.request.request_id().map(str::to_owned),
            });
        }
    }
}

/// Whether an error is the client's.
fn is_fine(error: &Error) -> bool {
    match error.downcast_ref::<HttpException>() {
        Some(exception) => !exception.status().is_server_error(),
        None => error.downcast_ref::<RequestValidationError>().is_some(),
    }
}
