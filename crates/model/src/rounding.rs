//! How whole numbers are divided where the result is rounded: shares of amounts, quotients of numbers.

/// Rounded half away from zero; nothing of zero.
pub(crate) fn quotient(dividend: i128, divisor: i128) -> Option<i128> {
    let (whole, rest) = (dividend.checked_div(divisor)?, dividend.checked_rem(divisor)?);
    let is_half = rest.unsigned_abs() >= divisor.unsigned_abs() - rest.unsigned_abs();
    if is_half { whole.checked_add(dividend.signum() * divisor.signum()) } else { Some(whole) }
}
