//! The documentation pages and the console in a browser that can reach nothing but the service.

#![cfg(feature = "docs-ui")]

#[path = "server/beside.rs"]
mod beside;
#[path = "browser/console.rs"]
mod console;
#[path = "browser/person.rs"]
mod person;
#[allow(unreachable_pub, reason = "it is a library where it comes from")]
#[path = "../../examples/prediction/src/lib.rs"]
mod prediction;
#[path = "browser/webdriver.rs"]
mod webdriver;

use std::sync::Arc;

use aplomb::http::{Body, Peer};
use aplomb::observe::Record;
use aplomb::prelude::*;
use aplomb::serve::{Answering, Dispatch, Server};
use webdriver::Browser;

/// What a shop sells.
#[derive(Model)]
struct Item {
    #[field(min_length = 1)]
    name: String,
    price: Option<f64>,
}

/// Reads one item.
#[get("/items/{item_id}", tags("items"))]
async fn read_item(item_id: i64, q: Option<String>) -> Value {
    json!({"item_id": item_id, "q": q, "proof": format!("number {item_id}")})
}

/// Adds an item.
#[post("/items", tags("items"), status = 201)]
async fn create_item(item: Item) -> Item {
    item
}

fn shop() -> App {
    App::new()
        .title("Shop of plumbuses")
        .description("Everybody has a **plumbus**. Ünïcode: 🚀")
        .routes(routes![read_item, create_item])
}

/// Serves on a port of its own, behind whatever runs the test.
fn serve(dispatch: Arc<dyn Dispatch>) -> String {
    let server = Server::new(dispatch).address("127.0.0.1:0");
    let bound = server.bind().expect("a port");
    let url = format!("http://{}", bound.address());
    tokio::spawn(bound.serve());
    url
}

/// Everything the page has asked for.
fn requests(browser: &Browser) -> Vec<String> {
    let entries =
        browser.script("return performance.getEntriesByType('resource').map(entry => entry.name)");
    let entries = entries.as_array().unwrap_or_default().iter();
    entries
        .filter_map(|entry| entry.as_str().map(str::to_owned))
        .collect()
}

fn assert_only_own(browser: &Browser, url: &str) {
    let requests = requests(browser);
    assert!(!requests.is_empty());
    let foreign = |request: &&String| !request.starts_with(url) && !request.starts_with("data:");
    let foreign: Vec<&String> = requests.iter().filter(foreign).collect();
    assert!(foreign.is_empty(), "{foreign:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn swagger_ui_tries_an_operation_out() {
    let Some(browser) = Browser::start("swagger") else {
        return;
    };
    let url = serve(Arc::new(shop().build()));
    browser.open(&format!("{url}/docs"));
    browser.wait("return document.querySelector('.info .title')?.innerText.includes('plumbuses')");
    browser.screenshot("docs");
    browser.click(".opblock-get .opblock-summary-control");
    browser.click(".opblock-get .try-out__btn");
    browser.fill(".opblock-get input[placeholder='item_id']", "42");
    browser.click(".opblock-get .execute");
    let answer =
        browser.wait("return document.querySelector('.live-responses-table .response')?.innerText");
    let answer = answer.as_str().expect("text");
    assert!(answer.contains("200"), "{answer}");
    assert!(answer.contains("number 42"), "{answer}");
    browser.script("document.querySelector('.responses-wrapper').scrollIntoView()");
    browser.screenshot("docs-tried-out");
    assert_only_own(&browser, &url);
}

#[tokio::test(flavor = "multi_thread")]
async fn redoc_shows_the_document() {
    let Some(browser) = Browser::start("redoc") else {
        return;
    };
    let url = serve(Arc::new(shop().build()));
    browser.open(&format!("{url}/redoc"));
    browser.wait("return document.querySelector('h1')?.innerText.includes('plumbuses')");
    browser.wait("return document.body.innerText.includes('/items/{item_id}')");
    browser.screenshot("redoc");
    assert_only_own(&browser, &url);
}

/// A proxy that loses scripts.
struct Lossy(aplomb::Service);

impl Dispatch for Lossy {
    fn dispatch(
        self: Arc<Self>,
        request: http::Request<Body>,
        peer: Peer,
        _: Arc<Record>,
    ) -> Answering {
        Box::pin(async move {
            match request.uri().path().ends_with(".js") {
                true => Response::text("lost").status(502),
                false => self.0.answer(request, peer).await,
            }
        })
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_script_that_got_lost_is_looked_for_elsewhere() {
    let Some(browser) = Browser::start("lossy") else {
        return;
    };
    let url = serve(Arc::new(Lossy(shop().build())));
    for page in ["docs", "redoc"] {
        browser.open(&format!("{url}/{page}"));
        browser.wait("return document.querySelector('body > script[src^=\"https://cdn.\"]')");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_redirect_page_hands_back_the_code() {
    let Some(browser) = Browser::start("oauth2") else {
        return;
    };
    let url = serve(Arc::new(shop().build()));
    browser.open(&format!("{url}/openapi.json"));
    browser.script(
        "window.swaggerUIRedirectOauth2 = {
            state: 'sent',
            redirectUrl: 'back',
            auth: { name: 'scheme', schema: new Map([['flow', 'authorizationCode']]) },
            callback: answer => { window.code = answer.auth.code + ' ' + answer.redirectUrl; },
            errCb: error => { window.warned = error.level; },
        };
        window.open('/docs/oauth2-redirect?code=a%2Fb&state=other');",
    );
    assert_eq!(browser.wait("return window.code"), "a/b back");
    assert_eq!(browser.script("return window.warned"), "warning");
}
