//! What must hold of a draft before it is written.

use std::collections::BTreeSet;

use model::field::{Field, FieldType, SetBy};
use model::rights::Grant;
use model::{Id, Module, Record, Value};

use super::Draft;
use super::apply::refuse;
use super::draft::unknown;
use super::formats::wrong_formats;
use crate::db::Sql;
use crate::error::{FieldError, Result};
use crate::query::hidden_here;
use crate::schema::columns::param;
use crate::work::{Authority, Work};

/// Whether a record is being made, changed, or brought back to what it was.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Moment {
    Creation,
    Change,
    /// Links to what has gone to the bin meanwhile are taken up again: those that nobody changed stay as well.
    Undo,
}

impl Work<'_> {
    /// Everything that is wrong with `draft`; nothing when it may be written.
    pub(super) fn faults(
        &mut self,
        module: &Module,
        draft: &Draft,
        before: Option<&Record>,
        moment: Moment,
    ) -> Result<Vec<FieldError>> {
        let grant = self.grant(module);
        let veiled = self.veiled_of(module, draft, before)?;
        let mut faults = Vec::new();
        for (name, value) in &draft.values {
            let Some(field) = module.field(name).filter(|_| !grant.hidden.contains(name)) else {
                faults.push(unknown(module, name));
                continue;
            };
            // Guessing right is no different.
            if veiled.contains(name) {
                faults.push(hidden_here(name));
                continue;
            }
            let unchanged = before.is_some_and(|before| before.get(name) == value);
            if unchanged && !field.kind.is_derived() {
                continue;
            }
            if let Some(fault) = self.not_settable(module, field, &grant, moment) {
                faults.push(fault);
                continue;
            }
            if value.is_null() {
                if field.required {
                    faults.push(required(name));
                }
                continue;
            }
            let fault = match field.kind {
                FieldType::Links => {
                    let known = before.map_or(&[][..], |before| before.get(name).as_ids());
                    self.broken_links(field, value.as_ids(), known, moment)?
                }
                _ => self.broken_link(field, value, before, moment)?,
            };
            if let Some(fault) = fault {
                faults.push(fault);
            } else if field.unique && self.is_taken(module, field, value, before.map(|record| record.id))? {
                faults.push(FieldError::new(name, "duplicate", "another record has this value"));
            }
        }
        if moment != Moment::Undo {
            faults.extend(wrong_formats(module, draft, before));
        }
        // As with what a state asks for: whoever buys, and the clock, could not answer.
        if moment == Moment::Creation && self.authority != Authority::Process {
            let given: BTreeSet<_> = draft.values.keys().collect();
            let unfilled = |field: &Field| field.required && field.default.is_none() && !given.contains(&field.name);
            let missing = module.stored().filter(|(_, field)| unfilled(field)).map(|(_, field)| &field.name);
            faults.extend(self.unfilled(module, missing, REQUIRED));
        }
        if let Some(owner) =
            draft.owner.filter(|owner| module.owners && before.and_then(|before| before.owner) != *owner)
        {
            faults.extend(self.wrong_owner(owner, &grant)?);
        }
        Ok(faults)
    }

    /// What is hidden from the caller in the record that is changed, where the draft says something of what may be.
    fn veiled_of(&mut self, module: &Module, draft: &Draft, before: Option<&Record>) -> Result<BTreeSet<String>> {
        let Some(before) = before.filter(|_| draft.values.keys().any(|name| module.is_veiled(name))) else {
            return Ok(BTreeSet::new());
        };
        let hidden = self.hidden_of(module, &BTreeSet::from([before.id]))?;
        Ok(hidden.veiled(before.id).cloned().collect())
    }

    /// Fails where a field's own condition does not hold of the record as it would be.
    pub(super) fn check_validations(&mut self, record: &Record) -> Result<()> {
        let mut faults = Vec::new();
        for field in &record.module.fields {
            let Some(text) = &field.validation else { continue };
            if record.get(&field.name).is_null() {
                continue;
            }
            if !self.holds(text, record)? {
                let fault = FieldError::new(&field.name, "validation_failed", "the value is not allowed here");
                faults.push(match field.refusal.as_ref().or(field.help.as_ref()) {
                    Some(words) => fault.saying(words),
                    None => fault,
                });
            }
        }
        refuse(faults)
    }

    fn wrong_owner(&mut self, owner: Option<Id>, grant: &Grant) -> Result<Option<FieldError>> {
        if grant.read_only.iter().chain(&grant.hidden).any(|field| field == "owner") {
            return Ok(Some(FieldError::new("owner", "read_only", "your roles do not change the owner")));
        }
        let known = match owner {
            Some(owner) => self.is_user(owner)?,
            None => true,
        };
        Ok((!known).then(|| FieldError::new("owner", "not_found", "there is no such active user")))
    }

    fn not_settable(&self, module: &Module, field: &Field, grant: &Grant, moment: Moment) -> Option<FieldError> {
        let fault = |code, message: &str| Some(FieldError::new(&field.name, code, message));
        if !field.is_stored() {
            return fault("read_only", "this is worked out, not set");
        }
        if self.authority == Authority::Process {
            return None;
        }
        if grant.read_only.contains(&field.name) {
            return fault("read_only", "your roles may see this field and not change it");
        }
        let governed = self.definitions().process(&module.name).is_some_and(|process| process.field == field.name);
        match (field.set_by, moment) {
            (SetBy::Creation, Moment::Creation) => None,
            (SetBy::Anyone, _) if !governed => None,
            _ if governed => fault("use_transition", "this changes by a transition"),
            (SetBy::Process, _) => fault("read_only", "only the process sets this field"),
            _ => fault("read_only", "this is set when the record is made and does not change"),
        }
    }

    fn broken_link(
        &mut self,
        field: &Field,
        value: &Value,
        before: Option<&Record>,
        moment: Moment,
    ) -> Result<Option<FieldError>> {
        let Some(id) = value.as_id() else { return Ok(None) };
        let target = match (field.kind, value) {
            (FieldType::Person, _) => {
                let known = self.is_user(id)?;
                return Ok((!known).then(|| FieldError::new(&field.name, "not_found", "there is no such active user")));
            }
            (FieldType::Link | FieldType::File, _) => field.module.clone(),
            (_, Value::Record { module, .. }) => Some(module.clone()),
            _ => None,
        };
        let Some(target) = target.and_then(|name| self.definitions().module(&name).cloned()) else {
            return Ok(Some(FieldError::new(&field.name, "not_found", "there is no such module")));
        };
        if field.kind == FieldType::File && moment != Moment::Undo && !self.is_attached(&target, id, before)? {
            let how = "a file is attached to the record first: POST /api/v1/{module}/{id}/files";
            return Ok(Some(FieldError::new(&field.name, "not_attached", how)));
        }
        let visible = if moment == Moment::Undo { self.is_there(&target, id)? } else { self.exists(&target, id)? };
        Ok((!visible)
            .then(|| FieldError::new(&field.name, "not_found", format!("there is no such record in {}", target.name))))
    }

    /// Whether a file is one of the record's own.
    fn is_attached(&mut self, files: &Module, file: Id, record: Option<&Record>) -> Result<bool> {
        let Some(record) = record else { return Ok(false) };
        let sql = Sql::new("select 1 from ").push_ident(&files.name)?.push(" where deleted_at is null and id = ");
        let sql = sql.bind(file.0).push(" and about = ").bind(record.id.0);
        Ok(!self.rows(&sql)?.is_empty())
    }

    pub(super) fn is_taken(&mut self, module: &Module, field: &Field, value: &Value, own: Option<Id>) -> Result<bool> {
        let sql = Sql::new("select 1 from ")
            .push_ident(&module.name)?
            .push(" where deleted_at is null and ")
            .push_ident(&field.name)?;
        let mut sql = sql.push(" = ").bind(param(value));
        if let Some(own) = own {
            sql = sql.push(" and id <> ").bind(own.0);
        }
        Ok(!self.rows(&sql.push(" limit 1"))?.is_empty())
    }

    fn is_user(&mut self, id: Id) -> Result<bool> {
        let sql = Sql::new("select 1 from users where active and id = ").bind(id.0);
        Ok(!self.rows(&sql)?.is_empty())
    }
}

/// What is said of a field that must not be empty.
const REQUIRED: &str = "this must be filled";

fn required(field: &str) -> FieldError {
    FieldError::new(field, "required", REQUIRED)
}
