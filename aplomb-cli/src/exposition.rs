//! [`Exposition`]: the metrics of a service, as Prometheus reads them.

use std::collections::BTreeMap;

/// The samples of a service at one moment.
#[derive(Clone, Debug, Default)]
pub(crate) struct Exposition(BTreeMap<String, Vec<Sample>>);

/// One number, and what it is of.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Sample {
    labels: Vec<(String, String)>,
    pub(crate) value: f64,
}

impl Sample {
    /// What a label says; nothing where there is none.
    pub(crate) fn label(&self, name: &str) -> &str {
        let label = self.labels.iter().find(|(label, _)| label == name);
        label.map_or("", |(_, value)| value)
    }
}

impl Exposition {
    /// Reads the text format, version 0.0.4; lines that make no sense are left out.
    pub(crate) fn read(text: &str) -> Self {
        let mut samples: BTreeMap<String, Vec<Sample>> = BTreeMap::new();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            if let Some((name, sample)) = sample(line) {
                samples.entry(name.to_owned()).or_default().push(sample);
            }
        }
        Self(samples)
    }

    /// The samples of a metric.
    pub(crate) fn samples(&self, name: &str) -> &[Sample] {
        self.0.get(name).map_or(&[], Vec::as_slice)
    }

    /// The sum of a metric over those samples that have a label.
    pub(crate) fn sum(&self, name: &str, label: Option<(&str, &str)>) -> f64 {
        let samples = self.samples(name).iter();
        let meant =
            samples.filter(|sample| label.is_none_or(|(name, value)| sample.label(name) == value));
        meant.map(|sample| sample.value).sum()
    }
}

fn sample(line: &str) -> Option<(&str, Sample)> {
    let end = line.find(['{', ' '])?;
    let (name, rest) = line.split_at(end);
    let (labels, rest) = match rest.strip_prefix('{') {
        Some(rest) => labels(rest)?,
        None => (Vec::new(), rest),
    };
    let value = rest.split_whitespace().next()?.parse().ok()?;
    Some((name, Sample { labels, value }))
}

/// The labels up to the brace, and what is behind it.
fn labels(mut text: &str) -> Option<(Vec<(String, String)>, &str)> {
    let mut labels = Vec::new();
    loop {
        text = text.trim_start_matches([',', ' ']);
        if let Some(rest) = text.strip_prefix('}') {
            return Some((labels, rest));
        }
        let (name, rest) = text.split_once("=\"")?;
        let mut value = String::new();
        let mut letters = rest.char_indices();
        loop {
            match letters.next()? {
                (place, '"') => {
                    text = &rest[place + 1..];
                    break;
                }
                (_, '\\') => value.push(match letters.next()?.1 {
                    'n' => '\n',
                    letter => letter,
                }),
                (_, letter) => value.push(letter),
            }
        }
        labels.push((name.to_owned(), value));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_are_found_by_name_and_label() {
        let text = "# HELP a b\na{route=\"/x\\\"{y}\\n\",method=\"GET\"} 3\na{route=\"/z\"} 4.5\nb 1\nbroken{\n";
        let exposition = Exposition::read(text);
        assert_eq!(exposition.samples("a")[0].label("route"), "/x\"{y}\n");
        assert_eq!(exposition.sum("a", None), 7.5);
        assert_eq!(exposition.sum("a", Some(("route", "/z"))), 4.5);
        assert_eq!(exposition.sum("b", None), 1.0);
        assert_eq!(exposition.sum("c", None), 0.0);
    }
}
