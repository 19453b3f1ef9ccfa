//! Spans of time as people write and read them.

use std::time::Duration;

/// Reads `250ms`, `10s`, `15m`, `2h` or `1d`; a number alone is seconds.
///
/// # Errors
/// A sentence for those who wrote something else.
pub(crate) fn read(text: &str) -> Result<Duration, String> {
    let unit = text.find(|letter: char| !letter.is_ascii_digit() && letter != '.');
    let (number, unit) = text.split_at(unit.unwrap_or(text.len()));
    let seconds = match unit {
        "ms" => 0.001,
        "" | "s" => 1.0,
        "m" | "min" => 60.0,
        "h" => 3600.0,
        "d" => 86_400.0,
        _ => return Err(format!("no unit `{unit}`: ms, s, m, h and d are known")),
    };
    let number: f64 = number
        .parse()
        .map_err(|_| "such as 250ms, 10s, 15m or 2h".to_owned())?;
    Duration::try_from_secs_f64(number * seconds).map_err(|error| error.to_string())
}

/// Milliseconds for people: three digits or so, and a unit.
pub(crate) fn written(milliseconds: f64) -> String {
    let seconds = milliseconds / 1000.0;
    match milliseconds {
        ms if ms < 0.0095 => "0".to_owned(),
        ms if ms < 0.995 => format!("{ms:.2} ms"),
        ms if ms < 9.95 => format!("{ms:.1} ms"),
        ms if ms < 999.5 => format!("{ms:.0} ms"),
        _ if seconds < 99.95 => format!("{seconds:.2} s"),
        _ if seconds < 600.0 => format!("{seconds:.0} s"),
        _ if seconds < 7200.0 => format!("{:.0} min", seconds / 60.0),
        _ => format!("{:.1} h", seconds / 3600.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_read_with_their_units() {
        for (text, milliseconds) in [
            ("250ms", 250),
            ("10", 10_000),
            ("1.5s", 1_500),
            ("15m", 900_000),
        ] {
            assert_eq!(
                read(text),
                Ok(Duration::from_millis(milliseconds)),
                "{text}"
            );
        }
        for wrong in ["", "s", "5 parsecs", "1e400s", "-3s"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn spans_are_written_with_three_digits() {
        for (milliseconds, text) in [
            (0.0, "0"),
            (0.42, "0.42 ms"),
            (12.4, "12 ms"),
            (999.4, "999 ms"),
            (6_041.0, "6.04 s"),
            (125_000.0, "125 s"),
            (900_000.0, "15 min"),
        ] {
            assert_eq!(written(milliseconds), text);
        }
    }
}
