//! Numbers with grouped digits.

use super::Locale;

/// The minus sign of typography, as wide as a plus.
pub(super) const MINUS: &str = "\u{2212}";

/// A whole number: `15 000` (with no-break spaces), `15,000`.
#[must_use]
pub fn number(locale: Locale, value: i64) -> String {
    decimal(locale, value, 0)
}

/// An exact decimal, `unscaled / 10^scale`, with all its digits after the point: `1 234,50`, `1,234.50`.
#[must_use]
pub fn decimal(locale: Locale, unscaled: i64, scale: u8) -> String {
    let sign = if unscaled < 0 { MINUS } else { "" };
    let digits = format!("{:0width$}", unscaled.unsigned_abs(), width = usize::from(scale) + 1);
    let (whole, decimals) = digits.split_at(digits.len() - usize::from(scale));
    match decimals {
        "" => format!("{sign}{}", grouped(locale, whole)),
        _ => format!("{sign}{}{}{decimals}", grouped(locale, whole), locale.words().decimal_point),
    }
}

/// Digits in groups of three. Four digits are grouped as well, so that columns of numbers read evenly.
pub(super) fn grouped(locale: Locale, digits: &str) -> String {
    let mut text = String::with_capacity(digits.len() * 2);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push_str(locale.words().group);
        }
        text.push(digit);
    }
    text
}
