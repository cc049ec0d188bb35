//! An undo in turns begins, or goes on where it had stopped. What can be refused is refused here, before anything is under way.

use model::{Actor, Id};

use super::conflict::Conflicts;
use super::course::{Course, Phase};
use super::plan::Plan;
use super::{Services, too_large};
use crate::db::Sql;
use crate::error::{Error, Result};
use crate::work::Work;

impl Work<'_> {
    /// Begins to take a change set back in turns, or answers how far that is where it was begun. What was refused begins
    /// anew; what has stopped goes on. What was taken back and done again is taken back by the undo that did it again.
    ///
    /// # Errors
    /// As [`Work::undo`] before anything is written; [`Error::Conflict`] with `undo_chosen_otherwise` where it is under way
    /// by another choice, and with `undo_of_another` where what somebody else began has stopped and the caller does not
    /// administer.
    pub fn begin_undo(&mut self, set: Id, choice: Conflicts, services: &dyn Services) -> Result<Course> {
        let set = self.take_undo_target(set)?;
        let known = self.seen_change_set(set)?;
        let (new, samples) = self.new_course(set, choice)?;
        let course = match self.course(set)? {
            Some(before) if !before.phase.is_over() => return self.followed(before, choice),
            Some(before) if before.phase == Phase::Stopped => {
                self.expect_to_go_on(&before)?;
                before.gone_on_with(new)
            }
            _ => {
                self.expect_standing(&known)?;
                new
            }
        };
        self.expect_allowed(&course, &samples, services)?;
        self.keep_course(&course)?;
        self.go_on_soon(set)?;
        Ok(course)
    }

    /// How far it is, for whoever asks again while it is under way.
    fn followed(&mut self, mut course: Course, choice: Conflicts) -> Result<Course> {
        if !self.may_follow(&course) {
            return Err(Error::conflict("undo_under_way", "somebody is taking this change back already"));
        }
        if choice != Conflicts::Refuse && choice != course.choice {
            let how = format!(
                "this undo is under way, and goes by the choice {:?} that it began with: wait for its end",
                course.choice.name()
            );
            return Err(Error::conflict("undo_chosen_otherwise", how));
        }
        self.cover_conflicts(&mut course)?;
        Ok(course)
    }

    /// Fails unless a stopped undo can go on: by whoever began it or who administers, while all that it has brought back
    /// so far stands.
    fn expect_to_go_on(&mut self, course: &Course) -> Result<()> {
        if !self.may_follow(course) {
            let how = "only whoever began this undo, and administrators, go on with it";
            return Err(Error::conflict("undo_of_another", how));
        }
        for undo in course.change_sets() {
            self.take_undo_turn(undo)?;
            if let Some(by) = self.change_set_of(undo)?.and_then(|undo| undo.undone_by) {
                let how = format!("what this undo had brought back was taken back by the change set {by}");
                return Err(Error::conflict("undo_taken_back", how));
            }
            if self.course(undo)?.is_some_and(|course| !course.phase.is_over()) {
                return Err(Error::conflict("undo_under_way", "somebody is taking this undo back: wait for its end"));
            }
        }
        Ok(())
    }

    /// Fails where it would be refused anyway: judges the last record of each kind of change, as its turn would.
    fn expect_allowed(&mut self, course: &Course, samples: &[i64], services: &dyn Services) -> Result<()> {
        let sql = Sql::new("select c.record, c.seq from changes c where c.seq in ").bind_list(samples.iter().copied());
        let rows = self.rows(&sql)?;
        let window = rows.iter().map(|row| Ok((Id(row.uuid(0)?), row.int(1)?))).collect::<Result<Vec<_>>>()?;
        let mut plan = self.turn_plan(course, &window)?;
        self.drop_what_stays(&mut plan, services)?;
        self.drop_erased(&mut plan)?;
        for place in plan.records() {
            let Some(touched) = plan.undoing.touched.get(place).cloned() else { continue };
            self.judge_undo(&touched)?;
        }
        Ok(())
    }

    /// How the records of a window of lines are gone back.
    pub(super) fn turn_plan(&mut self, course: &Course, window: &[(Id, i64)]) -> Result<Plan> {
        let entries = self.whole_records(course, window)?;
        let set = self.change_set_of(course.set)?.ok_or_else(|| Error::not_found("change_sets", course.set))?;
        let plan = self.planned(set, &entries)?;
        if self.is_service_made(&plan.undoing) { Err(too_large()) } else { Ok(plan) }
    }

    /// The course of an undo that the caller begins, and the last line of each kind of change.
    fn new_course(&mut self, set: Id, choice: Conflicts) -> Result<(Course, Vec<i64>)> {
        let sql = Sql::new("select min(seq), max(seq), count(*) from changes where change_set = ").bind(set.0);
        let rows = self.rows(&sql.push(" group by module, operation"))?;
        let (mut first, mut samples, mut total) = (i64::MAX, Vec::new(), 0);
        for row in &rows {
            first = first.min(row.int(0)?);
            samples.push(row.int(1)?);
            total += row.int(2)?;
        }
        let last = samples.iter().copied().max().unwrap_or_default();
        let scopes = match self.actor() {
            Actor::User(user) => user.scopes.clone(),
            Actor::System(_) | Actor::Public => Vec::new(),
        };
        let course = Course {
            set,
            by: self.actor().id(),
            phase: Phase::Checking,
            choice,
            done: 0,
            total,
            undone_by: None,
            begun_at: self.now(),
            scopes,
            source: self.origin().source.to_owned(),
            lines: (first, last),
            place: i64::MAX,
            told: super::course::Told::default(),
        };
        Ok((course, samples))
    }
}
