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
    /// Plain text, or one with marks; the HTML form is made from it.
    pub text: Label,
    /// Whether its text has marks, a part of Markdown: bold, links, lists (decision 078).
    #[serde(default, skip_serializing_if = "is_false")]
    pub formatted: bool,
    /// Whether it advertises: then it goes to those alone who agreed to that and did not take it back, and says how they do
    /// (H1). Any other is about business with its reader.
    #[serde(default, skip_serializing_if = "is_false")]
    pub marketing: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
fn is_false(flag: &bool) -> bool {
    !flag
}
