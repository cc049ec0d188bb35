//! What a field that people filter by holds, and which conditions fit it.

use model::field::FieldType;
use model::rights::Grant;
use model::{Field, Module};

use super::condition::Operator;

/// Kinds of values, as conditions tell them apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::pages::list) enum Sort {
    /// Texts that are searched inside.
    Text,
    /// Texts that are the same or not.
    Exact,
    /// Numbers; whole ones are written without quotes.
    Number { whole: bool },
    /// Days.
    Date,
    /// Instants, asked about by the day.
    Moment,
    /// Times of day.
    Time,
    /// Boxes.
    YesNo,
    /// One of many values.
    One(Values),
    /// Any of many values.
    Many(Values),
    /// A record of any module.
    About,
    /// What is only there or not.
    Opaque,
}

/// What is chosen among.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::pages::list) enum Values {
    /// Options, or words.
    Words,
    /// Records.
    Records,
    /// Users.
    People,
}

impl Sort {
    fn of(kind: FieldType) -> Self {
        match kind {
            FieldType::Text | FieldType::Email | FieldType::Phone | FieldType::Url | FieldType::Address => Self::Text,
            FieldType::Colour | FieldType::Duration => Self::Exact,
            FieldType::Number | FieldType::Rating => Self::Number { whole: true },
            FieldType::Decimal | FieldType::Money => Self::Number { whole: false },
            FieldType::Date => Self::Date,
            FieldType::Datetime => Self::Moment,
            FieldType::Time => Self::Time,
            FieldType::Checkbox => Self::YesNo,
            FieldType::Choice => Self::One(Values::Words),
            FieldType::Link => Self::One(Values::Records),
            FieldType::Person => Self::One(Values::People),
            FieldType::MultiChoice => Self::Many(Values::Words),
            FieldType::Links => Self::Many(Values::Records),
            FieldType::Record => Self::About,
            FieldType::LongText | FieldType::Json | FieldType::File | FieldType::Formula | FieldType::RollUp => {
                Self::Opaque
            }
        }
    }

    /// The conditions that fit, in the order in which they are offered; the first is the usual one.
    pub(in crate::pages::list) fn operators(self) -> &'static [Operator] {
        use Operator::{
            AllOf, AtLeast, AtMost, Between, Contains, Empty, Ends, Filled, Is, IsNot, Lacks, Less, More, MyTeam,
            Starts, Within,
        };
        match self {
            Self::Text => &[Contains, Lacks, Is, IsNot, Starts, Ends, Filled, Empty],
            Self::Number { .. } => &[AtLeast, AtMost, More, Less, Between, Is, IsNot, Filled, Empty],
            Self::Date => &[Within, Is, Less, AtMost, More, AtLeast, Between, Filled, Empty],
            Self::Moment => &[Within, Is, Less, AtLeast, Between, Filled, Empty],
            Self::Time => &[AtLeast, AtMost, Between, Is, Filled, Empty],
            Self::YesNo => &[Is],
            Self::One(Values::People) => &[Is, IsNot, MyTeam, Filled, Empty],
            Self::Exact | Self::About | Self::One(_) => &[Is, IsNot, Filled, Empty],
            Self::Many(_) => &[Is, AllOf, IsNot, Filled, Empty],
            Self::Opaque => &[Filled, Empty],
        }
    }
}

/// A field that every record has, as a field of its module.
const SYSTEM: [(&str, FieldType); 4] = [
    ("owner", FieldType::Person),
    ("created_by", FieldType::Person),
    ("created_at", FieldType::Datetime),
    ("updated_at", FieldType::Datetime),
];

/// The field of that name by which the list is filtered.
pub(in crate::pages::list) fn field(module: &Module, name: &str) -> Option<Field> {
    if let Some(field) = module.field(name) {
        let is_there = field.is_stored() || module.derived(name).is_some();
        return (is_there && !field.secret).then(|| field.clone());
    }
    let (name, kind) = SYSTEM.into_iter().find(|(known, _)| *known == name)?;
    (name != "owner" || module.owners).then(|| Field::new(name, kind))
}

/// What a field holds.
pub(in crate::pages::list) fn sort(field: &Field) -> Sort {
    Sort::of(field.read_as())
}

/// Whether the reader may know of a field.
pub(super) fn is_open(grant: &Grant, name: &str) -> bool {
    !grant.hidden.iter().any(|hidden| hidden == name)
}

/// The names of the fields that the form offers.
pub(super) fn offered(module: &Module, grant: &Grant) -> Vec<String> {
    let names = module.fields.iter().map(|field| field.name.as_str()).chain(SYSTEM.map(|(name, _)| name));
    names.filter(|name| is_open(grant, name) && field(module, name).is_some()).map(str::to_owned).collect()
}
