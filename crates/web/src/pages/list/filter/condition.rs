//! One condition that the form makes, and how it is written. What is written here is read back by `reading`.

use jiff::civil::{Date, Time};
use model::Id;
use model::expr::SCALE_LIMIT;
use model::value::{parse_decimal, read_instant};

use super::fields::Fields;
use super::sort::{Sort, Values, sort};
use super::stretch::Stretch;
use crate::pages::list::conjuncts::quoted;

/// Whoever looks, as a value.
pub(in crate::pages::list) const ME: &str = "me()";

/// How a field is held against values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::pages::list) enum Operator {
    Is,
    IsNot,
    Contains,
    Lacks,
    Starts,
    Ends,
    More,
    Less,
    AtLeast,
    AtMost,
    Between,
    Within,
    AllOf,
    MyTeam,
    Filled,
    Empty,
}

impl Operator {
    pub(super) const ALL: [Self; 16] = [
        Self::Is,
        Self::IsNot,
        Self::Contains,
        Self::Lacks,
        Self::Starts,
        Self::Ends,
        Self::More,
        Self::Less,
        Self::AtLeast,
        Self::AtMost,
        Self::Between,
        Self::Within,
        Self::AllOf,
        Self::MyTeam,
        Self::Filled,
        Self::Empty,
    ];

    /// Its name in forms and messages.
    pub(in crate::pages::list) fn name(self) -> &'static str {
        match self {
            Self::Is => "is",
            Self::IsNot => "is_not",
            Self::Contains => "contains",
            Self::Lacks => "lacks",
            Self::Starts => "starts",
            Self::Ends => "ends",
            Self::More => "more",
            Self::Less => "less",
            Self::AtLeast => "at_least",
            Self::AtMost => "at_most",
            Self::Between => "between",
            Self::Within => "within",
            Self::AllOf => "all_of",
            Self::MyTeam => "my_team",
            Self::Filled => "filled",
            Self::Empty => "empty",
        }
    }

    pub(super) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|operator| operator.name() == name)
    }

    /// Whether it is told no value.
    pub(super) fn is_alone(self) -> bool {
        matches!(self, Self::MyTeam | Self::Filled | Self::Empty)
    }
}

/// A condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::pages::list) struct Condition {
    /// The path of its field.
    pub(in crate::pages::list) field: String,
    pub(in crate::pages::list) operator: Operator,
    /// Its values as [`canonical`] has them.
    pub(in crate::pages::list) values: Vec<String>,
}

impl Condition {
    /// That a field has a value, as a record has it; that it is empty where there is none.
    pub(in crate::pages::list) fn that(fields: &Fields, name: &str, value: Option<&str>) -> Self {
        let (operator, values) = match value {
            Some(value) => (Operator::Is, vec![kept(fields, name, value)]),
            None => (Operator::Empty, Vec::new()),
        };
        Self { field: name.to_owned(), operator, values }
    }

    /// That a field lies in the days from the first to the last.
    pub(in crate::pages::list) fn among(name: &str, first: Date, last: Date) -> Self {
        let values = [first, last].map(|day| day.to_string()).into();
        Self { field: name.to_owned(), operator: Operator::Between, values }
    }

    /// The expression, also of a value that the form offers nobody, such as a file.
    pub(in crate::pages::list) fn text(&self, fields: &Fields) -> String {
        let (name, value) = (&self.field, self.values.first());
        let plain = || value.map_or_else(|| format!("!has({name})"), |value| format!("{name} == {}", quoted(value)));
        self.written(fields).unwrap_or_else(plain)
    }

    /// The expression; nothing where the condition does not fit the field.
    pub(super) fn written(&self, fields: &Fields) -> Option<String> {
        let sort = sort(&fields.field(&self.field)?);
        let is_read = |value: &String| canonical(sort, value).as_ref() == Some(value);
        let is_fitting = sort.operators().contains(&self.operator)
            && (self.operator == Operator::Within || self.values.iter().all(is_read));
        if !is_fitting {
            return None;
        }
        let name = &self.field;
        match (self.operator, self.values.as_slice()) {
            (Operator::Filled, []) => Some(format!("has({name})")),
            (Operator::Empty, []) => Some(format!("!has({name})")),
            (Operator::MyTeam, []) => Some(format!("{name} in my_team()")),
            (Operator::Within, [stretch]) => stretch.parse::<Stretch>().ok()?.written(name, sort),
            (Operator::Between, [from, to]) => between(name, sort, from, to),
            (_, []) => None,
            (operator, values) => match sort {
                Sort::One(_) => Some(one_of(name, operator, values)),
                Sort::Many(_) => many(name, operator, values),
                _ => <&[String; 1]>::try_from(values).ok().and_then(|[value]| plain(name, operator, sort, value)),
            },
        }
    }
}

/// A condition with one value.
fn plain(name: &str, operator: Operator, sort: Sort, value: &str) -> Option<String> {
    let literal = literal(sort, value);
    match (sort, operator) {
        (Sort::YesNo, _) => Some(format!("{name} {} true", if value == "true" { "==" } else { "!=" })),
        (Sort::About, _) => {
            let (module, id) = value.split_once('/')?;
            let is = format!("({name}.module == {} && {name} == {})", quoted(module), quoted(id));
            Some(if operator == Operator::IsNot { format!("!{is}") } else { is })
        }
        // The whole day.
        (Sort::Moment, Operator::Is) => between(name, sort, value, value),
        (_, Operator::Contains) => Some(format!("{name}.contains({literal})")),
        (_, Operator::Lacks) => Some(format!("!{name}.contains({literal})")),
        (_, Operator::Starts) => Some(format!("{name}.startsWith({literal})")),
        (_, Operator::Ends) => Some(format!("{name}.endsWith({literal})")),
        _ => Some(format!("{name} {} {literal}", sign(operator)?)),
    }
}

fn sign(operator: Operator) -> Option<&'static str> {
    match operator {
        Operator::Is => Some("=="),
        Operator::IsNot => Some("!="),
        Operator::More => Some(">"),
        Operator::Less => Some("<"),
        Operator::AtLeast => Some(">="),
        Operator::AtMost => Some("<="),
        _ => None,
    }
}

/// Both ends belong to it; days whole.
fn between(name: &str, sort: Sort, from: &str, to: &str) -> Option<String> {
    let (from, below, to) = match sort {
        Sort::Moment => {
            let (from, to): (Date, Date) = (from.parse().ok()?, to.parse().ok()?);
            (quoted(&from.to_string()), "<", quoted(&to.tomorrow().ok()?.to_string()))
        }
        _ => (literal(sort, from), "<=", literal(sort, to)),
    };
    Some(format!("({name} >= {from} && {name} {below} {to})"))
}

fn one_of(name: &str, operator: Operator, values: &[String]) -> String {
    let literals: Vec<String> = values.iter().map(|value| bare(value)).collect();
    match (operator == Operator::IsNot, literals.as_slice()) {
        (false, [value]) => format!("{name} == {value}"),
        (true, [value]) => format!("{name} != {value}"),
        (false, values) => format!("{name} in [{}]", values.join(", ")),
        (true, values) => format!("!({name} in [{}])", values.join(", ")),
    }
}

fn many(name: &str, operator: Operator, values: &[String]) -> Option<String> {
    let held: Vec<String> = values.iter().map(|value| format!("{} in {name}", quoted(value))).collect();
    match (operator, held.as_slice()) {
        (Operator::Is, [one]) => Some(one.clone()),
        (Operator::Is, all) => Some(format!("({})", all.join(" || "))),
        (Operator::IsNot, all) => Some(format!("!({})", all.join(" || "))),
        // Of one it is the same as any of one.
        (Operator::AllOf, all) if all.len() > 1 => Some(format!("({})", all.join(" && "))),
        _ => None,
    }
}

fn bare(value: &str) -> String {
    if value == ME { ME.to_owned() } else { quoted(value) }
}

fn literal(sort: Sort, value: &str) -> String {
    if sort == (Sort::Number { whole: true }) { value.to_owned() } else { quoted(value) }
}

/// The value of a record as a condition keeps it.
fn kept(fields: &Fields, name: &str, value: &str) -> String {
    let sort = fields.field(name).map(|field| sort(&field));
    sort.and_then(|sort| canonical(sort, value)).unwrap_or_else(|| value.to_owned())
}

/// A value as it is kept: nothing where the field cannot have it.
pub(super) fn canonical(sort: Sort, value: &str) -> Option<String> {
    let id = |text: &str| text.parse::<Id>().ok().map(|id| id.to_string());
    match sort {
        _ if value.is_empty() => None,
        Sort::Number { whole } => number(value, whole),
        Sort::Date => value.parse::<Date>().ok().map(|day| day.to_string()),
        Sort::Moment => match value.parse::<Date>() {
            Ok(day) if value.len() == 10 => Some(day.to_string()),
            _ => read_instant(value).ok().map(|at| at.to_string()),
        },
        Sort::Time => value.parse::<Time>().ok().filter(|_| value.len() == 5).map(|_| value.to_owned()),
        Sort::YesNo => matches!(value, "true" | "false").then(|| value.to_owned()),
        Sort::One(Values::People) if value == ME => Some(ME.to_owned()),
        // That is no word: it would be read back as whoever looks.
        Sort::One(Values::Words) if value == ME => None,
        Sort::One(Values::People | Values::Records) | Sort::Many(Values::People | Values::Records) => id(value),
        Sort::About => {
            let (module, record) = value.split_once('/')?;
            model::definitions::is_name(module).then(|| id(record).map(|record| format!("{module}/{record}")))?
        }
        Sort::Text | Sort::Exact | Sort::One(Values::Words) | Sort::Many(Values::Words) => {
            Some(value.chars().filter(|character| !character.is_control()).collect())
                .filter(|text: &String| !text.is_empty())
        }
        Sort::Opaque => None,
    }
}

/// A number in digits.
fn number(text: &str, whole: bool) -> Option<String> {
    if whole {
        return text.parse::<i64>().ok().map(|number| number.to_string());
    }
    let digits = text.split_once('.').map_or(0, |(_, fraction)| fraction.len());
    let scale = u8::try_from(digits).ok().filter(|scale| *scale <= SCALE_LIMIT)?;
    let is_plain = text.chars().all(|character| character.is_ascii_digit() || matches!(character, '.' | '-'));
    parse_decimal(text, scale).filter(|_| is_plain).map(|_| text.to_owned())
}
