//! The change log of what was erased: its values go, who did what when stays, and the seals hold.

use std::collections::BTreeMap;
use std::sync::Arc;

use model::module::About;
use model::{Id, Module};
use serde_json::{Map, Value as Json, json};

use super::fate::{Fate, cleaned_side, fate};
use super::reach::{Reached, Tie, holding};
use crate::db::{Row, Sql};
use crate::error::Result;
use crate::operations::{digest_of_delta, is_blank};
use crate::params;
use crate::work::Work;

/// Records whose lines are read together.
const TOGETHER: usize = 500;
const COLUMNS: &str = "select t.seq, t.seal, t.digest, t.delta, t.module, t.record from changes t where ";

/// A line of the log.
struct Line {
    sequence: i64,
    is_sealed: bool,
    delta: Json,
    module: String,
    record: Id,
}

impl Line {
    /// Nothing where it says nothing any more.
    fn read(row: &Row) -> Result<Option<Self>> {
        let delta = row.json(3)?;
        if is_blank(&delta, row.opt_bytes(2)?.as_deref()) {
            return Ok(None);
        }
        Ok(Some(Self {
            sequence: row.int(0)?,
            is_sealed: row.opt_int(1)?.is_some(),
            delta,
            module: row.text(4)?,
            record: Id(row.uuid(5)?),
        }))
    }
}

/// What was left of the log.
#[derive(Debug, Default)]
pub(super) struct Left {
    /// Lines that say less now.
    pub(super) lines: usize,
    /// The digests of what is left of those that were sealed, by their place.
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
                    records.get(&line.record).map(|(_, tie)| (Some(module.clone()), *tie))
                })?;
            }
        }
        // Lines about anything else in which they are reached, also of what is gone for good.
        if let Some(condition) = holding(&["delta".to_owned()], &reached.needles.addresses())? {
            let definitions = self.definitions().clone();
            self.redact(Sql::new(COLUMNS).append(condition), reached, &mut left, |line| {
                let module = definitions.module_or_former(&line.module).cloned();
                let is_known = module.as_ref().is_some_and(|module| {
                    reached.records.get(&module.name).is_some_and(|records| records.contains_key(&line.record))
                });
                let is_paper = module.as_ref().is_some_and(|module| module.about == Some(About::Paper));
                let is_staff = module.is_none() && line.module == "users";
                (!is_known && !is_staff).then_some((module, if is_paper { Tie::Paper } else { Tie::Named }))
            })?;
        }
        Ok(left)
    }

    fn redact(
        &mut self,
        sql: Sql,
        reached: &Reached,
        left: &mut Left,
        of: impl Fn(&Line) -> Option<(Option<Arc<Module>>, Tie)>,
    ) -> Result<()> {
        let mut rows = Vec::new();
        for row in self.rows(&sql)? {
            let Some(line) = Line::read(&row)? else { continue };
            let Some((module, tie)) = of(&line) else { continue };
            let Some(delta) = self.redacted(&line, module.as_deref(), tie, reached) else { continue };
            if line.is_sealed {
                left.digests.insert(line.sequence, data_encoding::HEXLOWER.encode(&digest_of_delta(&delta)));
            }
            rows.push(params![delta, line.sequence]);
        }
        left.lines += rows.len();
        self.tx.execute_many("update changes set delta = $1 where seq = $2", rows)?;
        Ok(())
    }

    /// What the line says without the person; nothing where it says nothing of them.
    fn redacted(&self, line: &Line, module: Option<&Module>, tie: Tie, reached: &Reached) -> Option<Json> {
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
