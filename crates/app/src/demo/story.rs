//! The words of the story, one file for each language beside this one. Days are counted from today.

use std::collections::BTreeMap;

use model::Locale;
use serde::Deserialize;
use serde_json::{Map, Value};

/// Everything that is said.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Story {
    pub(super) organisation: String,
    pub(super) sender: String,
    pub(super) payment_instructions: String,
    /// Beginning of everybody's phone number; three digits follow.
    pub(super) phone: String,
    /// Domain of private addresses.
    pub(super) mail: String,
    pub(super) team: Vec<Member>,
    pub(super) women: Names,
    pub(super) men: Names,
    pub(super) events: Vec<Event>,
    /// Where tickets are shown.
    pub(super) door: String,
    pub(super) companies: Vec<Company>,
    pub(super) deals: Vec<Deal>,
    pub(super) leads: Vec<Moved>,
    pub(super) cases: Vec<Moved>,
    pub(super) activities: Vec<Activity>,
}

/// A user.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Member {
    pub(super) name: String,
    pub(super) login: String,
    pub(super) roles: Vec<String>,
    #[serde(default)]
    pub(super) team: Option<String>,
}

/// Names, each as people write it and as addresses have it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Names {
    pub(super) first: Vec<(String, String)>,
    pub(super) last: Vec<(String, String)>,
}

/// A conference.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Event {
    pub(super) name: String,
    pub(super) slug: String,
    pub(super) venue: String,
    pub(super) address: String,
    pub(super) times: String,
    pub(super) note: String,
    pub(super) accent: String,
    /// First day.
    pub(super) starts_in: i64,
    /// How many days it lasts.
    pub(super) days: i64,
    /// When the sale began.
    pub(super) announced: i64,
    pub(super) capacity: i64,
    /// How many orders were placed.
    pub(super) orders: u32,
    pub(super) types: Vec<TicketType>,
}

/// What is sold.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TicketType {
    pub(super) name: String,
    #[serde(default)]
    pub(super) description: Option<String>,
    pub(super) quota: i64,
    #[serde(default)]
    pub(super) max_per_order: Option<i64>,
    pub(super) tiers: Vec<Tier>,
}

/// A price and until when it holds.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Tier {
    pub(super) price: String,
    pub(super) until_in: Option<i64>,
}

/// A client.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Company {
    /// Last part of its domain.
    pub(super) login: String,
    /// What its contact does there.
    pub(super) position: String,
    /// Fields of the account.
    #[serde(flatten)]
    pub(super) fields: Map<String, Value>,
}

/// A deal and how far it came.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Deal {
    /// Which company.
    pub(super) company: usize,
    /// What it is worth, in the currency of the workspace.
    pub(super) amount: String,
    /// How many stages it advanced.
    pub(super) moves: usize,
    /// `win` or `lose`, where it ended.
    #[serde(default)]
    pub(super) end: Option<String>,
    #[serde(default)]
    pub(super) lost_reason: Option<String>,
    /// Fields of the deal.
    #[serde(flatten)]
    pub(super) fields: Map<String, Value>,
}

/// A lead or case and the moves that were made with it.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Moved {
    pub(super) moves: Vec<String>,
    #[serde(default)]
    pub(super) lost_reason: Option<String>,
    /// Fields of the record.
    #[serde(flatten)]
    pub(super) fields: Map<String, Value>,
}

/// Something to do or done.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Activity {
    /// The day for which it is planned.
    pub(super) due_in: i64,
    /// How it ended, where it did.
    #[serde(default)]
    pub(super) result: Option<String>,
    /// Fields of the activity.
    #[serde(flatten)]
    pub(super) fields: BTreeMap<String, Value>,
}

impl Story {
    /// The story in a language.
    pub(super) fn read(locale: Locale) -> serde_json::Result<Self> {
        serde_json::from_str(match locale {
            Locale::Ru => include_str!("story/ru.json"),
            Locale::En => include_str!("story/en.json"),
        })
    }
}
