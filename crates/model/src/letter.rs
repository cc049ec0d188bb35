//! Templates of letters that processes send.

use serde::{Deserialize, Serialize};

use crate::Label;

/// One letter in both languages; subject and text are minijinja templates.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Letter {
    /// Stable name.
    pub name: String,
    /// What the administrator reads.
    pub label: Label,
    /// Subject line.
    pub subject: Label,
    /// Plain text; the HTML form is made from it.
    pub text: Label,
}
