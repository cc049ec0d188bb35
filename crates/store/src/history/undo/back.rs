//! Going back step by step, the last change first.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::Timestamp;
use model::{Id, Module, Record, Value};

use super::Services;
use super::conflict::now;
use super::plan::{Plan, Step};
use super::touched::{Stage, Touched};
use crate::db::Sql;
use crate::error::{Error, FieldError, Result};
use crate::history::value;
use crate::work::Work;
use crate::write::{Back, Draft};

impl Work<'_> {
    /// Goes back; with `only` of one of the records. `reached` is the record that it came to, for whoever asks at which it
    /// failed. Answers the records to which something was written.
    pub(super) fn bring_back(
        &mut self,
        plan: &Plan,
        only: Option<usize>,
        services: &dyn Services,
        reached: &mut usize,
    ) -> Result<BTreeSet<usize>> {
        let (mut written, mut moved) = (BTreeSet::new(), Vec::new());
        let steps = plan.steps.iter().filter(|step| only.is_none_or(|only| step.record == only));
        for step in steps.rev() {
            let Some(touched) = plan.undoing.touched.get(step.record) else { continue };
            *reached = step.record;
            let is_kept = |name: &str| plan.kept.contains(&(step.record, name.to_owned()));
            let back = self.go_back(step, touched, &is_kept, services, &mut moved);
            if back.map_err(|error| stands_in_the_way(error, touched))? {
                written.insert(step.record);
            }
        }
        // When all is back: a condition may ask about records that are brought back as well.
        for was in moved {
            let Some(place) = plan.undoing.touched.iter().position(|touched| touched.id == was.id) else { continue };
            let Some(touched) = plan.undoing.touched.get(place) else { continue };
            *reached = place;
            if let Some(record) = self.read_whole(&touched.module, was.id)? {
                self.judge_way(touched, &record, &was)?;
            }
        }
        Ok(written)
    }

    /// The record, held, as the product sees it; nothing where it is gone.
    pub(super) fn read_whole(&mut self, module: &Arc<Module>, id: Id) -> Result<Option<Record>> {
        match self.as_process(|work| work.read_held(module, id)) {
            Ok(record) => Ok(Some(record)),
            Err(Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// One step; answers whether there was anything to write. Who moves through a process is noted in `moved` as they were.
    fn go_back(
        &mut self,
        step: &Step,
        touched: &Touched,
        is_kept: &dyn Fn(&str) -> bool,
        services: &dyn Services,
        moved: &mut Vec<Record>,
    ) -> Result<bool> {
        let Some(mut record) = self.read_whole(&touched.module, touched.id)? else {
            return match step.begin {
                Stage::Unmade | Stage::Gone => Ok(false),
                Stage::InUse | Stage::InBin => self.make_again(step, touched, services).map(|()| true),
            };
        };
        match step.begin {
            Stage::Gone => return self.write_back(Back::Purge(record)).map(|_| true),
            Stage::Unmade if record.deleted_at.is_some() => return Ok(false),
            Stage::Unmade => {
                self.write_back(Back::ToBin(record))?;
                return services.binned(self, &touched.module.name, touched.id).map(|()| true);
            }
            Stage::InUse | Stage::InBin => {}
        }
        let (version, was_in_bin) = (record.version, record.deleted_at.is_some());
        let mut draft = Draft::new();
        for (name, before) in &step.fields {
            if name == "deleted_at" || is_kept(name) || now(&record, name) == *before {
                continue;
            }
            match touched.module.field(name) {
                _ if name == "owner" => draft.owner = Some(value::id(before)),
                Some(field) => drop(draft.values.insert(name.clone(), value::value(field, before)?)),
                None => {}
            }
        }
        let has_fields = draft != Draft::new();
        if record.deleted_at.is_some() && (step.begin == Stage::InUse || has_fields) {
            record = self.write_back(Back::FromBin(record))?;
        }
        if has_fields {
            services.check(self, &touched.module.name, &mut draft, Some(&record))?;
            let process = self.definitions().process(&touched.module.name);
            let is_first = moved.iter().all(|was| was.id != record.id);
            if is_first && process.is_some_and(|process| draft.values.contains_key(&process.field)) {
                moved.push(record.clone());
            }
            record = self.write_back(Back::Update { before: record, draft })?;
        }
        if step.begin == Stage::InBin && record.deleted_at.is_none() {
            record = self.write_back(Back::ToBin(record))?;
        }
        if record.deleted_at.is_some() != was_in_bin {
            services.binned(self, &touched.module.name, touched.id)?;
        }
        Ok(record.version != version)
    }

    /// Makes a record that was removed for good again: the same id, made when and by whom it had been made.
    fn make_again(&mut self, step: &Step, touched: &Touched, services: &dyn Services) -> Result<()> {
        let module = &touched.module;
        let mut draft = Draft::new();
        for (name, before) in &step.fields {
            if let Some(field) = module.field(name).filter(|field| field.is_stored()) {
                draft.values.insert(name.clone(), value::value(field, before)?);
            }
        }
        services.check(self, &module.name, &mut draft, None)?;
        let (created_at, created_by, version) = self.birth(touched.id)?;
        let kept = |name: &str| step.fields.get(name);
        let mut record = Record {
            module: module.clone(),
            id: touched.id,
            version: version + 1,
            created_at,
            updated_at: self.now(),
            created_by,
            owner: kept("owner").and_then(value::id),
            deleted_at: kept("deleted_at").and_then(value::instant),
            values: vec![Value::Null; module.fields.len()],
            veiled: Vec::new(),
        };
        for (name, value) in draft.values {
            record.set(&name, value);
        }
        self.write_back(Back::Recreate(record)).map(drop)
    }

    /// When a record was first made and by whom, and its last version.
    fn birth(&mut self, id: Id) -> Result<(Timestamp, Option<Id>, i64)> {
        let sql = Sql::new(
            "select c.at, s.actor, (select max(l.version) from changes l where l.record = c.record) \
             from changes c join change_sets s on s.id = c.change_set where c.record = ",
        );
        let row = self.tx.one(&sql.bind(id.0).push(" order by c.version limit 1"))?;
        Ok((row.instant(0)?, row.opt_uuid(1)?.map(Id), row.int(2)?))
    }
}

/// A value that cannot stand again is a conflict of its field: another record has it now, or what it led to is gone.
fn stands_in_the_way(error: Error, touched: &Touched) -> Error {
    let place = format!("{}/{}", touched.module.name, touched.id);
    let inside = |errors: Vec<FieldError>| errors.into_iter().map(|error| error.inside(&place)).collect();
    let refused = |message: String, errors| Error::Conflict { code: "undo_conflict", message, errors };
    match error {
        Error::Invalid(faults) => refused("what stood before cannot stand again".to_owned(), inside(faults)),
        Error::Conflict { code: "duplicate", errors, message } => refused(message, inside(errors)),
        Error::Conflict { code: "linked", message, .. } => {
            let error = FieldError::new("id", "linked", "other records link to it since");
            refused(message, inside(vec![error]))
        }
        other => other,
    }
}
