//! How much memory forms take, in a process of its own.
#![cfg(target_os = "linux")]

#[path = "forms/pieces.rs"]
mod pieces;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use aplomb::prelude::*;
use bytes::Bytes;
use pieces::{HEAD, MULTIPART, post};

#[post("/file", max_body_size = 1 << 30)]
async fn file(file: UploadFile) -> Result<Value> {
    let mut sum = 0_u64;
    loop {
        let piece = file.read(64 << 10).await?;
        if piece.is_empty() {
            return Ok(json!([file.size(), sum]));
        }
        sum += piece.iter().map(|byte| u64::from(*byte)).sum::<u64>();
    }
}

#[post("/files")]
async fn files(files: Vec<UploadFile>) -> usize {
    files.len()
}

/// The memory of this process that is not shared, in bytes.
fn memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("a status");
    let line = status
        .lines()
        .find(|line| line.starts_with("RssAnon:"))
        .expect("RssAnon");
    let kibibytes = line.split_whitespace().nth(1).expect("a number");
    kibibytes.parse::<u64>().expect("a number") << 10
}

async fn a_large_upload_takes_no_more_memory_than_a_small_one() {
    let service = App::new().routes(routes![file, files]).build();
    let head = HEAD.replace("name=\"a\"", "name=\"file\"; filename=\"f\"");
    let mut peaks = Vec::new();
    for mebibytes in [16_u64, 256] {
        let before = memory();
        let peak = Arc::new(AtomicU64::new(0));
        let seen = Arc::clone(&peak);
        let piece = Bytes::from(vec![1_u8; 64 << 10]);
        let content = (0..mebibytes * 16).map(move |number| {
            if number % 64 == 0 {
                seen.fetch_max(memory(), Ordering::Relaxed);
            }
            piece.clone()
        });
        let end = "\r\n--XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX--\r\n";
        let pieces = std::iter::once(Bytes::from(head.clone()))
            .chain(content)
            .chain([Bytes::from(end)]);
        let (status, answer) = post(&service, "/file", MULTIPART, pieces).await;
        let bytes = mebibytes << 20;
        assert_eq!((status, answer), (200, format!("[{bytes},{bytes}]")));
        let peak = peak.load(Ordering::Relaxed).max(memory());
        peaks.push(peak.saturating_sub(before) >> 20);
    }
    assert!(peaks[1] < 32, "{peaks:?} MiB");
}

async fn many_files_share_one_temporary_file_and_bounded_memory() {
    let service = App::new().routes(routes![file, files]).build();
    let open = || {
        std::fs::read_dir("/proc/self/fd")
            .expect("a directory")
            .count()
    };
    let head = HEAD.replace("name=\"a\"", "name=\"files\"; filename=\"f\"");
    let part = |number: usize| {
        Bytes::from([head.as_bytes(), &vec![b'x'; 100 << 10][..number], b"\r\n"].concat())
    };
    let parts: Vec<Bytes> = (0..150).map(|_| part(100 << 10)).collect();
    let end = Bytes::from_static(b"--XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX--");
    let (before, most) = (open(), Arc::new(AtomicUsize::new(0)));
    let seen = Arc::clone(&most);
    let pieces = parts.into_iter().chain([end]).inspect(move |_| {
        seen.fetch_max(open(), Ordering::Relaxed);
    });
    let (status, answer) = post(&service, "/files", MULTIPART, pieces).await;
    assert_eq!((status, &*answer), (200, "150"));
    let most = most.load(Ordering::Relaxed);
    assert!(
        most <= before + 20,
        "{before} files were open, and then {most}"
    );
}

/// One after the other, because both look at the whole process.
#[tokio::test]
async fn memory_and_open_files_are_bounded() {
    a_large_upload_takes_no_more_memory_than_a_small_one().await;
    many_files_share_one_temporary_file_and_bounded_memory().await;
}
