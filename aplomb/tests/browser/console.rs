//! The console of the management listener, as people use it.

mod looks;
mod served;

use std::thread;
use std::time::Duration;

use aplomb::prelude::*;

use crate::assert_only_own;
use crate::webdriver::Browser;
use served::{Served, listen_to_levels};

const TAB: char = '\u{e004}';
const ENTER: char = '\u{e007}';
const BACK: char = '\u{e003}';
const DOWN: char = '\u{e015}';
const SPACE: char = ' ';

/// What a client may send, and what must stay text.
const HOSTILE: &str = "<img src=x onerror=\"window.hacked=1\"><script>window.hacked=2</script>";

/// The address of a value that a form sends.
fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

/// Goes from one thing to the next by keyboard, until this has the focus; each shows that it has.
#[track_caller]
fn tab_to(browser: &Browser, selector: &str) {
    for _ in 0..80 {
        browser.press([TAB]);
        let there = browser.script(&format!(
            "const it = document.activeElement;
             const outlined = one => one && getComputedStyle(one).outlineStyle !== 'none';
             if (it !== document.body && !outlined(it) && !outlined(it.nextElementSibling))
                 return 'not to be seen: ' + it.outerHTML;
             return it.matches({selector:?});"
        ));
        if there == true {
            return;
        }
        assert!(there == false, "{there}");
    }
    panic!("{selector} cannot be reached by keyboard");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_console_shows_what_the_service_does() {
    let Some(browser) = Browser::start("console") else {
        return;
    };
    let served = Served::start(Duration::from_secs(6));
    browser.open(&served.url("/"));
    browser.click("a[href=console]");
    browser.wait("return location.pathname === '/console'");
    browser.wait("return document.title === 'Prediction · console'");
    let slow = served.ask_for("new-1");
    served.predict("anna");
    browser.wait(
        "return [...document.querySelectorAll('#routes tbody tr')].some(row =>
             row.innerText.includes('/predict/{customer}') && row.classList.contains('idle') === false
             && / ms/.test(row.innerText))",
    );
    browser.wait(
        "return document.querySelector('#open')?.innerText.includes('in dependency feature_store')",
    );
    browser.screenshot("console-traffic");
    slow.join().expect("an answer");
    // One of two took six seconds, and a little more, as told within 6 %.
    browser.wait(
        "return [...document.querySelectorAll('#routes tbody tr')].some(row =>
             row.innerText.includes('/predict/{customer}')
             && /^(5\\.[6-9]|[67]\\.\\d)\\d s$/.test(row.children[4].innerText))",
    );
    let catalog = Served::ask(served.management, "GET /live/catalog", "", "");
    let (_, catalog) = catalog.split_once("\r\n\r\n").expect("a body");
    let catalog: Value = catalog.parse().expect("JSON");
    let per_second = |point: &str| {
        let points = catalog["routes"][0]["points"].as_array().expect("points");
        let found = points.iter().find(|one| one["point"] == point);
        found.and_then(|one| one["per_second"].as_f64())
    };
    assert!(per_second("@dep:feature_store") > Some(0.0), "{catalog}");
    assert_eq!(per_second("@error"), Some(0.0));
    browser.click("nav a[href='#requests']");
    browser.click("#kept details.entry summary");
    let why = browser.wait("return document.querySelector('#kept .why')?.innerText");
    let why = why.as_str().unwrap_or_default();
    assert!(why.contains("the dependency feature_store waited"), "{why}");
    let bars = browser.script("return document.querySelector('#kept .bars').innerText");
    assert!(
        bars.as_str().unwrap_or_default().contains("feature_store"),
        "{bars}"
    );
    browser.screenshot("console-requests");
    browser.click("nav a[href='#capacity']");
    browser.wait("return document.querySelector('#admission meter')?.max === 10000");
    assert_eq!(browser.complaints(), Vec::<String>::new());
    assert_only_own(&browser, &served.url("/"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_probe_is_set_watched_and_removed_by_keyboard() {
    let Some(browser) = Browser::start("keyboard") else {
        return;
    };
    let served = Served::start(Duration::from_millis(50));
    browser.open(&served.url("/console"));
    browser.wait("return document.querySelector('#form-fields')?.disabled === false");
    tab_to(&browser, ".skip");
    tab_to(&browser, "nav a[href='#probes']");
    browser.press([ENTER]);
    browser.wait("return document.querySelector('#route').options.length > 3");
    tab_to(&browser, "#probe input[name=kind]");
    tab_to(&browser, "#route");
    browser.press([DOWN]);
    assert_eq!(
        browser.script("return document.querySelector('#route').value"),
        "POST /predict/{customer}"
    );
    tab_to(&browser, "#message");
    browser.press("{path.customer} comes by ".chars());
    // A name is chosen from those that there are.
    tab_to(&browser, "#names-panel summary");
    browser.press([SPACE]);
    tab_to(&browser, "#names-filter");
    browser.press("store.plan".chars());
    tab_to(&browser, "#names button");
    browser.press([ENTER]);
    assert_eq!(
        browser.script("return document.querySelector('#message').value"),
        "{path.customer} comes by {dep.feature_store.plan}"
    );
    tab_to(&browser, "#when");
    browser.press("path.customer != \"bob\"".chars());
    browser
        .wait("return document.querySelector('#verdict').innerText.startsWith('It could be set')");
    browser.press([ENTER]);
    browser
        .wait("return document.querySelector('#output-note').innerText.startsWith('watching p-')");
    served.predict("bob");
    served.predict("anna");
    let output = browser.wait("return document.querySelector('#output .message')?.innerText");
    assert_eq!(output, "anna comes by index");
    browser.wait(
        "return document.querySelector('#probe-list .figures')?.innerText.includes('1 of 20')",
    );
    browser.screenshot("console-probe");
    tab_to(&browser, "#probe-list button.danger");
    browser.press([ENTER]);
    browser.wait("return document.querySelector('#probe-list .chip')?.innerText === 'removed'");
    browser
        .wait("return document.querySelector('#output').innerText.includes('removed: passed 2')");
    assert_eq!(browser.complaints(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_level_is_set_watched_and_reset_by_keyboard() {
    let Some(browser) = Browser::start("levels") else {
        return;
    };
    listen_to_levels();
    let served = Served::start(Duration::from_millis(50));
    let echo = || Served::ask(served.public, "GET /echo?q=hello", "", "");
    browser.open(&served.url("/console"));
    browser.wait("return document.querySelector('#level-fields')?.disabled === false");
    tab_to(&browser, ".skip");
    tab_to(&browser, "nav a[href='#levels']");
    browser.press([ENTER]);
    browser.wait("return document.querySelector('#level-only').options.length > 2");
    browser.wait("return document.querySelector('#level-list').innerText.startsWith('None')");
    tab_to(&browser, "#level-place");
    browser.press("a b".chars().chain([ENTER]));
    browser
        .wait("return document.querySelector('#level-place-mistakes .caret')?.innerText === '^'");
    assert_eq!(
        browser.script("return document.activeElement.id"),
        "level-place"
    );
    // The browser itself says that a request was refused.
    assert_eq!(browser.complaints().len(), 1);
    browser.press([BACK; 3]);
    browser.press("browser::console::served".chars());
    tab_to(&browser, "#level-only");
    browser.press("GET /echo".chars());
    assert_eq!(
        browser.script("return document.querySelector('#level-only').value"),
        "GET /echo"
    );
    echo();
    tab_to(&browser, "#level-set");
    browser.press([ENTER]);
    browser
        .wait("return document.querySelector('#output-note').innerText.startsWith('watching l-')");
    echo();
    let output = browser.wait("return document.querySelector('#output .message')?.innerText");
    assert_eq!(output, "echoed letters=5");
    browser.wait(
        "const figures = document.querySelector('#level-list .figures')?.innerText ?? '';
         return /emitted\\s1/.test(figures) && /known sites\\s1/.test(figures)",
    );
    browser.wait("return document.querySelector('#levels-count').innerText === '1'");
    assert_eq!(
        browser.script("return document.querySelector('#probes-count').hidden"),
        true
    );
    browser.screenshot("console-level");
    tab_to(&browser, "#level-list button.danger");
    browser.press([ENTER]);
    browser.wait("return document.querySelector('#level-list').innerText.startsWith('None')");
    browser
        .wait("return document.querySelector('#output').innerText.includes('removed: passed 1')");
    assert_eq!(
        browser.script("return document.activeElement.id"),
        "level-place"
    );
    assert_eq!(browser.complaints(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mistake_is_shown_at_its_character() {
    let Some(browser) = Browser::start("mistake") else {
        return;
    };
    let served = Served::start(Duration::from_millis(50));
    browser.open(&served.url("/console"));
    browser.click("nav a[href='#probes']");
    browser.wait("return document.querySelector('#route').options.length > 3");
    browser.script(
        "const route = document.querySelector('#route');
         route.value = 'POST /predict/{customer}';
         route.dispatchEvent(new Event('input', {bubbles: true}));",
    );
    // One letter that is two for a script stands before the mistake.
    browser.script("document.querySelector('#when').value = '\"\u{1f680}\" == path.custom'");
    browser.fill("#when", "er2");
    browser
        .wait("return document.querySelector('#when-mistakes .caret')?.innerText === '^^^^^^^^^^'");
    let source =
        browser.script("return document.querySelector('#when-mistakes .source').innerText");
    let source = source.as_str().expect("the source").to_owned();
    let (expression, carets) = source.split_once('\n').expect("two lines");
    assert_eq!(expression, "\"\u{1f680}\" == path.customer2");
    assert_eq!(carets.find('^'), Some("\"_\" == path".len()));
    assert_eq!(
        browser.script("return document.querySelector('#when').getAttribute('aria-invalid')"),
        "true"
    );
    browser.screenshot("console-mistake");
    browser.click("#when-mistakes button");
    let chosen = browser.script(
        "const it = document.activeElement;
         return it.value.slice(it.selectionStart, it.selectionEnd)",
    );
    assert_eq!(chosen, ".customer2");
    browser.fill("#when", ".customer");
    browser.wait("return document.querySelector('#when').getAttribute('aria-invalid') === 'false'");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_clients_send_stays_text() {
    let Some(browser) = Browser::start("hostile") else {
        return;
    };
    let served = Served::start(Duration::from_millis(50));
    let probe = json!({
        "kind": "log", "target": "GET /echo", "message": "{query.q}", "reason": HOSTILE,
        "owner": HOSTILE,
    });
    let answer = Served::ask(
        served.management,
        "POST /live/probes",
        "",
        &probe.to_string(),
    );
    assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
    // One hit would end it, and who has ended cannot be watched.
    let snapshot = json!({"kind": "snapshot", "target": "GET /echo", "hits": 2});
    let answer = Served::ask(
        served.management,
        "POST /live/probes",
        "",
        &snapshot.to_string(),
    );
    assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
    let line = format!("GET /echo?q={}", encoded(HOSTILE));
    let header = format!("user-agent: {HOSTILE}\r\n");
    Served::ask(served.public, &line, &header, "");
    let broken = Served::ask(served.public, "GET /broken", &header, "");
    assert!(broken.starts_with("HTTP/1.1 500"), "{broken}");
    browser.open(&served.url("/console#probes"));
    for probe in 1..=2 {
        browser.click(&format!(
            "#probe-list li:nth-child({probe}) button[aria-label^=watch]:not([hidden])"
        ));
    }
    browser.wait(&format!(
        "return document.querySelector('#output .message')?.innerText === {HOSTILE:?}"
    ));
    browser.wait(
        "return document.querySelector('#output .snapshot pre')?.textContent.includes('onerror')",
    );
    browser.wait("return document.querySelector('#probe-list').innerText.includes('<img')");
    browser.click("nav a[href='#requests']");
    browser.click("#kinds input[value=failed]");
    browser.click("#kept details.entry summary");
    browser.click("#kept details.headers summary");
    browser.wait("return document.querySelector('#kept .headers').innerText.includes('<script>')");
    assert_eq!(browser.script("return window.hacked ?? null"), Value::Null);
    assert_eq!(
        browser.script("return document.querySelectorAll('main img, main script').length"),
        0
    );
    // Even a script of the page could make no HTML of it.
    let made = browser.script(
        "try { document.querySelector('#output').innerHTML = '<b>'; return 'made'; }
         catch (error) { return error.name; }",
    );
    assert_eq!(made, "TypeError");
    let head = Served::ask(served.management, "GET /console", "", "");
    let head = head
        .split("\r\n\r\n")
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    for header in [
        "content-security-policy: default-src 'none'; script-src 'self';",
        "frame-ancestors 'none'",
        "x-content-type-options: nosniff",
    ] {
        assert!(head.contains(header), "{header}: {head}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_set_probes_is_told_so() {
    let Some(browser) = Browser::start("read-only") else {
        return;
    };
    let served = Served::start(Duration::from_millis(50));
    browser.command("Network.enable", &json!({}));
    let headers = json!({"headers": {"x-forwarded-for": "192.0.2.7"}});
    browser.command("Network.setExtraHTTPHeaders", &headers);
    browser.open(&served.url("/console#probes"));
    browser.wait("return document.querySelector('#rights').innerText.includes('same machine')");
    assert_eq!(
        browser.script("return document.querySelector('#form-fields').disabled"),
        true
    );
    browser.click("#access-summary");
    browser.fill("#token", "a secret");
    browser.press([ENTER]);
    let kept = browser.wait("return Object.values(sessionStorage).join()");
    assert_eq!(kept, "a secret");
    assert_eq!(
        browser.script("return localStorage.length + document.cookie.length"),
        0
    );
    browser.click("#access-summary");
    browser.click("#forget");
    assert_eq!(browser.script("return sessionStorage.length"), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_asked_while_nobody_looks() {
    let Some(browser) = Browser::start("hidden") else {
        return;
    };
    let served = Served::start(Duration::from_millis(50));
    browser.open(&served.url("/console"));
    let asked = || {
        let count = "return performance.getEntriesByType('resource').length";
        browser.script(count).as_i64().expect("a number")
    };
    let before = asked();
    browser.wait(&format!(
        "return performance.getEntriesByType('resource').length > {before} + 2"
    ));
    browser.script(
        "Object.defineProperty(document, 'hidden', {get: () => window.away, configurable: true});
         window.away = true;
         document.dispatchEvent(new Event('visibilitychange'));",
    );
    // What was asked before comes to its end.
    let mut hidden = asked();
    for _ in 0..30 {
        thread::sleep(Duration::from_secs(1));
        match asked() {
            now if now == hidden => break,
            now => hidden = now,
        }
    }
    thread::sleep(Duration::from_secs(5));
    assert_eq!(asked(), hidden);
    browser.script("window.away = false; document.dispatchEvent(new Event('visibilitychange'));");
    browser.wait(&format!(
        "return performance.getEntriesByType('resource').length > {hidden}"
    ));
}
