//! One record as it was read.

use std::sync::Arc;

use jiff::Timestamp;

use crate::{Id, Module, Value};

/// A record: what every record has, and the values of its module's fields.
#[derive(Clone, Debug)]
pub struct Record {
    /// Its module.
    pub module: Arc<Module>,
    /// Its id.
    pub id: Id,
    /// Counts its changes, from 1.
    pub version: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// The user who made it; nothing for what came from outside.
    pub created_by: Option<Id>,
    /// The user who answers for it.
    pub owner: Option<Id>,
    /// When it went to the bin.
    pub deleted_at: Option<Timestamp>,
    /// Values in the order of the module's fields.
    pub values: Vec<Value>,
    /// Fields that its reader sees in other records and not in this one: they are empty here.
    pub veiled: Vec<String>,
}

impl Record {
    /// The value of the field called `name`; nothing where there is no such field.
    #[must_use]
    pub fn get(&self, name: &str) -> &Value {
        self.module.position(name).and_then(|position| self.values.get(position)).unwrap_or(&Value::Null)
    }

    /// Puts a value into the read copy (computed fields).
    pub fn set(&mut self, name: &str, value: Value) {
        if let Some(slot) = self.module.position(name).and_then(|position| self.values.get_mut(position)) {
            *slot = value;
        }
    }

    /// The text of a text-like field.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        self.get(name).as_text()
    }

    /// The target of a link.
    #[must_use]
    pub fn link(&self, name: &str) -> Option<Id> {
        self.get(name).as_id()
    }

    /// Whether a field is hidden from its reader in this record.
    #[must_use]
    pub fn hides(&self, name: &str) -> bool {
        self.veiled.iter().any(|veiled| veiled == name)
    }

    /// Empties what is hidden from its reader in this record, and notes that it is.
    pub fn veil<'n>(&mut self, names: impl IntoIterator<Item = &'n String>) {
        for name in names {
            self.set(name, Value::Null);
            if !self.hides(name) {
                self.veiled.push(name.clone());
            }
        }
    }

    /// What names it to people.
    #[must_use]
    pub fn title(&self) -> String {
        match self.get(&self.module.title) {
            Value::Null => "—".to_owned(),
            Value::Text(text) => text.clone(),
            Value::Money(money) => format!("{} {}", money.amount_text(), money.currency.code()),
            other => other.to_json().to_string(),
        }
    }
}
