//! Records in the form of the API: JSON with what the caller may see, links expanded where asked.

use std::collections::{BTreeMap, BTreeSet};

use model::field::FieldType;
use model::{Id, Module, Record, Value};
use serde::ser::SerializeMap as _;
use serde::{Serialize, Serializer};
use serde_json::Value as Json;
use store::{Error, Result, Work};

/// How records are shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shape {
    /// Only these fields, besides the id; all where none are named.
    pub fields: Vec<String>,
    /// Links that are shown as the records they lead to.
    pub expand: Vec<String>,
}

impl Shape {
    /// Checks the names against a module.
    ///
    /// # Errors
    /// [`Error::BadQuery`] for a field that is not there or not shown, a link that is none.
    pub fn check(&self, work: &Work<'_>, module: &Module) -> Result<()> {
        let hidden = work.grant(module).hidden;
        let shown = |name: &String| {
            let system = SYSTEM.iter().any(|(system, _)| system == name) && (name != "owner" || module.owners);
            system || module.field(name).is_some() && !hidden.contains(name)
        };
        if let Some(unknown) = self.fields.iter().find(|name| !shown(name)) {
            return Err(Error::bad_query("unknown_field", format!("{} have no field {unknown:?}", module.name)));
        }
        let link = |name: &String| {
            name == "owner" && module.owners
                || !hidden.contains(name)
                    && module.field(name).is_some_and(|field| {
                        matches!(field.kind, FieldType::Link | FieldType::File | FieldType::Links | FieldType::Person)
                    })
        };
        match self.expand.iter().find(|name| !link(name)) {
            Some(unknown) => {
                Err(Error::bad_query("invalid_expand", format!("{unknown:?} is not a link of {}", module.name)))
            }
            None => Ok(()),
        }
    }
}

/// What every record has.
const SYSTEM: [(&str, Part); 7] = [
    ("id", Part::Id),
    ("version", Part::Version),
    ("created_at", Part::CreatedAt),
    ("updated_at", Part::UpdatedAt),
    ("created_by", Part::CreatedBy),
    ("owner", Part::Owner),
    ("deleted_at", Part::DeletedAt),
];

/// Where what is shown stands in a record.
#[derive(Clone, Copy)]
enum Part {
    Id,
    Version,
    CreatedAt,
    UpdatedAt,
    CreatedBy,
    DeletedAt,
    Owner,
    /// The value at this position.
    Field(usize),
}

/// Shows records as trees, to be put into something larger.
///
/// # Errors
/// As [`shown`].
pub fn present(work: &mut Work<'_>, records: &[Record], shape: &Shape) -> Result<Vec<Json>> {
    // What is shown has no keys that are no texts: nothing else can fail.
    Ok(shown(work, records, shape)?.iter().map(|record| serde_json::to_value(record).unwrap_or_default()).collect())
}

/// Makes records ready to be written out. Linked records are read together, one query for each module they lead to.
///
/// # Errors
/// When the database fails.
pub fn shown<'r>(work: &mut Work<'_>, records: &'r [Record], shape: &Shape) -> Result<Shown<'r>> {
    let Some(module) = records.first().map(|record| &*record.module) else { return Ok(Shown::default()) };
    let hidden = work.grant(module).hidden;
    let wanted = |name: &str| shape.fields.is_empty() || shape.fields.iter().any(|field| field == name);
    let fields = module.fields.iter().enumerate().filter(|(_, field)| !hidden.contains(&field.name));
    let fields = fields.map(|(at, field)| (field.name.as_str(), Part::Field(at)));
    let system = SYSTEM.into_iter().filter(|(name, _)| *name != "owner" || module.owners);
    let mut parts: Vec<_> = system.chain(fields).filter(|(name, _)| *name == "id" || wanted(name)).collect();
    // One order whatever is asked for.
    parts.sort_unstable_by_key(|(name, _)| *name);
    Ok(Shown { records, parts, expanded: expand(work, records, shape)? })
}

/// Records ready to be written out, a list of objects, without a tree in between.
#[derive(Default)]
pub struct Shown<'r> {
    records: &'r [Record],
    parts: Vec<(&'r str, Part)>,
    expanded: Expanded,
}

/// One of [`Shown`].
pub struct ShownRecord<'s> {
    record: &'s Record,
    all: &'s Shown<'s>,
}

impl Shown<'_> {
    /// The records one by one.
    pub fn iter(&self) -> impl Iterator<Item = ShownRecord<'_>> {
        self.records.iter().map(|record| ShownRecord { record, all: self })
    }
}

impl Serialize for Shown<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

impl Serialize for ShownRecord<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let record = self.record;
        let mut object = serializer.serialize_map(None)?;
        for (name, part) in &self.all.parts {
            match part {
                Part::Id => object.serialize_entry(name, &record.id)?,
                Part::Version => object.serialize_entry(name, &record.version)?,
                Part::CreatedAt => object.serialize_entry(name, &record.created_at)?,
                Part::UpdatedAt => object.serialize_entry(name, &record.updated_at)?,
                Part::CreatedBy => object.serialize_entry(name, &record.created_by)?,
                Part::DeletedAt => {
                    if let Some(deleted_at) = &record.deleted_at {
                        object.serialize_entry(name, deleted_at)?;
                    }
                }
                Part::Owner => match self.all.expanded.link(name, record.owner) {
                    Some(linked) => object.serialize_entry(name, &linked)?,
                    None => object.serialize_entry(name, &record.owner)?,
                },
                Part::Field(at) => {
                    let value = record.values.get(*at).unwrap_or(&Value::Null);
                    match (self.all.expanded.links(name, value), self.all.expanded.link(name, value.as_id())) {
                        (Some(linked), _) => object.serialize_entry(name, &linked)?,
                        (None, Some(linked)) => object.serialize_entry(name, &linked)?,
                        (None, None) => object.serialize_entry(name, value)?,
                    }
                }
            }
        }
        let is_shown = |name: &&String| self.all.parts.iter().any(|(shown, _)| shown == name);
        let hidden: Vec<_> = record.veiled.iter().filter(is_shown).collect();
        if !hidden.is_empty() {
            object.serialize_entry("hidden", &hidden)?;
        }
        object.end()
    }
}

/// Linked records by link field and id.
#[derive(Default)]
struct Expanded(BTreeMap<String, BTreeMap<Id, String>>);

/// A linked record in the place of its id.
#[derive(Serialize)]
struct Linked<'t> {
    id: Id,
    title: &'t str,
}

impl Expanded {
    /// The same for links to many: each by itself.
    fn links(&self, field: &str, value: &Value) -> Option<Vec<Option<Linked<'_>>>> {
        let Value::Ids(ids) = value else { return None };
        ids.iter().map(|id| self.link(field, Some(*id))).collect()
    }

    /// What stands for a link that is expanded: nothing inside where the linked record may not be seen.
    fn link(&self, field: &str, target: Option<Id>) -> Option<Option<Linked<'_>>> {
        let titles = self.0.get(field)?;
        Some(target.and_then(|id| titles.get(&id).map(|title| Linked { id, title })))
    }
}

fn expand(work: &mut Work<'_>, records: &[Record], shape: &Shape) -> Result<Expanded> {
    let mut all = BTreeMap::new();
    for name in &shape.expand {
        let led_to = |record: &Record| match record.get(name) {
            Value::Ids(ids) => ids.clone(),
            _ if name == "owner" => record.owner.into_iter().collect(),
            value => value.as_id().into_iter().collect(),
        };
        let ids: BTreeSet<Id> = records.iter().flat_map(led_to).collect();
        let field = records.first().and_then(|record| record.module.field(name).cloned());
        let titles = match field.as_ref().and_then(|field| field.module.clone()) {
            Some(target) => work.titles(&target, &ids)?,
            None => work.user_names(&ids)?,
        };
        all.insert(name.clone(), titles);
    }
    Ok(Expanded(all))
}

/// What a value is called when nothing else says it.
#[must_use]
pub fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Text(text) => text.clone(),
        other => other.to_json().to_string(),
    }
}
