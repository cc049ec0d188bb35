//! The model: processes as the API tells them, and what must come of a press by that alone.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;

use crate::world::Api;

/// Who makes a move.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum By {
    Process,
    Editor,
    Roles(Vec<String>),
}

/// One move.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    pub(crate) key: String,
    pub(crate) name: String,
    pub(crate) from: Vec<String>,
    pub(crate) to: String,
    pub(crate) by: By,
    pub(crate) asks: Vec<String>,
    pub(crate) guard: Option<String>,
    /// Keys of what must be ticked off.
    pub(crate) checklist: Vec<String>,
    pub(crate) four_eyes: bool,
}

impl Step {
    /// Whether everything on its check list is ticked off on a record.
    pub(crate) fn is_ticked(&self, record: &Json) -> bool {
        self.checklist
            .iter()
            .all(|key| record["checked_off"].as_array().is_some_and(|ticks| ticks.contains(&Json::from(key.as_str()))))
    }
}

/// One state.
#[derive(Clone, Debug)]
pub(crate) struct State {
    pub(crate) name: String,
    pub(crate) retired: bool,
    pub(crate) moves_to: Option<String>,
}

/// The process of one module.
#[derive(Clone, Debug)]
pub(crate) struct Table {
    pub(crate) name: String,
    pub(crate) module: String,
    pub(crate) field: String,
    pub(crate) initial: String,
    pub(crate) starts: Vec<(String, String)>,
    pub(crate) states: Vec<State>,
    pub(crate) steps: Vec<Step>,
}

/// Every process by its module.
pub(crate) type Tables = BTreeMap<String, Table>;

/// What must come of a press.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// The record stands there then.
    Moves(String),
    /// It stays as it is.
    Refused(u16, &'static str),
    /// It stays as it is, and these fields are named.
    Asks(Vec<String>),
}

/// How a press is judged by one state of the record.
pub(crate) enum Judged<'t> {
    Open(&'t Step),
    Refused(u16, &'static str),
}

/// Reads every process.
pub(crate) async fn tables(api: &Api) -> Tables {
    let all = api.get("/api/v1/meta/processes").await.expect(200);
    all["data"].as_array().unwrap().iter().map(read).map(|table| (table.module.clone(), table)).collect()
}

fn text(json: &Json) -> String {
    json.as_str().unwrap_or_else(|| panic!("no text: {json}")).to_owned()
}

fn texts(json: &Json) -> Vec<String> {
    json.as_array().into_iter().flatten().map(text).collect()
}

fn read(json: &Json) -> Table {
    let list = |name: &str| json[name].as_array().into_iter().flatten();
    Table {
        name: text(&json["name"]),
        module: text(&json["module"]),
        field: text(&json["field"]),
        initial: text(&json["initial"]),
        starts: list("starts").map(|start| (text(&start["when"]), text(&start["state"]))).collect(),
        states: list("states")
            .map(|state| State {
                name: text(&state["name"]),
                retired: state["retired"] == true,
                moves_to: state["moves_to"].as_str().map(str::to_owned),
            })
            .collect(),
        steps: list("transitions").map(step).collect(),
    }
}

fn step(json: &Json) -> Step {
    let by = match (json["by"].as_str(), &json["by"]["roles"]) {
        (Some("process"), _) => By::Process,
        (Some("editor"), _) => By::Editor,
        (None, Json::Array(_)) => By::Roles(texts(&json["by"]["roles"])),
        _ => panic!("who makes {json}?"),
    };
    Step {
        key: text(&json["key"]),
        name: text(&json["name"]),
        from: texts(&json["from"]),
        to: text(&json["to"]),
        by,
        asks: texts(&json["asks"]),
        guard: json["guard"].as_str().map(str::to_owned),
        checklist: json["checklist"].as_array().into_iter().flatten().map(|check| text(&check["key"])).collect(),
        four_eyes: json["four_eyes"] == true,
    }
}

impl Table {
    pub(crate) fn state(&self, name: &str) -> Option<&State> {
        self.states.iter().find(|state| state.name == name)
    }

    /// The moves of a name that start from a state.
    pub(crate) fn called<'t>(&'t self, name: &'t str, state: &'t str) -> impl Iterator<Item = &'t Step> {
        self.steps.iter().filter(move |step| step.name == name && step.from.iter().any(|from| from == state))
    }

    /// Every pair of states that one move joins.
    pub(crate) fn edges(&self) -> BTreeSet<(String, String)> {
        let all = self.steps.iter().flat_map(|step| step.from.iter().map(|from| (from.clone(), step.to.clone())));
        all.collect()
    }

    /// Whether moves lead from one state to another, over any number of others.
    pub(crate) fn leads(&self, from: &str, to: &str) -> bool {
        let edges = self.edges();
        let mut reached = BTreeSet::from([from.to_owned()]);
        loop {
            let further = edges.iter().filter(|(start, end)| reached.contains(start) && !reached.contains(end));
            let fresh: Vec<String> = further.map(|(_, end)| end.clone()).collect();
            if fresh.is_empty() {
                return reached.contains(to);
            }
            reached.extend(fresh);
        }
    }

    /// What comes of a press on a record that stands in `state`, by somebody of these roles: the first move of the name that
    /// is theirs and whose condition holds. `holds` says of a move whether it does, `is_second` whether they are the second
    /// person to the record.
    pub(crate) fn judge<'t>(
        &'t self,
        (name, state): (&'t str, &'t str),
        roles: &[String],
        holds: impl Fn(&Step) -> bool,
        is_second: bool,
    ) -> Judged<'t> {
        let (mut guarded, mut takes_another) = (false, false);
        for step in self.called(name, state) {
            let is_theirs = match &step.by {
                By::Process => false,
                By::Editor => true,
                By::Roles(wanted) => wanted.iter().any(|role| roles.contains(role)),
            };
            match is_theirs {
                false => {}
                true if !holds(step) => guarded = true,
                true if step.four_eyes && !is_second => takes_another = true,
                true => return Judged::Open(step),
            }
        }
        let is_somebodys = self.called(name, state).any(|step| step.by != By::Process);
        match (takes_another, guarded, is_somebodys) {
            (true, ..) => Judged::Refused(403, "four_eyes"),
            (_, true, _) => Judged::Refused(409, "invalid_transition"),
            (_, _, true) => Judged::Refused(403, "transition_forbidden"),
            _ => Judged::Refused(409, "invalid_transition"),
        }
    }
}
