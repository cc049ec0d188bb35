//! A change with the record before and after it, as rules judge it: one by its place, or those of the last while.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;
use model::rule::{CALLED, CALLS, Happened, Rule};
use model::{Id, Module, Record, Value};

use super::as_of::Replay;
use super::entry::{COLUMNS, Entry};
use super::value;
use crate::db::Sql;
use crate::error::Result;
use crate::rules::SILENT;
use crate::work::Work;
use crate::write::Operation;

/// The newest lines of the log among which past changes are looked for.
const LOOKED_THROUGH: i64 = 50_000;
/// Lines of one module that are read at most.
const READ: i64 = 5_000;
/// Changes that are judged at most.
const JUDGED: usize = 1_000;
/// Records whose past is read together.
const TOGETHER: usize = 200;

/// A change with the record on both sides of it.
#[derive(Clone, Debug)]
pub struct Changed {
    /// The record right after it.
    pub after: Record,
    /// The record right before it; nothing where it was made.
    pub before: Option<Record>,
    /// The change set.
    pub change_set: Id,
    /// When.
    pub at: Timestamp,
}

/// Changes of the past that would have set a rule off.
#[derive(Clone, Debug, Default)]
pub struct PastChanges {
    /// The changes, newest first.
    pub changes: Vec<Changed>,
    /// Whether all of the while were looked at.
    pub is_whole: bool,
}

impl Work<'_> {
    /// The change that made `version` of a record, whoever asks; nothing where the log has none.
    ///
    /// # Errors
    /// When the database fails.
    pub fn changed(&mut self, module: &Arc<Module>, record: Id, version: i64) -> Result<Option<Changed>> {
        let entries = self.lines_about(module, &[record], Some(version))?;
        let wanted = BTreeSet::from([(record, version)]);
        Ok(sides(module, &entries, &wanted)?.pop())
    }

    /// The changes since a moment that set `rule` off; bounded, so that it costs the same however long the log is.
    ///
    /// # Errors
    /// When the database fails.
    pub fn past_changes(&mut self, rule: &Rule, since: Timestamp) -> Result<PastChanges> {
        let module = self.module(&rule.module)?;
        let sql = Sql::new(COLUMNS).push("where c.seq > (select coalesce(max(seq), 0) from changes) - ");
        let sql = sql.bind(LOOKED_THROUGH).push(" and c.at >= ").bind(since).push(" and c.module in ");
        let sql = sql.bind_list([&module.name].into_iter().chain(&module.formerly).map(String::as_str));
        let sql = sql.push(" and c.operation in ").bind_list([Operation::Create.name(), Operation::Update.name()]);
        let sql = sql.push(" and s.undoes is null and s.source not in ").bind_list(SILENT);
        let sql = sql.push(" order by c.seq desc").limit(READ);
        let definitions = self.definitions().clone();
        let process = definitions.process(&module.name);
        let rows = self.rows(&sql)?;
        let mut is_whole = i64::try_from(rows.len()).unwrap_or(READ) < READ && self.log_is_within(since)?;
        let mut wanted = Vec::new();
        for row in rows {
            let entry = Entry::read(&row, &definitions)?;
            let changed: Vec<&str> = entry.fields().map(|(name, ..)| name).collect();
            let step = process.and_then(|process| entry.field(&process.field)).filter(|(was, is)| was != is);
            let (left, entered) = (step.and_then(|(was, _)| was.as_str()), step.and_then(|(_, is)| is.as_str()));
            let is_new = entry.operation == Operation::Create;
            let moved = process.filter(|_| !is_new);
            let moved = moved.and_then(|process| process.made(entry.transition.as_deref(), left, entered));
            let called = entry.field(CALLED).filter(|_| module.name == CALLS).and_then(|(_, is)| is.as_str());
            if rule.is_set_off(&Happened { is_new, changed: &changed, entered, left, moved, called }) {
                wanted.push((entry.record, entry.version));
            }
        }
        is_whole &= wanted.len() <= JUDGED;
        wanted.truncate(JUDGED);
        let records: BTreeSet<Id> = wanted.iter().map(|(record, _)| *record).collect();
        let wanted: BTreeSet<(Id, i64)> = wanted.into_iter().collect();
        let mut changes = Vec::new();
        for some in records.into_iter().collect::<Vec<_>>().chunks(TOGETHER) {
            let entries = self.lines_about(&module, some, None)?;
            changes.extend(sides(&module, &entries, &wanted)?);
        }
        changes.sort_by_key(|change| std::cmp::Reverse(change.at));
        Ok(PastChanges { changes, is_whole })
    }

    /// Whether the lines that are looked through reach back to a moment.
    fn log_is_within(&mut self, since: Timestamp) -> Result<bool> {
        let sql = Sql::new("select at from changes where seq <= (select coalesce(max(seq), 0) from changes) - ");
        let sql = sql.bind(LOOKED_THROUGH).push(" order by seq desc limit 1");
        let first = self.rows(&sql)?.first().map(|row| row.instant(0)).transpose()?;
        Ok(first.is_none_or(|first| first < since))
    }

    /// The lines of some records, each record's in the order of its versions.
    fn lines_about(&mut self, module: &Module, records: &[Id], until: Option<i64>) -> Result<Vec<Entry>> {
        let sql = Sql::new(COLUMNS).push("where c.record in ").bind_list(records.iter().map(|id| id.0));
        let sql = sql.push(" and c.module in ");
        let mut sql = sql.bind_list([&module.name].into_iter().chain(&module.formerly).map(String::as_str));
        if let Some(until) = until {
            sql = sql.push(" and c.version <= ").bind(until);
        }
        let definitions = self.definitions().clone();
        let rows = self.rows(&sql.push(" order by c.record, c.version"))?;
        rows.iter().map(|row| Entry::read(row, &definitions)).collect()
    }
}

/// The wanted changes among the lines of some records.
fn sides(module: &Arc<Module>, entries: &[Entry], wanted: &BTreeSet<(Id, i64)>) -> Result<Vec<Changed>> {
    let mut replays: BTreeMap<Id, Replay<'_>> = BTreeMap::new();
    let mut found = Vec::new();
    for entry in entries {
        let id = entry.record;
        let replay = replays.entry(id).or_insert_with(|| Replay { module, id, born: None, record: None });
        let earlier = replay.record.clone();
        replay.take(entry)?;
        let Some(after) = replay.record.clone().filter(|_| wanted.contains(&(id, entry.version))) else { continue };
        let before = match entry.operation {
            Operation::Create => None,
            _ => Some(before(module, earlier.unwrap_or_else(|| after.clone()), entry)?),
        };
        found.push(Changed { after, before, change_set: entry.change_set, at: entry.at });
    }
    Ok(found)
}

/// The record before a line, by what the line itself says was there.
fn before(module: &Module, mut record: Record, entry: &Entry) -> Result<Record> {
    for (name, was, _) in entry.fields() {
        match (name, module.field(name)) {
            ("owner", _) => record.owner = value::id(was),
            (_, Some(field)) => record.set(name, if was.is_null() { Value::Null } else { value::value(field, was)? }),
            (_, None) => {}
        }
    }
    Ok(record)
}
