//! A new state put on the road: the move that led past the place where it stands leads there now, and on from there another
//! one of its name; the way back and the way to the ends of no success are the same from it.

use model::process::{By, Phase, Process, Transition};
use serde_json::{Map, Value as Json, json};

/// What is said of moves, in the form of the API, so that `new` stands between the state `after` and the next one. Nothing
/// where no move joins these two.
#[must_use]
pub fn on_the_road(process: &Process, new: &str, after: &str) -> Map<String, Json> {
    let mut said = Map::new();
    let mut road = process.states_in_use().skip_while(|state| state.name != after).skip(1);
    let Some(next) = road.next().map(|state| state.name.as_str()) else { return said };
    let pressed = || process.transitions.iter().filter(|step| step.by != By::Process);
    let joins = |step: &&Transition, from: &str, to: &str| step.from == [from] && step.to == to;
    let Some(onward) = pressed().find(|step| joins(step, after, next)) else { return said };
    said.insert(onward.key.clone(), json!({"to": new}));
    said.insert(format!("{}.{new}", onward.name), copied(onward, new, next));
    if let Some(back) = pressed().find(|step| joins(step, next, after)) {
        said.insert(back.key.clone(), json!({"to": new}));
        said.insert(format!("{}.{new}", back.name), copied(back, new, after));
    }
    let ends = |step: &&Transition| process.state(&step.to).is_some_and(|state| state.phase == Phase::Lost);
    for step in pressed().filter(|step| step.from.iter().any(|from| from == after)).filter(ends) {
        let from: Vec<&str> = step.from.iter().map(String::as_str).chain([new]).collect();
        said.insert(step.key.clone(), json!({"from": from}));
    }
    said
}

fn copied(step: &Transition, from: &str, to: &str) -> Json {
    json!({
        "label": step.label, "from": [from], "to": to, "by": step.by, "asks": step.asks, "guard": step.guard, "stamps": step.stamps,
        "four_eyes": step.four_eyes, "checklist": step.checklist,
    })
}
