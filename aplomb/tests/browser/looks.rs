//! How the console looks, and its pictures.

use std::path::Path;
use std::thread;
use std::time::Duration;

use aplomb::json;

use super::served::Served;
use crate::prediction;
use crate::webdriver::Browser;

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
    let level =
        json!({"directive": "a_crate::with_a_long_name::orders=debug", "route": "GET /echo"});
    let set = Served::ask(
        served.management,
        "PUT /live/levels",
        "",
        &level.to_string(),
    );
    assert!(set.starts_with("HTTP/1.1 200"), "{set}");
    for (name, width, dark) in [
        ("light", 1280, false),
        ("dark", 1280, true),
        ("narrow", 400, false),
        ("narrow-dark", 400, true),
    ] {
        browser.appear(width, 1000, dark);
        for view in ["traffic", "requests", "probes", "levels", "capacity"] {
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
        assert!(size < 160_000, "{name} has {size} bytes");
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
