//! A large change set is taken back in turns that stay short, so that others write between them: first every record is
//! looked at, and only where nothing stands in the way the records are brought back, the last change first, under one new
//! change set. Each turn commits what it did together with how far that is: after a crash the next one goes on from there.

use std::collections::{BTreeMap, BTreeSet};

use model::Id;
use model::actor::User;
use serde_json::json;

use super::Services;
use super::conflict::{Conflicts, TOLD};
use super::course::{Course, Phase};
use super::plan::Plan;
use crate::counters::space;
use crate::db::{LockKey, Sql};
use crate::error::{Error, Result};
use crate::history::entry::{COLUMNS, Entry};
use crate::work::Work;

/// The kind of the job that goes on with an undo; its payload is `{"change_set": ID}`.
pub const UNDO_JOB: &str = "undo";

/// How often a turn is begun anew without what stood in the way.
const TOGETHER: usize = 4;

impl Work<'_> {
    /// Begins to take a change set back in turns, or answers how far that is where it was begun. What was refused begins
    /// anew; what has stopped goes on.
    ///
    /// # Errors
    /// As [`Work::undo`] before anything is written; [`Error::Conflict`] with `undo_of_another` where what somebody else
    /// began has stopped.
    pub fn begin_undo(&mut self, set: Id, choice: Conflicts) -> Result<Course> {
        self.take_undo_turn(set)?;
        let known = self.seen_change_set(set)?;
        let before = self.course(set)?;
        let mut course = self.new_course(set, choice)?;
        match before {
            Some(mut before) if !before.phase.is_over() && self.may_follow(&before) => {
                self.cover_conflicts(&mut before)?;
                return Ok(before);
            }
            Some(before) if !before.phase.is_over() => {
                return Err(Error::conflict("undo_under_way", "somebody is taking this change back already"));
            }
            Some(before) if before.phase == Phase::Stopped => {
                self.expect_to_go_on(&before)?;
                let Course { by, scopes, source, .. } = course;
                course = Course { by, scopes, source, choice, phase: Phase::Undoing, ..before };
                course.forget_refusal();
            }
            _ => self.expect_standing(&known)?,
        }
        self.keep_course(&course)?;
        self.go_on_soon(set)?;
        Ok(course)
    }

    /// Fails unless a stopped undo can go on under its change set: that is of whoever began, and stands until it is taken
    /// back itself.
    fn expect_to_go_on(&mut self, course: &Course) -> Result<()> {
        if course.by != self.actor().id() {
            return Err(Error::conflict("undo_of_another", "only whoever began this undo goes on with it"));
        }
        let Some(undo) = course.undone_by else { return Ok(()) };
        match self.change_set_of(undo)?.and_then(|undo| undo.undone_by) {
            Some(by) => {
                let how = format!("what this undo had brought back was taken back by the change set {by}");
                Err(Error::conflict("undo_taken_back", how))
            }
            None if self.course(undo)?.is_some_and(|course| !course.phase.is_over()) => {
                Err(Error::conflict("undo_under_way", "somebody is taking this undo back: wait for its end"))
            }
            None => Ok(()),
        }
    }

    /// Waits for whoever else takes this change set back, until this work ends.
    ///
    /// # Errors
    /// When the lock cannot be had in time.
    pub fn take_undo_turn(&mut self, set: Id) -> Result<()> {
        self.lock(&[LockKey::new(space::UNDO, set.0.as_bytes())])
    }

    /// One turn of it, over about `size` changes, under the rights that whoever asked has now.
    ///
    /// # Errors
    /// [`Error::NotFound`] where it was never begun; when the database fails.
    pub fn undo_turn(&mut self, set: Id, size: usize, services: &dyn Services) -> Result<Course> {
        self.take_undo_turn(set)?;
        let mut course = self.course(set)?.ok_or_else(|| Error::not_found("change_sets", set))?;
        if course.phase.is_over() {
            return Ok(course);
        }
        match course.by {
            None => self.take_turn(&mut course, size, services)?,
            Some(id) => match self.user(id)? {
                Some(user) => {
                    let user = User { scopes: course.scopes.clone(), ..user };
                    self.as_user(user, |work| work.take_turn(&mut course, size, services))?;
                }
                None => course.break_off(&Error::forbidden("account_closed", "the account was closed")),
            },
        }
        self.keep_course(&course)?;
        if !course.phase.is_over() {
            self.go_on_soon(set)?;
        }
        Ok(course)
    }

    fn go_on_soon(&mut self, set: Id) -> Result<()> {
        let now = self.now();
        self.enqueue(UNDO_JOB, Some(&format!("{UNDO_JOB}:{set}")), now, json!({"change_set": set}))
    }

    fn take_turn(&mut self, course: &mut Course, size: usize, services: &dyn Services) -> Result<()> {
        self.go_on(course.undone_by, door(&course.source));
        let window = self.window(course, size)?;
        if let Some((_, lowest)) = window.last() {
            let entries = self.whole_records(course, &window)?;
            if let Err(error) = self.go_through(course, &entries, services) {
                if !is_refusal(&error) {
                    return Err(error);
                }
                course.break_off(&error);
                return Ok(());
            }
            course.place = *lowest;
            course.done += i64::try_from(window.len()).unwrap_or(i64::MAX);
        }
        let is_through = window.len() < size;
        match course.phase {
            Phase::Checking if course.conflicts().len() >= TOLD => course.phase = Phase::Refused,
            Phase::Checking if is_through && !course.conflicts().is_empty() => course.phase = Phase::Refused,
            Phase::Checking if is_through => course.begin(Phase::Undoing),
            Phase::Undoing if is_through && course.undone_by.is_none() => course.break_off(&nothing_done(course)),
            Phase::Undoing if is_through => course.phase = Phase::Done,
            _ => {}
        }
        Ok(())
    }

    /// The next changes: their records and their places in the log, the last one first.
    fn window(&mut self, course: &Course, size: usize) -> Result<Vec<(Id, i64)>> {
        let sql = Sql::new("select c.record, c.seq from changes c where c.change_set = ").bind(course.set.0);
        let sql = sql.push(" and c.seq < ").bind(course.place).push(" order by c.seq desc limit ");
        let rows = self.rows(&sql.bind(i64::try_from(size).unwrap_or(i64::MAX)))?;
        rows.iter().map(|row| Ok((Id(row.uuid(0)?), row.int(1)?))).collect()
    }

    /// All that the change set did to the records of a window, in the order of the log. A record is gone back whole where
    /// its last change stands, so that it is judged by all that was done to it.
    fn whole_records(&mut self, course: &Course, window: &[(Id, i64)]) -> Result<Vec<Entry>> {
        let records: BTreeSet<Id> = window.iter().map(|(record, _)| *record).collect();
        // By its records, never by the change set, of which every turn would read all.
        let sql = Sql::new(COLUMNS).push("where c.record in ").bind_list(records.iter().map(|record| record.0));
        let sql = sql.push(" and c.seq >= ").bind(course.lines.0).push(" and c.seq <= ").bind(course.lines.1);
        let definitions = self.definitions().clone();
        let rows = self.rows(&sql.push(" order by c.seq"))?;
        let entries = rows.iter().map(|row| Entry::read(row, &definitions)).collect::<Result<Vec<_>>>()?;
        let own = entries.into_iter().filter(|entry| entry.change_set == course.set);
        let own: Vec<Entry> = own.collect();
        let last: BTreeMap<Id, i64> = own.iter().map(|entry| (entry.record, entry.sequence)).collect();
        let is_next = |entry: &Entry| last.get(&entry.record).is_some_and(|last| *last < course.place);
        Ok(own.into_iter().filter(is_next).collect())
    }

    fn go_through(&mut self, course: &mut Course, entries: &[Entry], services: &dyn Services) -> Result<()> {
        let set = self.change_set_of(course.set)?.ok_or_else(|| Error::not_found("change_sets", course.set))?;
        let mut plan = self.planned(set, entries)?;
        if self.is_service_made(&plan.undoing) {
            let how = "so many orders, payments and tickets are not taken back at once";
            return Err(Error::conflict("undo_too_large", how));
        }
        self.drop_what_stays(&mut plan, services)?;
        if course.phase == Phase::Checking {
            return self.check_turn(course, &mut plan);
        }
        self.leave_what_changed(course, &mut plan)?;
        self.bring_back_turn(course, &mut plan, services)?;
        if course.undone_by.is_none()
            && let Some(new) = self.change_set()
        {
            self.tie(new, course.set)?;
            course.undone_by = Some(new);
        }
        Ok(())
    }

    /// Gathers what stands in the way. Who wants to keep what has changed leaves also records that went to the bin or are
    /// gone.
    fn check_turn(&mut self, course: &mut Course, plan: &mut Plan) -> Result<()> {
        for place in plan.records() {
            let mut found = self.settle_record(plan, place, course.choice)?;
            if course.choice != Conflicts::Keep {
                found.truncate(TOLD.saturating_sub(course.told.conflicts.len()));
                self.tell_who(&mut found, &plan.undoing.touched)?;
                course.told.conflicts.append(&mut found);
            }
        }
        Ok(())
    }

    /// Leaves the records that changed after they were looked at.
    fn leave_what_changed(&mut self, course: &mut Course, plan: &mut Plan) -> Result<()> {
        for place in plan.records() {
            let code = match self.settle_record(plan, place, course.choice) {
                Ok(found) if found.is_empty() => continue,
                Ok(_) => "changed_since",
                Err(Error::Forbidden { code, .. }) => code,
                Err(error) => return Err(error),
            };
            leave(course, plan, place, code);
            plan.leave(place);
        }
        Ok(())
    }

    /// Brings the records of a turn back together, so that values change places. What stands in the way is left; where that
    /// is much, each record is brought back by itself.
    fn bring_back_turn(&mut self, course: &mut Course, plan: &mut Plan, services: &dyn Services) -> Result<()> {
        for _ in 0..TOGETHER {
            let mut reached = 0;
            match self.attempt(|work| work.bring_back(plan, None, services, &mut reached)) {
                Ok(()) => return Ok(()),
                Err(error) if !is_refusal(&error) => return Err(error),
                Err(error) => {
                    leave(course, plan, reached, &why(&error));
                    plan.leave(reached);
                }
            }
        }
        for place in plan.records().into_iter().rev() {
            match self.attempt(|work| work.bring_back(plan, Some(place), services, &mut 0)) {
                Ok(()) => {}
                Err(error) if !is_refusal(&error) => return Err(error),
                Err(error) => leave(course, plan, place, &why(&error)),
            }
        }
        Ok(())
    }
}

/// Why nothing was written.
fn nothing_done(course: &Course) -> Error {
    if course.left_count() > 0 {
        return Error::conflict("undo_conflict", "what this change left has changed since, or cannot stand again");
    }
    Error::conflict("nothing_to_undo", "everything is as it was before this change already")
}

fn leave(course: &mut Course, plan: &Plan, place: usize, code: &str) {
    if let Some(touched) = plan.undoing.touched.get(place) {
        course.leave(&touched.module.name, touched.id, code);
    }
}

/// Whether it says something about the record; what else fails is tried again.
fn is_refusal(error: &Error) -> bool {
    !matches!(error, Error::Db(_) | Error::Stranger)
}

fn why(error: &Error) -> String {
    match error {
        Error::Conflict { errors, .. } | Error::Invalid(errors) if !errors.is_empty() => {
            errors.first().map(|error| error.code.clone()).unwrap_or_default()
        }
        Error::Conflict { code, .. } | Error::Forbidden { code, .. } => (*code).to_owned(),
        _ => "invalid".to_owned(),
    }
}

/// The door by its name in the log.
fn door(source: &str) -> &'static str {
    ["api", "interface", "command"].into_iter().find(|door| *door == source).unwrap_or("job")
}
