//! How values look to a reader: their language, their zone, the names of what links lead to. Linked records and users
//! are read together, one query for each module.

mod allocations;
mod gather;
mod lines;
mod many;
mod papers;
mod show;

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use maud::{Markup, html};
use model::rights::Scope;
use model::{Id, Locale, l10n};
use store::Work;

use super::face;

pub(crate) use papers::says as is_in_title;
pub(crate) use show::field_of;

/// A reader with what they need to know of linked records.
pub(crate) struct Lens {
    pub(crate) locale: Locale,
    pub(crate) zone: TimeZone,
    pub(crate) now: Timestamp,
    /// Modules of which the reader sees something: only their records are linked to.
    readable: BTreeSet<String>,
    /// Modules of papers whose numbers the reader may not see.
    unnumbered: BTreeSet<&'static str>,
    /// Titles by module and record.
    titles: BTreeMap<String, BTreeMap<Id, String>>,
    /// Names of users.
    users: BTreeMap<Id, String>,
}

impl Lens {
    /// The eyes of whoever works.
    pub(crate) fn of(work: &Work<'_>, locale: Locale) -> Self {
        let sees = |name: &str| work.actor().grant(work.definitions(), name).read != Scope::None;
        let readable = work.definitions().modules().filter(|module| sees(&module.name));
        Self {
            locale,
            zone: work.settings().zone(),
            now: work.now(),
            readable: readable.map(|module| module.name.clone()).collect(),
            unnumbered: papers::unnumbered(work),
            titles: BTreeMap::new(),
            users: BTreeMap::new(),
        }
    }

    /// An instant as seen from now.
    pub(crate) fn moment(&self, at: Timestamp) -> String {
        l10n::moment(self.locale, at, self.now, &self.zone)
    }

    /// An instant as an element that machines can read.
    pub(crate) fn time(&self, at: Timestamp) -> Markup {
        html! { time datetime=(at.to_string()) title=(l10n::date_time(self.locale, at, &self.zone)) { (self.moment(at)) } }
    }

    /// An instant as spreadsheets read it.
    pub(crate) fn moment_for_tables(&self, at: Timestamp) -> String {
        self.zone.to_datetime(at).strftime("%Y-%m-%d %H:%M").to_string()
    }

    pub(crate) fn today(&self) -> Date {
        self.zone.to_datetime(self.now).date()
    }

    /// A day, with its year unless that is this one.
    pub(crate) fn day(&self, date: Date) -> String {
        l10n::day(self.locale, date, self.today())
    }

    /// What a linked record is called; nothing where the reader may not see it.
    pub(crate) fn title(&self, module: &str, id: Id) -> Option<&str> {
        self.titles.get(module)?.get(&id).map(String::as_str)
    }

    /// A user's name.
    pub(crate) fn user(&self, id: Id) -> Option<&str> {
        self.users.get(&id).map(String::as_str)
    }

    /// A user with their face.
    pub(crate) fn person(&self, id: Id) -> Markup {
        face::who(id, self.user(id).unwrap_or("—"))
    }

    /// A number with its digits grouped.
    pub(crate) fn number(&self, number: i64) -> String {
        l10n::number(self.locale, number)
    }
}
