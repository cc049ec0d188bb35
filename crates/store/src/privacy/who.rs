//! Who the person of a record is: by which addresses and names, and which other records are the same person.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use model::identity::{NameMatch, name};
use model::module::Identity;
use model::rights::Capability;
use model::{Field, Id, Module, Record};
use serde_json::Value as Json;

use super::Records;
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
    /// Names, present and past.
    pub(crate) names: BTreeSet<String>,
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
            let mut is_news = false;
            for module in definitions.modules().filter(|module| module.identity.is_some()) {
                let found = self.with_addresses(module, &subject.addresses)?;
                for record in self.several(module, &found)? {
                    let known = subject.records.entry(module.name.clone()).or_default();
                    if known.contains_key(&record.id) {
                        continue;
                    }
                    if is_same(&record, &subject.names) {
                        known.insert(record.id, record);
                        is_news = true;
                    } else {
                        others.extend(addresses(&record));
                    }
                }
            }
            if !is_news {
                break;
            }
        }
        // What somebody else is reached by as well tells nobody apart.
        subject.addresses.retain(|address| !others.contains(address));
        Ok(subject)
    }

    /// Adds the addresses and names that the records of a person have and had.
    fn learn_of(&mut self, subject: &mut Subject) -> Result<()> {
        let mut said: BTreeMap<Id, Arc<Module>> = BTreeMap::new();
        for record in subject.records.values().flat_map(BTreeMap::values) {
            subject.addresses.extend(addresses(record));
            subject.names.extend(record.text(&record.module.title).map(str::to_owned));
            said.insert(record.id, record.module.clone());
        }
        let sql = Sql::new("select record, delta from changes where record in ").bind_list(said.keys().map(|id| id.0));
        for row in self.rows(&sql)? {
            let Some(module) = said.get(&Id(row.uuid(0)?)) else { continue };
            for (name, sides) in row.json(1)?.as_object().into_iter().flatten() {
                let texts = || sides.as_array().into_iter().flatten().filter_map(Json::as_str).map(str::to_owned);
                match module.field_or_former(name) {
                    Some(field) if field.is_address() => subject.addresses.extend(texts()),
                    Some(field) if field.name == module.title => subject.names.extend(texts()),
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
fn addresses(record: &Record) -> impl Iterator<Item = String> {
    let fields = record.module.stored().filter(|(_, field)| field.is_address());
    fields.filter_map(|(at, _)| record.values.get(at)?.as_text().map(str::to_owned)).collect::<Vec<_>>().into_iter()
}

/// Whether somebody with an address of the person is that person: their name says nothing else. An account is a person's
/// own where it is called like them.
pub(super) fn is_same(record: &Record, names: &BTreeSet<String>) -> bool {
    let called = record.text(&record.module.title);
    let fits = |known: &String| match name::compare(called, Some(known)) {
        NameMatch::Same => true,
        NameMatch::Compatible => record.module.identity != Some(Identity::Account),
        NameMatch::Contradicts => false,
    };
    names.iter().any(fits)
}
