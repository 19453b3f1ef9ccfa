//! What a connection is doing, and since when.

mod due;
mod handshake;
mod hold;

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Waker;
use std::time::{Duration, Instant};

use tokio::sync::Notify;

use super::frames::Frames;
use super::heads::{Framing, Heads};
use super::shared::Shared;
use super::unfinished::Unfinished;
use super::waiting::Waiting;
use crate::observe::{Record, WaitFor};

/// Over how long the rate of a body is measured.
pub(super) const RATE_WINDOW: Duration = Duration::from_secs(5);

/// What is longer may not be out when the last of it has been handed over.
const LONG: u64 = 64 << 10;

/// The state of one connection, told by its socket, its requests and its bodies.
///
/// No timer is touched when a request begins or ends: the connection's one alarm goes off at the
/// earliest time anything can be due, and asks here whether it is.
#[derive(Debug)]
pub(super) struct Pulse {
    pub(super) shared: Arc<Shared>,
    /// Where it is among the connections.
    number: u64,
    client: Option<SocketAddr>,
    state: Mutex<State>,
    /// Whether an answer has been handed over that may not be out.
    unsent: AtomicBool,
    /// Since when the last bytes had been there when they were read, if that was long; else zero.
    unread_since: AtomicU64,
    /// How many bytes the system has taken since this was asked last.
    sent: AtomicU64,
    /// Whether the socket is to look for the client.
    look: AtomicBool,
    /// Whether the connection ends where nothing is being said.
    is_clean: AtomicBool,
    /// Tells when a hold has gone.
    released: Notify,
}

#[derive(Debug)]
struct State {
    phase: Phase,
    /// Of a head none until the poll in which it began to come is over: most are whole by then, and
    /// nobody has to look at the clock.
    since: Option<Instant>,
    requests: Vec<Arc<Record>>,
    /// The handshakes of WebSockets that have the connection.
    conversations: Vec<Arc<Record>>,
    /// The last request, as long as its answer may not be out.
    unsent: Option<Arc<Record>>,
    upgraded: bool,
    http2: bool,
    has_asked: bool,
    /// TLS: a handshake has begun to arrive and is not over.
    shakes_hands: bool,
    heads: Heads,
    /// HTTP/2: what the client sends.
    frames: Frames,
    received: u64,
    /// HTTP/1: the last request, as long as its body has not been read to its end.
    unread_body: Option<u64>,
    /// Handlers that wait for bodies.
    uploads: Waiting,
    /// HTTP/2: pieces of answers that wait for their client.
    answers: Waiting,
    /// When it was looked for the client last.
    looked: Instant,
    blocked_since: Option<Instant>,
    left_since: Option<Instant>,
    lingering_since: Option<Instant>,
    /// When the connection looks next whether anything is due, and what wakes it before.
    looks_at: Instant,
    connection: Option<Waker>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// Waiting for a request.
    Idle,
    /// A head has begun to arrive, or the very first is awaited.
    Head,
    /// At least one request is open.
    Busy,
}

impl State {
    fn is_busy(&self) -> bool {
        !(self.requests.is_empty() && self.conversations.is_empty())
    }

    /// Since when it is in its phase, which is not that of an open request.
    fn since(&self) -> Instant {
        self.since.unwrap_or_else(Instant::now)
    }

    /// Since when the client does not take what was answered, if it does not.
    fn unread_since(&self) -> Option<Instant> {
        self.blocked_since.or_else(|| self.answers.since())
    }

    /// The client takes what was answered: when the last of it goes, it has nothing to do.
    fn goes_on(&mut self) {
        if self.phase == Phase::Idle && self.unread_since().is_none() {
            self.since = Some(Instant::now());
        }
    }

    /// Waits for a request from then on, unless one is open.
    fn rest(&mut self, since: Instant) {
        if !self.is_busy() {
            self.phase = Phase::Idle;
            self.since = Some(since);
        }
    }

    /// Whether more has come than what is being answered, or is to come first.
    fn is_ahead(&self) -> bool {
        self.unread_body.is_some() || self.heads.has_more()
    }

    /// Whether a client that leaves would not be noticed: its end is behind what nobody reads.
    fn is_unseen(&self) -> bool {
        self.is_ahead() && self.is_http1() && self.left_since.is_none()
    }

    fn is_http1(&self) -> bool {
        !self.http2 && !self.upgraded
    }

    /// Whether some of a head has come, and not all. What comes behind a request that is open
    /// does not count, nor what a refused client goes on to say.
    fn is_half_head(&self) -> bool {
        self.phase == Phase::Head && self.received > 0 && self.lingering_since.is_none()
    }
}

fn contains(records: &[Arc<Record>], record: &Arc<Record>) -> bool {
    records.iter().any(|other| Arc::ptr_eq(other, record))
}

fn forget(records: &mut Vec<Arc<Record>>, record: &Arc<Record>) {
    if let Some(place) = records.iter().position(|other| Arc::ptr_eq(other, record)) {
        records.swap_remove(place);
    }
}

/// Has the connection look when something is due, if it was going to look later: who begins to wait
/// may be polled on another thread than the connection, and after it.
fn wake_by(due: Option<Instant>, state: MutexGuard<'_, State>) {
    if due.is_some_and(|at| at < state.looks_at) {
        let connection = state.connection.clone();
        drop(state);
        connection.inspect(Waker::wake_by_ref);
    }
}

impl Pulse {
    /// A connection of a client that has just been accepted.
    pub(super) fn new(shared: &Arc<Shared>, client: Option<SocketAddr>) -> Arc<Self> {
        let state = State {
            phase: Phase::Head,
            since: Some(Instant::now()),
            requests: Vec::new(),
            conversations: Vec::new(),
            unsent: None,
            upgraded: false,
            http2: false,
            has_asked: false,
            shakes_hands: false,
            heads: Heads::default(),
            frames: Frames::default(),
            received: 0,
            unread_body: None,
            uploads: Waiting::default(),
            answers: Waiting::default(),
            looked: Instant::now(),
            blocked_since: None,
            left_since: None,
            lingering_since: None,
            looks_at: Instant::now(),
            connection: None,
        };
        shared.connections.insert(|number| Self {
            shared: Arc::clone(shared),
            number,
            client,
            state: Mutex::new(state),
            unsent: AtomicBool::new(false),
            sent: AtomicU64::new(0),
            look: AtomicBool::new(false),
            is_clean: AtomicBool::new(false),
            unread_since: AtomicU64::new(0),
            released: Notify::new(),
        })
    }

    /// The connection speaks HTTP/1 no more.
    pub(super) fn upgraded(&self) {
        let mut state = self.state();
        state.upgraded = true;
        state.heads.ignore();
    }

    /// Where the client is.
    pub(super) fn client(&self) -> Option<SocketAddr> {
        self.client
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Bytes have arrived.
    pub(super) fn received(&self, bytes: &[u8]) {
        let mut state = self.state();
        if state.received == 0 && bytes.starts_with(b"PRI ") {
            state.http2 = true;
            state.heads.ignore();
            state.phase = Phase::Idle;
        }
        state.received += bytes.len() as u64;
        if state.http2 {
            state.frames.push(bytes);
            return;
        }
        if state.upgraded {
            return;
        }
        if state.phase == Phase::Idle {
            state.phase = Phase::Head;
            state.since = None;
        }
        state.heads.push(bytes);
    }

    /// The bytes that were just read, of a head, had been there since this moment on the clock of
    /// the lanes.
    #[cold]
    pub(super) fn unread_since(&self, moment: u64) {
        if self.state().phase != Phase::Busy {
            self.unread_since.store(moment, Relaxed);
        }
    }

    /// Tells a request if its head had to wait to be read.
    #[inline]
    pub(super) fn tell_unread(&self, record: &Record) {
        let since = self.unread_since.load(Relaxed);
        if since != 0 {
            self.unread_since.store(0, Relaxed);
            record.waited(WaitFor::Reading, since, record.arrived_at());
        }
    }

    /// The client has closed its sending side; whether to go on for the sake of an open request.
    pub(super) fn keeps_going_without_sender(&self) -> bool {
        let mut state = self.state();
        let has_body = state.heads.has_body() || state.unread_body.is_none();
        let answering = state.is_busy() && has_body && state.is_http1();
        if answering && state.left_since.is_none() {
            state.left_since = Some(Instant::now());
        }
        answering
    }

    /// A request has been parsed; whether its head was unambiguous.
    pub(super) fn begin(&self, http2: bool, framing: Framing, record: &Arc<Record>) -> bool {
        let mut state = self.state();
        if http2 && !state.http2 {
            state.http2 = true;
            state.frames.ignore();
        }
        state.has_asked = true;
        state.phase = Phase::Busy;
        state.requests.push(Arc::clone(record));
        state.unread_body = (framing != Framing::Nothing).then(|| record.id());
        state.heads.advance(framing)
    }

    /// A request has been answered to the end, or given up; its record has ended.
    pub(super) fn finish(&self, record: &Arc<Record>) {
        let mut state = self.state();
        forget(&mut state.requests, record);
        if record.bytes() > LONG && !state.http2 {
            state.unsent = Some(Arc::clone(record));
            self.unsent.store(true, Relaxed);
        }
        state.rest(record.told_until());
    }

    /// All that was written is with the system.
    pub(super) fn flushed(&self) {
        if self.unsent.load(Relaxed) {
            self.unsent.store(false, Relaxed);
            let sent = self.state().unsent.take();
            drop(sent);
        }
    }

    /// A body has been read to its end.
    pub(super) fn body_read(&self, record: &Record) {
        let mut state = self.state();
        if state.unread_body == Some(record.id()) {
            state.unread_body = None;
        }
    }

    /// A handler has begun to wait for more of a body, of which so much has come meanwhile.
    pub(super) fn body_awaited(&self, bytes: u64) {
        let mut state = self.state();
        state.uploads.moved(bytes);
        state.uploads.begin();
        let due = state.uploads.due(RATE_WINDOW);
        wake_by(due, state);
    }

    /// A handler has ceased to wait for more of a body, of which so much has come.
    pub(super) fn body_arrived(&self, bytes: u64) {
        let uploads = &mut self.state().uploads;
        uploads.moved(bytes);
        uploads.end();
    }

    /// HTTP/2: a piece of an answer waits until the client lets it come.
    pub(super) fn answer_waits(&self) {
        let mut state = self.state();
        state.answers.begin();
        let due = state.answers.due(self.shared.limits.write_timeout);
        wake_by(due, state);
    }

    /// HTTP/2: a piece of an answer waits for the client no more.
    pub(super) fn answer_goes_on(&self) {
        let mut state = self.state();
        state.answers.end();
        state.goes_on();
    }

    /// Bytes were taken by the system.
    pub(super) fn sent(&self, bytes: usize) {
        self.sent.fetch_add(bytes as u64, Relaxed);
    }

    /// Whether the socket is to say if the client is still there; it is asked once.
    pub(super) fn is_to_look(&self) -> bool {
        self.look.load(Relaxed) && self.look.swap(false, Relaxed)
    }

    /// Whether nothing is read until a request is answered, although nothing is known to be there.
    pub(super) fn is_read_by_nobody(&self) -> bool {
        let state = self.state();
        // Who has all of the body may not have told yet.
        state.is_busy() && state.is_http1() && !state.heads.has_more()
    }

    /// The client was seen to have closed its sending side, while nobody reads.
    pub(super) fn seen_to_have_left(&self) {
        let mut state = self.state();
        if state.is_busy() && state.is_http1() && state.left_since.is_none() {
            state.left_since = Some(Instant::now());
        }
    }

    /// Whether the client takes what is written to it.
    pub(super) fn writing(&self, blocked: bool) {
        let mut state = self.state();
        state.blocked_since = blocked.then(Instant::now);
        state.goes_on();
    }

    /// The answer is out and the connection is to be closed; whether to read on for a while,
    /// because closing on unread bytes would reset the connection under the answer.
    pub(super) fn lingers(&self) -> bool {
        let mut state = self.state();
        let begun = state.phase == Phase::Head || state.is_http1() && state.heads.has_more();
        let unread = begun || state.unread_body.is_some();
        let lingers = unread && !state.http2 && state.left_since.is_none();
        if lingers && state.lingering_since.is_none() {
            state.lingering_since = Some(Instant::now());
        }
        lingers
    }

    /// What has begun here and is not over.
    pub(super) fn unfinished(&self) -> Vec<Unfinished> {
        let state = self.state();
        let is_blocked = state.blocked_since.is_some();
        let asks = |record: &&Arc<Record>| !contains(&state.conversations, record);
        let requests = state.requests.iter().filter(asks);
        let requests = requests.map(|record| Unfinished::request(record, is_blocked, self.client));
        let conversations = state.conversations.iter();
        let conversations = conversations.map(|record| Unfinished::websocket(record, self.client));
        let head = state.is_half_head();
        let head = head.then(|| Unfinished::head(state.since(), self.client));
        let handshake = state.shakes_hands;
        let handshake = handshake.then(|| Unfinished::handshake(state.since(), self.client));
        let unread = state.unread_since().filter(|_| !state.is_busy());
        let unread = unread.map(|since| match &state.unsent {
            Some(record) => Unfinished::request(record, true, self.client),
            None => Unfinished::unread(since, self.client),
        });
        head.into_iter()
            .chain(handshake)
            .chain(unread)
            .chain(requests)
            .chain(conversations)
            .collect()
    }

    /// HTTP/2: whether to say goodbye when the server stops. Who came only then has come to ask:
    /// after a goodbye they may not.
    pub(super) fn takes_goodbye(&self, is_late: bool) -> bool {
        let state = self.state();
        state.http2 && (state.has_asked || !is_late)
    }

    /// Who is to look when something may be due.
    pub(super) fn connection(&self, waker: &Waker) {
        self.state().connection = Some(waker.clone());
    }
}

impl Drop for Pulse {
    fn drop(&mut self) {
        self.shared.connections.remove(self.number);
    }
}
