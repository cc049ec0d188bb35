//! Undo: a change set is taken back by another one, through the same write path, whole or not at all.
//!
//! What a person or program set is restored here, field by field, where it still stands as the change set left it. What
//! a typed service made (seats, money, numbers) is never set by hand: the service is asked to take it back itself. What is
//! too much for one turn of the writer is gone back in turns, under one new change set.

mod back;
mod begin;
mod conflict;
mod course;
mod judge;
mod kept;
mod outlook;
mod plan;
mod standing;
mod touched;
mod turns;
mod way;

use model::{Id, Record};

use super::ChangeSet;
use crate::error::{Error, FieldError, Result};
use crate::work::Work;
use crate::write::Draft;

pub use conflict::{Conflict, Conflicts, LastChange};
pub use course::{Course, Left, Phase};
pub use outlook::Done;
use plan::Plan;
pub use touched::{Stage, Touched};
pub use turns::UNDO_JOB;

/// What undoing asks of the layer above the store.
pub trait Services {
    /// Whether a record stays as the change set left it, whatever else is taken back: a letter is not unsent.
    ///
    /// # Errors
    /// When the database fails.
    fn stays(&self, work: &mut Work<'_>, touched: &Touched) -> Result<bool>;

    /// Checks what a field is about to be set to again, as when it is set by hand.
    ///
    /// # Errors
    /// [`Error::Invalid`] with everything that is wrong.
    fn check(&self, work: &mut Work<'_>, module: &str, draft: &mut Draft, before: Option<&Record>) -> Result<()>;

    /// A record that was brought back has gone to the bin by it, or come out of it.
    ///
    /// # Errors
    /// When the database fails.
    fn binned(&self, work: &mut Work<'_>, module: &str, id: Id) -> Result<()>;

    /// Takes back a change set in which a typed service made something, by the service's own operations and under the
    /// actor's rights.
    ///
    /// # Errors
    /// Why it cannot be taken back; then nothing is written.
    fn take_back(&self, work: &mut Work<'_>, undoing: &Undoing) -> Result<()>;
}

/// A change set that is being taken back.
#[derive(Clone, Debug)]
pub struct Undoing {
    /// The change set.
    pub set: ChangeSet,
    /// The records that it touched, in the order in which it first touched them.
    pub touched: Vec<Touched>,
}

/// What came of undoing.
#[derive(Clone, Debug)]
pub enum Undo {
    /// Done, under this change set.
    Done(Id),
    /// Nothing was written: these have changed since.
    Conflicts(Vec<Conflict>),
    /// It is too much for one turn, and goes on in turns of its own.
    UnderWay(Box<Course>),
}

impl Work<'_> {
    /// Takes a change set back under a new one, which can be taken back in turn. The caller needs the rights to make
    /// those changes by hand. What was taken back and done again by the undo of that is taken back by way of the latter.
    ///
    /// # Errors
    /// [`Error::NotFound`] where the caller may see nothing of it; [`Error::Forbidden`]; [`Error::Conflict`]:
    /// `already_undone`, `nothing_to_undo`, `undo_conflict` where a value cannot stand again, and the refusals of the
    /// services; `undo_under_way` where the change set itself takes another one back and has not ended.
    pub fn undo(&mut self, set: Id, conflicts: Conflicts, services: &dyn Services) -> Result<Undo> {
        let set = self.take_undo_target(set)?;
        if self.is_large(set)? {
            return Ok(Undo::UnderWay(Box::new(self.begin_undo(set, conflicts, services)?)));
        }
        let mut plan = self.undo_plan(set)?;
        self.expect_standing(&plan.undoing.set)?;
        if self.is_service_made(&plan.undoing) {
            self.undoing = true;
            let taken_back = services.take_back(self, &plan.undoing);
            self.undoing = false;
            taken_back?;
            return self.undone(set, false);
        }
        self.drop_what_stays(&mut plan, services)?;
        if plan.is_empty() {
            let how = "letters and messages that were handed over are not taken back: write another one";
            return Err(by_operation("messages", "letter_sent", how));
        }
        let found = self.settle_conflicts(&mut plan, conflicts)?;
        if !found.conflicts.is_empty() {
            return Ok(Undo::Conflicts(found.conflicts));
        }
        self.bring_back(&plan, None, services, &mut 0)?;
        self.undone(set, found.is_kept)
    }

    /// Ties the new change set to the one that it takes back.
    fn undone(&mut self, set: Id, is_kept: bool) -> Result<Undo> {
        let Some(new) = self.change_set() else { return Err(nothing_done(is_kept)) };
        self.tie(new, set)?;
        Ok(Undo::Done(new))
    }

    fn drop_what_stays(&mut self, plan: &mut Plan, services: &dyn Services) -> Result<()> {
        for index in 0..plan.undoing.touched.len() {
            let Some(touched) = plan.undoing.touched.get(index) else { continue };
            if services.stays(self, touched)? {
                plan.leave(index);
            }
        }
        Ok(())
    }
}

/// The refusal of what has no way back by undo: why, by a stable code, and what to do instead.
pub fn by_operation(module: &str, code: &str, how: impl Into<String>) -> Error {
    let how = how.into();
    let errors = vec![FieldError::new(module, code, how.clone())];
    Error::Conflict { code: "undo_by_operation", message: how, errors }
}

/// Why nothing was written: something stands in the way and stays, or there is nothing to do.
fn nothing_done(stays: bool) -> Error {
    if stays {
        return Error::conflict("undo_conflict", "what this change left has changed since, or cannot stand again");
    }
    Error::conflict("nothing_to_undo", "everything is as it was before this change already")
}

/// Services take back what they made whole, in one turn of the writer.
fn too_large() -> Error {
    Error::conflict("undo_too_large", "so many orders, payments and tickets are not taken back at once")
}
