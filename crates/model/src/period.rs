//! Days, weeks, months, quarters and years of the calendar.

use jiff::Span;
use jiff::civil::{Date, date};

/// How much of the calendar is taken together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Period {
    /// From midnight to midnight.
    Day,
    /// From Monday on.
    Week,
    /// From the first on.
    Month,
    /// Three months.
    Quarter,
    /// From the first of January on.
    Year,
}

impl Period {
    /// All of them, the shortest first.
    pub const ALL: [Self; 5] = [Self::Day, Self::Week, Self::Month, Self::Quarter, Self::Year];

    /// Its name in addresses and expressions.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Quarter => "quarter",
            Self::Year => "year",
        }
    }

    /// The one called so.
    #[must_use]
    pub fn read(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|period| period.name() == name)
    }

    /// The first day of the period in which a day lies.
    #[must_use]
    pub fn first(self, day: Date) -> Date {
        match self {
            Self::Day => day,
            Self::Week => {
                let since = Span::new().days(i64::from(day.weekday().to_monday_zero_offset()));
                day.saturating_sub(since)
            }
            Self::Month => day.first_of_month(),
            Self::Quarter => date(day.year(), (day.month() - 1) / 3 * 3 + 1, 1),
            Self::Year => day.first_of_year(),
        }
    }

    /// The first day after the period that begins with `first`.
    #[must_use]
    pub fn after(self, first: Date) -> Date {
        self.moved(first, 1).unwrap_or(Date::MAX)
    }

    /// The first day of the period that lies so many behind the one that begins with `first`; nothing outside the calendar.
    #[must_use]
    pub fn moved(self, first: Date, by: i64) -> Option<Date> {
        let span = Span::new();
        let span = match self {
            Self::Day => span.try_days(by),
            Self::Week => span.try_weeks(by),
            Self::Month => span.try_months(by),
            Self::Quarter => span.try_months(by.checked_mul(3)?),
            Self::Year => span.try_years(by),
        };
        first.checked_add(span.ok()?).ok()
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::Period;

    #[test]
    fn periods_begin_on_their_first_day() {
        let day = date(2026, 11, 27);
        let firsts = Period::ALL.map(|period| period.first(day));
        let expected = [day, date(2026, 11, 23), date(2026, 11, 1), date(2026, 10, 1), date(2026, 1, 1)];
        assert_eq!(firsts, expected);
        let after = Period::ALL.map(|period| period.after(period.first(day)));
        let expected = [date(2026, 11, 28), date(2026, 11, 30), date(2026, 12, 1), date(2027, 1, 1), date(2027, 1, 1)];
        assert_eq!(after, expected);
        assert_eq!(Period::Week.first(date(2027, 1, 3)), date(2026, 12, 28), "a week goes over the year");
    }

    #[test]
    fn periods_are_counted_in_both_directions() {
        let before = Period::ALL.map(|period| period.moved(period.first(date(2026, 1, 2)), -1));
        let expected = [date(2026, 1, 1), date(2025, 12, 22), date(2025, 12, 1), date(2025, 10, 1), date(2025, 1, 1)];
        assert_eq!(before, expected.map(Some));
        assert_eq!(Period::Quarter.moved(date(2026, 1, 1), i64::MAX), None);
        assert_eq!(Period::Year.moved(date(9999, 1, 1), 1), None);
    }
}
