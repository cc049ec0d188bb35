//! The fields of a record before the change, in expressions of rules: `was_status` beside `status`.

use std::borrow::Cow;

use crate::expr::{Path, Scope};
use crate::field::FieldType;
use crate::{Field, Id, Module, Record, Value};

/// What the name of a field begins with where its value before the change is meant.
pub const BEFORE: &str = "was_";

/// The module as expressions of rules see it. A field of its own that is called so stays what it is.
#[must_use]
pub fn with_before(module: &Module) -> Module {
    let mut seen = module.clone();
    let stored = module.fields.iter().filter(|field| field.is_stored()).cloned();
    let owner = module.owners.then(|| Field::new("owner", FieldType::Person));
    for field in stored.chain(owner) {
        let name = format!("{BEFORE}{}", field.name);
        if module.field(&name).is_none() {
            seen.fields.push(Field { name, ..field });
        }
    }
    seen.index();
    seen
}

/// Finds values before the change in one scope and the others in another.
pub struct Before<'a> {
    /// The record after the change.
    pub after: &'a dyn Scope,
    /// The record before it; without one everything was empty.
    pub before: Option<&'a dyn Scope>,
    /// The module as it is, without the names added here.
    pub module: &'a Module,
}

impl Before<'_> {
    /// The path in the record before the change, where it is one.
    fn earlier(&self, path: &Path) -> Option<Path> {
        let first = path.hops.first().map_or(path.leaf.name.as_str(), |hop| hop.field.as_str());
        let name = first.strip_prefix(BEFORE).filter(|_| self.module.field(first).is_none())?.to_owned();
        let mut path = path.clone();
        match path.hops.first_mut() {
            Some(hop) => hop.field = name,
            None => path.leaf.name = name,
        }
        Some(path)
    }
}

impl Scope for Before<'_> {
    fn value(&self, path: &Path) -> Cow<'_, Value> {
        match (self.earlier(path), self.before) {
            (None, _) => self.after.value(path),
            (Some(path), Some(before)) => Cow::Owned(before.value(&path).into_owned()),
            (Some(_), None) => Cow::Owned(Value::Null),
        }
    }

    fn value_of(&self, module: &Module, id: Id, path: &Path) -> Cow<'_, Value> {
        self.after.value_of(module, id, path)
    }
}

/// The record as it was before these fields changed.
impl Record {
    /// The same record with other values in some fields.
    #[must_use]
    pub fn with(&self, values: impl IntoIterator<Item = (String, Value)>) -> Self {
        let mut record = self.clone();
        for (name, value) in values {
            record.set(&name, value);
        }
        record
    }
}
