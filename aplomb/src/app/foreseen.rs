//! [`Foreseen`]: how long a request may take, before it has found its route.

use percent_encoding::percent_decode_str;

use super::dispatch::Running;
use crate::deadline::TimeLimit;
use crate::http::Request;
use crate::observe::Record;
use crate::route::{Match, Target};
use crate::websocket;

/// What can be told from the beginning of where a request goes, if nobody sends it elsewhere.
pub(super) struct Foreseen {
    /// The path, where it is not that of the record.
    path: Option<String>,
    asks_websocket: bool,
    /// What the application says, or those that it is mounted in.
    above: Option<TimeLimit>,
}

impl Foreseen {
    pub(super) fn of(request: &Request, is_mounted: bool) -> Self {
        let differs = is_mounted || request.head().path.is_some();
        Self {
            path: differs.then(|| request.path().into_owned()),
            asks_websocket: websocket::is_asked_by(request),
            above: request.limits().deadline,
        }
    }

    /// What the route is going to grant.
    pub(super) fn limit(self, running: &Running, record: &Record) -> TimeLimit {
        let path = self.path.unwrap_or_else(|| {
            let path = record.target().split('?').next().unwrap_or_default();
            percent_decode_str(path).decode_utf8_lossy().into_owned()
        });
        let method = record.method().as_str();
        running.foreseen(method, &path, self.asks_websocket, self.above)
    }
}

impl Running {
    /// How long a request may take; `above` is what those say that this is mounted in.
    fn foreseen(
        &self,
        method: &str,
        path: &str,
        asks_websocket: bool,
        above: Option<TimeLimit>,
    ) -> TimeLimit {
        let above = self.limits.deadline.or(above);
        let table = match asks_websocket {
            true => &self.websockets,
            false => &self.table,
        };
        let said = match table.find(method, path) {
            Match::Full(Target::Endpoint(endpoint) | Target::WebSocket(endpoint), ..)
            | Match::Method(Target::Endpoint(endpoint), _) => endpoint.limits.deadline,
            Match::Full(Target::Mount(mount), params, _) => {
                let above = mount.limits.deadline.or(above);
                if let Some(app) = &mount.app {
                    let below = format!("/{}", params.get("path").unwrap_or_default());
                    let running = app.running();
                    return running.foreseen(method, &below, asks_websocket, above);
                }
                above
            }
            Match::Full(..) | Match::Method(..) => None,
            Match::None => self
                .frontend(path)
                .and_then(|(frontend, _)| frontend.endpoint.limits.deadline),
        };
        let said = said.or(above);
        said.unwrap_or_else(|| TimeLimit::usual(self.compat))
    }
}
