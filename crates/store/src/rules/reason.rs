//! Why a run of a rule ended as it did: a code with what it speaks of, said in the reader's language where somebody reads it,
//! and an English sentence for programs.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::error::{Error, FieldError};

/// Characters of a sentence that are kept at most.
const SENTENCE: usize = 1_500;
/// Faults that are kept at most.
const FAULTS: usize = 10;

/// A reason.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleReason {
    /// A stable code; empty in what an older program kept.
    pub code: String,
    /// The whole in English.
    pub message: String,
    /// What the code speaks of, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub values: BTreeMap<String, String>,
    /// Fields that are wrong: each with its code and a sentence.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub faults: Vec<(String, String, String)>,
    /// The action in which it came up: its place from 0, and its kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<(usize, String)>,
}

impl RuleReason {
    /// A reason of the program's own.
    #[must_use]
    pub fn new(code: &str, message: impl Into<String>) -> Self {
        let message: String = message.into();
        Self { code: code.to_owned(), message: cut(&message), ..Self::default() }
    }

    /// The same with something that the code speaks of.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.values.insert(name.to_owned(), cut(&value.to_string()));
        self
    }

    /// What an error says.
    #[must_use]
    pub fn of(error: &Error) -> Self {
        let (code, message, faults): (&str, String, &[FieldError]) = match error {
            Error::Invalid(faults) => {
                let told = faults.iter().map(|fault| format!("{}: {}", fault.field, fault.message));
                ("validation_failed", told.collect::<Vec<_>>().join("; "), faults)
            }
            Error::Conflict { code, message, errors } => (code, message.clone(), errors),
            Error::Forbidden { code, message } => (code, message.clone(), &[]),
            Error::BadQuery { code, .. } => (code, error.to_string(), &[]),
            Error::NotFound { .. } => ("not_found", error.to_string(), &[]),
            Error::NoModule(_) => ("no_such_module", error.to_string(), &[]),
            Error::Stale { .. } => ("stale", error.to_string(), &[]),
            Error::Stranger | Error::Db(_) => ("internal", error.to_string(), &[]),
        };
        let faults = faults.iter().take(FAULTS).map(|it| (it.field.clone(), it.code.clone(), cut(&it.message)));
        Self { faults: faults.collect(), ..Self::new(code, message) }
    }

    /// The same, of an action of the rule.
    #[must_use]
    pub fn at(self, place: usize, action: &str) -> Self {
        let message = cut(&format!("then[{place}] ({action}): {}", self.message));
        Self { message, step: Some((place, action.to_owned())), ..self }
    }

    /// What is kept of it.
    pub(crate) fn kept(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// What was kept; of an older program a sentence alone.
    pub(crate) fn read(kept: &str) -> Self {
        serde_json::from_str(kept).unwrap_or_else(|_| Self::new("", kept))
    }
}

fn cut(text: &str) -> String {
    text.chars().filter(|sign| *sign != '\0').take(SENTENCE).collect()
}
