//! An act on many records is done turn by turn, each a change set of its own. On the page it is one act again, with one
//! button that takes all of it back.

use model::field::FieldType;
use model::{Definitions, Id, Module};
use store::{Act, ActPart};

use crate::pages::list::turn_of;

/// Turns of one act follow each other within so many seconds.
const BETWEEN: i64 = 30;

/// An act with all its turns.
pub(super) struct Turns {
    /// The newest of them.
    pub(super) act: Act,
    /// Their change sets, in order.
    pub(super) sets: Vec<Id>,
    /// What they did, module by module.
    pub(super) parts: Vec<ActPart>,
}

/// Puts turns together; acts come newest first, and so do these.
pub(super) fn joined(acts: Vec<Act>, definitions: &Definitions) -> Vec<Turns> {
    let mut all: Vec<Turns> = Vec::new();
    let mut oldest: Option<Act> = None;
    for act in acts {
        match (all.last_mut(), &oldest) {
            (Some(turns), Some(later)) if is_turn_before(&act, later, definitions) => {
                turns.sets.insert(0, act.set.id);
                for (part, before) in turns.parts.iter_mut().zip(&act.parts) {
                    part.records += before.records;
                }
                turns.act.is_more |= act.is_more;
            }
            _ => all.push(Turns { act: act.clone(), sets: vec![act.set.id], parts: by_module(&act.parts) }),
        }
        oldest = Some(act);
    }
    all
}

/// Records that were made and then changed are told once.
fn by_module(parts: &[ActPart]) -> Vec<ActPart> {
    let mut all: Vec<ActPart> = Vec::new();
    for part in parts {
        match all.iter_mut().find(|known| known.module == part.module) {
            Some(known) => known.records = known.records.max(part.records),
            None => all.push(part.clone()),
        }
    }
    all
}

/// Whether `act` was the turn before `later`: as full as a turn that others follow, and the same in everything.
fn is_turn_before(act: &Act, later: &Act, definitions: &Definitions) -> bool {
    let ([part], [next]) = (act.parts.as_slice(), later.parts.as_slice()) else { return false };
    let Some(module) = definitions.module(&part.module) else { return false };
    let seconds = later.set.at.as_second().saturating_sub(act.set.at.as_second());
    // Some records of a turn may have been refused.
    let is_full = part.records * 5 >= turn_of(module) * 4;
    is_full
        && (0..=BETWEEN).contains(&seconds)
        && (&part.module, &part.operation) == (&next.module, &next.operation)
        && act.set.source == "interface"
        && act.set.source == later.set.source
        && act.set.actor == later.set.actor
        && act.set.undoes.is_none()
        && later.set.undoes.is_none()
        && act.set.undone_by.is_some() == later.set.undone_by.is_some()
        && outcome(act, module) == outcome(later, module)
}

/// What was set, but for moments: each turn has its own.
fn outcome<'a>(act: &'a Act, module: &Module) -> Vec<(&'a str, &'a serde_json::Value)> {
    let is_moment = |name: &str| {
        let kind = module.field(name).map(|field| field.kind);
        matches!(kind, Some(FieldType::Date | FieldType::Datetime)) || name == "deleted_at"
    };
    let told = act.first.fields.iter().filter(|change| !is_moment(&change.field));
    told.map(|change| (change.field.as_str(), &change.after)).collect()
}
