//! Working time: on which days of the week an organisation works, from when to when, and on which dates it does not.

use std::collections::BTreeSet;

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span, Timestamp};
use serde::{Deserialize, Serialize};

use crate::value::ValueError;

/// The most days that are gone through from a moment: whoever works on no day is not waited for.
const MOST_DAYS: usize = 4_000;
/// The most holidays that are kept.
const MOST_HOLIDAYS: usize = 1_000;

/// When an organisation works.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WorkingTime {
    /// Days of the week, from 1, Monday, to 7.
    pub days: BTreeSet<i8>,
    /// When a day begins, `09:00`.
    pub from: String,
    /// When it ends.
    pub to: String,
    /// Dates on which nobody works.
    pub holidays: BTreeSet<Date>,
}

impl Default for WorkingTime {
    fn default() -> Self {
        let (from, to) = ("09:00".to_owned(), "18:00".to_owned());
        Self { days: (1..=5).collect(), from, to, holidays: BTreeSet::new() }
    }
}

/// A time of the day in hours and minutes.
#[must_use]
pub fn read_time(text: &str) -> Option<Time> {
    let (hours, minutes) = text.split_once(':').filter(|(hours, minutes)| hours.len() == 2 && minutes.len() == 2)?;
    Time::new(hours.parse().ok()?, minutes.parse().ok()?, 0, 0).ok()
}

impl WorkingTime {
    /// What is wrong with it: the property, and why.
    #[must_use]
    pub fn faults(&self) -> Vec<(&'static str, ValueError)> {
        let mut faults = Vec::new();
        if self.days.is_empty() || self.days.iter().any(|day| !(1..=7).contains(day)) {
            faults.push(("days", ValueError::new("invalid_days", "days of the week from 1, Monday, to 7")));
        }
        let time = || ValueError::new("invalid_time", "a time of the day is hours and minutes, for instance 09:00");
        match (read_time(&self.from), read_time(&self.to)) {
            (Some(from), Some(to)) if from >= to => {
                faults.push(("to", ValueError::new("invalid_time", "a day ends after it has begun")));
            }
            (Some(_), Some(_)) => {}
            (None, _) => faults.push(("from", time())),
            (_, None) => faults.push(("to", time())),
        }
        if self.holidays.len() > MOST_HOLIDAYS {
            let message = format!("at most {MOST_HOLIDAYS} dates");
            faults.push(("holidays", ValueError::new("too_many", message)));
        }
        faults
    }

    /// Whether a span can be counted in working time: a week of it or a month would be anybody's guess.
    #[must_use]
    pub fn counts(span: Span) -> bool {
        span.get_years() == 0 && span.get_months() == 0 && span.get_weeks() == 0
    }

    /// The moment at which so much working time has gone by: days are working days, hours pass while it is worked.
    /// Nothing where that never comes.
    #[must_use]
    pub fn after(&self, moment: Timestamp, span: Span, zone: &TimeZone) -> Option<Timestamp> {
        let (from, to) = (read_time(&self.from)?, read_time(&self.to)?);
        let mut at = self.open(zone.to_datetime(moment), from, to)?;
        for _ in 0..span.get_days() {
            at = self.day_after(at.date())?.to_datetime(at.time());
        }
        let mut left = SignedDuration::try_from(span.days(0)).ok()?;
        for _ in 0..MOST_DAYS {
            let today = at.date().to_datetime(to).duration_since(at);
            if left <= today {
                return zone.to_timestamp(at.checked_add(left).ok()?).ok();
            }
            left = left.checked_sub(today)?;
            at = self.day_after(at.date())?.to_datetime(from);
        }
        None
    }

    /// The moment from which so much working time is left until another: the way back of [`WorkingTime::after`]. What would be the end of
    /// a day is the beginning of the next one.
    #[must_use]
    pub fn before(&self, moment: Timestamp, span: Span, zone: &TimeZone) -> Option<Timestamp> {
        let (from, to) = (read_time(&self.from)?, read_time(&self.to)?);
        let mut at = self.close(zone.to_datetime(moment), from, to)?;
        for _ in 0..span.get_days() {
            at = self.day_before(at.date())?.to_datetime(at.time());
        }
        let mut left = SignedDuration::try_from(span.days(0)).ok()?;
        for _ in 0..MOST_DAYS {
            let today = at.duration_since(at.date().to_datetime(from));
            if left <= today {
                let at = at.checked_sub(left).ok()?;
                let at = if at.time() == to { self.day_after(at.date())?.to_datetime(from) } else { at };
                return zone.to_timestamp(at).ok();
            }
            left = left.checked_sub(today)?;
            at = self.day_before(at.date())?.to_datetime(to);
        }
        None
    }

    /// How many hours of work a span comes to: a day is as long as it is worked. Nothing for what cannot be counted.
    #[must_use]
    pub fn length(&self, span: Span) -> Option<SignedDuration> {
        let (from, to) = (read_time(&self.from)?, read_time(&self.to)?);
        let days = to.duration_since(from).checked_mul(span.get_days())?;
        days.checked_add(SignedDuration::try_from(span.days(0)).ok().filter(|_| Self::counts(span))?)
    }

    /// How long it is worked from one moment to another; nothing where the second does not come after the first.
    #[must_use]
    pub fn between(&self, first: Timestamp, last: Timestamp, zone: &TimeZone) -> SignedDuration {
        let (Some(from), Some(to)) = (read_time(&self.from), read_time(&self.to)) else { return SignedDuration::ZERO };
        let (first, last) = (zone.to_datetime(first), zone.to_datetime(last));
        let mut worked = SignedDuration::ZERO;
        let mut at = self.open(first, from, to);
        for _ in 0..MOST_DAYS {
            let Some(begins) = at.filter(|begins| *begins < last) else { break };
            let ends = begins.date().to_datetime(to).min(last);
            worked = worked.saturating_add(ends.duration_since(begins));
            at = self.day_after(begins.date()).map(|day| day.to_datetime(from));
        }
        worked
    }

    /// The moment itself where it is worked then, else when it next begins.
    fn open(&self, at: DateTime, from: Time, to: Time) -> Option<DateTime> {
        if self.is_worked(at.date()) && at.time() < to {
            return Some(at.date().to_datetime(at.time().max(from)));
        }
        Some(self.day_after(at.date())?.to_datetime(from))
    }

    /// When it was worked last until a moment.
    fn close(&self, at: DateTime, from: Time, to: Time) -> Option<DateTime> {
        if self.is_worked(at.date()) && at.time() > from {
            return Some(at.date().to_datetime(at.time().min(to)));
        }
        Some(self.day_before(at.date())?.to_datetime(to))
    }

    fn day_before(&self, date: Date) -> Option<Date> {
        let days = std::iter::successors(date.yesterday().ok(), |day| day.yesterday().ok());
        days.take(MOST_DAYS).find(|day| self.is_worked(*day))
    }

    fn day_after(&self, date: Date) -> Option<Date> {
        let days = std::iter::successors(date.tomorrow().ok(), |day| day.tomorrow().ok());
        days.take(MOST_DAYS).find(|day| self.is_worked(*day))
    }

    fn is_worked(&self, date: Date) -> bool {
        self.days.contains(&date.weekday().to_monday_one_offset()) && !self.holidays.contains(&date)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_pass_while_it_is_worked() {
        let zone = TimeZone::get("Europe/Moscow").unwrap();
        let working = WorkingTime { holidays: ["2027-03-08".parse().unwrap()].into(), ..WorkingTime::default() };
        let after = |moment: &str, span: &str| {
            let at = zone.to_timestamp(moment.parse::<DateTime>().unwrap()).unwrap();
            zone.to_datetime(working.after(at, span.parse().unwrap(), &zone).unwrap()).to_string()
        };
        // 5 March 2027 is a Friday, and Monday is a holiday.
        assert_eq!(after("2027-03-05T10:00", "PT2H"), "2027-03-05T12:00:00");
        assert_eq!(after("2027-03-05T17:00", "PT2H"), "2027-03-09T10:00:00");
        assert_eq!(after("2027-03-05T17:00", "PT1H"), "2027-03-05T18:00:00");
        assert_eq!(after("2027-03-06T12:00", "PT1M"), "2027-03-09T09:01:00");
        assert_eq!(after("2027-03-04T07:00", "P1D"), "2027-03-05T09:00:00");
        assert_eq!(after("2027-03-05T15:00", "P1DT4H"), "2027-03-10T10:00:00");
        assert_eq!(after("2027-03-05T15:00", "PT20H"), "2027-03-10T17:00:00");
        let never = WorkingTime { days: BTreeSet::new(), ..WorkingTime::default() };
        assert_eq!(never.after(Timestamp::UNIX_EPOCH, "PT1H".parse().unwrap(), &zone), None);
    }

    #[test]
    fn working_time_is_counted_back() {
        let zone = TimeZone::get("Europe/Moscow").unwrap();
        let working = WorkingTime { holidays: ["2027-03-08".parse().unwrap()].into(), ..WorkingTime::default() };
        let before = |moment: &str, span: &str| {
            let at = zone.to_timestamp(moment.parse::<DateTime>().unwrap()).unwrap();
            zone.to_datetime(working.before(at, span.parse().unwrap(), &zone).unwrap()).to_string()
        };
        assert_eq!(before("2027-03-05T12:00", "PT2H"), "2027-03-05T10:00:00");
        assert_eq!(before("2027-03-09T10:00", "PT2H"), "2027-03-05T17:00:00");
        assert_eq!(before("2027-03-09T12:00", "P1D"), "2027-03-05T12:00:00");
        assert_eq!(before("2027-03-09T00:00", "P1D"), "2027-03-05T09:00:00", "the day before, from its beginning");
        assert_eq!(before("2027-03-07T12:00", "P1DT1H"), "2027-03-04T17:00:00");
        assert_eq!(before("2027-03-10T17:00", "PT20H"), "2027-03-05T15:00:00");
        let never = WorkingTime { days: BTreeSet::new(), ..WorkingTime::default() };
        assert_eq!(never.before(Timestamp::UNIX_EPOCH, "PT1H".parse().unwrap(), &zone), None);
    }

    #[test]
    fn hours_of_work_are_counted() {
        let zone = TimeZone::get("Europe/Moscow").unwrap();
        let working = WorkingTime { holidays: ["2027-03-08".parse().unwrap()].into(), ..WorkingTime::default() };
        let at = |moment: &str| zone.to_timestamp(moment.parse::<DateTime>().unwrap()).unwrap();
        let hours = |first: &str, last: &str| working.between(at(first), at(last), &zone).as_secs() / 3600;
        assert_eq!(hours("2027-03-05T10:00", "2027-03-05T12:00"), 2);
        // Friday to Tuesday over a holiday.
        assert_eq!(hours("2027-03-05T17:00", "2027-03-09T11:00"), 3);
        assert_eq!(hours("2027-03-06T10:00", "2027-03-08T12:00"), 0, "nobody works on these days");
        assert_eq!(hours("2027-03-05T12:00", "2027-03-05T10:00"), 0, "and never backwards");
        let length = |span: &str| working.length(span.parse().unwrap()).map(|length| length.as_secs() / 3600);
        assert_eq!((length("P2D"), length("P1DT2H"), length("P1W")), (Some(18), Some(11), None));
    }

    #[test]
    fn what_is_no_working_time_is_told() {
        let keys = |working: WorkingTime| working.faults().into_iter().map(|(key, _)| key).collect::<Vec<_>>();
        assert!(keys(WorkingTime::default()).is_empty());
        assert_eq!(keys(WorkingTime { days: [8].into(), ..WorkingTime::default() }), ["days"]);
        assert_eq!(keys(WorkingTime { to: "09:00".to_owned(), ..WorkingTime::default() }), ["to"]);
        assert_eq!(keys(WorkingTime { from: "9".to_owned(), ..WorkingTime::default() }), ["from"]);
    }
}
