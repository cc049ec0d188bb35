//! Values worded, and marked up where there is more than words to them.

use maud::{Markup, html};
use model::field::FieldType;
use model::{Field, Locale, Module, Record, Value, l10n};
use serde_json::Value as Json;

use super::{Lens, allocations, lines as invoiced, many};
use crate::ui::control::is_written;
use crate::ui::markup::{breakable, lines, nothing};
use crate::ui::{Words, tag, veil};

/// Characters of a long text that a list shows, and of folded JSON.
const EXCERPT: usize = 120;

/// What a field of a module is called, one that every record has included.
pub(crate) fn field_of(module: &Module, name: &str, locale: Locale) -> String {
    match module.field(name) {
        Some(field) => field.called(locale).to_owned(),
        None => locale.say_if(&format!("field-{name}")).unwrap_or_else(|| name.to_owned()),
    }
}

impl Lens {
    /// What a field of a module is called, one that every record has included.
    pub(crate) fn label(&self, module: &Module, name: &str) -> String {
        field_of(module, name, self.locale)
    }

    /// What a field is called.
    pub(crate) fn field_label(&self, field: &Field) -> String {
        field.called(self.locale).to_owned()
    }

    /// One side of a change in words: a value as the log keeps it.
    pub(crate) fn side(&self, module: &Module, name: &str, json: &Json) -> String {
        if name == "owner" {
            let owner = json.as_str().and_then(|text| text.parse().ok());
            return owner.and_then(|id| self.user(id)).unwrap_or("—").to_owned();
        }
        match module.field(name) {
            Some(field) => self.text(field, &self.read_value(field, json)),
            None if json.is_null() => "—".to_owned(),
            None => json.as_str().map_or_else(|| json.to_string(), str::to_owned),
        }
    }

    /// A value in words alone.
    pub(crate) fn text(&self, field: &Field, value: &Value) -> String {
        match value {
            Value::Null => "—".to_owned(),
            Value::Bool(value) => self.locale.say(if *value { "yes" } else { "no" }),
            Value::Int(stars) if field.read_as() == FieldType::Rating => {
                (1..=5).map(|star| if star <= *stars { '★' } else { '☆' }).collect()
            }
            Value::Int(number) => self.number(*number),
            Value::Decimal { unscaled, scale } => l10n::decimal(self.locale, *unscaled, *scale),
            Value::Text(text) => self.worded(field, text),
            Value::Date(date) => self.day(*date),
            Value::Time(time) => l10n::time(*time),
            Value::Instant(at) => self.moment(*at),
            Value::Money(amount) => l10n::money(self.locale, *amount),
            Value::Id(id) if field.read_as() == FieldType::Person => self.user(*id).unwrap_or("—").to_owned(),
            Value::Id(id) => {
                let title = field.module.as_deref().and_then(|module| self.title(module, *id));
                title.map_or_else(|| self.locale.say("link-hidden"), str::to_owned)
            }
            Value::Record { module, id } => {
                self.title(module, *id).map_or_else(|| self.locale.say("link-hidden"), str::to_owned)
            }
            Value::Ids(ids) => self.many_text(field, ids),
            Value::List(chosen) => chosen.iter().map(|value| self.worded(field, value)).collect::<Vec<_>>().join(", "),
            Value::Json(json) => json_text(json),
        }
    }

    fn worded(&self, field: &Field, text: &str) -> String {
        match field.read_as() {
            FieldType::Choice | FieldType::MultiChoice => {
                field.option(text).map_or(text, |option| option.label.get(self.locale)).to_owned()
            }
            FieldType::Duration => match model::value::read_duration(text) {
                Ok(span) => l10n::duration(self.locale, &span),
                Err(_) => text.to_owned(),
            },
            FieldType::Phone => model::identity::phone::display(text),
            FieldType::Text if field.name == "provider" => {
                self.locale.say_if(&format!("provider-{text}")).unwrap_or_else(|| text.to_owned())
            }
            _ => text.to_owned(),
        }
    }

    /// A value as it stands on a page.
    pub(crate) fn value(&self, field: &Field, value: &Value) -> Markup {
        match (field.read_as(), value) {
            (_, Value::Null) => nothing(),
            (FieldType::Choice, Value::Text(text)) => match field.option(text) {
                Some(option) => tag::choice(option, self.locale),
                None => html! { (text) },
            },
            (FieldType::MultiChoice, Value::List(chosen)) => html! {
                div.tags {
                    @for option in chosen.iter().filter_map(|value| tag::chosen(field, value, self.locale)) { (option) }
                }
            },
            (FieldType::Person, Value::Id(id)) => self.person(*id),
            (FieldType::Link | FieldType::File, Value::Id(id)) => {
                let module = field.module.as_deref().unwrap_or_default();
                self.link(module, *id, &self.text(field, value))
            }
            (_, Value::Ids(ids)) => self.many(field, ids, many::SHOWN),
            (_, Value::Record { module, id }) => self.link(module, *id, &self.text(field, value)),
            (FieldType::Email, Value::Text(text)) => breakable(text),
            (FieldType::Phone, Value::Text(text)) => telephone(text),
            (FieldType::Url, Value::Text(text)) => html! { a.link href=(text) rel="noopener noreferrer" { (text) } },
            (FieldType::LongText, Value::Text(text)) => lines(text),
            (_, Value::Instant(at)) => self.time(*at),
            (FieldType::Json, Value::Json(json)) if field.name == "price_tiers" => self.tiers(json),
            (FieldType::Json, Value::Json(json)) if field.name == allocations::FIELD => self.allocations(json),
            (FieldType::Json, Value::Json(json)) if field.name == invoiced::FIELD => self.lines(json),
            (FieldType::Json, Value::Json(json)) if is_written(field) => code(json),
            _ => html! { (self.text(field, value)) },
        }
    }

    /// A value as it stands in a cell of a list: one line.
    pub(crate) fn cell(&self, field: &Field, value: &Value) -> Markup {
        match (field.read_as(), value) {
            (_, Value::Ids(ids)) => self.many(field, ids, many::IN_CELL),
            (FieldType::Email, Value::Text(text)) => html! { (text) },
            (FieldType::LongText, Value::Text(text)) => excerpt(text),
            (FieldType::Json, Value::Json(json)) if is_written(field) => {
                html! { code { (excerpt(&json.to_string())) } }
            }
            _ => self.value(field, value),
        }
    }

    /// A column of a list, one that every record has included.
    pub(crate) fn column(&self, record: &Record, name: &str) -> Markup {
        if record.hides(name) {
            return veil::mark(self.locale, record);
        }
        if let Some(field) = record.module.field(name) {
            return self.cell(field, record.get(name));
        }
        match name {
            "owner" => record.owner.map_or_else(nothing, |id| self.person(id)),
            "created_by" => record.created_by.map_or_else(nothing, |id| self.person(id)),
            "created_at" => self.time(record.created_at),
            "updated_at" => self.time(record.updated_at),
            _ => nothing(),
        }
    }

    /// A record by its title.
    pub(super) fn linked(&self, module: &str, id: model::Id) -> Markup {
        let hidden = || self.locale.say("link-hidden");
        self.link(module, id, &self.title(module, id).map_or_else(hidden, str::to_owned))
    }

    fn link(&self, module: &str, id: model::Id, text: &str) -> Markup {
        html! {
            @if self.title(module, id).is_some() { a.link href=(format!("/{module}/{id}")) { (text) } }
            @else { span.faint { (text) } }
        }
    }

    /// Price tiers: each price with the days it holds.
    fn tiers(&self, json: &Json) -> Markup {
        let tiers = json.as_array().map(Vec::as_slice).unwrap_or_default();
        let instant = |tier: &Json, name: &str| model::value::read_instant(tier.get(name)?.as_str()?).ok();
        html! {
            @for (index, tier) in tiers.iter().enumerate() {
                @if index > 0 { br; }
                (self.price(tier))
                @if let Some(from) = instant(tier, "from") {
                    " " span.dim { (self.locale.say_with("tier-from", &[("moment", self.moment(from).into())])) }
                }
                @if let Some(until) = instant(tier, "until") {
                    " " span.dim { (self.locale.say_with("tier-until", &[("moment", self.moment(until).into())])) }
                }
            }
        }
    }

    fn price(&self, tier: &Json) -> String {
        let field = Field::new("price", FieldType::Money);
        self.text(&field, &self.read_value(&field, tier.get("price").unwrap_or(&Json::Null)))
    }
}

/// JSON as it is written: its beginning, and unfolded every line.
fn code(json: &Json) -> Markup {
    let whole = format!("{json:#}");
    html! {
        @if whole.contains('\n') {
            details.json { summary.link { code { (excerpt(&json.to_string())) } } pre tabindex="0" { code { (whole) } } }
        } @else { code { (whole) } }
    }
}

fn excerpt(text: &str) -> Markup {
    let beginning: String = text.chars().take(EXCERPT).collect();
    html! { (beginning) @if text.chars().nth(EXCERPT).is_some() { "…" } }
}

/// JSON for people: lists by commas, objects as names with values.
fn json_text(json: &Json) -> String {
    match json {
        Json::Null => "—".to_owned(),
        Json::String(text) => text.clone(),
        Json::Array(items) => items.iter().map(json_text).collect::<Vec<_>>().join(", "),
        Json::Object(map) => {
            map.iter().map(|(name, value)| format!("{name}: {}", json_text(value))).collect::<Vec<_>>().join(" · ")
        }
        other => other.to_string(),
    }
}

/// A number that is called by a press where something can call.
fn telephone(number: &str) -> Markup {
    html! { a.link href=(format!("tel:{number}")) { (model::identity::phone::display(number)) } }
}
