//! Fields that are hidden in some records: a module's definition says a condition, and here is the one place that judges it.
//! Whatever reads, filters, sorts, finds or tells of such a field asks here, so that no door tells what another one keeps.
//!
//! A record is read with a number beside its columns that says which veils are closed in it ([`Work::closed_veils`]), and what
//! they hide is emptied before anybody has it. In expressions and orders stands the field behind its condition
//! ([`Work::seen_if`]). Groups, sums and lists of words are not made of it for whom it may be hidden ([`Work::covered`]). What
//! the log says of a record is judged by the record as it is now ([`Work::hidden_of`]).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use model::expr::{Depth, Env, ExprError};
use model::module::Veil;
use model::rights::Capability;
use model::{Actor, Id, Module, Record};

use super::expression::{SqlContext, condition};
use crate::db::Sql;
use crate::error::{Error, FieldError, Result};
use crate::mailboxes::closed;
use crate::work::{Authority, Work};
use crate::write::Draft;

/// For whom it is judged.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reader {
    /// Whoever works.
    Actor,
    /// Somebody who is nobody in particular: what they see everybody sees who reads the record at all.
    Anybody,
}

/// What is hidden from somebody of some records of a module.
#[derive(Clone, Debug, Default)]
pub(crate) struct Hidden {
    /// In all of them.
    every: Vec<String>,
    /// By the veils of the module, in their order.
    veils: Vec<Vec<String>>,
    /// Which veils are closed in those that are there; in what is gone for good all are.
    closed: BTreeMap<Id, i64>,
}

impl Hidden {
    /// Whether the field is hidden in the record.
    pub(crate) fn hides(&self, record: Id, field: &str) -> bool {
        let is_it = |name: &String| name == field;
        self.every.iter().any(is_it) || self.veiled(record).any(is_it)
    }

    /// The fields that are hidden in the record and not in others.
    pub(crate) fn veiled(&self, record: Id) -> impl Iterator<Item = &String> {
        let closed = self.closed.get(&record).copied().unwrap_or(i64::MAX);
        names(&self.veils, closed)
    }
}

/// What the closed ones of the veils hide.
pub(super) fn names(veils: &[Vec<String>], closed: i64) -> impl Iterator<Item = &String> {
    veils.iter().enumerate().filter(move |(at, _)| closed & bit(*at) != 0).flat_map(|(_, names)| names)
}

/// Which bit says that a veil is closed: a module has few.
fn bit(at: usize) -> i64 {
    u32::try_from(at).ok().and_then(|at| 1_i64.checked_shl(at)).unwrap_or(0)
}

impl Work<'_> {
    /// The module as it is known now, where its veils may hide something from whoever works: not from the product, and not from
    /// whoever administers.
    pub(crate) fn veiled(&self, module: &Module) -> Option<Arc<Module>> {
        // What a plan knows of a module may be older than its veils.
        let module = self.definitions().module(&module.name).filter(|module| !module.veils.is_empty())?;
        (!self.sees_through_veils()).then(|| module.clone())
    }

    /// Whether nothing is hidden by a veil from whoever works.
    fn sees_through_veils(&self) -> bool {
        let is_product = self.authority == Authority::Process || matches!(self.actor(), Actor::System(_));
        is_product || self.actor().can(self.definitions(), Capability::Administer)
    }

    /// The fields that are hidden from whoever works, in every record or in some: nothing is grouped or summed by these.
    pub(crate) fn covered(&self, module: &Module) -> Vec<String> {
        let mut hidden = self.grant(module).hidden;
        if let Some(module) = self.veiled(module) {
            hidden.extend(module.veils.iter().flat_map(|veil| veil.fields.iter().cloned()));
        }
        hidden
    }

    /// The condition under which whoever works sees a field of the record under `alias`; nothing where no veil hides it.
    pub(crate) fn seen_if(&self, module: &Module, field: &str, alias: &str) -> Option<Sql> {
        let module = self.veiled(module)?;
        let hiding = module.veils.iter().filter(|veil| veil.fields.iter().any(|name| name == field));
        let conditions = hiding.map(|veil| self.lifted(&module, veil, alias, Reader::Actor));
        conditions.reduce(|all, one| all.push(" and ").append(one))
    }

    /// The condition under which whoever works sees the files that are attached to the record under `alias`.
    pub(super) fn files_seen_if(&self, module: &Module, alias: &str) -> Option<Sql> {
        let module = self.veiled(module)?;
        let hiding = module.veils.iter().filter(|veil| veil.files);
        let conditions = hiding.map(|veil| self.lifted(&module, veil, alias, Reader::Actor));
        conditions.reduce(|all, one| all.push(" and ").append(one))
    }

    /// The number that says which veils are closed for whoever works in the record `t`, a bit for each; nothing where none can
    /// be.
    pub(super) fn closed_veils(&self, module: &Module) -> Option<Sql> {
        let module = self.veiled(module)?;
        Some(self.bits(&module, Reader::Actor))
    }

    /// The mailboxes that do not show so much of their letters to whoever works; nothing for the product and for whoever
    /// administers.
    pub(crate) fn closed_mailboxes(&self, depth: Depth) -> Option<Sql> {
        (!self.sees_through_veils()).then(|| closed(depth, self.actor().id()))
    }

    fn bits(&self, module: &Module, reader: Reader) -> Sql {
        let mut bits = Sql::new("cast(0");
        for (at, veil) in module.veils.iter().enumerate() {
            let lifted = self.lifted(module, veil, "t", reader);
            bits = bits.push(" + case when ").append(lifted).push(&format!(" then 0 else {} end", bit(at)));
        }
        bits.push(" as bigint)")
    }

    /// How many veils, from the first closed one on, hide words of the record `t` from whoever works; nothing where they see all
    /// of every record. By this they find it: see [`crate::search`].
    pub(crate) fn words_in_sight(&self, module: &Module) -> Option<Sql> {
        let module = self.veiled(module)?;
        let count = module.veils.len();
        let mut sight = Sql::new("0");
        for (at, veil) in module.veils.iter().enumerate().rev() {
            let begin = Sql::new("case when ").append(self.lifted(&module, veil, "t", Reader::Actor)).push(" then ");
            sight = begin.append(sight).push(&format!(" else {} end", count - at));
        }
        Some(sight)
    }

    /// The condition that a veil hides nothing of the record under `alias`. What cannot be said is hidden.
    fn lifted(&self, module: &Module, veil: &Veil, alias: &str, reader: Reader) -> Sql {
        let Ok(shown) = self.shown(module, veil, alias, reader) else { return Sql::new("1 = 0") };
        match &veil.over {
            // The name of a field needs no quotes of its own.
            Some(over) => Sql::new(format!("({alias}.\"{over}\" is null or ")).append(shown).push(")"),
            None => shown,
        }
    }

    fn shown(&self, module: &Module, veil: &Veil, alias: &str, reader: Reader) -> Result<Sql, ExprError> {
        let Some(plan) = veil.plan() else { return Ok(Sql::new("1 = 0")) };
        let env = match reader {
            Reader::Actor => self.env(),
            Reader::Anybody => Env { me: None, my_team: BTreeSet::new(), ..self.env() },
        };
        let me = env.me;
        // The product looks at the record, whatever its reader sees of it.
        condition(
            plan,
            &SqlContext {
                dialect: self.dialect(),
                module,
                alias,
                env: &env,
                rights: &|_, _| None,
                hidden: &|_, _| false,
                veiled: &|_, _, _| None,
                closed: &|depth| Some(closed(depth, me)),
            },
        )
    }

    /// What is hidden from whoever works in some records. Asks the database where a veil may hide something.
    pub(crate) fn hidden_of(&mut self, module: &Module, ids: &BTreeSet<Id>) -> Result<Hidden> {
        let every = self.grant(module).hidden;
        let Some(veiled) = self.veiled(module) else { return Ok(Hidden { every, ..Hidden::default() }) };
        let bits = self.bits(&veiled, Reader::Actor);
        Ok(Hidden { every, ..self.hidden_by(&veiled, ids, bits)? })
    }

    fn hidden_by(&mut self, module: &Module, ids: &BTreeSet<Id>, bits: Sql) -> Result<Hidden> {
        let veils = module.veils.iter().map(|veil| veil.fields.clone()).collect();
        let mut closed = BTreeMap::new();
        if !ids.is_empty() {
            let sql = Sql::new("select t.id, ").append(bits).push(" from ").push_ident(&module.name)?;
            let sql = sql.push(" t where t.id in ").bind_list(ids.iter().map(|id| id.0));
            for row in self.rows(&sql)? {
                closed.insert(Id(row.uuid(0)?), row.int(1)?);
            }
        }
        Ok(Hidden { every: Vec::new(), veils, closed })
    }

    /// A record that was read whole, as whoever works sees it.
    ///
    /// # Errors
    /// When the database fails.
    pub fn as_seen(&mut self, mut record: Record) -> Result<Record> {
        for field in self.grant(&record.module).hidden {
            record.set(&field, model::Value::Null);
        }
        if self.veiled(&record.module).is_some() {
            let hidden = self.hidden_of(&record.module, &BTreeSet::from([record.id]))?;
            record.veil(hidden.veiled(record.id));
        }
        Ok(record)
    }

    /// A record that was read whole, as everybody sees it who reads it at all: what a rule hands on says no more.
    ///
    /// # Errors
    /// When the database fails.
    pub fn as_anybody_sees(&mut self, record: &Record) -> Result<Record> {
        let module = self.definitions().module(&record.module.name).filter(|module| !module.veils.is_empty()).cloned();
        let mut record = record.clone();
        if let Some(module) = module {
            let bits = self.bits(&module, Reader::Anybody);
            let hidden = self.hidden_by(&module, &BTreeSet::from([record.id]), bits)?;
            record.veil(hidden.veiled(record.id));
        }
        Ok(record)
    }

    /// Fails where something is hidden in a record from whoever works: what would be made of it says what it says. What a rule
    /// makes of it is made for everybody.
    ///
    /// # Errors
    /// [`Error::Forbidden`] `partly_hidden`; as [`Work::get`].
    pub fn expect_seen_whole(&mut self, module: &str, id: Id) -> Result<()> {
        let record = self.get(module, id)?;
        let is_rule = matches!(self.actor(), Actor::System("rule"));
        let record = if is_rule { self.as_anybody_sees(&record)? } else { record };
        seen_whole(&record)
    }
}

/// Fails where something is hidden in a record from whoever read it.
///
/// # Errors
/// [`Error::Forbidden`] `partly_hidden`.
pub fn seen_whole(record: &Record) -> Result<()> {
    if record.veiled.is_empty() {
        return Ok(());
    }
    let how =
        "you see only a part of this record, and what would be made of it says the rest: ask whoever sees all of it";
    Err(Error::forbidden("partly_hidden", how))
}

/// Fails where a draft says something of what is hidden in the record from whoever read it: nobody is to find out whether they
/// guessed right.
///
/// # Errors
/// [`Error::Invalid`] `partly_hidden`, by field.
pub fn sets_nothing_hidden(record: &Record, draft: &Draft) -> Result<()> {
    let faults: Vec<_> = draft.values.keys().filter(|name| record.hides(name)).map(|name| hidden_here(name)).collect();
    if faults.is_empty() { Ok(()) } else { Err(Error::Invalid(faults)) }
}

/// The fault of a field that is set by whoever does not see it.
pub(crate) fn hidden_here(name: &str) -> FieldError {
    FieldError::new(name, "partly_hidden", "this field is hidden from you in this record")
}
