//! The actions of the form: each has controls of its own, `then.0.do` and those of its kind, and stands in an order that people
//! make by buttons, without script.

use std::collections::BTreeMap;

use crate::pages::settings::mover::step;
use crate::ui::typed::Typed;

/// What the names of their controls begin with.
const PREFIX: &str = "then.";
/// Actions that a form may hold: more than a rule may have, so that too many are told and not lost.
const MOST: usize = 100;

/// The id of an action, and what the names of its controls begin with.
pub(super) fn id(place: usize) -> String {
    format!("{PREFIX}{place}")
}

/// The actions in their order, each with its controls by the names that they have within it.
pub(super) fn all(typed: &Typed) -> Vec<Typed> {
    let mut steps: BTreeMap<usize, Typed> = BTreeMap::new();
    for (name, text) in typed.pairs() {
        let within = name.strip_prefix(PREFIX).and_then(|rest| rest.split_once('.'));
        let Some((place, key)) = within.and_then(|(place, key)| Some((place.parse::<usize>().ok()?, key))) else {
            continue;
        };
        if place < MOST {
            steps.entry(place).or_default().add(key, text);
        }
    }
    steps.into_values().collect()
}

/// The form with other actions.
pub(super) fn with(typed: &Typed, steps: &[Typed]) -> Typed {
    let mut whole = Typed::default();
    for (name, text) in typed.pairs().iter().filter(|(name, _)| !name.starts_with(PREFIX)) {
        whole.add(name, text);
    }
    for (place, step) in steps.iter().enumerate() {
        for (key, text) in step.pairs() {
            whole.add(&format!("{}.{key}", id(place)), text);
        }
    }
    whole
}

/// The form as a button of the list has made it; nothing where none was pressed.
pub(super) fn pressed(typed: &Typed) -> Option<Typed> {
    let (what, place) = typed.get("do")?.split_once(':')?;
    let (mut steps, at) = (all(typed), place.parse::<usize>().unwrap_or(MOST));
    match what {
        "add" if steps.len() < MOST => {
            let mut new = Typed::default();
            new.set("do", typed.text("add"));
            steps.push(new);
        }
        "remove" if at < steps.len() => drop(steps.remove(at)),
        "up" | "down" => step(&mut steps, at, what == "up"),
        _ => {}
    }
    Some(with(typed, &steps))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(pressed: &str) -> Typed {
        let mut typed = Typed::default();
        for (name, text) in [
            ("if", "x"),
            ("then.0.do", "letter"),
            ("then.0.to", "email"),
            ("then.2.do", "notify"),
            ("then.2.to", "owner"),
            ("then.2.to", "role:head"),
            ("then.x.do", "wait"),
            ("add", "wait"),
            ("do", pressed),
        ] {
            typed.add(name, text);
        }
        typed
    }

    #[test]
    fn actions_are_added_removed_and_moved_with_what_was_typed() {
        let kinds = |typed: &Typed| all(typed).iter().map(|step| step.text("do").to_owned()).collect::<Vec<_>>();
        assert_eq!(kinds(&form("")), ["letter", "notify"]);
        assert!(pressed(&form("")).is_none(), "nothing was pressed");
        let added = pressed(&form("add:")).unwrap();
        assert_eq!(kinds(&added), ["letter", "notify", "wait"]);
        assert_eq!((added.text("if"), added.text("then.0.to")), ("x", "email"));
        assert_eq!(added.all("then.1.to").collect::<Vec<_>>(), ["owner", "role:head"]);
        assert_eq!(kinds(&pressed(&form("up:1")).unwrap()), ["notify", "letter"]);
        assert_eq!(kinds(&pressed(&form("down:0")).unwrap()), ["notify", "letter"]);
        assert_eq!(kinds(&pressed(&form("up:0")).unwrap()), ["letter", "notify"]);
        assert_eq!(kinds(&pressed(&form("remove:0")).unwrap()), ["notify"]);
        assert_eq!(kinds(&pressed(&form("remove:7")).unwrap()), ["letter", "notify"]);
    }
}
