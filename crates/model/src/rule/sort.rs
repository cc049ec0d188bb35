//! What rules make of messages that come in.

use serde::{Deserialize, Serialize};

/// What is made of a message that came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SortInto {
    /// A case.
    Case,
    /// The business of sales: a case of a lead.
    Lead,
    /// A colleague's.
    Person,
    /// Nothing: it is set aside.
    Nothing,
    /// It waits in the inbox again.
    Queue,
}

impl SortInto {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Case, Self::Lead, Self::Person, Self::Nothing, Self::Queue];

    /// Its name, in files and the API.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Case => "case",
            Self::Lead => "lead",
            Self::Person => "person",
            Self::Nothing => "nothing",
            Self::Queue => "queue",
        }
    }

    /// The module of what is made.
    #[must_use]
    pub fn makes(self) -> Option<&'static str> {
        match self {
            Self::Case => Some("cases"),
            Self::Lead => Some("leads"),
            Self::Person | Self::Nothing | Self::Queue => None,
        }
    }
}
