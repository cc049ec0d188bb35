//! A module: one kind of record (leads, tickets, an administrator's own) described as data.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::Label;
use crate::field::{Field, FieldType};

/// What the records of a module stand for when two of them may be the same (processes.md, 0).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Identity {
    /// A person one talks to.
    Contact,
    /// Somebody who showed interest.
    Lead,
    /// An organisation or private buyer.
    Account,
}

/// Named group of fields on the record page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// Its heading.
    pub label: Label,
    /// Field names in order.
    pub fields: Vec<String>,
}

/// One kind of record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Module {
    /// Stable name, plural: path of the API and name of the table.
    pub name: String,
    /// What people read, plural.
    pub label: Label,
    /// What people read, singular.
    pub one: Label,
    /// Name of its icon.
    #[serde(default)]
    pub icon: String,
    /// The field that names a record.
    pub title: String,
    /// The field shown beside the title in search and pickers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subtitle: Option<String>,
    /// Whether records have an owner.
    #[serde(default)]
    pub owners: bool,
    /// The link through which rights of "own" and "team" are judged where records have no owner.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub belongs_to: Option<String>,
    /// Whether its e-mails, phones and names say who somebody is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity: Option<Identity>,
    /// The typed service that alone creates and moves its records (`orders`, `tickets`, `payments` …).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
    /// Whether the menu shows it.
    #[serde(default)]
    pub menu: bool,
    /// Columns of its list, when no view says otherwise.
    #[serde(default)]
    pub columns: Vec<String>,
    /// Fields found by full text.
    #[serde(default)]
    pub search: Vec<String>,
    /// Groups of the record page; fields in none of them stand last.
    #[serde(default)]
    pub groups: Vec<Group>,
    /// The fields.
    pub fields: Vec<Field>,
    #[serde(skip)]
    positions: HashMap<String, usize>,
}

/// Every record has these; no field may take their names.
pub const SYSTEM_FIELDS: [&str; 9] =
    ["id", "version", "created_at", "updated_at", "created_by", "owner", "deleted_at", "tags", "about"];

impl Module {
    /// Builds the look-up by name; called once when a definition is read.
    pub fn index(&mut self) {
        self.positions =
            self.fields.iter().enumerate().map(|(position, field)| (field.name.clone(), position)).collect();
    }

    /// The field called `name`.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.position(name).and_then(|position| self.fields.get(position))
    }

    /// Where the field called `name` stands among the fields (and so in a record's values).
    #[must_use]
    pub fn position(&self, name: &str) -> Option<usize> {
        self.positions.get(name).copied()
    }

    /// Its fields that have columns, with their positions.
    pub fn stored(&self) -> impl Iterator<Item = (usize, &Field)> {
        self.fields.iter().enumerate().filter(|(_, field)| field.is_stored())
    }

    /// Its links to other modules.
    pub fn links(&self) -> impl Iterator<Item = (&Field, &str)> {
        self.fields
            .iter()
            .filter(|field| field.kind == FieldType::Link)
            .filter_map(|field| field.module.as_deref().map(|target| (field, target)))
    }
}
