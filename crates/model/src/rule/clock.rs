//! What sets rules off by the clock: how long a record stands in a state, and times of the day.

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, ToSpan as _};
use serde::{Deserialize, Serialize};

use super::{Fault, Rule, When, read_offset};
use crate::value::read_duration;
use crate::working::{WorkingTime, read_time};

/// How often a rule may run while a record stands in a state: no timer is without end.
const MOST_TIMES: u32 = 100;

/// How often a schedule comes round.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Period {
    /// Each day.
    Day,
    /// Each week, on one of its days.
    Week,
    /// Each month, on one of its days.
    Month,
}

/// In what working time is counted.
const UNITS: &str = "working time is counted in days, hours and minutes";

/// What a rule that runs after a while in a state says, read.
#[derive(Clone, Debug)]
pub struct Stay<'r> {
    /// The states.
    pub states: &'r [String],
    after: Span,
    every: Option<Span>,
    times: u32,
    working: bool,
}

/// What a rule that a date sets off says, read.
#[derive(Clone, Debug)]
pub struct Dated<'r> {
    /// The field with the date.
    pub field: &'r str,
    offset: Span,
    every: Option<Span>,
    times: u32,
    working: bool,
}

/// What a rule on schedule says, read.
#[derive(Clone, Copy, Debug)]
pub struct Schedule {
    every: Period,
    at: Time,
    on: i8,
}

impl Rule {
    /// What it says of a while in a state; nothing where something else sets it off.
    #[must_use]
    pub fn stay(&self) -> Option<Stay<'_>> {
        let When::Stayed { states, after, every, times, working } = &self.when else { return None };
        let (every, times) = again(every.as_deref(), *times)?;
        Some(Stay { states, after: read_duration(after).ok()?, every, times, working: *working })
    }

    /// What it says of a date; nothing where something else sets it off.
    #[must_use]
    pub fn dated(&self) -> Option<Dated<'_>> {
        let When::Date { field, offset, every, times, working } = &self.when else { return None };
        let (every, times) = again(every.as_deref(), *times)?;
        Some(Dated { field, offset: read_offset(offset).ok()?, every, times, working: *working })
    }

    /// What it says of a schedule; nothing where something else sets it off.
    #[must_use]
    pub fn schedule(&self) -> Option<Schedule> {
        let When::Schedule { every, at, on } = &self.when else { return None };
        Some(Schedule { every: *every, at: read_time(at)?, on: on.unwrap_or(1) })
    }

    /// Whether the clock sets it off and nobody's doing.
    #[must_use]
    pub fn is_by_clock(&self) -> bool {
        self.is_looked_for() || matches!(self.when, When::Stayed { .. })
    }

    /// Whether it has to be looked for which records it runs: nothing that is written sets it off.
    #[must_use]
    pub fn is_looked_for(&self) -> bool {
        matches!(self.when, When::Date { .. } | When::Schedule { .. })
    }
}

/// After how long again, and how often in all.
fn again(every: Option<&str>, times: Option<u32>) -> Option<(Option<Span>, u32)> {
    let every = every.map(read_duration).transpose().ok()?;
    let times = if every.is_some() { times.unwrap_or(1).clamp(1, MOST_TIMES) } else { 1 };
    Some((every, times))
}

impl Stay<'_> {
    /// Whether it is about a state.
    #[must_use]
    pub fn is_in(&self, state: &str) -> bool {
        self.states.iter().any(|it| it == state)
    }

    /// Whether only working time counts.
    #[must_use]
    pub fn is_working(&self) -> bool {
        self.working
    }

    /// The moments at which it runs for a record that has stood in its state since a moment, in order.
    pub fn moments(&self, since: Timestamp, zone: &TimeZone, working: &WorkingTime) -> impl Iterator<Item = Timestamp> {
        repeated((since, self.after), (self.every, self.times), zone, self.working.then_some(working))
    }
}

/// So long after a moment, and after `every` again and again, `times` in all.
fn repeated(
    (since, after): (Timestamp, Span),
    (every, times): (Option<Span>, u32),
    zone: &TimeZone,
    working: Option<&WorkingTime>,
) -> impl Iterator<Item = Timestamp> {
    let next = move |moment: &Timestamp| later(*moment, every?, zone, working);
    std::iter::successors(later(since, after, zone, working), next).take(usize::try_from(times).unwrap_or(1))
}

impl Dated<'_> {
    /// Whether only working time counts.
    #[must_use]
    pub fn is_working(&self) -> bool {
        self.working
    }

    /// The moments at which it runs for a record with such a date, in order.
    pub fn moments(&self, date: Timestamp, zone: &TimeZone, working: &WorkingTime) -> impl Iterator<Item = Timestamp> {
        repeated((date, self.offset), (self.every, self.times), zone, self.working.then_some(working))
    }

    /// Between which dates all those lie that have a moment in a stretch of time, and others beside them; nothing where time leads
    /// nowhere.
    #[must_use]
    pub fn dates(
        &self,
        (from, until): (Timestamp, Option<Timestamp>),
        zone: &TimeZone,
        working: &WorkingTime,
    ) -> Option<(Timestamp, Option<Timestamp>)> {
        let hours = self.working.then_some(working);
        let back = |moment: Timestamp, span: Span| later(moment, span.negate(), zone, hours);
        // The way back may lead elsewhere than the way there: months and days differ in length, and nobody works at night.
        let slack = |span: Span| if self.working { Span::new().days(1) } else { slack(span) };
        let aside = |moment: Timestamp, span: Span| later(moment, span, zone, hours);
        let mut first = back(from, self.offset)?;
        if let Some(every) = self.every {
            for _ in 1..self.times {
                let before = back(first, every)?;
                // Working time leads back exactly, but for the night; one day in the end is enough for that.
                first = if self.working { before } else { aside(before, slack(every).negate())? };
            }
        }
        let first = aside(first, slack(self.offset).negate())?;
        let last = until.map(|until| aside(back(until, self.offset)?, slack(self.offset)));
        Some((first, last.flatten()))
    }
}

/// How far the way back of a span may be beside its way there.
fn slack(span: Span) -> Span {
    let hours = if span.get_months() != 0 || span.get_years() != 0 {
        96
    } else if span.get_days() != 0 || span.get_weeks() != 0 {
        3
    } else {
        0
    };
    Span::new().hours(hours)
}

/// A while after a moment, or before it, of which with `working` only that time counts.
#[must_use]
pub fn later(moment: Timestamp, span: Span, zone: &TimeZone, working: Option<&WorkingTime>) -> Option<Timestamp> {
    match working {
        Some(working) if span.is_negative() => working.before(moment, span.negate(), zone),
        Some(working) => working.after(moment, span, zone),
        None => moment.to_zoned(zone.clone()).checked_add(span).ok().map(|at| at.timestamp()),
    }
}

/// What is wrong with a while, after its code.
pub(super) fn faulty(text: &str, working: bool) -> Option<(&'static str, String)> {
    match read_duration(text) {
        Err(error) => Some(("invalid_duration", error.message)),
        Ok(span) if !span.is_positive() => Some(("while_is_nothing", "a while is longer than nothing".to_owned())),
        Ok(span) if working && !WorkingTime::counts(span) => Some(("working_units", UNITS.to_owned())),
        Ok(_) => None,
    }
}

impl Schedule {
    /// The last moment until `until`.
    #[must_use]
    pub fn last(&self, until: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        let today = zone.to_datetime(until).date();
        let days = (-32..=1).rev().filter_map(|days: i32| today.checked_add(days.days()).ok());
        days.filter_map(|day| self.on(day, zone)).find(|moment| *moment <= until)
    }

    /// The first moment after `after`.
    #[must_use]
    pub fn next(&self, after: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        let today = zone.to_datetime(after).date();
        let days = (-1..=32).filter_map(|days: i32| today.checked_add(days.days()).ok());
        days.filter_map(|day| self.on(day, zone)).find(|moment| *moment > after)
    }

    /// The moment of a day, where it has one.
    fn on(&self, day: Date, zone: &TimeZone) -> Option<Timestamp> {
        let is_meant = match self.every {
            Period::Day => true,
            Period::Week => day.weekday().to_monday_one_offset() == self.on,
            Period::Month => day.day() == self.on.min(day.days_in_month()),
        };
        is_meant.then(|| zone.to_timestamp(day.to_datetime(self.at)).ok()).flatten()
    }
}

/// What is wrong with how often something is repeated.
fn unending(every: Option<&str>, times: Option<u32>, wrong: &mut dyn FnMut(&str, &'static str, String)) {
    match (every, times) {
        (Some(_), None) => {
            let message = "what is repeated says how often in all: no timer is without end";
            wrong("times", "times_missing", message.to_owned());
        }
        (Some(_), Some(times)) if !(2..=MOST_TIMES).contains(&times) => {
            wrong("times", "times_out_of_range", format!("a number from 2 to {MOST_TIMES}"));
        }
        (None, Some(_)) => {
            let message = "what happens several times says after how long again";
            wrong("every", "every_missing", message.to_owned());
        }
        _ => {}
    }
}

/// What is wrong with what a rule says of the clock.
pub(super) fn faults(when: &When) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut wrong = |key: &str, code: &'static str, message: String| {
        faults.push(Fault::new(format!("when.{key}"), message).coded(code));
    };
    match when {
        When::Stayed { after, every, times, working, .. } => {
            for (key, text) in [("after", Some(after)), ("every", every.as_ref())] {
                if let Some((code, message)) = text.and_then(|text| faulty(text, *working)) {
                    wrong(key, code, message);
                }
            }
            unending(every.as_deref(), *times, &mut wrong);
        }
        When::Date { offset, every, times, working, .. } => {
            match read_offset(offset) {
                Err(error) => wrong("offset", "invalid_duration", error.message),
                Ok(span) if *working && !WorkingTime::counts(span) => {
                    wrong("offset", "working_units", UNITS.to_owned())
                }
                Ok(_) => {}
            }
            if let Some((code, message)) = every.as_deref().and_then(|text| faulty(text, *working)) {
                wrong("every", code, message);
            }
            unending(every.as_deref(), *times, &mut wrong);
        }
        When::Schedule { every, at, on } => {
            if read_time(at).is_none() {
                let message = "a time of the day is hours and minutes, for instance 09:00";
                wrong("at", "invalid_time_of_day", message.to_owned());
            }
            let (code, message) = match (every, on) {
                (Period::Day, None) | (Period::Week, Some(1..=7)) | (Period::Month, Some(1..=31)) => return faults,
                (Period::Day, Some(_)) => ("day_of_every_day", "what comes every day has no day of its own"),
                (Period::Week, _) => ("day_of_week", "a day of the week from 1, Monday, to 7"),
                (Period::Month, _) => ("day_of_month", "a day of the month from 1 to 31"),
            };
            wrong("on", code, message.to_owned());
        }
        _ => {}
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(when: &str) -> Rule {
        let text = format!(
            "name = \"a\"\nlabel = {{ ru = \"а\", en = \"a\" }}\nmodule = \"leads\"\nthen = []\n[when]\n{when}"
        );
        toml::from_str(&text).unwrap()
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_while_is_counted_on_and_ends() {
        let rule = rule("event = \"stayed\"\nstates = [\"new\"]\nafter = \"P1D\"\nevery = \"PT12H\"\ntimes = 3");
        let stay = rule.stay().unwrap();
        let moments: Vec<_> = stay.moments(at("2027-03-01T10:00Z"), &TimeZone::UTC, &WorkingTime::default()).collect();
        assert_eq!(moments, ["2027-03-02T10:00Z", "2027-03-02T22:00Z", "2027-03-03T10:00Z"].map(at));
        assert!(faults(&rule.when).is_empty());
    }

    #[test]
    fn what_has_no_end_is_refused() {
        let keys = |when: &str| {
            faults(&rule(&format!("event = \"stayed\"\nstates = [\"new\"]\n{when}")).when)
                .into_iter()
                .map(|fault| fault.at)
                .collect::<Vec<_>>()
        };
        assert_eq!(keys("after = \"P1D\"\nevery = \"P1D\""), ["when.times"]);
        assert_eq!(keys("after = \"P1D\"\nevery = \"P1D\"\ntimes = 101"), ["when.times"]);
        assert_eq!(keys("after = \"P1D\"\ntimes = 3"), ["when.every"]);
        assert_eq!(keys("after = \"PT0S\""), ["when.after"]);
        assert_eq!(keys("after = \"P1W\"\nworking = true"), ["when.after"]);
        assert_eq!(keys("after = \"tomorrow\""), ["when.after"]);
        let keys = |when: &str| {
            let faults = faults(&rule(&format!("event = \"date\"\nfield = \"due\"\n{when}")).when).into_iter();
            faults.map(|fault| fault.at).collect::<Vec<_>>()
        };
        assert_eq!(keys("offset = \"-P1W\"\nworking = true"), ["when.offset"]);
        assert_eq!(keys("every = \"PT0S\"\ntimes = 2"), ["when.every"]);
        assert_eq!(keys("every = \"P1D\""), ["when.times"]);
        assert_eq!(keys("times = 2"), ["when.every"]);
    }

    #[test]
    fn a_date_is_counted_from_again_and_again_and_in_working_time() {
        let (zone, working) = (TimeZone::UTC, WorkingTime::default());
        let moments = |when: &str, date: &str| {
            let rule = rule(&format!("event = \"date\"\nfield = \"due\"\n{when}"));
            assert!(faults(&rule.when).is_empty());
            let dated = rule.dated().unwrap();
            let moments = dated.moments(at(date), &zone, &working);
            moments.map(|moment| moment.to_string()).collect::<Vec<_>>()
        };
        assert_eq!(moments("offset = \"-P1D\"", "2027-03-01T10:00Z"), ["2027-02-28T10:00:00Z"]);
        let again = "offset = \"P1D\"\nevery = \"P7D\"\ntimes = 3";
        let weekly = ["2027-03-02T00:00:00Z", "2027-03-09T00:00:00Z", "2027-03-16T00:00:00Z"];
        assert_eq!(moments(again, "2027-03-01T00:00Z"), weekly);
        // 1 March 2027 is a Monday.
        assert_eq!(moments("offset = \"-P1D\"\nworking = true", "2027-03-01T00:00Z"), ["2027-02-26T09:00:00Z"]);
        assert_eq!(moments("working = true", "2027-02-28T00:00Z"), ["2027-03-01T09:00:00Z"]);
        let hours = "offset = \"-PT4H\"\nevery = \"PT6H\"\ntimes = 2\nworking = true";
        assert_eq!(moments(hours, "2027-03-01T10:00Z"), ["2027-02-26T15:00:00Z", "2027-03-01T12:00:00Z"]);
    }

    #[test]
    fn dates_that_have_a_moment_in_a_stretch_are_among_those_that_are_looked_at() {
        let (zone, working) = (TimeZone::get("Europe/Moscow").unwrap(), WorkingTime::default());
        let whens = [
            "offset = \"-P1M\"",
            "offset = \"P1D\"\nevery = \"P1M\"\ntimes = 4",
            "working = true",
            "offset = \"-P2D\"\nworking = true",
            "offset = \"PT5H\"\nworking = true\nevery = \"P1DT2H\"\ntimes = 9",
            "offset = \"-PT30H\"\nworking = true\nevery = \"PT3H\"\ntimes = 5",
        ];
        for when in whens {
            let rule = rule(&format!("event = \"date\"\nfield = \"due\"\n{when}"));
            let dated = rule.dated().unwrap();
            for hours in 0..600 {
                let date = at("2027-02-10T00:00Z") + jiff::SignedDuration::from_hours(hours);
                for moment in dated.moments(date, &zone, &working) {
                    let just_before = moment - jiff::SignedDuration::from_micros(1);
                    let (first, last) = dated.dates((just_before, Some(moment)), &zone, &working).unwrap();
                    assert!(
                        first <= date && date <= last.unwrap(),
                        "{when}: {date} has {moment}, not in {first} … {last:?}"
                    );
                }
            }
        }
    }

    #[test]
    fn a_schedule_comes_round() {
        let zone = TimeZone::get("Europe/Moscow").unwrap();
        let next = |when: &str, after: &str| rule(when).schedule().unwrap().next(at(after), &zone).unwrap();
        let last = |when: &str, until: &str| rule(when).schedule().unwrap().last(at(until), &zone).unwrap();
        let day = "event = \"schedule\"\nevery = \"day\"\nat = \"09:00\"";
        assert_eq!(next(day, "2027-03-01T05:00Z"), at("2027-03-01T06:00Z"));
        assert_eq!(next(day, "2027-03-01T06:00Z"), at("2027-03-02T06:00Z"));
        assert_eq!(last(day, "2027-03-01T06:00Z"), at("2027-03-01T06:00Z"));
        let week = "event = \"schedule\"\nevery = \"week\"\nat = \"00:30\"\non = 1";
        assert_eq!(next(week, "2027-03-01T06:00Z"), at("2027-03-07T21:30Z"), "Monday begins earlier in Moscow");
        let month = "event = \"schedule\"\nevery = \"month\"\nat = \"12:00\"\non = 31";
        assert_eq!(next(month, "2027-02-01T00:00Z"), at("2027-02-28T09:00Z"), "the last day of a shorter month");
        assert_eq!(last(month, "2027-02-01T00:00Z"), at("2027-01-31T09:00Z"));
    }
}
