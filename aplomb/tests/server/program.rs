//! [`Program`]: a service as a process of its own, to be signalled.

#![allow(dead_code, reason = "every test file uses the part it needs")]

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::{Duration, Instant};

use aplomb::prelude::*;
use aplomb::serve::Limits;

/// Says to a test binary that it is the service.
const ASKED: &str = "SERVE_AS_PROGRAM";

#[derive(Model)]
struct Item {
    name: String,
}

#[get("/items/{item_id}")]
async fn read_item(item_id: u32) -> Value {
    json!({"item_id": item_id, "name": "fork"})
}

#[post("/items")]
async fn create_item(item: Item) -> Item {
    item
}

/// How many bytes the report has: more than the buffers of a connection hold.
pub(crate) const REPORT_LENGTH: usize = 256 * PIECE.len();

const PIECE: &str = match std::str::from_utf8(&[b'x'; 1 << 16]) {
    Ok(piece) => piece,
    Err(_) => "",
};

#[get("/report", response_class = StreamingResponse)]
async fn read_report() -> impl Iterator<Item = &'static str> {
    std::iter::repeat_n(PIECE, REPORT_LENGTH / PIECE.len())
}

/// What a process that was started before the service took connections has of its sockets: the
/// variable that tells of them, and how many.
static CHILD: OnceLock<String> = OnceLock::new();

async fn start_child() -> Result<()> {
    let sockets = "echo ${LISTEN_FDS-none} $(ls -l /proc/$$/fd | grep -c socket:)";
    let output = Command::new("sh").args(["-c", sockets]).output();
    let output = output.expect("a process").stdout;
    let output = String::from_utf8(output).expect("text");
    CHILD.get_or_init(|| output.trim().to_owned());
    Ok(())
}

#[get("/child")]
async fn read_child() -> &'static str {
    CHILD.get().map_or("", String::as_str)
}

/// The number of the process that answers.
#[get("/process")]
async fn read_process() -> u32 {
    std::process::id()
}

/// Takes longer than anybody waits.
#[get("/nap")]
async fn nap() {
    tokio::time::sleep(Duration::from_secs(3600)).await;
}

/// Takes longer than it may.
#[get("/late", deadline = "100ms")]
async fn late() {
    tokio::time::sleep(Duration::from_secs(3600)).await;
}

/// The limits of a service by their name.
pub(crate) fn limits(name: &str) -> Limits {
    match name {
        "many" => Limits {
            connections: 15_000,
            ..Limits::default()
        },
        "impatient" => Limits {
            head_timeout: Duration::from_secs(2),
            idle_timeout: Duration::from_secs(3),
            write_timeout: Duration::from_secs(3),
            ..Limits::default()
        },
        "hung-successor" => Limits {
            handover_timeout: Duration::from_secs(1),
            ..Limits::default()
        },
        "lame-duck" => Limits {
            lame_duck: Duration::from_secs(3),
            ..Limits::default()
        },
        _ => Limits::default(),
    }
}

/// Serves, where this process is to be the service; the test named `program` calls it.
pub(crate) fn serve_if_asked() {
    let Ok(name) = std::env::var(ASKED) else {
        return;
    };
    let names = std::env::var("LISTEN_FDNAMES").unwrap_or_default();
    let follows = names.contains("predecessor");
    assert!(!(name == "no-successor" && follows), "as asked");
    if name == "hung-successor" && follows {
        eprintln!("hangs as {}", std::process::id());
        std::thread::sleep(Duration::from_secs(600));
    }
    let mut app = App::new().limits(limits(&name)).routes(routes![
        read_item,
        create_item,
        read_report,
        read_process,
        read_child,
        nap,
        late
    ]);
    if name == "child" {
        app = app.on_startup(start_child);
    }
    let code = aplomb::__private::block_on_main(app.serve());
    assert_eq!(code, std::process::ExitCode::SUCCESS);
}

/// A running service; it is killed when this is dropped.
pub(crate) struct Program {
    pub(crate) address: SocketAddr,
    pub(crate) id: u32,
    child: Child,
    log: Arc<Mutex<Vec<String>>>,
}

impl Program {
    pub(crate) fn start() -> Self {
        Self::with("usual", &[])
    }

    /// With limits of this name, and these variables in the environment.
    pub(crate) fn with(limits: &str, variables: &[(&str, &str)]) -> Self {
        let own = std::env::current_exe().expect("a program");
        let mut child = Command::new(own)
            .args(["--exact", "program", "--nocapture"])
            .env(ASKED, limits)
            .envs([("HOST", "127.0.0.1"), ("PORT", "0"), ("RUST_LOG", "info")])
            .envs(variables.iter().copied())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("a process");
        let lines = BufReader::new(child.stderr.take().expect("a pipe")).lines();
        let log = Arc::new(Mutex::new(Vec::new()));
        let written = Arc::clone(&log);
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                written.lock().expect("no panic").push(line);
            }
        });
        let id = child.id();
        let mut program = Self {
            address: SocketAddr::from(([127, 0, 0, 1], 0)),
            id,
            child,
            log,
        };
        let listening = program.wait_for("  listening ");
        let (_, address) = listening.split_once("://").expect("an address");
        // A path is not for those who connect to an address.
        if !address.starts_with("unix:") {
            program.address = address.parse().expect("an address");
        }
        program
    }

    /// The first line it has written with these words, once there is one.
    pub(crate) fn wait_for(&self, words: &str) -> String {
        let begun = Instant::now();
        loop {
            let log = self.log();
            if let Some(line) = log.iter().find(|line| line.contains(words)) {
                return line.clone();
            }
            assert!(begun.elapsed() < Duration::from_secs(30), "{log:#?}");
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    /// What it has written.
    pub(crate) fn log(&self) -> Vec<String> {
        self.log.lock().expect("no panic").clone()
    }

    pub(crate) fn signal(&self, name: &str) {
        signal(self.id, name);
    }

    /// Waits until it has ended well.
    pub(crate) fn wait(&mut self) {
        let ended = self.child.wait().expect("an end");
        assert!(ended.success(), "{ended}: {:#?}", self.log());
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It has ended already where all went well.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub(crate) fn signal(id: u32, name: &str) {
    let sent = Command::new("kill")
        .args(["-s", name, &id.to_string()])
        .status()
        .expect("kill");
    assert!(sent.success(), "{name} to {id}");
}
