//! The stages that a record goes through, of all that its process has: a process can hold the roads of several pipelines, and a
//! record goes along one of them.

use std::collections::BTreeSet;

use jiff::Timestamp;
use model::process::{Phase, Process, State};
use model::{Id, Module};
use store::{Result, Work};

use crate::drawn::Walk;

/// The stages of the record's own road: those from which it can have come, and those that lie ahead. An end that was no success
/// is shown where it is the present one; nothing leads through an end, although records may come back from it.
pub(super) fn road<'p>(process: &'p Process, present: &str) -> Vec<&'p State> {
    let is_lost = |name: &str| process.state(name).is_some_and(|state| state.phase == Phase::Lost);
    let is_end = |name: &str| process.state(name).is_some_and(|state| state.phase != Phase::Open);
    let steps = || {
        process.transitions.iter().flat_map(|step| step.from.iter().map(move |from| (from.as_str(), step.to.as_str())))
    };
    let ahead = reached(present, || steps().filter(move |(from, _)| !is_end(from)));
    let behind = reached(present, || steps().filter(move |(from, _)| !is_end(from)).map(|(from, to)| (to, from)));
    let is_shown = |state: &&State| {
        let name = state.name.as_str();
        name == present || !state.retired && !is_lost(name) && (ahead.contains(name) || behind.contains(name))
    };
    process.states.iter().filter(is_shown).collect()
}

/// The stages in which a record has stood until a moment, by its own way: a stage that came later was never behind it. Nothing
/// for whoever does not see the stage.
pub(super) fn visited(
    work: &mut Work<'_>,
    process: Option<&Process>,
    (module, id): (&Module, Id),
    until: Timestamp,
) -> Result<BTreeSet<String>> {
    let Some(process) = process.filter(|process| !work.grant(module).hidden.contains(&process.field)) else {
        return Ok(BTreeSet::new());
    };
    let walk = Walk::read(work, process, module, id)?;
    let steps = walk.steps.into_iter().filter(|step| step.since <= until);
    // Of a very long way only the end is read: what lies before it counts as gone through.
    let all = process.states.iter().map(|state| state.name.clone()).filter(|_| walk.is_cut);
    Ok(steps.map(|step| step.state).chain(all).collect())
}

/// Everything that steps lead to.
fn reached<'p, I: Iterator<Item = (&'p str, &'p str)>>(start: &str, steps: impl Fn() -> I) -> BTreeSet<&'p str> {
    let mut found: BTreeSet<&str> = BTreeSet::new();
    loop {
        let is_new = |(from, to): &(&'p str, &'p str)| (*from == start || found.contains(from)) && !found.contains(to);
        let next: Vec<&str> = steps().filter(is_new).map(|(_, to)| to).collect();
        if next.is_empty() {
            return found;
        }
        found.extend(next);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::road;

    fn names(present: &str) -> Vec<String> {
        let label = json!({ "ru": "С", "en": "S" });
        let state = |(name, phase): (&str, &str)| json!({ "name": name, "label": label, "phase": phase });
        let step = |(from, to): (&[&str], &str)| json!({ "name": to, "label": label, "from": from, "to": to });
        let states = [("event", "open"), ("price", "open"), ("request", "open"), ("won", "won"), ("lost", "lost")];
        let steps: [(&[&str], &str); 6] = [
            (&["event"], "price"),
            (&["price"], "event"),
            (&["price", "request"], "won"),
            (&["event", "price", "request"], "lost"),
            (&["lost"], "request"),
            (&["won"], "price"),
        ];
        let process = serde_json::from_value(json!({
            "name": "deals", "label": label, "module": "deals", "initial": "event",
            "states": states.map(state), "transitions": steps.map(step),
        }));
        let process = process.unwrap();
        road(&process, present).into_iter().map(|state| state.name.clone()).collect()
    }

    #[test]
    fn a_record_sees_its_own_road_and_not_that_of_another_pipeline() {
        assert_eq!(names("event"), ["event", "price", "won"]);
        assert_eq!(names("price"), ["event", "price", "won"]);
        assert_eq!(names("request"), ["request", "won"]);
        assert_eq!(names("lost"), ["event", "price", "request", "lost"]);
        assert_eq!(names("won"), ["event", "price", "request", "won"]);
    }
}
