//! JSON numbers: one pass over the digits, exact for every length.

use super::Value;

/// Python refuses to convert integers with more digits.
const INTEGER_DIGITS_LIMIT: usize = 4300;

/// Powers of ten that a float holds exactly.
const EXACT_POWERS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
];

/// A number that was found in a text.
pub(super) struct Number<'a> {
    token: &'a str,
    negative: bool,
    /// All digits read as one integer; wrong if there are more than 19.
    mantissa: u64,
    digits: usize,
    /// The power of ten that the mantissa is to be multiplied with.
    exponent: i64,
    pub(super) is_integer: bool,
    pub(super) end: usize,
}

impl<'a> Number<'a> {
    /// The longest number at `start`.
    #[inline]
    pub(super) fn scan(text: &'a str, start: usize) -> Option<Self> {
        let bytes = text.as_bytes();
        let negative = bytes.get(start) == Some(&b'-');
        let whole = start + usize::from(negative);
        let (mut at, mut mantissa) = match bytes.get(whole)? {
            b'0' => (whole + 1, 0),
            b'1'..=b'9' => accumulate(bytes, whole, 0),
            _ => return None,
        };
        let mut digits = at - whole;
        let mut exponent = 0;
        let mut is_integer = true;
        if bytes.get(at) == Some(&b'.') && bytes.get(at + 1).is_some_and(u8::is_ascii_digit) {
            let fraction = at + 1;
            (at, mantissa) = accumulate(bytes, fraction, mantissa);
            digits += at - fraction;
            exponent = -((at - fraction) as i64);
            is_integer = false;
        }
        if matches!(bytes.get(at), Some(b'e' | b'E'))
            && let Some((power, next)) = power(bytes, at + 1)
        {
            exponent += power;
            at = next;
            is_integer = false;
        }
        let token = text.get(start..at)?;
        Some(Self {
            token,
            negative,
            mantissa,
            digits,
            exponent,
            is_integer,
            end: at,
        })
    }

    /// True if Python converts it: integers may have 4300 digits.
    #[inline]
    pub(super) fn is_convertible(&self) -> bool {
        !self.is_integer || self.digits <= INTEGER_DIGITS_LIMIT
    }

    /// The integer, if it is one without sign that fits.
    #[inline]
    pub(super) fn unsigned(&self) -> Option<u64> {
        match self.digits {
            _ if !self.is_integer || self.negative => None,
            ..=19 => Some(self.mantissa),
            _ => self.token.parse().ok(),
        }
    }

    /// The integer, if it is one that fits.
    #[inline]
    pub(super) fn integer(&self) -> Option<i64> {
        match self.digits {
            _ if !self.is_integer => None,
            ..=18 if self.negative => Some(-(self.mantissa as i64)),
            ..=18 => Some(self.mantissa as i64),
            _ => self.token.parse().ok(),
        }
    }

    /// The nearest float; infinite above the greatest.
    #[inline]
    pub(super) fn float(&self) -> f64 {
        let power = EXACT_POWERS.get(self.exponent.unsigned_abs() as usize);
        if let Some(power) = power
            && self.digits <= 19
            && self.mantissa < 1 << 53
        {
            // Both are exact, so that the one operation rounds correctly.
            let mantissa = self.mantissa as f64;
            let float = if self.exponent < 0 {
                mantissa / power
            } else {
                mantissa * power
            };
            // The integer `-0` is 0.
            return if self.negative && !(self.is_integer && self.mantissa == 0) {
                -float
            } else {
                float
            };
        }
        self.token.parse().unwrap_or(f64::NAN)
    }

    /// The value, if Python converts it.
    #[inline]
    pub(super) fn value(&self) -> Option<Value> {
        if !self.is_integer {
            return Some(Value::Float(self.float()));
        }
        match self.integer() {
            Some(integer) => Some(Value::Integer(integer)),
            None if self.is_convertible() => Some(Value::BigInteger(self.token.into())),
            None => None,
        }
    }
}

/// Appends the digits from `at` on to `mantissa`; gives the place after them.
#[inline]
fn accumulate(bytes: &[u8], mut at: usize, mut mantissa: u64) -> (usize, u64) {
    while let Some(digit @ b'0'..=b'9') = bytes.get(at) {
        mantissa = mantissa
            .wrapping_mul(10)
            .wrapping_add(u64::from(digit - b'0'));
        at += 1;
    }
    (at, mantissa)
}

/// The power of ten at `at`, after the `e`, and the place after it.
fn power(bytes: &[u8], at: usize) -> Option<(i64, usize)> {
    let sign = bytes.get(at).filter(|byte| matches!(byte, b'-' | b'+'));
    let first = at + usize::from(sign.is_some());
    let mut end = first;
    let mut power: i64 = 0;
    while let Some(digit @ b'0'..=b'9') = bytes.get(end) {
        power = power
            .saturating_mul(10)
            .saturating_add(i64::from(digit - b'0'))
            .min(1 << 40);
        end += 1;
    }
    let power = if sign == Some(&b'-') { -power } else { power };
    (end > first).then_some((power, end))
}
