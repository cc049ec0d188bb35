//! Which records are about a person: by links to them, by their addresses, by what belongs to what, and by being named.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use model::field::{Field, FieldType};
use model::identity::name;
use model::module::About;
use model::process::Phase;
use model::{Id, Module, Record};

use super::who::{Subject, is_same};
use super::words::Needles;
use super::{Held, PRIVACY_LIMIT, Records};
use crate::db::Sql;
use crate::error::{Error, Result};
use crate::schema::columns::{ColumnType, columns};
use crate::schema::link_table;
use crate::work::Work;

/// What a record is to a person, the closest last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tie {
    /// It names them, or is about what is theirs.
    Named,
    /// A paper that the law wants kept.
    Paper,
    /// It is about them.
    Theirs,
    /// It is them.
    Person,
}

impl Tie {
    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Named => "named",
            Self::Paper => "paper",
            Self::Theirs => "theirs",
            Self::Person => "person",
        }
    }
}

/// All that the workspace holds of a person.
#[derive(Clone, Debug, Default)]
pub(crate) struct Reached {
    /// Records, whole, in the bin or not.
    pub(crate) records: Records<(Record, Tie)>,
    pub(crate) needles: Needles,
    /// Records that only name them, and to which belongs what may name them too.
    beside: BTreeSet<Id>,
}

/// What an erasure will do.
#[derive(Clone, Debug, Default)]
pub struct Foreseen {
    /// Records by module and by what they are to the person.
    pub records: BTreeMap<(String, Tie), usize>,
    /// What keeps it from being done.
    pub held: Vec<Held>,
}

impl Reached {
    pub(crate) fn all(&self) -> impl Iterator<Item = &(Record, Tie)> {
        self.records.values().flat_map(BTreeMap::values)
    }

    fn count(&self) -> usize {
        self.records.values().map(BTreeMap::len).sum()
    }

    pub(crate) fn counts(&self) -> BTreeMap<(String, Tie), usize> {
        let mut counts = BTreeMap::new();
        for (record, tie) in self.all() {
            *counts.entry((record.module.name.clone(), *tie)).or_default() += 1;
        }
        counts
    }

    fn tie(&self, module: &str, id: Id) -> Option<Tie> {
        self.records.get(module)?.get(&id).map(|(_, tie)| *tie)
    }

    /// Adds a record, or brings it closer. True where that is news.
    fn add(&mut self, record: Record, tie: Tie) -> bool {
        let known = self.records.entry(record.module.name.clone()).or_default();
        if known.get(&record.id).is_some_and(|(_, known)| *known >= tie) {
            return false;
        }
        known.insert(record.id, (record, tie));
        true
    }
}

impl Work<'_> {
    /// What erasing the person of a record would do.
    ///
    /// # Errors
    /// [`Error::NotFound`] for whom the caller does not see, [`Error::Forbidden`] for whoever does not administer,
    /// [`Error::Conflict`] `no_person` for records of other kinds, `erased` for whoever was erased already, and
    /// `too_much_of_one` where there is more of them than is gone through at once.
    pub fn foresee_erasure(&mut self, module: &str, id: Id) -> Result<Foreseen> {
        let subject = self.subject(module, id)?;
        self.expect_to_be_there(id)?;
        let reached = self.reached_by(&subject)?;
        Ok(Foreseen { records: reached.counts(), held: self.under_way_of(&reached) })
    }

    pub(super) fn expect_to_be_there(&mut self, id: Id) -> Result<()> {
        if self.erasure(id)?.is_some() {
            return Err(Error::conflict("erased", "this person was erased already"));
        }
        Ok(())
    }

    /// Papers on their way: what was begun with the person is ended first.
    pub(super) fn under_way_of(&self, reached: &Reached) -> Vec<Held> {
        let is_open = |record: &Record| {
            let process = self.definitions().process(&record.module.name);
            let state = process.and_then(|process| process.state(record.text(&process.field)?));
            record.deleted_at.is_none() && state.is_some_and(|state| state.phase == Phase::Open)
        };
        let papers = reached.all().filter(|(record, tie)| {
            *tie == Tie::Paper && is_open(record) && record.module.fields.iter().any(Field::is_personal)
        });
        papers.map(|(record, _)| Held { record: record.clone() }).collect()
    }

    /// All records that are about somebody. Sees everything, whoever asks.
    pub(super) fn reached_by(&mut self, subject: &Subject) -> Result<Reached> {
        self.as_process(|work| {
            let mut reached =
                Reached { needles: Needles::of(&subject.addresses, &subject.names), ..Reached::default() };
            for record in subject.records.values().flat_map(BTreeMap::values) {
                reached.add(record.clone(), Tie::Person);
            }
            work.tied(subject, &mut reached)?;
            while work.belonging(subject, &mut reached)? {}
            work.named(&mut reached)?;
            Ok(reached)
        })
    }

    /// What has a link to the person, or their address.
    fn tied(&mut self, subject: &Subject, reached: &mut Reached) -> Result<()> {
        let people: BTreeSet<Id> = subject.records.values().flat_map(BTreeMap::keys).copied().collect();
        let definitions = self.definitions().clone();
        for module in definitions.modules() {
            let addressed = self.with_values(module, &subject.addresses)?;
            let linked = self.linking_to(module, &people, |field| links(field).is_some())?;
            for record in self.several(module, &addressed.union(&linked).copied().collect())? {
                let tie = match module.about {
                    Some(About::Person) => Tie::Theirs,
                    Some(About::Paper) => Tie::Paper,
                    None if module.is_of_people() && is_same(&record, &subject.names) => Tie::Person,
                    None => Tie::Named,
                };
                // An event has them among its addresses: what belongs to it is about others.
                if tie == Tie::Named && linked.contains(&record.id) {
                    reached.beside.insert(record.id);
                }
                reached.add(record, tie);
            }
            expect_few(reached)?;
        }
        Ok(())
    }

    /// What belongs to what is theirs. True while there is more of it.
    fn belonging(&mut self, subject: &Subject, reached: &mut Reached) -> Result<bool> {
        let keys: BTreeSet<String> = subject.names.iter().map(|called| name::key(called)).collect();
        let is_parent = |(record, tie): &&(Record, Tie)| *tie > Tie::Named || reached.beside.contains(&record.id);
        let parents: BTreeSet<Id> = reached.all().filter(is_parent).map(|(record, _)| record.id).collect();
        let definitions = self.definitions().clone();
        let mut is_news = false;
        for module in definitions.modules() {
            let is_way = |field: &Field| {
                field.kind == FieldType::Record || module.belongs_to.as_deref() == Some(field.name.as_str())
            };
            let found = self.linking_to(module, &parents, is_way)?;
            for record in self.several(module, &found)? {
                let over = module.fields.iter().filter(|field| is_way(field)).filter_map(|field| {
                    match record.get(&field.name) {
                        model::Value::Record { module, id } => reached.tie(module, *id),
                        value => reached.tie(field.module.as_deref()?, value.as_id()?),
                    }
                });
                let Some(over) = over.max() else { continue };
                let tie = match module.about {
                    Some(About::Paper) => Tie::Paper,
                    Some(About::Person) if over > Tie::Paper && is_theirs(&record, &subject.addresses, &keys) => {
                        Tie::Theirs
                    }
                    _ => Tie::Named,
                };
                let id = record.id;
                if reached.add(record, tie) {
                    reached.beside.insert(id);
                    is_news = true;
                }
            }
            expect_few(reached)?;
        }
        Ok(is_news)
    }

    /// Whatever else has one of their addresses somewhere in a text.
    fn named(&mut self, reached: &mut Reached) -> Result<()> {
        let parts = reached.needles.addresses();
        let definitions = self.definitions().clone();
        for module in definitions.modules().filter(|module| module.about != Some(About::Paper)) {
            let texts: Vec<String> = module
                .stored()
                .flat_map(|(_, field)| columns(field))
                .filter(|column| matches!(column.kind, ColumnType::Text | ColumnType::Json))
                .map(|column| column.name)
                .collect();
            let Some(condition) = holding(&texts, &parts)? else { continue };
            let sql = Sql::new("select t.id from ").push_ident(&module.name)?.push(" t where ").append(condition);
            let found = self.rows(&sql)?.iter().map(|row| Ok(Id(row.uuid(0)?))).collect::<Result<BTreeSet<_>>>()?;
            for record in self.several(module, &found)? {
                let is_in = |value: &model::Value| reached.needles.clean_json(&value.to_json()).is_some();
                if record.values.iter().any(is_in) {
                    reached.add(record, Tie::Named);
                }
            }
            expect_few(reached)?;
        }
        Ok(())
    }

    /// The records of a module one of whose personal fields is one of these addresses.
    fn with_values(&mut self, module: &Module, wanted: &BTreeSet<String>) -> Result<BTreeSet<Id>> {
        let mut found = self.with_addresses(module, wanted)?;
        let texts = module.stored().filter(|(_, field)| field.personal && field.kind == FieldType::Text);
        for (_, field) in texts {
            if wanted.is_empty() {
                break;
            }
            let sql =
                Sql::new("select t.id from ").push_ident(&module.name)?.push(" t where t.").push_ident(&field.name)?;
            let sql = sql.push(" in ").bind_list(wanted.iter().map(String::as_str));
            for row in self.rows(&sql)? {
                found.insert(Id(row.uuid(0)?));
            }
        }
        Ok(found)
    }

    /// The records of a module that lead to one of these by some of its links.
    fn linking_to(
        &mut self,
        module: &Arc<Module>,
        targets: &BTreeSet<Id>,
        is_way: impl Fn(&Field) -> bool,
    ) -> Result<BTreeSet<Id>> {
        let mut found = BTreeSet::new();
        for (_, field) in module.stored().filter(|(_, field)| is_way(field)) {
            let Some(kind) = links(field) else { continue };
            for some in targets.iter().copied().collect::<Vec<_>>().chunks(1_000) {
                let sql = if kind == FieldType::Links {
                    Sql::new("select t.record from ")
                        .push_ident(&link_table(&module.name, &field.name))?
                        .push(" t where t.target")
                } else {
                    Sql::new("select t.id from ")
                        .push_ident(&module.name)?
                        .push(" t where t.")
                        .push_ident(&field.name)?
                };
                for row in self.rows(&sql.push(" in ").bind_list(some.iter().map(|id| id.0)))? {
                    found.insert(Id(row.uuid(0)?));
                }
            }
        }
        Ok(found)
    }
}

/// How a field leads to records.
fn links(field: &Field) -> Option<FieldType> {
    matches!(field.kind, FieldType::Link | FieldType::Links | FieldType::Record).then_some(field.kind)
}

/// Whether what belongs to the person's is theirs too: it names nobody else. Where its module says who each record is
/// about, that has to be them.
fn is_theirs(record: &Record, addresses: &BTreeSet<String>, keys: &BTreeSet<String>) -> bool {
    let personal = || record.module.fields.iter().filter(|field| field.is_personal());
    let texts = || personal().filter_map(|field| record.text(&field.name));
    if record.module.fields.iter().any(Field::is_address) {
        return texts().any(|text| keys.contains(&name::key(text)));
    }
    let short = personal().filter(|field| field.kind == FieldType::Text && field.name != record.module.title);
    let mut mailboxes = short.filter_map(|field| record.text(&field.name)).filter(|text| text.contains('@')).peekable();
    mailboxes.peek().is_none() || mailboxes.any(|text| addresses.contains(text))
}

/// The condition that one of the columns of `t` has one of the parts in it.
pub(super) fn holding(texts: &[String], parts: &[String]) -> Result<Option<Sql>> {
    if texts.is_empty() || parts.is_empty() {
        return Ok(None);
    }
    let mut sql = Sql::new("(");
    for (place, (text, part)) in texts.iter().flat_map(|text| parts.iter().map(move |part| (text, part))).enumerate() {
        let pattern = part.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        sql = if place > 0 { sql.push(" or ") } else { sql };
        // The one works in ASCII and without a choice, the other as it is told.
        sql = sql.push("lower(cast(t.").push_ident(text)?.push(" as text)) like ").bind(format!("%{pattern}%"));
        sql = sql.push(" escape '\\' or cast(t.").push_ident(text)?.push(" as text) like ");
        sql = sql.bind(format!("%{pattern}%")).push(" escape '\\'");
    }
    Ok(Some(sql.push(")")))
}

fn expect_few(reached: &Reached) -> Result<()> {
    if reached.count() > PRIVACY_LIMIT {
        let message =
            format!("more than {PRIVACY_LIMIT} records are about this person: that is not gone through at once");
        return Err(Error::conflict("too_much_of_one", message));
    }
    Ok(())
}
