//! A process: the states of a module's records, the moves between them, and what waits for time to pass.

pub mod analysis;

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::Label;
use crate::field::ChoiceOption;

/// Where a state stands in the life of a record.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Work goes on.
    #[default]
    Open,
    /// Ended well.
    Won,
    /// Ended otherwise.
    Lost,
}

/// One state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct State {
    /// Stable name, the value of the governed field.
    pub name: String,
    /// What people read.
    pub label: Label,
    /// How it is shown: `good`, `warn`, `bad`, `cold`, `acc`, or nothing.
    #[serde(default)]
    pub colour: String,
    /// Open, won or lost.
    #[serde(default)]
    pub phase: Phase,
    /// Out of use: no move leads there any more, and records that stand there leave by the moves that lead away.
    #[serde(default, skip_serializing_if = "is_false")]
    pub retired: bool,
    /// Where the records of a retired state go; where nothing is said they stay until somebody moves them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moves_to: Option<String>,
}

/// Who may press a transition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// Nobody: it happens by money, time or another record.
    Process,
    /// Whoever may change the record.
    Editor,
    /// Only these roles (who must be allowed to change the record as well).
    Roles(Vec<String>),
}

/// Something that is ticked off on a record before a move is made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Check {
    /// Stable name: what a tick is kept by. Moves that name the same one share the tick.
    pub key: String,
    /// What people read.
    pub label: Label,
}

/// The field that holds what is ticked off, of every module whose process has a check list.
pub const CHECKED: &str = "checked_off";

/// One move.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Transition {
    /// Stable name, the last part of its address.
    pub name: String,
    /// What the button says.
    pub label: Label,
    /// The states it starts from.
    pub from: Vec<String>,
    /// The state it leads to; a typed service may lead elsewhere (an order revived with its money is paid at once).
    pub to: String,
    /// Who presses it.
    #[serde(default = "by_editor")]
    pub by: By,
    /// Fields that must be filled, here or before.
    #[serde(default)]
    pub asks: Vec<String>,
    /// An expression over the record that must hold.
    #[serde(default)]
    pub guard: Option<String>,
    /// What must be ticked off on the record before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub checklist: Vec<Check>,
    /// Whether it takes a second person: whoever made the record, owns it or brought it where it stands does not make it.
    #[serde(default, skip_serializing_if = "is_false")]
    pub four_eyes: bool,
    /// Fields that keep when it was made last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stamps: Vec<String>,
    /// Out of use: nobody makes it, until it comes back.
    #[serde(default, skip_serializing_if = "is_false")]
    pub retired: bool,
    /// What it is addressed by, found when the packs are joined: its name where no other move has it, else with the first
    /// state it starts from, else with the state it leads to as well (`advance.event`); never part of a file.
    #[serde(default, skip_deserializing, skip_serializing_if = "String::is_empty")]
    pub key: String,
}

impl Transition {
    /// Whether it is meant by a word: what it is addressed by, or its name.
    #[must_use]
    pub fn is_called(&self, word: &str) -> bool {
        self.key == word || self.name == word
    }

    /// What must hold of a record: its guard, and that everything on its check list is ticked off.
    #[must_use]
    pub fn condition(&self) -> Option<Cow<'_, str>> {
        if self.checklist.is_empty() {
            return self.guard.as_deref().map(Cow::Borrowed);
        }
        let guard = self.guard.iter().map(|guard| format!("({guard})"));
        let ticks = self.checklist.iter().map(|check| format!("{:?} in {CHECKED}", check.key));
        Some(Cow::Owned(guard.chain(ticks).collect::<Vec<_>>().join(" && ")))
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
fn is_false(flag: &bool) -> bool {
    !flag
}

fn by_editor() -> By {
    By::Editor
}

/// Where records of some kind start.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Start {
    /// An expression over the new record.
    pub when: String,
    /// The state in which it starts when that holds.
    pub state: String,
}

/// How long a typed service waits with records in a state. What else is to happen after a while there is a rule's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Timer {
    /// Stable name.
    pub name: String,
    /// The states in which it runs.
    pub states: Vec<String>,
    /// How long, ISO 8601, unless the record, its ticket types, its event or the workspace say otherwise.
    pub after: String,
}

/// The timers that typed services obey, by module.
const OBEYED: [(&str, &str); 3] = [("orders", "payment_wait"), ("orders", "debt_wait"), ("orders", "offer_wait")];

impl Timer {
    /// Whether a typed service obeys it; of another nothing would ever come.
    #[must_use]
    pub fn is_obeyed(module: &str, name: &str) -> bool {
        OBEYED.contains(&(module, name))
    }

    /// Why it is refused where nobody obeys it, with the way that leads to what was meant.
    #[must_use]
    pub fn unobeyed(name: &str) -> String {
        format!(
            "no part of the program obeys a timer {name:?}: what happens after a while in a state is a rule, \
             `when = {{ event = \"stayed\", states = […], after = \"P2D\" }}`"
        )
    }
}

/// The states, moves and timers of one module's records.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Process {
    /// Stable name.
    pub name: String,
    /// What people read.
    pub label: Label,
    /// The module it governs.
    pub module: String,
    /// The field that holds the state.
    #[serde(default = "status")]
    pub field: String,
    /// Where a new record starts, unless one of `starts` says otherwise.
    pub initial: String,
    /// Where records of some kinds start; the first that holds is taken.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub starts: Vec<Start>,
    /// The states in the order of their path.
    pub states: Vec<State>,
    /// The moves.
    #[serde(default)]
    pub transitions: Vec<Transition>,
    /// The timers.
    #[serde(default)]
    pub timers: Vec<Timer>,
    /// The moves out of use, once the packs are joined.
    #[serde(skip)]
    pub retired_transitions: Vec<Transition>,
}

fn status() -> String {
    "status".to_owned()
}

impl Process {
    /// The state called `name`.
    #[must_use]
    pub fn state(&self, name: &str) -> Option<&State> {
        self.states.iter().find(|state| state.name == name)
    }

    /// The state called `name`; of one that is out of use the state where its records go, or nothing where they stay.
    #[must_use]
    pub fn in_use(&self, name: &str) -> Option<&State> {
        let state = self.state(name)?;
        if state.retired { self.state(state.moves_to.as_deref()?) } else { Some(state) }
    }

    /// A move called `name`; several may share one, and differ by where they start and by their guards.
    #[must_use]
    pub fn transition(&self, name: &str) -> Option<&Transition> {
        self.transitions.iter().find(|transition| transition.name == name)
    }

    /// Whether somebody or a rule may ask for the move called `name`: every move of that name is not the program's alone.
    #[must_use]
    pub fn is_asked_for(&self, name: &str) -> bool {
        self.transitions.iter().any(|transition| transition.name == name && transition.by != By::Process)
    }

    /// Whether people alone make the move called `name`: every move of that name takes a second person.
    #[must_use]
    pub fn takes_people(&self, name: &str) -> bool {
        let mut moves = self.transitions.iter().filter(|transition| transition.name == name).peekable();
        moves.peek().is_some() && moves.all(|transition| transition.four_eyes)
    }

    /// The moves that start from `state`.
    pub fn transitions_from<'p, 's>(&'p self, state: &'s str) -> impl Iterator<Item = &'p Transition> + use<'p, 's> {
        self.transitions.iter().filter(move |transition| transition.from.iter().any(|from| from == state))
    }

    /// A move by what it is addressed by, in use or not.
    #[must_use]
    pub fn addressed(&self, key: &str) -> Option<&Transition> {
        self.transitions.iter().chain(&self.retired_transitions).find(|transition| transition.key == key)
    }

    /// The move that led from one state to another: the one that is said, by its address or its name, in use or not; where none is
    /// said, the only one that leads so.
    #[must_use]
    pub fn made(&self, said: Option<&str>, from: Option<&str>, to: Option<&str>) -> Option<&Transition> {
        let starts = |step: &&Transition| step.from.iter().any(|state| Some(state.as_str()) == from);
        let Some(said) = said else {
            let mut leading = self.transitions.iter().filter(|step| starts(step) && Some(step.to.as_str()) == to);
            let only = leading.next().filter(|_| from != to)?;
            return leading.next().is_none().then_some(only);
        };
        let named = || self.transitions.iter().chain(&self.retired_transitions).filter(move |step| step.name == said);
        self.addressed(said).or_else(|| named().find(starts)).or_else(|| named().next())
    }

    /// The states in use, in the order of their path.
    pub fn states_in_use(&self) -> impl Iterator<Item = &State> {
        self.states.iter().filter(|state| !state.retired)
    }

    /// The timer called `name`.
    #[must_use]
    pub fn timer(&self, name: &str) -> Option<&Timer> {
        self.timers.iter().find(|timer| timer.name == name)
    }

    /// Its states as the choices of the governed field.
    #[must_use]
    pub fn options(&self) -> Vec<ChoiceOption> {
        self.states
            .iter()
            .map(|state| ChoiceOption {
                value: state.name.clone(),
                label: state.label.clone(),
                colour: state.colour.clone(),
            })
            .collect()
    }
}
