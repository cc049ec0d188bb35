//! The log as it grows. What was written is taken off it raw, once for everybody, and told to each under their own rights.

mod tail;

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use model::rights::Scope;
use model::{Id, Module};
use serde_json::Value as Json;

use crate::db::{Dialect, Row, Sql};
use crate::error::Result;
use crate::query::Hidden;
use crate::work::Work;

pub use tail::Tail;

/// Lines that one look takes off the log.
const AT_ONCE: usize = 1_000;

/// How far before the newest line somebody begins who comes while transactions of PostgreSQL are under way: what these
/// are about to commit has numbers that were given out before.
const UNDER_WAY: i64 = 1_000;

/// A line of the log that nobody has judged yet: [`Work::told`] says who may hear of it.
#[derive(Clone, Debug)]
pub struct Logged {
    sequence: i64,
    module: String,
    record: Id,
    operation: String,
    version: i64,
    at: Timestamp,
    change_set: Id,
    actor: Option<Id>,
    /// The fields that changed, with the ids that stand in them or stood there.
    fields: BTreeMap<String, BTreeSet<Id>>,
}

impl Logged {
    /// Its place in the log.
    #[must_use]
    pub fn sequence(&self) -> i64 {
        self.sequence
    }

    /// The module, as it was called then.
    #[must_use]
    pub fn module(&self) -> &str {
        &self.module
    }
}

/// A change as somebody may hear of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// Its place in the log.
    pub sequence: i64,
    /// The module as it is called now.
    pub module: String,
    /// The record.
    pub record: Id,
    /// `create`, `update`, `delete`, `restore`, `purge`, `recreate`.
    pub operation: String,
    /// The record's version afterwards.
    pub version: i64,
    /// When.
    pub at: Timestamp,
    /// The change set it belongs to.
    pub change_set: Id,
    /// The user who did it; nothing where the product or somebody outside did.
    pub actor: Option<Id>,
    /// The fields that changed, as far as they are not hidden.
    pub fields: Vec<String>,
    /// Records and users that those fields lead to, or led to before.
    pub links: BTreeSet<Id>,
}

/// What one look at the end of the log saw.
#[derive(Clone, Debug)]
pub struct Glimpse {
    lines: Vec<Logged>,
    /// Every transaction with a smaller number had ended.
    ended: i64,
    /// No transaction with this number or a greater one had begun.
    begun: i64,
}

impl Work<'_> {
    /// The place in the log from which on nothing is missed by whoever has read everything up to now.
    ///
    /// # Errors
    /// When the database fails.
    pub fn log_place(&mut self) -> Result<i64> {
        let sql = match self.dialect() {
            Dialect::Sqlite => "select coalesce(max(seq), 0), 0, 0 from changes",
            Dialect::Postgres => {
                "select coalesce(max(seq), 0), pg_snapshot_xmin(pg_current_snapshot())::text::bigint, \
                 pg_snapshot_xmax(pg_current_snapshot())::text::bigint from changes"
            }
        };
        let rows = self.rows(&Sql::new(sql))?;
        let Some(row) = rows.first() else { return Ok(0) };
        let (last, ended, begun) = (row.int(0)?, row.int(1)?, row.int(2)?);
        Ok(if ended < begun { last.saturating_sub(UNDER_WAY).max(0) } else { last })
    }

    /// Looks at the end of the log for `tail`.
    ///
    /// # Errors
    /// When the database fails.
    pub fn look_at_log(&mut self, settled: i64, remembered: usize) -> Result<Glimpse> {
        let (ended, begun) = self.transactions()?;
        Ok(Glimpse { lines: self.log_after(settled, AT_ONCE.saturating_add(remembered))?, ended, begun })
    }

    /// Up to `limit` lines of the log after a place, in order.
    ///
    /// # Errors
    /// When the database fails.
    pub fn log_after(&mut self, place: i64, limit: usize) -> Result<Vec<Logged>> {
        let sql = Sql::new(
            "select c.seq, c.module, c.record, c.operation, c.version, c.at, s.id, s.actor, c.delta \
             from changes c join change_sets s on s.id = c.change_set where c.seq > ",
        );
        let sql = sql.bind(place).push(" order by c.seq").limit(limit);
        self.rows(&sql)?.iter().map(logged).collect()
    }

    /// Those of `lines` that the caller may hear of: changes of records that they see, in fields that they see.
    ///
    /// # Errors
    /// When the database fails.
    pub fn told(&mut self, lines: &[Logged]) -> Result<Vec<Told>> {
        let mut touched: BTreeMap<String, BTreeSet<Id>> = BTreeMap::new();
        for line in lines {
            touched.entry(self.present_module(line.module.clone())).or_default().insert(line.record);
        }
        let mut seen = BTreeMap::new();
        for (name, ids) in touched {
            let Ok(module) = self.module(&name) else { continue };
            let grant = self.grant(&module);
            if grant.read != Scope::None {
                let reached = self.reached_of(&module, &ids)?;
                let hidden = self.hidden_of(&module, &reached)?;
                seen.insert(name, (module, hidden, reached));
            }
        }
        let told = lines.iter().filter_map(|line| {
            let name = self.present_module(line.module.clone());
            let (module, hidden, reached) = seen.get(&name)?;
            if reached.contains(&line.record) { line.told(module, hidden) } else { None }
        });
        Ok(told.collect())
    }

    /// Up to which number every transaction has ended, and from which on none has begun; on SQLite, where one writes at a
    /// time, nothing is ever under way.
    fn transactions(&mut self) -> Result<(i64, i64)> {
        if self.dialect() == Dialect::Sqlite {
            return Ok((0, 0));
        }
        let sql = Sql::new(
            "select pg_snapshot_xmin(pg_current_snapshot())::text::bigint, \
             pg_snapshot_xmax(pg_current_snapshot())::text::bigint",
        );
        let rows = self.rows(&sql)?;
        let Some(row) = rows.first() else { return Ok((0, 0)) };
        Ok((row.int(0)?, row.int(1)?))
    }
}

impl Logged {
    /// Without what is hidden; nothing where nothing else changed.
    fn told(&self, module: &Module, hidden: &Hidden) -> Option<Told> {
        let fields = self.fields.iter().map(|(name, links)| (module.present_name(name), links));
        let open: Vec<_> = fields.filter(|(name, _)| !hidden.hides(self.record, name)).collect();
        if self.operation == "update" && open.is_empty() {
            return None;
        }
        Some(Told {
            sequence: self.sequence,
            module: module.name.clone(),
            record: self.record,
            operation: self.operation.clone(),
            version: self.version,
            at: self.at,
            change_set: self.change_set,
            actor: self.actor,
            links: open.iter().flat_map(|(_, links)| links.iter().copied()).collect(),
            fields: open.into_iter().map(|(name, _)| name.to_owned()).collect(),
        })
    }
}

fn logged(row: &Row) -> Result<Logged> {
    let delta = row.json(8)?;
    let fields = delta.as_object().into_iter().flatten().map(|(name, pair)| {
        let mut links = BTreeSet::new();
        gather(pair, &mut links);
        (name.clone(), links)
    });
    Ok(Logged {
        sequence: row.int(0)?,
        module: row.text(1)?,
        record: Id(row.uuid(2)?),
        operation: row.text(3)?,
        version: row.int(4)?,
        at: row.instant(5)?,
        change_set: Id(row.uuid(6)?),
        actor: row.opt_uuid(7)?.map(Id),
        fields: fields.collect(),
    })
}

/// The ids in a value.
fn gather(json: &Json, into: &mut BTreeSet<Id>) {
    match json {
        Json::String(text) => into.extend(text.parse::<Id>().ok()),
        Json::Array(values) => values.iter().for_each(|value| gather(value, into)),
        Json::Object(map) => map.values().for_each(|value| gather(value, into)),
        _ => {}
    }
}
