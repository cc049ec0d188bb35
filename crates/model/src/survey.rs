//! Surveys: questions that somebody outside answers by a link. What is asked, in which order and under which conditions is
//! data of a pack; what was sent and answered are records (modules `surveys` and `survey_answers`).

mod answers;
mod check;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use crate::field::ChoiceOption;
use crate::{Field, FieldType, Label};

pub use answers::{Answers, Wrong};
pub use check::Fault;

/// The most rows of one answer of lines.
pub const LINES_LIMIT: usize = 200;
/// The longest answer in one's own words, in characters.
pub const WORDS_LIMIT: usize = 10_000;

/// What kind of answer a question wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// One line of text.
    Text,
    /// Text in one's own words.
    LongText,
    /// An e-mail address.
    Email,
    /// A telephone number.
    Phone,
    /// A whole number.
    Number,
    /// A day.
    Date,
    /// Yes or no.
    YesNo,
    /// One of `options`.
    One,
    /// Any of `options`.
    Several,
    /// All of `options` in order, the best first.
    Ranking,
    /// From 0 to 10: how likely somebody is to recommend.
    Scale,
    /// One to five stars.
    Stars,
    /// One of `options` for each of `rows`.
    Matrix,
    /// Rows of `columns`, as many as are wanted.
    Lines,
    /// A file, sent along by whoever has a personal link.
    File,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 15] = [
        Self::Text,
        Self::LongText,
        Self::Email,
        Self::Phone,
        Self::Number,
        Self::Date,
        Self::YesNo,
        Self::One,
        Self::Several,
        Self::Ranking,
        Self::Scale,
        Self::Stars,
        Self::Matrix,
        Self::Lines,
        Self::File,
    ];

    /// What it is called in files and by the API.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::LongText => "long_text",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Number => "number",
            Self::Date => "date",
            Self::YesNo => "yes_no",
            Self::One => "one",
            Self::Several => "several",
            Self::Ranking => "ranking",
            Self::Scale => "scale",
            Self::Stars => "stars",
            Self::Matrix => "matrix",
            Self::Lines => "lines",
            Self::File => "file",
        }
    }

    /// Whether it is answered by choosing from `options`.
    #[must_use]
    pub fn has_options(self) -> bool {
        matches!(self, Self::One | Self::Several | Self::Ranking | Self::Matrix)
    }

    /// The type of its values.
    #[must_use]
    pub fn stored_as(self) -> FieldType {
        match self {
            Self::Text => FieldType::Text,
            Self::LongText => FieldType::LongText,
            Self::Email => FieldType::Email,
            Self::Phone => FieldType::Phone,
            Self::Number | Self::Scale => FieldType::Number,
            Self::Date => FieldType::Date,
            Self::YesNo => FieldType::Checkbox,
            Self::One => FieldType::Choice,
            Self::Several => FieldType::MultiChoice,
            Self::Stars => FieldType::Rating,
            Self::Ranking | Self::Matrix | Self::Lines => FieldType::Json,
            Self::File => FieldType::File,
        }
    }
}

/// A column of a question of lines.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Column {
    /// Stable name.
    pub key: String,
    /// What people read.
    pub label: Label,
    /// Text, a number, or one of `options`.
    pub kind: Kind,
    /// What may be chosen.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<ChoiceOption>,
    /// The least number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<i64>,
    /// The greatest number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<i64>,
}

/// A question.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// Stable name: what expressions, the API and the answers call it.
    pub key: String,
    /// What kind of answer it wants.
    pub kind: Kind,
    /// The question.
    pub label: Label,
    /// A sentence under it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help: Option<Label>,
    /// Whether it must be answered where it is asked.
    #[serde(default, skip_serializing_if = "is_false")]
    pub required: bool,
    /// An expression over the answers before it: only where it holds is the question asked.
    #[serde(rename = "if", default, skip_serializing_if = "Option::is_none")]
    pub condition: Option<String>,
    /// An expression over the answers up to this one that must hold where it is answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub check: Option<String>,
    /// What is said where `check` does not hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refusal: Option<Label>,
    /// What may be chosen.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<ChoiceOption>,
    /// What a matrix asks about.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rows: Vec<ChoiceOption>,
    /// What a line is made of.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<Column>,
    /// The least number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<i64>,
    /// The greatest number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<i64>,
    /// An expression over the record that the survey is about: what stands in the answer at first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prefill: Option<String>,
    /// The field of that record which the answer is written to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub writes: Option<String>,
    /// No longer asked; its answers stay.
    #[serde(default, skip_serializing_if = "is_false")]
    pub retired: bool,
}

/// A module whose records a survey is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct About {
    /// The module.
    pub module: String,
    /// An expression over the record: the address that the link goes to.
    pub to: String,
    /// An expression: the name of whoever is asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub called: Option<String>,
    /// A condition: where it holds, the page of the record offers the survey.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offered: Option<String>,
}

/// A survey.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Survey {
    /// Stable name.
    pub name: String,
    /// What people read.
    pub label: Label,
    /// Said before the questions.
    #[serde(default, skip_serializing_if = "is_empty")]
    pub introduction: Label,
    /// Said after the answers.
    #[serde(default, skip_serializing_if = "is_empty")]
    pub thanks: Label,
    /// Whether it is sent and answered.
    #[serde(default = "yes")]
    pub active: bool,
    /// Whether anybody answers it at its public address, and nothing is kept of who it was.
    #[serde(default, skip_serializing_if = "is_false")]
    pub anonymous: bool,
    /// Whether answers may be corrected by the same link until it ends.
    #[serde(default, skip_serializing_if = "is_false")]
    pub corrections: bool,
    /// How long a personal link lives, ISO 8601.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_for: Option<String>,
    /// Name of the letter's template.
    #[serde(default = "letter")]
    pub letter: String,
    /// The typed service of the program that takes the answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handled_by: Option<String>,
    /// What it is about.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub about: Vec<About>,
    /// The questions in their order.
    pub questions: Vec<Question>,
}

/// The module of surveys that were sent or answered.
pub const SENT: &str = "surveys";
/// The module of the answers to them.
pub const ANSWERS: &str = "survey_answers";

/// The letter of a survey that names no other.
pub const LETTER: &str = "survey";

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
fn is_false(flag: &bool) -> bool {
    !flag
}

fn is_empty(label: &Label) -> bool {
    *label == Label::default()
}

fn yes() -> bool {
    true
}

fn letter() -> String {
    LETTER.to_owned()
}

impl Survey {
    /// What it says of records of this module.
    #[must_use]
    pub fn of(&self, module: &str) -> Option<&About> {
        self.about.iter().find(|about| about.module == module)
    }

    /// The question with this key, retired or not.
    #[must_use]
    pub fn question(&self, key: &str) -> Option<&Question> {
        self.questions.iter().find(|question| question.key == key)
    }

    /// The questions in use.
    pub fn asked(&self) -> impl Iterator<Item = &Question> {
        self.questions.iter().filter(|question| !question.retired)
    }
}

impl Question {
    /// A question of which nothing more is said.
    #[must_use]
    pub fn new(key: &str, kind: Kind, label: Label) -> Self {
        Self {
            key: key.to_owned(),
            kind,
            label,
            help: None,
            required: false,
            condition: None,
            check: None,
            refusal: None,
            options: Vec::new(),
            rows: Vec::new(),
            columns: Vec::new(),
            min: None,
            max: None,
            prefill: None,
            writes: None,
            retired: false,
        }
    }

    /// The field that its value would stand in.
    #[must_use]
    pub fn field(&self) -> Field {
        let scale = (self.kind == Kind::Scale).then_some((0, 10));
        Field {
            label: self.label.clone(),
            options: self.options.clone(),
            min: scale.map_or(self.min, |(min, _)| Some(min)),
            max: scale.map_or(self.max, |(_, max)| Some(max)),
            ..Field::new(&self.key, self.kind.stored_as())
        }
    }
}

impl Column {
    /// The field that its value would stand in.
    #[must_use]
    pub fn field(&self) -> Field {
        Field {
            label: self.label.clone(),
            options: self.options.clone(),
            min: self.min,
            max: self.max,
            ..Field::new(&self.key, self.kind.stored_as())
        }
    }
}
