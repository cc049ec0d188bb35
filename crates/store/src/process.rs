//! The one judge of moves: who may make which from where. Whoever moves a record asks here.

use std::collections::BTreeSet;

use model::field::FieldType;
use model::process::{By, Phase, Process, Transition};
use model::{Actor, Id, Record};

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

    /// [`Work::open_transitions`] of many records of one module: a statement for each condition, and not for each record.
    ///
    /// # Errors
    /// As [`Work::open_transitions`].
    pub fn open_transitions_of<'p>(
        &mut self,
        process: &'p Process,
        records: &[Record],
    ) -> Result<Vec<Vec<&'p Transition>>> {
        let actor = self.actor().clone();
        let (mut pressed, mut held) = (Vec::new(), Vec::new());
        for transition in process.transitions.iter().filter(|transition| may_press(&actor, transition)) {
            held.push(self.holding(process, transition, records)?);
            pressed.push(transition);
        }
        let open = |record: &Record| {
            let state = record.text(&process.field).unwrap_or_default();
            let mut open: Vec<&Transition> = Vec::new();
            for (transition, held) in pressed.iter().zip(&held) {
                let starts = transition.from.iter().any(|from| from == state);
                let shadowed = open.iter().any(|other| other.name == transition.name);
                if starts && !shadowed && held.as_ref().is_none_or(|held| held.contains(&record.id)) {
                    open.push(transition);
                }
            }
            open
        };
        Ok(records.iter().map(open).collect())
    }

    /// Those of the records in the states where the move starts for which its condition holds; nothing where it has none.
    fn holding(
        &mut self,
        process: &Process,
        transition: &Transition,
        records: &[Record],
    ) -> Result<Option<BTreeSet<Id>>> {
        let Some(guard) = transition.guard.as_deref() else { return Ok(None) };
        let starts = |record: &&Record| {
            record.text(&process.field).is_some_and(|state| transition.from.iter().any(|from| from == state))
        };
        let ids: BTreeSet<Id> = records.iter().filter(starts).map(|record| record.id).collect();
        let plan = self.filter(&process.module, guard)?;
        let module = self.module(&process.module)?;
        let held = self.as_process(|work| {
            let condition = work.filter_sql(&module, &plan)?;
            work.ids_where(&module, &ids, condition)
        })?;
        Ok(Some(held))
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

    /// What is still missing before a record comes to a good end from where it stands: the moves that the caller could make
    /// then, with the fields that their conditions want. A condition over choices alone says which records a move is for.
    ///
    /// # Errors
    /// As [`Work::open_transitions`].
    pub fn held_up<'p>(&mut self, process: &'p Process, record: &Record) -> Result<Vec<(&'p Transition, Vec<String>)>> {
        let state = record.text(&process.field).unwrap_or_default();
        let ends_well = |step: &&Transition| process.state(&step.to).is_some_and(|to| to.phase == Phase::Won);
        let hidden = self.grant(&record.module).hidden;
        let mut held = Vec::new();
        for step in process.transitions_from(state).filter(ends_well) {
            let Some(guard) = step.guard.as_deref().filter(|_| may_press(self.actor(), step)) else { continue };
            let unmet = self.unmet(guard, record)?;
            let is_choice = |name: &String| record.module.field(name).is_some_and(|it| it.kind == FieldType::Choice);
            if unmet.is_empty() || unmet.iter().any(|fields| fields.iter().all(is_choice)) {
                continue;
            }
            let mut wanted: Vec<String> = unmet.into_iter().flatten().collect();
            wanted.retain(|name| !is_choice(name) && !hidden.contains(name));
            wanted.dedup();
            held.push((step, wanted));
        }
        Ok(held)
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
