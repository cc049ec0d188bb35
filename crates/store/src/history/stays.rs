//! How long records stood in each state before they were moved on: read from the log, in one statement for all of them;
//! and since when one stands where it stands.

use std::collections::BTreeMap;

use jiff::Timestamp;
use model::field::FieldType;
use model::process::Process;
use model::{Field, Id, Record};

use super::UNDONE_BY;
use super::said::Said;
use crate::db::Sql;
use crate::error::{Error, Result};
use crate::work::Work;

/// Lines of the log that are looked through, whatever they are about: it has no end, and a page has.
const LOOKED_THROUGH: i64 = 50_000;
/// Moves that are told at most.
const MOVES: usize = 5_000;

/// Stays that have ended, those that ended last first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stays {
    /// How many moves they are read from.
    pub moves: usize,
    /// Their lengths in seconds by the state that was left, the shortest first.
    lengths: BTreeMap<String, Vec<i64>>,
}

impl Stays {
    /// How long half of the records stood in `state` at most, in seconds; nothing where none has left it.
    #[must_use]
    pub fn median(&self, state: &str) -> Option<i64> {
        let lengths = self.lengths.get(state)?;
        let upper = *lengths.get(lengths.len() / 2)?;
        let lower = *lengths.get(lengths.len().saturating_sub(1) / 2)?;
        Some(lower + (upper - lower) / 2)
    }

    fn add(&mut self, state: String, seconds: i64) {
        self.lengths.entry(state).or_default().push(seconds.max(0));
    }
}

/// Since when a record stands in its state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stand {
    /// The version with which it came there.
    pub version: i64,
    /// When.
    pub since: Timestamp,
    /// Through which door.
    pub source: String,
    /// Who brought it there; nothing for the program.
    pub actor: Option<Id>,
}

impl Work<'_> {
    /// Since when a record stands, or stood before the version `before`, in the state that it has; nothing where the log knows of
    /// none. A move that was taken back never was: the record then stands there since it came there first.
    ///
    /// # Errors
    /// When the database fails.
    pub fn stands_since(&mut self, record: &Record, process: &Process, before: Option<i64>) -> Result<Option<Stand>> {
        let (Some(field), Some(state)) = (record.module.field(&process.field), record.text(&process.field)) else {
            return Ok(None);
        };
        let read = Said::of(field, self.dialect());
        let mut sql = Sql::new(
            "select version, at, source, actor, stands from (select c.version, c.at, s.source, s.actor, c.seq, ",
        );
        sql = sql.append(read.after("c")).push(" as stands, case when s.undoes is null and ").push(UNDONE_BY);
        sql = sql.push(" is null then 1 else 0 end as holds from changes c join change_sets s on s.id = c.change_set");
        sql = sql.push(" where c.record = ").bind(record.id.0).push(" and ").append(read.has("c"));
        if let Some(before) = before {
            sql = sql.push(" and c.version < ").bind(before);
        }
        sql = sql.push(") lines where stands = ").bind(state).push(" order by holds desc, seq desc limit 1");
        let read = |row: &crate::db::Row| {
            let (source, actor) = (row.text(2)?, row.opt_uuid(3)?.map(Id));
            Ok(Stand { version: row.int(0)?, since: row.instant(1)?, source, actor })
        };
        self.rows(&sql)?.first().map(read).transpose()
    }

    /// The states in which a record has stood, in order, each with when it came there; what was taken back never was.
    ///
    /// # Errors
    /// When the database fails.
    pub fn way_of(&mut self, record: &Record, process: &Process) -> Result<Vec<(String, Timestamp)>> {
        let Some(field) = record.module.field(&process.field) else { return Ok(Vec::new()) };
        let read = Said::of(field, self.dialect());
        let sql = Sql::new("select stands, at from (select c.at, c.seq, s.undoes, ").append(read.after("c"));
        let sql = sql.push(" as stands, ").push(UNDONE_BY).push(" as undone from changes c join change_sets s");
        let sql = sql.push(" on s.id = c.change_set where c.record = ").bind(record.id.0).push(" and ");
        let sql = sql.append(read.has("c")).push(") lines where stands is not null and undoes is null");
        let sql = sql.push(" and undone is null order by seq");
        self.rows(&sql)?.iter().map(|row| Ok((row.text(0)?, row.instant(1)?))).collect()
    }

    /// Whether `person` owned the record, or made somebody own it, after the version `since`.
    pub(crate) fn gave_away(&mut self, record: &Record, person: Id, since: i64) -> Result<bool> {
        let owner = Field::new("owner", FieldType::Person);
        let (said, name) = (Said::of(&owner, self.dialect()), person.to_string());
        let sql = Sql::new("select 1 from changes c join change_sets s on s.id = c.change_set where c.record = ");
        let sql = sql.bind(record.id.0).push(" and c.version > ").bind(since).push(" and ").append(said.has("c"));
        let sql = sql.push(" and (s.actor = ").bind(person.0).push(" or ").append(said.before("c")).push(" = ");
        let sql = sql.bind(name.clone()).push(" or ").append(said.after("c")).push(" = ").bind(name).push(") limit 1");
        Ok(!self.rows(&sql)?.is_empty())
    }

    /// The stays of the module's records in the values of `field` that ended since an instant, of records that the caller
    /// reads: of the newest moves alone, and of those alone that stand among the newest lines of the log.
    ///
    /// # Errors
    /// [`Error::BadQuery`] for a field that is not there or hidden.
    pub fn stays(&mut self, module: &str, field: &str, since: Timestamp) -> Result<Stays> {
        let module = self.module(module)?;
        let (grant, hidden) = (self.grant(&module), self.covered(&module));
        let known = module.field(field).filter(|field| field.is_stored() && !hidden.contains(&field.name));
        let no_field = || Error::bad_query("unknown_field", format!("{} have no field {field:?}", module.name));
        let read = Said::of(known.ok_or_else(no_field)?, self.dialect());
        let names = module.formerly.iter().map(String::as_str).chain([module.name.as_str()]);
        let moved = Sql::new("select c.seq, c.record, c.at, ").append(read.before("c")).push(" as left_state");
        // The order is forced: from the log to the records.
        let moved = moved.push(" from changes c cross join ").push_ident(&module.name)?;
        let moved = moved.push(" t where t.id = c.record and c.seq > (select coalesce(max(seq), 0) - ");
        let moved = moved.bind(LOOKED_THROUGH).push(" from changes) and c.at >= ").bind(since);
        let moved = moved.push(" and c.operation = 'update' and c.module in ").bind_list(names).push(" and ");
        let moved = moved.append(read.before("c")).push(" is not null");
        let moved = self.reached(moved, &module, grant.read).push(" order by c.seq desc").limit(MOVES);
        let sql = Sql::new("select m.left_state, m.at, (select max(p.at) from changes p where p.record = m.record");
        let sql = sql.push(" and p.seq < m.seq and ").append(read.has("p")).push(") from (").append(moved).push(") m");
        let mut stays = Stays::default();
        for row in self.rows(&sql)? {
            stays.moves += 1;
            if let Some(entered) = row.opt_instant(2)? {
                stays.add(row.text(0)?, row.instant(1)?.duration_since(entered).as_secs());
            }
        }
        stays.lengths.values_mut().for_each(|lengths| lengths.sort_unstable());
        Ok(stays)
    }
}

#[cfg(test)]
mod tests {
    use super::Stays;

    #[test]
    fn half_of_them_stood_no_longer() {
        let mut stays = Stays::default();
        assert_eq!(stays.median("new"), None);
        for (seconds, expected) in [(10, 10), (20, 15), (90, 20), (95, 55)] {
            stays.add("new".to_owned(), seconds);
            assert_eq!(stays.median("new"), Some(expected), "{stays:?}");
        }
        stays.add("new".to_owned(), -5);
        assert_eq!(stays.lengths["new"].last(), Some(&0), "a clock that was set back makes no length");
    }
}
