//! What the change log is read for: a record as it stood, the life of one field, taking a change set back.

mod as_of;
mod change_set;
mod entry;
mod field;
mod undo;
mod value;

pub use change_set::ChangeSet;
pub use undo::{Conflict, Conflicts, LastChange, Services, Stage, Touched, Undo, Undoing};
