//! The change log of what was erased: its values go, who did what when stays, and the seals hold.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use model::{Id, Module};
use serde_json::{Map, Value as Json, json};

use super::fate::{Fate, called_beside, cleaned_side, fate};
use super::holding::holding;
use super::reach::{Reached, Tie};
use crate::db::{Row, Sql};
use crate::error::Result;
use crate::operations::{digest_of_delta, is_blank};
use crate::params;
use crate::work::Work;

/// Records whose lines are read together.
const TOGETHER: usize = 500;
const COLUMNS: &str = "select t.seq, t.digest, t.delta, t.module, t.record from changes t where ";

/// A line of the log.
struct Line {
    sequence: i64,
    delta: Json,
    module: String,
    record: Id,
}

impl Line {
    /// Nothing where it says nothing any more.
    fn read(row: &Row) -> Result<Option<Self>> {
        let delta = row.json(2)?;
        if is_blank(&delta, row.opt_bytes(1)?.as_deref()) {
            return Ok(None);
        }
        Ok(Some(Self { sequence: row.int(0)?, delta, module: row.text(3)?, record: Id(row.uuid(4)?) }))
    }
}

/// What a line is of.
struct Of {
    module: Option<Arc<Module>>,
    tie: Tie,
    /// Fields that call the person beside an address of theirs.
    beside: BTreeSet<String>,
}

/// What was left of the log.
#[derive(Debug, Default)]
pub(super) struct Left {
    /// Lines that say less now.
    pub(super) lines: usize,
    /// The digests of what is left of them, by their place.
    pub(super) digests: BTreeMap<i64, String>,
}

impl Work<'_> {
    /// Takes the person out of the log. The caller has seen to it that nothing is sealed meanwhile.
    pub(super) fn redact_log(&mut self, reached: &Reached) -> Result<Left> {
        let mut left = Left::default();
        for (name, records) in &reached.records {
            let module = self.module(name)?;
            let ids: Vec<Id> = records.keys().copied().collect();
            for some in ids.chunks(TOGETHER) {
                let sql = Sql::new(COLUMNS).push("t.record in ").bind_list(some.iter().map(|id| id.0));
                self.redact(sql, reached, &mut left, |line| {
                    let (record, tie) = records.get(&line.record)?;
                    let beside =
                        if *tie == Tie::Named { called_beside(record, &reached.needles) } else { BTreeSet::new() };
                    Some(Of { module: Some(module.clone()), tie: *tie, beside })
                })?;
            }
        }
        let definitions = self.definitions().clone();
        let gone: Vec<Id> = reached.gone.keys().copied().collect();
        for some in gone.chunks(TOGETHER) {
            let sql = Sql::new(COLUMNS).push("t.record in ").bind_list(some.iter().map(|id| id.0));
            self.redact(sql, reached, &mut left, |line| {
                let module = definitions.module_or_former(&line.module).cloned();
                Some(Of { module, tie: reached.gone.get(&line.record)?.1, beside: BTreeSet::new() })
            })?;
        }
        // Lines about anything else in which they are reached, also of what is gone for good.
        for condition in holding(self.dialect(), &["delta"], &reached.needles.addresses())? {
            self.redact(Sql::new(COLUMNS).append(condition), reached, &mut left, |line| {
                let module = definitions.module_or_former(&line.module).cloned();
                let is_known = reached.gone.contains_key(&line.record)
                    || module.as_ref().is_some_and(|module| {
                        reached.records.get(&module.name).is_some_and(|records| records.contains_key(&line.record))
                    });
                let is_staff = module.is_none() && line.module == "users";
                (!is_known && !is_staff).then(|| Of { module, tie: Tie::Named, beside: BTreeSet::new() })
            })?;
        }
        Ok(left)
    }

    fn redact(&mut self, sql: Sql, reached: &Reached, left: &mut Left, of: impl Fn(&Line) -> Option<Of>) -> Result<()> {
        let mut rows = Vec::new();
        for row in self.rows(&sql)? {
            let Some(line) = Line::read(&row)? else { continue };
            let Some(of) = of(&line) else { continue };
            let Some(delta) = self.redacted(&line, &of, reached) else { continue };
            left.digests.insert(line.sequence, data_encoding::HEXLOWER.encode(&digest_of_delta(&delta)));
            rows.push(params![delta, line.sequence]);
        }
        left.lines += rows.len();
        self.tx.execute_many("update changes set delta = $1 where seq = $2", rows)?;
        Ok(())
    }

    /// What the line says without the person; nothing where it says nothing of them.
    fn redacted(&self, line: &Line, of: &Of, reached: &Reached) -> Option<Json> {
        let (module, tie) = (of.module.as_deref(), of.tie);
        let Json::Object(delta) = &line.delta else { return None };
        let mut is_touched = false;
        let mut new = Map::new();
        for (name, sides) in delta {
            let field = module.and_then(|module| module.field_or_former(name));
            let what = match (module, field) {
                _ if matches!(name.as_str(), "owner" | "deleted_at") => Fate::Stays,
                (Some(module), Some(field)) => fate(self.definitions(), module, field, tie),
                _ if tie == Tie::Paper => Fate::Stays,
                _ if tie > Tie::Paper => Fate::Goes,
                _ => Fate::IsCleaned,
            };
            let side = |side: &Json| match what {
                Fate::Stays => None,
                Fate::Goes => (!side.is_null()).then_some(Json::Null),
                Fate::IsCleaned if of.beside.contains(name) && reached.needles.fits(side.as_str()) => {
                    (!side.is_null()).then_some(Json::Null)
                }
                Fate::IsCleaned => cleaned_side(field, side, &reached.needles),
            };
            let items = sides.as_array().map(Vec::as_slice).unwrap_or_default();
            let cleaned: Vec<Json> = items
                .iter()
                .map(|old| {
                    let new = side(old);
                    is_touched |= new.is_some();
                    new.unwrap_or_else(|| old.clone())
                })
                .collect();
            new.insert(name.clone(), json!(cleaned));
        }
        is_touched.then_some(Json::Object(new))
    }
}
