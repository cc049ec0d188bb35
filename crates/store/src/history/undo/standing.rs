//! Which change set it is that is taken back, and whether it stands.

use model::Id;

use super::course::Phase;
use crate::counters::space;
use crate::db::{LockKey, Sql};
use crate::error::{Error, Result};
use crate::history::ChangeSet;
use crate::params;
use crate::work::Work;

impl Work<'_> {
    /// Waits for whoever else takes this change set back, until this work ends.
    ///
    /// # Errors
    /// When the lock cannot be had in time.
    pub fn take_undo_turn(&mut self, set: Id) -> Result<()> {
        self.lock(&[LockKey::new(space::UNDO, set.0.as_bytes())])
    }

    /// The change set that is to be taken back by whoever asks for `set`, held until this work ends.
    pub(super) fn take_undo_target(&mut self, set: Id) -> Result<Id> {
        let mut target = set;
        loop {
            self.take_undo_turn(target)?;
            let found = self.undo_target(set)?;
            if found == target {
                return Ok(target);
            }
            target = found;
        }
    }

    /// What was taken back and done again stands by the undo that did it again: that one is taken back. Where only a part was
    /// taken back, whoever asks goes on with that.
    fn undo_target(&mut self, set: Id) -> Result<Id> {
        if self.course(set)?.is_some_and(|course| course.phase == Phase::Stopped) {
            return Ok(set);
        }
        let (mut last, mut steps) = (set, 0);
        while let Some(undo) = self.undo_of(last)? {
            (last, steps) = (undo, steps + 1);
        }
        Ok(if steps % 2 == 0 { last } else { set })
    }

    /// The change set that once took this one back.
    fn undo_of(&mut self, set: Id) -> Result<Option<Id>> {
        let rows = self.rows(&Sql::new("select id from change_sets where undoes = ").bind(set.0))?;
        Ok(rows.first().map(|row| row.uuid(0)).transpose()?.map(Id))
    }

    /// Fails for a change set that is taken back already, or that takes back another one and goes on doing so.
    pub(super) fn expect_standing(&mut self, set: &ChangeSet) -> Result<()> {
        if let Some(by) = set.undone_by {
            return Err(Error::conflict("already_undone", format!("the change set {by} has taken this one back")));
        }
        if self.is_going_on(set.id)? {
            return Err(Error::conflict("undo_under_way", "this undo has not ended: wait for its end"));
        }
        Ok(())
    }

    /// Notes that the change set `new` takes back `set`.
    pub(super) fn tie(&mut self, new: Id, set: Id) -> Result<()> {
        self.run("update change_sets set undoes = $1 where id = $2", params![set.0, new.0])?;
        Ok(())
    }
}
