//! The shape of a workspace at run time: packs are planned, applied and taken back, each time the whole in one
//! transaction, and never at the cost of what is there.

mod apply;
mod follow;
mod indexes;
mod obstacles;
mod past;

use std::sync::Arc;

pub use model::pack::OWN;
use model::pack::{Pack, PackError};
use model::{Actor, Definitions, Id};

use crate::db::DbError;
use crate::error::Error;
use crate::schema::Plan;
use crate::workspace::OpenError;

pub(crate) use follow::DOOR;
pub use follow::{FOLLOW_JOB, Follow, Followed, Following};
pub use indexes::{INDEX_JOB, Indexing};
pub use obstacles::Touches;
pub use past::{Applied, Applying};

/// What becomes of the packs.
#[derive(Clone, Debug)]
pub enum Edit {
    /// The pack is there, new or instead of the one of its name.
    Put(Box<Pack>),
    /// The pack of that name is there no more.
    Remove(String),
    /// All of these, or none: packs that fit together only as they are now, or as they were.
    Together(Vec<Edit>),
}

impl Edit {
    /// The edits of one pack that it consists of.
    #[must_use]
    pub fn each(&self) -> Vec<&Self> {
        match self {
            Self::Together(edits) => edits.iter().flat_map(Self::each).collect(),
            one => vec![one],
        }
    }

    /// The pack that an edit of one pack is about.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Put(pack) => &pack.manifest.name,
            Self::Remove(name) => name,
            Self::Together(edits) => edits.first().map_or("", Self::name),
        }
    }
}

/// Why packs are not applied.
#[derive(Debug, thiserror::Error)]
pub enum ShapeError {
    /// They do not fit together, or not to what is there.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Packs(Vec<PackError>),
    /// Everything else: a right, a stale version, data in the way, the database.
    #[error(transparent)]
    Store(#[from] Error),
}

impl From<DbError> for ShapeError {
    fn from(error: DbError) -> Self {
        Self::Store(error.into())
    }
}

impl From<OpenError> for ShapeError {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::Db(error) => error.into(),
            OpenError::Packs(errors) => Self::Packs(errors),
            other => DbError::Corrupt(other.to_string()).into(),
        }
    }
}

/// Where [`ShapeError`] meets those who know packs alone: what stands in the way is said as an error of the pack.
impl From<ShapeError> for OpenError {
    fn from(error: ShapeError) -> Self {
        match error {
            ShapeError::Packs(errors) => Self::Packs(errors),
            ShapeError::Store(Error::Db(error)) => Self::Db(error),
            ShapeError::Store(other) => Self::Packs(vec![PackError::new("pack.toml", &other.to_string())]),
        }
    }
}

/// What was done, or would be.
#[derive(Clone, Debug)]
pub struct Reshaped {
    /// The steps in the database.
    pub plan: Plan,
    /// The data they concern.
    pub touches: Touches,
    /// What records in flight make of a changed process.
    pub followed: Vec<Followed>,
    /// Everything as it is defined now.
    pub definitions: Arc<Definitions>,
    /// The packs as they are now, in order.
    pub packs: Vec<Pack>,
}

/// Who changes the shape, and whether it is only to be seen what would happen.
#[derive(Clone, Copy, Debug)]
pub struct Manner {
    /// The user; nothing for the command line.
    pub(crate) by: Option<Id>,
    /// Plan and check everything, write nothing.
    pub(crate) dry_run: bool,
}

impl Manner {
    /// As `actor`; with `dry_run` everything is planned and checked, and nothing written.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for strangers, and for whoever only looks through the eyes of another unless nothing is written.
    pub fn of(actor: &Actor, dry_run: bool) -> Result<Self, Error> {
        match actor {
            Actor::Public => Err(Error::forbidden("missing_right", "this is for administrators")),
            actor if actor.only_looks() && !dry_run => Err(Error::only_looking()),
            actor => Ok(Self { by: actor.id(), dry_run }),
        }
    }

    /// As whoever has the machine.
    #[must_use]
    pub fn command(dry_run: bool) -> Self {
        Self { by: None, dry_run }
    }
}
