//! How `#[aplomb::main]` writes events.

use std::fmt;

use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::field::{RecordFields, VisitOutput as _};
use tracing_subscriber::fmt::format::{DefaultVisitor, Format, Writer};
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields};
use tracing_subscriber::registry::LookupSpan;

use super::TARGET;
use crate::live;

/// Writes events as usual, but objects of the access log alone on their line, for programs.
#[derive(Debug, Default)]
pub(crate) struct Lines(Format);

impl<S, N> FormatEvent<S, N> for Lines
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        context: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        if event.metadata().target() == TARGET {
            let mut object = Object::default();
            event.record(&mut object);
            if let Some(object) = object.0 {
                return writeln!(writer, "{object}");
            }
        }
        self.0.format_event(context, writer, event)
    }
}

/// Writes fields as usual; while a level is set, which lets those out that nobody expected in the
/// log, without the values of secrets.
#[derive(Debug, Default)]
pub(crate) struct Fields;

impl<'writer> FormatFields<'writer> for Fields {
    fn format_fields<R: RecordFields>(&self, writer: Writer<'writer>, fields: R) -> fmt::Result {
        let mut usual = DefaultVisitor::new(writer, true);
        match live::is_any_level_set() {
            true => fields.record(&mut live::Hiding::new(&mut usual, live::tells)),
            false => fields.record(&mut usual),
        }
        usual.finish()
    }
}

/// The message of an event, if it is a JSON object.
#[derive(Default)]
struct Object(Option<String>);

impl Visit for Object {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        if field.name() == "message" {
            let message = format!("{value:?}");
            self.0 = message.starts_with('{').then_some(message);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::sync::{Arc, Mutex};

    use super::*;

    #[derive(Clone, Default)]
    struct Output(Arc<Mutex<Vec<u8>>>);

    impl Write for Output {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().expect("the output").write(bytes)
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn objects_are_alone_on_their_line() {
        let output = Output::default();
        let writer = output.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_ansi(false)
            .event_format(Lines::default())
            .with_writer(move || writer.clone())
            .finish();
        tracing::subscriber::with_default(subscriber, || {
            tracing::info!(target: TARGET, "{{\"status\":200}}");
            tracing::info!(target: TARGET, "a line for people");
            tracing::info!("{{\"of\":\"somebody else\"}}");
        });
        let output = output.0.lock().expect("the output");
        let lines: Vec<&str> = std::str::from_utf8(&output)
            .expect("text")
            .lines()
            .collect();
        assert_eq!(lines[0], "{\"status\":200}");
        assert!(
            lines[1].contains("INFO aplomb::access: a line for people"),
            "{lines:?}"
        );
        assert!(
            lines[2].contains("INFO") && lines[2].ends_with('}'),
            "{lines:?}"
        );
    }
}
