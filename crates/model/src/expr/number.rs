//! Exact decimal arithmetic on 64 bits: `unscaled / 10^scale`. The registered functions of SQLite use it as well.

use std::cmp::Ordering;

/// An operation on two numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arithmetic {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
}

impl Arithmetic {
    /// The scale of the result.
    #[must_use]
    pub fn scale(self, left: u8, right: u8) -> u8 {
        match self {
            Self::Add | Self::Subtract => left.max(right),
            Self::Multiply => left.saturating_add(right),
        }
    }
}

/// A number: its digits and its scale (at most [`super::SCALE_LIMIT`]).
type Number = (i64, u8);

/// The digits of the result at the result's scale; nothing where they do not fit into 64 bits.
#[must_use]
pub fn arithmetic(operation: Arithmetic, left: Number, right: Number) -> Option<i64> {
    let scale = operation.scale(left.1, right.1);
    let (a, b) = (at_scale(left, scale)?, at_scale(right, scale)?);
    let result = match operation {
        Arithmetic::Add => a.checked_add(b)?,
        Arithmetic::Subtract => a.checked_sub(b)?,
        Arithmetic::Multiply => i128::from(left.0).checked_mul(i128::from(right.0))?,
    };
    i64::try_from(result).ok()
}

/// Which number is greater. Numbers of a scale beyond the limit, which cannot come from a field, compare by their digits.
#[must_use]
pub fn compare(left: Number, right: Number) -> Ordering {
    let scale = left.1.max(right.1);
    match (at_scale(left, scale), at_scale(right, scale)) {
        (Some(a), Some(b)) => a.cmp(&b),
        _ => left.0.cmp(&right.0),
    }
}

/// The digits of the same number at another scale; nothing where it does not fit or would have to be rounded.
#[must_use]
pub fn rescale((unscaled, from): Number, to: u8) -> Option<i64> {
    if to >= from {
        return i64::try_from(at_scale((unscaled, from), to)?).ok();
    }
    let factor = 10_i64.checked_pow(u32::from(from - to))?;
    (unscaled % factor == 0).then(|| unscaled / factor)
}

/// Digits at a scale that is not less. 64 bits times 10^18 fit into 128.
fn at_scale((unscaled, scale): Number, to: u8) -> Option<i128> {
    let factor = 10_i128.checked_pow(u32::from(to.checked_sub(scale)?))?;
    i128::from(unscaled).checked_mul(factor)
}
