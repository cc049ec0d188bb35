//! The one judge of moves: who may make which from where. Whoever moves a record asks here.

use std::collections::BTreeSet;

use model::field::FieldType;
use model::process::analysis::{Finding, analyse};
use model::process::{By, Phase, Process, Transition};
use model::rights::Scope;
use model::{Actor, Id, Record};

use crate::db::Sql;
use crate::error::{Error, Result};
use crate::work::Work;

/// What was found of a move that somebody wants to make.
#[derive(Clone, Copy, Debug)]
pub enum Judged<'p> {
    /// It is open to them.
    Open(&'p Transition),
    /// It is theirs to make from here, and its condition does not hold.
    Guarded(&'p Transition),
    /// It takes a second person: they made the record, own it or brought it where it stands, or are no person.
    FourEyes(&'p Transition),
    /// It leads from here, and is not theirs to make.
    NotTheirs,
    /// It does not lead from here.
    NotFromHere,
}

/// What a condition wants.
pub(crate) enum Wanting {
    /// It holds.
    Nothing,
    /// It is for other records: a choice of this one says so.
    Another,
    /// These fields, as far as the caller sees them.
    Wants(Vec<String>),
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
            if !shadowed
                && may_press(self.actor(), transition)
                && self.guard_holds(transition, record)?
                && (!transition.four_eyes || self.is_second(process, record)?)
            {
                open.push(transition);
            }
        }
        Ok(open)
    }

    /// The moves that the caller could make if they were somebody else: what takes a second person.
    ///
    /// # Errors
    /// As [`Work::open_transitions`].
    pub fn four_eyes_transitions<'p>(&mut self, process: &'p Process, record: &Record) -> Result<Vec<&'p Transition>> {
        let state = record.text(&process.field).unwrap_or_default();
        let wanted = process.transitions_from(state).filter(|transition| transition.four_eyes);
        let mut closed = Vec::new();
        for transition in wanted {
            if may_press(self.actor(), transition)
                && self.guard_holds(transition, record)?
                && !self.is_second(process, record)?
            {
                closed.push(transition);
            }
        }
        Ok(closed)
    }

    /// The next change of a record is this move of its process, by its address or its name: the log keeps it, and rules that wait
    /// for it are set off. What nobody says is worked out from the states, where one move alone leads so. What was said first stays:
    /// who pressed a move knows better than the service that makes it.
    pub fn makes(&mut self, record: &Record, step: &str) {
        self.making.entry(record.id).or_insert_with(|| step.to_owned());
    }

    /// The move that a change of a record which begins now was said to be.
    pub(crate) fn step_of(&mut self, before: &Record) -> Option<String> {
        let said = self.making.remove(&before.id)?;
        let process = self.definitions().process(&before.module.name)?;
        let made = process.made(Some(&said), before.text(&process.field), None)?;
        Some(made.key.clone())
    }

    /// Whether the caller is a person who has not made the record, has not brought it where it stands, and neither owns it nor
    /// has owned it or given it away since: else a record would be given away for a moment.
    pub(crate) fn is_second(&mut self, process: &Process, record: &Record) -> Result<bool> {
        let Some(me) = self.actor().id() else { return Ok(false) };
        if record.created_by == Some(me) || record.owner == Some(me) {
            return Ok(false);
        }
        let stand = self.stands_since(record, process, None)?;
        if stand.as_ref().is_some_and(|stand| stand.actor == Some(me)) {
            return Ok(false);
        }
        let since = stand.map_or(0, |stand| stand.version);
        Ok(!self.gave_away(record, me, since)?)
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
        let mut all: Vec<Vec<&Transition>> = records.iter().map(open).collect();
        for (open, record) in all.iter_mut().zip(records) {
            // Few moves take two people; only where one is open it is asked who was the first.
            if open.iter().any(|transition| transition.four_eyes) && !self.is_second(process, record)? {
                *open = self.open_transitions(process, record)?;
            }
        }
        Ok(all)
    }

    /// Those of the records in the states where the move starts for which its condition holds; nothing where it has none.
    fn holding(
        &mut self,
        process: &Process,
        transition: &Transition,
        records: &[Record],
    ) -> Result<Option<BTreeSet<Id>>> {
        let Some(guard) = transition.condition() else { return Ok(None) };
        let starts = |record: &&Record| {
            record.text(&process.field).is_some_and(|state| transition.from.iter().any(|from| from == state))
        };
        let ids: BTreeSet<Id> = records.iter().filter(starts).map(|record| record.id).collect();
        let plan = self.filter(&process.module, &guard)?;
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
        let (mut guarded, mut first) = (None, None);
        for transition in from_here() {
            if !may_press(self.actor(), transition) {
                continue;
            }
            if !self.guard_holds(transition, record)? {
                guarded = guarded.or(Some(transition));
            } else if transition.four_eyes && !self.is_second(process, record)? {
                first = first.or(Some(transition));
            } else {
                return Ok(Judged::Open(transition));
            }
        }
        Ok(match (first, guarded) {
            (Some(transition), _) => Judged::FourEyes(transition),
            (None, Some(transition)) => Judged::Guarded(transition),
            (None, None) if from_here().any(|transition| transition.by != By::Process) => Judged::NotTheirs,
            (None, None) => Judged::NotFromHere,
        })
    }

    /// What is still missing before a record goes on from where it stands: the moves that the caller could make then, with
    /// the fields that their conditions want. A condition over choices alone says which records a move is for.
    ///
    /// # Errors
    /// As [`Work::open_transitions`].
    pub fn held_up<'p>(&mut self, process: &'p Process, record: &Record) -> Result<Vec<(&'p Transition, Vec<String>)>> {
        let state = record.text(&process.field).unwrap_or_default();
        self.held_up_in(process.transitions_from(state), record)
    }

    /// The same of every good end that lies ahead, from whichever stage: nothing once the record has come to its end.
    ///
    /// # Errors
    /// As [`Work::open_transitions`].
    pub fn held_up_ahead<'p>(
        &mut self,
        process: &'p Process,
        record: &Record,
    ) -> Result<Vec<(&'p Transition, Vec<String>)>> {
        let state = process.state(record.text(&process.field).unwrap_or_default());
        if state.is_none_or(|state| state.phase != Phase::Open) {
            return Ok(Vec::new());
        }
        let ends_well = |step: &&Transition| process.state(&step.to).is_some_and(|to| to.phase == Phase::Won);
        self.held_up_in(process.transitions.iter().filter(ends_well), record)
    }

    fn held_up_in<'p>(
        &mut self,
        steps: impl Iterator<Item = &'p Transition>,
        record: &Record,
    ) -> Result<Vec<(&'p Transition, Vec<String>)>> {
        let mut held = Vec::new();
        for step in steps {
            if !may_press(self.actor(), step) {
                continue;
            }
            if let Wanting::Wants(wanted) = self.wanting(step, record)? {
                held.push((step, wanted));
            }
        }
        Ok(held)
    }

    /// What is wrong or odd in a process, by what is defined and by who there is.
    ///
    /// # Errors
    /// When the database fails.
    pub fn findings(&mut self, process: &Process) -> Result<Vec<Finding>> {
        let mut found = analyse(process, self.definitions());
        let is_led = |transition: &Transition| transition.four_eyes || matches!(transition.by, By::Roles(_));
        if process.transitions.iter().any(is_led) {
            let people = self.who_may_change(process)?;
            for (transition, step) in process.transitions.iter().enumerate().filter(|(_, step)| is_led(step)) {
                let nobody = Finding::Nobody { transition };
                match people.iter().filter(|user| may_press(user, step)).count() {
                    0 if found.contains(&nobody) => {}
                    0 if matches!(step.by, By::Roles(_)) => found.push(nobody),
                    0 | 1 if step.four_eyes => found.push(Finding::FourEyesAlone { transition }),
                    _ => {}
                }
            }
        }
        found.sort();
        Ok(found)
    }

    /// The users in force whose roles may change records of the process.
    fn who_may_change(&mut self, process: &Process) -> Result<Vec<Actor>> {
        let mut people = Vec::new();
        for row in self.rows(&Sql::new("select id from users where active order by id"))? {
            let Some(user) = self.user(Id(row.uuid(0)?))? else { continue };
            let user = Actor::User(Box::new(user));
            if user.grant(self.definitions(), &process.module).update != Scope::None {
                people.push(user);
            }
        }
        Ok(people)
    }

    /// What the condition of a move wants of a record.
    pub(crate) fn wanting(&mut self, step: &Transition, record: &Record) -> Result<Wanting> {
        let Some(guard) = step.condition() else { return Ok(Wanting::Nothing) };
        let unmet = self.unmet(&guard, record)?;
        let is_choice = |name: &String| record.module.field(name).is_some_and(|it| it.kind == FieldType::Choice);
        if unmet.is_empty() {
            return Ok(Wanting::Nothing);
        }
        if unmet.iter().any(|fields| fields.iter().all(is_choice)) {
            return Ok(Wanting::Another);
        }
        let hidden = self.grant(&record.module).hidden;
        let mut wanted: Vec<String> = unmet.into_iter().flatten().collect();
        wanted.retain(|name| !is_choice(name) && !hidden.contains(name));
        wanted.dedup();
        Ok(Wanting::Wants(wanted))
    }

    /// The fields over which the condition of a move does not hold, as far as the caller sees them.
    ///
    /// # Errors
    /// As [`Work::open_transitions`].
    pub fn held_up_by(&mut self, step: &Transition, record: &Record) -> Result<Vec<String>> {
        let Some(guard) = step.condition() else { return Ok(Vec::new()) };
        let mut wanted: Vec<String> = self.unmet(&guard, record)?.into_iter().flatten().collect();
        let hidden = self.grant(&record.module).hidden;
        wanted.retain(|name| !hidden.contains(name));
        wanted.dedup();
        Ok(wanted)
    }

    /// Whether the condition of a move holds.
    ///
    /// # Errors
    /// As [`Work::open_transitions`].
    pub fn guard_holds(&mut self, transition: &Transition, record: &Record) -> Result<bool> {
        transition.condition().map_or(Ok(true), |guard| self.holds(&guard, record))
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

/// The refusal of a move that takes a second person.
#[must_use]
pub fn four_eyes(name: &str) -> Error {
    let why = "whoever made the record, owns it or brought it to this stage does not make it, and no rule does: somebody else must";
    Error::forbidden("four_eyes", format!("{name:?} takes four eyes: {why}"))
}
