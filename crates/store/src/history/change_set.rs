//! A change set by itself: one act of somebody, whatever it touched.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use model::{Id, Module};

use crate::db::{Row, Sql};
use crate::error::{Error, Result};
use crate::work::Work;
use crate::write::ChangeEntry;

/// Lines of the log that are judged together where many of them are not seen.
const TOGETHER: usize = 1_000;

/// One act of somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeSet {
    /// Its id.
    pub id: Id,
    /// When.
    pub at: Timestamp,
    /// The user who did it; nothing where the product or somebody outside did.
    pub actor: Option<Id>,
    /// Through which door.
    pub source: String,
    /// What for.
    pub reason: Option<String>,
    /// The change set that it takes back.
    pub undoes: Option<Id>,
    /// The change set by which it is taken back now; nothing where that was taken back in turn, and it stands again.
    pub undone_by: Option<Id>,
}

/// Some changes of a change set.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Changes {
    /// In the order of the log, each with the module and the id of its record.
    pub changes: Vec<((String, Id), ChangeEntry)>,
    /// The place in the log after which the others stand, where there are some.
    pub next: Option<i64>,
}

/// The change set by which the change set `s` is taken back now. Each may be taken back by one other, that one again by one,
/// and so on: what was taken back an even number of times stands.
pub(crate) const UNDONE_BY: &str = "(with recursive back (id, steps) as (\
     select u.id, 1 from change_sets u where u.undoes = s.id \
     union all select n.id, back.steps + 1 from back join change_sets n on n.undoes = back.id) \
     select back.id from back where back.steps % 2 = 1 and not exists (select 1 from change_sets n where n.undoes = back.id))";

/// What to select for [`ChangeSet::read`] from `change_sets s`, before [`UNDONE_BY`].
const COLUMNS: &str = "s.id, s.at, s.actor, s.source, s.reason, s.undoes, ";

impl ChangeSet {
    /// A statement that selects what [`ChangeSet::read`] reads, up to its table `change_sets s`.
    pub(super) fn select() -> Sql {
        Sql::new("select ").push(COLUMNS).push(UNDONE_BY).push(" from ")
    }

    pub(super) fn read(row: &Row) -> Result<Self> {
        Ok(Self {
            id: Id(row.uuid(0)?),
            at: row.instant(1)?,
            actor: row.opt_uuid(2)?.map(Id),
            source: row.text(3)?,
            reason: row.opt_text(4)?,
            undoes: row.opt_uuid(5)?.map(Id),
            undone_by: row.opt_uuid(6)?.map(Id),
        })
    }
}

impl Work<'_> {
    /// The change set, whoever asks: its changes are shown only under the reader's rights.
    ///
    /// # Errors
    /// When the database fails.
    pub fn change_set_of(&mut self, id: Id) -> Result<Option<ChangeSet>> {
        let rows = self.rows(&ChangeSet::select().push("change_sets s where s.id = ").bind(id.0))?;
        rows.first().map(ChangeSet::read).transpose()
    }

    /// The change set, where the caller may see something of it.
    ///
    /// # Errors
    /// [`Error::NotFound`] else.
    pub fn seen_change_set(&mut self, id: Id) -> Result<ChangeSet> {
        let nothing = || Error::not_found("change_sets", id);
        let set = self.change_set_of(id)?.ok_or_else(nothing)?;
        if self.sees_some_of(id)? { Ok(set) } else { Err(nothing()) }
    }

    /// Whether the caller may see a change of the set: a statement for each of its modules, whatever its size.
    fn sees_some_of(&mut self, set: Id) -> Result<bool> {
        let sql = Sql::new("select distinct line.module from changes line where line.change_set = ").bind(set.0);
        for row in &self.rows(&sql)? {
            let called = row.text(0)?;
            let name = self.present_module(called.clone());
            let is_seen = match self.module(&name) {
                Ok(module) => self.reaches_some_of(&module, set, &called)?,
                Err(_) => self.reads_setup_log(&name),
            };
            if is_seen {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether the caller reads one of the module's records in the set. `called`: what the module was called then.
    fn reaches_some_of(&mut self, module: &Module, set: Id, called: &str) -> Result<bool> {
        // Who reads everything reads what is gone for good as well.
        let (is_there, condition) = match self.withheld(module, "t").filter(|_| self.reads_all(module)) {
            Some(withheld) => (" and not exists (select 1 from ", Some(withheld)),
            None => (" and exists (select 1 from ", self.reach(module, "t", self.grant(module).read)),
        };
        let Some(condition) = condition else { return Ok(true) };
        let sql = Sql::new("select 1 from changes line where line.change_set = ").bind(set.0);
        let sql = sql.push(" and line.module = ").bind(called).push(is_there).push_ident(&module.name)?;
        let sql = sql.push(" t where t.id = line.record and ").append(condition).push(") limit 1");
        Ok(!self.rows(&sql)?.is_empty())
    }

    /// Up to `limit` changes of a change set behind the place `after` of the log: those of records that the caller may see.
    ///
    /// # Errors
    /// When the database fails.
    pub fn change_set_changes(&mut self, set: Id, after: i64, limit: usize) -> Result<Changes> {
        let (mut found, mut place, mut size) = (Changes::default(), after, limit.saturating_add(1));
        while found.changes.len() <= limit {
            let lines = self.lines_of(set, place, size)?;
            found.changes.extend(self.seen_changes(&lines)?);
            match lines.last() {
                Some(last) if lines.len() == size => (place, size) = (last.2, TOGETHER.max(size)),
                _ => break,
            }
        }
        if found.changes.len() > limit {
            found.changes.truncate(limit);
            found.next = found.changes.last().map(|(_, last)| last.sequence);
        }
        Ok(found)
    }

    /// Module, record and place of the next lines of a change set.
    fn lines_of(&mut self, set: Id, after: i64, limit: usize) -> Result<Vec<(String, Id, i64)>> {
        let sql = Sql::new("select c.module, c.record, c.seq from changes c where c.change_set = ").bind(set.0);
        let sql = sql.push(" and c.seq > ").bind(after).push(" order by c.seq").limit(limit);
        let rows = self.rows(&sql)?;
        rows.iter().map(|row| Ok((self.present_module(row.text(0)?), Id(row.uuid(1)?), row.int(2)?))).collect()
    }

    /// What those lines say that are about records that the caller sees.
    fn seen_changes(&mut self, lines: &[(String, Id, i64)]) -> Result<Vec<((String, Id), ChangeEntry)>> {
        let mut touched: BTreeMap<String, BTreeSet<Id>> = BTreeMap::new();
        for (module, record, _) in lines {
            touched.entry(module.clone()).or_default().insert(*record);
        }
        for (name, records) in &mut touched {
            match self.module(name) {
                Ok(module) => *records = self.reached_of(&module, records)?,
                Err(_) if self.reads_setup_log(name) => {}
                Err(_) => records.clear(),
            }
        }
        let is_seen =
            |(module, record, _): &&(String, Id, i64)| touched.get(module).is_some_and(|all| all.contains(record));
        let places: Vec<i64> = lines.iter().filter(is_seen).map(|line| line.2).collect();
        if places.is_empty() { Ok(Vec::new()) } else { self.changes_at(&places) }
    }
}
