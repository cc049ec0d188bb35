//! Rules: when something happens to a record, if a condition holds, then this is done. Rules run after the commit of what set
//! them off, from the log, with the powers of the product; they never stand in the way of it.

mod address;
mod before;
mod check;
mod clock;
mod fault;
mod fit;
mod sort;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use jiff::Span;
use serde::{Deserialize, Serialize};

use crate::process::Transition;
use crate::value::{ValueError, read_duration};
use crate::{Id, Label, Paper};

pub use before::{BEFORE, Before, with_before};
pub use clock::{Dated, Period, Schedule, Stay, later};
pub use fault::Fault;
pub use fit::fitted;
pub use sort::SortInto;

/// How often a rule may run in an hour where it does not say so itself.
pub const BUDGET: u32 = 1_000;

/// The module of calls from outside.
pub const CALLS: &str = "outside_calls";

/// The field of a call that says whose address was called.
pub const CALLED: &str = "rule";

/// How many rules may set each other off, one after the other.
pub const DEPTH: usize = 5;

/// What sets a rule off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case", deny_unknown_fields)]
pub enum When {
    /// A record was made.
    Created,
    /// One of these fields changed; any where none is named.
    Changed {
        /// Names of fields, or `owner`.
        #[serde(default)]
        fields: Vec<String>,
        /// Whether a record that is made sets it off as well.
        #[serde(default, skip_serializing_if = "is_false")]
        made: bool,
    },
    /// A record came into one of these states, also by being made in it.
    Entered {
        /// States of the module's process.
        states: Vec<String>,
    },
    /// A record went out of one of these states.
    Left {
        /// States of the module's process.
        states: Vec<String>,
    },
    /// One of these moves was made, also one that leads back to where the record stands.
    Moved {
        /// Moves of the module's process, by what they are addressed by; a name stands for all moves that have it.
        transitions: Vec<String>,
    },
    /// A record has stood in one of these states for a while; each state counts by itself.
    Stayed {
        /// States of the module's process.
        states: Vec<String>,
        /// How long, ISO 8601.
        after: String,
        /// After how long again and again while it stands there, ISO 8601.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        every: Option<String>,
        /// How often in all: what is repeated has an end.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        times: Option<u32>,
        /// Whether only the working time of the workspace counts.
        #[serde(default, skip_serializing_if = "is_false")]
        working: bool,
    },
    /// A time of the workspace's clock has come, for every record that fits the condition.
    Schedule {
        /// How often.
        every: Period,
        /// At which time of the day, `09:00`.
        at: String,
        /// On which day: of the week from 1, Monday, to 7; of the month from 1 to 31, or its last one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        on: Option<i8>,
    },
    /// The address of the rule was called from outside: a record of the module [`CALLS`] was made for it.
    Called,
    /// The moment in a field of the record has come, or will come, or came so long ago.
    Date {
        /// A field with a date, or a date and time.
        field: String,
        /// How long after it, ISO 8601; before it with a minus: `-P7D`.
        #[serde(default = "at_once")]
        offset: String,
        /// After how long again and again, ISO 8601.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        every: Option<String>,
        /// How often in all: what is repeated has an end.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        times: Option<u32>,
        /// Whether only the working time of the workspace counts.
        #[serde(default, skip_serializing_if = "is_false")]
        working: bool,
    },
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
fn is_false(flag: &bool) -> bool {
    !flag
}

fn three_quarters() -> u8 {
    75
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
fn is_three_quarters(share: &u8) -> bool {
    *share == three_quarters()
}

fn at_once() -> String {
    "PT0S".to_owned()
}

/// The value of a field that an action sets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Worth {
    /// An expression over the record that set the rule off.
    Expression(String),
    /// Words in the language of the workspace, a template over the record.
    Words(Label),
}

/// Some users.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pool {
    /// Those who have a role.
    Role(String),
    /// Those of a team, by its id or its name.
    Team(String),
}

/// Who of several gets a record.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Share {
    /// Each in turn.
    #[default]
    Turns,
    /// Whoever has the fewest records of the module on their hands.
    Load,
}

/// Who is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Addressee {
    /// The owner of the record.
    Owner,
    /// Those who have a role.
    Role(String),
    /// Those of a team, by its id or its name.
    Team(String),
}

/// One thing that a rule does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case", deny_unknown_fields)]
pub enum Action {
    /// Sets fields of the record, or of the records that it links to.
    Set {
        /// A link of the record, to one or to many: what it leads to is set; nothing for the record itself.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        of: Option<String>,
        /// Values by field.
        fields: BTreeMap<String, Worth>,
    },
    /// Does what stands behind it later.
    Wait {
        /// How much later, ISO 8601.
        after: String,
        /// Whether only the working time of the workspace counts.
        #[serde(default, skip_serializing_if = "is_false")]
        working: bool,
    },
    /// Works out by when something is to be done, in working time that stands still in some states.
    Due {
        /// The field that gets the moment.
        field: String,
        /// An expression: how long, an ISO 8601 text; of nothing there is no moment.
        within: String,
        /// The field with the moment from which it is counted; since the record was made where it is empty.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        since: Option<String>,
        /// States in which time stands still.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        stands_in: Vec<String>,
        /// The field that gets the moment at which `share` of the time has gone by.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        warn: Option<String>,
        /// In percent.
        #[serde(default = "three_quarters", skip_serializing_if = "is_three_quarters")]
        share: u8,
    },
    /// Makes a move of the record's process.
    Move {
        /// Its name.
        transition: String,
        /// What it asks for.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        fields: BTreeMap<String, Worth>,
    },
    /// Asks for the rest: it is done when one of them agrees, and not when one refuses.
    Approve {
        /// Who is asked; whoever set the rule off, made the record or owns it is not the one who answers.
        by: Pool,
    },
    /// Makes something of a message that came in, as a person does in the inbox.
    Sort {
        /// What.
        into: SortInto,
        /// Values of the case, or of the lead.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        fields: BTreeMap<String, Worth>,
        /// Who of whom it is passed to.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        to: Option<Pool>,
        /// How they are found.
        #[serde(default)]
        by: Share,
    },
    /// Makes a record.
    Create {
        /// Of which module.
        module: String,
        /// Values by field.
        fields: BTreeMap<String, Worth>,
        /// Who of whom owns it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        owner: Option<Pool>,
        /// How the owner is found.
        #[serde(default)]
        by: Share,
    },
    /// Gives the record an owner.
    Assign {
        /// Who of whom.
        to: Pool,
        /// How they are found.
        #[serde(default)]
        by: Share,
    },
    /// Sends a letter.
    Letter {
        /// Name of its template.
        template: String,
        /// An expression: the address.
        to: String,
        /// An expression: the name of whoever gets it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<String>,
    },
    /// Sends an SMS.
    Sms {
        /// An expression: the number.
        to: String,
        /// What it says, in both languages: a template over the record.
        text: Label,
        /// Name of the line that it goes out through; the first that carries SMS where nothing is said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        through: Option<String>,
    },
    /// Sends a survey about the record by a personal link; of a survey that was sent, the same once more.
    Survey {
        /// Its name; nothing where the record is one that was sent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        survey: Option<String>,
    },
    /// Issues papers of a deal; one that stands already is left as it is.
    Issue {
        /// Which.
        papers: Vec<Paper>,
        /// Whether they go to the client in a letter.
        #[serde(default, skip_serializing_if = "is_false")]
        send: bool,
    },
    /// Tells people of the record.
    Notify {
        /// Whom.
        to: Vec<Addressee>,
    },
    /// Sends the record, and what changed of it, to a program outside.
    Webhook {
        /// A public address, `https://…`.
        url: String,
    },
}

impl Action {
    /// Whether what stands behind it comes later, as a run of its own.
    #[must_use]
    pub fn puts_off(&self) -> bool {
        matches!(self, Self::Wait { .. } | Self::Approve { .. })
    }

    /// Whether somebody may get a letter or an SMS by it.
    #[must_use]
    pub fn may_send(&self) -> bool {
        let is_written = matches!(self, Self::Letter { .. } | Self::Sms { .. } | Self::Survey { .. });
        is_written || matches!(self, Self::Move { .. } | Self::Issue { send: true, .. })
    }

    /// What it is called in files and messages.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Set { .. } => "set",
            Self::Wait { .. } => "wait",
            Self::Approve { .. } => "approve",
            Self::Due { .. } => "due",
            Self::Move { .. } => "move",
            Self::Sort { .. } => "sort",
            Self::Create { .. } => "create",
            Self::Assign { .. } => "assign",
            Self::Letter { .. } => "letter",
            Self::Sms { .. } => "sms",
            Self::Survey { .. } => "survey",
            Self::Issue { .. } => "issue",
            Self::Notify { .. } => "notify",
            Self::Webhook { .. } => "webhook",
        }
    }
}

/// When, if, then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Stable name.
    pub name: String,
    /// What people read.
    pub label: Label,
    /// Whose records set it off.
    pub module: String,
    /// Whether it runs.
    #[serde(default = "yes")]
    pub active: bool,
    /// How often it may run in an hour; beyond that it stops and asks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub budget: Option<u32>,
    /// How many letters it may send in an hour, where it may not send as many as it runs; beyond that it stops and asks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub letters: Option<u32>,
    /// What must hold, over the record as it was right after the change; `was_status` is the field before it.
    #[serde(rename = "if", default, skip_serializing_if = "Option::is_none")]
    pub condition: Option<String>,
    /// What sets it off.
    pub when: When,
    /// What is done, in order.
    pub then: Vec<Action>,
}

fn yes() -> bool {
    true
}

/// What a later pack says of a rule: only whether it runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleSwitch {
    /// The rule.
    pub extends: String,
    /// Whether it runs.
    pub active: bool,
}

/// What happened to a record, as far as rules are set off by it.
#[derive(Clone, Copy, Debug)]
pub struct Happened<'a> {
    /// Whether it was made.
    pub is_new: bool,
    /// Names of the fields that changed.
    pub changed: &'a [&'a str],
    /// The state that it came into, where it did.
    pub entered: Option<&'a str>,
    /// The state that it went out of, where it did.
    pub left: Option<&'a str>,
    /// The move that was made, where one was.
    pub moved: Option<&'a Transition>,
    /// The rule whose address was called, where it is a call that was made.
    pub called: Option<&'a str>,
}

impl Rule {
    /// Whether what happened sets it off.
    #[must_use]
    pub fn is_set_off(&self, happened: &Happened<'_>) -> bool {
        match &self.when {
            When::Created => happened.is_new,
            When::Changed { made: true, .. } if happened.is_new => true,
            When::Changed { fields, .. } => {
                let watched = |name: &&str| fields.iter().any(|field| field == name);
                !happened.is_new && (fields.is_empty() || happened.changed.iter().any(watched))
            }
            When::Entered { states } => happened.entered.is_some_and(|state| states.iter().any(|it| it == state)),
            When::Left { states } => happened.left.is_some_and(|state| states.iter().any(|it| it == state)),
            When::Moved { transitions } => {
                happened.moved.is_some_and(|made| transitions.iter().any(|it| made.is_called(it)))
            }
            When::Called => happened.is_new && happened.called == Some(self.name.as_str()),
            When::Stayed { .. } | When::Schedule { .. } | When::Date { .. } => false,
        }
    }

    /// How often it may run in an hour.
    #[must_use]
    pub fn hourly(&self) -> u32 {
        self.budget.unwrap_or(BUDGET)
    }

    /// How many letters a run may send that begins at an action and goes on to its end, or to where the rest is put off. What a
    /// service writes about a move is counted when it is written; here it is one.
    #[must_use]
    pub fn letters_from(&self, step: usize) -> u32 {
        let run = self.then.iter().skip(step).take_while(|action| !action.puts_off());
        run.filter(|action| action.may_send()).fold(0, |letters, _| letters.saturating_add(1))
    }

    /// The most letters that one of its runs may send, as [`Rule::letters_from`] counts them.
    #[must_use]
    pub fn letters_at_once(&self) -> u32 {
        let behind = self.then.iter().enumerate().filter(|(_, action)| action.puts_off()).map(|(place, _)| place + 1);
        std::iter::once(0).chain(behind).map(|step| self.letters_from(step)).max().unwrap_or_default()
    }

    /// The field with the moment that sets it off.
    #[must_use]
    pub fn moment(&self) -> Option<&str> {
        match &self.when {
            When::Date { field, .. } => Some(field),
            _ => None,
        }
    }
}

impl Pool {
    /// What turns are remembered under.
    #[must_use]
    pub fn key(&self) -> String {
        match self {
            Self::Role(name) => format!("role:{name}"),
            Self::Team(name) => format!("team:{name}"),
        }
    }

    /// The id of the team, where it is named by one.
    #[must_use]
    pub fn team_id(text: &str) -> Option<Id> {
        text.parse().ok()
    }
}

/// Reads how long after a moment.
///
/// # Errors
/// `invalid_duration`.
pub fn read_offset(text: &str) -> Result<Span, ValueError> {
    match text.strip_prefix('-') {
        // One sign is enough.
        Some(rest) if rest.starts_with(['-', '+']) => read_duration("").map(std::ops::Neg::neg),
        Some(rest) => read_duration(rest).map(std::ops::Neg::neg),
        None => read_duration(text),
    }
}
