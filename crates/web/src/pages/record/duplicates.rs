//! Who may be the same as this person or company: the same e-mail, phone or name. Only what the reader may see is shown.

use std::collections::{BTreeMap, BTreeSet};

use model::field::FieldType;
use model::identity::name;
use model::rights::Scope;
use model::{Id, Record, Value};
use store::{IdentityKind, Result, Work};

/// The most that are shown.
const SHOWN: usize = 5;

/// A record that may be the same.
pub(super) struct Duplicate {
    pub(super) record: Record,
    /// What agrees.
    pub(super) kinds: Vec<IdentityKind>,
}

/// The possible duplicates of a record.
pub(super) fn of(work: &mut Work<'_>, record: &Record) -> Result<Vec<Duplicate>> {
    if record.module.identity.is_none() {
        return Ok(Vec::new());
    }
    let readable: Vec<_> = work
        .definitions()
        .modules()
        .filter(|module| module.identity.is_some() && work.grant(module).read != Scope::None)
        .cloned()
        .collect();
    let names: Vec<&str> = readable.iter().map(|module| module.name.as_str()).collect();
    let mut by_module: BTreeMap<String, BTreeMap<Id, Vec<IdentityKind>>> = BTreeMap::new();
    for known in work.known(&identities(record), &names)? {
        if known.id != record.id {
            by_module.entry(known.module).or_default().insert(known.id, known.kinds);
        }
    }
    let mut duplicates = Vec::new();
    for module in &readable {
        let Some(mut kinds) = by_module.remove(&module.name) else { continue };
        let ids: BTreeSet<Id> = kinds.keys().copied().collect();
        let seen = work.several(module, &ids)?.into_iter();
        let doubtful = seen.filter(|other| other.deleted_at.is_none() && !are_linked(record, other));
        duplicates.extend(
            doubtful.map(|other| Duplicate { kinds: kinds.remove(&other.id).unwrap_or_default(), record: other }),
        );
    }
    duplicates.truncate(SHOWN);
    Ok(duplicates)
}

/// A lead and the contact it became are known to be one.
fn are_linked(one: &Record, other: &Record) -> bool {
    let leads_to = |from: &Record, to: Id| from.values.iter().any(|value| matches!(value, Value::Id(id) if *id == to));
    leads_to(one, other.id) || leads_to(other, one.id)
}

fn identities(record: &Record) -> Vec<(IdentityKind, String)> {
    let fields = record.module.fields.iter().zip(&record.values);
    let identity = |(field, value): (&model::Field, &Value)| {
        let text = value.as_text()?;
        match field.kind {
            FieldType::Email => Some((IdentityKind::Email, text.to_owned())),
            FieldType::Phone => Some((IdentityKind::Phone, text.to_owned())),
            _ if field.name == record.module.title => Some((IdentityKind::Name, name::key(text))),
            _ => None,
        }
    };
    fields.filter_map(identity).filter(|(_, value)| !value.is_empty()).collect()
}
