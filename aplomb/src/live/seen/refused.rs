//! What may be seen of a request whose arguments were refused.

use super::Seen;
use crate::error::RequestValidationError;
use crate::http::Request;
use crate::json;
use crate::json::Value;
use crate::live::bounds;
use crate::live::secrecy::HIDDEN;
use crate::live::vocabulary::Vocabulary;

/// The most problems that are kept.
const PROBLEMS: usize = 16;

impl Seen {
    /// What is wrong with a request that was refused.
    pub(super) fn problems(&self, request: &Request, refused: &RequestValidationError) -> Value {
        let endpoint = request.record().endpoint();
        let vocabulary = endpoint.map(|endpoint| self.watch.vocabulary(endpoint));
        let problems = refused.problems().iter().take(PROBLEMS);
        let problems = problems.map(|problem| {
            let hides = |vocabulary: &Vocabulary| vocabulary.hides_place(&problem.location);
            let message = match vocabulary.is_none_or(hides) {
                true => HIDDEN,
                false => &problem.message,
            };
            json!({
                "type": &*problem.kind,
                "loc": bounds::text(&problem.dotted_location(), 256),
                "msg": bounds::text(message, 256),
            })
        });
        problems.collect()
    }

    /// The body of a request that was refused, without what is secret.
    pub(super) fn body_as_sent(
        &self,
        request: &Request,
        refused: &RequestValidationError,
    ) -> Option<Value> {
        let vocabulary = self.watch.vocabulary(request.record().endpoint()?);
        let body = vocabulary.body_as_sent(refused.body());
        self.hold(bounds::weight(&body)).then_some(body)
    }
}
