//! Whole packs, applied and taken back by administrators while the program runs.

use model::Actor;
use model::pack::Pack;
use store::Result;
use store::shape::{Manner, Reshaped};

use super::{may_shape, plainly};
use crate::App;
use crate::packs::{Older, applied_to};

impl App {
    /// Applies a pack, new or in place of the one of its name, with those that go along with it ([`applied_to`]), or with
    /// `dry_run` tells what that would do. Blocks: not for asynchronous code.
    ///
    /// # Errors
    /// [`Error::Forbidden`](store::Error::Forbidden); [`Error::Invalid`](store::Error::Invalid) with the file that does not
    /// fit, [`Error::Conflict`](store::Error::Conflict) where data stands in the way.
    pub fn apply_pack(&self, actor: &Actor, pack: &Pack, dry_run: bool) -> Result<Reshaped> {
        may_shape(actor, &self.workspace().knowledge().definitions)?;
        let (manner, pack) = (Manner::of(actor, dry_run)?, pack.clone());
        let reshaped = self.workspace().reshape(manner, move |there| applied_to(&pack, there, Older::Refused));
        reshaped.map_err(|error| plainly(error, |error| error.file.clone()))
    }

    /// Brings a pack back to what it was before its last apply, or at `number`. Blocks: not for asynchronous code.
    ///
    /// # Errors
    /// [`Error::Forbidden`](store::Error::Forbidden), [`Error::NotFound`](store::Error::NotFound);
    /// [`Error::Invalid`](store::Error::Invalid) and [`Error::Conflict`](store::Error::Conflict) where it does not fit any
    /// more.
    pub fn revert_pack(&self, actor: &Actor, name: &str, number: Option<i64>, dry_run: bool) -> Result<Reshaped> {
        may_shape(actor, &self.workspace().knowledge().definitions)?;
        let manner = Manner::of(actor, dry_run)?;
        self.workspace().revert_pack(name, number, manner).map_err(|error| plainly(error, |error| error.file.clone()))
    }
}
