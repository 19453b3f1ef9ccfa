//! A served app with its management listener, and the command that looks into it.

#[path = "../../../aplomb/tests/server/beside.rs"]
mod beside;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::os::unix::net::UnixStream;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread::{JoinHandle, sleep, spawn};
use std::time::{Duration, Instant};

use aplomb::prelude::*;
use beside::Beside;
use tempfile::TempDir;

/// How long anything may take.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// A served app with its management listener; dropping it stops both.
pub(crate) struct Served {
    /// The first, so that it ends before its folder does.
    _beside: Beside,
    folder: TempDir,
    /// Where the management listener is.
    pub(crate) management: String,
}

impl Served {
    /// Both on Unix sockets.
    pub(crate) fn start(app: App) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let management = format!("unix:{}", folder.path().join("management").display());
        Self::at(folder, management, app)
    }

    /// The management listener on a port of its own.
    pub(crate) fn on_port(app: App) -> Self {
        Self::at_port(app, "127.0.0.1:0")
    }

    /// The same at a free port of an address.
    pub(crate) fn at_port(app: App, address: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let free = TcpListener::bind(address).expect("a port");
        let management = free.local_addr().expect("an address").to_string();
        drop(free);
        Self::at(folder, management, app)
    }

    fn at(folder: TempDir, management: String, app: App) -> Self {
        let public = format!("unix:{}", folder.path().join("public").display());
        let app = app.quiet().address(&*public).management(&*management);
        let beside = Beside::start(app);
        let served = Self {
            folder,
            management,
            _beside: beside,
        };
        eventually("the service listens", || served.connect());
        served
    }

    fn connect(&self) -> Option<UnixStream> {
        let stream = UnixStream::connect(self.folder.path().join("public")).ok()?;
        stream.set_read_timeout(Some(PATIENCE)).ok()?;
        Some(stream)
    }

    /// Sends a request; its answer can be waited for.
    pub(crate) fn send(&self, line: &str, headers: &[&str], body: &str) -> JoinHandle<String> {
        let mut stream = self.connect().expect("a connection");
        let mut head = format!("{line} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n");
        if !body.is_empty() {
            let length = body.len();
            head += &format!("content-type: application/json\r\ncontent-length: {length}\r\n");
        }
        for header in headers {
            head += &format!("{header}\r\n");
        }
        stream
            .write_all(format!("{head}\r\n{body}").as_bytes())
            .expect("sent");
        spawn(move || {
            let mut answer = String::new();
            stream.read_to_string(&mut answer).expect("an answer");
            answer
        })
    }

    /// Sends a request and waits for its answer.
    pub(crate) fn ask(&self, line: &str) -> String {
        self.send(line, &[], "").join().expect("an answer")
    }

    /// Runs `aplomb live` on this service to its end.
    pub(crate) fn live(&self, arguments: &[&str]) -> Ended {
        run(&[&["--at", &self.management], arguments].concat(), &[])
    }

    /// What `aplomb live` prints when all is well.
    #[track_caller]
    pub(crate) fn printed(&self, arguments: &[&str]) -> String {
        let ended = self.live(arguments);
        assert_eq!(ended.code, 0, "{arguments:?}: {}{}", ended.out, ended.err);
        ended.out
    }

    /// Starts `aplomb live` on this service.
    pub(crate) fn follow(&self, arguments: &[&str]) -> Following {
        Following::start(&[&["--at", &self.management], arguments].concat())
    }

    /// Waits until so many probes are active; their ids.
    pub(crate) fn probes(&self, count: usize) -> Vec<String> {
        eventually("the probes are set", || {
            let listed = self.printed(&["probes", "--json"]);
            let probes = listed.lines().map(|line| line.parse().expect("JSON"));
            let active = probes.filter(|probe: &Value| probe["state"] == "active");
            let ids = active.map(|probe| probe["id"].as_str().expect("an id").to_owned());
            let ids: Vec<String> = ids.collect();
            (ids.len() == count).then_some(ids)
        })
    }
}

/// A command that has ended.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_aplomb"));
    command.arg("live").args(arguments);
    command.env_remove("APLOMB_LIVE").env_remove("LIVE_TOKEN");
    command.env("USER", "ada");
    command
}

/// Runs `aplomb live` to its end.
pub(crate) fn run(arguments: &[&str], variables: &[(&str, &str)]) -> Ended {
    let mut command = command(arguments);
    command.envs(variables.iter().copied());
    let output = command.output().expect("the command runs");
    Ended {
        code: output.status.code().expect("an exit code"),
        out: String::from_utf8(output.stdout).expect("UTF-8"),
        err: String::from_utf8(output.stderr).expect("UTF-8"),
    }
}

/// A command that runs.
pub(crate) struct Following {
    process: Child,
    lines: Receiver<String>,
}

impl Following {
    pub(crate) fn start(arguments: &[&str]) -> Self {
        Self::start_with(arguments, &[])
    }

    pub(crate) fn start_with(arguments: &[&str], variables: &[(&str, &str)]) -> Self {
        let mut process = command(arguments)
            .envs(variables.iter().copied())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the command runs");
        let out = BufReader::new(process.stdout.take().expect("its output"));
        let (sender, lines) = channel();
        spawn(move || {
            for line in out.lines().map_while(Result::ok) {
                let _ = sender.send(line);
            }
        });
        Self { process, lines }
    }

    /// The next line that it prints.
    #[track_caller]
    pub(crate) fn line(&self) -> String {
        self.lines.recv_timeout(PATIENCE).expect("a line in time")
    }

    /// Ctrl-C, as a terminal sends it.
    pub(crate) fn interrupt(&self) {
        let id = self.process.id().to_string();
        let sent = Command::new("kill").args(["-INT", &id]).status();
        assert!(sent.expect("kill runs").success());
    }

    /// Waits for the end; the exit code and the lines that were left.
    pub(crate) fn end(mut self) -> (i32, Vec<String>) {
        let status = eventually("the command ends", || {
            self.process.try_wait().expect("its state")
        });
        (status.code().expect("a code"), self.lines.iter().collect())
    }
}

impl Drop for Following {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// What is found once it is there.
#[track_caller]
pub(crate) fn eventually<T>(what: &str, mut find: impl FnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(found) = find() {
            return found;
        }
        assert!(begun.elapsed() < PATIENCE, "never: {what}");
        sleep(Duration::from_millis(20));
    }
}
