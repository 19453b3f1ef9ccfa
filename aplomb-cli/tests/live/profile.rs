//! Profiles, as the command takes them.

use std::hint::black_box;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::{Duration, Instant};

use aplomb::prelude::*;

use crate::served::Served;

#[inline(never)]
fn grinds_the_corn() -> u64 {
    let begun = Instant::now();
    let mut sum = 0_u64;
    while begun.elapsed() < Duration::from_millis(40) {
        for number in 0..10_000_u64 {
            sum = black_box(sum.wrapping_mul(31).wrapping_add(number));
        }
    }
    sum
}

#[get("/grind")]
async fn grind() -> u64 {
    grinds_the_corn()
}

#[test]
fn a_profile_is_written_to_a_file() {
    let served = Served::start(App::new().routes(routes![grind]));
    let folder = tempfile::tempdir().expect("a folder");
    let file = |name: &str| folder.path().join(name).display().to_string();
    let (graph, stacks) = (file("flame.svg"), file("flame.folded"));
    let enough = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !enough.load(Relaxed) {
                assert!(served.ask("GET /grind").starts_with("HTTP/1.1 200"));
            }
        });
        let take = |more: &[&str]| served.printed(&[&["profile", "--seconds", "1"], more].concat());
        assert_eq!(take(&["-o", &graph]), format!("{graph}\n"));
        let printed: Value = take(&["--folded", "-o", &stacks, "--json"])
            .parse()
            .expect("JSON");
        assert_eq!(printed, json!({"path": stacks}));
        let printed = take(&["--folded", "-o", "-"]);
        assert!(printed.contains("grinds_the_corn"), "{printed}");
        enough.store(true, Relaxed);
    });
    let read = |path: &str| std::fs::read_to_string(path).expect("the profile");
    assert!(read(&graph).contains("<svg"));
    let stacks = read(&stacks);
    let found = stacks
        .lines()
        .find(|line| line.starts_with("GET /grind;") && line.contains("grinds_the_corn"));
    assert!(found.is_some(), "{stacks}");

    let long = served.live(&["profile", "--seconds", "61"]);
    assert_eq!(long.code, 3, "{long:?}");
    assert!(long.err.contains("refused: seconds: "), "{}", long.err);
    assert!(long.err.contains("No profile was taken"), "{}", long.err);
    let nowhere = served.live(&["profile", "--seconds", "1", "-o", &file("none/flame.svg")]);
    assert_eq!(nowhere.code, 2, "{nowhere:?}");
}
