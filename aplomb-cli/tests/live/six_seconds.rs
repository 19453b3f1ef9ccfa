//! The story of six seconds that nobody could find, as the page tells it: its commands are run, and
//! what they print is what it says but for the numbers.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::Duration;

use crate::served::{Served, eventually};
use aplomb::prelude::*;

/// A command of the page, and what it says that it prints.
struct Shown {
    arguments: Vec<String>,
    printed: Vec<String>,
}

fn page() -> Vec<Shown> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/where-did-my-six-seconds-go.md");
    let text = std::fs::read_to_string(path).expect("the page");
    let mut shown: Vec<Shown> = Vec::new();
    let mut inside = false;
    for line in text.lines() {
        match line {
            "```console" => inside = true,
            "```" => inside = false,
            line if inside => match (line.strip_prefix("$ aplomb live "), shown.last_mut()) {
                (Some(command), _) => shown.push(Shown {
                    arguments: words(command),
                    printed: Vec::new(),
                }),
                (None, Some(last)) => last.printed.push(masked(line)),
                (None, None) => panic!("what prints {line}?"),
            },
            _ => {}
        }
    }
    shown
}

/// The words of a command line, with single quotes around those that have spaces.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    for (place, part) in line.split('\'').enumerate() {
        match place % 2 {
            0 => words.extend(part.split_whitespace().map(str::to_owned)),
            _ => words.push(part.to_owned()),
        }
    }
    words
}

/// A line without its numbers, units of time and the width of its columns.
fn masked(line: &str) -> String {
    let mut masked: Vec<String> = Vec::new();
    for word in line.split_whitespace() {
        let is_unit = matches!(word.trim_end_matches([',', '.', ':']), "s" | "ms" | "min");
        if word.starts_with("p-") {
            // The name of a probe is a number, if not a decimal one.
            masked.push("p-#".to_owned());
            continue;
        }
        let mut plain = String::new();
        for letter in word.chars() {
            match letter.is_ascii_digit() {
                true if plain.ends_with('#') => {}
                true => plain.push('#'),
                false => plain.push(letter),
            }
        }
        let plain = plain.replace("#.#", "#");
        match masked.last_mut() {
            Some(last) if is_unit && last.ends_with('#') => {
                last.extend(word.chars().filter(char::is_ascii_punctuation));
            }
            _ => masked.push(plain),
        }
    }
    masked.join(" ")
}

/// Three requests a second, one of them of a new customer, until it is dropped.
struct Customers(Arc<AtomicBool>, Option<std::thread::JoinHandle<()>>);

impl Customers {
    fn come_to(served: Arc<Served>) -> Self {
        let enough = Arc::new(AtomicBool::new(false));
        let done = Arc::clone(&enough);
        let sending = std::thread::spawn(move || {
            let mut answers = Vec::new();
            for number in 0.. {
                if done.load(Relaxed) {
                    break;
                }
                let customer = match number % 3 {
                    0 => format!("new-{number}"),
                    _ => format!("customer-{number}"),
                };
                let line = format!("POST /predict/{customer}");
                answers.push(served.send(&line, &[], &json!({"price": 2.5}).to_string()));
                std::thread::sleep(Duration::from_millis(333));
            }
            for answer in answers {
                let answer = answer.join().expect("an answer");
                assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
            }
        });
        Self(enough, Some(sending))
    }

    fn leave(mut self) {
        self.0.store(true, Relaxed);
        self.1
            .take()
            .expect("a thread")
            .join()
            .expect("all were answered");
    }
}

#[test]
fn one_command_names_the_slow_dependency() {
    let served = Arc::new(Served::start(prediction::app(Duration::from_secs(6))));
    let customers = Customers::come_to(Arc::clone(&served));
    eventually("somebody has waited", || {
        let slow = served.printed(&["slow", "--kind", "slow", "--json"]);
        slow.contains("new-3").then_some(())
    });
    // Whoever knows no more than the address asks one question.
    let told: Value = served
        .printed(&["why", "--json"])
        .trim()
        .parse()
        .expect("JSON");
    assert_eq!(told["route"], "POST /predict/{customer}");
    assert_eq!(
        told["causes"][0]["what"],
        "waiting in dependency feature_store"
    );
    let shown = page();
    assert!(shown.len() >= 4, "the page shows commands");
    for Shown { arguments, printed } in shown {
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let out = served.printed(&arguments);
        let lines: Vec<String> = out.lines().map(masked).collect();
        let mut rest = lines.iter();
        for line in &printed {
            // On a busy machine more parts of the time are worth a line, which stand between.
            assert!(
                rest.any(|printed| printed == line),
                "`{line}` is not what {arguments:?} prints:\n{out}\n{}",
                lines.join("\n")
            );
        }
    }
    customers.leave();
}

#[test]
fn numbers_are_masked_and_words_are_not() {
    assert_eq!(masked("  6.04 s  the   dependency"), "# the dependency");
    assert_eq!(masked("took 6.00 s: 200; x"), "took #: #; x");
    assert_eq!(
        words("log 'a b' --hits 2 'c'"),
        ["log", "a b", "--hits", "2", "c"]
    );
}
