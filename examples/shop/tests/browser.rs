//! The shop's Swagger UI in a browser: logging in at Authorize, and logging out.

#[path = "../../../aplomb/tests/browser/webdriver.rs"]
mod webdriver;

use std::path::Path;
use std::sync::Arc;

use aplomb::serve::Server;
use shop::Settings;
use webdriver::Browser;

/// Serves a shop whose database is in the folder.
async fn serve(folder: &Path) -> String {
    let settings = Settings {
        database_url: format!("sqlite:{}", folder.join("shop.db").display()),
        secret_key: None,
        token_minutes: 5,
    };
    let app = shop::app(settings).await.expect("the shop opens");
    let server = Server::new(Arc::new(app.build())).address("127.0.0.1:0");
    let bound = server.bind().expect("a port");
    let url = format!("http://{}", bound.address());
    tokio::spawn(bound.serve());
    url
}

/// Who am I, tried out: the status that Swagger UI shows.
fn status_of_me(browser: &Browser) -> String {
    browser.click("#operations-accounts-read_current_user_users_me_get .execute");
    let status = browser.wait(
        "return document.querySelector('.live-responses-table .response .response-col_status')?.innerText",
    );
    browser.screenshot("shop-me");
    // The next answer is not to be taken for this one.
    browser.click("#operations-accounts-read_current_user_users_me_get .btn-clear");
    browser.wait("return !document.querySelector('.live-responses-table')");
    let status = status.as_str().unwrap_or_default();
    status
        .split_whitespace()
        .next()
        .unwrap_or_default()
        .to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn authorize_logs_in_and_out() {
    let Some(browser) = Browser::start("shop") else {
        return;
    };
    let folder = tempfile::tempdir().expect("a folder");
    let url = serve(folder.path()).await;
    browser.open(&format!("{url}/docs"));

    let me = "#operations-accounts-read_current_user_users_me_get";
    browser.click(&format!("{me} .opblock-summary-control"));
    browser.click(&format!("{me} .try-out__btn"));
    assert_eq!(status_of_me(&browser), "401");

    browser.click(".auth-wrapper .btn.authorize");
    browser.fill("#oauth_username", "ada");
    browser.fill("#oauth_password", "wrong password");
    browser.click(".auth-container .btn.authorize");
    let error = browser.wait("return document.querySelector('.auth-container .errors')?.innerText");
    browser.screenshot("shop-wrong-password");
    assert!(error.to_string().contains("Unauthorized"), "{error}");

    browser.script("document.querySelector('#oauth_password').select()");
    browser.fill("#oauth_password", "correct horse");
    browser.click(".auth-container .btn.authorize");
    browser.wait("return document.querySelector('.auth-container')?.innerText.includes('Logout')");
    browser.screenshot("shop-authorized");
    browser.click(".btn-done");
    assert_eq!(status_of_me(&browser), "200");

    browser.click(".auth-wrapper .btn.authorize");
    browser.click(".auth-container .auth-btn-wrapper .btn:not(.btn-done)");
    browser.wait("return document.querySelector('#oauth_username')");
    browser.click(".btn-done");
    assert_eq!(status_of_me(&browser), "401");
}
