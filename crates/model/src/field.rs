//! One field of a module: its type, its rules and how it is stored.

use serde::{Deserialize, Serialize};

use crate::requisites::Format;
use crate::{Label, Locale};

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
    /// Records of the module named in `module`, each once, in the order in which they were given.
    Links,
    /// A record of any module: `{"module","id"}`.
    Record,
    /// A file that is attached to the record: a link to one of the records of the module `files` about it.
    File,
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
    /// Worked out of the record's other fields by `expression`; never stored, never written.
    Formula,
    /// Worked out of the records that link to this one: `via` which link, `measure` of what; never stored, never written.
    RollUp,
}

impl FieldType {
    /// Whether its values are worked out by an expression when they are read.
    #[must_use]
    pub fn is_derived(self) -> bool {
        matches!(self, Self::Formula | Self::RollUp)
    }

    /// Whether a field of this type can have such a property, as files and the API spell it; of another one it would say
    /// nothing.
    #[must_use]
    pub fn takes(self, property: &str) -> bool {
        use FieldType::{
            Choice, Decimal, File, Formula, Json, Link, Links, LongText, MultiChoice, Number, Person, Record, RollUp,
            Text,
        };
        match property {
            "min" | "max" => matches!(self, Number | Decimal),
            "scale" => self == Decimal,
            "options" => matches!(self, Choice | MultiChoice),
            "open" => self == MultiChoice,
            "module" => matches!(self, Link | Links | File),
            "expression" => self == Formula,
            "via" | "measure" | "filter" => self == RollUp,
            "series" | "format" => self == Text,
            "required" | "required_at" | "validation" | "refusal" | "personal" => !self.is_derived(),
            "unique" | "index" => !self.is_derived() && !matches!(self, LongText | Json | MultiChoice | Links),
            "default" => !self.is_derived() && !matches!(self, Link | Links | File | Person | Record),
            _ => true,
        }
    }
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
    /// Target of a link or of links.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub module: Option<String>,
    /// The choices of a choice field. Those of a field that a process governs come from its states.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<ChoiceOption>,
    /// Of several choices: people put in what they like, such as tags. `options` then only name and colour some of them.
    #[serde(default, skip_serializing_if = "is_default")]
    pub open: bool,
    /// Digits after the point of a decimal.
    #[serde(default, skip_serializing_if = "is_default")]
    pub scale: u8,
    /// The least value of a number or decimal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<i64>,
    /// The greatest value of a number or decimal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<i64>,
    /// Never empty.
    #[serde(default, skip_serializing_if = "is_default")]
    pub required: bool,
    /// States of the module's process that no record enters without it: every move there asks for it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub required_at: Vec<String>,
    /// No two records of the module share a value.
    #[serde(default, skip_serializing_if = "is_default")]
    pub unique: bool,
    /// Kept in an index: filters and sorts by it are fast at any size.
    #[serde(default, skip_serializing_if = "is_default")]
    pub index: bool,
    /// Value of a new record that does not give one, in the form of the API.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<serde_json::Value>,
    /// Numbers that new records are given, such as `C-{n:06}`: unique, and without gaps (see [`crate::series`]).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub series: Option<String>,
    /// A sentence under the field.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help: Option<Label>,
    /// Which requisite a text is: its form and check digits are judged whenever it is set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<Format>,
    /// An expression that must hold for the record whenever the field is set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub validation: Option<String>,
    /// What people read where the validation does not hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refusal: Option<Label>,
    /// Who sets it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub set_by: SetBy,
    /// Never shown to anybody, whatever their roles: the secret of a link.
    #[serde(default, skip_serializing_if = "is_default")]
    pub secret: bool,
    /// Says something of the person whom the record is about: it is emptied when that person is erased. E-mails and phones
    /// are so by their type.
    #[serde(default, skip_serializing_if = "is_default")]
    pub personal: bool,
    /// Not stored: worked out by a typed service when it is read.
    #[serde(default, skip_serializing_if = "is_default")]
    pub computed: bool,
    /// Names it had before: its column, its history and what was written under them are still its own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub formerly: Vec<String>,
    /// Out of use: nobody sees or sets it, and its values stay until it comes back.
    #[serde(default, skip_serializing_if = "is_default")]
    pub retired: bool,
    /// What a formula works out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expression: Option<String>,
    /// The link of a roll-up, `module.field`, which leads back to this module, or to records of any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub via: Option<String>,
    /// What a roll-up works out: `count()`, or `sum`, `min`, `max`, `avg` of an expression over the linked records.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub measure: Option<String>,
    /// Which of the linked records a roll-up takes; all where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filter: Option<String>,
    /// The type of what a formula or roll-up gives, found when the packs are joined; never part of a file.
    #[serde(default, skip_deserializing, skip_serializing_if = "Option::is_none")]
    pub result: Option<FieldType>,
}

impl Field {
    /// What people read; the bare name where nobody gave it a label.
    #[must_use]
    pub fn called(&self, locale: Locale) -> &str {
        self.label.or(locale, &self.name)
    }

    /// A field with a name and a type and no rules.
    #[must_use]
    pub fn new(name: &str, kind: FieldType) -> Self {
        Self {
            name: name.to_owned(),
            kind,
            label: Label::default(),
            module: None,
            options: Vec::new(),
            open: false,
            scale: 0,
            min: None,
            max: None,
            required: false,
            required_at: Vec::new(),
            unique: false,
            index: false,
            default: None,
            series: None,
            help: None,
            format: None,
            validation: None,
            refusal: None,
            set_by: SetBy::Anyone,
            secret: false,
            personal: false,
            computed: false,
            formerly: Vec::new(),
            retired: false,
            expression: None,
            via: None,
            measure: None,
            filter: None,
            result: None,
        }
    }

    /// The type of the values that are read: of a formula or roll-up that of its result.
    #[must_use]
    pub fn read_as(&self) -> FieldType {
        self.result.unwrap_or(self.kind)
    }

    /// Whether it says who somebody is or something of them.
    #[must_use]
    pub fn is_personal(&self) -> bool {
        self.personal || self.is_address()
    }

    /// Whether its values are where a person is reached.
    #[must_use]
    pub fn is_address(&self) -> bool {
        matches!(self.kind, FieldType::Email | FieldType::Phone)
    }

    /// Whether an index can hold its values: they stand in a column and are not of any length.
    #[must_use]
    pub fn is_indexed(&self) -> bool {
        self.is_stored()
            && !matches!(self.kind, FieldType::LongText | FieldType::Json | FieldType::MultiChoice | FieldType::Links)
    }

    /// What is wrong with its bounds.
    #[must_use]
    pub fn wrong_bounds(&self) -> Option<String> {
        if self.min.or(self.max).is_some() && !matches!(self.kind, FieldType::Number | FieldType::Decimal) {
            return Some(format!("{} is no number, so it has no min and max", self.name));
        }
        let (min, max) = self.min.zip(self.max)?;
        (min > max).then(|| format!("the min of {} is above its max", self.name))
    }

    /// Whether its values are kept: in columns, or in a table of links.
    #[must_use]
    pub fn is_stored(&self) -> bool {
        !self.computed && !self.kind.is_derived()
    }

    /// Whether a list is grouped by it: its values are few.
    #[must_use]
    pub fn makes_groups(&self) -> bool {
        use FieldType::{Checkbox, Choice, File, Link, Person, Rating};
        self.is_stored() && matches!(self.kind, Choice | Checkbox | Person | Link | File | Rating)
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
