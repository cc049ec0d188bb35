//! When the conferences of the story take place: always two behind and one ahead, each in its season of the year.

use jiff::civil::{Date, Weekday, date};
use jiff::{ToSpan, Unit};
use serde::Deserialize;

/// A conference that comes back every year.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Season {
    /// It begins on the first Tuesday not before this day …
    month: i8,
    /// … of the month.
    day: i8,
    /// Its name; the year follows.
    name: String,
    /// The beginning of its address; two digits of the year follow.
    slug: String,
}

/// One of them, in its year.
pub(super) struct Conference {
    pub(super) name: String,
    pub(super) slug: String,
    /// First day, counted from today.
    pub(super) starts_in: i64,
}

/// A conference that began so many days ago is still the one that is on sale.
const LINGERS: i64 = 2;

/// The last but one, the last and the next.
pub(super) fn conferences(seasons: &[Season], today: Date) -> Vec<Conference> {
    let years = today.year().saturating_sub(2)..=today.year().saturating_add(1);
    let mut all: Vec<_> = years
        .flat_map(|year| seasons.iter().map(move |season| season.in_year(year, today)))
        .filter(|conference| conference.starts_in >= -3 * 366)
        .collect();
    all.sort_by_key(|conference| conference.starts_in);
    let next = all.iter().position(|conference| conference.starts_in >= -LINGERS).unwrap_or(all.len());
    all.truncate(next + 1);
    all.split_off(all.len().saturating_sub(3))
}

impl Season {
    fn in_year(&self, year: i16, today: Date) -> Conference {
        let earliest = date(year, self.month, self.day);
        let begins = match earliest.weekday() {
            Weekday::Tuesday => earliest,
            _ => earliest.nth_weekday(1, Weekday::Tuesday).unwrap_or(earliest),
        };
        let away = begins.since((Unit::Day, today)).unwrap_or_else(|_| 0.days());
        Conference {
            name: format!("{} {year}", self.name),
            slug: format!("{}{:02}", self.slug, year % 100),
            starts_in: i64::from(away.get_days()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_are_over_and_one_lies_ahead_whatever_the_day() {
        let season = |month, day, name: &str| Season { month, day, name: name.to_owned(), slug: name.to_lowercase() };
        let seasons = [season(4, 13, "Spring"), season(10, 20, "Autumn")];
        for day in 0..800 {
            let today = date(2026, 11, 26) + jiff::Span::new().days(day);
            let all = conferences(&seasons, today);
            let [before, last, next] = &all[..] else { panic!("three on {today}") };
            assert!(before.starts_in < last.starts_in && last.starts_in < -LINGERS, "{today}");
            assert!((-LINGERS..=200).contains(&next.starts_in), "{today}: {}", next.starts_in);
        }
        let names = |today| -> Vec<_> { conferences(&seasons, today).into_iter().map(|it| it.name).collect() };
        assert_eq!(names(date(2026, 11, 26)), ["Spring 2026", "Autumn 2026", "Spring 2027"]);
        assert_eq!(names(date(2027, 6, 1)), ["Autumn 2026", "Spring 2027", "Autumn 2027"]);
        assert_eq!(conferences(&seasons, date(2027, 6, 1))[2].slug, "autumn27");
    }
}
