//! Hashes of passwords: what is accepted, what is made anew, and how many are made at once.

#![cfg(feature = "passwords")]

use std::time::{Duration, Instant};

use aplomb::security::passwords::Passwords;

/// Of `secret`, by pwdlib with its recommended cost.
const PWDLIB: &str = "$argon2id$v=19$m=65536,t=3,p=4$wagCPXjifgvUFBzq4hqe3w$CYaIb8sB+wtD+Vu/P4uod1+Qof8h+1g7bbDlBID48Rc";
/// Of `secret`, by crypt(3).
const BCRYPT: [&str; 2] = [
    "$2b$05$abcdefghijklmnopqrstuuOQiyCxlgf/oeuTqixKmWdcYUh4Hjl0a",
    "$2y$06$abcdefghijklmnopqrstuuxLa0AkDDSrQ9VwNnETzOsObiucpMYgC",
];
/// Of 80 times `a`, by crypt(3), which takes the first 72.
const LONG: &str = "$2b$05$abcdefghijklmnopqrstuuGUnCqbfgs3htOkLrFduUjAyLBw1Rq/u";

fn cheap() -> Passwords {
    Passwords::with_cost(64, 1, 1).expect("argon2 allows it")
}

#[tokio::test]
async fn hashes_hold_for_their_own_password_only() {
    let passwords = cheap();
    let hash = passwords.hash("correct horse").await.unwrap();
    let again = passwords.hash("correct horse").await.unwrap();
    assert!(hash.starts_with("$argon2id$v=19$m=64,t=1,p=1$"), "{hash}");
    assert_ne!(hash, again, "each has a salt of its own");
    for (password, right) in [
        ("correct horse", true),
        ("Correct horse", false),
        ("correct horse ", false),
        ("correct horse\0", false),
        ("", false),
    ] {
        let verified = passwords.verify(password, &*hash).await.unwrap();
        assert_eq!(verified, right, "{password:?}");
    }
    let empty = passwords.hash("").await.unwrap();
    assert!(passwords.verify("", &*empty).await.unwrap());
    assert!(!passwords.verify("a", &*empty).await.unwrap());
}

#[tokio::test]
async fn hashes_of_others_are_accepted_and_made_anew() {
    let passwords = cheap();
    for hash in [PWDLIB, BCRYPT[0], BCRYPT[1]] {
        assert!(passwords.verify("secret", hash).await.unwrap(), "{hash}");
        assert!(!passwords.verify("Secret", hash).await.unwrap(), "{hash}");
        assert!(passwords.needs_rehash(hash), "{hash}");
    }
    let long = "a".repeat(80);
    assert!(passwords.verify(long.as_str(), LONG).await.unwrap());
    assert!(!passwords.verify("a".repeat(71), LONG).await.unwrap());

    let own = passwords.hash("secret").await.unwrap();
    assert!(!passwords.needs_rehash(&own));
    assert!(Passwords::new().needs_rehash(&own), "the cost has grown");
    assert!(passwords.needs_rehash(&own.replace("argon2id", "argon2i")));
    assert!(passwords.needs_rehash(&own.replace("v=19", "v=16")));
    assert!(passwords.needs_rehash("nonsense"));
}

#[tokio::test]
async fn what_is_no_hash_is_nobodys() {
    let passwords = cheap();
    let nobody = format!(
        "$argon2id$v=19$m=64,t=1,p=1$bm9ib2R5IGhhcyB0aGlz${}",
        "A".repeat(43)
    );
    for hash in [
        "",
        "secret",
        "$argon2id$",
        "$argon2id$v=19$m=64,t=1,p=1$c2FsdHNhbHQ",
        "$2b$05$",
        "$2b$99$abcdefghijklmnopqrstuuOQiyCxlgf/oeuTqixKmWdcYUh4Hjl0a",
        "$scrypt$ln=1,r=8,p=1$c2FsdHNhbHQ$c2FsdHNhbHQ",
        "$2b$05$éééééééééééééééééééééééééééééééééééééééééééééééééééééé",
        &nobody,
    ] {
        assert!(!passwords.verify("secret", hash).await.unwrap(), "{hash}");
        assert!(!passwords.verify("", hash).await.unwrap(), "{hash}");
    }
}

/// The work for a user there is none of is the work for one there is.
#[tokio::test]
async fn nobody_takes_as_long_as_somebody() {
    let passwords = Passwords::with_cost(16 * 1024, 2, 1).unwrap();
    let hash = passwords.hash("secret").await.unwrap();
    let mut fastest = [Duration::MAX; 2];
    for _ in 0..5 {
        for (hash, fastest) in [Some(&*hash), None].into_iter().zip(&mut fastest) {
            let started = Instant::now();
            assert!(!passwords.verify("wrong", hash).await.unwrap());
            *fastest = (*fastest).min(started.elapsed());
        }
    }
    let [somebody, nobody] = fastest;
    assert!(nobody * 3 > somebody, "{nobody:?} is no {somebody:?}");
    assert!(!passwords.verify("secret", None).await.unwrap());
}

/// The threads that serve go on while hashes are made, and a crowd is turned away.
#[tokio::test(flavor = "current_thread")]
async fn a_crowd_waits_its_turn_and_keeps_nobody_else_waiting() {
    let passwords = Passwords::with_cost(8 * 1024, 2, 1).unwrap().at_once(1);
    let hashes: Vec<_> = (0..400)
        .map(|_| {
            let passwords = passwords.clone();
            tokio::spawn(async move { passwords.hash("secret").await.map(drop) })
        })
        .collect();
    let mut longest = Duration::ZERO;
    for _ in 0..20 {
        let started = Instant::now();
        tokio::time::sleep(Duration::from_millis(1)).await;
        longest = longest.max(started.elapsed());
    }
    assert!(longest < Duration::from_millis(500), "{longest:?}");
    let mut refused = 0;
    for hash in &hashes {
        if hash.is_finished() {
            continue;
        }
        hash.abort();
    }
    for hash in hashes {
        if let Ok(Err(error)) = hash.await {
            let answer = error.http().expect("an answer");
            assert_eq!(answer.status().as_u16(), 503);
            assert_eq!(answer.headers()["retry-after"], "1");
            refused += 1;
        }
    }
    assert!(refused >= 100, "{refused} were turned away");
    // Those that no longer wait have left the queue.
    assert!(passwords.hash("secret").await.is_ok());
}
