//! The writing side of a connection.

use std::future::{pending, ready};
use std::io;
use std::pin::pin;
use std::sync::atomic::Ordering;
use std::time::Duration;

use bytes::{BufMut as _, BytesMut};
use tokio::io::{AsyncWrite, AsyncWriteExt as _, WriteHalf};
use tokio::sync::mpsc::{self, error::TryRecvError};
use tokio::task::yield_now;
use tokio::time::{Instant, sleep_until, timeout};

use super::{Notice, Protocol, Pulse};
use crate::websocket::link::{Command, End, Waiting, refuse};
use crate::websocket::protocol::{
    BINARY, CONTINUATION, Compressor, Failure, PING, PONG, TEXT, WORTH_IT, close_frame,
    control_frame, frame_head,
};
use crate::websocket::{INTERNAL_ERROR, Message, SERVICE_RESTART, WebSocketDisconnect};

/// Messages up to this size are gathered, to be written at once.
const GATHERED: usize = 16 << 10;
/// How much is gathered.
const BATCH: usize = 64 << 10;
/// What a message counts for beside its content.
const FRAME: usize = 16;
/// How much of a message is deflated before others get their turn.
const PIECE: usize = 64 << 10;
/// How long a function may take to answer what came before the client closed.
const PATIENCE: Duration = Duration::from_millis(50);
/// The write timeout where no server says one.
const WRITE_TIMEOUT: Duration = Duration::from_secs(30);

/// Why a client that answers no ping is closed.
const SILENT: Failure = Failure {
    code: INTERNAL_ERROR,
    reason: "keepalive ping timeout",
};

/// What the timer is for.
enum Due {
    Ping,
    Pong,
    Closed,
}

/// A long message, deflated piece by piece.
struct Begun {
    waiting: Waiting,
    compressor: Compressor,
    /// How much of it is deflated.
    done: usize,
}

pub(super) struct Writer<'a, IO> {
    writer: WriteHalf<IO>,
    out: BytesMut,
    protocol: &'a Protocol,
    pulse: &'a Pulse,
    end: End,
    timer: Option<(Instant, Due)>,
    begun: Option<Begun>,
    close_sent: bool,
}

impl<'a, IO: AsyncWrite> Writer<'a, IO> {
    pub(super) fn new(
        writer: WriteHalf<IO>,
        protocol: &'a Protocol,
        pulse: &'a Pulse,
        end: End,
    ) -> Self {
        let mut writer = Self {
            writer,
            out: BytesMut::new(),
            protocol,
            pulse,
            end,
            timer: None,
            begun: None,
            close_sent: false,
        };
        writer.schedule_ping();
        writer
    }

    /// Writes until the connection is closed or the client is gone.
    pub(super) async fn run(
        mut self,
        mut commands: mpsc::Receiver<Command>,
        mut notices: mpsc::Receiver<Notice>,
    ) {
        let ended = self.carry(&mut commands, &mut notices).await;
        // From here on sending fails, and says how the connection ended.
        drop(commands);
        if ended.is_ok() {
            let _ = self.flush().await;
        }
        let _ = timeout(self.protocol.settings.close_timeout, self.writer.shutdown()).await;
    }

    /// Writes until there is no more to write; an error when the client takes nothing any more.
    async fn carry(
        &mut self,
        commands: &mut mpsc::Receiver<Command>,
        notices: &mut mpsc::Receiver<Notice>,
    ) -> io::Result<()> {
        let stop = self
            .protocol
            .server
            .as_ref()
            .map(|server| server.stop.clone());
        let stopped = async {
            match stop {
                Some(stop) => stop.cancelled().await,
                None => pending().await,
            }
        };
        let mut stopped = pin!(stopped);
        loop {
            let timer = self.timer.as_ref().map(|(at, _)| *at);
            // What a handler sends comes last: it may always have more.
            tokio::select! {
                biased;
                () = &mut stopped, if !self.close_sent => {
                    let close = WebSocketDisconnect::new(SERVICE_RESTART, "");
                    self.end.set(close.clone());
                    self.begin_closing(&close, commands);
                }
                () = sleep_until(timer.unwrap_or_else(Instant::now)), if timer.is_some() => {
                    match self.timer.take() {
                        Some((_, Due::Ping)) => self.ping(),
                        Some((_, Due::Pong)) if self.pulse.is_alive() => self.schedule_ping(),
                        Some((_, Due::Pong)) => {
                            self.fail(SILENT);
                            return Ok(());
                        }
                        Some((_, Due::Closed)) | None => return Ok(()),
                    }
                }
                notice = notices.recv() => match notice {
                    Some(Notice::Ping(content)) => control_frame(&mut self.out, PONG, &content),
                    Some(Notice::Closed(close)) => {
                        self.answer_the_rest(commands).await?;
                        self.close(&close);
                        return Ok(());
                    }
                    Some(Notice::Failed(failure)) => {
                        self.answer_the_rest(commands).await?;
                        self.fail(failure);
                        return Ok(());
                    }
                    None => return Err(io::ErrorKind::ConnectionReset.into()),
                },
                () = ready(()), if self.begun.is_some() => self.go_on().await?,
                command = commands.recv(), if !self.close_sent => {
                    self.take(command, commands).await?;
                }
            }
            self.flush().await?;
        }
    }

    /// Sends what the function says to the messages that came before the end: until it asks for
    /// one more, up to a batch, and not for long.
    async fn answer_the_rest(&mut self, commands: &mut mpsc::Receiver<Command>) -> io::Result<()> {
        let end = self.end.clone();
        let mut no_more = pin!(timeout(PATIENCE, end.told()));
        let mut waits = true;
        let mut taken = 0;
        while taken < BATCH && !self.close_sent {
            // A message is sent whole or not at all.
            while self.begun.is_some() {
                self.go_on().await?;
            }
            let command = match commands.try_recv() {
                Err(TryRecvError::Empty) if waits => tokio::select! {
                    biased;
                    command = commands.recv() => command,
                    _ = &mut no_more => {
                        // It may have sent just before it asked.
                        waits = false;
                        continue;
                    }
                },
                command => command.ok(),
            };
            let Some(Command::Send(waiting)) = command else {
                break;
            };
            taken += FRAME + waiting.message().len();
            self.message(waiting).await?;
        }
        while self.begun.is_some() {
            self.go_on().await?;
        }
        Ok(())
    }

    /// Takes a command and some of those that wait behind it: up to a batch, or to a message that
    /// is no matter of a moment, so that other things get their turn.
    async fn take(
        &mut self,
        command: Option<Command>,
        commands: &mut mpsc::Receiver<Command>,
    ) -> io::Result<()> {
        let mut next = command;
        let mut taken = 0;
        loop {
            match next {
                Some(Command::Send(waiting)) => {
                    taken += FRAME + waiting.message().len();
                    self.message(waiting).await?;
                }
                Some(Command::Close(close)) => {
                    self.begin_closing(&close, commands);
                    return Ok(());
                }
                None => {
                    let close = WebSocketDisconnect::new(INTERNAL_ERROR, "");
                    self.begin_closing(&close, commands);
                    return Ok(());
                }
            }
            if taken >= BATCH || self.begun.is_some() {
                self.flush().await?;
                // Without this the reader, which shares the task, would never be asked.
                yield_now().await;
                return Ok(());
            }
            match commands.try_recv() {
                Ok(command) => next = Some(command),
                Err(_) => return Ok(()),
            }
        }
    }

    async fn message(&mut self, waiting: Waiting) -> io::Result<()> {
        let content = waiting.message().as_bytes();
        if let Some(deflate) = self.protocol.deflate
            && content.len() >= WORTH_IT
        {
            self.begun = Some(Begun {
                waiting,
                compressor: Compressor::of(deflate),
                done: 0,
            });
            return self.go_on().await;
        }
        let opcode = opcode(waiting.message());
        frame_head(&mut self.out, opcode, true, false, content.len());
        self.content(content).await
    }

    /// Deflates the next piece of a message that is begun.
    async fn go_on(&mut self) -> io::Result<()> {
        let Some(mut begun) = self.begun.take() else {
            return Ok(());
        };
        let message = begun.waiting.message();
        let left = &message.as_bytes()[begun.done..];
        let piece = &left[..left.len().min(PIECE)];
        let (first, last) = (begun.done == 0, piece.len() == left.len());
        let opcode = if first { opcode(message) } else { CONTINUATION };
        begun.done += piece.len();
        let deflated = begun.compressor.compress(piece, last);
        frame_head(&mut self.out, opcode, last, first, deflated.len());
        self.content(&deflated).await?;
        if !last {
            self.begun = Some(begun);
            self.flush().await?;
            yield_now().await;
        }
        Ok(())
    }

    async fn content(&mut self, content: &[u8]) -> io::Result<()> {
        if content.len() <= GATHERED {
            self.out.put_slice(content);
            return Ok(());
        }
        self.flush().await?;
        self.write(content).await
    }

    fn ping(&mut self) {
        self.pulse.heard.store(false, Ordering::Relaxed);
        control_frame(&mut self.out, PING, b"aplomb");
        match self.protocol.settings.ping_timeout {
            Some(allowed) => self.timer = Some((Instant::now() + allowed, Due::Pong)),
            None => self.schedule_ping(),
        }
    }

    fn schedule_ping(&mut self) {
        let interval = self.protocol.settings.ping_interval;
        self.timer = interval.map(|interval| (Instant::now() + interval, Due::Ping));
    }

    /// Sends a close frame, after which the client has some time to answer it.
    fn begin_closing(
        &mut self,
        close: &WebSocketDisconnect,
        commands: &mut mpsc::Receiver<Command>,
    ) {
        self.close(close);
        refuse(commands);
        let allowed = self.protocol.settings.close_timeout;
        self.timer = Some((Instant::now() + allowed, Due::Closed));
    }

    fn close(&mut self, close: &WebSocketDisconnect) {
        if !self.close_sent {
            self.close_sent = true;
            // Nothing may follow a close frame, not even the rest of a message.
            self.begun = None;
            self.pulse.closing.cancel();
            close_frame(&mut self.out, close);
        }
    }

    fn fail(&mut self, failure: Failure) {
        tracing::debug!(code = failure.code, failure.reason, "a WebSocket failed");
        let close = WebSocketDisconnect::new(failure.code, failure.reason);
        self.end.set(close.clone());
        self.close(&close);
    }

    async fn flush(&mut self) -> io::Result<()> {
        if !self.out.is_empty() {
            let out = std::mem::take(&mut self.out);
            self.write(&out).await?;
            // The room is kept for the next frames, unless it became large.
            if out.capacity() <= BATCH {
                self.out = out;
                self.out.clear();
            }
        }
        let flushed = timeout(self.write_timeout(), self.writer.flush()).await;
        flushed.map_err(|_| io::Error::from(io::ErrorKind::TimedOut))?
    }

    fn write_timeout(&self) -> Duration {
        let server = self.protocol.server.as_ref();
        server.map_or(WRITE_TIMEOUT, |server| server.write_timeout)
    }

    /// Writes everything, as long as the client takes some of it now and then.
    async fn write(&mut self, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            let allowed = self.write_timeout();
            let written = timeout(allowed, self.writer.write(bytes)).await;
            match written.map_err(|_| io::Error::from(io::ErrorKind::TimedOut))?? {
                0 => return Err(io::ErrorKind::WriteZero.into()),
                count => bytes = &bytes[count..],
            }
        }
        Ok(())
    }
}

fn opcode(message: &Message) -> u8 {
    match message {
        Message::Text(_) => TEXT,
        Message::Bytes(_) => BINARY,
    }
}
