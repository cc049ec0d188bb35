//! What is wrong with a rule, and where.

use crate::expr::ExprError;

/// What is wrong with a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The property, as files and the API spell it.
    pub at: String,
    /// Stable code, by which pages say it in the reader's language.
    pub code: &'static str,
    /// Why, in English.
    pub message: String,
}

impl Fault {
    /// Something that no code says.
    #[must_use]
    pub fn new(at: impl Into<String>, message: impl Into<String>) -> Self {
        Self { at: at.into(), code: "invalid", message: message.into() }
    }

    pub(super) fn coded(self, code: &'static str) -> Self {
        Self { code, ..self }
    }

    /// What is wrong with an expression.
    pub(super) fn of(at: impl Into<String>, error: &ExprError) -> Self {
        Self::new(at, error.to_string()).coded(error.code.as_str())
    }
}
