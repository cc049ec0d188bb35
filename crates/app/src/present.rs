//! Records in the form of the API: JSON with what the caller may see, links expanded where asked.

use std::collections::{BTreeMap, BTreeSet};

use model::field::FieldType;
use model::{Id, Module, Record, Value};
use serde_json::{Map, Value as Json, json};
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
            let system = SYSTEM.contains(&name.as_str()) && (name != "owner" || module.owners);
            system || module.field(name).is_some() && !hidden.contains(name)
        };
        if let Some(unknown) = self.fields.iter().find(|name| !shown(name)) {
            return Err(Error::bad_query("unknown_field", format!("{} have no field {unknown:?}", module.name)));
        }
        let link = |name: &String| {
            name == "owner" && module.owners
                || !hidden.contains(name)
                    && module.field(name).is_some_and(|field| {
                        matches!(field.kind, FieldType::Link | FieldType::Links | FieldType::Person)
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

const SYSTEM: [&str; 7] = ["id", "version", "created_at", "updated_at", "created_by", "owner", "deleted_at"];

/// Shows records. Linked records are read together, one query for each module they lead to.
///
/// # Errors
/// When the database fails.
pub fn present(work: &mut Work<'_>, records: &[Record], shape: &Shape) -> Result<Vec<Json>> {
    let Some(module) = records.first().map(|record| record.module.clone()) else { return Ok(Vec::new()) };
    let hidden: BTreeSet<String> = work.grant(&module).hidden.into_iter().collect();
    let expanded = expand(work, records, shape)?;
    let wanted = |name: &str| shape.fields.is_empty() || shape.fields.iter().any(|field| field == name);
    let mut shown = Vec::with_capacity(records.len());
    for record in records {
        let mut json = Map::new();
        json.insert("id".to_owned(), json!(record.id.to_string()));
        let mut add = |name: &str, value: Json| {
            if wanted(name) {
                json.insert(name.to_owned(), value);
            }
        };
        add("version", json!(record.version));
        add("created_at", json!(record.created_at.to_string()));
        add("updated_at", json!(record.updated_at.to_string()));
        add("created_by", id(record.created_by));
        if record.module.owners {
            add("owner", expanded.link("owner", record.owner).unwrap_or_else(|| id(record.owner)));
        }
        if let Some(deleted_at) = record.deleted_at {
            add("deleted_at", json!(deleted_at.to_string()));
        }
        for (field, value) in record.module.fields.iter().zip(&record.values) {
            if !hidden.contains(&field.name) {
                add(&field.name, expanded.value(&field.name, value).unwrap_or_else(|| value.to_json()));
            }
        }
        shown.push(Json::Object(json));
    }
    Ok(shown)
}

/// Titles of linked records by link field and id.
struct Expanded(BTreeMap<String, BTreeMap<Id, Json>>);

impl Expanded {
    /// The records that a value leads to, null for each that the caller may not see.
    fn value(&self, field: &str, value: &Value) -> Option<Json> {
        match value {
            Value::Ids(ids) => ids.iter().map(|id| self.link(field, Some(*id))).collect(),
            value => self.link(field, value.as_id()),
        }
    }

    fn link(&self, field: &str, target: Option<Id>) -> Option<Json> {
        let titles = self.0.get(field)?;
        Some(target.and_then(|id| titles.get(&id).cloned()).unwrap_or(Json::Null))
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
        let shown = titles.into_iter().map(|(id, title)| (id, json!({"id": id.to_string(), "title": title}))).collect();
        all.insert(name.clone(), shown);
    }
    Ok(Expanded(all))
}

fn id(id: Option<Id>) -> Json {
    id.map_or(Json::Null, |id| json!(id.to_string()))
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
