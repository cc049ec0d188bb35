//! Answers: read in the order of the questions, each under the conditions that the ones before it have settled.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Value as Json};

use super::{Kind, LINES_LIMIT, Question, Survey, WORDS_LIMIT};
use crate::expr::{Env, Want, compile};
use crate::value::{Reading, ValueError};
use crate::{Definitions, Field, Id, Locale, Module, Record, Value, l10n};

/// What is wrong with an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// The question, or the place inside its answer: `lines[0].quantity`.
    pub place: String,
    /// Why.
    pub error: ValueError,
}

/// What is known so far: the questions that are asked, and the values of their answers.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answers {
    /// Keys of the questions that are asked, in order.
    pub asked: Vec<String>,
    /// Values of those that are answered.
    pub values: BTreeMap<String, Value>,
}

impl Answers {
    /// The value of the answer to a question.
    #[must_use]
    pub fn get(&self, key: &str) -> &Value {
        self.values.get(key).unwrap_or(&Value::Null)
    }

    /// Everything that was answered, in the form of the API.
    #[must_use]
    pub fn to_json(&self) -> Map<String, Json> {
        self.values.iter().map(|(key, value)| (key.clone(), value.to_json())).collect()
    }
}

impl Survey {
    /// Reads answers. A question that is not asked under the answers before it is passed over, whatever was said to it.
    /// Beside the answers stands everything that is wrong with them; what is wrong is taken as not answered.
    #[must_use]
    pub fn read(
        &self,
        given: &Map<String, Json>,
        (reading, env, locale): (Reading, &Env, Locale),
    ) -> (Answers, Vec<Wrong>) {
        let mut record = self.blank(env);
        let module = record.module.clone();
        let (mut answers, mut wrong) = (Answers::default(), Vec::new());
        let holds = |text: &str, record: &Record| {
            compile(text, &module, &Definitions::default(), Want::Bool).is_ok_and(|plan| plan.test(record, env))
        };
        for question in self.asked() {
            if question.condition.as_deref().is_some_and(|text| !holds(text, &record)) {
                continue;
            }
            answers.asked.push(question.key.clone());
            let before = wrong.len();
            let value = question.read(given.get(&question.key).unwrap_or(&Json::Null), reading, &mut wrong);
            if wrong.len() > before {
                continue;
            }
            if value.is_null() {
                if question.required {
                    wrong.push(required(&question.key));
                }
                continue;
            }
            record.set(&question.key, value.clone());
            if question.check.as_deref().is_some_and(|text| !holds(text, &record)) {
                let refusal = question.refusal.as_ref().unwrap_or(&question.label).get(locale);
                record.set(&question.key, Value::Null);
                wrong.push(Wrong { place: question.key.clone(), error: ValueError::new("check_failed", refusal) });
                continue;
            }
            answers.values.insert(question.key.clone(), value);
        }
        (answers, wrong)
    }

    /// The questions as the fields of a module, over which expressions are read.
    pub(super) fn module(&self) -> Module {
        Module::of_fields("answers", self.questions.iter().map(Question::field).collect())
    }

    /// Nothing answered yet.
    fn blank(&self, env: &Env) -> Record {
        let module = Arc::new(self.module());
        let values = vec![Value::Null; module.fields.len()];
        Record {
            module,
            id: Id::at(env.now),
            version: 1,
            created_at: env.now,
            updated_at: env.now,
            created_by: None,
            owner: None,
            deleted_at: None,
            values,
            veiled: Vec::new(),
        }
    }
}

fn required(place: &str) -> Wrong {
    Wrong { place: place.to_owned(), error: ValueError::new("required", "this must be filled") }
}

fn expected(place: &str, what: &str) -> Wrong {
    Wrong { place: place.to_owned(), error: ValueError::new("invalid_type", format!("expected {what}")) }
}

impl Question {
    /// The value of an answer; null where there is none or something is wrong with it.
    fn read(&self, json: &Json, reading: Reading, wrong: &mut Vec<Wrong>) -> Value {
        match self.kind {
            Kind::Ranking => self.read_ranking(json, wrong),
            Kind::Matrix => self.read_matrix(json, wrong),
            Kind::Lines => self.read_lines(json, reading, wrong),
            _ => match read_value(&self.field(), json, reading) {
                Ok(value) => value,
                Err(error) => {
                    wrong.push(Wrong { place: self.key.clone(), error });
                    Value::Null
                }
            },
        }
    }

    fn read_ranking(&self, json: &Json, wrong: &mut Vec<Wrong>) -> Value {
        let given = match json {
            Json::Null => return Value::Null,
            Json::Array(given) => given,
            _ => {
                wrong.push(expected(&self.key, "a list of options"));
                return Value::Null;
            }
        };
        let is_there = |option: &crate::ChoiceOption| given.iter().any(|it| it.as_str() == Some(&option.value));
        // As many as there are, and each of them: none stands there twice.
        if given.len() != self.options.len() || !self.options.iter().all(is_there) {
            let error = ValueError::new("not_ranked", "every option once, the best first");
            wrong.push(Wrong { place: self.key.clone(), error });
            return Value::Null;
        }
        if given.is_empty() { Value::Null } else { Value::Json(json.clone()) }
    }

    fn read_matrix(&self, json: &Json, wrong: &mut Vec<Wrong>) -> Value {
        let given = match json {
            Json::Null => return Value::Null,
            Json::Object(given) => given,
            _ => {
                wrong.push(expected(&self.key, "an object of rows"));
                return Value::Null;
            }
        };
        for key in given.keys().filter(|key| self.rows.iter().all(|row| row.value != **key)) {
            let place = format!("{}.{key}", self.key);
            wrong.push(Wrong { place, error: ValueError::new("unknown_field", format!("there is no row {key:?}")) });
        }
        let one = Field { options: self.options.clone(), ..Field::new("row", crate::FieldType::Choice) };
        let mut chosen = Map::new();
        for row in &self.rows {
            let place = format!("{}.{}", self.key, row.value);
            match Value::read(&one, given.get(&row.value).unwrap_or(&Json::Null), Reading::default()) {
                Ok(Value::Null) if self.required => wrong.push(required(&place)),
                Ok(Value::Null) => {}
                Ok(value) => drop(chosen.insert(row.value.clone(), value.to_json())),
                Err(error) => wrong.push(Wrong { place, error }),
            }
        }
        if chosen.is_empty() { Value::Null } else { Value::Json(Json::Object(chosen)) }
    }

    fn read_lines(&self, json: &Json, reading: Reading, wrong: &mut Vec<Wrong>) -> Value {
        let given = match json {
            Json::Null => return Value::Null,
            Json::Array(given) => given,
            _ => {
                wrong.push(expected(&self.key, "a list of lines"));
                return Value::Null;
            }
        };
        if given.len() > LINES_LIMIT {
            let error = ValueError::new("too_long", format!("at most {LINES_LIMIT} lines"));
            wrong.push(Wrong { place: self.key.clone(), error });
            return Value::Null;
        }
        let mut lines = Vec::new();
        for (index, line) in given.iter().enumerate() {
            let place = format!("{}[{index}]", self.key);
            let Json::Object(line) = line else {
                wrong.push(expected(&place, "an object of columns"));
                continue;
            };
            for key in line.keys().filter(|key| self.columns.iter().all(|column| column.key != **key)) {
                let error = ValueError::new("unknown_field", format!("there is no column {key:?}"));
                wrong.push(Wrong { place: format!("{place}.{key}"), error });
            }
            let mut values = Map::new();
            for column in &self.columns {
                let at = format!("{place}.{}", column.key);
                match read_value(&column.field(), line.get(&column.key).unwrap_or(&Json::Null), reading) {
                    Ok(Value::Null) => wrong.push(required(&at)),
                    Ok(value) => drop(values.insert(column.key.clone(), value.to_json())),
                    Err(error) => wrong.push(Wrong { place: at, error }),
                }
            }
            lines.push(Json::Object(values));
        }
        if lines.is_empty() { Value::Null } else { Value::Json(Json::Array(lines)) }
    }

    /// An answer as people read it.
    #[must_use]
    pub fn worded(&self, value: &Value, locale: Locale) -> String {
        match (self.kind, value) {
            (_, Value::Null) => String::new(),
            (Kind::Ranking, Value::Json(Json::Array(ranked))) => {
                let called = ranked.iter().filter_map(Json::as_str).map(|value| called(&self.options, value, locale));
                let lines = called.enumerate().map(|(place, words)| format!("{}. {words}", place + 1));
                lines.collect::<Vec<_>>().join("\n")
            }
            (Kind::Matrix, Value::Json(Json::Object(chosen))) => {
                let rows = self.rows.iter().filter_map(|row| Some((row, chosen.get(&row.value)?.as_str()?)));
                let line = |(row, value): (&crate::ChoiceOption, &str)| {
                    format!("{}: {}", row.label.or(locale, &row.value), called(&self.options, value, locale))
                };
                rows.map(line).collect::<Vec<_>>().join("\n")
            }
            (Kind::Lines, Value::Json(Json::Array(lines))) => {
                let cell = |line: &Json, column: &super::Column| match line.get(&column.key)? {
                    Json::String(text) => Some(called(&column.options, text, locale).to_owned()),
                    other => Some(other.to_string()),
                };
                let line = |line: &Json| {
                    self.columns.iter().filter_map(|column| cell(line, column)).collect::<Vec<_>>().join(" · ")
                };
                lines.iter().map(line).collect::<Vec<_>>().join("\n")
            }
            (_, Value::Text(text)) => called(&self.options, text, locale).to_owned(),
            (_, Value::List(chosen)) => {
                chosen.iter().map(|value| called(&self.options, value, locale)).collect::<Vec<_>>().join(", ")
            }
            (_, Value::Bool(yes)) => l10n::yes_or_no(locale, *yes).to_owned(),
            (_, Value::Date(date)) => l10n::date(locale, *date),
            (_, Value::Int(number)) => number.to_string(),
            (_, other) => other.to_json().to_string(),
        }
    }
}

/// What an option is called; the bare value where there is none.
fn called<'a>(options: &'a [crate::ChoiceOption], value: &'a str, locale: Locale) -> &'a str {
    options.iter().find(|option| option.value == value).map_or(value, |option| option.label.or(locale, value))
}

fn read_value(field: &Field, json: &Json, reading: Reading) -> Result<Value, ValueError> {
    let value = Value::read(field, json, reading)?;
    match &value {
        Value::Text(text) if text.chars().count() > WORDS_LIMIT => {
            Err(ValueError::new("too_long", format!("at most {WORDS_LIMIT} characters")))
        }
        Value::Text(text) if text.trim().is_empty() => Ok(Value::Null),
        Value::List(chosen) if chosen.is_empty() => Ok(Value::Null),
        _ => Ok(value),
    }
}
