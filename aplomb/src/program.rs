//! What `#[main]` runs.

use std::io::IsTerminal;
use std::process::ExitCode;
use std::time::Duration;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::prelude::*;

use crate::error::Error;
use crate::observe::{Fields, Lines, LiveFilter, LiveSpans};
use crate::serve::Processors;
use crate::serve::lane::Runtime;

/// How long blocking work may take to end once `main` has returned.
const GRACE: Duration = Duration::from_millis(200);
/// How long the end waits for the last spans to be sent.
#[cfg(feature = "otlp")]
const FLUSH: Duration = Duration::from_secs(3);

/// What an `async fn main` may return.
#[diagnostic::on_unimplemented(
    message = "`main` cannot return `{Self}`",
    label = "return nothing, `Result<()>` or an `ExitCode`"
)]
pub trait MainResult {
    /// The code the program ends with, after saying what went wrong.
    fn report(self) -> ExitCode;
}

impl MainResult for () {
    fn report(self) -> ExitCode {
        ExitCode::SUCCESS
    }
}

impl MainResult for ExitCode {
    fn report(self) -> ExitCode {
        self
    }
}

impl<E: Into<Error>> MainResult for Result<(), E> {
    fn report(self) -> ExitCode {
        match self.map_err(Into::into) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                eprintln!("error: {error}");
                ExitCode::FAILURE
            }
        }
    }
}

/// Runs a program on a runtime with a thread for every core, its events on standard error.
pub fn block_on_main<R: MainResult>(main: impl Future<Output = R>) -> ExitCode {
    let lines = tracing_subscriber::fmt::layer()
        .event_format(Lines::default())
        .fmt_fields(Fields)
        .with_writer(std::io::stderr)
        .with_ansi(coloured())
        .with_filter(LiveFilter::new(usual_filter()));
    let subscriber = tracing_subscriber::registry()
        .with(lines)
        .with(LiveSpans::layer());
    #[cfg(feature = "otlp")]
    let otlp = crate::observe::Otlp::from_environment().unwrap_or_else(|error| {
        eprintln!("error: no traces are sent: {error}");
        None
    });
    #[cfg(feature = "otlp")]
    let subscriber = subscriber.with(
        otlp.as_ref()
            .map(|otlp| otlp.layer().with_filter(usual_filter())),
    );
    // A program that set up its own subscriber keeps it.
    let _ = subscriber.try_init();
    let code = run(main);
    #[cfg(feature = "otlp")]
    if let Some(otlp) = otlp {
        otlp.shut_down(FLUSH);
    }
    code
}

/// Whether somebody looks at a terminal and has nothing against colours (<https://no-color.org>).
fn coloured() -> bool {
    std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|no| no.is_empty())
}

/// Which events are written, and spans sent.
fn usual_filter() -> EnvFilter {
    EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"))
}

/// Runs a program to its end.
fn run<R: MainResult>(main: impl Future<Output = R>) -> ExitCode {
    match Runtime::new(Processors::here().usable) {
        Ok(runtime) => {
            let code = runtime.block_on(main).report();
            // A thread that never comes back from a handler must not keep the process.
            runtime.shut_down(GRACE);
            code
        }
        Err(error) => {
            eprintln!("error: the runtime did not start: {error}");
            ExitCode::FAILURE
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::HttpException;

    #[test]
    fn a_failure_ends_with_code_one() {
        let failed = block_on_main(async { Err::<(), _>(HttpException::status_only(500)) });
        assert_eq!(failed, ExitCode::FAILURE);
        assert_eq!(block_on_main(async {}), ExitCode::SUCCESS);
        assert_eq!(
            block_on_main(async { ExitCode::from(3) }),
            ExitCode::from(3)
        );
    }
}
