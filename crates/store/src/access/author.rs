//! Who writes: somebody whom the program knows, or whoever a pass lets in.

use jiff::Timestamp;
use model::{Actor, Definitions};

use super::Pass;
use crate::db::Tx;
use crate::error::Result;

/// Who writes.
#[derive(Clone, Debug)]
pub enum Author {
    /// Somebody whom the program knows already.
    Known(Actor),
    /// Whoever a pass lets in, found out in the turn that writes for them: what was taken away before it holds.
    Shown(Pass),
}

impl From<Actor> for Author {
    fn from(actor: Actor) -> Self {
        Self::Known(actor)
    }
}

impl From<Pass> for Author {
    fn from(pass: Pass) -> Self {
        Self::Shown(pass)
    }
}

impl Author {
    /// Whether it is anybody at all, without a name.
    #[must_use]
    pub fn is_public(&self) -> bool {
        matches!(self, Self::Known(actor) if actor.id().is_none())
    }

    /// Who that is at `now`.
    ///
    /// # Errors
    /// [`Error::Stranger`](crate::Error::Stranger) where the pass lets nobody in.
    pub(crate) fn actor(&self, tx: &mut Tx, now: Timestamp, definitions: &Definitions) -> Result<Actor> {
        match self {
            Self::Known(actor) => Ok(actor.clone()),
            Self::Shown(pass) => Ok(Actor::User(Box::new(pass.bearer(tx, now)?.sight(definitions).user))),
        }
    }
}
