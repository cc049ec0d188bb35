//! The form of a rule, read into a body of the API, and a rule written into the form.

use std::collections::BTreeMap;

use model::Label;
use model::rule::{Action, Addressee, Pool, Rule, Share, Worth};
use serde_json::{Map, Value as Json, json};
use store::{Error, FieldError};

use super::{steps, when};
use crate::pages::settings::inputs;
use crate::ui::control::duration;
use crate::ui::typed::Typed;

/// In place of the name of a survey: the one that set the rule off, once more. No survey is called so.
pub(super) const AGAIN: &str = ".again";
/// Who owns the record, among those who are told.
pub(super) const OWNER: &str = "owner";

/// What was typed, as a body of the API.
///
/// # Errors
/// [`Error::Invalid`] where a line is no `field = expression`.
pub(super) fn body(typed: &Typed) -> Result<Map<String, Json>, Error> {
    let mut body = Map::new();
    let mut put = |key: &str, value: Json| drop(body.insert(key.to_owned(), value));
    put("name", json!(typed.text("name")));
    put("label", inputs::label_json(typed));
    put("module", json!(typed.text("module")));
    put("when", when::body(typed));
    // Whoever leaves it open leaves it as it is.
    if typed.has("active") {
        put("active", json!(typed.text("active") == "true"));
    }
    if !typed.text("if").is_empty() {
        put("if", json!(typed.text("if").replace("\r\n", "\n")));
    }
    for (key, wanted) in
        [("budget", "a whole number of runs an hour"), ("letters", "a whole number of letters an hour")]
    {
        if !typed.text(key).is_empty() {
            let number = typed.text(key).parse::<u32>().map_err(|_| Error::field(key, "invalid_number", wanted))?;
            put(key, json!(number));
        }
    }
    put("then", Json::Array(actions(typed)?));
    Ok(body)
}

/// The actions in their order.
fn actions(typed: &Typed) -> Result<Vec<Json>, Error> {
    let read = |(place, step): (usize, &Typed)| action(step).map_err(|error| at(place, error));
    steps::all(typed).iter().enumerate().map(read).collect()
}

/// What is wrong with an action, told of its place.
fn at(place: usize, error: Error) -> Error {
    let Error::Invalid(faults) = error else { return error };
    let placed = |fault: FieldError| FieldError { field: format!("then[{place}].{}", fault.field), ..fault };
    Error::Invalid(faults.into_iter().map(placed).collect())
}

/// One action, by its kind.
fn action(step: &Typed) -> Result<Json, Error> {
    let kind = step.text("do");
    let mut body = Map::from_iter([("do".to_owned(), json!(kind))]);
    let mut put = |key: &str, value: Json| drop(body.insert(key.to_owned(), value));
    let filled = |key: &str| Some(step.text(key)).filter(|text| !text.is_empty());
    let fields = || Ok::<_, Error>(json!(values(step.text("fields"))?));
    match kind {
        "wait" => {
            put("after", json!(duration::read(step.text("after"))));
            if step.has("working") {
                put("working", json!(true));
            }
        }
        "approve" => put("by", pool(step.text("by"))),
        "set" => {
            if let Some(link) = filled("of") {
                put("of", json!(link));
            }
            if step.text("fields").is_empty() {
                return Err(Error::field("fields", "required", "a field and what it is set to"));
            }
            put("fields", fields()?);
        }
        "due" => {
            put("field", json!(step.text("field")));
            put("within", json!(step.text("within")));
            put("stands_in", json!(step.all("stands_in").collect::<Vec<_>>()));
            for key in ["since", "warn"] {
                if let Some(field) = filled(key) {
                    put(key, json!(field));
                }
            }
            if let Some(share) = filled("share") {
                let share = share.trim_end_matches('%').trim().parse::<u8>();
                let wrong = |_| Error::field("share", "out_of_range", "a share in percent, from 1 to 99");
                put("share", json!(share.map_err(wrong)?));
            }
        }
        "sort" => {
            put("into", json!(step.text("into")));
            put("fields", fields()?);
            if let Some(whom) = filled("to") {
                put("to", pool(whom));
                put("by", json!(share(step.text("by"))));
            }
        }
        "move" => {
            put("transition", json!(step.text("transition")));
            put("fields", fields()?);
        }
        "assign" => {
            put("to", pool(step.text("to")));
            put("by", json!(share(step.text("by"))));
        }
        "create" => {
            put("module", json!(step.text("module")));
            put("fields", fields()?);
            put("by", json!(share(step.text("by"))));
            if let Some(whom) = filled("owner") {
                put("owner", pool(whom));
            }
        }
        "letter" => {
            put("template", json!(step.text("template")));
            put("to", json!(step.text("to")));
            if let Some(name) = filled("name") {
                put("name", json!(name));
            }
        }
        "sms" => {
            let words = |key: &str| step.text(key).replace("\r\n", "\n");
            put("to", json!(step.text("to")));
            put("text", json!({"ru": words("text_ru"), "en": words("text_en")}));
            if let Some(line) = filled("through") {
                put("through", json!(line));
            }
        }
        "survey" => {
            if let Some(survey) = filled("survey").filter(|survey| *survey != AGAIN) {
                put("survey", json!(survey));
            }
        }
        "issue" => {
            put("papers", json!(step.all("papers").collect::<Vec<_>>()));
            if step.has("send") {
                put("send", json!(true));
            }
        }
        "notify" => {
            let told = |whom: &str| if whom == OWNER { json!(OWNER) } else { pool(whom) };
            put("to", step.all("to").map(told).collect());
        }
        "webhook" => put("url", json!(step.text("url"))),
        _ => return Err(Error::field("do", "invalid", format!("there is no action {kind:?}"))),
    }
    Ok(Json::Object(body))
}

/// `role:NAME` or `team:ID`; anything else is a role that is not there.
fn pool(text: &str) -> Json {
    json!(match text.split_once(':') {
        Some(("team", id)) => Pool::Team(id.to_owned()),
        Some(("role", name)) => Pool::Role(name.to_owned()),
        _ => Pool::Role(text.to_owned()),
    })
}

fn share(text: &str) -> &'static str {
    if text == "load" { "load" } else { "turns" }
}

/// Lines of `field = expression`, or `field = {"ru": "…", "en": "…"}` for words.
fn values(text: &str) -> Result<BTreeMap<String, Worth>, Error> {
    let mut values = BTreeMap::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let wrong = || Error::field("fields", "rule_line", format!("{line:?} is no `field = expression`"));
        let (name, worth) = line.split_once('=').ok_or_else(wrong)?;
        let (name, worth) = (name.trim(), worth.trim());
        if name.is_empty() || worth.is_empty() || worth.starts_with('=') {
            return Err(wrong());
        }
        let worth = match serde_json::from_str::<Label>(worth) {
            Ok(words) if worth.starts_with('{') => Worth::Words(words),
            _ => Worth::Expression(worth.to_owned()),
        };
        values.insert(name.to_owned(), worth);
    }
    Ok(values)
}

/// What the form would hold for the rule.
pub(super) fn typed(rule: &Rule) -> Typed {
    let mut typed = Typed::default();
    let number = |number: Option<u32>| number.map(|number| number.to_string()).unwrap_or_default();
    let (budget, letters) = (number(rule.budget), number(rule.letters));
    for (name, text) in [
        ("label_ru", rule.label.ru.as_str()),
        ("label_en", rule.label.en.as_str()),
        ("name", rule.name.as_str()),
        ("module", rule.module.as_str()),
        ("active", if rule.active { "true" } else { "false" }),
        ("if", rule.condition.as_deref().unwrap_or_default()),
        ("budget", budget.as_str()),
        ("letters", letters.as_str()),
    ] {
        typed.add(name, text);
    }
    when::typed(&rule.when, &mut typed);
    steps::with(&typed, &rule.then.iter().map(step).collect::<Vec<_>>())
}

/// What the form holds of an action.
fn step(action: &Action) -> Typed {
    let mut step = Typed::default();
    let mut put = |key: &str, text: &str| step.add(key, text);
    put("do", action.name());
    match action {
        Action::Set { of, fields } => {
            put("of", of.as_deref().unwrap_or_default());
            put("fields", &lines(fields));
        }
        Action::Wait { after, working } => {
            put("after", after);
            if *working {
                put("working", "yes");
            }
        }
        Action::Due { field, within, since, stands_in, warn, share } => {
            put("field", field);
            put("within", &on_one_line(within));
            put("share", &share.to_string());
            put("since", since.as_deref().unwrap_or_default());
            put("warn", warn.as_deref().unwrap_or_default());
            stands_in.iter().for_each(|state| put("stands_in", state));
        }
        Action::Move { transition, fields } => {
            put("transition", transition);
            put("fields", &lines(fields));
        }
        Action::Approve { by } => put("by", &by.key()),
        Action::Sort { into, fields, to, by } => {
            put("into", into.name());
            put("fields", &lines(fields));
            put("to", &to.as_ref().map(Pool::key).unwrap_or_default());
            put("by", by_of(*by));
        }
        Action::Assign { to, by } => {
            put("to", &to.key());
            put("by", by_of(*by));
        }
        Action::Create { module, fields, owner, by } => {
            put("module", module);
            put("fields", &lines(fields));
            put("owner", &owner.as_ref().map(Pool::key).unwrap_or_default());
            put("by", by_of(*by));
        }
        Action::Letter { template, to, name } => {
            put("template", template);
            put("to", to);
            put("name", name.as_deref().unwrap_or_default());
        }
        Action::Sms { to, text, through } => {
            put("to", to);
            put("text_ru", &text.ru);
            put("text_en", &text.en);
            put("through", through.as_deref().unwrap_or_default());
        }
        Action::Survey { survey } => put("survey", survey.as_deref().unwrap_or(AGAIN)),
        Action::Issue { papers, send } => {
            papers.iter().for_each(|paper| put("papers", paper.name()));
            if *send {
                put("send", "yes");
            }
        }
        Action::Notify { to } => to.iter().for_each(|whom| match whom {
            Addressee::Owner => put("to", OWNER),
            Addressee::Role(role) => put("to", &Pool::Role(role.clone()).key()),
            Addressee::Team(team) => put("to", &Pool::Team(team.clone()).key()),
        }),
        Action::Webhook { url } => put("url", url),
    }
    step
}

fn by_of(by: Share) -> &'static str {
    match by {
        Share::Turns => "turns",
        Share::Load => "load",
    }
}

fn lines(fields: &BTreeMap<String, Worth>) -> String {
    let line = |(name, worth): (&String, &Worth)| {
        let worth = match worth {
            Worth::Expression(text) => on_one_line(text),
            Worth::Words(words) => json!(words).to_string(),
        };
        format!("{name} = {worth}")
    };
    fields.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// What stands on several lines in a file stands on one here.
fn on_one_line(text: &str) -> String {
    text.lines().map(str::trim).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_goes_into_the_form_and_back() {
        let packs = app::packs::with_needs("conference").unwrap();
        let rules: Vec<_> = packs.iter().flat_map(|pack| &pack.rules).collect();
        assert!(!rules.is_empty());
        for rule in rules {
            let body = body(&typed(rule)).unwrap();
            assert_eq!(serde_json::from_value::<Rule>(Json::Object(body)).unwrap(), *rule);
        }
    }

    #[test]
    fn actions_go_into_the_form_and_back_in_any_order_and_number() {
        let letter = json!({"do": "letter", "template": "case_late", "to": "email", "name": "name"});
        let rule: Rule = serde_json::from_value(json!({
            "name": "a", "label": {"ru": "а", "en": "a"}, "module": "deals",
            "when": {"event": "moved", "transitions": ["lose", "advance"]}, "budget": 7, "letters": 50,
            "then": [
                letter, {"do": "wait", "after": "P3D", "working": true}, letter,
                {"do": "set", "of": "account", "fields": {"city": "name"}}, {"do": "set", "fields": {"name": "name"}},
                {"do": "approve", "by": {"role": "head_of_sales"}},
                {"do": "due", "field": "a", "within": "\"P1D\"", "since": "b", "stands_in": ["new"], "warn": "c", "share": 50},
                {"do": "move", "transition": "lose", "fields": {"lost_reason": {"ru": "Да", "en": "Yes"}}},
                {"do": "sort", "into": "person", "to": {"team": "x"}, "by": "load"},
                {"do": "create", "module": "activities", "fields": {"subject": "name"}, "owner": {"role": "r"}, "by": "load"},
                {"do": "create", "module": "activities", "fields": {"subject": "name"}},
                {"do": "assign", "to": {"team": "x"}}, {"do": "survey"}, {"do": "survey", "survey": "decline"},
                {"do": "issue", "papers": ["contract", "invoice"], "send": true},
                {"do": "notify", "to": ["owner", {"role": "r"}, {"team": "x"}]},
                {"do": "webhook", "url": "https://example.org"}, letter,
                {"do": "sms", "to": "phone", "text": {"ru": "Ждём\nВас", "en": "Come"}, "through": "Office"},
                {"do": "sms", "to": "phone", "text": {"ru": "Ждём", "en": ""}},
            ],
        }))
        .unwrap();
        let back = serde_json::from_value::<Rule>(Json::Object(body(&typed(&rule)).unwrap())).unwrap();
        assert_eq!(back, rule);
    }

    #[test]
    fn what_is_wrong_is_told_of_the_action() {
        let mut form = Typed::default();
        for (name, text) in [("then.0.do", "approve"), ("then.1.do", "set"), ("then.1.fields", "name")] {
            form.add(name, text);
        }
        let Err(Error::Invalid(faults)) = actions(&form) else { panic!("a line that says nothing") };
        assert_eq!(faults.first().map(|fault| fault.field.as_str()), Some("then[1].fields"));
        form.set("then.1.do", "fly");
        assert!(matches!(actions(&form), Err(Error::Invalid(_))));
    }

    #[test]
    fn a_line_that_says_nothing_is_a_fault() {
        assert!(values("name = email\n\n phone=\"1\"").is_ok_and(|values| values.len() == 2));
        for wrong in ["name", "name =", "= email", "name == email"] {
            assert!(values(wrong).is_err(), "{wrong}");
        }
    }
}
