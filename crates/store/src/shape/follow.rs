//! What records in flight make of a changed process: those of a state that goes move on, those without a state begin, those
//! that wait count their time anew. It is put on the queue in the transaction of the change, and done in turns that stay
//! short under one change set.

use model::process::Process;
use model::rule::Rule;
use model::{Definitions, Id};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::db::{Sql, Tx};
use crate::error::{Error, Result};
use crate::query::{List, Sort};
use crate::work::Work;
use crate::write::Draft;

/// The kind of the jobs that bring records after a changed process; their payload is a [`Following`].
pub const FOLLOW_JOB: &str = "processes.follow";

/// The door of what they write, as the log names it.
pub(crate) const DOOR: &str = "shape";

/// What records make of a changed process.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "what")]
pub enum Follow {
    /// Records in a state that is retired, or in none, go to another one.
    Move {
        /// Their module.
        module: String,
        /// The state; nothing for records without one.
        from: Option<String>,
        /// Where they go.
        to: String,
    },
    /// A timer is of another length, also for those who wait already.
    Timer {
        /// Their module.
        module: String,
        /// The timer.
        timer: String,
    },
    /// A rule runs after a while in a state, also for those who stand there already.
    Stay {
        /// Their module.
        module: String,
        /// The rule.
        rule: String,
    },
}

impl Follow {
    /// Makes it the only one of its kind on the queue.
    fn key(&self) -> String {
        match self {
            Self::Move { module, from, .. } => {
                format!("{FOLLOW_JOB}:move:{module}:{}", from.as_deref().unwrap_or_default())
            }
            Self::Timer { module, timer } => format!("{FOLLOW_JOB}:timer:{module}:{timer}"),
            Self::Stay { rule, .. } => format!("{FOLLOW_JOB}:stay:{rule}"),
        }
    }
}

/// The same with how far it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Following {
    /// What.
    pub follow: Follow,
    /// Who changed the process; nothing for the command line.
    pub by: Option<Id>,
    /// The change set of the first turn, under which the others go on.
    pub set: Option<Id>,
    /// Where the next turn begins.
    pub cursor: Option<String>,
}

/// What follows from a change, and how many records it concerns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Followed {
    /// What.
    pub follow: Follow,
    /// Records it concerns now.
    pub records: i64,
}

/// What follows where `present` becomes `wanted`.
pub(super) fn weighed(tx: &mut Tx, present: &Definitions, wanted: &Definitions) -> Result<Vec<Followed>> {
    let mut all = Vec::new();
    for process in wanted.processes() {
        // A module that is new, or called otherwise in the same moment, has nobody in flight.
        let Some(module) = present.module(&process.module) else { continue };
        let has_states = module.field(&process.field).is_some();
        for (follow, states) in of_process(present.process(&process.module).map(|process| &**process), process) {
            let records = standing(tx, process, has_states, &states)?;
            all.push(Followed { follow, records });
        }
    }
    for rule in wanted.running_rules() {
        let Some(stay) = rule.stay().filter(|_| !is_told(present, rule)) else { continue };
        let (Some(module), Some(process)) = (present.module(&rule.module), wanted.process(&rule.module)) else {
            continue;
        };
        let records = standing(tx, process, module.field(&process.field).is_some(), stay.states)?;
        let follow = Follow::Stay { module: rule.module.clone(), rule: rule.name.clone() };
        all.push(Followed { follow, records });
    }
    Ok(all)
}

/// Whether the same was said of a rule that ran before.
fn is_told(present: &Definitions, rule: &Rule) -> bool {
    let before = present.rule(&rule.name).filter(|before| before.active);
    before.is_some_and(|before| before.when == rule.when && before.module == rule.module)
}

/// What follows of one process, with the states of the records that it concerns; no state stands for those without one.
fn of_process(present: Option<&Process>, wanted: &Process) -> Vec<(Follow, Vec<String>)> {
    let module = || wanted.module.clone();
    let Some(present) = present else {
        let begin = Follow::Move { module: module(), from: None, to: wanted.initial.clone() };
        return vec![(begin, Vec::new())];
    };
    let mut all = Vec::new();
    for state in &wanted.states {
        let Some(to) = state.moves_to.clone() else { continue };
        let is_new = present.state(&state.name).is_none_or(|was| was.moves_to.as_ref() != Some(&to));
        if is_new {
            let follow = Follow::Move { module: module(), from: Some(state.name.clone()), to };
            all.push((follow, vec![state.name.clone()]));
        }
    }
    for timer in &wanted.timers {
        if present.timer(&timer.name).is_some_and(|was| was.after != timer.after) {
            all.push((Follow::Timer { module: module(), timer: timer.name.clone() }, timer.states.clone()));
        }
    }
    all
}

/// How many records in use stand in these states, or in none; all of them where the field of states is not there yet.
fn standing(tx: &mut Tx, process: &Process, has_states: bool, states: &[String]) -> Result<i64> {
    let sql = Sql::new("select count(*) from ").push_ident(&process.module)?.push(" where deleted_at is null");
    let sql = if !has_states {
        sql
    } else if states.is_empty() {
        sql.push(" and ").push_ident(&process.field)?.push(" is null")
    } else {
        sql.push(" and ").push_ident(&process.field)?.push(" in ").bind_list(states.iter().map(String::as_str))
    };
    Ok(tx.one(&sql)?.int(0)?)
}

impl Work<'_> {
    /// Puts on the queue what follows from a change that `by` made.
    pub(super) fn follow_soon(&mut self, followed: &[Followed], by: Option<Id>) -> Result<()> {
        for followed in followed.iter().filter(|followed| followed.records > 0) {
            self.go_on_following(&Following { follow: followed.follow.clone(), by, set: None, cursor: None })?;
        }
        Ok(())
    }

    /// Counts anew what is counted in working time: that is another one now.
    pub(crate) fn count_working_time_anew(&mut self) -> Result<()> {
        let (definitions, by) = (self.definitions().clone(), self.actor().id());
        for rule in definitions.running_rules() {
            // The others are counted by a zone, too, but what a day is long changes by an hour at most.
            if rule.stay().is_some_and(|stay| stay.is_working()) {
                let follow = Follow::Stay { module: rule.module.clone(), rule: rule.name.clone() };
                self.go_on_following(&Following { follow, by, set: None, cursor: None })?;
            }
        }
        Ok(())
    }

    /// Puts the next turn on the queue.
    ///
    /// # Errors
    /// When the database fails.
    pub fn go_on_following(&mut self, following: &Following) -> Result<()> {
        self.enqueue(FOLLOW_JOB, Some(&following.follow.key()), self.now(), json!(following))
    }

    /// Does a turn in the name of whoever changed the process, with the powers of the process: they were judged when they
    /// changed it. Answers where the next turn begins.
    ///
    /// # Errors
    /// Those of `turn`.
    pub fn follow_turn<T>(
        &mut self,
        following: &mut Following,
        turn: impl FnOnce(&mut Self) -> Result<T>,
    ) -> Result<T> {
        let user = following.by.map(|by| self.user(by)).transpose()?.flatten();
        self.go_on(following.set, DOOR);
        let done = match user {
            Some(user) => self.as_user(user, |work| work.as_process(turn)),
            None => self.as_process(turn),
        };
        following.set = self.change_set();
        done
    }

    /// The next records in a state, or in none, moved; answers where the next turn begins. A record that cannot be moved
    /// stays.
    ///
    /// # Errors
    /// When the database fails.
    pub fn move_on(
        &mut self,
        module: &str,
        from: Option<&str>,
        to: &str,
        cursor: Option<String>,
        limit: usize,
    ) -> Result<Option<String>> {
        let definitions = self.definitions().clone();
        // What was changed again meanwhile is not done any more.
        let Some(module) = definitions.module_or_former(module) else { return Ok(None) };
        let Some(process) = definitions.process(&module.name) else { return Ok(None) };
        let is_meant = match from {
            Some(from) => process.state(from).is_some_and(|state| state.moves_to.as_deref() == Some(to)),
            None => process.initial == to,
        };
        if !is_meant {
            return Ok(None);
        }
        let state = from.map_or_else(|| "null".to_owned(), |from| format!("{from:?}"));
        let filter = self.filter(&module.name, &format!("{} == {state}", process.field))?;
        let sort = vec![Sort { field: "id".to_owned(), descending: true }];
        let list = List { filter: Some(filter), sort, limit, cursor, ..List::default() };
        let page = self.list(&module.name, &list)?;
        for record in page.records {
            let draft = Draft::new().set(&process.field, to.to_owned());
            let moved = self.attempt(|work| {
                // Whoever moved it meanwhile has moved it.
                let held = work.hold_for_process(&module.name, record.id)?;
                if held.deleted_at.is_none() && held.text(&process.field) == from {
                    work.update(&module.name, record.id, draft, None)?;
                }
                Ok(())
            });
            match moved {
                Ok(()) => {}
                Err(error @ (Error::Db(_) | Error::Stranger)) => return Err(error),
                Err(error) => {
                    tracing::warn!(module = module.name, record = %record.id, %error, "a record stays in a retired state");
                }
            }
        }
        Ok(page.next)
    }
}
