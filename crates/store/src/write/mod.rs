//! The one way a record is written: rights → validation → invariants → tables → search → identities → change log, in
//! the transaction of the work. Nothing else writes to a module's table.

mod apply;
mod asked;
mod author;
mod beginning;
mod draft;
mod erased;
mod formats;
mod identities;
mod links;
mod log;
mod setup_log;
mod validate;

pub(crate) use apply::Back;
pub use draft::Draft;
pub(crate) use identities::identities;
pub use identities::{IdentityKind, Known};
pub use log::{ChangeEntry, FieldChange, Operation};
pub(crate) use setup_log::Setup;
