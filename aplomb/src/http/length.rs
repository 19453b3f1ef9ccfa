//! `content-length` values, ready-made for the sizes that are frequent.

use std::sync::LazyLock;

use bytes::Bytes;
use http::HeaderValue;

const READY_MADE: usize = 4096;

static TEXTS: LazyLock<Vec<HeaderValue>> = LazyLock::new(|| {
    let (mut digits, mut ends) = (String::new(), Vec::with_capacity(READY_MADE));
    for length in 0..READY_MADE {
        digits.push_str(itoa::Buffer::new().format(length));
        ends.push(digits.len());
    }
    // Static text is copied as a pointer, without a shared reference count.
    let digits: &'static str = digits.leak();
    let starts = std::iter::once(0).chain(ends.iter().copied());
    starts
        .zip(&ends)
        .map(|(start, end)| HeaderValue::from_static(&digits[start..*end]))
        .collect()
});

/// The value of `content-length` for a body of this many bytes.
#[inline]
pub(super) fn content_length(length: u64) -> HeaderValue {
    let ready_made = usize::try_from(length)
        .ok()
        .and_then(|length| TEXTS.get(length));
    ready_made.cloned().unwrap_or_else(|| {
        let digits = itoa::Buffer::new().format(length).as_bytes().to_vec();
        HeaderValue::from_maybe_shared(Bytes::from(digits))
            .unwrap_or_else(|_| HeaderValue::from(length))
    })
}

#[cfg(test)]
mod tests {
    use super::content_length;

    #[test]
    fn spells_every_length() {
        for length in [0, 1, 9, 10, 99, 100, 999, 1000, 4095, 4096, 4097, u64::MAX] {
            assert_eq!(content_length(length), length.to_string().as_str());
        }
    }
}
