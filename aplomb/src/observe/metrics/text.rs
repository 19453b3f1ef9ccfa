//! [`Text`]: metrics as Prometheus reads them.

use std::fmt::{Display, Write as _};

use super::sink::{Distribution, Kind, Number, Sink};

/// The media type of the text.
pub(super) const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// The text exposition format, version 0.0.4.
#[derive(Debug, Default)]
pub(crate) struct Text {
    text: String,
    /// The metric that was begun last.
    name: String,
}

impl Sink for Text {
    fn metric(&mut self, name: &str, kind: Kind, help: &str) {
        let kind = match kind {
            Kind::Counter => "counter",
            Kind::Gauge => "gauge",
            Kind::Histogram => "histogram",
        };
        let help = help.replace('\\', "\\\\").replace('\n', "\\n");
        let _ = writeln!(self.text, "# HELP {name} {help}\n# TYPE {name} {kind}");
        name.clone_into(&mut self.name);
    }

    fn number(&mut self, labels: &[(&str, &str)], number: Number) {
        self.line("", labels, number);
    }

    fn distribution(&mut self, labels: &[(&str, &str)], distribution: Distribution<'_>) {
        let Distribution { up_to, sum, count } = distribution;
        for (bound, count) in up_to {
            let bound = bound.to_string();
            let labels = [labels, &[("le", &*bound)]].concat();
            self.line("_bucket", &labels, count);
        }
        let all = [labels, &[("le", "+Inf")]].concat();
        self.line("_bucket", &all, count);
        self.line("_sum", labels, sum);
        self.line("_count", labels, count);
    }
}

impl Text {
    fn line(&mut self, suffix: &str, labels: &[(&str, &str)], value: impl Display) {
        self.text.push_str(&self.name);
        self.text.push_str(suffix);
        for (index, (label, value)) in labels.iter().enumerate() {
            self.text.push(if index == 0 { '{' } else { ',' });
            let _ = write!(self.text, "{label}=\"");
            for letter in value.chars() {
                match letter {
                    '\\' => self.text.push_str("\\\\"),
                    '"' => self.text.push_str("\\\""),
                    '\n' => self.text.push_str("\\n"),
                    letter => self.text.push(letter),
                }
            }
            self.text.push('"');
        }
        if !labels.is_empty() {
            self.text.push('}');
        }
        let _ = writeln!(self.text, " {value}");
    }

    /// Writes a line that is for people.
    pub(crate) fn remark(&mut self, remark: &str) {
        let _ = writeln!(self.text, "# {remark}");
    }

    pub(crate) fn into_string(self) -> String {
        self.text
    }
}

impl Display for Number {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Whole(number) => number.fmt(formatter),
            Self::Real(number) => number.fmt(formatter),
        }
    }
}
