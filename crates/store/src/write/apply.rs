//! Making, changing, binning, restoring and purging a record.

use std::sync::Arc;

use model::rights::Scope;
use model::{Id, Module, Record, Value};

use super::Draft;
use super::log::{Operation, delta};
use super::validate::Moment;
use crate::db::{DbError, Param, Sql};
use crate::error::{Error, FieldError, Result};
use crate::notices::COMMENTS;
use crate::schema::columns::{columns, params};
use crate::schema::index_name;
use crate::work::{Authority, Work};

/// What [`Work::apply`] is asked for.
enum Change {
    Create { module: Arc<Module>, draft: Draft, known: Draft },
    Update { before: Record, draft: Draft, moment: Moment },
    Delete(Record),
    Restore(Record),
    Purge(Record),
    Recreate(Record),
    Erase { before: Record, values: Vec<(String, Value)> },
}

/// How a record is brought back to what it was.
pub(crate) enum Back {
    /// Its fields.
    Update { before: Record, draft: Draft },
    /// It was made, or taken out of the bin.
    ToBin(Record),
    /// It was moved to the bin.
    FromBin(Record),
    /// It was made again after having been removed for good.
    Purge(Record),
    /// It was removed for good.
    Recreate(Record),
}

impl Work<'_> {
    /// Makes a record.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::Invalid`] with every fault, [`Error::Conflict`] where a unique value is taken.
    pub fn create(&mut self, module: &str, draft: Draft) -> Result<Record> {
        let record = self.create_known(module, draft, Draft::new())?;
        self.as_seen(record)
    }

    /// [`Work::create`] of what the caller says and, where they say nothing, of what the process knows; the answer is whole,
    /// whatever the caller may see of it.
    ///
    /// # Errors
    /// As [`Work::create`].
    pub fn create_known(&mut self, module: &str, draft: Draft, known: Draft) -> Result<Record> {
        let module = self.module(module)?;
        if !self.grant(&module).create {
            return Err(Error::forbidden("create_forbidden", format!("your roles may not create {}", module.name)));
        }
        if module.service.is_some() && self.authority == Authority::Caller {
            return Err(Error::forbidden(
                "made_by_process",
                format!("{} are made by their own operation", module.name),
            ));
        }
        self.apply(Change::Create { module, draft, known })
    }

    /// Changes fields of a record. With `expected` only when that is still its version.
    ///
    /// # Errors
    /// As [`Work::create`]; [`Error::NotFound`] for what the caller may not see, [`Error::Stale`].
    pub fn update(&mut self, module: &str, id: Id, draft: Draft, expected: Option<i64>) -> Result<Record> {
        let before = self.hold(module, id, expected, |grant| grant.update, "update_forbidden")?;
        if before.deleted_at.is_some() {
            return Err(Error::conflict("deleted", "the record is in the bin: restore it first"));
        }
        self.expect_not_erased(&before)?;
        let after = self.apply(Change::Update { before, draft, moment: Moment::Change })?;
        self.as_seen(after)
    }

    /// Moves a record to the bin; links to it stay.
    ///
    /// # Errors
    /// As [`Work::update`].
    pub fn delete(&mut self, module: &str, id: Id, expected: Option<i64>) -> Result<Record> {
        let before = self.hold(module, id, expected, |grant| grant.delete, "delete_forbidden")?;
        self.not_of_a_service(&before)?;
        let after = if before.deleted_at.is_some() { before } else { self.apply(Change::Delete(before))? };
        self.as_seen(after)
    }

    /// Takes a record out of the bin.
    ///
    /// # Errors
    /// As [`Work::update`]; [`Error::Conflict`] where a unique value has been given to another record since.
    pub fn restore(&mut self, module: &str, id: Id) -> Result<Record> {
        let before = self.hold(module, id, None, |grant| grant.delete, "delete_forbidden")?;
        let after = if before.deleted_at.is_none() { before } else { self.apply(Change::Restore(before))? };
        self.as_seen(after)
    }

    /// Removes a record for good; its last image stays in the log.
    ///
    /// # Errors
    /// As [`Work::update`]; [`Error::Conflict`] while other records link to it.
    pub fn purge(&mut self, module: &str, id: Id, expected: Option<i64>) -> Result<()> {
        let scope = |grant: &model::rights::Grant| if grant.purge { grant.delete } else { Scope::None };
        let before = self.hold(module, id, expected, scope, "purge_forbidden")?;
        self.not_of_a_service(&before)?;
        self.apply(Change::Purge(before)).map(|_| ())
    }

    /// Reads a record that is about to be written, holds it until the end of the transaction and checks the right.
    fn hold(
        &mut self,
        module: &str,
        id: Id,
        expected: Option<i64>,
        scope: impl Fn(&model::rights::Grant) -> Scope,
        code: &'static str,
    ) -> Result<Record> {
        let module = self.module(module)?;
        let record = self.read_held(&module, id)?;
        let grant = self.grant(&module);
        let wanted = scope(&grant);
        // What is read is reached as far as the right to read goes: a narrower right is asked for.
        if wanted < grant.read && !self.reaches(&module, id, wanted)? {
            return Err(Error::forbidden(
                code,
                format!("your roles may not do this with this record of {}", module.name),
            ));
        }
        self.expect_author(&module, record.created_by, code)?;
        match expected {
            Some(expected) if expected != record.version => Err(Error::Stale { current: record.version }),
            _ => Ok(record),
        }
    }

    fn not_of_a_service(&self, record: &Record) -> Result<()> {
        if record.module.service.is_some() && self.authority == Authority::Caller {
            return Err(Error::conflict(
                "kept_by_process",
                "this record is part of a process: cancel it instead of deleting it",
            ));
        }
        Ok(())
    }

    /// Writes a record back to what it was. Who undoes has judged the actor's rights.
    pub(crate) fn write_back(&mut self, back: Back) -> Result<Record> {
        self.as_process(|work| match back {
            Back::Update { before, draft } => work.apply(Change::Update { before, draft, moment: Moment::Undo }),
            Back::ToBin(before) => work.apply(Change::Delete(before)),
            Back::FromBin(before) => work.apply(Change::Restore(before)),
            Back::Purge(before) => work.apply(Change::Purge(before)),
            Back::Recreate(record) => work.apply(Change::Recreate(record)),
        })
    }

    /// Sets fields of a record of somebody who is erased, whatever else wants to be said of them: what they were is said
    /// nowhere, nobody is told and nothing is set off. Who erases has judged the right to.
    pub(crate) fn write_erased(&mut self, before: Record, values: Vec<(String, Value)>) -> Result<Record> {
        self.as_process(|work| work.apply(Change::Erase { before, values }))
    }

    /// Sets fields of a record that were empty, wherever it lies: nobody is told and nothing is set off. For what the product
    /// knew all along and keeps from now on.
    pub(crate) fn write_quietly(&mut self, before: Record, values: Vec<(String, Value)>) -> Result<Record> {
        self.as_process(|work| work.apply(Change::Erase { before, values }))
    }

    /// The one place where a record's row, words, identities and history are written.
    fn apply(&mut self, change: Change) -> Result<Record> {
        match change {
            Change::Create { module, draft, known } => {
                let draft = self.heard_of(&module, draft);
                self.apply_create(&module, draft, known)
            }
            Change::Update { before, draft, moment } => {
                let draft = if moment == Moment::Undo { draft } else { self.heard_of(&before.module, draft) };
                self.apply_update(before, draft, moment)
            }
            Change::Delete(before) => self.apply_bin(before, Operation::Delete),
            Change::Restore(before) => self.apply_bin(before, Operation::Restore),
            Change::Purge(before) => self.apply_purge(before),
            Change::Recreate(record) => self.apply_recreate(record),
            Change::Erase { before, values } => self.apply_erase(before, values),
        }
    }

    /// What a typed service writes, without what the packs do not know: those of an older program stand until somebody applies
    /// newer ones, and orders are taken and paid meanwhile as they were.
    fn heard_of(&self, module: &Module, mut draft: Draft) -> Draft {
        if module.service.is_some() && self.authority == Authority::Process {
            draft.values.retain(|name, _| module.field(name).is_some());
        }
        draft
    }

    fn apply_create(&mut self, module: &Arc<Module>, mut draft: Draft, known: Draft) -> Result<Record> {
        let mut faults = self.faults(module, &draft, None, Moment::Creation)?;
        // What the process knows need not be said.
        let is_said = |name: &str| draft.values.contains_key(name) || !known.values.contains_key(name);
        faults.retain(|fault| fault.code != "required" || is_said(&fault.field));
        refuse(faults)?;
        refuse(self.as_process(|work| work.faults(module, &known, None, Moment::Change))?)?;
        for (name, value) in known.values {
            draft.values.entry(name).or_insert(value);
        }
        draft.owner = draft.owner.or(known.owner);
        let process = self.definitions().process(&module.name).cloned();
        let process = process.filter(|process| !draft.values.contains_key(&process.field));
        self.fill_defaults(module, &mut draft)?;
        let now = self.now();
        let mut record = Record {
            module: module.clone(),
            id: self.new_id(),
            version: 1,
            created_at: now,
            updated_at: now,
            created_by: self.actor().id(),
            owner: draft.owner.flatten().filter(|_| module.owners),
            deleted_at: None,
            values: vec![Value::Null; module.fields.len()],
            veiled: Vec::new(),
        };
        for (name, value) in draft.values {
            record.set(&name, value);
        }
        if let Some(process) = process {
            self.start(&process, &mut record)?;
        }
        refuse(self.unfilled_at_start(&record))?;
        self.check_validations(&record)?;
        if record.module.name == COMMENTS {
            self.note_mentions(&mut record)?;
        }
        self.number(&mut record)?;
        self.insert_row(&record)?;
        self.insert_links(&record)?;
        self.expect_no_erased_targets(None, &record, Moment::Creation)?;
        self.index_words(&record, None)?;
        self.index_identities(&record, None)?;
        self.log(&record, Operation::Create, image(&record, Side::After))?;
        self.tell(None, &record)?;
        self.rouse(None, &record, (&[], None))?;
        Ok(record)
    }

    fn apply_update(&mut self, before: Record, draft: Draft, moment: Moment) -> Result<Record> {
        let module = before.module.clone();
        let step = self.step_of(&before);
        refuse(self.faults(&module, &draft, Some(&before), moment)?)?;
        let mut after = before.clone();
        let mut changed = Vec::new();
        for (name, value) in draft.values {
            if *before.get(&name) != value {
                after.set(&name, value);
                changed.push(name);
            }
        }
        let new_owner = draft.owner.filter(|owner| module.owners && *owner != before.owner);
        // A move that leads back to where the record stands is a change, too.
        if changed.is_empty() && new_owner.is_none() && step.is_none() {
            return Ok(before);
        }
        after.owner = new_owner.unwrap_or(before.owner);
        after.version += 1;
        after.updated_at = self.now();
        self.check_validations(&after)?;
        if module.name == COMMENTS && moment == Moment::Change {
            self.note_mentions(&mut after)?;
            if after.get("mentions") != before.get("mentions") {
                changed.push("mentions".to_owned());
            }
        }
        self.update_row(&after, &changed, new_owner.is_some())?;
        self.update_links(&after, &changed)?;
        self.expect_no_erased_targets(Some(&before), &after, moment)?;
        self.index_words(&after, Some(&before.values))?;
        self.index_identities(&after, Some(&before.values))?;
        let (owner_before, owner_after) = (id_value(before.owner), id_value(after.owner));
        let fields = changed.iter().map(|name| (name.as_str(), before.get(name), after.get(name)));
        let owner = new_owner.map(|_| ("owner", &owner_before, &owner_after));
        self.log_move(&after, (Operation::Update, step.as_deref()), delta(fields.chain(owner)))?;
        self.tell(Some(&before), &after)?;
        // What is taken back sets nothing off.
        if moment == Moment::Change {
            let names = changed.iter().map(String::as_str).chain(new_owner.map(|_| "owner"));
            self.rouse(Some(&before), &after, (&names.collect::<Vec<_>>(), step.as_deref()))?;
        } else {
            self.count_on(&after)?;
        }
        Ok(after)
    }

    fn apply_bin(&mut self, before: Record, operation: Operation) -> Result<Record> {
        let mut after = before.clone();
        after.version += 1;
        after.updated_at = self.now();
        after.deleted_at = (operation == Operation::Delete).then(|| self.now());
        let sql = Sql::new("update ").push_ident(&after.module.name)?.push(" set deleted_at = ").bind(after.deleted_at);
        let sql = sql.push(", version = ").bind(after.version).push(", updated_at = ").bind(after.updated_at);
        self.tx.execute(&sql.push(" where id = ").bind(after.id.0)).map_err(|error| taken(&after, error))?;
        if operation == Operation::Delete {
            self.forget_words(&after.module, &after)?;
            self.forget_identities(&after)?;
        } else {
            self.index_words(&after, None)?;
            self.index_identities(&after, None)?;
        }
        let instant = |at: Option<jiff::Timestamp>| at.map_or(Value::Null, Value::Instant);
        let (was, is) = (instant(before.deleted_at), instant(after.deleted_at));
        self.log(&after, operation, delta([("deleted_at", &was, &is)]))?;
        self.count_on(&after)?;
        Ok(after)
    }

    fn apply_purge(&mut self, before: Record) -> Result<Record> {
        self.forget_words(&before.module, &before)?;
        self.forget_identities(&before)?;
        self.forget_links(&before)?;
        let sql = Sql::new("delete from ").push_ident(&before.module.name)?.push(" where id = ").bind(before.id.0);
        self.tx.execute(&sql).map_err(|error| match error {
            DbError::ForeignKey { .. } => Error::conflict("linked", "other records still link to this one"),
            other => other.into(),
        })?;
        let mut last = before;
        last.version += 1;
        last.updated_at = self.now();
        self.log(&last, Operation::Purge, image(&last, Side::Before))?;
        Ok(last)
    }

    fn apply_recreate(&mut self, mut record: Record) -> Result<Record> {
        let values = record.module.stored().map(|(at, field)| (field.name.clone(), record.values.get(at).cloned()));
        let filled = values.filter_map(|(name, value)| Some((name, value.filter(|value| !value.is_null())?)));
        let draft = Draft { values: filled.collect(), owner: Some(record.owner) };
        let mut faults = self.faults(&record.module, &draft, None, Moment::Undo)?;
        // What lies in the bin shares its unique values with whatever is in use.
        faults.retain(|fault| record.deleted_at.is_none() || fault.code != "duplicate");
        refuse(faults)?;
        record.updated_at = self.now();
        self.insert_row(&record)?;
        self.insert_links(&record)?;
        if record.deleted_at.is_none() {
            self.index_words(&record, None)?;
            self.index_identities(&record, None)?;
        }
        self.log(&record, Operation::Recreate, image(&record, Side::After))?;
        self.count_on(&record)?;
        Ok(record)
    }

    fn apply_erase(&mut self, before: Record, values: Vec<(String, Value)>) -> Result<Record> {
        let mut after = before.clone();
        let changed: Vec<String> = values.iter().map(|(name, _)| name.clone()).collect();
        for (name, value) in values {
            after.set(&name, value);
        }
        after.version += 1;
        after.updated_at = self.now();
        self.update_row(&after, &changed, false)?;
        self.update_links(&after, &changed)?;
        if after.deleted_at.is_none() {
            self.index_words(&after, Some(&before.values))?;
            self.index_identities(&after, Some(&before.values))?;
        }
        let fields = changed.iter().map(|name| (name.as_str(), &Value::Null, after.get(name)));
        self.log(&after, Operation::Update, delta(fields))?;
        self.count_on(&after)?;
        Ok(after)
    }

    fn fill_defaults(&mut self, module: &Module, draft: &mut Draft) -> Result<()> {
        let reading = self.settings().reading();
        for (_, field) in module.stored() {
            if let (Some(default), false) = (&field.default, draft.values.contains_key(&field.name)) {
                let value = Value::read(field, default, reading)
                    .map_err(|error| Error::Invalid(vec![FieldError::of(&field.name, error)]))?;
                draft.values.insert(field.name.clone(), value);
            }
        }
        Ok(())
    }

    fn insert_row(&mut self, record: &Record) -> Result<()> {
        let module = &record.module;
        let mut sql = Sql::new("insert into ")
            .push_ident(&module.name)?
            .push(" (id, version, created_at, updated_at, created_by, deleted_at");
        let mut values: Vec<Param> = vec![
            record.id.0.into(),
            record.version.into(),
            record.created_at.into(),
            record.updated_at.into(),
            record.created_by.map(|id| id.0).into(),
            record.deleted_at.into(),
        ];
        if module.owners {
            sql.push_str(", owner");
            values.push(record.owner.map(|id| id.0).into());
        }
        for (position, field) in module.stored() {
            let value = record.values.get(position).unwrap_or(&Value::Null);
            if value.is_null() {
                continue;
            }
            for column in columns(field) {
                sql = sql.push(", ").push_ident(&column.name)?;
            }
            values.extend(params(field, value)?);
        }
        self.write_row(record, sql.push(") values ").bind_list(values))
    }

    fn update_row(&mut self, after: &Record, changed: &[String], owner: bool) -> Result<()> {
        let sql = Sql::new("update ").push_ident(&after.module.name)?.push(" set version = ").bind(after.version);
        let mut sql = sql.push(", updated_at = ").bind(after.updated_at);
        if owner {
            sql = sql.push(", owner = ").bind(after.owner.map(|id| id.0));
        }
        for field in changed.iter().filter_map(|name| after.module.field(name)) {
            for (column, param) in columns(field).into_iter().zip(params(field, after.get(&field.name))?) {
                sql = sql.push(", ").push_ident(&column.name)?.push(" = ").bind(param);
            }
        }
        self.write_row(after, sql.push(" where id = ").bind(after.id.0))
    }

    /// Only what may meet a value that is taken is waited for.
    fn write_row(&mut self, record: &Record, sql: Sql) -> Result<()> {
        if record.module.stored().any(|(_, field)| field.unique) {
            self.tx.execute(&sql).map_err(|error| taken(record, error))?;
            return Ok(());
        }
        Ok(self.tx.defer(sql)?)
    }
}

pub(super) fn refuse(faults: Vec<FieldError>) -> Result<()> {
    if faults.is_empty() {
        return Ok(());
    }
    if faults.iter().all(|fault| fault.code == "duplicate") {
        return Err(Error::Conflict {
            code: "duplicate",
            message: "another record has this value".to_owned(),
            errors: faults,
        });
    }
    Err(Error::Invalid(faults))
}

/// A unique value that somebody else took between the check and the write.
fn taken(record: &Record, error: DbError) -> Error {
    let DbError::Unique { columns, constraint, .. } = &error else { return error.into() };
    let field = record.module.fields.iter().find(|field| {
        columns.contains(&field.name)
            || constraint.as_deref() == Some(&index_name(&record.module.name, &field.name, "unique"))
    });
    let errors = field
        .map(|field| FieldError::new(&field.name, "duplicate", "another record has this value"))
        .into_iter()
        .collect();
    Error::Conflict { code: "duplicate", message: "another record has this value".to_owned(), errors }
}

/// Which side of a delta a whole record stands on.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Before,
    After,
}

/// Everything a record holds, as a delta from or to nothing.
fn image(record: &Record, side: Side) -> serde_json::Value {
    let owner = id_value(record.owner);
    let deleted_at = record.deleted_at.map_or(Value::Null, Value::Instant);
    // What is worked out is no part of the record.
    let fields = record.module.fields.iter().zip(&record.values).filter(|(field, _)| field.is_stored());
    let fields = fields.map(|(field, value)| (field.name.as_str(), value));
    let filled = fields.chain([("owner", &owner), ("deleted_at", &deleted_at)]).filter(|(_, value)| !value.is_null());
    delta(filled.map(|(name, value)| match side {
        Side::Before => (name, value, &Value::Null),
        Side::After => (name, &Value::Null, value),
    }))
}

fn id_value(id: Option<Id>) -> Value {
    id.map_or(Value::Null, Value::Id)
}
