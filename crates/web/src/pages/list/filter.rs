//! The form of a filter: a field, how it is held against a value, the value. What it says is written as an expression.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use model::Module;
use model::field::FieldType;

use super::conjuncts::{Operator, join, quoted, split};
use super::query::Query;
use super::targets;
use crate::ui::typed::Typed;

/// The address of the list with the condition of the form added; nothing where what the form says cannot be meant.
pub(super) fn added(module: &Module, query: &Query, form: &Typed, zone: &TimeZone) -> Option<String> {
    let operator =
        Operator::ALL.into_iter().find(|operator| operator.name() == form.text("operator")).unwrap_or(Operator::Is);
    let mut conditions = split(&query.filter);
    let condition = condition(module, form.text("field"), operator, form.text("value"), zone)?;
    if !conditions.contains(&condition) {
        conditions.push(condition);
    }
    Some(query.filtered(&module.name, join(conditions.iter().map(String::as_str))))
}

/// What a field that people filter by holds.
pub(super) fn kind(module: &Module, name: &str) -> Option<FieldType> {
    match name {
        "created_at" | "updated_at" => Some(FieldType::Datetime),
        "owner" if module.owners => Some(FieldType::Person),
        name => module.field(name).filter(|field| field.is_stored()).map(|field| field.kind),
    }
}

/// Whether the form offers a field.
pub(super) fn is_offered(kind: FieldType) -> bool {
    !matches!(
        kind,
        FieldType::LongText | FieldType::Json | FieldType::Record | FieldType::MultiChoice | FieldType::Choice
    )
}

/// One condition as an expression; nothing where the form says nothing that can be meant.
pub(super) fn condition(
    module: &Module,
    field: &str,
    operator: Operator,
    value: &str,
    zone: &TimeZone,
) -> Option<String> {
    let kind = kind(module, field)?;
    match operator {
        Operator::Filled => return Some(format!("has({field})")),
        Operator::Empty => return Some(format!("!has({field})")),
        _ if value.is_empty() => return None,
        _ => {}
    }
    let sign = match operator {
        Operator::Is => "==",
        Operator::IsNot => "!=",
        Operator::AtLeast => ">=",
        Operator::AtMost => "<=",
        Operator::Contains | Operator::Filled | Operator::Empty => "",
    };
    let compared = |value: String| (!sign.is_empty()).then(|| format!("{field} {sign} {value}"));
    match kind {
        FieldType::Datetime => days(field, operator, value.parse().ok()?, zone),
        FieldType::Date => compared(quoted(&value.parse::<Date>().ok()?.to_string())),
        FieldType::Number | FieldType::Rating => compared(plain(value).parse::<i64>().ok()?.to_string()),
        FieldType::Decimal | FieldType::Money => {
            let number = plain(value);
            let is_number = !number.is_empty() && number.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | '-'));
            compared(is_number.then(|| quoted(&number))?)
        }
        FieldType::Checkbox => yes_or_no(field, operator, value),
        FieldType::Links => {
            let held = format!("{} in {field}", quoted(&value.parse::<model::Id>().ok()?.to_string()));
            match operator {
                Operator::Is | Operator::Contains => Some(held),
                Operator::IsNot => Some(format!("!({held})")),
                _ => None,
            }
        }
        FieldType::Person | FieldType::Link | FieldType::File if value == "me" => compared("me()".to_owned()),
        FieldType::Person | FieldType::Link | FieldType::File => {
            compared(quoted(&value.parse::<model::Id>().ok()?.to_string()))
        }
        _ if operator == Operator::Contains => Some(format!("{field}.contains({})", quoted(value))),
        FieldType::Choice
        | FieldType::Text
        | FieldType::Email
        | FieldType::Phone
        | FieldType::Url
        | FieldType::Address => {
            matches!(operator, Operator::Is | Operator::IsNot).then(|| format!("{field} {sign} {}", quoted(value)))
        }
        _ => None,
    }
}

/// A box that was never touched is not ticked.
fn yes_or_no(field: &str, operator: Operator, value: &str) -> Option<String> {
    let is_ticked = match operator {
        Operator::Is => targets::yes_or_no(value)?,
        Operator::IsNot => !targets::yes_or_no(value)?,
        _ => return None,
    };
    Some(format!("{field} {} true", if is_ticked { "==" } else { "!=" }))
}

/// An instant against a whole day of the workspace's zone.
fn days(field: &str, operator: Operator, day: Date, zone: &TimeZone) -> Option<String> {
    let start = |day: Date| Some(quoted(&day.to_zoned(zone.clone()).ok()?.timestamp().to_string()));
    match operator {
        Operator::AtLeast => Some(format!("{field} >= {}", start(day)?)),
        Operator::AtMost => Some(format!("{field} < {}", start(day.tomorrow().ok()?)?)),
        Operator::Is => Some(format!("({field} >= {} && {field} < {})", start(day)?, start(day.tomorrow().ok()?)?)),
        _ => None,
    }
}

fn plain(number: &str) -> String {
    number.chars().filter(|character| !character.is_whitespace()).collect::<String>().replace(',', ".")
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;
    use model::Module;
    use serde_json::json;

    use super::super::conjuncts::Operator;
    use super::condition;

    fn module() -> Module {
        let field = |name: &str, kind: &str| json!({"name": name, "type": kind});
        let label = json!({"ru": "", "en": ""});
        let mut module: Module = serde_json::from_value(json!({
            "name": "deals", "label": label, "one": label, "title": "name", "owners": true,
            "fields": [field("name", "text"), field("amount", "money"), field("close_date", "date"), field("seats", "number"), field("urgent", "checkbox")],
        }))
        .unwrap();
        module.index();
        module
    }

    fn written(field: &str, operator: Operator, value: &str) -> Option<String> {
        condition(&module(), field, operator, value, &TimeZone::get("Europe/Moscow").unwrap())
    }

    #[test]
    fn forms_become_expressions() {
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(written("name", Operator::Contains, "Волга \"Б\""), some(r#"name.contains("Волга \"Б\"")"#));
        assert_eq!(written("amount", Operator::AtLeast, "100 000,50"), some(r#"amount >= "100000.50""#));
        assert_eq!(written("seats", Operator::Is, "5"), some("seats == 5"));
        assert_eq!(written("close_date", Operator::AtMost, "2026-12-01"), some(r#"close_date <= "2026-12-01""#));
        assert_eq!(written("owner", Operator::Is, "me"), some("owner == me()"));
        assert_eq!(written("name", Operator::Empty, ""), some("!has(name)"));
        assert_eq!(written("urgent", Operator::Is, "да"), some("urgent == true"));
        assert_eq!(written("urgent", Operator::Is, "no"), some("urgent != true"));
        assert_eq!(written("urgent", Operator::Is, "maybe"), None);
    }

    #[test]
    fn a_day_is_a_day_where_the_workspace_lives() {
        let until = written("created_at", Operator::AtMost, "2026-11-21");
        assert_eq!(until.as_deref(), Some(r#"created_at < "2026-11-21T21:00:00Z""#));
    }

    #[test]
    fn nothing_can_be_smuggled_in() {
        assert_eq!(written("no_such", Operator::Is, "1"), None);
        assert_eq!(written("seats", Operator::Is, "1 || true"), None);
        assert_eq!(written("amount", Operator::Is, "\" || true"), None);
        assert_eq!(written("close_date", Operator::Is, "yesterday"), None);
        assert_eq!(written("name", Operator::AtLeast, "a"), None);
    }
}
