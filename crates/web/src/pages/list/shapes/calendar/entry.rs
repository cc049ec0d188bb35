//! A record in a calendar.

use jiff::civil::Date;
use maud::{Markup, html};
use model::field::FieldType;
use model::rights::Grant;
use model::{Field, Id, Module, Record, l10n};

use super::super::dates::{Dates, When};
use super::spots::Spot;
use crate::pages::cells;
use crate::ui::{Lens, face};

/// Colours of kinds that have none of their own, in turn.
const TURN: [&str; 5] = ["acc", "good", "warn", "cold", "plain"];

/// What the colours stand for.
pub(super) struct Tones {
    /// The choice field, the values of which are told apart.
    pub(super) field: Option<Field>,
}

impl Tones {
    /// The kind of a record, else the first choice that its list shows.
    pub(super) fn of(module: &Module, grant: &Grant) -> Self {
        let is_choice = |field: &&Field| {
            field.kind == FieldType::Choice && field.is_stored() && !grant.hidden.contains(&field.name)
        };
        let choices: Vec<&Field> = module.fields.iter().filter(is_choice).collect();
        let kind = choices.iter().find(|field| field.name == "kind");
        let shown = || choices.iter().find(|field| module.columns.contains(&field.name));
        Self { field: kind.or_else(shown).or(choices.first()).map(|field| (*field).clone()) }
    }

    /// The tone of a value.
    pub(super) fn tone(&self, value: &str) -> &str {
        let Some(field) = &self.field else { return "acc" };
        match field.options.iter().position(|option| option.value == value) {
            Some(place) => match field.options.get(place).map(|option| option.colour.as_str()) {
                Some("") | None => TURN.get(place % TURN.len()).copied().unwrap_or("plain"),
                Some(colour) => colour,
            },
            None => "plain",
        }
    }
}

/// One record with its time.
pub(super) struct Entry {
    pub(super) id: Id,
    module: String,
    pub(super) title: String,
    pub(super) when: When,
    tone: String,
    pub(super) owner: Option<(Id, String)>,
    /// Whether it has ended well or otherwise: it is shown as past.
    is_over: bool,
    /// Whether the reader may move it.
    is_open: bool,
}

impl Entry {
    pub(super) fn of(lens: &Lens, dates: &Dates<'_>, tones: &Tones, record: &Record, is_open: bool) -> Option<Self> {
        let kind = tones.field.as_ref().and_then(|field| record.text(&field.name)).unwrap_or_default();
        let state = record.text("status").unwrap_or_default();
        Some(Self {
            id: record.id,
            module: record.module.name.clone(),
            title: cells::title_text(lens, record),
            when: dates.when(record, &lens.zone)?,
            tone: tones.tone(kind).to_owned(),
            owner: record.owner.map(|id| (id, lens.user(id).unwrap_or("—").to_owned())),
            is_over: matches!(state, "done" | "cancelled" | "closed" | "past"),
            is_open,
        })
    }

    /// As a coloured line of the day.
    pub(super) fn markup(&self, day: Date) -> Markup {
        self.line(day, "", false)
    }

    /// The same with its end.
    pub(super) fn told(&self, day: Date) -> Markup {
        self.line(day, "", true)
    }

    /// As a box among the hours.
    pub(super) fn placed(&self, day: Date, spot: &Spot) -> Markup {
        self.line(day, &spot.classes(), true)
    }

    fn line(&self, day: Date, placed: &str, is_long: bool) -> Markup {
        let begins = self.when.begin.date() == day;
        let ends = is_long && self.when.end.date() == day && self.when.end > self.when.begin;
        let over = if self.is_over { " over" } else { "" };
        let class = format!("event {}{over} {placed}", self.tone);
        html! {
            a class=(class.trim_end()) href=(format!("/{}/{}", self.module, self.id)) title=(self.title)
                data-when=[(self.is_open && begins).then(|| format!("/{}/{}/when", self.module, self.id))] {
                @if self.when.timed && begins {
                    span.when {
                        time { (l10n::time(self.when.begin.time())) }
                        @if ends { span.until { "–" time { (l10n::time(self.when.end.time())) } } }
                    }
                    " "
                }
                span.name { (self.title) }
                @if let Some((id, name)) = &self.owner { (face::face(*id, name)) }
            }
        }
    }
}
