//! Days, months and midnights in a time zone; instants and dates that stay within the years 1 to 9999.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

use super::{FIRST_INSTANT, LAST_INSTANT, Unit};
use crate::{Period, Value};

/// Microseconds of a day of 24 hours.
pub(super) const DAY: i64 = 86_400_000_000;

/// The instant at which the day begins (where the clock skips midnight, the first instant after it).
#[must_use]
pub fn start_of_day(date: Date, zone: &TimeZone) -> Option<Timestamp> {
    date.to_zoned(zone.clone()).ok().map(|zoned| zoned.timestamp())
}

/// The day of an instant.
pub(super) fn day_of(instant: Timestamp, zone: &TimeZone) -> Date {
    zone.to_datetime(instant).date()
}

/// The first day of the period that lies so many behind the one of a day; nothing outside the years 1 to 9999.
pub(super) fn start_of(period: Period, by: i64, day: Date) -> Option<Date> {
    period.moved(period.first(day), by).filter(|first| first.year() >= 1)
}

/// A unit of a day.
pub(super) fn unit(unit: Unit, date: Date) -> Value {
    match unit {
        Unit::Year => Value::Int(i64::from(date.year())),
        Unit::Month => Value::Text(format!("{:04}-{:02}", date.year(), date.month())),
        Unit::Day => Value::Date(date),
    }
}

/// The instant so many microseconds later; nothing outside the years 1 to 9999.
#[must_use]
pub fn shift_instant(instant: Timestamp, micros: i64) -> Option<Timestamp> {
    let moved = instant.as_microsecond().checked_add(micros)?;
    (FIRST_INSTANT..=LAST_INSTANT).contains(&moved).then(|| Timestamp::from_microsecond(moved).ok()).flatten()
}

/// The day so many microseconds later; nothing unless they make whole days, and outside the years 1 to 9999.
#[must_use]
pub fn shift_date(date: Date, micros: i64) -> Option<Date> {
    if micros % DAY != 0 {
        return None;
    }
    let moved = date.checked_add(Span::new().try_days(micros / DAY).ok()?).ok()?;
    (moved.year() >= 1).then_some(moved)
}
