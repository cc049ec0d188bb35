//! Reads what links lead to.

use std::collections::{BTreeMap, BTreeSet};

use model::field::FieldType;
use model::{Field, Id, Module, Record, Value};
use serde_json::Value as Json;
use store::{ChangeEntry, Result, Work};

use super::{Lens, allocations, many, papers};

/// What is still to be read.
#[derive(Default)]
struct Wanted {
    records: BTreeMap<String, BTreeSet<Id>>,
    users: BTreeSet<Id>,
}

impl Lens {
    /// Reads the names of everything that `records` lead to.
    pub(crate) fn learn<'a>(
        &mut self,
        work: &mut Work<'_>,
        records: impl IntoIterator<Item = &'a Record>,
    ) -> Result<()> {
        let mut wanted = Wanted::default();
        for record in records {
            wanted.users.extend(record.owner.into_iter().chain(record.created_by));
            for (field, value) in record.module.fields.iter().zip(&record.values) {
                wanted.value(field, value);
            }
        }
        self.read(work, wanted)
    }

    /// Reads the names of everything that changes of a record of `module` lead to.
    pub(crate) fn learn_changes<'a>(
        &mut self,
        work: &mut Work<'_>,
        module: &Module,
        changes: impl IntoIterator<Item = &'a ChangeEntry>,
    ) -> Result<()> {
        let mut wanted = Wanted::default();
        for change in changes {
            wanted.users.extend(change.actor);
            for changed in &change.fields {
                for side in [&changed.before, &changed.after] {
                    if changed.field == "owner" {
                        wanted.users.extend(side.as_str().and_then(|text| text.parse::<Id>().ok()));
                    }
                    if let Some(field) = module.field(&changed.field) {
                        wanted.value(field, &self.read_value(field, side));
                    }
                }
            }
        }
        self.read(work, wanted)
    }

    /// The names of users.
    pub(crate) fn learn_users(&mut self, work: &mut Work<'_>, users: impl IntoIterator<Item = Id>) -> Result<()> {
        self.read(work, Wanted { users: users.into_iter().collect(), ..Wanted::default() })
    }

    /// The names of records, by module, and of users.
    pub(crate) fn learn_named(
        &mut self,
        work: &mut Work<'_>,
        records: BTreeMap<String, BTreeSet<Id>>,
        users: BTreeSet<Id>,
    ) -> Result<()> {
        self.read(work, Wanted { records, users })
    }

    /// The name of one linked record.
    pub(crate) fn learn_link(&mut self, work: &mut Work<'_>, module: &str, id: Id) -> Result<()> {
        let records = BTreeMap::from([(module.to_owned(), BTreeSet::from([id]))]);
        self.read(work, Wanted { records, ..Wanted::default() })
    }

    /// A value in the form of the API, as the log keeps it.
    pub(crate) fn read_value(&self, field: &Field, json: &Json) -> Value {
        Value::read(field, json, model::value::Reading::default()).unwrap_or_else(|_| Value::Json(json.clone()))
    }

    fn read(&mut self, work: &mut Work<'_>, wanted: Wanted) -> Result<()> {
        for (module, ids) in wanted.records {
            if !self.readable.contains(&module) {
                continue;
            }
            let known = self.titles.entry(module.clone()).or_default();
            let new: BTreeSet<Id> = ids.into_iter().filter(|id| !known.contains_key(id)).collect();
            if papers::are(&module) {
                self.read_papers(work, &module, &new)?;
            } else {
                known.extend(work.titles(&module, &new)?);
            }
        }
        let new: BTreeSet<Id> = wanted.users.into_iter().filter(|id| !self.users.contains_key(id)).collect();
        self.users.extend(work.user_names(&new)?);
        Ok(())
    }

    /// The names of papers, which say whom they are for.
    fn read_papers(&mut self, work: &mut Work<'_>, module: &str, ids: &BTreeSet<Id>) -> Result<()> {
        let papers = work.several(&work.module(module)?, ids)?;
        let (party, parties) = papers::PARTY;
        let of = papers.iter().filter_map(|paper| paper.link(party)).collect();
        self.read(work, Wanted { records: BTreeMap::from([(parties.to_owned(), of)]), ..Wanted::default() })?;
        let titles: Vec<_> = papers.iter().filter_map(|paper| Some((paper.id, self.paper(paper)?))).collect();
        self.titles.entry(module.to_owned()).or_default().extend(titles);
        Ok(())
    }
}

impl Wanted {
    fn value(&mut self, field: &Field, value: &Value) {
        match (field.kind, value) {
            (FieldType::Link | FieldType::File, Value::Id(id)) => {
                if let Some(module) = &field.module {
                    self.records.entry(module.clone()).or_default().insert(*id);
                }
            }
            (FieldType::Links, Value::Ids(ids)) => {
                if let Some(module) = &field.module {
                    self.records.entry(module.clone()).or_default().extend(ids.iter().take(many::SHOWN));
                }
            }
            (FieldType::Person, Value::Id(id)) => {
                self.users.insert(*id);
            }
            (FieldType::Json, Value::Json(json)) if field.name == allocations::FIELD => {
                for (module, id) in allocations::links(json) {
                    self.records.entry(module.to_owned()).or_default().insert(id);
                }
            }
            (_, Value::Record { module, id }) => {
                self.records.entry(module.clone()).or_default().insert(*id);
            }
            _ => {}
        }
    }
}
