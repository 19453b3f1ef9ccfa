//! The console of the management listener, as people use it.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::thread;
use std::time::Duration;

use aplomb::prelude::*;

use crate::beside::Beside;
use crate::webdriver::Browser;
use crate::{assert_only_own, prediction};

const TAB: char = '\u{e004}';
const ENTER: char = '\u{e007}';
const DOWN: char = '\u{e015}';
const SPACE: char = ' ';

/// What a client may send, and what must stay text.
const HOSTILE: &str = "<img src=x onerror=\"window.hacked=1\"><script>window.hacked=2</script>";

/// Always fails.
#[get("/broken")]
async fn broken() -> Result<()> {
    Err(std::io::Error::other("boom").into())
}

/// Whatever a client says.
#[get("/echo")]
async fn echo(q: String) -> usize {
    q.len()
}

/// A service with its management listener, on ports of their own.
struct Served {
    public: u16,
    management: u16,
    _beside: Beside,
}

impl Served {
    /// The service of the example, whose store takes so long for new customers.
    fn start(scan: Duration) -> Self {
        Self::of(prediction::app(scan).routes(routes![broken, echo]))
    }

    fn of(app: App) -> Self {
        let ports = [(); 2].map(|()| TcpListener::bind("127.0.0.1:0").expect("a port"));
        let [public, management] = ports.map(|port| port.local_addr().expect("its number").port());
        let app = app
            .quiet()
            .address(&*format!("127.0.0.1:{public}"))
            .management(&*format!("127.0.0.1:{management}"));
        let beside = Beside::start(app);
        for port in [public, management] {
            while TcpStream::connect(("127.0.0.1", port)).is_err() {
                thread::sleep(Duration::from_millis(5));
            }
        }
        Self {
            public,
            management,
            _beside: beside,
        }
    }

    fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.management)
    }

    /// Sends a request, and reads the whole answer.
    fn ask(port: u16, line: &str, headers: &str, body: &str) -> String {
        let mut stream = TcpStream::connect(("127.0.0.1", port)).expect("a connection");
        let length = body.len();
        let head = format!(
            "{line} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\
             content-type: application/json\r\ncontent-length: {length}\r\n{headers}\r\n"
        );
        stream.write_all((head + body).as_bytes()).expect("sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        answer
    }

    fn predict(&self, customer: &str) {
        let line = format!("POST /predict/{customer}");
        let answer = Self::ask(self.public, &line, "", r#"{"price": 3}"#);
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    }

    /// Sends a request and does not wait for the answer.
    fn ask_for(&self, customer: &str) -> thread::JoinHandle<()> {
        let (port, line) = (self.public, format!("POST /predict/{customer}"));
        thread::spawn(move || drop(Self::ask(port, &line, "", r#"{"price": 3}"#)))
    }
}

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
    let served = Served::start(Duration::from_secs(2));
    browser.open(&served.url("/"));
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
    let snapshot = json!({"kind": "snapshot", "target": "GET /echo"});
    Served::ask(
        served.management,
        "POST /live/probes",
        "",
        &snapshot.to_string(),
    );
    let line = format!("GET /echo?q={}", encoded(HOSTILE));
    let header = format!("user-agent: {HOSTILE}\r\n");
    Served::ask(served.public, &line, &header, "");
    let broken = Served::ask(served.public, "GET /broken", &header, "");
    assert!(broken.starts_with("HTTP/1.1 500"), "{broken}");
    browser.open(&served.url("/console#probes"));
    for _ in 0..2 {
        browser.click("#probe-list button[aria-label^=watch]:not([aria-pressed=true])");
        browser.script(
            "for (const one of document.querySelectorAll('#probe-list button[aria-label^=watch]')) one.click()",
        );
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
    thread::sleep(Duration::from_millis(500));
    let hidden = asked();
    thread::sleep(Duration::from_secs(5));
    assert_eq!(asked(), hidden);
    browser.script("window.away = false; document.dispatchEvent(new Event('visibilitychange'));");
    browser.wait(&format!(
        "return performance.getEntriesByType('resource').length > {hidden}"
    ));
}

/// How far the texts of a view stand out from what is behind them: the worst of them.
const CONTRAST: &str = "
    const channels = text => text.match(/[\\d.]+/g).map(Number);
    const light = ([r, g, b]) => [r, g, b].map(c => c / 255)
        .map(c => c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
        .reduce((sum, c, place) => sum + c * [0.2126, 0.7152, 0.0722][place], 0);
    const behind = one => {
        for (; one; one = one.parentElement) {
            const colour = channels(getComputedStyle(one).backgroundColor);
            if (colour.length === 3 || colour[3] === 1) return colour;
        }
        return [255, 255, 255];
    };
    let worst = [99, ''];
    for (const one of document.querySelectorAll('body *')) {
        const own = [...one.childNodes].some(node => node.nodeType === 3 && node.data.trim());
        if (!own || !one.checkVisibility() || one.closest('.unseen, .skip, :disabled')) continue;
        const [a, b] = [light(channels(getComputedStyle(one).color)), light(behind(one))];
        const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
        if (ratio < worst[0]) worst = [ratio, one.outerHTML.slice(0, 200)];
    }
    return worst;";

#[tokio::test(flavor = "multi_thread")]
async fn it_can_be_read_light_dark_and_narrow() {
    let Some(browser) = Browser::start("looks") else {
        return;
    };
    let served = Served::start(Duration::from_millis(900));
    let slow: Vec<_> = (0..3)
        .map(|number| served.ask_for(&format!("new-{number}")))
        .collect();
    Served::ask(served.public, "GET /broken", "", "");
    slow.into_iter()
        .for_each(|slow| slow.join().expect("an answer"));
    for (name, width, dark) in [
        ("light", 1280, false),
        ("dark", 1280, true),
        ("narrow", 400, false),
        ("narrow-dark", 400, true),
    ] {
        browser.appear(width, 1000, dark);
        for view in ["traffic", "requests", "probes", "capacity"] {
            browser.open(&served.url(&format!("/console?{name}#{view}")));
            browser.wait(
                "return document.querySelector('#routes tbody .number')?.innerText.length > 0",
            );
            if view == "requests" {
                browser.click("#kept details.entry summary");
            }
            browser.screenshot(&format!("console-{name}-{view}"));
            let wide = browser.script("return document.documentElement.scrollWidth");
            assert!(wide.as_i64() <= Some(width.into()), "{name} {view}: {wide}");
            let contrast = browser.script(CONTRAST);
            let ratio = contrast[0].as_f64().expect("a number");
            assert!(ratio >= 4.5, "{name} {view}: {contrast}");
        }
        let page = browser.script("return getComputedStyle(document.body).backgroundColor");
        let is_dark = page.as_str().is_some_and(|colour| colour.contains("(14,"));
        assert_eq!(is_dark, dark, "{page}");
    }
}

/// The pictures of the guide; they are written to `docs/images` where `APLOMB_PICTURES` is set.
#[tokio::test(flavor = "multi_thread")]
async fn pictures_of_the_guide() {
    if std::env::var_os("APLOMB_PICTURES").is_none() {
        return;
    }
    let Some(browser) = Browser::start("pictures") else {
        return;
    };
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/images");
    std::fs::create_dir_all(&folder).expect("a folder");
    let picture = |name: &str| {
        let file = folder.join(format!("{name}.png"));
        browser.picture(&file);
        let size = std::fs::metadata(&file).expect("the file").len();
        assert!(size < 150_000, "{name} has {size} bytes");
    };
    let served = Served::of(prediction::app(Duration::from_secs(6)));
    browser.appear(1200, 760, false);
    browser.open(&served.url("/console"));
    let traffic = thread::spawn({
        let port = served.public;
        move || {
            for number in 0..90 {
                let customer = if number % 5 == 4 { "new-" } else { "anna-" };
                let line = format!("POST /predict/{customer}{number}");
                thread::spawn(move || Served::ask(port, &line, "", r#"{"price": 3}"#));
                thread::sleep(Duration::from_millis(300));
            }
        }
    });
    thread::sleep(Duration::from_secs(12));
    picture("console-traffic");
    browser.click("nav a[href='#requests']");
    browser.click("#kept details.entry summary");
    browser.wait("return document.querySelector('#kept .waterfall')");
    picture("console-requests");
    browser.click("nav a[href='#probes']");
    browser.wait("return document.querySelector('#route').options.length > 3");
    browser.appear(1100, 1000, false);
    browser.script(
        "const choose = (id, value) => {
             document.getElementById(id).value = value;
             document.getElementById(id).dispatchEvent(new Event('input', {bubbles: true}));
         };
         choose('route', 'POST /predict/{customer}');
         choose('point', '@dep:feature_store');",
    );
    browser.fill("#message", "{path.customer}: {dep.feature_store.plan}");
    browser.fill("#when", "duration > 1000");
    browser.wait("return document.querySelector('#when-mistakes .caret')");
    browser.script("scrollTo(0, 0)");
    picture("console-mistake");
    browser.script("document.querySelector('#when').value = ''");
    browser.fill("#when", "duration_ms > 1000");
    browser.click("#set");
    browser.wait("return document.querySelectorAll('#output .message').length > 1");
    browser.wait("return document.querySelector('#probe-list').innerText.match(/[2-9] of 20/)");
    browser.script("scrollTo(0, 0)");
    picture("console-probe");
    traffic.join().expect("sent");
}
