//! [`OnDisconnect`]: what becomes of a request whose client leaves.

use http::Method;

/// What becomes of a request whose client leaves before its answer has begun.
///
/// Unless the application, a router or the route says otherwise, what only reads is cancelled (GET,
/// HEAD, OPTIONS and TRACE, which are safe), because nobody will see the answer; everything else
/// goes on, because half of a change is worse than none.
///
/// ```
/// use aplomb::prelude::*;
/// use aplomb::serve::OnDisconnect;
///
/// #[get("/export", on_disconnect = "finish")]
/// async fn export_to_archive() {}
///
/// #[post("/search", on_disconnect = "cancel")]
/// async fn search(words: Vec<String>) -> usize {
///     words.len()
/// }
///
/// let app = App::new()
///     .on_disconnect(OnDisconnect::Cancel)
///     .routes(routes![export_to_archive, search]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnDisconnect {
    /// It is dropped where it waits; clean-ups run and are told
    /// [`Outcome::Cancelled`](crate::depends::Outcome::Cancelled).
    Cancel,
    /// It goes on to its end, within its deadline, and its answer is thrown away; a server that
    /// stops waits for it as for any other.
    Finish,
}

impl OnDisconnect {
    /// Where nobody says anything.
    pub(crate) fn usual(method: &Method) -> Self {
        match method.is_safe() {
            true => Self::Cancel,
            false => Self::Finish,
        }
    }
}
