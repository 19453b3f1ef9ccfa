//! Finds the route of a request and answers by it.

use std::sync::Arc;

use ::http::header::CONTENT_LENGTH;

use super::redirect::redirect_to;
use super::{Compat, ExceptionHandlers, Lifespans};
use crate::admission::InFlight;
use crate::error::{Error, HttpException, Result};
use crate::frontend::{self, Frontend};
use crate::health::Health;
use crate::http::{
    Asked, Body, Head, Matched, Method, NonFinite, PathParams, Peer, Request, Response, States,
};
use crate::live::Live;
use crate::middleware::{Answer, Id, Stage};
use crate::mount::Mounted;
use crate::observe::{Observer, Phase, Record, method_number};
use crate::route::{Endpoint, Match, RequestLimits, Table, Target, UrlBase};
use crate::websocket::{self, Conversations};

/// Everything a service needs to answer.
#[derive(Debug)]
pub(crate) struct Running {
    pub(crate) table: Table,
    /// The routes of WebSockets, and mounted apps, which may have some.
    pub(crate) websockets: Table,
    pub(crate) states: Arc<States>,
    pub(crate) exceptions: Arc<ExceptionHandlers>,
    pub(crate) conversations: Conversations,
    pub(crate) lifespans: Lifespans,
    pub(crate) health: Health,
    pub(crate) root_path: Arc<str>,
    pub(crate) redirect_slashes: bool,
    pub(crate) compat: Compat,
    /// How many bytes a request's body may have, whatever server it came through.
    pub(crate) body_limit: usize,
    /// How much the requests may bring that no route says more about.
    pub(crate) limits: RequestLimits,
    pub(crate) in_flight: Arc<InFlight>,
    /// The largest body that any route says it takes.
    pub(crate) largest_body: usize,
    /// What answers where no route has the path.
    pub(crate) frontends: Vec<ServedFrontend>,
    pub(crate) url_base: Arc<UrlBase>,
    /// What takes note of requests.
    pub(crate) observer: Observer,
    /// The live probes.
    pub(crate) live: Arc<Live>,
}

/// A frontend with the dependencies that guard it.
#[derive(Debug)]
pub(crate) struct ServedFrontend {
    pub(crate) path: String,
    pub(crate) frontend: Arc<Frontend>,
    pub(crate) endpoint: Arc<Endpoint>,
    /// The series that requests by the first of all methods are counted in.
    pub(crate) series: u32,
}

/// A request of which note is taken.
pub(super) struct Begun {
    pub(super) record: Arc<Record>,
    /// Whether our own server asks.
    pub(super) served: bool,
}

/// An error that nobody expects, and its request, where somebody may look at it.
pub(super) type Unexpected = (Option<Request>, Error);

impl Running {
    /// A request as middleware and handlers see it.
    pub(super) fn request(
        &self,
        request: ::http::Request<Body>,
        peer: Peer,
        begun: Option<Begun>,
    ) -> Request {
        let (mut parts, body) = request.into_parts();
        let mounted = parts.extensions.remove::<Mounted>();
        let (record, served) = match (&mounted, begun) {
            (Some(mounted), _) => (Arc::clone(&mounted.record), mounted.served),
            (None, Some(begun)) => (begun.record, begun.served),
            (None, None) => (Arc::new(Record::new(&parts.method, &parts.uri)), false),
        };
        let mut head = Head {
            parts,
            peer,
            path: None,
            root_path: Arc::clone(&self.root_path),
            states: Arc::clone(&self.states),
            compat: self.compat,
            record,
            url_base: Some(Arc::clone(&self.url_base)),
            mount_params: PathParams::new(),
            served,
        };
        let (mut above, mut id) = (RequestLimits::default(), None);
        if let Some(mounted) = mounted {
            above = mounted.limits;
            id = head.parts.extensions.get::<Id>().cloned();
            head.root_path = Arc::from(mounted.root_path + &self.root_path);
            head.url_base = Some(mounted.url_base);
            head.mount_params = mounted.path_params;
        }
        head.path = self.below_root(&head);
        let request = Request::with_limit(head, body, self.body_limit);
        if let Some(id) = id {
            request.set_id(id);
        }
        request.set_limits(self.limits.below(above));
        request
    }

    /// The path without the root path, where it has it.
    fn below_root(&self, head: &Head) -> Option<String> {
        if self.root_path.is_empty() {
            return None;
        }
        let path = head.path();
        let below = path.strip_prefix(&*self.root_path)?;
        (below.is_empty() || below.starts_with('/')).then(|| below.to_owned())
    }

    /// Answers by the route of the request; gives it back with an error that nobody expects.
    ///
    /// What is rare is in boxes, so that this future is small: it is moved more than once.
    pub(super) async fn respond(&self, mut request: Request) -> Result<Response, Unexpected> {
        if request.head().path.is_none()
            && let Some(below) = self.below_root(request.head())
        {
            request.head_mut().path = Some(below);
        }
        let path = request.path();
        let asks_websocket = websocket::is_asked_by(&request);
        let table = match asks_websocket {
            true => &self.websockets,
            false => &self.table,
        };
        let matched = table.find(request.method().as_str(), &path);
        if let Match::Full(_, _, series) = matched {
            request.record().counts_in(series);
        }
        if let Match::Full(Target::Endpoint(endpoint) | Target::WebSocket(endpoint), ..)
        | Match::Method(Target::Endpoint(endpoint), _) = &matched
        {
            request.set_limits(endpoint.limits);
        }
        let frontend = match matched {
            Match::None => self.frontend(&path),
            Match::Full(..) | Match::Method(..) => None,
        };
        if let Some((frontend, _)) = frontend {
            request.set_limits(frontend.endpoint.limits);
        }
        if !matches!(matched, Match::Full(Target::Mount(_), ..)) && announces_too_much(&request) {
            return Ok(Response::text("Content Too Large").status(413));
        }
        let found = match matched {
            Match::Full(target, params, _) => Ok((target, params)),
            Match::Method(_, methods) => Err(Some(methods.join(", "))),
            Match::None => Err(None),
        };
        let error = match found {
            Ok((Target::Mount(mount), params)) => {
                drop(path);
                request.record().went_below(&mount.prefix);
                request.set_limits(mount.limits);
                return Box::pin(self.hand_on(mount, request, params)).await;
            }
            Ok((Target::Page(page), path_params)) => {
                request.set_matched(Matched {
                    path_params: path_params.below(&request.head().mount_params),
                    ..Matched::default()
                });
                return Ok(page(&request));
            }
            Ok((Target::WebSocket(endpoint), path_params)) => {
                drop(path);
                request.record().found(endpoint);
                let matched = Matched {
                    path_params: path_params.below(&request.head().mount_params),
                    name: Some(endpoint.operation.name),
                    template: Some(Arc::clone(&endpoint.path)),
                };
                request.set_matched(matched);
                let watched = request.record().seen().map(|_| request.clone());
                let answer = match Box::pin(self.converse(endpoint, &request)).await {
                    Ok(response) => Ok(response),
                    Err(error) => Box::pin(self.failed(Some(request), error)).await,
                };
                tell_answered(watched, &answer);
                return answer;
            }
            Err(_) if asks_websocket => return Ok(websocket::not_found()),
            Ok((Target::Endpoint(endpoint), path_params)) => {
                request.record().found(endpoint);
                request.set_matched(Matched {
                    path_params: path_params.below(&request.head().mount_params),
                    name: Some(endpoint.operation.name),
                    template: Some(Arc::clone(&endpoint.path)),
                });
                drop(path);
                let watched = request.record().seen().map(|_| request.clone());
                let answer = match self.handle(endpoint, &request).await {
                    Ok(response) if response.is_refused(self.compat) => {
                        Err((Some(request), NonFinite.into()))
                    }
                    Ok(response) => Ok(response),
                    Err(error) => {
                        if let Some(seen) = request.record().seen() {
                            seen.failed(&request, &error);
                        }
                        Box::pin(self.failed(Some(request), error)).await
                    }
                };
                tell_answered(watched, &answer);
                return answer;
            }
            Err(Some(allowed)) => HttpException::status_only(405)
                .header("allow", &allowed)
                .into(),
            Err(None) => {
                if let Some(path) = self.slash_redirect(&path) {
                    return Ok(redirect_to(&request, &path));
                }
                match frontend {
                    Some((frontend, below)) => {
                        let below = below.to_owned();
                        drop(path);
                        let answer = self.frontend_answer(frontend, below, request);
                        return Box::pin(answer).await;
                    }
                    None => HttpException::status_only(404).into(),
                }
            }
        };
        Box::pin(self.failed(Some(request), error)).await
    }

    /// Answers an error that is expected.
    pub(super) async fn failed(
        &self,
        request: Option<Request>,
        error: Error,
    ) -> Result<Response, Unexpected> {
        if !self.exceptions.expects(&error) {
            return Err((request, error));
        }
        let mut response = self.exceptions.answer(request.as_ref(), error).await;
        if let Some(request) = &request
            && response.promises_file()
        {
            response = match response.opened(&Asked::by(request)).await {
                Ok(response) => response,
                Err(error) => return Err((Some(request.clone()), error)),
            };
        }
        match response.is_refused(self.compat) {
            true => Err((request, NonFinite.into())),
            false => Ok(response),
        }
    }

    /// The frontend with the longest path that `path` is below, and what is left of it.
    pub(super) fn frontend<'p>(&self, path: &'p str) -> Option<(&ServedFrontend, &'p str)> {
        let mut found: Option<(&ServedFrontend, &str)> = None;
        for candidate in &self.frontends {
            let Some(below) = frontend::below(&candidate.path, path) else {
                continue;
            };
            if found.is_none_or(|(other, _)| candidate.path.len() > other.path.len()) {
                found = Some((candidate, below));
            }
        }
        found
    }

    /// Answers by a frontend; a method that files do not have runs none of its dependencies.
    async fn frontend_answer(
        &self,
        found: &ServedFrontend,
        below: String,
        mut request: Request,
    ) -> Result<Response, Unexpected> {
        let ServedFrontend {
            frontend,
            endpoint,
            series,
            ..
        } = found;
        let method = method_number(request.method());
        request.record().counts_in(series + method);
        request.set_limits(endpoint.limits);
        request.record().found(endpoint);
        if announces_too_much(&request) {
            return Ok(Response::text("Content Too Large").status(413));
        }
        if !matches!(*request.method(), Method::GET | Method::HEAD) {
            // Who is not let in hears nothing of what files there are.
            let guarded = endpoint.middleware.is_some() || !endpoint.plan.steps.is_empty();
            let error = match guarded {
                true => HttpException::status_only(405).into(),
                false => frontend.refuse(&below).await,
            };
            return self.failed(Some(request), error).await;
        }
        request.set_matched(Matched {
            path_params: request.head().mount_params.clone(),
            ..Matched::default()
        });
        let selected = frontend::Selected(Arc::clone(frontend), below);
        request.head_mut().parts.extensions.insert(selected);
        match self.handle(endpoint, &request).await {
            Ok(response) => Ok(response),
            Err(error) => self.failed(Some(request), error).await,
        }
    }

    /// The path with its last slash added or taken away, where that has a route.
    fn slash_redirect(&self, path: &str) -> Option<String> {
        if !self.redirect_slashes || path == "/" {
            return None;
        }
        let other = match path.strip_suffix('/') {
            Some(_) => path.trim_end_matches('/').to_owned(),
            None => format!("{path}/"),
        };
        self.table.has_path(&other).then_some(other)
    }
}

/// Tells live probes of the answer to a request that they look at.
fn tell_answered(watched: Option<Request>, answer: &Result<Response, Unexpected>) {
    if let Some(request) = watched
        && let Some(seen) = request.record().seen()
    {
        seen.answered(&request, answer.as_ref().ok());
    }
}

/// Whether the client says that the body is longer than allowed.
fn announces_too_much(request: &Request) -> bool {
    // Our own server has read it already, and seen to it that nothing is announced that does not come.
    let known = request.head().served.then(|| request.announced()).flatten();
    let length = known.or_else(|| {
        let length = request.headers().get(CONTENT_LENGTH)?;
        length.to_str().ok()?.trim_ascii().parse().ok()
    });
    length.is_some_and(|length| length > request.limit() as u64)
}

/// The end of the middleware: the routes.
impl Stage for Running {
    fn call(self: Arc<Self>, request: Request) -> Answer {
        Box::pin(async move {
            let record = Arc::clone(request.record());
            let answer = self.respond(request).await;
            record.enter(Phase::Middleware);
            answer.map_err(|(_, error)| error)
        })
    }
}
