//! A program that is built without TLS says so where it is asked for.
#![cfg(not(feature = "tls"))]

use aplomb::App;
use aplomb::serve::Tls;

#[tokio::test]
async fn tls_is_not_left_out_without_a_word() {
    let tls = Tls::from_files("certificate.pem", "key.pem");
    let app = App::new().address("127.0.0.1:0").tls(tls).quiet();
    let error = app.serve().await.expect_err("refused").to_string();
    assert!(error.contains("certificate.pem"), "{error}");
    assert!(error.contains("its feature `tls`"), "{error}");
}
