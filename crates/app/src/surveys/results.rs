//! What a survey has come to, as far as its reader sees the answers.

use std::collections::{BTreeMap, BTreeSet};

use model::expr::Plan;
use model::survey::{ANSWERS, Kind, Question, SENT, Survey};
use model::{Id, Label, Record, Value};
use serde::Serialize;
use serde_json::Value as Json;
use store::{Error, List, Result, Sort, Work};

use super::no_survey;
use crate::by_state::by_state;

/// Answers that are counted, those given last first; what lies before them is not looked at.
pub(super) const COUNTED: usize = 20_000;
/// Texts of one question that are shown.
const TEXTS: usize = 5;
/// Records of a page.
const PAGE: usize = 500;

/// How often something was answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted {
    /// The value, as the API calls it.
    pub value: String,
    /// What people read.
    pub label: Label,
    /// How often.
    pub count: usize,
}

/// What came of one question.
#[derive(Clone, Debug, PartialEq)]
pub struct Tally {
    /// The question.
    pub question: Question,
    /// How many answered it.
    pub answered: usize,
    /// Each choice with its count; of a matrix by row.
    pub counts: Vec<(Option<Label>, Vec<Counted>)>,
    /// Of a ranking: each option with its mean place, the best first.
    pub places: Vec<Placed>,
    /// The mean of the numbers, in hundredths.
    pub mean: Option<i64>,
    /// Of a scale: those who recommend less those who advise against, in per cent (NPS).
    pub nps: Option<i64>,
    /// Answers in one's own words, the last ones first.
    pub texts: Vec<Answered>,
}

/// Where an option of a ranking stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed {
    /// The option, as the API calls it.
    pub value: String,
    /// What people read.
    pub label: Label,
    /// Its mean place from 1, in hundredths; nothing where nobody ranked it.
    pub mean: Option<i64>,
}

/// An answer in words, with the survey that it belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    /// The survey.
    pub survey: Id,
    /// The words; of a file its name.
    pub text: String,
    /// The file.
    pub file: Option<Id>,
}

/// What a survey has come to.
#[derive(Clone, Debug, PartialEq)]
pub struct Results {
    /// Surveys by their state.
    pub states: States,
    /// What came of each question.
    pub questions: Vec<Tally>,
    /// Whether all answers are counted, and not only the last 20,000.
    pub is_whole: bool,
}

/// Surveys by their state: `sent`, `invalid`, `answered`, `expired`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct States(BTreeMap<&'static str, i64>);

impl States {
    /// How many are in a state.
    #[must_use]
    pub fn of(&self, name: &str) -> i64 {
        self.0.get(name).copied().unwrap_or_default()
    }

    /// How many wait for an answer.
    #[must_use]
    pub fn waiting(&self) -> i64 {
        self.of("sent") + self.of("invalid")
    }
}

/// How many surveys of each of these names there are in each state, as far as the caller reads them.
///
/// # Errors
/// When the database fails.
pub fn states(work: &mut Work<'_>, surveys: &[String]) -> Result<Vec<States>> {
    let found = by_state(work, (SENT, "questionnaire"), surveys, &["sent", "invalid", "answered", "expired"])?;
    Ok(found.into_iter().map(States).collect())
}

/// Counts the answers that the caller may read.
///
/// # Errors
/// [`Error::NotFound`] where there is no such survey.
pub fn results(work: &mut Work<'_>, name: &str) -> Result<Results> {
    let Some(survey) = work.definitions().survey(name).cloned() else { return Err(no_survey(name)) };
    let states = states(work, std::slice::from_ref(&survey.name))?.pop().unwrap_or_default();
    let mut found: BTreeMap<String, Vec<Record>> = BTreeMap::new();
    let is_whole = each_page(work, ANSWERS, name, COUNTED, |answers| {
        for answer in answers {
            found.entry(answer.text("question").unwrap_or_default().to_owned()).or_default().push(answer);
        }
    })?;
    let tally = |question: &Question| {
        let answers = found.get(&question.key).map(Vec::as_slice).unwrap_or_default();
        (!question.retired || !answers.is_empty()).then(|| tally(question, answers))
    };
    Ok(Results { states, questions: survey.questions.iter().filter_map(tally).collect(), is_whole })
}

/// Every record of `module` that is of the survey, the last ones first, page by page; false where there are more than
/// `most`.
pub(super) fn each_page(
    work: &mut Work<'_>,
    module: &str,
    survey: &str,
    most: usize,
    mut each: impl FnMut(Vec<Record>),
) -> Result<bool> {
    let of = work.module(module)?;
    let filter = Plan::field(&of, "questionnaire").and_then(|field| field.eq(survey));
    let filter = filter.map_err(|error| Error::bad_query(error.code.as_str(), error.message))?;
    let sort = vec![Sort { field: "id".to_owned(), descending: true }];
    let mut list = List { filter: Some(filter), sort, limit: PAGE, ..List::default() };
    let mut read = 0;
    loop {
        let page = work.list(module, &list)?;
        read += page.records.len();
        each(page.records);
        match page.next {
            Some(_) if read >= most => return Ok(false),
            Some(next) => list.cursor = Some(next),
            None => return Ok(true),
        }
    }
}

fn tally(question: &Question, answers: &[Record]) -> Tally {
    let values: Vec<&Json> = answers.iter().filter_map(json_of).collect();
    let numbers: Vec<i64> = answers.iter().filter_map(|answer| answer.get("number").as_int()).collect();
    let answered = answers.iter().map(|answer| answer.link("survey")).collect::<BTreeSet<_>>().len();
    let is_worded = matches!(question.kind, Kind::Text | Kind::LongText | Kind::Lines | Kind::File);
    let text = |answer: &Record| {
        let file = file_of(answer).filter(|_| question.kind == Kind::File);
        Some(Answered { survey: answer.link("survey")?, text: answer.text("answer")?.to_owned(), file })
    };
    Tally {
        question: question.clone(),
        answered,
        counts: counts(question, &values),
        places: if question.kind == Kind::Ranking { places(question, &values) } else { Vec::new() },
        mean: mean(&numbers),
        nps: (question.kind == Kind::Scale).then(|| nps(&numbers)).flatten(),
        texts: if is_worded { answers.iter().filter_map(text).take(TEXTS).collect() } else { Vec::new() },
    }
}

/// The file that an answer names, where its question asked for one.
#[must_use]
pub fn file_of(answer: &Record) -> Option<Id> {
    json_of(answer)?.as_str()?.parse().ok()
}

fn json_of(answer: &Record) -> Option<&Json> {
    match answer.get("value") {
        Value::Json(json) => Some(json),
        _ => None,
    }
}

fn counts(question: &Question, values: &[&Json]) -> Vec<(Option<Label>, Vec<Counted>)> {
    let counted = |value: &str, label: Label, is_it: &dyn Fn(&Json) -> bool| Counted {
        value: value.to_owned(),
        label,
        count: values.iter().filter(|json| is_it(json)).count(),
    };
    let numbers = |from: i64, to: i64| {
        let one = |number: i64| {
            let words = number.to_string();
            counted(&words, Label::both(&words, &words), &|json| json.as_i64() == Some(number))
        };
        vec![(None, (from..=to).map(one).collect())]
    };
    match question.kind {
        Kind::One | Kind::Several => {
            let is_it = |json: &Json, value: &str| {
                json.as_str() == Some(value)
                    || json.as_array().is_some_and(|chosen| chosen.iter().any(|it| it.as_str() == Some(value)))
            };
            let mut all: Vec<Counted> = question
                .options
                .iter()
                .map(|option| counted(&option.value, option.label.clone(), &|json| is_it(json, &option.value)))
                .collect();
            // What was chosen when the options were others is not left out.
            let chosen = values.iter().flat_map(|json| match json {
                Json::Array(items) => items.iter().filter_map(Json::as_str).collect(),
                json => json.as_str().into_iter().collect::<Vec<_>>(),
            });
            let old: BTreeSet<&str> = chosen.filter(|it| question.options.iter().all(|o| o.value != *it)).collect();
            all.extend(old.into_iter().map(|value| counted(value, Label::both(value, value), &|it| is_it(it, value))));
            vec![(None, all)]
        }
        Kind::YesNo => {
            let word = |yes: bool| Label {
                ru: model::l10n::yes_or_no(model::Locale::Ru, yes).to_owned(),
                en: model::l10n::yes_or_no(model::Locale::En, yes).to_owned(),
            };
            let one = |yes: bool| counted(&yes.to_string(), word(yes), &|json| json.as_bool() == Some(yes));
            vec![(None, vec![one(true), one(false)])]
        }
        Kind::Scale => numbers(0, 10),
        Kind::Stars => numbers(1, 5),
        Kind::Matrix => {
            let row = |row: &model::ChoiceOption| {
                let cell = |option: &model::ChoiceOption| {
                    let is_it = |json: &Json| json.get(&row.value).and_then(Json::as_str) == Some(&option.value);
                    counted(&option.value, option.label.clone(), &is_it)
                };
                (Some(row.label.clone()), question.options.iter().map(cell).collect())
            };
            question.rows.iter().map(row).collect()
        }
        _ => Vec::new(),
    }
}

/// The options of a ranking by their mean places. What was ranked among options that are there no more keeps its place.
fn places(question: &Question, values: &[&Json]) -> Vec<Placed> {
    let of = |option: &model::ChoiceOption| {
        let place = |json: &&Json| {
            let place = json.as_array()?.iter().position(|it| it.as_str() == Some(&option.value))?;
            i64::try_from(place + 1).ok()
        };
        let places: Vec<i64> = values.iter().filter_map(place).collect();
        Placed { value: option.value.clone(), label: option.label.clone(), mean: mean(&places) }
    };
    let mut placed: Vec<Placed> = question.options.iter().map(of).collect();
    placed.sort_by_key(|it| it.mean.unwrap_or(i64::MAX));
    placed
}

/// The mean in hundredths.
fn mean(numbers: &[i64]) -> Option<i64> {
    let count = i64::try_from(numbers.len()).ok().filter(|count| *count > 0)?;
    let sum = numbers.iter().try_fold(0_i64, |sum, number| sum.checked_add(*number))?;
    Some(sum.checked_mul(100)?.div_euclid(count))
}

/// Promoters (9 and 10) less detractors (0 to 6), in per cent.
fn nps(numbers: &[i64]) -> Option<i64> {
    let count = i64::try_from(numbers.len()).ok().filter(|count| *count > 0)?;
    let of = |range: std::ops::RangeInclusive<i64>| {
        i64::try_from(numbers.iter().filter(|it| range.contains(it)).count()).unwrap_or_default()
    };
    Some((of(9..=10) - of(0..=6)) * 100 / count)
}

/// The questions that an export has a column for: those in use, and those out of use.
pub(super) fn columns(survey: &Survey) -> impl Iterator<Item = &Question> {
    survey.questions.iter()
}

#[cfg(test)]
mod tests {
    use super::{mean, nps};

    #[test]
    fn a_score_is_promoters_less_detractors() {
        assert_eq!(nps(&[10, 9, 8, 7, 6, 0]), Some(0));
        assert_eq!((nps(&[10, 10, 10, 5]), nps(&[])), (Some(50), None));
        assert_eq!((mean(&[1, 2]), mean(&[])), (Some(150), None));
    }
}
