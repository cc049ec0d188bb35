//! The one way a record is written: rights → validation → invariants → tables → search → identities → change log, in
//! the transaction of the work. Nothing else writes to a module's table.

mod apply;
mod draft;
mod identities;
mod log;
mod search;
mod validate;

pub use draft::Draft;
pub use identities::{IdentityKind, Known};
pub use log::{ChangeEntry, FieldChange, Operation};
pub(crate) use search::Indexed;
pub use search::{lexemes, stem, words};
