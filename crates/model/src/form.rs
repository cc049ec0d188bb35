//! Forms: what anybody fills in on a site, and the record that it becomes. A form is data of a pack. It is asked as a survey
//! without a recipient is: its fields are read as questions, with one language of conditions and one judge of answers.

mod check;
mod placed;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::field::SetBy;
use crate::survey::{Kind, LETTER, Question, Survey};
use crate::{Field, FieldType, Label, Module};

pub use check::askable;
pub(crate) use check::{is_free, named, unwritable};
pub use placed::{Placed, Told};

/// Modules whose records forms make.
pub const INTO: [&str; 2] = ["leads", "cases"];
/// The control that no person sees and every robot fills in.
pub const TRAP: &str = "website";
/// The control of the consent.
pub const CONSENT: &str = "consent";
/// The control of the consent to news and offers.
pub const MARKETING: &str = "consent_marketing";
/// When and where the page was made, so that nobody answers faster than they read.
pub const STAMP: &str = "stamp";
/// What a page has worked out where its form gets many requests.
pub const PROOF: &str = "stamp_proof";
/// The page from which somebody came to the site.
pub const REFERRER: &str = "referrer";
/// The page of the site on which they arrived.
pub const LANDING: &str = "landing_page";
/// What marks of advertising begin with.
pub const MARKS: &str = "utm_";

/// A field that a form asks for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// The field of the module; of a file, the name under which it comes.
    pub field: String,
    /// Whether it is a file that is attached to the record, and no field of it.
    #[serde(default, skip_serializing_if = "is_false")]
    pub file: bool,
    /// What is asked; the field's own label where nothing is said. A file has none of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<Label>,
    /// A sentence under it; what the field says to colleagues is not shown to strangers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help: Option<Label>,
    /// Whether it must be filled in where it is asked.
    #[serde(default, skip_serializing_if = "is_false")]
    pub required: bool,
    /// An expression over what stands before it: only where it holds is the field asked.
    #[serde(rename = "if", default, skip_serializing_if = "Option::is_none")]
    pub condition: Option<String>,
    /// What its answer is called elsewhere, on forms of networks and in what programs send: keys, paths, or what people read
    /// there. What is called the same everywhere need not be said.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub keys: Vec<String>,
}

/// A form (B4).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Form {
    /// Stable name: the last part of its address.
    pub name: String,
    /// What people read above it.
    pub label: Label,
    /// Said before the fields.
    #[serde(default, skip_serializing_if = "is_empty")]
    pub introduction: Label,
    /// Said when it is sent.
    #[serde(default, skip_serializing_if = "is_empty")]
    pub thanks: Label,
    /// The address to which one goes on then, in place of the thanks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// Whether anybody fills it in; a draft is tried out by administrators alone.
    #[serde(default = "yes")]
    pub active: bool,
    /// The module of the record that it becomes: one of [`INTO`].
    pub module: String,
    /// Whether what comes waits in the inbox until a person or a rule says what it is (processes.md, 1.1).
    #[serde(default, skip_serializing_if = "is_false")]
    pub queue: bool,
    /// What stands in fields that nobody is asked for, in the form of the API.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub values: BTreeMap<String, Json>,
    /// The wording of the consent to the processing of personal data (K3): it is ticked, or nothing is taken.
    #[serde(default, skip_serializing_if = "is_empty")]
    pub consent: Label,
    /// The wording of the consent to news and offers (H1): nobody has to tick it, and where nothing is said nobody is asked.
    #[serde(default, skip_serializing_if = "is_empty")]
    pub marketing: Label,
    /// The address of what the consent speaks of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy: Option<String>,
    /// What it asks for, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<Asked>,
}

impl Form {
    /// What is asked, as the questions of a survey. It follows the module: what is out of use there is not asked any more, and
    /// what every record has to have is asked of everybody, wherever the form leaves it out.
    #[must_use]
    pub fn survey(&self, module: &Module) -> Survey {
        Survey {
            name: self.name.clone(),
            label: self.label.clone(),
            introduction: self.introduction.clone(),
            thanks: self.thanks.clone(),
            active: self.active,
            anonymous: false,
            corrections: false,
            valid_for: None,
            letter: LETTER.to_owned(),
            handled_by: None,
            about: Vec::new(),
            questions: self.questions(module),
        }
    }

    fn questions(&self, module: &Module) -> Vec<Question> {
        let mut questions: Vec<Question> = self.fields.iter().filter_map(|asked| asked.question(module)).collect();
        for field in self.wanted(module) {
            let Some(kind) = kind_of(field) else { continue };
            match questions.iter_mut().find(|question| question.key == field.name && question.kind != Kind::File) {
                Some(question) => (question.required, question.condition) = (true, None),
                None => {
                    let (min, max, options) = (field.min, field.max, field.options.clone());
                    let question = Question::new(&field.name, kind, field.label.clone());
                    questions.push(Question { min, max, options, required: true, ..question });
                }
            }
        }
        questions
    }

    /// What every record of the module has to have and the form does not say itself.
    fn wanted<'m>(&self, module: &'m Module) -> impl Iterator<Item = &'m Field> {
        module.fields.iter().filter(move |field| {
            let is_wanted = field.required && field.default.is_none() && field.set_by != SetBy::Process;
            is_wanted && field.is_stored() && !self.values.contains_key(&field.name)
        })
    }
}

impl Asked {
    /// The question that it is; nothing where the module has no such field, or one that no stranger fills in.
    #[must_use]
    pub fn question(&self, module: &Module) -> Option<Question> {
        let said = self.label.clone().filter(|label| !is_empty(label));
        let question = if self.file {
            Question::new(&self.field, Kind::File, said.unwrap_or_default())
        } else {
            let field = module.field(&self.field)?;
            let (min, max, options) = (field.min, field.max, field.options.clone());
            let question = Question::new(&field.name, kind_of(field)?, said.unwrap_or_else(|| field.label.clone()));
            Question { min, max, options, ..question }
        };
        let help = self.help.clone().filter(|help| !is_empty(help));
        Some(Question { help, required: self.required, condition: self.condition.clone(), ..question })
    }
}

/// How a stranger is asked for the value of a field; nothing of fields that lead to other records, are worked out, or are
/// for programs.
#[must_use]
pub fn kind_of(field: &Field) -> Option<Kind> {
    match field.kind {
        FieldType::Text | FieldType::Url => Some(Kind::Text),
        FieldType::LongText | FieldType::Address => Some(Kind::LongText),
        FieldType::Email => Some(Kind::Email),
        FieldType::Phone => Some(Kind::Phone),
        FieldType::Number => Some(Kind::Number),
        FieldType::Date => Some(Kind::Date),
        FieldType::Checkbox => Some(Kind::YesNo),
        FieldType::Choice => Some(Kind::One),
        FieldType::MultiChoice => Some(Kind::Several),
        FieldType::Rating => Some(Kind::Stars),
        _ => None,
    }
}

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
