//! What is logged while an application is built.

#[path = "log.rs"]
mod log;

use aplomb::App;
use log::Log;

/// The lines that the start of an application logs.
pub(crate) fn told_by(app: App) -> String {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .without_time()
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .finish();
    tracing::subscriber::with_default(subscriber, || drop(app.build()));
    let bytes = log.0.lock().expect("the log").clone();
    String::from_utf8(bytes).expect("text")
}
