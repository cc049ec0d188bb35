//! Undo: a change set is taken back by another one, through the same write path, whole or not at all.
//!
//! What a person or program set is restored here, field by field, where it still stands as the change set left it. What
//! a typed service made (seats, money, numbers) is never set by hand: the service is asked to take it back itself. What is
//! too much for one turn of the writer is gone back in turns, under one new change set.

mod back;
mod conflict;
mod course;
mod judge;
mod plan;
mod touched;
mod turns;

use model::{Id, Record};

use super::ChangeSet;
use crate::error::{Error, Result};
use crate::params;
use crate::work::Work;
use crate::write::Draft;

pub use conflict::{Conflict, Conflicts, LastChange};
pub use course::{Course, Left, Phase};
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
    /// those changes by hand.
    ///
    /// # Errors
    /// [`Error::NotFound`] where the caller may see nothing of it; [`Error::Forbidden`]; [`Error::Conflict`]:
    /// `already_undone`, `nothing_to_undo`, `undo_conflict` where a value cannot stand again, and the refusals of the
    /// services; `undo_under_way` where the change set itself takes another one back and has not ended.
    pub fn undo(&mut self, set: Id, conflicts: Conflicts, services: &dyn Services) -> Result<Undo> {
        self.take_undo_turn(set)?;
        if self.is_large(set)? {
            return Ok(Undo::UnderWay(Box::new(self.begin_undo(set, conflicts)?)));
        }
        let mut plan = self.undo_plan(set)?;
        self.expect_standing(&plan.undoing.set)?;
        if self.is_service_made(&plan.undoing) {
            services.take_back(self, &plan.undoing)?;
            return self.undone(set);
        }
        self.drop_what_stays(&mut plan, services)?;
        if plan.is_empty() {
            let how = "letters and messages that were handed over are not taken back: write another one";
            return Err(Error::conflict("undo_by_operation", how));
        }
        let found = self.settle_conflicts(&mut plan, conflicts)?;
        if !found.is_empty() {
            return Ok(Undo::Conflicts(found));
        }
        self.bring_back(&plan, None, services, &mut 0)?;
        self.undone(set)
    }

    /// Fails for a change set that is taken back already, or that takes back another one and goes on doing so.
    fn expect_standing(&mut self, set: &ChangeSet) -> Result<()> {
        if let Some(by) = set.undone_by {
            return Err(Error::conflict("already_undone", format!("the change set {by} has taken this one back")));
        }
        if set.undoes.is_some() && self.is_going_on(set.id)? {
            return Err(Error::conflict("undo_under_way", "this undo has not ended: wait for its end"));
        }
        Ok(())
    }

    /// Ties the new change set to the one that it takes back.
    fn undone(&mut self, set: Id) -> Result<Undo> {
        let Some(new) = self.change_set() else {
            return Err(Error::conflict("nothing_to_undo", "everything is as it was before this change already"));
        };
        self.tie(new, set)?;
        Ok(Undo::Done(new))
    }

    fn tie(&mut self, new: Id, set: Id) -> Result<()> {
        self.run("update change_sets set undoes = $1 where id = $2", params![set.0, new.0])?;
        Ok(())
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
