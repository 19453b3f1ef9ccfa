//! The limits of a service as a table for people.

use std::time::Duration;

use crate::app::App;
use crate::background::BackgroundLimit;
use crate::deadline::TimeLimit;
use crate::http::{multipart, room};
use crate::serve::lane::Runtime;
use crate::serve::{LimitRow, Tls, fixed_limits};

/// What no setting changes.
const FIXED: &str = "-";

impl App {
    /// Everything that is bounded, as a table: what, how much, what happens beyond it, and what
    /// sets it. They are the values that the service works with.
    ///
    /// Where the value depends on the machine, the rule stands before it.
    ///
    /// ```
    /// use aplomb::App;
    ///
    /// let table = App::new().limits_table();
    /// let deadline = table.lines().find(|line| line.contains("answer must begin within"));
    /// assert!(deadline.is_some_and(|line| line.contains("10 s") && line.contains("504")));
    /// ```
    pub fn limits_table(&self) -> String {
        let groups = groups(self);
        let rows = || groups.iter().flat_map(|(_, rows)| rows);
        let width = |cell: fn(&LimitRow) -> &str| {
            let widths = rows().map(|row| cell(row).chars().count());
            widths.max().unwrap_or_default()
        };
        let widths = [
            width(|row| row.what),
            width(|row| &row.value),
            width(|row| row.beyond),
        ];
        let mut table = String::new();
        for (number, (group, rows)) in groups.iter().enumerate() {
            if number > 0 {
                table.push('\n');
            }
            table.push_str(group);
            table.push('\n');
            for row in rows {
                let [what, value, beyond] = widths;
                let line = format!(
                    "  {:what$}  {:value$}  {:beyond$}  {}",
                    row.what, row.value, row.beyond, row.set_by
                );
                table.push_str(line.trim_end());
                table.push('\n');
            }
        }
        table
    }
}

fn groups(app: &App) -> Vec<(&'static str, Vec<LimitRow>)> {
    let limits = app.serving.limits(app.compat);
    let inherited = &app.router.inherited;
    let mut groups = limits.groups();
    let (form, sockets) = (inherited.limits.form, &app.websocket_settings);
    if let Some(bytes) = inherited.limits.max_body_size {
        for row in groups.iter_mut().flat_map(|(_, rows)| rows) {
            if row.what == "request body" {
                row.value = LimitRow::bytes(bytes);
            }
        }
    }
    let deadline = inherited.limits.deadline;
    let deadline = match deadline.unwrap_or_else(|| TimeLimit::usual(app.compat)) {
        TimeLimit::After(time) => LimitRow::time(time),
        TimeLimit::None => "none".to_owned(),
    };
    let gates = inherited.gates.iter().map(|gate| gate.figures().0);
    let in_flight = gates
        .min()
        .map_or("none".to_owned(), |most| most.to_string());
    let background = app.states.get::<BackgroundLimit>().unwrap_or_default();
    let or_none = |time: Option<Duration>| time.map_or("none".to_owned(), LimitRow::time);
    let row = LimitRow::new;
    groups.push((
        "Forms",
        vec![
            row(
                "fields of a form",
                form.fields().to_string(),
                "400",
                "App::form_limits",
            ),
            row(
                "files of a form",
                form.files().to_string(),
                "400",
                "App::form_limits",
            ),
            row(
                "one field",
                LimitRow::bytes(form.part_size()),
                "400",
                "App::form_limits",
            ),
            row(
                "headers of a part",
                multipart::HEADERS.to_string(),
                "400",
                FIXED,
            ),
            row(
                "one header of a part",
                LimitRow::bytes(multipart::HEADER_LENGTH),
                "400",
                FIXED,
            ),
        ],
    ));
    groups.push((
        "Answering",
        vec![
            row("answer must begin within", deadline, "504", "App::deadline"),
            row(
                "in flight, with a queue",
                in_flight,
                "wait, then 503",
                "App::max_in_flight",
            ),
            row(
                "wait for room for a long answer",
                LimitRow::time(room::PATIENCE),
                "503",
                FIXED,
            ),
            row(
                "background tasks",
                background.most().to_string(),
                "done before the answer",
                "App::background_tasks",
            ),
        ],
    ));
    groups.push(("Threads", Runtime::limits()));
    let look = app.serving.tls.as_ref().map_or(Tls::LOOK, Tls::look);
    groups.push((
        "TLS",
        vec![
            row(
                "handshake and first head within",
                LimitRow::time(limits.head_timeout),
                "closed",
                "Limits::head_timeout",
            ),
            row(
                "handshakes that compute at once",
                "one less than workers".to_owned(),
                "wait",
                FIXED,
            ),
            row(
                "files are looked at every",
                LimitRow::time(look),
                "",
                "Tls::reload_every",
            ),
        ],
    ));
    groups.push((
        "WebSockets",
        vec![
            row(
                "one message",
                LimitRow::bytes(sockets.max_size),
                "close 1009",
                "WebSocketSettings::max_size",
            ),
            row(
                "one frame",
                LimitRow::bytes(sockets.max_frame_size),
                "close 1009",
                "WebSocketSettings::max_frame_size",
            ),
            row(
                "ping every",
                or_none(sockets.ping_interval),
                "",
                "WebSocketSettings::ping_interval",
            ),
            row(
                "sign of life after a ping",
                or_none(sockets.ping_timeout),
                "close 1011",
                "WebSocketSettings::ping_timeout",
            ),
            row(
                "answer to a close",
                LimitRow::time(sockets.close_timeout),
                "cut",
                "WebSocketSettings::close_timeout",
            ),
        ],
    ));
    groups.push(("Not to be set", fixed_limits()));
    groups
}
