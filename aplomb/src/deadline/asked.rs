//! How long whoever asks says that they wait.

use std::time::Duration;

use http::HeaderMap;

/// The shortest time that the headers speak of.
///
/// What is no time is passed by; so is zero, with which some say that they wait for ever.
pub(super) fn shortest(headers: &HeaderMap) -> Option<Duration> {
    // Requests have few headers: looking at each is less work than looking for three.
    let asked = headers.iter().filter_map(|(name, value)| {
        let read = match name.as_str() {
            "x-request-timeout-ms" | "x-envoy-expected-rq-timeout-ms" => milliseconds,
            "grpc-timeout" => grpc,
            _ => return None,
        };
        read(value.to_str().ok()?)
    });
    asked.filter(|time| !time.is_zero()).min()
}

fn milliseconds(text: &str) -> Option<Duration> {
    whole(text.trim()).map(Duration::from_millis)
}

/// At most eight digits and a unit, as gRPC's protocol has it.
fn grpc(text: &str) -> Option<Duration> {
    let text = text.trim();
    let unit = text.chars().next_back()?;
    let value = &text[..text.len() - unit.len_utf8()];
    let value = whole(value).filter(|_| value.len() <= 8)?;
    match unit {
        'H' => Some(Duration::from_secs(value * 3600)),
        'M' => Some(Duration::from_secs(value * 60)),
        'S' => Some(Duration::from_secs(value)),
        'm' => Some(Duration::from_millis(value)),
        'u' => Some(Duration::from_micros(value)),
        'n' => Some(Duration::from_nanos(value)),
        _ => None,
    }
}

/// A number without sign; the standard parser takes a plus too.
fn whole(text: &str) -> Option<u64> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(headers: &[(&'static str, &str)]) -> Option<Duration> {
        let headers = headers.iter().map(|(name, value)| {
            let value = value.parse().expect("a value");
            (http::HeaderName::from_static(name), value)
        });
        shortest(&headers.collect())
    }

    #[test]
    fn times_are_read_in_all_three_spellings() {
        for (name, value, nanoseconds) in [
            ("x-request-timeout-ms", "1500", 1_500_000_000),
            ("x-envoy-expected-rq-timeout-ms", " 20 ", 20_000_000),
            ("grpc-timeout", "1H", 3_600_000_000_000),
            ("grpc-timeout", "2M", 120_000_000_000),
            ("grpc-timeout", "3S", 3_000_000_000),
            ("grpc-timeout", "99999999m", 99_999_999_000_000),
            ("grpc-timeout", "5u", 5_000),
            ("grpc-timeout", "6n", 6),
        ] {
            let time = Duration::from_nanos(nanoseconds);
            assert_eq!(asked(&[(name, value)]), Some(time), "{name}: {value}");
        }
    }

    #[test]
    fn what_is_no_time_says_nothing() {
        for (name, value) in [
            ("x-request-timeout-ms", ""),
            ("x-request-timeout-ms", "0"),
            ("x-request-timeout-ms", "-1"),
            ("x-request-timeout-ms", "+1"),
            ("x-request-timeout-ms", "1.5"),
            ("x-request-timeout-ms", "1s"),
            ("x-request-timeout-ms", "99999999999999999999999"),
            ("grpc-timeout", ""),
            ("grpc-timeout", "S"),
            ("grpc-timeout", "1"),
            ("grpc-timeout", "1h"),
            ("grpc-timeout", "123456789S"),
            ("grpc-timeout", "1é"),
        ] {
            assert_eq!(asked(&[(name, value)]), None, "{name}: {value}");
        }
    }

    #[test]
    fn the_shortest_counts() {
        let headers = [
            ("x-request-timeout-ms", "300"),
            ("grpc-timeout", "200m"),
            ("x-envoy-expected-rq-timeout-ms", "250"),
        ];
        assert_eq!(asked(&headers), Some(Duration::from_millis(200)));
    }
}
