//! `aplomb live level`, on services of this process.

use std::sync::Once;

use aplomb::observe::LiveFilter;
use aplomb::prelude::*;
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::prelude::*;

use crate::served::{Served, eventually, run};

#[get("/priced/{id}")]
async fn price(id: u32) -> u32 {
    tracing::debug!(id, token = "canary-7f3a", "priced");
    id
}

fn serve(start: impl FnOnce(App) -> Served) -> Served {
    static FIRST: Once = Once::new();
    FIRST.call_once(|| {
        let lines = tracing_subscriber::fmt::layer()
            .with_writer(std::io::sink)
            .with_filter(LiveFilter::new(LevelFilter::INFO));
        tracing_subscriber::registry().with(lines).init();
    });
    start(App::new().routes(routes![price]))
}

/// The ids of the levels that are set, once there are so many.
fn ids(served: &Served, count: usize) -> Vec<String> {
    eventually("the levels are set", || {
        let listed = served.printed(&["level", "list", "--json"]);
        let levels = listed.lines().map(|line| line.parse().expect("JSON"));
        let ids = levels.map(|level: Value| level["id"].as_str().expect("an id").to_owned());
        let ids: Vec<String> = ids.collect();
        (ids.len() == count).then_some(ids)
    })
}

#[test]
fn what_a_level_lets_through_comes_line_by_line() {
    let served = serve(Served::start);
    assert_eq!(served.printed(&["level"]), "no level is set\n");
    let directive = format!("{}=debug", module_path!());
    let following = served.follow(&["level", "set", &directive, "--for", "2m"]);
    let set = ids(&served, 1);
    served.ask("GET /priced/3");
    let line = following.line();
    assert!(line.contains("DEBUG live::levels "), "{line}");
    assert!(line.contains("levels.rs:"), "{line}");
    assert!(line.ends_with(": priced id=3 token=hidden"), "{line}");
    let listed = served.printed(&["level"]);
    assert!(
        listed.contains(&directive) && listed.contains("ada") && listed.contains(&set[0]),
        "{listed}"
    );
    let sites = served.printed(&["level", "sites", "live/levels.rs"]);
    assert!(
        sites.contains("debug") && sites.contains("id token"),
        "{sites}"
    );
    following.interrupt();
    let (code, rest) = following.end();
    assert_eq!(code, 0);
    let totals = rest.last().expect("totals");
    assert!(
        totals.contains("removed: ") && totals.contains("emitted 1"),
        "{totals}"
    );
    ids(&served, 0);
}

#[test]
fn levels_that_are_left_are_reset() {
    let (one, other) = (serve(Served::start), serve(Served::on_port));
    let both = format!("{},{}", one.management, other.management);
    let left = run(
        &[
            "--at",
            &both,
            "level",
            "set",
            "live::nobody=warn",
            "--detach",
        ],
        &[],
    );
    assert_eq!(left.code, 0, "{left:?}");
    assert_eq!(left.out.lines().count(), 2, "{}", left.out);
    assert!(left.out.contains(&one.management), "{}", left.out);
    let set = ids(&one, 1);
    let reset = one.printed(&["level", "reset", &set[0]]);
    assert_eq!(reset, format!("{} reset: emitted 0, dropped 0\n", set[0]));
    assert_eq!(one.live(&["level", "reset", &set[0]]).code, 4);
    ids(&other, 1);
    let every = run(&["--at", &both, "level", "reset", "--every"], &[]);
    assert!(every.out.contains(": 1 reset"), "{}", every.out);
    ids(&other, 0);
}

#[test]
fn a_refused_directive_points_at_the_character() {
    let served = serve(Served::start);
    let refused = served.live(&["level", "set", "shop::orders=debgu"]);
    assert_eq!(refused.code, 3, "{refused:?}");
    let lines: Vec<&str> = refused.err.lines().collect();
    assert_eq!(lines[1], "  directive: shop::orders=debgu");
    assert!(
        lines[2].starts_with("                          ^^^^^ no level is called `debgu`"),
        "{}",
        refused.err
    );
    let nowhere = served.live(&["level", "set", "a=info", "--route", "/nowhere"]);
    assert_eq!(nowhere.code, 3);
    let check = served.live(&["level", "set", "live::nobody=info", "--check"]);
    assert!(
        check.code == 0 && check.err.contains("could be set") && check.err.contains("no callsite"),
        "{check:?}"
    );
    ids(&served, 0);
}
