//! What is found out about a request on its way, for those who hold on to an earlier copy.

use std::sync::{Arc, OnceLock};

use super::Request;
use crate::http::{Matched, Response};
use crate::middleware::Id;

/// What is found out about a request on its way: what answers it, and the id it was given.
#[derive(Debug, Default)]
pub(crate) struct Trail {
    matched: OnceLock<Matched>,
    id: OnceLock<Id>,
}

impl Trail {
    /// What answers the request, once it has been found.
    pub(crate) fn matched(&self) -> Option<&Matched> {
        self.matched.get()
    }

    pub(super) fn set_matched(&self, matched: Matched) {
        // A request finds its route once; one that goes round again keeps the first.
        let _ = self.matched.set(matched);
    }

    /// The id of the request, the one given furthest out, which is the one its client sees.
    pub(crate) fn id(&self) -> Option<&Id> {
        self.id.get()
    }

    /// Tells the client the id, where a middleware gave one and the answer was made around it.
    pub(crate) fn name(&self, response: &mut Response) {
        if let Some(id) = self.id()
            && !response.headers().contains_key(&id.header)
        {
            id.tell(response);
        }
    }
}

impl Request {
    /// The trail of the first of all copies of this request.
    pub(crate) fn trail(&self) -> &Arc<Trail> {
        self.inner.first.as_ref().unwrap_or(&self.inner.trail)
    }

    /// Says what the request is called.
    pub(crate) fn set_id(&self, id: Id) {
        let _ = self.trail().id.set(id);
    }
}
