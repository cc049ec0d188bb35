//! The forms of a survey and of a question, read into bodies of the API, and written.

use model::survey::{About, Column, Kind, Question, Survey};
use model::{ChoiceOption, Label};
use serde_json::{Map, Value as Json, json};
use store::Error;

use crate::pages::settings::inputs;
use crate::ui::typed::Typed;

/// What was typed of a survey, without its questions.
///
/// # Errors
/// [`Error::Invalid`] where a line says nothing.
pub(super) fn survey(typed: &Typed) -> Result<Map<String, Json>, Error> {
    let mut body = Map::new();
    let mut put = |key: &str, value: Json| drop(body.insert(key.to_owned(), value));
    let text = |key: &str| Some(typed.text(key)).filter(|text| !text.is_empty());
    put("label", inputs::label_json(typed));
    put("introduction", inputs::both(&inputs::side(typed, "introduction")));
    put("thanks", inputs::both(&inputs::side(typed, "thanks")));
    put("valid_for", json!(text("valid_for")));
    put("letter", json!(text("letter")));
    for key in ["active", "anonymous", "corrections"] {
        put(key, json!(typed.has(key)));
    }
    put("about", json!(about(typed.text("about"))?));
    Ok(body)
}

/// Lines of `module = address; name; condition`.
fn about(text: &str) -> Result<Vec<About>, Error> {
    let mut all = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let wrong = || Error::field("about", "survey_about_line", format!("{line:?} is no `module = address`"));
        let (module, rest) = line.split_once('=').ok_or_else(wrong)?;
        let mut parts = rest.splitn(3, ';').map(|part| Some(part.trim().to_owned()).filter(|part| !part.is_empty()));
        let to = parts.next().flatten().ok_or_else(wrong)?;
        let (called, offered) = (parts.next().flatten(), parts.next().flatten());
        all.push(About { module: module.trim().to_owned(), to, called, offered });
    }
    Ok(all)
}

/// What a form holds for a survey that is there.
pub(super) fn typed_survey(survey: &Survey) -> Typed {
    let mut typed = Typed::default();
    let mut set = |key: &str, text: &str| typed.set(key, text);
    for (key, label) in [("label", &survey.label), ("introduction", &survey.introduction), ("thanks", &survey.thanks)] {
        set(&format!("{key}_ru"), &label.ru);
        set(&format!("{key}_en"), &label.en);
    }
    set("valid_for", survey.valid_for.as_deref().unwrap_or_default());
    set("letter", &survey.letter);
    for (key, is_on) in
        [("active", survey.active), ("anonymous", survey.anonymous), ("corrections", survey.corrections)]
    {
        if is_on {
            set(key, "on");
        }
    }
    let line = |about: &About| {
        let parts = [Some(about.to.as_str()), about.called.as_deref(), about.offered.as_deref()];
        let last = parts.iter().rposition(Option::is_some).unwrap_or(0);
        let parts: Vec<&str> = parts.iter().take(last + 1).map(|part| part.unwrap_or_default()).collect();
        format!("{} = {}", about.module, parts.join("; "))
    };
    set("about", &survey.about.iter().map(line).collect::<Vec<_>>().join("\n"));
    typed
}

/// What was typed of a question; what the form does not say stays as it is.
///
/// # Errors
/// [`Error::Invalid`] where a line says nothing, or a number is none.
pub(super) fn question(typed: &Typed, present: Option<&Question>) -> Result<Json, Error> {
    let text = |key: &str| Some(typed.text(key)).filter(|text| !text.is_empty());
    let side = |name: &str| Some(inputs::side(typed, name)).filter(|label| *label != Label::default());
    let number = |key: &str| {
        let read = |text: &str| text.parse::<i64>().map_err(|_| Error::field(key, "invalid_number", "a whole number"));
        text(key).map(read).transpose()
    };
    let known: &[Column] = present.map(|present| present.columns.as_slice()).unwrap_or_default();
    let options = |text: &str, known: &[ChoiceOption]| options(text, known);
    Ok(json!({
        "key": present.map_or_else(|| typed.text("key"), |present| present.key.as_str()),
        "kind": typed.text("kind"),
        "label": inputs::label_json(typed),
        "help": side("help").map(|label| inputs::both(&label)),
        "required": typed.has("required"),
        "if": text("if"), "check": text("check"),
        "refusal": side("refusal").map(|label| inputs::both(&label)),
        "options": options(typed.text("options"), present.map(|it| it.options.as_slice()).unwrap_or_default()),
        "rows": options(typed.text("rows"), present.map(|it| it.rows.as_slice()).unwrap_or_default()),
        "columns": columns(typed.text("columns"), known)?,
        "min": number("min")?, "max": number("max")?,
        "prefill": text("prefill"), "writes": text("writes"),
        "retired": present.is_some_and(|present| present.retired),
    }))
}

/// Lines of `value = Words | Words in English`.
fn options(text: &str, known: &[ChoiceOption]) -> Vec<ChoiceOption> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let option = |line: &str| {
        let (value, words) = line.split_once('=').unwrap_or((line, line));
        let value = value.trim().to_owned();
        let colour = known.iter().find(|option| option.value == value).map(|option| option.colour.clone());
        ChoiceOption { label: label(words), colour: colour.unwrap_or_default(), value }
    };
    lines.map(option).collect()
}

/// Lines of `key kind = Words | Words in English`; options and bounds of a column that is there stay.
fn columns(text: &str, known: &[Column]) -> Result<Vec<Column>, Error> {
    let mut columns = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let wrong = || Error::field("columns", "survey_column_line", format!("{line:?} is no `key kind = words`"));
        let (head, words) = line.split_once('=').ok_or_else(wrong)?;
        let (key, kind) = head.trim().split_once(char::is_whitespace).ok_or_else(wrong)?;
        let kind = Kind::ALL.into_iter().find(|known| known.name() == kind.trim()).ok_or_else(wrong)?;
        let there = known.iter().find(|column| column.key == key);
        let (min, max) = there.map_or((None, None), |column| (column.min, column.max));
        let options = there.map(|column| column.options.clone()).unwrap_or_default();
        columns.push(Column { key: key.to_owned(), label: label(words), kind, options, min, max });
    }
    Ok(columns)
}

fn label(words: &str) -> Label {
    let (ru, en) = words.split_once('|').unwrap_or((words, ""));
    Label::both(ru.trim(), en.trim())
}

/// What a form holds for a question that is there.
pub(super) fn typed_question(question: &Question) -> Typed {
    let mut typed = Typed::default();
    let mut set = |key: &str, text: &str| typed.set(key, text);
    let none = Label::default();
    let labels = [
        ("label", &question.label),
        ("help", question.help.as_ref().unwrap_or(&none)),
        ("refusal", question.refusal.as_ref().unwrap_or(&none)),
    ];
    for (key, label) in labels {
        set(&format!("{key}_ru"), &label.ru);
        set(&format!("{key}_en"), &label.en);
    }
    set("kind", question.kind.name());
    if question.required {
        set("required", "on");
    }
    let texts = [("if", &question.condition), ("check", &question.check), ("prefill", &question.prefill)];
    for (key, text) in texts.into_iter().chain([("writes", &question.writes)]) {
        set(key, text.as_deref().unwrap_or_default());
    }
    let words = |label: &Label| format!("{} | {}", label.ru, label.en);
    let lines = |options: &[ChoiceOption]| {
        let line = |option: &ChoiceOption| format!("{} = {}", option.value, words(&option.label));
        options.iter().map(line).collect::<Vec<_>>().join("\n")
    };
    set("options", &lines(&question.options));
    set("rows", &lines(&question.rows));
    let column = |it: &Column| format!("{} {} = {}", it.key, it.kind.name(), words(&it.label));
    set("columns", &question.columns.iter().map(column).collect::<Vec<_>>().join("\n"));
    for (key, number) in [("min", question.min), ("max", question.max)] {
        set(key, &number.map(|number| number.to_string()).unwrap_or_default());
    }
    typed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_survey_goes_into_the_forms_and_back() {
        let pack = app::packs::find("crm").unwrap();
        assert!(!pack.surveys.is_empty());
        for present in &pack.surveys {
            let mut body = survey(&typed_survey(present)).unwrap();
            body.insert("name".to_owned(), json!(present.name));
            let questions = present.questions.iter().map(|it| question(&typed_question(it), Some(it)).unwrap());
            body.insert("questions".to_owned(), questions.collect());
            let back: Survey = serde_json::from_value(Json::Object(body)).unwrap();
            assert_eq!(back, *present);
        }
    }

    #[test]
    fn a_line_that_says_nothing_is_a_fault() {
        assert!(about("leads = email\ndeals = contact.email; contact.name").is_ok_and(|all| all.len() == 2));
        assert!(about("leads").is_err() && about("leads = ").is_err());
        assert!(columns("a number = A | A", &[]).is_ok() && columns("a = A", &[]).is_err());
    }
}
