//! A person's data: all of it for whoever asks what is kept of them, and nothing of it any more once they are erased
//! (152-FZ art. 14 and 21, GDPR art. 15 and 17).
//!
//! What is theirs follows from the modules, not from a list: who the person is by identities ([`who`]), which records are
//! about them by links, addresses and what belongs to what ([`reach`]), which fields go by how they are defined ([`fate`]).
//! What no module knows of is looked through cell by cell ([`sweep`]).

mod erase;
mod fate;
mod forget;
mod holding;
mod lines;
mod reach;
mod story;
mod sweep;
mod who;
mod words;

use std::collections::BTreeMap;

use jiff::Timestamp;
use model::field::Field;
use model::{Id, Module, Record, Value};

use crate::db::Sql;
use crate::error::{Error, Result};
use crate::work::Work;

pub use erase::Erased;
pub use reach::{Foreseen, Tie};
pub use story::Story;

/// More records of one person are not gone through at once.
pub const PRIVACY_LIMIT: usize = 10_000;
/// Under what an erasure notes what it has left of entries of the log.
pub(crate) const LEFT: &str = "entries";
/// Why what was erased does not come back.
pub(crate) const ERASED: &str = "the person was erased, and what was erased is gone: there is nothing to take back";

/// The code and the words by which whatever would be written of an erased person is refused.
pub(crate) const WRITTEN_OFF: (&str, &str) =
    ("erased", "this person was erased: nothing is written down of them again");

/// What keeps a person from being erased: business that has not come to its end.
#[derive(Clone, Debug)]
pub struct Held {
    /// The paper.
    pub record: Record,
}

/// When and by which change set a person was erased.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Erasure {
    /// The change set; its reason says why.
    pub change_set: Id,
    /// When.
    pub at: Timestamp,
}

impl Work<'_> {
    /// When the person whose record this is was erased; nothing where they were not.
    ///
    /// # Errors
    /// When the database fails.
    pub fn erasure(&mut self, record: Id) -> Result<Option<Erasure>> {
        let sql = Sql::new("select change_set, at from _erasures where record = ").bind(record.0);
        let rows = self.rows(&sql)?;
        rows.first().map(|row| Ok(Erasure { change_set: Id(row.uuid(0)?), at: row.instant(1)? })).transpose()
    }

    pub(crate) fn is_erased(&mut self, module: &Module, record: Id) -> Result<bool> {
        Ok(module.identity.is_some() && self.erasure(record)?.is_some())
    }

    /// [`Work::erasure`] of a record that was read: whoever has an address was not erased, so that no other is asked about.
    ///
    /// # Errors
    /// When the database fails.
    pub fn erasure_of(&mut self, record: &Record) -> Result<Option<Erasure>> {
        let is_reached = |(field, value): (&Field, &Value)| field.is_address() && !value.is_null();
        if record.module.identity.is_none() || record.module.fields.iter().zip(&record.values).any(is_reached) {
            return Ok(None);
        }
        self.erasure(record.id)
    }

    /// Fails for the record of somebody who was erased: nothing is written down of them again.
    ///
    /// # Errors
    /// [`Error::Conflict`] `erased`.
    pub fn expect_not_erased(&mut self, record: &Record) -> Result<()> {
        if self.erasure_of(record)?.is_some() { Err(Error::conflict(WRITTEN_OFF.0, WRITTEN_OFF.1)) } else { Ok(()) }
    }

    /// [`Work::expect_not_erased`] of a person once something was written of them: who had to wait for an erasure sees it then, whatever
    /// the record said before.
    ///
    /// # Errors
    /// [`Error::Conflict`] `erased`.
    pub fn expect_not_erased_meanwhile(&mut self, record: &Record) -> Result<()> {
        let is_erased = self.is_erased(&record.module, record.id)?;
        if is_erased { Err(Error::conflict(WRITTEN_OFF.0, WRITTEN_OFF.1)) } else { Ok(()) }
    }
}

/// Records by module and id.
type Records<T> = BTreeMap<String, BTreeMap<Id, T>>;
