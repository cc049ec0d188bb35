//! A large change set is taken back in turns that stay short, so that others write between them: first every record is
//! looked at, and only where nothing stands in the way the records are brought back, the last change first, under one new
//! change set. Each turn commits what it did together with how far that is: after a crash the next one goes on from there.

use std::collections::{BTreeMap, BTreeSet};

use model::Id;
use model::actor::User;
use serde_json::json;

use super::conflict::{Conflicts, Settled, TOLD};
use super::course::{Course, Phase};
use super::plan::Plan;
use super::{Services, nothing_done};
use crate::db::Sql;
use crate::error::{Error, Result};
use crate::history::entry::{COLUMNS, Entry};
use crate::work::Work;

/// The kind of the job that goes on with an undo; its payload is `{"change_set": ID}`.
pub const UNDO_JOB: &str = "undo";

/// How often a turn is begun anew without what stood in the way.
const TOGETHER: usize = 4;

impl Work<'_> {
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

    pub(super) fn go_on_soon(&mut self, set: Id) -> Result<()> {
        let now = self.now();
        self.enqueue(UNDO_JOB, Some(&format!("{UNDO_JOB}:{set}")), now, json!({"change_set": set}))
    }

    fn take_turn(&mut self, course: &mut Course, size: usize, services: &dyn Services) -> Result<()> {
        self.go_on(course.undone_by, door(&course.source));
        let window = self.window(course, size)?;
        if let Some((_, lowest)) = window.last() {
            if let Err(error) = self.go_through(course, &window, services) {
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
            Phase::Undoing if is_through && course.is_unwritten() => {
                let stays = course.left_count() + course.kept_count() > 0;
                course.break_off(&nothing_done(stays));
            }
            Phase::Undoing if is_through => course.phase = Phase::Done,
            _ => {}
        }
        Ok(())
    }

    /// The next changes: their records and their places in the log, the last one first.
    fn window(&mut self, course: &Course, size: usize) -> Result<Vec<(Id, i64)>> {
        let sql = Sql::new("select c.record, c.seq from changes c where c.change_set = ").bind(course.set.0);
        let sql = sql.push(" and c.seq < ").bind(course.place).push(" order by c.seq desc");
        let rows = self.rows(&sql.limit(size))?;
        rows.iter().map(|row| Ok((Id(row.uuid(0)?), row.int(1)?))).collect()
    }

    /// All that the change set did to the records of a window, in the order of the log. A record is gone back whole where
    /// its last change stands, so that it is judged by all that was done to it.
    pub(super) fn whole_records(&mut self, course: &Course, window: &[(Id, i64)]) -> Result<Vec<Entry>> {
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

    fn go_through(&mut self, course: &mut Course, window: &[(Id, i64)], services: &dyn Services) -> Result<()> {
        let mut plan = self.turn_plan(course, window)?;
        self.drop_what_stays(&mut plan, services)?;
        for place in self.drop_erased(&mut plan)? {
            if course.phase == Phase::Undoing {
                leave(course, &plan, place, "erased");
            }
        }
        if course.phase == Phase::Checking {
            return self.check_turn(course, &mut plan);
        }
        let mut kept = self.leave_what_changed(course, &mut plan)?;
        let back = self.bring_back_turn(course, &mut plan, services)?;
        kept.retain(|place| !back.left.contains(place));
        course.told.counts.0 += count(&back.written);
        course.told.counts.1 += count(&kept);
        self.note_change_set(course)
    }

    /// Leaves the records of people who were erased: one of them does not keep thousands of others from being taken back.
    pub(super) fn drop_erased(&mut self, plan: &mut Plan) -> Result<Vec<usize>> {
        let mut erased = Vec::new();
        for place in plan.records() {
            let Some(touched) = plan.undoing.touched.get(place).cloned() else { continue };
            if self.is_erased_of(&touched)? {
                plan.leave(place);
                erased.push(place);
            }
        }
        Ok(erased)
    }

    /// The first change set is tied to what it takes back; who takes over has one that goes on with that.
    fn note_change_set(&mut self, course: &mut Course) -> Result<()> {
        let Some(new) = self.change_set().filter(|_| course.undone_by.is_none()) else { return Ok(()) };
        if course.is_unwritten() {
            self.tie(new, course.set)?;
        }
        course.undone_by = Some(new);
        Ok(())
    }

    /// Gathers what stands in the way. Who wants to keep what has changed leaves also records that went to the bin or are
    /// gone.
    fn check_turn(&mut self, course: &mut Course, plan: &mut Plan) -> Result<()> {
        for place in plan.records() {
            let mut found = self.settle_record(plan, place, course.choice)?.conflicts;
            if course.choice != Conflicts::Keep {
                found.truncate(TOLD.saturating_sub(course.told.conflicts.len()));
                self.tell_who(&mut found, &plan.undoing.touched)?;
                course.told.conflicts.append(&mut found);
            }
        }
        Ok(())
    }

    /// Leaves the records that changed after they were looked at; answers those of which something is kept by choice.
    fn leave_what_changed(&mut self, course: &mut Course, plan: &mut Plan) -> Result<BTreeSet<usize>> {
        let mut kept = BTreeSet::new();
        for place in plan.records() {
            let code = match self.settle_record(plan, place, course.choice) {
                Ok(Settled { conflicts, is_kept }) if conflicts.is_empty() => {
                    if is_kept {
                        kept.insert(place);
                    }
                    continue;
                }
                Ok(_) => "changed_since",
                Err(Error::Forbidden { code, .. }) => code,
                Err(error) => return Err(error),
            };
            leave(course, plan, place, code);
            plan.leave(place);
        }
        Ok(kept)
    }

    /// Brings the records of a turn back together, so that values change places. What stands in the way is left; where that
    /// is much, each record is brought back by itself.
    fn bring_back_turn(&mut self, course: &mut Course, plan: &mut Plan, services: &dyn Services) -> Result<Turned> {
        let mut turned = Turned::default();
        for _ in 0..TOGETHER {
            let mut reached = 0;
            match self.attempt(|work| work.bring_back(plan, None, services, &mut reached)) {
                Ok(written) => {
                    turned.written = written;
                    return Ok(turned);
                }
                Err(error) if !is_refusal(&error) => return Err(error),
                Err(error) => {
                    leave(course, plan, reached, &why(&error));
                    turned.left.insert(reached);
                    plan.leave(reached);
                }
            }
        }
        for place in plan.records().into_iter().rev() {
            match self.attempt(|work| work.bring_back(plan, Some(place), services, &mut 0)) {
                Ok(written) => turned.written.extend(written),
                Err(error) if !is_refusal(&error) => return Err(error),
                Err(error) => {
                    leave(course, plan, place, &why(&error));
                    turned.left.insert(place);
                }
            }
        }
        Ok(turned)
    }
}

/// What became of the records of a turn.
#[derive(Default)]
struct Turned {
    /// To these something was written …
    written: BTreeSet<usize>,
    /// … and these could not be brought back.
    left: BTreeSet<usize>,
}

fn count(records: &BTreeSet<usize>) -> i64 {
    i64::try_from(records.len()).unwrap_or(i64::MAX)
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
