//! Letters of a site: a site that has no other way tells of an order or a request by letter, in lines of `label: value`. How
//! such letters are known, and what of them is what, is data of a pack (processes.md, 2.1; B1).

mod check;
mod read;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::Label;
use crate::identity::fold;

pub(crate) use check::named;
pub use read::{Found, Order, Person, Ticket};

/// Modules whose records letters of a site make.
pub const INTO: [&str; 3] = ["orders", "leads", "cases"];
/// What a letter says of an order. What belongs to a ticket comes once for each of several tickets.
pub const ORDER: [&str; 9] = [
    "event",
    "ticket_type",
    "quantity",
    "attendee_name",
    "attendee_email",
    "attendee_phone",
    "buyer_name",
    "buyer_email",
    "buyer_phone",
];

/// A thing that a letter says, and by which labels.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reads {
    /// One of [`ORDER`], or the field of the module.
    pub to: String,
    /// What stands before it in the letter, in any language; case and blanks do not matter.
    pub labels: Vec<String>,
}

/// How letters of a site are known and read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SiteLetter {
    /// Stable name.
    pub name: String,
    /// What people call it.
    pub label: Label,
    /// Whether letters are read so; a draft is tried out by administrators alone.
    #[serde(default = "yes")]
    pub active: bool,
    /// Who sends them: an address, or `@` and a domain.
    pub from: String,
    /// What stands in their subject; nothing: every letter of that sender.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// The name under which the own mail server says that a sender is who they say they are (`authserv-id`, RFC 8601);
    /// nothing: the address alone is believed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vouched_by: Option<String>,
    /// The module of the record that it becomes: one of [`INTO`].
    pub module: String,
    /// The event, by its address or name, where letters do not name one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event: Option<String>,
    /// What the site calls things, and what they are called here: events, ticket types, options.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub words: BTreeMap<String, String>,
    /// What stands in fields that letters do not say, in the form of the API.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub values: BTreeMap<String, Json>,
    /// What letters say.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reads: Vec<Reads>,
}

impl SiteLetter {
    /// Whether a letter with this sender, an address as it is stored, and this subject is one of these.
    #[must_use]
    pub fn is_it(&self, from: &str, subject: Option<&str>) -> bool {
        let wanted = self.from.trim().to_lowercase();
        let is_sender = if wanted.starts_with('@') { from.ends_with(&wanted) } else { from == wanted };
        let piece = self.subject.as_deref().map(fold).filter(|piece| !piece.is_empty());
        is_sender && piece.is_none_or(|piece| fold(subject.unwrap_or_default()).contains(&piece))
    }
}

fn yes() -> bool {
    true
}
