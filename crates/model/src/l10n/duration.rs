//! Lengths of time in words.

use jiff::Span;

use super::number::MINUS;
use super::{Locale, number, plural};

/// A length of time in the units it was given in: `1 день`, `4 часа`, `1 day 12 hours`. Parts of a second are left
/// out; nothing at all is `0 минут`.
#[must_use]
pub fn duration(locale: Locale, span: &Span) -> String {
    let units = &locale.words().units;
    let parts = [
        (i64::from(span.get_years()), units.years),
        (i64::from(span.get_months()), units.months),
        (i64::from(span.get_weeks()), units.weeks),
        (i64::from(span.get_days()), units.days),
        (i64::from(span.get_hours()), units.hours),
        (span.get_minutes(), units.minutes),
        (span.get_seconds(), units.seconds),
    ];
    let counted = |count: i64, forms| format!("{} {}", number(locale, count.abs()), plural(locale, count, forms));
    let words: Vec<String> =
        parts.into_iter().filter(|&(count, _)| count != 0).map(|(count, forms)| counted(count, forms)).collect();
    match words.as_slice() {
        [] => counted(0, units.minutes),
        _ => format!("{}{}", if span.is_negative() { MINUS } else { "" }, words.join(" ")),
    }
}
