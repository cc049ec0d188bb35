//! The form of a condition: first a field, then how it is held against which value. It stands in the menu of its chip, or
//! in that of a new condition; the script fetches it into there, and without script the page comes with it.

use maud::{Markup, html};
use model::field::FieldType;
use model::value::read_instant;
use model::{Field, Locale, Module};
use store::{Result, Work};

use super::condition::{ME, Operator};
use super::fields::Fields;
use super::sort::{Sort, Values, sort};
use super::stretch::Stretch;
use super::tree::{Filter, Place};
use super::{address, named, sent};
use crate::pages::list::conjuncts::Joint;
use crate::pages::list::query::Query;
use crate::ui::expression::{Expression, Offered};
use crate::ui::inputs::{self, Input};
use crate::ui::typed::Typed;
use crate::ui::{Lens, Words, icon};

/// From how many fields on they are looked for by typing.
const MANY: usize = 8;

/// How long a day is as a text; an instant is longer.
const DAY: usize = 10;

/// What is asked.
pub(in crate::pages::list) enum Form {
    /// Which field, of the list's own records or behind a link.
    Fields(Place, Option<String>),
    /// How it is held against what.
    Condition(Box<Asked>),
    /// A condition that the form does not know, as a text.
    Text(Place, String),
}

/// A condition that is being made.
pub(in crate::pages::list) struct Asked {
    place: Place,
    /// The path of its field.
    path: String,
    field: Field,
    label: String,
    operator: Operator,
    /// What stands in the controls.
    values: Vec<String>,
    /// The control of what is chosen among records or users.
    picker: Option<Input>,
    /// What the whole filter is held together by, and the list without this condition, where it stands in the filter.
    within: Option<(Joint, String)>,
}

/// The form that the address opens.
pub(super) fn of(
    work: &mut Work<'_>,
    lens: &mut Lens,
    fields: &Fields,
    query: &Query,
    (pairs, is_part): (&Typed, bool),
) -> Result<Form> {
    let (filter, place) = (Filter::read(&query.filter, fields), Place::read(pairs.text("edit")));
    let (path, field, operator, values) = match (fields.field(pairs.text("field")), filter.at(place)) {
        (Some(field), _) => {
            let named = Operator::named(pairs.text("operator"));
            let usual = sort(&field).operators().first().copied().unwrap_or(Operator::Is);
            let operator = named.filter(|operator| sort(&field).operators().contains(operator)).unwrap_or(usual);
            let values = sent::typed(&field, sort(&field), operator, pairs);
            (pairs.text("field").to_owned(), field, operator, values)
        }
        (None, Some(item)) => {
            let known = item.condition.as_ref().and_then(|known| Some((fields.field(&known.field)?, known)));
            let Some((field, known)) = known else { return Ok(Form::Text(place, item.text.clone())) };
            (known.field.clone(), field, known.operator, known.values.clone())
        }
        (None, None) => {
            let link = fields.links().find(|link| *link == pairs.text("through"));
            return Ok(Form::Fields(place, link.map(str::to_owned)));
        }
    };
    let label = fields.label(lens, &path);
    let picker = match picked(&field) {
        Some(picked) => {
            let text: Vec<&str> = values.iter().map(String::as_str).filter(|value| *value != ME).collect();
            let mut inputs = inputs::of(work, lens, [(picked, text.join("\n"))], is_part)?;
            inputs.iter_mut().for_each(|input| label.clone_into(&mut input.label));
            inputs.pop()
        }
        None => None,
    };
    let within = match place {
        Place::At(part, item) if filter.at(place).is_some() => {
            let without = query.filtered(&fields.module().name, filter.clone().without(part, item).written());
            Some((filter.joint, without))
        }
        _ => None,
    };
    Ok(Form::Condition(Box::new(Asked { place, path, field, label, operator, values, picker, within })))
}

/// The field as its control knows it, where that is more than a line.
fn picked(field: &Field) -> Option<Field> {
    let of = |kind: FieldType| Some(Field { module: field.module.clone(), ..Field::new("value", kind) });
    match sort(field) {
        // Any of them are chosen.
        Sort::One(Values::Records | Values::People) | Sort::Many(Values::Records | Values::People) => {
            of(FieldType::Links)
        }
        Sort::About => of(FieldType::Record),
        _ if field.kind == FieldType::Duration => of(FieldType::Duration),
        _ => None,
    }
}

impl Form {
    /// Where its condition stands or is to stand.
    pub(in crate::pages::list) fn place(&self) -> Place {
        match self {
            Self::Fields(place, _) | Self::Text(place, _) => *place,
            Self::Condition(asked) => asked.place,
        }
    }

    /// What stands in the menu.
    pub(in crate::pages::list) fn markup(&self, lens: &Lens, fields: &Fields, query: &Query) -> Markup {
        match self {
            Self::Fields(place, link) => offer(lens, fields, query, *place, link.as_deref()),
            Self::Condition(asked) => asked.markup(lens, fields.module(), query),
            Self::Text(place, text) => written(lens, fields.module(), query, *place, text),
        }
    }
}

/// The fields that a list is filtered by, each leading on to its form, and links, which lead on to the fields behind them.
pub(in crate::pages::list) fn offer(
    lens: &Lens,
    fields: &Fields,
    query: &Query,
    place: Place,
    link: Option<&str>,
) -> Markup {
    let (l, module, paths) = (lens.locale, fields.module(), fields.offered(link));
    let place = place.text();
    let at = |pair: (&str, &str)| address(module, query, &[("edit", place.as_str()), pair]);
    // One step further, and no more.
    let links: Vec<&str> = fields.links().filter(|_| link.is_none()).collect();
    html! {
        @if let Some(link) = link {
            header.of-link {
                (back(l, &address(module, query, &[("edit", place.as_str())])))
                b { (fields.called(lens, link)) }
            }
        }
        @if paths.len() + links.len() > MANY {
            input.input.narrow type="search" data-narrow aria-label=(l.say("filter-find")) placeholder=(l.say("filter-find")) autocomplete="off";
        }
        ul.fields-offered aria-label=(l.say("filter-field")) {
            @for path in &paths {
                li { a href=(at(("field", path.as_str()))) data-part { (fields.called(lens, path)) } }
            }
            @for link in links {
                li {
                    a href=(at(("through", link))) data-part {
                        (l.say_with("filter-through", &[("name", fields.called(lens, link).into())]))
                        (icon(assets::icon::CHEVRON_RIGHT))
                    }
                }
            }
        }
        p.help data-none hidden { (l.say("list-none-found")) }
    }
}

/// The way back to the fields among which one was chosen.
fn back(l: Locale, to: &str) -> Markup {
    let label = l.say("filter-other-field");
    html! {
        a.btn.quiet.small.icon href=(to) data-part aria-label=(label) title=(label) { (icon(assets::icon::CHEVRON_LEFT)) }
    }
}

/// A condition as a text.
fn written(lens: &Lens, module: &Module, query: &Query, place: Place, text: &str) -> Markup {
    let l = lens.locale;
    let names = crate::pages::names::address(&module.name);
    let expression = Expression {
        name: "text",
        label: html! { (l.say("expression")) },
        required: true,
        help: Some(l.say("filter-text")),
        ..Expression::new(l, "filter-text", text, Offered::At(&names))
    };
    html! {
        form.condition action=(format!("/{}", module.name)) {
            (carried(query, place))
            div.field { (expression) }
            div.buttons { button.btn.small.main-action { (l.say("apply")) } }
        }
    }
}

/// The rest of the list, and the place of the condition.
fn carried(query: &Query, place: Place) -> Markup {
    html! {
        @for (key, value) in query.kept("") { input type="hidden" name=(key) value=(value); }
        input type="hidden" name="edit" value=(place.text());
    }
}

impl Asked {
    fn markup(&self, lens: &Lens, module: &Module, query: &Query) -> Markup {
        let (l, sort) = (lens.locale, sort(&self.field));
        let place = self.place.text();
        let through = Fields::link(&self.path).map(|link| ("through", link));
        let beside: Vec<_> = [("edit", place.as_str())].into_iter().chain(through).collect();
        let other = address(module, query, &beside);
        html! {
            form.condition action=(format!("/{}", module.name)) {
                (carried(query, self.place))
                input type="hidden" name="field" value=(self.path);
                header {
                    @if self.within.is_none() { (back(l, &other)) }
                    b { (self.label) }
                }
                div.field {
                    label for="filter-operator" { (l.say("filter-operator")) }
                    select id="filter-operator" name="operator" {
                        @for operator in sort.operators() {
                            option value=(operator.name()) selected[*operator == self.operator] { (named::operator(l, sort, *operator)) }
                        }
                    }
                }
                (self.value(lens, sort))
                @if sort.operators().contains(&Operator::Between) { (self.until(lens, sort)) }
                @if sort.operators().contains(&Operator::Within) { (self.stretches(lens)) }
                div.buttons {
                    button.btn.small.main-action { (l.say("apply")) }
                    @if let (Some((joint, _)), Place::At(part, _)) = (&self.within, self.place) {
                        @let more = address(module, query, &[("edit", Place::In(part).text().as_str())]);
                        a.btn.small href=(more) data-part { (l.say(if *joint == Joint::All { "filter-or-more" } else { "filter-and-more" })) }
                    }
                    @if let Some((_, without)) = &self.within { a.btn.small.quiet.danger href=(without) { (l.say("filter-remove")) } }
                }
            }
        }
    }

    fn first(&self) -> &str {
        let is_told = !matches!(self.operator, Operator::Within);
        self.values.first().filter(|_| is_told).map_or("", String::as_str)
    }

    fn value(&self, lens: &Lens, sort: Sort) -> Markup {
        let l = lens.locale;
        let first = self.first();
        match sort {
            Sort::Opaque => html! {},
            Sort::One(Values::Words) => self.options(l),
            Sort::Many(Values::Words) if !self.field.open => self.options(l),
            Sort::Many(Values::Words) => line(l, "text", None, &self.values.join(", "), Some(&l.say("tags-typed"))),
            Sort::One(_) | Sort::Many(_) | Sort::About => self.among(l),
            Sort::Exact if self.picker.is_some() => self.among(l),
            Sort::YesNo => html! {
                div.field.v-one {
                    label for="filter-value" { (l.say("filter-value")) }
                    select id="filter-value" name="value" {
                        option value="true" selected[first != "false"] { (l.say("yes")) }
                        option value="false" selected[first == "false"] { (l.say("no")) }
                    }
                }
            },
            Sort::Number { whole } => line(l, "text", Some(if whole { "numeric" } else { "decimal" }), first, None),
            Sort::Moment if first.len() > DAY => {
                let local =
                    read_instant(first).map(|at| lens.zone.to_datetime(at).strftime("%Y-%m-%dT%H:%M").to_string());
                line(l, "datetime-local", None, local.as_deref().unwrap_or(first), None)
            }
            Sort::Date | Sort::Moment => line(l, "date", None, first, None),
            Sort::Time => line(l, "time", None, first, None),
            Sort::Text | Sort::Exact => line(l, "text", None, first, None),
        }
    }

    /// Boxes for the values that there are.
    fn options(&self, l: Locale) -> Markup {
        html! {
            fieldset.field.v-one {
                legend { (l.say("filter-value")) }
                div.options.many {
                    @for option in &self.field.options {
                        label.option {
                            input type="checkbox" name="value" value=(option.value) checked[self.values.contains(&option.value)];
                            (option.label.get(l))
                        }
                    }
                }
            }
        }
    }

    /// A control that is more than a line; among people, oneself first.
    fn among(&self, l: Locale) -> Markup {
        let is_me = self.values.iter().any(|value| value == ME || value == "me");
        html! {
            div.field.v-one {
                label for="value" { (l.say("filter-value")) }
                @if sort(&self.field) == Sort::One(Values::People) {
                    label.option { input type="checkbox" name="value" value="me" checked[is_me]; (l.say("me")) }
                }
                @if let Some(picker) = &self.picker { (picker.bare(l)) }
            }
        }
    }

    /// The other end.
    fn until(&self, lens: &Lens, sort: Sort) -> Markup {
        let l = lens.locale;
        let (kind, mode) = match sort {
            Sort::Date | Sort::Moment => ("date", None),
            Sort::Time => ("time", None),
            _ => ("text", Some("decimal")),
        };
        let text = self.values.get(1).map_or("", String::as_str);
        html! {
            div.field.v-until {
                label for="filter-until" { (l.say("filter-until")) }
                input type=(kind) inputmode=[mode] id="filter-until" name="until" value=(text) autocomplete="off";
            }
        }
    }

    /// Stretches of time as seen from today.
    fn stretches(&self, lens: &Lens) -> Markup {
        let l = lens.locale;
        let is_told = self.operator == Operator::Within;
        let present: Option<Stretch> = self.values.first().filter(|_| is_told).and_then(|name| name.parse().ok());
        let own = present.filter(|stretch| !Stretch::OFFERED.contains(stretch));
        html! {
            div.field.v-within {
                label for="filter-within" { (l.say("filter-period")) }
                select id="filter-within" name="within" {
                    @for stretch in Stretch::OFFERED.into_iter().chain(own) {
                        option value=(stretch.to_string()) selected[present == Some(stretch)] { (named::stretch(l, stretch)) }
                    }
                }
            }
        }
    }
}

/// A control of one line.
fn line(l: Locale, kind: &str, mode: Option<&str>, text: &str, hint: Option<&str>) -> Markup {
    html! {
        div.field.v-one {
            label for="filter-value" { (l.say("filter-value")) }
            input type=(kind) inputmode=[mode] id="filter-value" name="value" value=(text) placeholder=[hint] autocomplete="off";
        }
    }
}
