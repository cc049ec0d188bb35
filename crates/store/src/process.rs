//! The one judge of moves: who may make which from where. Whoever moves a record asks here.

use model::process::{By, Process, Transition};
use model::{Actor, Record};

use crate::error::Result;
use crate::work::Work;

/// What was found of a move that somebody wants to make.
#[derive(Clone, Copy, Debug)]
pub enum Judged<'p> {
    /// It is open to them.
    Open(&'p Transition),
    /// It is theirs to make from here, and its condition does not hold.
    Guarded(&'p Transition),
    /// It leads from here, and is not theirs to make.
    NotTheirs,
    /// It does not lead from here.
    NotFromHere,
}

impl Work<'_> {
    /// The moves that the caller may make with a record now; of several with one name the first.
    ///
    /// # Errors
    /// When the database fails, or a guard does not fit the module.
    pub fn open_transitions<'p>(&mut self, process: &'p Process, record: &Record) -> Result<Vec<&'p Transition>> {
        let state = record.text(&process.field).unwrap_or_default();
        let mut open: Vec<&Transition> = Vec::new();
        for transition in process.transitions_from(state) {
            let shadowed = open.iter().any(|other| other.name == transition.name);
            if !shadowed && may_press(self.actor(), transition) && self.guard_holds(transition, record)? {
                open.push(transition);
            }
        }
        Ok(open)
    }

    /// Whether the caller may make the move called `name`: of several with one name the first whose condition holds.
    ///
    /// # Errors
    /// As [`Work::open_transitions`].
    pub fn judge<'p>(&mut self, process: &'p Process, record: &Record, name: &str) -> Result<Judged<'p>> {
        let state = record.text(&process.field).unwrap_or_default();
        let from_here = || process.transitions_from(state).filter(|transition| transition.name == name);
        let mut guarded = None;
        for transition in from_here() {
            if !may_press(self.actor(), transition) {
                continue;
            }
            if self.guard_holds(transition, record)? {
                return Ok(Judged::Open(transition));
            }
            guarded = guarded.or(Some(transition));
        }
        Ok(match guarded {
            Some(transition) => Judged::Guarded(transition),
            None if from_here().any(|transition| transition.by != By::Process) => Judged::NotTheirs,
            None => Judged::NotFromHere,
        })
    }

    fn guard_holds(&mut self, transition: &Transition, record: &Record) -> Result<bool> {
        transition.guard.as_deref().map_or(Ok(true), |guard| self.holds(guard, record))
    }
}

/// Whether `actor` may make the move at all, whatever its condition says.
fn may_press(actor: &Actor, transition: &Transition) -> bool {
    match (&transition.by, actor) {
        (_, Actor::System(_)) => true,
        (By::Process, _) => false,
        (By::Editor, _) => true,
        (By::Roles(roles), actor) => roles.iter().any(|role| actor.has_role(role)),
    }
}
