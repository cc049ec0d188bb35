//! Rules that a date or a schedule sets off: whose moment has come since it was last looked.

use jiff::{SignedDuration, Timestamp};
use model::expr::{Plan, start_of_day};
use model::rule::Rule;
use model::{Record, Value};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::{RULE_DATES_JOB, RULE_JOB};
use crate::error::Result;
use crate::jobs::Job;
use crate::params;
use crate::query::{List, Sort, refused};
use crate::work::Work;

/// Records that are looked at in one turn.
const AT_ONCE: usize = 200;
/// A look that is due within this time may be under way beside what is written: whoever writes waits for it.
const NEAR: SignedDuration = SignedDuration::from_secs(60);

/// What stands in a cause between the moment in a field and the how-manieth time that it sets a rule off, from the second on.
const AGAIN: char = '~';

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
        let mut found = self.dated(rule, (from, Some(until)), cursor)?;
        found
            .records
            .retain(|record| self.moments_of(record, rule).into_iter().any(|moment| moment > from && moment <= until));
        Ok(found)
    }

    /// The records whose dates may lead into the window, in their order.
    fn dated(
        &mut self,
        rule: &Rule,
        (from, until): (Timestamp, Option<Timestamp>),
        cursor: Option<String>,
    ) -> Result<Moments> {
        let Some(dated) = rule.dated() else { return Ok(Moments::default()) };
        let (module, name) = (self.module(&rule.module)?, dated.field);
        let settings = self.settings();
        let zone = settings.zone();
        let Some((first, last)) = dated.dates((from, until), &zone, &settings.working_time) else {
            return Ok(Moments::default());
        };
        let is_date = module.field(name).is_some_and(|field| field.kind == model::FieldType::Date);
        let value = |at: Timestamp| if is_date { Value::Date(zone.to_datetime(at).date()) } else { Value::Instant(at) };
        let field = || Plan::field(&module, name);
        let mut filter = field().and_then(|field| field.at_least(value(first))).map_err(refused)?;
        if let Some(last) = last {
            filter = filter.and(field().and_then(|field| field.at_most(value(last))).map_err(refused)?);
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
        let (mut cursor, mut next) = (None, None::<Timestamp>);
        loop {
            let found = self.dated(rule, (after, None), cursor)?;
            for record in &found.records {
                let first = self.moments_of(record, rule).into_iter().find(|moment| *moment > after);
                next = next.into_iter().chain(first).min();
            }
            // First moments come in the order of the dates they are counted from: those of later dates are later.
            let last = found.records.last().and_then(|record| self.moments_of(record, rule).first().copied());
            cursor = found.next;
            if cursor.is_none() || next.is_some_and(|next| last.is_some_and(|last| last >= next)) {
                return Ok(next);
            }
        }
    }

    /// Puts the run of a rule for a record's last moment until `until` on the queue: what was missed meanwhile is not made up for.
    ///
    /// # Errors
    /// When the database fails.
    pub fn set_off_by_date(&mut self, rule: &Rule, record: &Record, until: Timestamp) -> Result<()> {
        let Some(name) = rule.moment() else { return Ok(()) };
        let come = self.moments_of(record, rule).into_iter().take_while(|moment| *moment <= until).count();
        let moment = moment_text(record.get(name));
        match come {
            0 | 1 => self.set_off_at(rule, record, &moment),
            times => self.set_off_at(rule, record, &format!("{moment}{AGAIN}{times}")),
        }
    }

    /// When a date sets a rule off for a record, in order.
    fn moments_of(&self, record: &Record, rule: &Rule) -> Vec<Timestamp> {
        let settings = self.settings();
        let zone = settings.zone();
        let Some(dated) = rule.dated() else { return Vec::new() };
        let date = match record.get(dated.field) {
            Value::Date(date) => start_of_day(*date, &zone),
            Value::Instant(instant) => Some(*instant),
            _ => None,
        };
        date.map(|date| dated.moments(date, &zone, &settings.working_time).collect()).unwrap_or_default()
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
        let now = self.now();
        let Some(moment) = self.moments_of(record, rule).into_iter().find(|moment| *moment >= now) else {
            return Ok(());
        };
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
        let settings = self.settings();
        let mut by = json!({ "when": rule.when, "time_zone": settings.time_zone });
        if rule.dated().is_some_and(|dated| dated.is_working()) {
            by["working_time"] = json!(settings.working_time);
        }
        by
    }
}

fn dates_key(rule: &str) -> String {
    format!("{RULE_DATES_JOB}:{rule}")
}

/// The moment in a field, as it is kept as a cause.
pub(super) fn moment_text(value: &Value) -> String {
    match value {
        Value::Date(date) => date.to_string(),
        Value::Instant(instant) => instant.to_string(),
        _ => String::new(),
    }
}

/// Which record a cause is about is told by its run; here the moment alone is compared.
#[must_use]
pub fn is_moment_still(record: &Record, rule: &Rule, moment: &str) -> bool {
    // A schedule comes whatever becomes of the record; whether it still fits is asked of the condition.
    let date = moment.split_once(AGAIN).map_or(moment, |(date, _)| date);
    rule.moment().is_none_or(|name| moment_text(record.get(name)) == date)
}
