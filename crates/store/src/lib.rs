//! The store: SQLite or PostgreSQL, queries under rights, the one write path with its change log, the search index,
//! identities, jobs, users. Nothing above it knows SQL.

mod access;
mod clock;
mod counters;
pub mod db;
mod error;
mod files;
mod idempotency;
mod jobs;
mod people;
mod query;
pub mod schema;
mod settings;
mod work;
mod workspace;
mod write;

#[cfg(feature = "testing")]
pub mod testing;

pub use access::{Account, NewUser, Token, digest};
pub use clock::Clock;
pub use counters::space;
pub use db::{DbOptions, Location, LockKey};
pub use error::{Error, FieldError, Result};
pub use files::Files;
pub use idempotency::Answer;
pub use jobs::Job;
pub use people::{Person, Who};
pub use query::{Aggregate, COUNT_LIMIT, Hit, List, Measure, Page, Sort};
pub use settings::Settings;
pub use work::{Knowledge, Origin, Work};
pub use workspace::{OpenError, Workspace};
pub use write::{ChangeEntry, Draft, FieldChange, IdentityKind, Known, Operation};
pub use write::{lexemes, stem, words};
