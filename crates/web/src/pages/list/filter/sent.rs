//! What the form of a condition says, read into a condition.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use model::Field;
use model::field::FieldType;

use super::condition::{Condition, ME, Operator, canonical};
use super::fields::Fields;
use super::sort::{Sort, Values, sort};
use super::stretch::Stretch;
use crate::pages::list::targets;
use crate::ui::control;
use crate::ui::typed::Typed;

/// The condition of the form; nothing where what it says cannot be meant.
pub(super) fn condition(fields: &Fields, form: &Typed, zone: &TimeZone) -> Option<Condition> {
    let path = form.text("field");
    let field = fields.field(path)?;
    let sort = sort(&field);
    let operator = Operator::named(form.text("operator")).or_else(|| sort.operators().first().copied())?;
    let typed = typed(&field, sort, operator, form);
    let values: Option<Vec<String>> = match operator {
        Operator::Within => typed.iter().map(|name| Some(name.parse::<Stretch>().ok()?.to_string())).collect(),
        _ => typed.iter().map(|value| meant(sort, value, zone)).collect(),
    };
    let said = tidied(Condition { field: path.to_owned(), operator, values: values? });
    said.written(fields).map(|_| said)
}

/// What was typed for an operator, piece by piece.
pub(super) fn typed(field: &Field, sort: Sort, operator: Operator, form: &Typed) -> Vec<String> {
    let all = || form.all("value").map(str::trim).filter(|value| !value.is_empty());
    match (operator, sort) {
        (operator, _) if operator.is_alone() => Vec::new(),
        (Operator::Within, _) => vec![form.text("within").to_owned()],
        (Operator::Between, _) => vec![form.text("value").to_owned(), form.text("until").to_owned()],
        (_, Sort::Many(Values::Words)) if field.open => {
            let words = all().flat_map(|value| value.split([',', '\n'])).map(str::trim);
            words.filter(|word| !word.is_empty()).map(str::to_owned).collect()
        }
        (_, Sort::One(_) | Sort::Many(_)) => all().map(str::to_owned).collect(),
        _ if field.kind == FieldType::Duration => vec![control::typed_text(field, "value", form)],
        _ => vec![form.text("value").to_owned()],
    }
}

/// A value as people write it.
fn meant(sort: Sort, value: &str, zone: &TimeZone) -> Option<String> {
    let value = match sort {
        Sort::Number { .. } => plain(value),
        Sort::YesNo => targets::yes_or_no(value)?.to_string(),
        Sort::One(Values::People) if value == "me" => ME.to_owned(),
        Sort::Date => value.parse::<Date>().ok()?.to_string(),
        // The control of a moment knows of no zone.
        Sort::Moment => match value.parse::<DateTime>() {
            Ok(local) if value.len() > 10 => zone.to_zoned(local).ok()?.timestamp().to_string(),
            _ => value.to_owned(),
        },
        Sort::Time => value.chars().take(5).collect(),
        _ => value.to_owned(),
    };
    canonical(sort, &value)
}

/// Each value once, the lesser end first, and of one day the day.
fn tidied(mut condition: Condition) -> Condition {
    match condition.operator {
        Operator::Between => {
            if let [from, to] = condition.values.as_mut_slice()
                && is_later(from, to)
            {
                std::mem::swap(from, to);
            }
            let is_day = condition.values.first().is_some_and(|value| value.parse::<Date>().is_ok());
            if is_day && condition.values.first() == condition.values.get(1) {
                condition.values.truncate(1);
                condition.operator = Operator::Is;
            }
        }
        operator => {
            let mut known: Vec<String> = Vec::new();
            condition.values.retain(|value| {
                let is_new = !known.contains(value);
                known.push(value.clone());
                is_new
            });
            if operator == Operator::AllOf && condition.values.len() == 1 {
                condition.operator = Operator::Is;
            }
        }
    }
    condition
}

fn is_later(from: &str, to: &str) -> bool {
    let scaled = |text: &str| model::value::parse_decimal(text, 4);
    match (scaled(from), scaled(to)) {
        (Some(from), Some(to)) => from > to,
        // Days and times of day are ordered as texts are.
        _ => from > to && from.len() == to.len(),
    }
}

/// `100 000,50` as `100000.50`.
fn plain(number: &str) -> String {
    let digits = number.chars().filter(|character| !character.is_whitespace()).collect::<String>();
    digits.replace(',', ".").replace('\u{2212}', "-")
}
