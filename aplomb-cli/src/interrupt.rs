//! Ctrl-C and SIGTERM as a message, so that what was begun can be put in order.

use std::sync::mpsc::Sender;

use crate::failure::Failure;

/// The exit code of a command that was interrupted while it put things in order.
const INTERRUPTED: i32 = 130;

/// Sends something on a channel when the user wants the command to end. Who wants it twice does not
/// want to wait for it.
///
/// # Errors
/// When the system does not let signals be handled.
pub(crate) fn sends<T: Clone + Send + 'static>(to: Sender<T>, what: T) -> Result<(), Failure> {
    let mut told = false;
    ctrlc::set_handler(move || {
        if told {
            std::process::exit(INTERRUPTED);
        }
        told = true;
        // Who has ended already needs no telling.
        let _ = to.send(what.clone());
    })
    .map_err(|error| Failure::Unreachable(format!("cannot handle Ctrl-C: {error}")))
}
