//! What was typed into the page of a survey, the answers that it means, and what is wrong with them.

use std::collections::BTreeMap;

use model::Locale;
use model::survey::{Answers, Kind, Question, Survey, Wrong};
use serde_json::{Map, Value as Json};
use store::FieldError;

use super::Given;
use crate::problem::Problem;
use crate::ui::Words;
use crate::ui::typed::Typed;

/// Name of the control that no person sees.
pub(in crate::pages::public) const TRAP: &str = "website";
/// The questions that stood on the page.
pub(in crate::pages::public) const ASKED: &str = "asked";
/// The button that adds a line; its value is the question.
pub(in crate::pages::public) const ADD: &str = "add";
/// Lines of a question that nobody has filled in yet.
const EMPTY_LINES: usize = 1;

/// The form.
pub(in crate::pages::public) struct Form {
    pub(in crate::pages::public) typed: Typed,
    /// What was typed, as answers.
    pub(in crate::pages::public) answers: Given,
    /// Keys of the questions that are asked now.
    pub(in crate::pages::public) asked: Vec<String>,
    /// Names of controls with what is wrong, in words.
    pub(in crate::pages::public) errors: BTreeMap<String, String>,
    /// What is wrong with the whole.
    pub(in crate::pages::public) faults: Vec<String>,
    /// Of each question of lines the lines that were filled in: their places on the page.
    lines: BTreeMap<String, Vec<usize>>,
    /// Of each question of files the name of the one that was sent.
    pub(in crate::pages::public) files: BTreeMap<String, String>,
}

impl Form {
    /// What somebody sent.
    pub(in crate::pages::public) fn sent(typed: Typed, survey: &Survey) -> Self {
        let mut form = Self::empty(typed);
        for question in survey.asked().filter(|question| form.typed.all(ASKED).any(|key| key == question.key)) {
            let (json, lines) = answer(&form.typed, question, &control(&question.key));
            form.answers.insert(question.key.clone(), json);
            form.lines.extend(lines.map(|lines| (question.key.clone(), lines)));
        }
        form
    }

    /// What somebody sent, with the questions that it opens, and beside the controls what is wrong with it.
    pub(in crate::pages::public) fn judged(
        typed: Typed,
        survey: &Survey,
        locale: Locale,
        read: impl FnOnce(&Given) -> (Answers, Vec<Wrong>),
    ) -> Self {
        let mut form = Self::sent(typed, survey);
        let (answers, wrong) = read(&form.answers);
        // What was asked of nobody yet is no fault of theirs.
        let was_asked = |it: &Wrong| form.was_asked(it.place.split(['.', '[']).next().unwrap_or_default());
        let (told, _): (Vec<Wrong>, Vec<Wrong>) = wrong.into_iter().partition(was_asked);
        let faults: Vec<FieldError> = told.into_iter().map(|it| FieldError::of(it.place, it.error)).collect();
        form.ask(answers.asked);
        form.place(locale, survey, &faults);
        form
    }

    /// What is known already.
    pub(in crate::pages::public) fn of(answers: &Given, survey: &Survey) -> Self {
        let mut form = Self::empty(Typed::default());
        for question in survey.asked() {
            if let Some(json) = answers.get(&question.key) {
                type_in(&mut form.typed, question, json);
            }
        }
        form
    }

    fn empty(typed: Typed) -> Self {
        Self {
            typed,
            answers: Map::new(),
            asked: Vec::new(),
            errors: BTreeMap::new(),
            faults: Vec::new(),
            lines: BTreeMap::new(),
            files: BTreeMap::new(),
        }
    }

    /// Says which questions are asked now.
    pub(in crate::pages::public) fn ask(&mut self, asked: Vec<String>) {
        self.asked = asked;
        // What was answered and is asked no more is not sent on.
        self.answers.retain(|key, _| self.asked.contains(key));
    }

    /// Robots fill in everything.
    pub(in crate::pages::public) fn is_robot(&self) -> bool {
        !self.typed.text(TRAP).is_empty()
    }

    /// Whether the question stood on the page that was sent.
    pub(in crate::pages::public) fn was_asked(&self, key: &str) -> bool {
        self.typed.all(ASKED).any(|asked| asked == key)
    }

    pub(in crate::pages::public) fn is_wrong(&self) -> bool {
        // Whoever wants another line is not done yet.
        !self.typed.has(ADD) && (!self.errors.is_empty() || !self.faults.is_empty())
    }

    /// Whether a question is open that did not stand on the page, or another line is wanted.
    pub(in crate::pages::public) fn asks_more(&self) -> bool {
        let was_sent = self.typed.has(ASKED);
        self.typed.has(ADD) || was_sent && self.asked.iter().any(|key| !self.was_asked(key))
    }

    /// How many lines of a question stand on the page.
    pub(in crate::pages::public) fn lines(&self, key: &str) -> usize {
        let stood = self.typed.text(&format!("a.{key}.lines")).parse::<usize>().unwrap_or(0);
        let wanted = stood + usize::from(self.typed.text(ADD) == key);
        wanted.clamp(EMPTY_LINES, model::survey::LINES_LIMIT)
    }

    /// Puts what is wrong beside the controls that it speaks of.
    pub(in crate::pages::public) fn place(&mut self, locale: Locale, survey: &Survey, faults: &[FieldError]) {
        for fault in faults {
            // The words of a check are the survey's own.
            let words = if fault.code == "check_failed" { fault.message.clone() } else { locale.error(fault) };
            match self.control(survey, &fault.field) {
                Some(name) => drop(self.errors.entry(name).or_insert(words)),
                None => self.faults.push(words),
            }
        }
        if self.typed.has(ADD) {
            self.errors.clear();
            self.faults.clear();
        }
    }

    /// Says of files why they were not taken, rather than that they are missing.
    pub(in crate::pages::public) fn refuse(&mut self, locale: Locale, survey: &Survey, faults: &[FieldError]) {
        for fault in faults {
            self.errors.remove(&control(&fault.field));
        }
        self.place(locale, survey, faults);
    }

    /// What the service refused.
    pub(in crate::pages::public) fn refused(&mut self, locale: Locale, survey: &Survey, problem: &Problem) {
        self.place(locale, survey, &problem.errors);
        if problem.errors.is_empty() {
            self.faults.push(locale.refusal(&problem.code, &problem.detail));
        }
    }

    /// The control that a place in the answers belongs to: `a.lines.2.quantity` of `lines[0].quantity`.
    fn control(&self, survey: &Survey, place: &str) -> Option<String> {
        let key = place.split(['.', '[']).next().unwrap_or_default();
        let question = survey.question(key).filter(|_| self.asked.iter().any(|asked| asked == key))?;
        let rest = place.strip_prefix(key).unwrap_or_default();
        if question.kind == Kind::Lines {
            let Some((index, column)) = rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) else {
                return Some(control(key));
            };
            let line = self.lines.get(key)?.get(index.parse::<usize>().ok()?)?;
            let column = column.strip_prefix('.').filter(|name| question.columns.iter().any(|it| it.key == *name));
            return Some(column.map_or_else(|| control(key), |column| format!("{}.{line}.{column}", control(key))));
        }
        Some(format!("{}{rest}", control(key)))
    }
}

/// The control of a question.
pub(in crate::pages::public) fn control(key: &str) -> String {
    format!("a.{key}")
}

/// The control that takes the file of a question away again.
pub(in crate::pages::public) fn taken_away(key: &str) -> String {
    format!("{}.remove", control(key))
}

/// The answers of a form that another site has drawn: its controls are called as the questions are.
pub(crate) fn plain_answers(typed: &Typed, survey: &Survey) -> Map<String, Json> {
    let said = survey.asked().filter(|question| typed.has(&question.key));
    said.map(|question| (question.key.clone(), answer(typed, question, &question.key).0)).collect()
}

/// The answer that was typed into the control called `name`, and the lines that were filled in.
fn answer(typed: &Typed, question: &Question, name: &str) -> (Json, Option<Vec<usize>>) {
    let text = typed.text(name);
    let json = match question.kind {
        Kind::LongText => words(typed.get(name).unwrap_or_default()),
        Kind::Number | Kind::Scale | Kind::Stars => number(text),
        Kind::YesNo => match text {
            "yes" | "true" | "on" | "1" => Json::Bool(true),
            "no" | "false" | "off" | "0" => Json::Bool(false),
            _ => Json::Null,
        },
        Kind::Several => typed.all(name).collect(),
        Kind::Ranking => ranking(typed, name, question),
        Kind::Matrix => {
            let chosen =
                question.rows.iter().map(|row| (row.value.clone(), typed.text(&format!("{name}.{}", row.value))));
            Json::Object(chosen.filter(|(_, text)| !text.is_empty()).map(|(row, text)| (row, text.into())).collect())
        }
        Kind::Lines => {
            let stood = typed.text(&format!("{name}.lines")).parse::<usize>().unwrap_or(0);
            let (mut lines, mut places) = (Vec::new(), Vec::new());
            for line in 0..stood.min(model::survey::LINES_LIMIT) {
                let cell = |key: &str| typed.text(&format!("{name}.{line}.{key}"));
                if question.columns.iter().all(|column| cell(&column.key).is_empty()) {
                    continue;
                }
                let cells = question.columns.iter().map(|column| {
                    let text = cell(&column.key);
                    (column.key.clone(), if column.kind == Kind::Number { number(text) } else { words(text) })
                });
                lines.push(Json::Object(cells.collect()));
                places.push(line);
            }
            return (Json::Array(lines), Some(places));
        }
        _ => words(text),
    };
    (json, None)
}

/// The options by the places that were chosen for them: one that has none, or another's, is left out, and so refused.
fn ranking(typed: &Typed, name: &str, question: &Question) -> Json {
    let mut placed: BTreeMap<usize, Vec<&str>> = BTreeMap::new();
    let mut is_empty = true;
    for option in &question.options {
        let text = typed.text(&format!("{name}.{}", option.value));
        is_empty &= text.is_empty();
        if let Ok(place) = text.parse::<usize>() {
            placed.entry(place).or_default().push(&option.value);
        }
    }
    if is_empty { Json::Null } else { placed.into_values().filter(|of| of.len() == 1).flatten().collect() }
}

fn words(text: &str) -> Json {
    if text.trim().is_empty() { Json::Null } else { text.into() }
}

/// A number; what is none stays as it was typed, to be refused with its reason.
fn number(text: &str) -> Json {
    match text.parse::<i64>() {
        Ok(number) => number.into(),
        Err(_) => words(text),
    }
}

/// Puts an answer into the controls of its question.
fn type_in(typed: &mut Typed, question: &Question, json: &Json) {
    let name = control(&question.key);
    match (question.kind, json) {
        (Kind::Several, Json::Array(chosen)) => {
            chosen.iter().filter_map(Json::as_str).for_each(|value| typed.add(&name, value));
        }
        (Kind::Ranking, Json::Array(ranked)) => {
            for (place, value) in ranked.iter().filter_map(Json::as_str).enumerate() {
                typed.set(&format!("{name}.{value}"), (place + 1).to_string());
            }
        }
        (Kind::Matrix, Json::Object(chosen)) => {
            for (row, value) in chosen {
                typed.set(&format!("{name}.{row}"), plain(value));
            }
        }
        (Kind::Lines, Json::Array(lines)) => {
            typed.set(&format!("{name}.lines"), lines.len().to_string());
            for (index, line) in lines.iter().enumerate() {
                for (column, value) in line.as_object().into_iter().flatten() {
                    typed.set(&format!("{name}.{index}.{column}"), plain(value));
                }
            }
        }
        (Kind::YesNo, Json::Bool(yes)) => typed.set(&name, if *yes { "yes" } else { "no" }),
        (_, value) => typed.set(&name, plain(value)),
    }
}

fn plain(json: &Json) -> String {
    match json {
        Json::String(text) => text.clone(),
        Json::Null => String::new(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use model::Label;
    use model::survey::{Column, Kind, Question, Survey};
    use serde_json::json;
    use store::FieldError;

    use super::Form;
    use crate::ui::typed;

    fn survey() -> Survey {
        let mut lines = Question::new("lines", Kind::Lines, Label::default());
        let column = |key: &str, kind: Kind| Column {
            key: key.to_owned(),
            label: Label::default(),
            kind,
            options: Vec::new(),
            min: None,
            max: None,
        };
        lines.columns = vec![column("what", Kind::Text), column("quantity", Kind::Number)];
        let questions = vec![lines, Question::new("tags", Kind::Several, Label::default())];
        serde_json::from_value(json!({"name": "s", "label": {"ru": "", "en": ""}, "questions": questions})).unwrap()
    }

    #[test]
    fn empty_lines_are_passed_over_and_faults_find_their_line() {
        let text =
            "asked=lines&asked=tags&a.lines.lines=3&a.lines.0.what=&a.lines.1.what=x&a.lines.1.quantity=two&a.tags=b";
        let mut form = Form::sent(typed::read(text.as_bytes()).unwrap(), &survey());
        assert_eq!(json!(form.answers), json!({"lines": [{"what": "x", "quantity": "two"}], "tags": ["b"]}));
        form.ask(vec!["lines".to_owned(), "tags".to_owned()]);
        let faults = ["lines[0].quantity", "lines[7].what", "lines", "tags", "other"];
        let faults = faults.map(|place| FieldError::new(place, "required", ""));
        form.place(model::Locale::En, &survey(), &faults);
        let controls: Vec<_> = form.errors.keys().map(String::as_str).collect();
        assert_eq!(controls, ["a.lines", "a.lines.1.quantity", "a.tags"]);
        assert_eq!(form.faults.len(), 2);
    }

    #[test]
    fn what_is_known_stands_in_the_controls() {
        let known = json!({"lines": [{"what": "x", "quantity": 2}], "tags": ["a", "b"]});
        let form = Form::of(known.as_object().unwrap(), &survey());
        assert_eq!((form.typed.text("a.lines.0.quantity"), form.lines("lines")), ("2", 1));
        assert_eq!(form.typed.all("a.tags").collect::<Vec<_>>(), ["a", "b"]);
    }
}
