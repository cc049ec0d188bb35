//! Formulas and roll-ups in queries: selected beside the columns, in the same statement, under the reader's rights.

use std::sync::Arc;

use jiff::SignedDuration;
use jiff::tz::TimeZone;
use model::expr::{Env, ExprError, Node, Plan, Type};
use model::pack::{PackError, Place};
use model::{Definitions, Field, FieldType, Module, Record, Value};

use super::expression::{SqlContext, condition, sort_key, values};
use super::filter::refused;
use super::row::columns_of;
use crate::db::{DbError, Dialect, Row, Sql};
use crate::error::Result;
use crate::schema::columns::value;
use crate::work::Work;

/// The formulas and roll-ups of a module, with what they work out.
pub(super) fn derived(module: &Module) -> impl Iterator<Item = (&Field, &Arc<Plan>)> {
    module.fields.iter().filter_map(|field| Some((field, module.derived(&field.name)?)))
}

/// Whether an expression comes to something else each moment.
#[must_use]
pub fn reads_now(plan: &Plan) -> bool {
    matches!(plan.node, Node::Now) || plan.parts().into_iter().any(reads_now)
}

/// How many columns a value of the type takes.
pub(super) fn width(plan: &Plan) -> usize {
    if plan.kind == Type::Money { 2 } else { 1 }
}

/// The value in the columns that begin at `position`.
pub(super) fn read(field: &Field, plan: &Plan, row: &mut Row, position: usize) -> Result<Value, DbError> {
    if plan.kind == Type::Duration {
        let length = row.opt_int(position)?.map(|micros| SignedDuration::from_micros(micros).to_string());
        return Ok(length.map_or(Value::Null, Value::Text));
    }
    let like = Field { scale: field.scale, ..Field::new(&field.name, field.read_as()) };
    value(&like, row, position)
}

impl Work<'_> {
    /// `select` list of a module's records standing under the alias `t`.
    pub(super) fn selection(&self, module: &Module) -> Result<Sql> {
        let mut sql = columns_of(module);
        for (_, plan) in derived(module) {
            for part in self.derived_columns(module, plan)? {
                sql = sql.push(", ").append(part);
            }
        }
        match self.closed_veils(module) {
            Some(bits) => Ok(sql.push(", ").append(bits)),
            None => Ok(sql),
        }
    }

    /// What selects a formula or roll-up of `t`.
    pub(super) fn derived_columns(&self, module: &Module, plan: &Plan) -> Result<Vec<Sql>> {
        self.in_sql(module, |cx| values(plan, cx)).map_err(refused)
    }

    /// What `t` is sorted by, for a formula or roll-up.
    pub(super) fn derived_key(&self, module: &Module, plan: &Plan) -> Result<Sql> {
        self.in_sql(module, |cx| sort_key(plan, cx)).map_err(refused)
    }

    /// Writes SQL over `t`, under the caller's rights.
    pub(super) fn in_sql<T>(
        &self,
        module: &Module,
        write: impl FnOnce(&SqlContext<'_>) -> Result<T, ExprError>,
    ) -> Result<T, ExprError> {
        let env = self.env();
        let rights = |module: &Module, alias: &str| self.reach(module, alias, self.grant(module).read);
        let hidden = |module: &Module, field: &str| self.grant(module).hidden.iter().any(|hidden| hidden == field);
        let veiled = |module: &Module, field: &str, alias: &str| self.seen_if(module, field, alias);
        write(&SqlContext {
            dialect: self.dialect(),
            module,
            alias: "t",
            env: &env,
            rights: &rights,
            hidden: &hidden,
            veiled: &veiled,
            closed: &|depth| self.closed_mailboxes(depth),
        })
    }

    /// The record with its roll-ups as they are now, whoever asks: for guards and validations, which are judged in memory.
    /// Nothing links yet to a record that is being made.
    pub(crate) fn gathered(&mut self, plan: &Plan, record: &Record) -> Record {
        let mut gathered = record.clone();
        if !has_roll_up(plan) {
            return gathered;
        }
        let now = self.as_process(|work| work.get(&record.module.name, record.id)).ok();
        for field in record.module.fields.iter().filter(|field| field.kind == FieldType::RollUp) {
            let count =
                matches!(field.measure.as_deref().map(str::trim_start), Some(text) if text.starts_with("count"));
            let nothing = if count { Value::Int(0) } else { Value::Null };
            gathered.set(&field.name, now.as_ref().map_or(nothing, |now| now.get(&field.name).clone()));
        }
        gathered
    }
}

fn has_roll_up(plan: &Plan) -> bool {
    let is_one = matches!(&plan.node, Node::Field(path) if path.is_own() && path.leaf.roll_up.is_some());
    is_one || plan.parts().into_iter().any(has_roll_up)
}

/// Formulas and roll-ups that cannot become SQL of this database.
pub(crate) fn unfit(definitions: &Definitions, dialect: Dialect) -> Vec<PackError> {
    let env = Env { now: jiff::Timestamp::UNIX_EPOCH, zone: TimeZone::UTC, me: None, my_team: Default::default() };
    let mut errors = Vec::new();
    for module in definitions.modules() {
        let cx = SqlContext {
            dialect,
            module,
            alias: "t",
            env: &env,
            rights: &|_, _| None,
            hidden: &|_, _| false,
            veiled: &|_, _, _| None,
            closed: &|_| None,
        };
        for error in module.veils.iter().filter_map(|veil| condition(veil.plan()?, &cx).err()) {
            let file = format!("modules/{}.toml", module.name);
            errors.push(PackError::new(&file, &format!("veils: shown: {error}")).coded("not_in_sql"));
        }
        for (field, plan) in derived(module) {
            if let Err(error) = values(plan, &cx) {
                let key = if field.kind == FieldType::Formula { "expression" } else { "measure" };
                let message = format!("the {key} of {}: {error}", field.name);
                let place = Place::field(&module.name, &field.name, key);
                errors.push(
                    PackError::new(&format!("modules/{}.toml", module.name), &message).coded("not_in_sql").at(place),
                );
            }
        }
    }
    errors
}
