//! Rules that a date or a schedule sets off: whose moment has come since it was last looked.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use model::expr::{Plan, start_of_day};
use model::rule::{Rule, read_offset};
use model::{Record, Value};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::{RULE_DATES_JOB, RULE_JOB};
use crate::error::{Error, Result};
use crate::jobs::Job;
use crate::params;
use crate::query::{List, Sort, refused};
use crate::work::Work;

/// Records that are looked at in one turn.
const AT_ONCE: usize = 200;
/// A look that is due within this time may be under way beside what is written: whoever writes waits for it.
const NEAR: SignedDuration = SignedDuration::from_secs(60);

/// A stretch of time, and how far it was looked through.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Window {
    /// Its beginning, which is not in it.
    pub from: Timestamp,
    /// Its end.
    pub until: Timestamp,
    /// Where the rest begins.
    pub cursor: String,
}

/// What of a window was found in one turn.
#[derive(Clone, Debug, Default)]
pub struct Moments {
    /// Records with the moment that stands in them.
    pub records: Vec<Record>,
    /// Where the rest begins.
    pub next: Option<String>,
}

impl Work<'_> {
    /// The records whose moment lies in the window, which does not hold its beginning.
    ///
    /// # Errors
    /// When the rule does not fit its module any more.
    pub fn rule_moments(
        &mut self,
        rule: &Rule,
        (from, until): (Timestamp, Timestamp),
        cursor: Option<String>,
    ) -> Result<Moments> {
        let zone = self.settings().zone();
        let mut found = self.dated(rule, (from, Some(until)), cursor)?;
        found.records.retain(|record| {
            let moment = moment_of(record, rule, &zone);
            moment.is_some_and(|moment| moment > from && moment <= until)
        });
        Ok(found)
    }

    /// The records whose dates may lead into the window, in their order.
    fn dated(
        &mut self,
        rule: &Rule,
        (from, until): (Timestamp, Option<Timestamp>),
        cursor: Option<String>,
    ) -> Result<Moments> {
        let Some((name, _)) = rule.moment() else { return Ok(Moments::default()) };
        let module = self.module(&rule.module)?;
        let zone = self.settings().zone();
        let is_date = module.field(name).is_some_and(|field| field.kind == model::FieldType::Date);
        let slack = slack(rule);
        let value = |at: Timestamp| if is_date { Value::Date(zone.to_datetime(at).date()) } else { Value::Instant(at) };
        let first = value(shifted(from, rule, &zone, true)? - slack);
        let field = || Plan::field(&module, name);
        let mut filter = field().and_then(|field| field.at_least(first)).map_err(refused)?;
        if let Some(until) = until {
            let last = value(shifted(until, rule, &zone, true)? + slack);
            filter = filter.and(field().and_then(|field| field.at_most(last)).map_err(refused)?);
        }
        let sort = vec![Sort { field: name.to_owned(), descending: false }];
        let list = List { filter: Some(filter), sort, limit: AT_ONCE, cursor, ..List::default() };
        let page = self.as_process(|work| work.list(&rule.module, &list))?;
        Ok(Moments { records: page.records, next: page.next })
    }

    /// When the next moment after one is due, of the records as they are.
    ///
    /// # Errors
    /// When the rule does not fit its module any more.
    pub fn next_rule_moment(&mut self, rule: &Rule, after: Timestamp) -> Result<Option<Timestamp>> {
        let zone = self.settings().zone();
        let mut cursor = None;
        loop {
            // Moments come in the order of the dates they are counted from.
            let found = self.dated(rule, (after, None), cursor)?;
            let moments = found.records.iter().filter_map(|record| moment_of(record, rule, &zone));
            let next = moments.filter(|moment| *moment > after).min();
            cursor = found.next;
            if next.is_some() || cursor.is_none() {
                return Ok(next);
            }
        }
    }

    /// Puts the run of a rule for a record's moment on the queue.
    ///
    /// # Errors
    /// When the database fails.
    pub fn set_off_by_date(&mut self, rule: &Rule, record: &Record) -> Result<()> {
        let Some((name, _)) = rule.moment() else { return Ok(()) };
        self.set_off_at(rule, record, &moment_text(record.get(name)))
    }

    /// The next of the records that fit the condition of a rule on schedule.
    ///
    /// # Errors
    /// When the rule does not fit its module any more.
    pub fn scheduled(&mut self, rule: &Rule, cursor: Option<String>) -> Result<Moments> {
        let sort = vec![Sort { field: "id".to_owned(), descending: false }];
        let page = self.as_process(|work| {
            let filter = rule.condition.as_deref().map(|text| work.filter(&rule.module, text)).transpose()?;
            work.list(&rule.module, &List { filter, sort, limit: AT_ONCE, cursor, ..List::default() })
        })?;
        Ok(Moments { records: page.records, next: page.next })
    }

    /// Puts the run of a rule for a record and a moment on the queue.
    ///
    /// # Errors
    /// When the database fails.
    pub fn set_off_at(&mut self, rule: &Rule, record: &Record, moment: &str) -> Result<()> {
        let key = format!("{RULE_JOB}:{}:date:{}:{moment}", rule.name, record.id);
        let payload = json!({
            "rule": rule.name, "record": record.id, "version": record.version, "trail": [], "moment": moment,
        });
        let now = self.now();
        self.enqueue(RULE_JOB, Some(&key), now, payload)
    }

    /// Puts the next look at the dates of a rule on the queue: at a moment, or at the rest of a window at once.
    ///
    /// # Errors
    /// When the database fails.
    pub fn look_at_dates(&mut self, rule: &Rule, due: Timestamp, rest: Option<&Window>) -> Result<()> {
        let payload = json!({ "rule": rule.name, "of": self.looked_by(rule), "rest": rest });
        self.enqueue(RULE_DATES_JOB, Some(&dates_key(&rule.name)), due, payload)
    }

    /// Puts the look at the dates of a rule forward where a record that was just written has its moment before that. A moment
    /// that has gone by is past.
    pub(super) fn look_sooner(&mut self, rule: &Rule, record: &Record) -> Result<()> {
        let (zone, now) = (self.settings().zone(), self.now());
        let Some(moment) = moment_of(record, rule, &zone).filter(|moment| *moment >= now) else { return Ok(()) };
        let key = dates_key(&rule.name);
        let Some(look) = self.job_of(&key)? else { return Ok(()) };
        let near = now.checked_add(NEAR).unwrap_or(now);
        if look.due_at <= moment && look.due_at > near {
            return Ok(());
        }
        // A look that is under way has not seen the record: it is waited for, and the one it leaves behind is put forward.
        let sql = "insert into jobs (id, kind, key, due_at, payload, attempts, created_at) values ($1, $2, $3, $4, $5, 0, $6) \
                   on conflict (key) do update set due_at = excluded.due_at where jobs.due_at > excluded.due_at";
        let id = self.new_id();
        if self.run(sql, params![id.0, RULE_DATES_JOB, key, moment, look.payload, now])? > 0 {
            self.queued = true;
        }
        Ok(())
    }

    /// When the dates of a rule are looked at next; nothing where nobody does, or by another definition of it.
    ///
    /// # Errors
    /// When the database fails.
    pub fn next_look(&mut self, rule: &Rule) -> Result<Option<Timestamp>> {
        let look = self.job_of(&dates_key(&rule.name))?;
        let wanted = self.looked_by(rule);
        // Looks of older programs do not say by what.
        let is_same = |look: &Job| look.payload.get("of").is_none_or(|of| *of == wanted);
        Ok(look.filter(is_same).map(|look| look.due_at))
    }

    /// What the moment of the next look was worked out by.
    fn looked_by(&self, rule: &Rule) -> Json {
        json!({ "when": rule.when, "time_zone": self.settings().time_zone })
    }
}

fn dates_key(rule: &str) -> String {
    format!("{RULE_DATES_JOB}:{rule}")
}

/// How far the way back of an offset may be beside its way there: months and days differ in length.
fn slack(rule: &Rule) -> SignedDuration {
    let offset = rule.moment().and_then(|(_, offset)| read_offset(offset).ok()).unwrap_or_default();
    if offset.get_months() != 0 || offset.get_years() != 0 {
        SignedDuration::from_hours(96)
    } else if offset.get_days() != 0 || offset.get_weeks() != 0 {
        SignedDuration::from_hours(3)
    } else {
        SignedDuration::ZERO
    }
}

/// The moment in a field, as it is kept as a cause.
pub(super) fn moment_text(value: &Value) -> String {
    match value {
        Value::Date(date) => date.to_string(),
        Value::Instant(instant) => instant.to_string(),
        _ => String::new(),
    }
}

/// When a record sets a rule off.
fn moment_of(record: &Record, rule: &Rule, zone: &TimeZone) -> Option<Timestamp> {
    let (name, _) = rule.moment()?;
    let at = match record.get(name) {
        Value::Date(date) => start_of_day(*date, zone)?,
        Value::Instant(instant) => *instant,
        _ => return None,
    };
    shifted(at, rule, zone, false).ok()
}

/// A moment moved by the rule's offset, or back by it.
fn shifted(moment: Timestamp, rule: &Rule, zone: &TimeZone, back: bool) -> Result<Timestamp> {
    let wrong = || Error::conflict("invalid_duration", "the offset of the rule leads out of the calendar");
    let offset = rule.moment().map(|(_, offset)| read_offset(offset)).transpose().map_err(|_| wrong())?;
    let offset = offset.unwrap_or_default();
    let offset = if back { offset.negate() } else { offset };
    let moved = moment.to_zoned(zone.clone()).checked_add(offset).map_err(|_| wrong())?;
    Ok(moved.timestamp())
}

/// Which record a cause is about is told by its run; here the moment alone is compared.
#[must_use]
pub fn is_moment_still(record: &Record, rule: &Rule, moment: &str) -> bool {
    // A schedule comes whatever becomes of the record; whether it still fits is asked of the condition.
    rule.moment().is_none_or(|(name, _)| moment_text(record.get(name)) == moment)
}
