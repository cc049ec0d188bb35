//! Full text: one box over every module, word forms, beginnings, one letter wrong, under the caller's rights.
//!
//! The index knows *lexemes*, made here and the same for both databases: words, their stems, and the beginnings of words
//! in short fields, so that whatever is typed is looked up as it stands and read newest first until there is enough.
//! A vocabulary beside it tells which longer words begin with what was typed, and which are one letter away from it.

mod agreement;
mod find;
mod index;
mod indexed;
mod people;
mod question;
mod stretches;
mod vocabulary;
mod words;

use std::collections::BTreeMap;

use crate::db::Sql;

pub use find::Hit;
pub(crate) use indexed::{Findable, Indexed};
pub use people::Colleague;
pub(crate) use vocabulary::KnownWords;
pub use words::{lexemes, stem, words};

/// What texts come to that a work has looked for, by module, text and what whoever asks reaches of the module.
pub(crate) type LookedFor = BTreeMap<(String, String, String), Sql>;
