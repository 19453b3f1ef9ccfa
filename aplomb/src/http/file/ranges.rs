//! The parts of a file that a `Range` header asks for.

/// How many parts one request may ask for; one that asks for more gets the whole file.
const MOST: usize = 100;

/// What a `Range` header comes to.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Ranges {
    /// The header is to be ignored.
    Whole,
    /// These parts, from and up to but without, in order and without overlap.
    Parts(Vec<(u64, u64)>),
    /// The header is no range, and this is why.
    Malformed(&'static str),
    /// A part starts where the file has ended.
    NotSatisfiable,
}

impl Ranges {
    /// Reads a `Range` header for a file of this length (RFC 9110, section 14.2), forgiving what
    /// Starlette forgives.
    pub(super) fn parse(header: &str, length: u64) -> Self {
        let Some((unit, ranges)) = header.split_once('=') else {
            return Self::Malformed("Malformed range header.");
        };
        if !unit.trim().eq_ignore_ascii_case("bytes") {
            return Self::Malformed("Only support bytes range");
        }
        if ranges.split(',').count() > MOST {
            return Self::Whole;
        }
        let length = i128::from(length);
        let mut parts: Vec<(i128, i128)> = ranges
            .split(',')
            .filter_map(|range| part(range.trim(), length))
            .collect();
        if parts.is_empty() {
            return Self::Malformed("Range header: range must be requested");
        }
        if parts.iter().any(|(start, _)| !(0..length).contains(start)) {
            return Self::NotSatisfiable;
        }
        if parts.iter().any(|(start, end)| start >= end) {
            return Self::Malformed("Range header: start must be less than end");
        }
        parts.sort_unstable();
        let mut joined: Vec<(u64, u64)> = Vec::with_capacity(parts.len());
        for (start, end) in parts {
            let (Ok(start), Ok(end)) = (u64::try_from(start), u64::try_from(end)) else {
                return Self::NotSatisfiable;
            };
            match joined.last_mut() {
                Some((_, last)) if start <= *last => *last = end.max(*last),
                _ => joined.push((start, end)),
            }
        }
        Self::Parts(joined)
    }
}

/// One part as `start-`, `start-end` or `-length`; nothing where it is none of these.
fn part(range: &str, length: i128) -> Option<(i128, i128)> {
    let (start, end) = range.split_once('-')?;
    let (start, end) = (start.trim(), end.trim());
    if start.is_empty() {
        return Some(((length - integer(end)?).max(0), length));
    }
    let start = integer(start)?;
    if end.is_empty() {
        return Some((start, length));
    }
    Some((start, (integer(end)?).min(length - 1) + 1))
}

/// A decimal number with an optional sign; one too large for any file is as large as can be.
fn integer(text: &str) -> Option<i128> {
    const LARGEST: i128 = u64::MAX as i128;
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Some(sign * digits.parse::<i128>().unwrap_or(LARGEST).min(LARGEST))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn parts(header: &str, wanted: &[(u64, u64)]) {
        assert_eq!(
            Ranges::parse(header, 100),
            Ranges::Parts(wanted.to_vec()),
            "{header}"
        );
    }

    #[test]
    fn parts_are_read_in_order_and_joined() {
        parts("bytes=0-9", &[(0, 10)]);
        parts(" BYTES =0-9", &[(0, 10)]);
        parts("bytes=90-", &[(90, 100)]);
        parts("bytes=-10", &[(90, 100)]);
        parts("bytes=-1000", &[(0, 100)]);
        parts("bytes=90-1000", &[(90, 100)]);
        parts("bytes=90-99999999999999999999999999", &[(90, 100)]);
        parts("bytes=50-59,0-9", &[(0, 10), (50, 60)]);
        parts("bytes=0-9,10-19,15-30", &[(0, 31)]);
        parts("bytes=0-9,-,x-y,17,", &[(0, 10)]);
    }

    #[test]
    fn what_is_no_range_is_told_apart() {
        for header in ["bytes", "bytes=", "items=0-9", "bytes=x", "bytes=9-1"] {
            let read = Ranges::parse(header, 100);
            assert!(matches!(read, Ranges::Malformed(_)), "{header}: {read:?}");
        }
        for header in [
            "bytes=100-",
            "bytes=-0",
            "bytes=99999999999999999999999-",
            "bytes=99999999999999999999999999999999999999999999999-",
            "bytes=0-1,100-200",
        ] {
            let read = Ranges::parse(header, 100);
            assert_eq!(read, Ranges::NotSatisfiable, "{header}");
        }
        assert_eq!(Ranges::parse("bytes=0-", 0), Ranges::NotSatisfiable);
        let many = format!("bytes={}", "0-1,".repeat(100));
        assert_eq!(Ranges::parse(&many, 100), Ranges::Whole);
    }
}
