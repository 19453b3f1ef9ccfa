//! Ctrl-C and SIGTERM as a message, so that what was begun can be put in order.

use std::sync::mpsc::{Receiver, Sender, channel};

use crate::failure::Failure;

/// Sends something on a channel when the user wants the command to end.
///
/// # Errors
/// When the system does not let signals be handled.
pub(crate) fn sends<T: Clone + Send + 'static>(to: Sender<T>, what: T) -> Result<(), Failure> {
    ctrlc::set_handler(move || {
        // Who has ended already needs no telling.
        let _ = to.send(what.clone());
    })
    .map_err(|error| Failure::Unreachable(format!("cannot handle Ctrl-C: {error}")))
}

/// A channel on which the user's wish to end comes.
///
/// # Errors
/// When the system does not let signals be handled.
pub(crate) fn channel_of_it() -> Result<Receiver<()>, Failure> {
    let (sender, receiver) = channel();
    sends(sender, ())?;
    Ok(receiver)
}
