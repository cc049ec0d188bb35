//! One card: what it is about, how much, since when it stands here, whose it is, where it can go.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use maud::{Markup, html};
use model::field::FieldType;
use model::process::{Phase, Process};
use model::{Field, Id, Money, Record, l10n};

use super::overdue;
use crate::drawn::days;
use crate::pages::cells;
use crate::pages::list::shapes::Asked;
use crate::ui::lens::is_in_title;
use crate::ui::{Lens, Words, face, icon, tag};

/// What a card says.
pub(super) struct Card {
    id: Id,
    module: String,
    title: String,
    subtitle: Option<String>,
    amount: Option<Money>,
    /// A coloured choice besides the stage.
    mark: Option<Markup>,
    /// How long it has stood here; nothing where its way has ended.
    age: Option<SignedDuration>,
    late: Option<Date>,
    owner: Option<(Id, String)>,
    /// Stages that it can go to, with what the way there is called.
    moves: Vec<(String, String)>,
}

/// What all cards of a board have in common.
pub(super) struct Facts<'a> {
    pub(super) lens: &'a Lens,
    pub(super) asked: &'a Asked<'a>,
    pub(super) field: &'a Field,
    pub(super) process: Option<&'a Process>,
    pub(super) amount: Option<&'a str>,
}

impl Facts<'_> {
    pub(super) fn card(&self, record: &Record, since: Option<Timestamp>, moves: Vec<(String, String)>) -> Card {
        let phase = self.process.and_then(|process| Some(process.state(record.text(&process.field)?)?.phase));
        let goes_on = phase.is_none_or(|phase| phase == Phase::Open);
        let stood = self.lens.now.duration_since(since.unwrap_or(record.created_at));
        Card {
            id: record.id,
            module: record.module.name.clone(),
            title: cells::title_text(self.lens, record),
            subtitle: self.subtitle(record),
            amount: self.amount.and_then(|name| record.get(name).as_money()),
            mark: self.mark(record),
            age: goes_on.then_some(stood),
            late: overdue::since(self.lens, self.process, record),
            owner: record.owner.map(|id| (id, self.lens.user(id).unwrap_or("—").to_owned())),
            moves,
        }
    }

    /// The event, the account, or whatever stands beside the title elsewhere.
    fn subtitle(&self, record: &Record) -> Option<String> {
        let linked = ["account", "about", "event", "contact"].iter().filter_map(|name| self.worded(record, name));
        let named = record.module.subtitle.iter().filter_map(|name| self.worded(record, name));
        named.chain(linked).next()
    }

    fn worded(&self, record: &Record, name: &str) -> Option<String> {
        let field = record.module.field(name).filter(|_| !is_in_title(&record.module.name, name))?;
        let value = record.get(name);
        (*value != model::Value::Null).then(|| self.lens.text(field, value))
    }

    fn mark(&self, record: &Record) -> Option<Markup> {
        let governed = self.process.map(|process| process.field.as_str());
        let is_mark = |field: &&Field| {
            field.kind == FieldType::Choice
                && field.name != self.field.name
                && Some(field.name.as_str()) != governed
                && record.module.columns.contains(&field.name)
        };
        let options =
            record.module.fields.iter().filter(is_mark).filter_map(|field| field.option(record.text(&field.name)?));
        let coloured = options.filter(|option| !option.colour.is_empty());
        coloured.map(|option| tag::choice(option, self.asked.locale)).next()
    }
}

impl Card {
    pub(super) fn markup(&self, lens: &Lens) -> Markup {
        let l = lens.locale;
        html! {
            article.card id=(format!("card-{}", self.id)) data-card=(format!("/{}/{}/stage", self.module, self.id)) {
                header {
                    b { a href=(format!("/{}/{}", self.module, self.id)) { (self.title) } }
                    (self.menu(lens))
                }
                @if let Some(subtitle) = &self.subtitle { div.dim.about { (subtitle) } }
                @if self.amount.is_some() || self.mark.is_some() {
                    div.row {
                        @if let Some(amount) = self.amount { span { (l10n::money(l, amount)) } }
                        @if let Some(mark) = &self.mark { (mark) }
                    }
                }
                @if self.age.is_some() || self.late.is_some() || self.owner.is_some() {
                    footer {
                        @if let Some(age) = self.age { span.age title=(l.say("board-age-title")) { (icon(assets::icon::CLOCK)) (words(lens, age)) } }
                        @if let Some(day) = self.late { span.bad { (l.say_with("board-late", &[("day", lens.day(day).into())])) } }
                        @if let Some((id, name)) = &self.owner { span.push title=(name) { (face::face(*id, name)) span.visually-hidden { (name) } } }
                    }
                }
            }
        }
    }

    /// Where it can go, as buttons of the board's form.
    fn menu(&self, lens: &Lens) -> Markup {
        let address = format!("/{}/{}/stage", self.module, self.id);
        let label = lens.locale.say_with("board-move", &[("title", self.title.as_str().into())]);
        html! {
            @if !self.moves.is_empty() {
                details.menu {
                    summary.btn.quiet.small.icon aria-label=(label) { (icon(assets::icon::ELLIPSIS)) }
                    div.pop.end {
                        @for (to, label) in &self.moves {
                            button form="stages" formaction=(address) name="to" value=(to) { (label) }
                        }
                    }
                }
            }
        }
    }
}

/// How long, in whole days; less than one is today.
fn words(lens: &Lens, age: SignedDuration) -> String {
    lens.locale.say_with("board-age", &[("days", days(age.as_secs()).into())])
}
