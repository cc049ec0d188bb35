//! Exact decimal arithmetic on 64 bits: `unscaled / 10^scale`. The registered functions of SQLite use it as well.

use std::cmp::Ordering;

use super::SCALE_LIMIT;
use crate::rounding::quotient;

/// How many more digits a quotient has after the point than what is divided.
pub(super) const QUOTIENT_DIGITS: u8 = 4;

/// An operation on two numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arithmetic {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
}

impl Arithmetic {
    /// The operator as it is written.
    #[must_use]
    pub fn sign(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
        }
    }

    /// The scale of the result.
    #[must_use]
    pub fn scale(self, left: u8, right: u8) -> u8 {
        match self {
            Self::Add | Self::Subtract => left.max(right),
            Self::Multiply => left.saturating_add(right),
            Self::Divide => left.saturating_add(QUOTIENT_DIGITS).min(SCALE_LIMIT),
        }
    }
}

/// A number: its digits and its scale (at most [`super::SCALE_LIMIT`]).
type Number = (i64, u8);

/// The digits of the result at the result's scale, of a quotient at the scale `to`; nothing where they do not fit into 64
/// bits.
#[must_use]
pub fn arithmetic(operation: Arithmetic, left: Number, right: Number, to: u8) -> Option<i64> {
    let scale = operation.scale(left.1, right.1);
    let sides = || at_scale(left, scale).zip(at_scale(right, scale));
    let result = match operation {
        Arithmetic::Add => sides().and_then(|(a, b)| a.checked_add(b))?,
        Arithmetic::Subtract => sides().and_then(|(a, b)| a.checked_sub(b))?,
        Arithmetic::Multiply => i128::from(left.0).checked_mul(i128::from(right.0))?,
        Arithmetic::Divide => return divide(left, right, to),
    };
    i64::try_from(result).ok()
}

/// The digits of a quotient at a scale that is not less than the dividend's, rounded half away from zero; nothing where
/// one divides by zero or the result does not fit.
#[must_use]
pub(super) fn divide((dividend, from): Number, (divisor, by): Number, to: u8) -> Option<i64> {
    // What is too large for 128 bits here is divided by 64 at most, and would not fit into 64.
    let dividend = at_scale((dividend, from), to.checked_add(by)?)?;
    i64::try_from(quotient(dividend, divisor.into())?).ok()
}

/// An amount times a number, or divided by one, as a multiple of `unit`, rounded half away from zero: all in the same
/// digits as the amount.
#[must_use]
pub fn share(operation: Arithmetic, amount: i64, (number, scale): Number, unit: i64) -> Option<i64> {
    let ten = 10_i128.checked_pow(scale.into())?;
    let (times, by) = match operation {
        Arithmetic::Multiply => (number.into(), ten),
        Arithmetic::Divide => (ten, number.into()),
        Arithmetic::Add | Arithmetic::Subtract => return None,
    };
    let units = quotient(i128::from(amount).checked_mul(times)?, by.checked_mul(unit.into())?)?;
    i64::try_from(units.checked_mul(unit.into())?).ok()
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
