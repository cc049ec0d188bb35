//! Values on their way into a record.

use std::collections::BTreeMap;

use model::value::Reading;
use model::{Id, Module, Value};
use serde_json::{Map, Value as Json};

use crate::error::{Error, FieldError, Result};

/// What is to be set. Fields that are not named stay as they are.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Draft {
    /// Values by field name.
    pub values: BTreeMap<String, Value>,
    /// The new owner, where it is to change.
    pub owner: Option<Option<Id>>,
}

impl Draft {
    /// Nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets a field.
    #[must_use]
    pub fn set(mut self, field: &str, value: impl Into<Value>) -> Self {
        self.values.insert(field.to_owned(), value.into());
        self
    }

    /// Sets the owner.
    #[must_use]
    pub fn owned_by(mut self, owner: Option<Id>) -> Self {
        self.owner = Some(owner);
        self
    }

    /// Without what records of `module` have no field for: a pack that is older than the program knows fewer of them.
    #[must_use]
    pub fn fitting(mut self, module: &Module) -> Self {
        self.values.retain(|name, _| module.field(name).is_some());
        self
    }

    /// Reads what the outside sent for a record of `module`.
    ///
    /// # Errors
    /// [`Error::Invalid`] with every field that is unknown or does not fit its type.
    pub fn read(module: &Module, json: &Map<String, Json>, reading: Reading) -> Result<Self> {
        let mut draft = Self::new();
        let mut errors = Vec::new();
        for (name, json) in json {
            if name == "owner" && module.owners {
                match read_owner(json) {
                    Ok(owner) => draft.owner = Some(owner),
                    Err(error) => errors.push(error),
                }
                continue;
            }
            match module.field(name) {
                None => errors.push(unknown(module, name)),
                Some(field) => match Value::read(field, json, reading) {
                    Ok(value) => {
                        draft.values.insert(name.clone(), value);
                    }
                    Err(error) => errors.push(FieldError::of(name, error)),
                },
            }
        }
        if errors.is_empty() { Ok(draft) } else { Err(Error::Invalid(errors)) }
    }
}

fn read_owner(json: &Json) -> Result<Option<Id>, FieldError> {
    match json {
        Json::Null => Ok(None),
        Json::String(text) => {
            text.parse().map(Some).map_err(|_| FieldError::new("owner", "invalid_id", "an owner is the id of a user"))
        }
        _ => Err(FieldError::new("owner", "invalid_type", "expected the id of a user in quotes")),
    }
}

pub(super) fn unknown(module: &Module, name: &str) -> FieldError {
    FieldError::new(name, "unknown_field", format!("{} have no field {name:?}", module.name))
}
