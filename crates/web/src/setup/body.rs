//! Values out of a body, each fault with its field.

use std::collections::BTreeSet;

use app::passwords::{self, PasswordError};
use model::value::TEXT_LIMIT;
use model::{Id, Locale};
use serde_json::{Map, Value};
use store::{Error, FieldError, Result};

use crate::problem::Problem;
use crate::state::Web;

/// The object that was sent, and what was wrong in it so far.
pub(crate) struct Body {
    map: Map<String, Value>,
    faults: Vec<FieldError>,
}

impl Body {
    /// Only these keys mean something.
    pub(crate) fn new(map: Map<String, Value>, known: &[&str]) -> Self {
        let unknown = map.keys().filter(|key| !known.contains(&key.as_str()));
        let fault = |key: &String| FieldError::new(key, "unknown_field", format!("there is no {key:?} here"));
        let faults = unknown.map(fault).collect();
        Self { map, faults }
    }

    pub(crate) fn has(&self, key: &str) -> bool {
        self.map.contains_key(key)
    }

    pub(crate) fn raw(&self, key: &str) -> Option<&Value> {
        self.map.get(key)
    }

    /// Notes a fault.
    pub(crate) fn wrong<T>(&mut self, field: &str, code: &str, message: impl Into<String>) -> Option<T> {
        self.faults.push(FieldError::new(field, code, message));
        None
    }

    /// A text of one line; empty is a fault where it is `needed`.
    pub(crate) fn text(&mut self, key: &str, needed: bool) -> Option<String> {
        let text = match self.map.get(key)? {
            Value::String(text) => text.trim().to_owned(),
            Value::Null => String::new(),
            _ => return self.wrong(key, "invalid_type", "expected text in quotes"),
        };
        if text.contains('\0') {
            return self.wrong(key, "invalid_text", "the character U+0000 cannot be kept");
        }
        if text.chars().count() > TEXT_LIMIT {
            return self.wrong(key, "too_long", format!("at most {TEXT_LIMIT} characters"));
        }
        if needed && text.is_empty() {
            return self.wrong(key, "required", "this is never empty");
        }
        Some(text)
    }

    pub(crate) fn flag(&mut self, key: &str) -> Option<bool> {
        match self.map.get(key)? {
            Value::Bool(flag) => Some(*flag),
            _ => self.wrong(key, "invalid_type", "expected true or false"),
        }
    }

    pub(crate) fn locale(&mut self, key: &str) -> Option<Locale> {
        let text = self.text(key, true)?;
        match Locale::ALL.into_iter().find(|locale| locale.tag() == text) {
            Some(locale) => Some(locale),
            None => self.wrong(key, "invalid_choice", format!("one of ru, en, not {text:?}")),
        }
    }

    /// A list of texts.
    pub(crate) fn texts(&mut self, key: &str) -> Option<Vec<String>> {
        let texts = match self.map.get(key)? {
            Value::Array(items) => items.iter().map(|item| item.as_str().map(str::to_owned)).collect(),
            _ => None,
        };
        texts.or_else(|| self.wrong(key, "invalid_type", "expected a list of texts"))
    }

    /// A list of ids.
    pub(crate) fn ids(&mut self, key: &str) -> Option<BTreeSet<Id>> {
        let ids = self.texts(key)?.iter().map(|text| text.parse().ok()).collect::<Option<_>>();
        ids.or_else(|| self.wrong(key, "invalid_id", "expected a list of ids"))
    }

    /// Fails with everything that was wrong.
    pub(crate) fn check(&self) -> Result<()> {
        if self.faults.is_empty() { Ok(()) } else { Err(Error::Invalid(self.faults.clone())) }
    }

    /// Hashes the password under `key`, off the async threads and few at a time.
    pub(crate) async fn password(&mut self, web: &Web, key: &str) -> Result<Option<String>, Problem> {
        let Some(password) = self.map.get(key) else { return Ok(None) };
        let Value::String(password) = password else {
            return Ok(self.wrong(key, "invalid_type", "expected text in quotes"));
        };
        let password = password.clone();
        match web.hashing.run(move || passwords::hash(&password)).await? {
            Ok(hash) => Ok(Some(hash)),
            Err(error @ PasswordError::TooShort) => Ok(self.wrong(key, "too_short", error.to_string())),
            Err(error @ PasswordError::TooLong) => Ok(self.wrong(key, "too_long", error.to_string())),
            Err(PasswordError::Hashing) => Err(failed()),
        }
    }
}

/// What is answered when the machine cannot hash.
fn failed() -> Problem {
    tracing::error!("a password could not be hashed");
    Problem::internal()
}
