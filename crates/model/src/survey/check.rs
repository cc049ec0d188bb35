//! What must hold of a survey before anybody is asked: everything that it names is there, and its expressions fit.

use std::collections::BTreeSet;

use super::{About, Kind, Question, Survey};
use crate::definitions::{is_name, is_reserved};
use crate::expr::{Type, Want, compile};
use crate::extension::no_field;
use crate::field::{ChoiceOption, FieldType, SetBy};
use crate::module::SYSTEM_FIELDS;
use crate::rule::with_before;
use crate::value::read_duration;
use crate::{Definitions, Field, Module};

/// What is wrong: the property, as files and the API spell it, a stable code, and why.
pub type Fault = (String, &'static str, String);

/// The most questions of one survey.
const MOST_QUESTIONS: usize = 100;
/// The most options of one question.
const MOST_OPTIONS: usize = 200;

impl Survey {
    /// Everything that is wrong with it.
    #[must_use]
    pub fn faults(&self, definitions: &Definitions) -> Vec<Fault> {
        let mut faults = Vec::new();
        let mut wrong = |key: &str, code: &'static str, message: String| faults.push((key.to_owned(), code, message));
        if !is_name(&self.name) || self.name == "new" {
            let message = "lower-case Latin letters, digits and _, beginning with a letter";
            wrong("name", "invalid_program_name", format!("{:?} cannot name a survey: {message}", self.name));
        }
        if let Some(Err(error)) = self.valid_for.as_deref().map(read_duration) {
            wrong("valid_for", error.code, error.message);
        }
        if definitions.letter(&self.letter).is_none() {
            wrong("letter", "no_template", format!("there is no letter template {:?}", self.letter));
        }
        if self.asked().next().is_none() {
            wrong("questions", "required", "a survey asks something".to_owned());
        }
        if self.questions.len() > MOST_QUESTIONS {
            wrong("questions", "too_many", format!("a survey has {MOST_QUESTIONS} questions at most"));
        }
        if self.anonymous && (self.handled_by.is_some() || self.questions.iter().any(|it| it.writes.is_some())) {
            wrong(
                "anonymous",
                "survey_anonymous",
                "who answers is not known, so the answers go to no record".to_owned(),
            );
        }
        for (index, about) in self.about.iter().enumerate() {
            self.check_about(&format!("about[{index}]"), about, definitions, &mut faults);
        }
        let mut keys = BTreeSet::new();
        for (index, question) in self.questions.iter().enumerate() {
            let at = format!("questions[{index}]");
            if !keys.insert(question.key.as_str()) {
                faults.push((
                    format!("{at}.key"),
                    "name_taken",
                    format!("two questions are called {:?}", question.key),
                ));
            }
            self.check_question(&at, (index, question), definitions, &mut faults);
        }
        faults
    }

    fn check_about(&self, at: &str, about: &About, definitions: &Definitions, faults: &mut Vec<Fault>) {
        let Some(module) = definitions.module(&about.module) else {
            faults.push((format!("{at}.module"), "no_such_module", format!("there is no module {:?}", about.module)));
            return;
        };
        let seen = with_before(module);
        for (key, text) in [("to", Some(&about.to)), ("called", about.called.as_ref())] {
            let Some(text) = text else { continue };
            match compile(text, &seen, definitions, Want::Any) {
                Err(error) => faults.push((format!("{at}.{key}"), error.code.as_str(), error.to_string())),
                Ok(plan) if !matches!(plan.kind, Type::Text(_)) => {
                    let message = format!("a text is wanted, not {}", plan.kind.name());
                    faults.push((format!("{at}.{key}"), "text_wanted", message));
                }
                Ok(_) => {}
            }
        }
        if let Some(Err(error)) = about.offered.as_deref().map(|text| compile(text, &seen, definitions, Want::Bool)) {
            faults.push((format!("{at}.offered"), error.code.as_str(), error.to_string()));
        }
    }

    fn check_question(
        &self,
        at: &str,
        (index, question): (usize, &Question),
        definitions: &Definitions,
        faults: &mut Vec<Fault>,
    ) {
        let mut wrong =
            |key: &str, code: &'static str, message: String| faults.push((format!("{at}.{key}"), code, message));
        // What is asked before this one, and this one as well for what it checks itself.
        let before = Survey { questions: self.questions.iter().take(index).cloned().collect(), ..self.clone() };
        let upto = Survey { questions: self.questions.iter().take(index + 1).cloned().collect(), ..self.clone() };
        if !is_name(&question.key) || is_reserved(&question.key) || SYSTEM_FIELDS.contains(&question.key.as_str()) {
            wrong("key", "invalid_program_name", format!("{:?} cannot name a question", question.key));
        }
        if question.label == crate::Label::default() {
            wrong("label", "required", "a question says what it asks".to_owned());
        }
        for (key, text, survey) in [("if", &question.condition, &before), ("check", &question.check, &upto)] {
            let compiled = text.as_deref().map(|text| compile(text, &survey.module(), definitions, Want::Bool));
            if let Some(Err(error)) = compiled {
                wrong(key, error.code.as_str(), error.to_string());
            }
        }
        // A typed service may bring the options of its questions itself.
        let is_open = self.handled_by.is_some();
        if question.kind.has_options() && question.options.is_empty() && !is_open {
            wrong("options", "survey_no_options", "there is nothing to choose from".to_owned());
        }
        for (key, options) in [("options", &question.options), ("rows", &question.rows)] {
            if let Some((code, message)) = twice(options) {
                wrong(key, code, message);
            }
        }
        if question.kind == Kind::Matrix && question.rows.is_empty() {
            wrong("rows", "required", "a matrix asks about something".to_owned());
        }
        if question.kind == Kind::Lines && question.columns.is_empty() {
            wrong("columns", "required", "a line is made of something".to_owned());
        }
        for (number, column) in question.columns.iter().enumerate() {
            let is_known = matches!(column.kind, Kind::Text | Kind::Number | Kind::One);
            let is_twice = question.columns.iter().take(number).any(|other| other.key == column.key);
            if !is_known || !is_name(&column.key) || is_twice {
                let message = "a column has a name of its own and is text, number or one";
                wrong(&format!("columns[{number}]"), "survey_column", message.to_owned());
            } else if column.kind == Kind::One && column.options.is_empty() && !is_open {
                wrong(
                    &format!("columns[{number}].options"),
                    "survey_no_options",
                    "there is nothing to choose from".to_owned(),
                );
            }
        }
        if question.kind == Kind::File {
            if self.anonymous {
                wrong(
                    "kind",
                    "survey_file_of_anybody",
                    "files come by personal links alone: anybody could fill the disk".to_owned(),
                );
            }
            if self.handled_by.is_some() {
                wrong("kind", "survey_file_untaken", "the service that takes the answers takes no files".to_owned());
            }
            if question.prefill.is_some() {
                wrong("prefill", "survey_file_alone", "a file is sent by whoever answers".to_owned());
            }
            if question.writes.is_some() {
                wrong(
                    "writes",
                    "survey_file_alone",
                    "a file stays with the answers: it is written to no field".to_owned(),
                );
            }
        }
        if let Some(message) = question.field().wrong_bounds() {
            wrong("min", "invalid_bounds", message);
        }
        if question.prefill.is_none() && question.writes.is_none() {
            return;
        }
        if self.about.is_empty() {
            wrong("writes", "survey_about_nothing", "the survey is about no record: say of which module".to_owned());
        }
        for module in self.about.iter().filter_map(|about| definitions.module(&about.module)) {
            let text = question.prefill.as_deref();
            if let Some(Err(error)) = text.map(|text| compile(text, &with_before(module), definitions, Want::Any)) {
                wrong("prefill", error.code.as_str(), format!("{}: {error}", module.name));
            }
            let message = question.writes.as_deref().and_then(|name| unwritable(question, module, name, definitions));
            if let Some((code, message)) = message {
                wrong("writes", code, message);
            }
        }
    }
}

/// Two options with one value, or too many of them.
fn twice(options: &[ChoiceOption]) -> Option<(&'static str, String)> {
    if options.len() > MOST_OPTIONS {
        return Some(("too_many", format!("at most {MOST_OPTIONS} options")));
    }
    let is_twice = |(at, option): (usize, &ChoiceOption)| {
        let other = options.iter().take(at).any(|other| other.value == option.value);
        let message = || format!("{:?} stands there twice, or is empty", option.value);
        (other || option.value.trim().is_empty()).then(|| ("repeated_option", message()))
    };
    options.iter().enumerate().find_map(is_twice)
}

/// Why the answer to a question cannot be written to a field.
fn unwritable(
    question: &Question,
    module: &Module,
    name: &str,
    definitions: &Definitions,
) -> Option<(&'static str, String)> {
    let Some(field) = module.field(name) else { return Some(("unknown_field", no_field(module, name))) };
    let is_governed = definitions.process(&module.name).is_some_and(|process| process.field == name);
    if is_governed || !field.is_stored() || field.secret || field.set_by != SetBy::Anyone {
        let message = format!("{name:?} of {} is not set by hand, so no answer is written there", module.name);
        return Some(("survey_unwritable", message));
    }
    let message = || format!("{name:?} of {} holds something else", module.name);
    (!takes(field, question)).then(|| ("does_not_fit", message()))
}

/// Whether a field takes the answers of a question: as they are, or in words.
fn takes(field: &Field, question: &Question) -> bool {
    let has_all = || question.options.iter().all(|option| field.open || field.option(&option.value).is_some());
    match (question.kind, field.kind) {
        (_, FieldType::Text | FieldType::LongText) => true,
        (Kind::One, FieldType::Choice) | (Kind::Several, FieldType::MultiChoice) => has_all(),
        (Kind::Number | Kind::Scale | Kind::Stars, FieldType::Number | FieldType::Decimal) => true,
        (Kind::Ranking | Kind::Matrix | Kind::Lines, FieldType::Json) => true,
        (kind, other) => kind.stored_as() == other && !kind.has_options(),
    }
}
