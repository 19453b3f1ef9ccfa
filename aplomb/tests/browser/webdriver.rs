//! A browser without a window, told what to do over the WebDriver protocol.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use std::{env, fs, thread};

use aplomb::json;
use aplomb::json::Value;
use aplomb::model::{Base64Bytes, Model as _};

/// How long a page may take to show what is waited for.
const PATIENCE: Duration = Duration::from_secs(30);

/// The key of an element's id in WebDriver's answers.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

pub(crate) struct Browser {
    driver: Child,
    port: u16,
    session: String,
    profile: PathBuf,
}

impl Browser {
    /// Starts a browser that knows no host but this one; nothing where there is no Chromium,
    /// unless `APLOMB_REQUIRE_BROWSER` is set.
    pub(crate) fn start(name: &str) -> Option<Self> {
        let (Some(chromium), Some(driver)) = (program("chromium"), program("chromedriver")) else {
            let missing = "chromium and chromedriver are not both on the PATH";
            assert!(env::var_os("APLOMB_REQUIRE_BROWSER").is_none(), "{missing}");
            // Written past the test harness, which shows only what a failing test prints.
            let _ = writeln!(io::stderr(), "SKIPPED {name}: {missing}");
            return None;
        };
        let mut driver = Command::new(driver)
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver starts");
        let lines = BufReader::new(driver.stdout.take().expect("its output")).lines();
        let port = lines.map_while(Result::ok).find_map(|line| {
            let rest = line.split_once("successfully on port ")?.1;
            rest.trim_end_matches('.').parse().ok()
        });
        let profile = env::temp_dir().join(format!("aplomb-{name}-{}", std::process::id()));
        let mut browser = Self {
            driver,
            port: port.expect("the port of chromedriver"),
            session: String::new(),
            profile,
        };
        let arguments = [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--disable-dev-shm-usage",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--window-size=1200,1400",
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
        ];
        let profile = format!("--user-data-dir={}", browser.profile.display());
        let arguments: Vec<&str> = arguments.into_iter().chain([profile.as_str()]).collect();
        let chromium = chromium.to_string_lossy();
        let session = browser.call(
            "POST",
            "/session",
            &json!({"capabilities": {"alwaysMatch": {
                "goog:chromeOptions": {"binary": chromium.as_ref(), "args": arguments},
                "goog:loggingPrefs": {"browser": "ALL"},
            }}}),
        );
        let session = session["sessionId"].as_str().expect("a session");
        browser.session = format!("/session/{session}");
        Some(browser)
    }

    pub(crate) fn open(&self, url: &str) {
        self.post("/url", &json!({"url": url}));
    }

    /// What a script returns.
    pub(crate) fn script(&self, script: &str) -> Value {
        self.post("/execute/sync", &json!({"script": script, "args": []}))
    }

    /// Waits until a script returns something true, and gives that.
    #[track_caller]
    pub(crate) fn wait(&self, script: &str) -> Value {
        let start = Instant::now();
        while start.elapsed() < PATIENCE {
            let value = self.script(script);
            if !value.is_null() && value != false && value != "" {
                return value;
            }
            thread::sleep(Duration::from_millis(50));
        }
        self.screenshot("waited-in-vain");
        panic!("the page never made `{script}` true")
    }

    /// Waits for an element and clicks it as a person does.
    #[track_caller]
    pub(crate) fn click(&self, selector: &str) {
        let element = self.element(selector);
        self.post(&format!("/element/{element}/click"), &json!({}));
    }

    /// Waits for a field and types into it.
    #[track_caller]
    pub(crate) fn fill(&self, selector: &str, text: &str) {
        let element = self.element(selector);
        self.post(&format!("/element/{element}/value"), &json!({"text": text}));
    }

    #[track_caller]
    fn element(&self, selector: &str) -> String {
        let element = self.wait(&format!("return document.querySelector({selector:?})"));
        element[ELEMENT].as_str().expect("an element").to_owned()
    }

    /// Keeps a picture of the page in `target/tmp/browser`.
    pub(crate) fn screenshot(&self, name: &str) {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("browser");
        fs::create_dir_all(&folder).expect("a folder");
        self.picture(&folder.join(format!("{name}.png")));
    }

    /// Keeps a picture of the page in this file.
    pub(crate) fn picture(&self, file: &Path) {
        let picture = self.call("GET", &format!("{}/screenshot", self.session), &Value::Null);
        let picture = Base64Bytes::from_value(&picture).expect("a picture");
        fs::write(file, &picture[..]).expect("a file");
    }

    pub(crate) fn post(&self, path: &str, body: &Value) -> Value {
        self.call("POST", &format!("{}{path}", self.session), body)
    }

    fn call(&self, method: &str, path: &str, body: &Value) -> Value {
        let mut answer = self.ask(method, path, body).expect("chromedriver answers");
        let value = answer.get_mut("value").map(Value::take).unwrap_or_default();
        assert!(value["error"].is_null(), "{method} {path}: {value}");
        value
    }

    fn ask(&self, method: &str, path: &str, body: &Value) -> io::Result<Value> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port))?;
        let body = match body {
            Value::Null => String::new(),
            body => body.to_string(),
        };
        let length = body.len();
        let port = self.port;
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\nconnection: close\r\n\
             content-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
        )?;
        let mut answer = Vec::new();
        let mut reader = BufReader::new(stream);
        let mut announced = 0;
        loop {
            let mut line = String::new();
            reader.read_line(&mut line)?;
            let line = line.trim_end().to_ascii_lowercase();
            if line.is_empty() {
                break;
            }
            if let Some(length) = line.strip_prefix("content-length:") {
                announced = length.trim().parse().map_err(io::Error::other)?;
            }
        }
        reader.take(announced).read_to_end(&mut answer)?;
        json::parse(&answer).map_err(io::Error::other)
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // The driver ends its browser when it is asked to, not when it is killed; and a test that
        // failed is not to fail again here.
        if !self.session.is_empty() {
            let _ = self.ask("DELETE", &self.session, &Value::Null);
        }
        let _ = self.driver.kill();
        let _ = self.driver.wait();
        let _ = fs::remove_dir_all(&self.profile);
    }
}

fn program(name: &str) -> Option<PathBuf> {
    let folders = env::var_os("PATH")?;
    env::split_paths(&folders)
        .map(|folder| folder.join(name))
        .find(|file| file.is_file())
}
