//! What the change log is read for: a record as it stood, the life of one field, the log as it grows, what was done lately,
//! taking a change set back.

mod acts;
mod as_of;
mod change_set;
mod changed;
mod entry;
mod feed;
mod field;
mod moves;
mod said;
mod stays;
mod undo;
mod value;

pub use acts::{Act, ActPart, Acts, ActsAsked};
pub(crate) use change_set::UNDONE_BY;
pub use change_set::{ChangeSet, Changes};
pub use changed::{Changed, PastChanges};
pub use feed::{Glimpse, Logged, Tail, Told};
pub use moves::Moves;
pub use stays::{Stand, Stays};
pub use undo::{
    Conflict, Conflicts, Course, Done, LastChange, Left, Phase, Services, Stage, Touched, UNDO_JOB, Undo, Undoing,
    by_operation,
};
