//! Who the person of a record is: by which addresses and names, and which other records are the same person.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use model::identity::{NameMatch, name};
use model::module::Identity;
use model::rights::Capability;
use model::{Field, Id, Module, Record};
use serde_json::Value as Json;

use super::Records;
use super::words::may_be;
use crate::db::Sql;
use crate::error::{Error, Result};
use crate::work::Work;

/// Somebody, as the workspace knows them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Subject {
    /// Their records, whole.
    pub(crate) records: Records<Record>,
    /// E-mails and phones, present and past, that are nobody else's.
    pub(crate) addresses: BTreeSet<String>,
    /// Those that somebody else has too.
    pub(crate) shared: BTreeSet<String>,
    /// Names, present and past, of each of their records.
    called: BTreeMap<Id, BTreeSet<String>>,
}

impl Subject {
    /// Names, present and past, by record.
    pub(crate) fn called(&self) -> Vec<BTreeSet<String>> {
        self.called.values().cloned().collect()
    }

    /// Names, present and past.
    pub(crate) fn names(&self) -> impl Iterator<Item = &String> {
        self.called.values().flatten()
    }

    /// The people among them, for whoever asks who would be erased.
    pub(crate) fn people(&self) -> Vec<Record> {
        self.records.values().flat_map(BTreeMap::values).cloned().collect()
    }

    /// Whether somebody with an address of the person is that person: their name contradicts that of no record of theirs. An
    /// account is a person's own where it is called like them.
    pub(super) fn is(&self, record: &Record) -> bool {
        let called = title(record);
        let is_same = |known: &String| name::compare(called, Some(known)) == NameMatch::Same;
        self.called.values().all(|names| may_be(called, names))
            && (record.module.identity != Some(Identity::Account) || self.names().any(is_same))
    }
}

/// How often it is looked for whom the addresses that were found lead to.
const ROUNDS: usize = 4;

impl Work<'_> {
    /// Who the person of a record is, and whether the caller may ask.
    ///
    /// # Errors
    /// [`Error::NotFound`] for whom the caller does not see, [`Error::Forbidden`] for whoever does not administer,
    /// [`Error::Conflict`] `no_person` for records of other kinds.
    pub(super) fn subject(&mut self, module: &str, id: Id) -> Result<Subject> {
        let record = self.get(module, id)?;
        self.require(Capability::Administer)?;
        if !record.module.is_of_people() {
            return Err(Error::conflict(
                "no_person",
                format!("{} are not people: open the contact or lead", record.module.name),
            ));
        }
        self.as_process(|work| work.known_as(&record.module, id))
    }

    fn known_as(&mut self, module: &Arc<Module>, id: Id) -> Result<Subject> {
        let mut subject = Subject::default();
        let first = self.get(&module.name, id)?;
        subject.records.entry(module.name.clone()).or_default().insert(id, first);
        let definitions = self.definitions().clone();
        let mut others = BTreeSet::new();
        for _ in 0..ROUNDS {
            self.learn_of(&mut subject)?;
            let mut found = Vec::new();
            for module in definitions.modules().filter(|module| module.identity.is_some()) {
                let ids = self.with_addresses(module, &subject.addresses)?;
                found.extend(self.several(module, &ids)?.into_iter().filter(|record| {
                    subject.records.get(&module.name).is_none_or(|known| !known.contains_key(&record.id))
                }));
            }
            // "Иван" may be either of two who share his phone: then he is neither.
            let contradicts =
                |record: &Record, other: &Record| name::compare(title(record), title(other)) == NameMatch::Contradicts;
            let (same, other): (Vec<&Record>, Vec<&Record>) = found.iter().partition(|record| {
                let fitting = || found.iter().filter(|other| subject.is(other));
                subject.is(record) && !fitting().any(|other| contradicts(record, other))
            });
            others.extend(other.into_iter().flat_map(addresses));
            if same.is_empty() {
                break;
            }
            for record in same {
                subject.records.entry(record.module.name.clone()).or_default().insert(record.id, record.clone());
            }
        }
        // What somebody else is reached by as well tells nobody apart.
        let (shared, own) = subject.addresses.into_iter().partition(|address| others.contains(address));
        (subject.shared, subject.addresses) = (shared, own);
        Ok(subject)
    }

    /// Adds the addresses and names that the records of a person have and had.
    fn learn_of(&mut self, subject: &mut Subject) -> Result<()> {
        let mut said: BTreeMap<Id, Arc<Module>> = BTreeMap::new();
        for record in subject.records.values().flat_map(BTreeMap::values) {
            subject.addresses.extend(addresses(record));
            let called = subject.called.entry(record.id).or_default();
            called.extend(title(record).map(str::to_owned));
            said.insert(record.id, record.module.clone());
        }
        let sql = Sql::new("select record, delta from changes where record in ").bind_list(said.keys().map(|id| id.0));
        for row in self.rows(&sql)? {
            let id = Id(row.uuid(0)?);
            let Some(module) = said.get(&id) else { continue };
            for (name, sides) in row.json(1)?.as_object().into_iter().flatten() {
                let texts = || sides.as_array().into_iter().flatten().filter_map(Json::as_str).map(str::to_owned);
                match module.field_or_former(name) {
                    Some(field) if field.is_address() => subject.addresses.extend(texts()),
                    Some(field) if field.name == module.title => subject.called.entry(id).or_default().extend(texts()),
                    _ => {}
                }
            }
        }
        subject.addresses.retain(|address| !address.is_empty());
        Ok(())
    }

    /// The records of a module one of whose addresses is one of these, also from the bin.
    pub(super) fn with_addresses(&mut self, module: &Module, wanted: &BTreeSet<String>) -> Result<BTreeSet<Id>> {
        let conditions: Vec<&Field> =
            module.stored().map(|(_, field)| field).filter(|field| field.is_address()).collect();
        if conditions.is_empty() || wanted.is_empty() {
            return Ok(BTreeSet::new());
        }
        let mut sql = Sql::new("select t.id from ").push_ident(&module.name)?.push(" t where ");
        for (place, field) in conditions.iter().enumerate() {
            sql = if place > 0 { sql.push(" or ") } else { sql };
            sql = sql.push("t.").push_ident(&field.name)?.push(" in ").bind_list(wanted.iter().map(String::as_str));
        }
        self.rows(&sql)?.iter().map(|row| Ok(Id(row.uuid(0)?))).collect()
    }
}

/// The e-mails and phones of a record.
fn addresses(record: &Record) -> Vec<String> {
    let fields = record.module.stored().filter(|(_, field)| field.is_address());
    fields.filter_map(|(at, _)| record.values.get(at)?.as_text().map(str::to_owned)).collect()
}

/// What it is called.
fn title(record: &Record) -> Option<&str> {
    record.text(&record.module.title)
}
