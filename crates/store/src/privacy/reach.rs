//! Which records are about a person: by links to them, by their addresses, by what belongs to what, and by being named.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use model::field::{Field, FieldType};
use model::identity::name;
use model::module::About;
use model::process::Phase;
use model::{Id, Module, Record};

use super::fate::is_reached_by;
use super::who::Subject;
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
    /// What was about them and was removed for good before: the log still tells of it.
    pub(super) gone: BTreeMap<Id, (String, Tie)>,
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
    /// The contacts and leads that are the person.
    pub people: Vec<Record>,
    /// E-mails and phones that somebody else has too: they are not looked for.
    pub shared: BTreeSet<String>,
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
        let known = self.records.get(module).and_then(|records| records.get(&id)).map(|(_, tie)| *tie);
        known.or_else(|| self.gone.get(&id).map(|(_, tie)| *tie))
    }

    /// To what belongs what is theirs or may name them.
    fn parents(&self) -> BTreeSet<Id> {
        let is_parent = |(record, tie): &&(Record, Tie)| *tie > Tie::Named || self.beside.contains(&record.id);
        self.all().filter(is_parent).map(|(record, _)| record.id).chain(self.gone.keys().copied()).collect()
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

/// What was removed for good and is theirs, if it is reached or leads to what is.
struct Purged {
    id: Id,
    module: String,
    tie: Tie,
    links: Vec<Id>,
    is_reached: bool,
}

/// Adds what was removed for good and turns out to be theirs; true where there is more of it.
fn gone(purged: &[Purged], reached: &mut Reached) -> bool {
    let parents = reached.parents();
    let mut is_news = false;
    for one in purged {
        let is_theirs = one.is_reached || one.links.iter().any(|id| parents.contains(id));
        let is_known = reached.gone.contains_key(&one.id) || reached.tie(&one.module, one.id).is_some();
        if is_theirs && !is_known {
            is_news |= reached.gone.insert(one.id, (one.module.clone(), one.tie)).is_none();
        }
    }
    is_news
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
        let (records, held) = (reached.counts(), self.under_way_of(&reached));
        Ok(Foreseen { records, held, people: subject.people(), shared: subject.shared })
    }

    pub(super) fn expect_to_be_there(&mut self, id: Id) -> Result<()> {
        if self.erasure(id)?.is_some() {
            return Err(Error::conflict("erased", "this person was erased already"));
        }
        Ok(())
    }

    /// What is on its way and does not go on without what would be taken: papers, and records that want an address. What was
    /// begun with the person is ended first.
    pub(super) fn under_way_of(&self, reached: &Reached) -> Vec<Held> {
        let is_open = |record: &Record| {
            let process = self.definitions().process(&record.module.name);
            let state = process.and_then(|process| process.state(record.text(&process.field)?));
            record.deleted_at.is_none() && state.is_some_and(|state| state.phase == Phase::Open)
        };
        let held = reached.all().filter(|(record, tie)| {
            let module = &record.module;
            let reaches = |field: &Field| {
                field.is_address() && record.text(&field.name).is_some_and(|text| reached.needles.is_address(text))
            };
            let wants = match (module.about, tie) {
                (_, Tie::Paper) => module.fields.iter().any(Field::is_personal),
                (Some(About::Paper), _) => module.fields.iter().any(reaches),
                (_, Tie::Theirs) => module.fields.iter().any(|field| field.required && field.is_address()),
                _ => false,
            };
            wants && is_open(record)
        });
        held.map(|(record, _)| Held { record: record.clone() }).collect()
    }

    /// All records that are about somebody. Sees everything, whoever asks, and looks through whole tables.
    pub(super) fn reached_by(&mut self, subject: &Subject) -> Result<Reached> {
        self.tx.take_time()?;
        self.as_process(|work| {
            let mut reached =
                Reached { needles: Needles::of(&subject.addresses, &subject.called()), ..Reached::default() };
            for record in subject.records.values().flat_map(BTreeMap::values) {
                reached.add(record.clone(), Tie::Person);
            }
            work.tied(subject, &mut reached)?;
            let purged = work.purged(&reached.needles)?;
            while gone(&purged, &mut reached) | work.belonging(subject, &mut reached)? {}
            work.named(&mut reached)?;
            Ok(reached)
        })
    }

    /// What has a link to the person, or their address.
    fn tied(&mut self, subject: &Subject, reached: &mut Reached) -> Result<()> {
        let people: BTreeSet<Id> = subject.records.values().flat_map(BTreeMap::keys).copied().collect();
        let definitions = self.definitions().clone();
        for module in definitions.modules() {
            let addressed = self.with_values(module, subject, &reached.needles)?;
            let linked = self.linking_to(module, &people, |field| links(field).is_some())?;
            for record in self.several(module, &addressed.union(&linked).copied().collect())? {
                // Under an address there may be many: whoever buys for others gives it for all of them.
                let value = |field: &Field| record.get(&field.name).to_json();
                let is_linked = linked.contains(&record.id);
                let is_theirs = || is_linked || is_reached_by(module, value, &reached.needles);
                let tie = match module.about {
                    Some(About::Person) if is_theirs() => Tie::Theirs,
                    Some(About::Paper) if is_theirs() => Tie::Paper,
                    None if module.is_of_people() && subject.is(&record) => Tie::Person,
                    _ => Tie::Named,
                };
                // An event has them among its addresses: what belongs to it is about others.
                if tie == Tie::Named && is_linked {
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
        let keys: BTreeSet<String> = subject.names().map(|called| name::key(called)).collect();
        let parents = reached.parents();
        let definitions = self.definitions().clone();
        let mut is_news = false;
        for module in definitions.modules() {
            let is_way =
                |field: &Field| field.kind == FieldType::Record || module.ways().any(|way| way.name == field.name);
            let found = self.linking_to(module, &parents, is_way)?;
            for record in self.several(module, &found)? {
                let over = module.fields.iter().filter(|field| is_way(field)).filter_map(|field| {
                    match record.get(&field.name) {
                        model::Value::Record { module, id } => reached.tie(module, *id),
                        value => reached.tie(field.module.as_deref()?, value.as_id()?),
                    }
                });
                let Some(over) = over.max() else { continue };
                let is_of_nobody = || !module.fields.iter().any(Field::is_personal);
                let tie = match module.about {
                    Some(About::Paper)
                        if over > Tie::Named || is_of_nobody() || is_theirs(&record, &subject.addresses, &keys) =>
                    {
                        Tie::Paper
                    }
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

    /// What was removed for good and may be theirs, as the log tells of it: by the last image of each.
    fn purged(&mut self, needles: &Needles) -> Result<Vec<Purged>> {
        let definitions = self.definitions().clone();
        let mut purged = Vec::new();
        let sql = "select c.record, c.module, c.delta from changes c where c.operation = 'purge'";
        self.tx.each(&Sql::new(sql), |row| {
            let Some(module) = definitions.module_or_former(&row.text(1)?) else { return Ok::<_, Error>(()) };
            let delta = row.json(2)?;
            let value =
                |field: &Field| delta.get(&field.name).and_then(|sides| sides.get(0)).cloned().unwrap_or_default();
            let is_reached = is_reached_by(module, value, needles);
            let (links, tie) = match module.about {
                Some(About::Person) => {
                    let links = module.fields.iter().filter(|field| links(field).is_some());
                    (links.flat_map(|field| ids(&value(field)).collect::<Vec<_>>()).collect(), Tie::Theirs)
                }
                None if module.is_of_people() && is_reached => (Vec::new(), Tie::Person),
                _ => return Ok(()),
            };
            purged.push(Purged { id: Id(row.uuid(0)?), module: module.name.clone(), tie, links, is_reached });
            Ok(())
        })?;
        Ok(purged)
    }

    /// Whatever else has one of their addresses somewhere in a text; of papers, in a personal one.
    fn named(&mut self, reached: &mut Reached) -> Result<()> {
        let parts = reached.needles.addresses();
        let definitions = self.definitions().clone();
        for module in definitions.modules() {
            let is_told = |field: &Field| module.about != Some(About::Paper) || field.is_personal();
            let texts: Vec<String> = module
                .stored()
                .filter(|(_, field)| is_told(field))
                .flat_map(|(_, field)| columns(field))
                .filter(|column| matches!(column.kind, ColumnType::Text | ColumnType::Json))
                .map(|column| column.name)
                .collect();
            let found = self.holders(module, &texts, &parts)?;
            for record in self.several(module, &found)? {
                let is_in = |(field, value): (&Field, &model::Value)| {
                    is_told(field) && reached.needles.clean_json(&value.to_json()).is_some()
                };
                if module.fields.iter().zip(&record.values).any(is_in) {
                    reached.add(record, Tie::Named);
                }
            }
            expect_few(reached)?;
        }
        Ok(())
    }

    /// The records of a module one of whose personal fields is one of these addresses, or has it among its values.
    fn with_values(&mut self, module: &Module, subject: &Subject, needles: &Needles) -> Result<BTreeSet<Id>> {
        let wanted = &subject.addresses;
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
        let json = module.stored().filter(|(_, field)| field.personal && field.kind == FieldType::Json);
        let json: Vec<String> = json.flat_map(|(_, field)| columns(field)).map(|column| column.name).collect();
        if module.about.is_some() {
            found.extend(self.holders(module, &json, &needles.addresses())?);
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

/// The ids in what a field that leads to records says in the log.
fn ids(json: &serde_json::Value) -> impl Iterator<Item = Id> {
    let texts: Vec<&serde_json::Value> = match json {
        serde_json::Value::Array(items) => items.iter().collect(),
        serde_json::Value::Object(map) => map.values().collect(),
        other => vec![other],
    };
    texts.into_iter().filter_map(|text| text.as_str()?.parse().ok())
}

fn expect_few(reached: &Reached) -> Result<()> {
    if reached.count() > PRIVACY_LIMIT {
        let message =
            format!("more than {PRIVACY_LIMIT} records are about this person: that is not gone through at once");
        return Err(Error::conflict("too_much_of_one", message));
    }
    Ok(())
}
