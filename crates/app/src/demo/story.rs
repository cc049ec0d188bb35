//! The words of the story, one file for each language beside this one. Days are counted from today; of a conference that
//! is over, from its first day. `{next}`, `{last}` and `{before}` stand for the conferences' names.

use std::collections::BTreeMap;

use jiff::civil::Date;
use model::Locale;
use model::requisites::LegalEntity;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::calendar::{self, Season};

/// Orders in a sample.
const SAMPLE: u32 = 8;
/// Companies in a sample.
const SAMPLE_COMPANIES: usize = 4;
/// Leads in a sample.
const SAMPLE_LEADS: usize = 8;

/// Everything that is said.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Story {
    pub(super) organisation: String,
    pub(super) sender: String,
    pub(super) payment_instructions: String,
    pub(super) legal_entity: LegalEntity,
    /// Beginning of everybody's phone number; three digits follow.
    pub(super) phone: String,
    /// Domain of private addresses.
    pub(super) mail: String,
    /// How buyers found the page.
    pub(super) sources: Vec<String>,
    /// What a payer writes of a transfer; the order's number follows.
    pub(super) purpose: String,
    /// When the conferences take place, year by year.
    pub(super) seasons: Vec<Season>,
    /// What a sample tells of instead of the next conference, by kind of event.
    kinds: BTreeMap<String, Other>,
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

/// An event that is no conference.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Other {
    name: String,
    slug: String,
    note: String,
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
    /// First day, counted from today; the seasons say it.
    #[serde(skip)]
    pub(super) starts_in: i64,
    /// Whether its days are counted from its first day.
    #[serde(default)]
    is_over: bool,
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
    /// What is on its check list.
    #[serde(default)]
    pub(super) papers: Vec<String>,
    /// Whether contract and invoice are issued for it.
    #[serde(default)]
    pub(super) issued: bool,
    /// What is said about it, first by whom it belongs to, then by the head of sales.
    #[serde(default)]
    pub(super) said: Vec<String>,
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
    /// Number of the company that it comes from.
    #[serde(default)]
    pub(super) from: Option<usize>,
    /// Fields of the record.
    #[serde(flatten)]
    pub(super) fields: Map<String, Value>,
}

/// Something to do or done.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Activity {
    /// The day for which it is planned.
    pub(super) due_in: i64,
    /// Number of the deal that it is about.
    #[serde(default)]
    pub(super) deal: Option<usize>,
    /// Number of the company that it is about.
    #[serde(default)]
    pub(super) company: Option<usize>,
    /// How it ended, where it did.
    #[serde(default)]
    pub(super) result: Option<String>,
    /// Fields of the activity.
    #[serde(flatten)]
    pub(super) fields: BTreeMap<String, Value>,
}

impl Story {
    /// The story in a language as it is told on this day.
    pub(super) fn read(locale: Locale, today: Date) -> serde_json::Result<Self> {
        Self::read_of(locale, today, "conference")
    }

    /// The beginning of it for a sample: one event of a kind on sale, some orders, some companies with their deals.
    pub(super) fn sample(locale: Locale, today: Date, kind: &str) -> serde_json::Result<Self> {
        let mut story = Self::read_of(locale, today, kind)?;
        story.events = story.events.pop().into_iter().collect();
        for event in &mut story.events {
            event.orders = SAMPLE;
            if let Some(other) = story.kinds.get(kind) {
                event.note.clone_from(&other.note);
            }
        }
        story.companies.truncate(SAMPLE_COMPANIES);
        story.leads.truncate(SAMPLE_LEADS);
        story.cases.clear();
        for deal in &mut story.deals {
            // Numbers of papers are for papers that are meant, and whom the team speaks to is not there.
            deal.issued = false;
            deal.said.clear();
        }
        let deals = &story.deals;
        let company = |activity: &Activity| {
            let of_deal = activity.deal.and_then(|deal| deals.get(deal)).map(|deal| deal.company);
            of_deal.or(activity.company)
        };
        story.activities.retain(|activity| company(activity).is_some_and(|company| company < SAMPLE_COMPANIES));
        Ok(story)
    }

    fn read_of(locale: Locale, today: Date, kind: &str) -> serde_json::Result<Self> {
        let text = match locale {
            Locale::Ru => include_str!("story/ru.json"),
            Locale::En => include_str!("story/en.json"),
        };
        let untold: Self = serde_json::from_str(text)?;
        let mut conferences = calendar::conferences(&untold.seasons, today);
        if let (Some(next), Some(other)) = (conferences.last_mut(), untold.kinds.get(kind)) {
            next.name.clone_from(&other.name);
            next.slug.clone_from(&other.slug);
        }
        let mut words = text.to_owned();
        for (mark, conference) in ["before", "last", "next"].into_iter().zip(&conferences) {
            words = words.replace(&format!("{{{mark}}}"), &conference.name);
            words = words.replace(&format!("{{{mark}_slug}}"), &conference.slug);
        }
        let mut story: Self = serde_json::from_str(&words)?;
        for (event, conference) in story.events.iter_mut().zip(&conferences) {
            event.begin(conference.starts_in);
        }
        Ok(story)
    }
}

impl Event {
    /// Counts its days from today.
    fn begin(&mut self, starts_in: i64) {
        self.starts_in = starts_in;
        if self.is_over {
            self.announced += starts_in;
            let tiers = self.types.iter_mut().flat_map(|kind| &mut kind.tiers);
            tiers.filter_map(|tier| tier.until_in.as_mut()).for_each(|until| *until += starts_in);
        }
    }
}
