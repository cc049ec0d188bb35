//! What a condition says in words.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use model::field::FieldType;
use model::value::{parse_decimal, read_instant};
use model::{Field, Id, Locale, Period, Value, l10n};
use store::{Result, Work};

use super::condition::{Condition, ME, Operator};
use super::fields::Fields;
use super::sort::{Sort, Values, sort};
use super::stretch::{Stretch, Turn};
use super::tree::Filter;
use crate::ui::{Lens, Words};

/// Reads the names of what the conditions lead to: one query for each module and one for users.
pub(super) fn learn(work: &mut Work<'_>, lens: &mut Lens, fields: &Fields, filter: &Filter) -> Result<()> {
    let (mut records, mut users) = (BTreeMap::<String, BTreeSet<Id>>::new(), BTreeSet::new());
    let conditions = filter.parts.iter().flat_map(|part| part.items()).filter_map(|item| item.condition.as_ref());
    for condition in conditions {
        let Some(field) = fields.field(&condition.field) else { continue };
        let sort = sort(&field);
        for value in &condition.values {
            let (of, id) =
                value.split_once('/').unwrap_or((field.module.as_deref().unwrap_or_default(), value.as_str()));
            match (sort, id.parse::<Id>()) {
                (Sort::One(Values::People), Ok(id)) => drop(users.insert(id)),
                (Sort::One(Values::Records) | Sort::Many(Values::Records) | Sort::About, Ok(id)) => {
                    records.entry(of.to_owned()).or_default().insert(id);
                }
                _ => {}
            }
        }
    }
    lens.learn_named(work, records, users)
}

/// How an operator is called beside a field.
pub(super) fn operator(l: Locale, sort: Sort, operator: Operator) -> String {
    let name = operator.name();
    let of = match sort {
        Sort::Date | Sort::Moment => "date-",
        Sort::Many(_) => "many-",
        _ => "",
    };
    l.say_if(&format!("operator-{of}{name}")).unwrap_or_else(|| l.say(&format!("operator-{name}")))
}

/// An operator as a chip says it: that something is so goes without saying.
pub(super) fn told(l: Locale, sort: Sort, condition: &Condition) -> String {
    match (condition.operator, sort) {
        (Operator::Is, Sort::Many(_)) => operator(l, sort, condition.operator),
        (Operator::Is | Operator::Within | Operator::Between, _) => String::new(),
        (said, _) => operator(l, sort, said),
    }
}

/// The values of a condition.
pub(super) fn values(lens: &Lens, field: &Field, condition: &Condition) -> String {
    let sort = sort(field);
    let l = lens.locale;
    let one = |value: &String| match value.parse::<Stretch>() {
        Ok(stretch) if condition.operator == Operator::Within => self::stretch(l, stretch),
        _ => value_of(lens, field, sort, value),
    };
    match (condition.operator, condition.values.as_slice()) {
        (Operator::Between, [from, to]) => {
            l.say_with("filter-range", &[("from", one(from).into()), ("to", one(to).into())])
        }
        (_, values) => values.iter().map(one).collect::<Vec<_>>().join(", "),
    }
}

/// A stretch of time.
pub(super) fn stretch(l: Locale, stretch: Stretch) -> String {
    match stretch {
        Stretch::Today => l.say("period-today"),
        Stretch::Yesterday => l.say("period-yesterday"),
        Stretch::Tomorrow => l.say("period-tomorrow"),
        Stretch::Whole(period, turn) => l.say(whole(period, turn)),
        Stretch::Last(days) => l.say_with("period-last", &[("days", days.into())]),
        Stretch::Next(days) => l.say_with("period-next", &[("days", days.into())]),
        Stretch::Past => l.say("period-past"),
        Stretch::Future => l.say("period-future"),
    }
}

fn whole(period: Period, turn: Turn) -> &'static str {
    match (period, turn) {
        (Period::Day, Turn::Last) => "period-yesterday",
        (Period::Day, Turn::This) => "period-today",
        (Period::Day, Turn::Next) => "period-tomorrow",
        (Period::Week, Turn::Last) => "period-last-week",
        (Period::Week, Turn::This) => "period-week",
        (Period::Week, Turn::Next) => "period-next-week",
        (Period::Month, Turn::Last) => "period-last-month",
        (Period::Month, Turn::This) => "period-month",
        (Period::Month, Turn::Next) => "period-next-month",
        (Period::Quarter, Turn::Last) => "period-last-quarter",
        (Period::Quarter, Turn::This) => "period-quarter",
        (Period::Quarter, Turn::Next) => "period-next-quarter",
        (Period::Year, Turn::Last) => "period-last-year",
        (Period::Year, Turn::This) => "period-year",
        (Period::Year, Turn::Next) => "period-next-year",
    }
}

fn value_of(lens: &Lens, field: &Field, sort: Sort, value: &str) -> String {
    let l = lens.locale;
    let titled = |module: &str, id: &str| {
        let title = id.parse().ok().and_then(|id| lens.title(module, id));
        title.map_or_else(|| l.say("link-hidden"), str::to_owned)
    };
    match sort {
        Sort::YesNo => l.say(if value == "true" { "yes" } else { "no" }),
        Sort::Number { .. } => digits(l, value),
        Sort::Date | Sort::Moment => match (value.parse::<Date>(), read_instant(value)) {
            (_, Ok(at)) => lens.moment(at),
            (Ok(day), _) => lens.day(day),
            _ => value.to_owned(),
        },
        Sort::One(Values::People) if value == ME => l.say("me"),
        Sort::One(Values::People) | Sort::Many(Values::People) => {
            value.parse().ok().and_then(|id| lens.user(id)).unwrap_or("—").to_owned()
        }
        Sort::One(Values::Records) | Sort::Many(Values::Records) => {
            titled(field.module.as_deref().unwrap_or_default(), value)
        }
        Sort::About => value.split_once('/').map_or_else(|| value.to_owned(), |(module, id)| titled(module, id)),
        Sort::One(Values::Words) | Sort::Many(Values::Words) => {
            field.option(value).map_or(value, |option| option.label.get(l)).to_owned()
        }
        Sort::Exact if field.kind == FieldType::Duration => lens.text(field, &Value::Text(value.to_owned())),
        Sort::Text | Sort::Exact | Sort::Time | Sort::Opaque => value.to_owned(),
    }
}

fn digits(l: Locale, value: &str) -> String {
    let scale = value.split_once('.').map_or(0, |(_, fraction)| fraction.len());
    let read = u8::try_from(scale).ok().and_then(|scale| Some((parse_decimal(value, scale)?, scale)));
    match read {
        Some((number, 0)) => l10n::number(l, number),
        Some((unscaled, scale)) => l10n::decimal(l, unscaled, scale),
        None => value.to_owned(),
    }
}
