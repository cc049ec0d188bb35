//! By when something is to be done: so much working time after a moment, which stands still while a record is in some of its
//! states. It is worked out from the log each time, so that nothing is kept that could run away from what happened.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use model::value::read_duration;
use model::working::WorkingTime;
use model::{Record, Value};
use store::{Draft, Error, Result, Work};

use super::act::About;
use crate::App;

/// A moment that was worked out and has gone by already comes so soon: nobody has been told of it.
const SOON: SignedDuration = SignedDuration::from_mins(1);

/// What is worked out.
pub(super) struct Due<'a> {
    pub(super) field: &'a str,
    pub(super) within: &'a str,
    pub(super) since: Option<&'a str>,
    pub(super) stands_in: &'a [String],
    pub(super) warn: Option<&'a str>,
    pub(super) share: u8,
}

/// When time passes for a record: while it is worked, from one moment to another; the last stretch has no end.
struct Passing {
    stretches: Vec<(Timestamp, Option<Timestamp>)>,
    working: WorkingTime,
    zone: TimeZone,
}

impl App {
    /// Writes by when it is to be done.
    pub(super) fn work_out_due(&self, work: &mut Work<'_>, due: &Due<'_>, about: &About<'_>) -> Result<()> {
        let record = about.record;
        let within = about.text(work, due.within)?.map(|text| read_duration(&text)).transpose();
        let within = within.map_err(|error| Error::conflict("invalid_duration", error.message))?;
        let passing = passing(work, due, record)?;
        let length = match within {
            None => None,
            Some(span) => {
                let length = passing.working.length(span);
                Some(length.ok_or_else(|| {
                    Error::conflict("invalid_duration", "working time is counted in days, hours and minutes")
                })?)
            }
        };
        let mut draft = Draft::new();
        let warned = length.map(|length| length * i32::from(due.share) / 100);
        for (name, length) in [(Some(due.field), length), (due.warn, warned)] {
            let Some(name) = name else { continue };
            match length.map(|length| passing.moment(length)) {
                None => draft = draft.set(name, Value::Null),
                // While time stands still it is not known.
                Some(None) => {}
                Some(Some(at)) => draft = draft.set(name, noticed(work.now(), at, record.get(name))),
            }
        }
        if !draft.values.is_empty() {
            work.as_process(|work| work.update(&record.module.name, record.id, draft, None))?;
        }
        Ok(())
    }
}

/// A moment as it is kept. One that has gone by and is new to the record comes soon, so that what waits for it is done.
fn noticed(now: Timestamp, at: Timestamp, known: &Value) -> Value {
    let is_known = known.as_instant() == Some(at);
    let soon = now.checked_add(SOON).unwrap_or(now);
    Value::Instant(if at <= now && !is_known { soon } else { at })
}

fn passing(work: &mut Work<'_>, due: &Due<'_>, record: &Record) -> Result<Passing> {
    let since = due.since.and_then(|name| record.get(name).as_instant()).unwrap_or(record.created_at);
    let process = work.definitions().process(&record.module.name).cloned();
    let way = match (&process, due.stands_in) {
        (Some(process), [_, ..]) => work.way_of(record, process)?,
        _ => Vec::new(),
    };
    let stands = |state: &String| due.stands_in.contains(state);
    let mut stretches = Vec::new();
    let mut begun = Some(since);
    for (state, at) in &way {
        match begun {
            Some(from) if stands(state) => {
                stretches.extend((*at > from).then_some((from, Some(*at))));
                begun = None;
            }
            None if !stands(state) => begun = Some(since.max(*at)),
            _ => {}
        }
    }
    stretches.extend(begun.map(|from| (from, None)));
    let settings = work.settings();
    Ok(Passing { stretches, working: settings.working_time.clone(), zone: settings.zone() })
}

impl Passing {
    /// When so much time has gone by; nothing where it stands still before that.
    fn moment(&self, mut left: SignedDuration) -> Option<Timestamp> {
        for (from, until) in &self.stretches {
            let passed = until.map(|until| self.working.between(*from, until, &self.zone));
            match passed.filter(|passed| *passed < left) {
                Some(passed) => left = left.saturating_sub(passed),
                None => return self.working.after(*from, left.try_into().ok()?, &self.zone),
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn time_stands_still_between_its_stretches() {
        let stretches = |all: &[(&str, Option<&str>)]| Passing {
            stretches: all.iter().map(|(from, until)| (at(from), until.map(at))).collect(),
            working: WorkingTime::default(),
            zone: TimeZone::UTC,
        };
        let hours = SignedDuration::from_hours;
        // Monday from nine to six; two hours gone, then a day of waiting.
        let waited = stretches(&[("2027-03-01T09:00Z", Some("2027-03-01T11:00Z")), ("2027-03-02T10:00Z", None)]);
        assert_eq!(waited.moment(hours(8)), Some(at("2027-03-02T16:00Z")));
        assert_eq!(waited.moment(hours(1)), Some(at("2027-03-01T10:00Z")), "what had gone by stays where it was");
        assert_eq!(waited.moment(hours(2)), Some(at("2027-03-01T11:00Z")));
        let waits = stretches(&[("2027-03-01T09:00Z", Some("2027-03-01T11:00Z"))]);
        assert_eq!(waits.moment(hours(8)), None, "it stands still");
    }

    #[test]
    fn what_has_gone_by_unseen_comes_soon() {
        let (now, past) = (at("2027-03-01T12:00Z"), at("2027-03-01T11:00Z"));
        assert_eq!(noticed(now, past, &Value::Null), Value::Instant(at("2027-03-01T12:01Z")));
        assert_eq!(noticed(now, past, &Value::Instant(past)), Value::Instant(past));
    }
}
