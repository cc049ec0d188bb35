use jiff::tz::TimeZone;
use serde_json::{Map, Value as Json, json};

use super::*;
use crate::expr::Env;
use crate::value::Reading;
use crate::{Definitions, Locale, Value};

fn survey(questions: &str) -> Survey {
    toml::from_str(&format!("name = 's'\nlabel = {{ ru = 'О', en = 'S' }}\n{questions}")).unwrap()
}

fn read(survey: &Survey, answers: Json) -> (Answers, Vec<Wrong>) {
    let env = Env { now: jiff::Timestamp::UNIX_EPOCH, zone: TimeZone::UTC, me: None, my_team: Default::default() };
    let given: Map<String, Json> = serde_json::from_value(answers).unwrap();
    survey.read(&given, (Reading::default(), &env, Locale::En))
}

fn wrong(survey: &Survey, answers: Json) -> Vec<(String, &'static str)> {
    read(survey, answers).1.into_iter().map(|wrong| (wrong.place, wrong.error.code)).collect()
}

const BRANCHES: &str = r#"
[[questions]]
key = "why"
kind = "one"
label = { ru = "Почему?", en = "Why?" }
required = true
options = [
    { value = "price", label = { ru = "Цена", en = "The price" } },
    { value = "other", label = { ru = "Другое", en = "Something else" } },
]

[[questions]]
key = "what"
kind = "text"
label = { ru = "Что именно?", en = "What is it?" }
required = true
if = 'why == "other"'
check = '!what.contains("x")'
refusal = { ru = "Без икса", en = "No x, please" }

[[questions]]
key = "score"
kind = "scale"
label = { ru = "Посоветуете?", en = "Would you recommend us?" }
"#;

#[test]
fn a_question_is_asked_only_where_its_condition_holds() {
    let survey = survey(BRANCHES);
    let (answers, faults) = read(&survey, json!({"why": "price", "what": "left over", "score": 9}));
    assert_eq!((answers.asked, faults), (vec!["why".to_owned(), "score".to_owned()], Vec::new()));
    assert_eq!(answers.values.get("what"), None, "what is not asked is not kept");
    assert_eq!(wrong(&survey, json!({"why": "other"})), [("what".to_owned(), "required")]);
    assert_eq!(read(&survey, json!({})).0.asked, ["why", "score"]);
}

#[test]
fn what_is_wrong_is_told_by_place() {
    let survey = survey(BRANCHES);
    let (_, faults) = read(&survey, json!({"why": "other", "what": "axe", "score": 11}));
    let told: Vec<_> = faults.iter().map(|it| (it.place.as_str(), it.error.code, it.error.message.as_str())).collect();
    assert_eq!(told.first(), Some(&("what", "check_failed", "No x, please")));
    assert_eq!(told.get(1).map(|it| (it.0, it.1)), Some(("score", "out_of_range")));
    assert_eq!(wrong(&survey, json!({"why": "nothing"})), [("why".to_owned(), "invalid_choice")]);
}

#[test]
fn lines_and_matrices_are_read_cell_by_cell() {
    let survey = survey(
        r#"
[[questions]]
key = "lines"
kind = "lines"
label = { ru = "Билеты", en = "Tickets" }
required = true
columns = [
    { key = "kind", label = { ru = "Тариф", en = "Type" }, kind = "one", options = [{ value = "a", label = { ru = "А", en = "A" } }] },
    { key = "quantity", label = { ru = "Сколько", en = "How many" }, kind = "number", min = 1 },
]

[[questions]]
key = "rate"
kind = "matrix"
label = { ru = "Оцените", en = "Rate" }
required = true
options = [{ value = "good", label = { ru = "Хорошо", en = "Good" } }]
rows = [{ value = "hall", label = { ru = "Зал", en = "Hall" } }, { value = "food", label = { ru = "Еда", en = "Food" } }]
"#,
    );
    let lines = json!([{"kind": "a", "quantity": 2}, {"kind": "b", "quantity": 0}, {"quantity": 1}]);
    assert_eq!(
        wrong(&survey, json!({"lines": lines, "rate": {"hall": "good"}})),
        [
            ("lines[1].kind".to_owned(), "invalid_choice"),
            ("lines[1].quantity".to_owned(), "out_of_range"),
            ("lines[2].kind".to_owned(), "required"),
            ("rate.food".to_owned(), "required"),
        ]
    );
    assert_eq!(
        wrong(&survey, json!({"lines": [], "rate": {"hall": "good", "food": "good"}})),
        [("lines".to_owned(), "required")]
    );
    let good = json!({"lines": [{"kind": "a", "quantity": 2}], "rate": {"hall": "good", "food": "good"}});
    let (answers, faults) = read(&survey, good);
    assert_eq!(faults, []);
    let worded = |key: &str| survey.question(key).unwrap().worded(answers.get(key), Locale::En);
    assert_eq!((worded("lines"), worded("rate")), ("A · 2".to_owned(), "Hall: Good\nFood: Good".to_owned()));
}

#[test]
fn a_survey_that_does_not_fit_says_where() {
    let survey = survey(
        r#"
valid_for = "soon"
[[about]]
module = "leads"
to = "email"
[[questions]]
key = "a"
kind = "one"
label = { ru = "А", en = "A" }
if = 'b == "x"'
[[questions]]
key = "if"
kind = "text"
label = { ru = "Б", en = "B" }
check = "nothing"
"#,
    );
    let faults = survey.faults(&Definitions::default());
    let places: Vec<_> = faults.iter().map(|(place, ..)| place.as_str()).collect();
    assert_eq!(
        places,
        [
            "valid_for",
            "letter",
            "about[0].module",
            "questions[0].if",
            "questions[0].options",
            "questions[1].key",
            "questions[1].check"
        ]
    );
}

#[test]
fn yes_is_a_word() {
    let question = Question::new("a", Kind::YesNo, Label::default());
    assert_eq!(question.worded(&Value::Bool(true), Locale::En), "yes");
    assert_eq!(question.worded(&Value::Null, Locale::En), "");
}
