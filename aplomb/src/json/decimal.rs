//! Floats that are short decimals, as prices and measures mostly are: found without the general
//! search for the shortest text.

/// A number of at most 15 digits, of which at most six are behind the point; without sign.
#[derive(Clone, Copy)]
pub(super) struct Decimal {
    pub(super) whole: u64,
    pub(super) millionths: u32,
}

impl Decimal {
    /// The decimal that `float` stands for, its sign left out.
    ///
    /// Decimals of up to 15 digits all stand for different floats, so that one of them which
    /// reads back as `float` is the shortest text for it.
    #[inline]
    pub(super) fn new(float: f64) -> Option<Self> {
        let float = float.abs();
        if float < 1e13
            && let Some(hundredths) = scaled(float, 100.0)
        {
            let millionths = (hundredths % 100) as u32 * 10_000;
            return Some(Self {
                whole: hundredths / 100,
                millionths,
            });
        }
        // Smaller ones have exponents.
        if (1e-5..1e9).contains(&float)
            && let Some(millionths) = scaled(float, 1e6)
        {
            let whole = millionths / 1_000_000;
            return Some(Self {
                whole,
                millionths: (millionths % 1_000_000) as u32,
            });
        }
        None
    }
}

/// `float` times `scale`, if that is an integer in decimal.
#[inline]
fn scaled(float: f64, scale: f64) -> Option<u64> {
    let integer = (float * scale + 0.5) as i64;
    (integer as f64 / scale == float).then_some(integer as u64)
}
