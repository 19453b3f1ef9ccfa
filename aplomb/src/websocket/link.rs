//! The two ends of a conversation: [`Connection`], which handlers hold through
//! [`WebSocket`](super::WebSocket), and [`Link`], which whatever carries the messages holds: the
//! protocol over a socket, or a test client. Nothing else knows how messages travel.

use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::task::{Context, Poll, ready};

use ::http::HeaderMap;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot};
use tokio_util::sync::CancellationToken;

use super::waiters::Waiters;
use super::{Message, WebSocketDisconnect, WebSocketError};
use crate::http::Response;
use crate::live::Conversation;

/// How many bytes may wait, in either direction, before whoever makes more of them pauses.
const WAITING_BYTES: u32 = 1 << 20;
/// How many messages may wait, in either direction.
const WAITING: usize = 32;

/// What a handler decides about the handshake.
#[derive(Debug)]
pub(crate) enum Decision {
    Accept {
        subprotocol: Option<String>,
        headers: HeaderMap,
    },
    Refuse(WebSocketDisconnect),
    Deny(Box<Response>),
}

/// What a handler asks the carrier to do.
#[derive(Debug)]
pub(crate) enum Command {
    Send(Waiting),
    Close(WebSocketDisconnect),
}

/// A message on its way, with the room it takes while it waits.
#[derive(Debug)]
pub(crate) struct Waiting {
    message: Message,
    _room: OwnedSemaphorePermit,
}

impl Waiting {
    /// Waits for room; a message above the bound needs all of it.
    async fn within(room: &Arc<Semaphore>, message: Message) -> Option<Self> {
        let length = u32::try_from(message.len()).unwrap_or(u32::MAX);
        let length = length.clamp(1, WAITING_BYTES);
        let room = Arc::clone(room).acquire_many_owned(length).await.ok()?;
        Some(Self {
            message,
            _room: room,
        })
    }

    pub(crate) fn message(&self) -> &Message {
        &self.message
    }

    pub(crate) fn into_message(self) -> Message {
        self.message
    }
}

/// Takes no more commands and drops those that wait, so that sending fails from now on.
pub(crate) fn refuse(commands: &mut mpsc::Receiver<Command>) {
    commands.close();
    while commands.try_recv().is_ok() {}
}

#[derive(Debug)]
enum Phase {
    Connecting(oneshot::Sender<Decision>),
    Open,
    Closed(WebSocketDisconnect),
}

/// The handler's end.
#[derive(Debug)]
pub(crate) struct Connection {
    phase: Mutex<Phase>,
    commands: mpsc::Sender<Command>,
    /// For what is to be sent.
    room: Arc<Semaphore>,
    arrived: Mutex<mpsc::Receiver<Waiting>>,
    waiters: Arc<Waiters>,
    end: End,
    /// What live probes see of it.
    pub(crate) live: Conversation,
}

/// The carrier's end.
#[derive(Debug)]
pub(crate) struct Link {
    pub(crate) incoming: Incoming,
    pub(crate) commands: mpsc::Receiver<Command>,
}

/// Where a carrier puts what arrives.
#[derive(Debug)]
pub(crate) struct Incoming {
    arrived: mpsc::Sender<Waiting>,
    room: Arc<Semaphore>,
    end: End,
}

/// How a conversation ended, as far as is known; the first reason is the reason.
#[derive(Clone, Debug, Default)]
pub(crate) struct End {
    reason: Arc<OnceLock<WebSocketDisconnect>>,
    /// The handler has taken everything that arrived, and knows that no more comes.
    told: CancellationToken,
}

impl End {
    pub(crate) fn set(&self, disconnect: WebSocketDisconnect) {
        let _ = self.reason.set(disconnect);
    }

    /// Waits until the handler has asked for a message after the last one.
    pub(crate) async fn told(&self) {
        self.told.cancelled().await;
    }
}

/// A conversation that nobody has decided about yet.
pub(crate) fn open() -> (Arc<Connection>, Link, oneshot::Receiver<Decision>) {
    let (decide, decided) = oneshot::channel();
    let (command, commands) = mpsc::channel(WAITING);
    let (arrive, arrived) = mpsc::channel(WAITING);
    let end = End::default();
    let connection = Connection {
        phase: Mutex::new(Phase::Connecting(decide)),
        commands: command,
        room: room(),
        arrived: Mutex::new(arrived),
        waiters: Arc::default(),
        end: end.clone(),
        live: Conversation::default(),
    };
    let incoming = Incoming {
        arrived: arrive,
        room: room(),
        end,
    };
    (Arc::new(connection), Link { incoming, commands }, decided)
}

fn room() -> Arc<Semaphore> {
    Arc::new(Semaphore::new(WAITING_BYTES as usize))
}

impl Incoming {
    /// Hands over a message once there is room for it; whether anybody is still there.
    pub(crate) async fn push(&self, message: Message) -> bool {
        match Waiting::within(&self.room, message).await {
            Some(waiting) => self.arrived.send(waiting).await.is_ok(),
            None => false,
        }
    }

    /// Says how the conversation ended; dropping this tells the handler.
    pub(crate) fn set_end(&self, disconnect: WebSocketDisconnect) {
        self.end.set(disconnect);
    }

    /// Where the end is noted.
    pub(crate) fn end(&self) -> End {
        self.end.clone()
    }
}

impl Connection {
    fn phase(&self) -> MutexGuard<'_, Phase> {
        self.phase.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether nobody has decided about the handshake yet.
    pub(crate) fn is_connecting(&self) -> bool {
        matches!(*self.phase(), Phase::Connecting(_))
    }

    /// How the conversation ended, as far as is known.
    fn ended(&self) -> WebSocketError {
        let end = self.end.reason.get().cloned();
        end.unwrap_or_else(WebSocketDisconnect::broken_off).into()
    }

    pub(crate) fn accept(
        &self,
        subprotocol: Option<String>,
        headers: HeaderMap,
    ) -> Result<(), WebSocketError> {
        self.decide(Phase::Open, || Decision::Accept {
            subprotocol,
            headers,
        })
    }

    pub(crate) fn deny(&self, response: Response) -> Result<(), WebSocketError> {
        self.decide(Phase::Closed(WebSocketDisconnect::broken_off()), || {
            Decision::Deny(Box::new(response))
        })
    }

    fn decide(
        &self,
        next: Phase,
        decision: impl FnOnce() -> Decision,
    ) -> Result<(), WebSocketError> {
        let mut phase = self.phase();
        match std::mem::replace(&mut *phase, next) {
            Phase::Connecting(decide) => {
                let told = decide.send(decision());
                told.map_err(|_| WebSocketDisconnect::broken_off().into())
            }
            earlier => {
                *phase = earlier;
                Err(WebSocketError::OutOfTurn(
                    "the handshake is decided already: accept or deny it once",
                ))
            }
        }
    }

    pub(crate) async fn send(&self, message: Message) -> Result<(), WebSocketError> {
        self.check_open()?;
        let Some(waiting) = Waiting::within(&self.room, message).await else {
            return Err(self.ended());
        };
        let sent = self.commands.send(Command::Send(waiting)).await;
        sent.map_err(|_| self.ended())
    }

    /// The next message. Nothing is kept between polls, so that whoever asks may stop at any time.
    pub(crate) fn poll_receive(
        &self,
        context: &mut Context<'_>,
    ) -> Poll<Result<Message, WebSocketError>> {
        self.check_open()?;
        let waker = self.waiters.with(context.waker());
        let mut arrived = self.arrived.lock().unwrap_or_else(PoisonError::into_inner);
        match ready!(arrived.poll_recv(&mut Context::from_waker(&waker))) {
            Some(waiting) => Poll::Ready(Ok(waiting.into_message())),
            None => {
                self.end.told.cancel();
                Poll::Ready(Err(self.ended()))
            }
        }
    }

    fn check_open(&self) -> Result<(), WebSocketError> {
        match &*self.phase() {
            Phase::Open => Ok(()),
            Phase::Closed(close) => Err(close.clone().into()),
            Phase::Connecting(_) => Err(WebSocketError::OutOfTurn(
                "the WebSocket is not connected: call `accept` first",
            )),
        }
    }

    /// Closes the conversation, or refuses it; says with which code it ends if it was open.
    pub(crate) async fn close(
        &self,
        close: WebSocketDisconnect,
        ends: impl FnOnce(u16) + Send,
    ) -> Result<(), WebSocketError> {
        let before = {
            let mut phase = self.phase();
            if let Phase::Closed(earlier) = &*phase {
                return Err(earlier.clone().into());
            }
            std::mem::replace(&mut *phase, Phase::Closed(close.clone()))
        };
        if let Phase::Connecting(decide) = before {
            let told = decide.send(Decision::Refuse(close));
            return told.map_err(|_| WebSocketDisconnect::broken_off().into());
        }
        // The client may have left before.
        ends(self.end.reason.get().map_or(close.code, |end| end.code));
        let sent = self.commands.send(Command::Close(close)).await;
        sent.map_err(|_| self.ended())
    }
}
