//! [`TraceContext`]: which trace a request is part of.

use ::http::HeaderMap;
use uuid::Uuid;

/// Which trace a request is part of, by the W3C's Trace Context.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TraceContext {
    trace_id: String,
    span_id: String,
    parent_id: Option<String>,
    flags: String,
    state: Option<String>,
}

impl TraceContext {
    /// The trace of these headers, or a new one.
    pub(super) fn of(headers: &HeaderMap) -> Self {
        let text = |name| headers.get(name).and_then(|held| held.to_str().ok());
        let span_id = Uuid::new_v4().simple().to_string().split_off(16);
        match text("traceparent").and_then(parse) {
            Some((trace_id, parent_id, flags)) => Self {
                trace_id: trace_id.to_owned(),
                span_id,
                parent_id: Some(parent_id.to_owned()),
                flags: flags.to_owned(),
                state: state(headers),
            },
            None => Self {
                trace_id: Uuid::new_v4().simple().to_string(),
                span_id,
                parent_id: None,
                flags: "00".to_owned(),
                state: None,
            },
        }
    }

    /// The same with a span that was begun in it, which is kept or not.
    #[cfg(feature = "otlp")]
    pub(crate) fn spanned(self, trace_id: String, span_id: String, is_kept: bool) -> Self {
        Self {
            trace_id,
            span_id,
            flags: if is_kept { "01" } else { "00" }.to_owned(),
            ..self
        }
    }

    /// The trace, as 32 hexadecimal digits.
    pub fn trace_id(&self) -> &str {
        &self.trace_id
    }

    /// This request in the trace, as 16 hexadecimal digits.
    pub fn span_id(&self) -> &str {
        &self.span_id
    }

    /// What called this service, if it said so.
    pub fn parent_id(&self) -> Option<&str> {
        self.parent_id.as_deref()
    }

    /// Whether the caller keeps this trace.
    pub fn is_sampled(&self) -> bool {
        u8::from_str_radix(&self.flags, 16).is_ok_and(|flags| flags & 1 == 1)
    }

    /// The `traceparent` header for requests to other services.
    pub fn traceparent(&self) -> String {
        let (trace_id, span_id) = (&self.trace_id, &self.span_id);
        format!("00-{trace_id}-{span_id}-{}", self.flags)
    }

    /// The `tracestate` header for requests to other services, as it came.
    pub fn tracestate(&self) -> Option<&str> {
        self.state.as_deref()
    }
}

/// The `tracestate` header, which may stand on several lines (section 3.3.1), on one.
fn state(headers: &HeaderMap) -> Option<String> {
    let lines = headers.get_all("tracestate").iter();
    let lines: Vec<&str> = lines.filter_map(|line| line.to_str().ok()).collect();
    (!lines.is_empty()).then(|| lines.join(","))
}

/// Trace, caller and flags of a `traceparent` header, where it is one.
fn parse(header: &str) -> Option<(&str, &str, &str)> {
    let mut parts = header.trim().split('-');
    let mut part = |length: usize| {
        let part = parts.next()?;
        let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        (part.len() == length && part.bytes().all(is_digit)).then_some(part)
    };
    let (version, trace_id, parent_id, flags) = (part(2)?, part(32)?, part(16)?, part(2)?);
    let is_zero = |id: &str| id.bytes().all(|byte| byte == b'0');
    // Later versions may say more; this one may not.
    let more = parts.next().is_some();
    let known = version != "ff" && !(version == "00" && more);
    (known && !is_zero(trace_id) && !is_zero(parent_id)).then_some((trace_id, parent_id, flags))
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn only_what_is_a_traceparent() {
        let (trace, caller) = ("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331");
        let good = format!("00-{trace}-{caller}-01");
        assert_eq!(parse(&good), Some((trace, caller, "01")));
        let later = format!("01-{trace}-{caller}-03-more");
        assert_eq!(parse(&later), Some((trace, caller, "03")));
        for bad in [
            String::new(),
            format!("ff-{trace}-{caller}-01"),
            format!("{good}-more"),
            format!("00-{}-{caller}-01", "0".repeat(32)),
            format!("00-{trace}-{}-01", "0".repeat(16)),
            good.to_uppercase(),
            good[..54].to_owned(),
            format!("00-{trace}-{caller}"),
            format!("00-{trace}é-{caller}-01"),
        ] {
            assert_eq!(parse(&bad), None, "{bad}");
        }
    }
}
