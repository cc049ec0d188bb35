//! What a field that people filter by holds, and which conditions fit it.

use model::Field;
use model::field::FieldType;

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

/// What a field holds.
pub(in crate::pages::list) fn sort(field: &Field) -> Sort {
    Sort::of(field.read_as())
}
