//! [`EventStream`]: server-sent events, one after the other.

use std::io::{BufRead, BufReader, Read};

use serde_json::Value;

/// The longest line, or event, that is taken, in bytes.
const LONGEST: u64 = 1 << 20;

/// An event of a stream.
#[derive(Debug, PartialEq)]
pub(crate) struct StreamEvent {
    pub(crate) name: String,
    pub(crate) data: Value,
}

/// Server-sent events, one after the other, until the stream ends or breaks.
pub(crate) struct EventStream(Box<dyn BufRead + Send>);

impl EventStream {
    pub(crate) fn new(reader: impl Read + Send + 'static) -> Self {
        Self(Box::new(BufReader::new(reader)))
    }

    /// The next line without its end; nothing at the end of the stream.
    fn line(&mut self) -> Option<String> {
        let mut line = Vec::new();
        let read = (&mut self.0)
            .take(LONGEST)
            .read_until(b'\n', &mut line)
            .ok()?;
        let whole = read > 0 && line.pop() == Some(b'\n');
        whole.then(|| {
            String::from_utf8_lossy(&line)
                .trim_end_matches('\r')
                .to_owned()
        })
    }
}

impl Iterator for EventStream {
    type Item = StreamEvent;

    fn next(&mut self) -> Option<StreamEvent> {
        let (mut name, mut data) = (String::new(), String::new());
        loop {
            let line = self.line()?;
            let (field, value) = line.split_once(':').unwrap_or((&line, ""));
            let value = value.strip_prefix(' ').unwrap_or(value);
            match field {
                "event" => value.clone_into(&mut name),
                // Whoever sends that much sends no events.
                "data" if data.len() as u64 > LONGEST => return None,
                "data" => {
                    if !data.is_empty() {
                        data.push('\n');
                    }
                    data.push_str(value);
                }
                "" if line.is_empty() => {
                    if let Ok(data) = serde_json::from_str(&data) {
                        return Some(StreamEvent { name, data });
                    }
                    (name, data) = (String::new(), String::new());
                }
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_told_from_signs_of_life() {
        let text = ": ping\n\nevent: log\r\nid: 3\r\ndata: {\"a\":\ndata: 1}\n\ndata: no JSON\n\nevent: cut\ndata: 1";
        let events: Vec<_> = EventStream::new(text.as_bytes()).collect();
        let data = serde_json::json!({"a": 1});
        assert_eq!(
            events,
            [StreamEvent {
                name: "log".to_owned(),
                data
            }]
        );
    }

    #[test]
    fn an_event_without_an_end_is_the_end() {
        let line = format!("data: {}\n", " ".repeat(1 << 16));
        let text = line.repeat(100) + "data: 1\n\n";
        let mut events = EventStream::new(std::io::Cursor::new(text));
        assert_eq!(events.next(), None);
    }
}
