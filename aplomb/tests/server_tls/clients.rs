//! Certificates of clients.

use std::sync::Arc;

use aplomb::prelude::*;
use aplomb::serve::{Server, Tls};

use crate::certificates::Certificates;
use crate::client::{Client, Stream, ask};
use crate::echo::running::Running;

/// How many bytes of a certificate the client has shown, and their sum.
#[get("/who")]
async fn read_who(request: Request) -> Value {
    let shown = request.client_certificate();
    shown.map_or(Value::Null, |shown| json!(print(shown)))
}

fn print(certificate: &[u8]) -> String {
    let sum: u64 = certificate.iter().map(|byte| u64::from(*byte)).sum();
    format!("{} {sum}", certificate.len())
}

fn served(tls: Tls) -> Running {
    let service = App::new().routes(routes![read_who]).build();
    Running::start(Server::new(Arc::new(service)).tls(tls), 2)
}

/// What the server knows of a client; nothing when it is refused, which it may hear only after
/// it has asked.
fn who(client: &Client, server: &Running) -> Option<String> {
    let asked = |mut stream: Stream| ask(&mut stream, "/who");
    let (status, _, body) = client.connect(server.address).and_then(asked).ok()?;
    assert_eq!(status, 200);
    String::from_utf8(body).ok()
}

#[test]
fn who_has_none_is_refused_where_they_are_required() {
    let certificates = Certificates::new();
    let authority = certificates.path("authority.pem");
    let own = certificates.sign("client.example");
    let others = Certificates::new().sign("client.example");
    let shown = format!("\"{}\"", print(&own.der().0));
    for versions in rustls::ALL_VERSIONS {
        let with = |own| Client::with(&certificates, &[versions], own);
        let required = served(certificates.tls().require_client_certificates(&authority));
        // Each connection shows it anew: nothing is resumed.
        let friend = with(Some(&own));
        for _ in 0..3 {
            assert_eq!(who(&friend, &required), Some(shown.clone()));
        }
        assert_eq!(who(&with(None), &required), None);
        assert_eq!(who(&with(Some(&others)), &required), None);

        let optional = served(certificates.tls().ask_for_client_certificates(&authority));
        assert_eq!(who(&friend, &optional), Some(shown.clone()));
        assert_eq!(who(&with(None), &optional).as_deref(), Some("null"));
        assert_eq!(who(&with(Some(&others)), &optional), None);
    }
    let unasked = served(certificates.tls());
    let friend = Client::showing(&certificates, &own);
    assert_eq!(who(&friend, &unasked).as_deref(), Some("null"));
}
