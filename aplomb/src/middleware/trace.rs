//! [`Trace`]: a span for every request, as part of a trace that may have begun elsewhere.

mod context;

use ::http::StatusCode;
use tracing::Instrument as _;
use tracing::field::{Empty, display};

pub use self::context::TraceContext;
use super::{Middleware, Next};
use crate::app::usual_status;
use crate::error::Result;
use crate::http::{Request, Response};
use crate::observe::Secrets;
#[cfg(feature = "otlp")]
use crate::observe::otlp;

/// Puts a span around every request, with the names of OpenTelemetry's conventions, as part of
/// the trace that `traceparent` tells of.
///
/// The span has `http.request.method`, `url.path`, `url.scheme`, `client.address`, `http.route`,
/// `http.response.status_code`, `error.type`, `trace_id`, `span_id` and `parent_id`; a layer for
/// `tracing` sends it on. What calls other services passes the trace on with
/// [`Request::trace_context`]. The query is left out: it may be private, and where a route takes a
/// secret in its path, `url.path` waits for the route and hides it. Around a router or a route
/// an error that is raised has the status it usually is answered with; a handler of exceptions may
/// choose another.
///
/// ```
/// use aplomb::middleware::Trace;
/// use aplomb::prelude::*;
///
/// #[get("/")]
/// async fn pass_on(request: Request) -> Option<String> {
///     request.trace_context().map(|trace| trace.traceparent())
/// }
///
/// let app = App::new().routes(routes![pass_on]).middleware(Trace);
/// let client = aplomb::testing::TestClient::new(app);
/// let parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
/// let sent = client.get("/").header("traceparent", parent).send().json();
/// let sent = sent.as_str().unwrap_or_default().to_owned();
/// assert!(sent.starts_with("00-0af7651916cd43dd8448eb211c80319c-") && sent.ends_with("-01"));
/// assert!(!sent.contains("b7ad6b7169203331"));
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct Trace;

impl Request {
    /// The trace this request is part of; none without [`Trace`].
    pub fn trace_context(&self) -> Option<&TraceContext> {
        self.extensions().get()
    }
}

impl Middleware for Trace {
    async fn handle(&self, mut request: Request, next: Next) -> Result<Response> {
        #[cfg(feature = "otlp")]
        if otlp::is_exporting() && request.trace_context().is_some() {
            // What stands around the service has begun its span.
            return next.run(request).await;
        }
        let context = TraceContext::of(request.headers());
        let private = request
            .state::<Secrets>()
            .filter(|secrets| secrets.are_in_paths());
        let path = request.path();
        let shown = private.is_none().then_some(&*path);
        let span = tracing::info_span!(
            "http_request",
            otel.kind = "server",
            otel.name = Empty,
            http.request.method = request.method().as_str(),
            http.route = Empty,
            http.response.status_code = Empty,
            url.path = shown,
            url.scheme = request.scheme(),
            client.address = Empty,
            error.r#type = Empty,
            trace_id = context.trace_id(),
            span_id = context.span_id(),
            parent_id = context.parent_id(),
            request_id = request.request_id(),
        );
        #[cfg(feature = "otlp")]
        let context = otlp::begins(&span, context);
        if let Some(client) = request.client() {
            span.record("client.address", client.host);
        }
        request.extensions_mut().insert(context);
        let kept = request.clone();
        #[cfg(feature = "otlp")]
        let ending = otlp::Ending::new(&span, kept.record());
        let result = next.run(request).instrument(span.clone()).await;
        if let Some(template) = kept.matched().and_then(|matched| matched.template.as_ref()) {
            let root_path = kept.root_path();
            span.record("http.route", display(format_args!("{root_path}{template}")));
            let name = format_args!("{} {root_path}{template}", kept.method());
            span.record("otel.name", display(name));
        }
        if let Some(secrets) = private {
            let record = kept.record();
            let path = record.target().split('?').next().unwrap_or_default();
            let shown = secrets.target(path, record.route().as_deref());
            span.record("url.path", &*shown);
        }
        let status = match &result {
            Ok(answer) => answer.status_code().as_u16(),
            Err(error) => usual_status(error),
        };
        span.record("http.response.status_code", i64::from(status));
        if status >= StatusCode::INTERNAL_SERVER_ERROR.as_u16() {
            span.record("error.type", status);
        }
        #[cfg(feature = "otlp")]
        ending.answered(status);
        result
    }
}
