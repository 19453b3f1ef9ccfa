//! Forms in parts that come in pieces.

use aplomb::Service;
use aplomb::http::{Body, HeaderValue, Peer};
use bytes::Bytes;

pub(crate) const MULTIPART: &[u8] =
    b"multipart/form-data; boundary=XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX";
/// The head of a part.
pub(crate) const HEAD: &str =
    "--XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n";

/// Posts a body that comes in pieces.
pub(crate) async fn post(
    service: &Service,
    path: &str,
    content_type: &[u8],
    pieces: impl Iterator<Item = Bytes> + Send + 'static,
) -> (u16, String) {
    let pieces = futures_util::stream::iter(pieces.map(Ok::<_, std::io::Error>));
    let mut request = http::Request::post(path)
        .body(Body::from_stream(pieces))
        .expect("a request");
    if let Ok(content_type) = HeaderValue::from_bytes(content_type) {
        request.headers_mut().insert("content-type", content_type);
    }
    let response = service.answer(request, Peer::unknown()).await.into_http();
    let (parts, body) = response.into_parts();
    let body = body.collect(usize::MAX).await.expect("an answer");
    (
        parts.status.as_u16(),
        String::from_utf8_lossy(&body).into_owned(),
    )
}
