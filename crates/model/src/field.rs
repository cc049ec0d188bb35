//! One field of a module: its type, its rules and how it is stored.

use serde::{Deserialize, Serialize};

use crate::Label;

/// What kind of value a field holds (api.md, "Shape").
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldType {
    /// One line of text, at most 1,000 characters.
    Text,
    /// Text of any length up to 1,000,000 characters; found by full text, not by filters.
    LongText,
    /// A whole number.
    Number,
    /// An exact decimal with the field's `scale`.
    Decimal,
    /// An amount with its currency.
    Money,
    /// A calendar day.
    Date,
    /// A time of day.
    Time,
    /// An instant.
    Datetime,
    /// An ISO 8601 duration, for instance `P1D`.
    Duration,
    /// One of `options`.
    Choice,
    /// Any of `options`.
    MultiChoice,
    /// A record of the module named in `module`.
    Link,
    /// A record of any module: `{"module","id"}`.
    Record,
    /// A user.
    Person,
    /// An e-mail address, normalised.
    Email,
    /// A telephone number, E.164.
    Phone,
    /// A web address.
    Url,
    /// A postal address, one text.
    Address,
    /// Yes or no.
    Checkbox,
    /// One to five.
    Rating,
    /// `#rrggbb`.
    Colour,
    /// Anything that is JSON.
    Json,
}

/// Who sets a field.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SetBy {
    /// Whoever may change the record.
    #[default]
    Anyone,
    /// Whoever may create the record, and only then.
    Creation,
    /// Only a process or a typed service (seats, money, numbers).
    Process,
}

/// One choice of a choice field, or one state of a process.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChoiceOption {
    /// What is stored and what the API says.
    pub value: String,
    /// What people read.
    pub label: Label,
    /// How it is shown: `good`, `warn`, `bad`, `cold`, `acc`, or nothing.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub colour: String,
}

/// One field of a module.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// Stable name: column, API and expressions.
    pub name: String,
    /// Type of its values.
    #[serde(rename = "type")]
    pub kind: FieldType,
    /// What people read.
    #[serde(default)]
    pub label: Label,
    /// Target of a link.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub module: Option<String>,
    /// The choices of a choice field. Those of a field that a process governs come from its states.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<ChoiceOption>,
    /// Digits after the point of a decimal.
    #[serde(default, skip_serializing_if = "is_default")]
    pub scale: u8,
    /// Never empty.
    #[serde(default, skip_serializing_if = "is_default")]
    pub required: bool,
    /// No two records of the module share a value.
    #[serde(default, skip_serializing_if = "is_default")]
    pub unique: bool,
    /// Kept in an index: filters and sorts by it are fast at any size.
    #[serde(default, skip_serializing_if = "is_default")]
    pub index: bool,
    /// Value of a new record that does not give one, in the form of the API.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<serde_json::Value>,
    /// A sentence under the field.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help: Option<Label>,
    /// An expression that must hold for the record whenever the field is set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub validation: Option<String>,
    /// Who sets it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub set_by: SetBy,
    /// Never shown to anybody, whatever their roles: the secret of a link.
    #[serde(default, skip_serializing_if = "is_default")]
    pub secret: bool,
    /// Not stored: worked out by a typed service when it is read.
    #[serde(default, skip_serializing_if = "is_default")]
    pub computed: bool,
}

impl Field {
    /// A field with a name and a type and no rules.
    #[must_use]
    pub fn new(name: &str, kind: FieldType) -> Self {
        Self {
            name: name.to_owned(),
            kind,
            label: Label::default(),
            module: None,
            options: Vec::new(),
            scale: 0,
            required: false,
            unique: false,
            index: false,
            default: None,
            help: None,
            validation: None,
            set_by: SetBy::Anyone,
            secret: false,
            computed: false,
        }
    }

    /// Whether it has columns.
    #[must_use]
    pub fn is_stored(&self) -> bool {
        !self.computed
    }

    /// Whether a folded copy stands beside the text, by which it is sorted and searched inside
    /// (the same bytes in both databases, so that they agree).
    #[must_use]
    pub fn has_key(&self) -> bool {
        self.is_stored() && matches!(self.kind, FieldType::Text | FieldType::Address)
    }

    /// The label of one of its options; the bare value where there is no such option.
    #[must_use]
    pub fn option(&self, value: &str) -> Option<&ChoiceOption> {
        self.options.iter().find(|option| option.value == value)
    }
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
