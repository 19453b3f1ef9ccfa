//! What belongs to one request besides what the client sent.

use std::sync::{Arc, OnceLock};

use super::ResponseSettings;
use crate::background::BackgroundTasks;
use crate::depends::Cleanups;
use crate::http::Request;
use crate::response_parts::ResponseParts;

/// What belongs to one request while it is answered; parts nobody asks for cost nothing.
#[derive(Debug)]
pub(crate) struct Scope {
    pub(crate) request: Request,
    pub(crate) settings: Arc<ResponseSettings>,
    pub(crate) response: OnceLock<ResponseParts>,
    pub(crate) background: OnceLock<BackgroundTasks>,
    pub(crate) cleanups: OnceLock<Cleanups>,
}

impl Scope {
    pub(crate) fn new(request: Request, settings: Arc<ResponseSettings>) -> Self {
        Self {
            request,
            settings,
            response: OnceLock::new(),
            background: OnceLock::new(),
            cleanups: OnceLock::new(),
        }
    }
}
