//! Dates and times of day, plain and as seen from now.

use jiff::civil::{Date, Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use super::Locale;

/// A date with its year: `21 ноября 2026`, `21 November 2026`.
#[must_use]
pub fn date(locale: Locale, date: Date) -> String {
    format!("{} {}", day_and_month(locale, date), date.year())
}

/// A date without its year if that is the year of `today`: `21 ноября`, else `21 ноября 2025`.
#[must_use]
pub fn day(locale: Locale, date: Date, today: Date) -> String {
    if date.year() == today.year() { day_and_month(locale, date) } else { self::date(locale, date) }
}

/// A time of day to the minute: `14:20`.
#[must_use]
pub fn time(time: Time) -> String {
    format!("{:02}:{:02}", time.hour(), time.minute())
}

/// An instant with its year: `21 ноября 2026, 14:20`, in the given zone.
#[must_use]
pub fn date_time(locale: Locale, at: Timestamp, zone: &TimeZone) -> String {
    let local = zone.to_datetime(at);
    format!("{}, {}", date(locale, local.date()), time(local.time()))
}

/// An instant as seen from `now`: `сегодня, 14:20`, `вчера, 19:30`, `завтра, 10:00`, else the day, with its year unless
/// that is this one. Days are those of the given zone.
#[must_use]
pub fn moment(locale: Locale, at: Timestamp, now: Timestamp, zone: &TimeZone) -> String {
    let (local, today) = (zone.to_datetime(at), zone.to_datetime(now).date());
    let words = locale.words();
    let is_days_away = |days: i64| today.checked_add(days.days()).is_ok_and(|other| other == local.date());
    let named = [(-1, words.yesterday), (0, words.today), (1, words.tomorrow)];
    let day = match named.into_iter().find(|&(days, _)| is_days_away(days)) {
        Some((_, word)) => word.to_owned(),
        None => day(locale, local.date(), today),
    };
    format!("{day}, {}", time(local.time()))
}

/// The days from `first` to `last`, both included: `13–14 апреля 2027`, `30 апреля – 2 мая 2027`,
/// `30 декабря 2026 – 2 января 2027`; of a single day, that day.
#[must_use]
pub fn date_range(locale: Locale, first: Date, last: Date) -> String {
    let (first, last) = (first.min(last), first.max(last));
    let end = date(locale, last);
    if first == last {
        end
    } else if first.year() != last.year() {
        format!("{} – {end}", date(locale, first))
    } else if first.month() != last.month() {
        format!("{} – {end}", day_and_month(locale, first))
    } else {
        format!("{}–{end}", first.day())
    }
}

/// A month by itself: `ноябрь 2026`, `November 2026`.
#[must_use]
pub fn month_and_year(locale: Locale, month: Date) -> String {
    format!("{} {}", nth(&locale.words().months, month.month()), month.year())
}

/// A day of the week: `суббота`, `Saturday`.
#[must_use]
pub fn weekday(locale: Locale, day: Weekday) -> &'static str {
    nth(&locale.words().weekdays, day.to_monday_one_offset())
}

/// A day of the week in a head of a calendar: `сб`, `Sat`.
#[must_use]
pub fn weekday_short(locale: Locale, day: Weekday) -> &'static str {
    nth(&locale.words().weekdays_short, day.to_monday_one_offset())
}

/// What people call the zone in which a time is told.
#[must_use]
pub fn zone(locale: Locale, name: &str, now: Timestamp) -> String {
    match (locale, name.rsplit_once('/')) {
        (Locale::Ru, _) if name == "Europe/Moscow" => "по московскому времени".to_owned(),
        (Locale::En, Some((_, city))) => format!("{} time", city.replace('_', " ")),
        (Locale::En, None) => name.to_owned(),
        (Locale::Ru, _) => {
            let offset = TimeZone::get(name).map_or(0, |zone| zone.to_offset(now).seconds());
            let (sign, minutes) = (if offset < 0 { '−' } else { '+' }, offset.abs() / 60);
            match minutes % 60 {
                0 => format!("UTC{sign}{}", minutes / 60),
                rest => format!("UTC{sign}{}:{rest:02}", minutes / 60),
            }
        }
    }
}

fn day_and_month(locale: Locale, date: Date) -> String {
    format!("{} {}", date.day(), nth(&locale.words().months_of_date, date.month()))
}

/// The name at a place counted from one, as months and days of the week are.
fn nth(names: &[&'static str], place: i8) -> &'static str {
    usize::try_from(place - 1).ok().and_then(|at| names.get(at)).copied().unwrap_or_default()
}
