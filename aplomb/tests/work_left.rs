//! What clients that leave, leave behind: it is done all the same, and the server waits for it.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aplomb::middleware::Next;
use aplomb::prelude::*;
use aplomb::serve::{Limits, Server};
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// What happened, in order.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<&'static str>>>);

impl Log {
    fn note(&self, what: &'static str) {
        self.0.lock().expect("the lock").push(what);
    }

    fn has(&self, what: &str) -> bool {
        self.0.lock().expect("the lock").contains(&what)
    }

    async fn until(&self, what: &str) {
        let noted = async {
            while !self.has(what) {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        let noted = tokio::time::timeout(Duration::from_secs(20), noted).await;
        assert!(noted.is_ok(), "{what} did not happen");
    }
}

/// A server in the runtime of the test.
struct Running {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    served: JoinHandle<std::io::Result<()>>,
}

impl Running {
    fn start(app: App) -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let limits = Limits {
            farewell: Duration::from_millis(50),
            half_closed_timeout: Duration::from_millis(20),
            shutdown_deadline: Duration::from_secs(20),
            ..Limits::default()
        };
        let server = Server::new(Arc::new(app.build())).limits(limits);
        let bound = server.listener(listener).expect("a server");
        let (stop, stopped) = oneshot::channel();
        let served = tokio::spawn(bound.serve_until(async {
            let _ = stopped.await;
        }));
        Self {
            address,
            stop,
            served,
        }
    }

    async fn ask(&self, path: &str) -> TcpStream {
        let mut stream = TcpStream::connect(self.address).await.expect("connected");
        let request = format!("GET {path} HTTP/1.1\r\nhost: h\r\n\r\n");
        stream.write_all(request.as_bytes()).await.expect("sent");
        stream
    }

    async fn stop(self) {
        let _ = self.stop.send(());
        self.served.await.expect("no panic").expect("served");
    }
}

async fn work(log: Log, begun: &'static str, done: &'static str) {
    log.note(begun);
    tokio::time::sleep(Duration::from_millis(300)).await;
    log.note(done);
}

#[dependency]
async fn session(log: State<Log>, cleanup: Cleanup) {
    let log = (*log).clone();
    cleanup.defer(move |_| async move {
        work(log, "closing", "closed").await;
        Ok(())
    });
}

#[get("/stuck")]
async fn stuck(_session: Depends<session>, log: State<Log>) {
    log.note("stuck");
    std::future::pending::<()>().await;
}

#[tokio::test]
async fn shutdown_waits_for_the_clean_up_of_a_request_that_was_given_up() {
    let log = Log::default();
    let running = Running::start(App::new().state(log.clone()).routes(routes![stuck]));
    let client = running.ask("/stuck").await;
    log.until("stuck").await;
    drop(client);
    log.until("closing").await;
    running.stop().await;
    assert!(log.has("closed"));
}

#[get("/work")]
async fn works(tasks: BackgroundTasks, log: State<Log>) {
    tasks.add(work((*log).clone(), "working", "worked"));
}

async fn stalls(request: Request, next: Next) -> Result<Response> {
    let log = request.state::<Log>();
    let response = next.run(request).await;
    if let Some(log) = log {
        log.note("stalling");
    }
    std::future::pending::<()>().await;
    response
}

#[tokio::test]
async fn shutdown_waits_for_the_work_of_an_answer_that_was_given_up() {
    let log = Log::default();
    let app = App::new().state(log.clone()).routes(routes![works]);
    let running = Running::start(app.middleware(stalls));
    let client = running.ask("/work").await;
    log.until("stalling").await;
    drop(client);
    log.until("working").await;
    running.stop().await;
    assert!(log.has("worked"));
}

#[tokio::test]
async fn a_client_that_leaves_does_not_cut_the_work_of_a_full_application() {
    let log = Log::default();
    let app = App::new().state(log.clone()).routes(routes![works]);
    let running = Running::start(app.background_tasks(0));
    let client = running.ask("/work").await;
    log.until("working").await;
    drop(client);
    running.stop().await;
    assert!(log.has("worked"));
}
