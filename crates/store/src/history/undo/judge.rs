//! Whether the caller may bring a record back: the rights to make that change by hand, except that whoever could make a
//! move may take it back.

use std::collections::BTreeSet;

use model::field::SetBy;
use model::process::{By, Process};
use model::rights::Scope;
use model::{Actor, Id};
use serde_json::Value as Json;

use super::touched::{Stage, Touched};
use crate::error::{Error, Result};
use crate::history::value;
use crate::privacy::ERASED;
use crate::process::four_eyes;
use crate::work::Work;

impl Work<'_> {
    pub(super) fn judge_undo(&mut self, touched: &Touched) -> Result<()> {
        if self.is_erased_of(touched)? {
            return Err(Error::conflict("undo_of_erasure", ERASED));
        }
        let grant = self.grant(&touched.module);
        let stages = [touched.begin, touched.end];
        if stages.contains(&Stage::Gone) {
            let scope = if grant.purge { grant.delete } else { Scope::None };
            self.expect_reach(touched, scope, "purge_forbidden")?;
        } else if touched.begin != touched.end {
            self.expect_reach(touched, grant.delete, "delete_forbidden")?;
            self.expect_author_of(&touched.module, touched.id, "delete_forbidden")?;
        }
        if !touched.restores_fields() {
            return Ok(());
        }
        self.expect_reach(touched, grant.update, "update_forbidden")?;
        // To what it belongs no author says: a process moved it.
        if touched
            .fields
            .keys()
            .any(|name| touched.module.field(name).is_none_or(|field| field.set_by == SetBy::Anyone))
        {
            self.expect_author_of(&touched.module, touched.id, "update_forbidden")?;
        }
        let hidden = self.hidden_of(&touched.module, &BTreeSet::from([touched.id]))?;
        for (name, (before, after)) in &touched.fields {
            if hidden.hides(touched.id, name) {
                let message = "the change also touched fields that your roles do not see";
                return Err(Error::forbidden("undo_forbidden", message));
            }
            if grant.read_only.contains(name) {
                return Err(Error::forbidden("undo_forbidden", format!("your roles do not change {name:?}")));
            }
            let process = self.definitions().process(&touched.module.name);
            let Some(process) = process.filter(|process| process.field == *name).cloned() else { continue };
            if !may_move_back(self.actor(), &process, before, after) {
                return Err(Error::forbidden("transition_forbidden", "your roles may not take this move back"));
            }
            // What was looked at by a second person may have been changed since: they look again.
            if let Some(step) = takes_four_eyes(&process, after, before)
                && self.is_there(&touched.module, touched.id)?
            {
                let record = self.as_process(|work| work.get(&touched.module.name, touched.id))?;
                if !self.is_second(&process, &record)? {
                    return Err(four_eyes(&step));
                }
            }
        }
        Ok(())
    }

    /// Whether it was erased: a person, or what was theirs and was removed for good before.
    pub(super) fn is_erased_of(&mut self, touched: &Touched) -> Result<bool> {
        Ok(self.is_erased(&touched.module, touched.id)?
            || touched.end == Stage::Gone && self.erasure(touched.id)?.is_some())
    }

    /// Fails unless the record can be read and reached with `scope`.
    fn expect_reach(&mut self, touched: &Touched, scope: Scope, code: &'static str) -> Result<()> {
        let read = self.grant(&touched.module).read;
        let reached = if self.is_there(&touched.module, touched.id)? {
            self.reaches(&touched.module, touched.id, scope.min(read))?
        } else {
            self.reached_when_there(touched, scope.min(read))
        };
        if reached {
            return Ok(());
        }
        let message = format!("your roles may not do this with every record of {} in it", touched.module.name);
        Err(Error::forbidden(code, message))
    }

    /// What is gone is judged by the owner that it had.
    fn reached_when_there(&self, touched: &Touched, scope: Scope) -> bool {
        let owner = touched.fields.get("owner").and_then(|(before, _)| value::id(before));
        let (me, team) = match self.actor() {
            Actor::User(user) => (Some(user.id), user.teammates.clone()),
            Actor::System(_) | Actor::Public => (None, BTreeSet::<Id>::new()),
        };
        match scope {
            Scope::All => self.reads_all(&touched.module),
            Scope::None => false,
            Scope::Own => touched.module.owners && (owner.is_none() || owner == me),
            Scope::Team => {
                touched.module.owners && owner.is_none_or(|owner| Some(owner) == me || team.contains(&owner))
            }
        }
    }
}

/// The name of a move between two states that takes a second person.
fn takes_four_eyes(process: &Process, from: &Json, to: &Json) -> Option<String> {
    let (from, to) = (from.as_str()?, to.as_str()?);
    let mut all = process.transitions.iter().chain(&process.retired_transitions);
    let step = all.find(|step| step.four_eyes && step.to == to && step.from.iter().any(|start| start == from))?;
    Some(step.name.clone())
}

/// Whether `actor` could have made the move, or could make the one that leads back.
fn may_move_back(actor: &Actor, process: &Process, before: &Json, after: &Json) -> bool {
    let (Some(before), Some(after)) = (before.as_str(), after.as_str()) else { return true };
    let joins = |from: &str, to: &str| {
        // Those out of use as well: who could not make a move then takes none back now.
        let all = process.transitions.iter().chain(&process.retired_transitions);
        let moves = all.filter(|step| step.to == to && step.from.iter().any(|start| start == from));
        moves.map(|step| step.by.clone()).collect::<Vec<_>>()
    };
    let arrows = [joins(before, after), joins(after, before)].concat();
    let may = |by: &By| match by {
        By::Editor | By::Process => true,
        By::Roles(roles) => matches!(actor, Actor::System(_)) || roles.iter().any(|role| actor.has_role(role)),
    };
    arrows.is_empty() || arrows.iter().any(may)
}
