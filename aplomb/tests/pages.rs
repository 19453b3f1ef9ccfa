//! The documentation pages and what they load.

use aplomb::App;
use aplomb::http::{Body, Peer, Response};
use aplomb::json::Value;
use std::io::Read;

async fn call(app: App, method: &str, target: &str, headers: &[(&str, &str)]) -> Response {
    let mut request = http::Request::builder().method(method).uri(target);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(Body::empty()).expect("a request");
    app.build().answer(request, Peer::named("client", 1)).await
}

fn bytes(response: &Response) -> Vec<u8> {
    response.body().as_bytes().expect("a whole body").to_vec()
}

fn json(response: &Response) -> Value {
    aplomb::json::parse(&bytes(response)).expect("JSON")
}

async fn page(app: App, target: &str) -> String {
    let response = call(app, "GET", target, &[]).await;
    assert_eq!(response.status_code(), 200, "{target}");
    assert_eq!(
        response.headers()["content-type"],
        "text/html; charset=utf-8"
    );
    String::from_utf8(bytes(&response)).expect("UTF-8")
}

fn assert_facts(page: &str, facts: &[&str]) {
    for fact in facts {
        assert!(page.contains(fact), "no {fact:?} in\n{page}");
    }
}

#[tokio::test]
async fn swagger_ui_has_the_recorded_facts() {
    let page = page(App::new(), "/docs").await;
    assert_facts(
        &page,
        &[
            "<title>FastAPI - Swagger UI</title>",
            "href=\"https://cdn.jsdelivr.net/npm/swagger-ui-dist@5/swagger-ui.css\"",
            "src=\"https://cdn.jsdelivr.net/npm/swagger-ui-dist@5/swagger-ui-bundle.js\"",
            "href=\"https://fastapi.tiangolo.com/img/favicon.png\"",
            "url: '/openapi.json',",
            "\"dom_id\": \"#swagger-ui\",\n\"layout\": \"BaseLayout\",\n\"deepLinking\": true,",
            "\"showExtensions\": true,\n\"showCommonExtensions\": true,",
            "oauth2RedirectUrl: window.location.origin + '/docs/oauth2-redirect'",
        ],
    );
}

#[tokio::test]
async fn redoc_has_the_recorded_facts() {
    let page = page(App::new().title("A <b> & \"c\""), "/redoc").await;
    assert_facts(
        &page,
        &[
            "<title>A &lt;b&gt; &amp; &quot;c&quot; - ReDoc</title>",
            "href=\"https://fonts.googleapis.com/css?family=Montserrat:300,400,700|Roboto:300,400,700\"",
            "spec-url=\"/openapi.json\"",
            "src=\"https://cdn.jsdelivr.net/npm/redoc@2/bundles/redoc.standalone.js\"",
        ],
    );
}

/// What stands in a template is not loaded by itself; outside of it no page may name a foreign host.
#[cfg(feature = "docs-ui")]
#[tokio::test]
async fn pages_load_nothing_from_elsewhere_by_themselves() {
    for target in ["/docs", "/redoc", "/docs/oauth2-redirect"] {
        let page = page(App::new(), target).await;
        let start = page.find("<template").unwrap_or(page.len());
        let end = page.find("</template>").unwrap_or(page.len());
        let active = format!("{}{}", &page[..start], &page[end..]);
        assert!(!active.contains("//"), "{active}");
    }
}

#[tokio::test]
async fn parameters_cannot_leave_the_script() {
    let parameters: Value = r#"{"deepLinking": false, "theme": {"a": "</script>&"}}"#
        .parse()
        .expect("JSON");
    let oauth: Value = r#"{"clientId": "it's </me>"}"#.parse().expect("JSON");
    let app = App::new()
        .swagger_ui_parameters(parameters)
        .swagger_ui_init_oauth(oauth)
        .openapi_url("/it's.json");
    let page = page(app, "/docs").await;
    assert_facts(
        &page,
        &[
            "\"deepLinking\": false,\n",
            "\"theme\": {\"a\": \"\\u003c/script\\u003e\\u0026\"},\n",
            "ui.initOAuth({\"clientId\": \"it's \\u003c/me\\u003e\"});",
            "url: '/it\\'s.json',",
        ],
    );
    assert!(!page.contains("\"deepLinking\": true"));
}

#[tokio::test]
async fn the_root_path_leads_every_url() {
    let app = || App::new().root_path("/api/v1");
    let page = page(app(), "/docs").await;
    assert_facts(
        &page,
        &[
            "url: '/api/v1/openapi.json'",
            "window.location.origin + '/api/v1/docs/oauth2-redirect'",
        ],
    );
    for target in ["/openapi.json", "/api/v1/openapi.json"] {
        let response = call(app(), "GET", target, &[]).await;
        let document = json(&response);
        assert_eq!(document["servers"][0]["url"], "/api/v1");
    }
    let response = call(
        app().root_path_in_servers(false),
        "GET",
        "/openapi.json",
        &[],
    )
    .await;
    assert!(json(&response)["servers"].is_null());
}

#[tokio::test]
async fn pages_go_where_they_are_put() {
    let moved = || {
        App::new()
            .docs_url("/documentation")
            .redoc_url(None)
            .openapi_url("/api/openapi.json")
    };
    let page = page(moved(), "/documentation").await;
    assert_facts(&page, &["url: '/api/openapi.json'"]);
    for target in ["/docs", "/redoc", "/openapi.json"] {
        let response = call(moved(), "GET", target, &[]).await;
        assert_eq!(response.status_code(), 404, "{target}");
    }
    for target in ["/docs", "/redoc", "/openapi.json", "/docs/oauth2-redirect"] {
        let response = call(App::new().openapi_url(None), "GET", target, &[]).await;
        assert_eq!(response.status_code(), 404, "{target}");
    }
}

#[tokio::test]
async fn pages_answer_head_and_refuse_the_rest() {
    for target in ["/docs", "/redoc", "/openapi.json", "/docs/oauth2-redirect"] {
        let response = call(App::new(), "HEAD", target, &[]).await;
        assert_eq!(response.status_code(), 200, "{target}");
        let response = call(App::new(), "POST", target, &[]).await;
        assert_eq!(response.status_code(), 405, "{target}");
        assert_eq!(response.headers()["allow"], "GET, HEAD");
    }
}

#[cfg(feature = "docs-ui")]
mod assets {
    use super::*;

    /// The URL of a script or style as the page spells it.
    async fn url(target: &str, name: &str) -> String {
        let page = page(App::new(), target).await;
        let start = page.find(&format!("{target}/{name}?v=")).expect(name);
        let end = page[start..].find('"').expect("the end") + start;
        page[start..end].to_owned()
    }

    #[tokio::test]
    async fn come_compressed_or_not() {
        for (target, name, content_type) in [
            (
                "/docs",
                "swagger-ui-bundle.js",
                "text/javascript; charset=utf-8",
            ),
            ("/docs", "swagger-ui.css", "text/css; charset=utf-8"),
            (
                "/redoc",
                "redoc.standalone.js",
                "text/javascript; charset=utf-8",
            ),
        ] {
            let url = url(target, name).await;
            let gzip = [("accept-encoding", "br, gzip;q=0.5")];
            let packed = call(App::new(), "GET", &url, &gzip).await;
            assert_eq!(packed.headers()["content-encoding"], "gzip");
            assert_eq!(packed.headers()["content-type"], content_type);
            assert_eq!(
                packed.headers()["cache-control"],
                "public, max-age=31536000, immutable"
            );
            let none = [("accept-encoding", "gzip;q=0, identity")];
            let plain = call(App::new(), "GET", &url, &none).await;
            assert!(!plain.headers().contains_key("content-encoding"));
            assert_eq!(plain.headers()["content-type"], content_type);

            let mut unpacked = Vec::new();
            flate2::read::GzDecoder::new(&bytes(&packed)[..])
                .read_to_end(&mut unpacked)
                .expect("gzip");
            assert_eq!(unpacked, bytes(&plain));
            assert!(unpacked.len() > 100_000);
            let text = String::from_utf8(unpacked).expect("UTF-8");
            assert!(!text.contains("cdn.redoc.ly"));
        }
    }

    #[tokio::test]
    async fn are_asked_for_again_without_a_version() {
        let response = call(App::new(), "GET", "/docs/swagger-ui.css", &[]).await;
        assert_eq!(response.headers()["cache-control"], "no-cache");
        let etag = response.headers()["etag"]
            .to_str()
            .expect("text")
            .to_owned();
        let known = [("if-none-match", etag.as_str())];
        let response = call(App::new(), "GET", "/docs/swagger-ui.css", &known).await;
        assert_eq!(response.status_code(), 304);
        assert!(bytes(&response).is_empty());
    }
}
