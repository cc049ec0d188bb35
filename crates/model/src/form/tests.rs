use serde_json::json;

use super::*;
use crate::Definitions;
use crate::pack::Pack;

const LEADS: &str = r#"
name = "leads"
label = { ru = "Лиды", en = "Leads" }
one = { ru = "Лид", en = "Lead" }
icon = "user"
title = "name"

[[fields]]
name = "name"
type = "text"
label = { ru = "Имя", en = "Name" }
required = true

[[fields]]
name = "email"
type = "email"
label = { ru = "Почта", en = "E-mail" }

[[fields]]
name = "level"
type = "choice"
label = { ru = "Уровень", en = "Level" }
options = [{ value = "gold", label = { ru = "Золото", en = "Gold" } }]

[[fields]]
name = "sum"
type = "money"
label = { ru = "Сумма", en = "Sum" }

[[fields]]
name = "score"
type = "number"
label = { ru = "Очки", en = "Score" }
set_by = "process"
"#;

fn definitions() -> Definitions {
    with(LEADS)
}

fn with(leads: &str) -> Definitions {
    let manifest = "name = \"p\"\nlabel = { ru = \"П\", en = \"P\" }\nversion = 1\n";
    let files = [("pack.toml", manifest), ("modules/leads.toml", leads)];
    let files = files.into_iter().map(|(path, text)| (path.to_owned(), text.to_owned())).collect();
    Definitions::from_packs(&[Pack::read(files).unwrap()]).unwrap()
}

fn form(fields: Json) -> Form {
    let consent = json!({"ru": "Согласен", "en": "I agree"});
    let label = json!({"ru": "Заявка", "en": "Request"});
    serde_json::from_value(
        json!({"name": "request", "label": label, "module": "leads", "consent": consent, "fields": fields}),
    )
    .unwrap()
}

fn faults(form: &Form) -> Vec<(String, &'static str)> {
    form.faults(&definitions()).into_iter().map(|(place, code, _)| (place, code)).collect()
}

fn name() -> Json {
    json!({"field": "name", "required": true})
}

#[test]
fn a_form_is_asked_as_a_survey_is() {
    let form = form(json!([
        name(),
        {"field": "level", "label": {"ru": "Какой?", "en": "Which?"}},
        {"field": "brief", "file": true, "label": {"ru": "Бриф", "en": "Brief"}, "if": "level == \"gold\""},
    ]));
    assert!(faults(&form).is_empty());
    let definitions = definitions();
    let survey = form.survey(definitions.module("leads").unwrap());
    let kinds: Vec<_> = survey.questions.iter().map(|it| (it.key.as_str(), it.kind, it.label.en.as_str())).collect();
    assert_eq!(kinds, [("name", Kind::Text, "Name"), ("level", Kind::One, "Which?"), ("brief", Kind::File, "Brief")]);
    assert_eq!(survey.questions[1].options[0].value, "gold");
    let text = toml::to_string(&form).unwrap();
    assert_eq!(toml::from_str::<Form>(&text).unwrap(), form, "{text}");
}

#[test]
fn what_nobody_can_fill_in_is_told_by_place() {
    for (field, place, code) in [
        (json!({"field": "nothing"}), "fields[1].field", "unknown_field"),
        (json!({"field": "score"}), "fields[1].field", "form_unwritable"),
        (json!({"field": "sum"}), "fields[1].field", "form_kind"),
        (json!({"field": "utm_source"}), "fields[1].field", "form_own_word"),
        (json!({"field": "consent", "file": true}), "fields[1].field", "form_own_word"),
        (json!({"field": "email", "file": true}), "fields[1].field", "name_taken"),
        (json!({"field": "name"}), "fields[1].field", "name_taken"),
        (json!({"field": "brief", "file": true}), "fields[1].label", "required"),
        (json!({"field": "email", "if": "level == 1"}), "fields[1].if", "unknown_field"),
        (json!({"field": "email", "keys": [" ?"]}), "fields[1].keys", "form_keys"),
        (json!({"field": "email", "keys": ["a\nb"]}), "fields[1].keys", "form_keys"),
    ] {
        let found = faults(&form(json!([name(), field])));
        assert!(
            found.iter().any(|(at, why)| at == place && (*why == code || place.ends_with(".if"))),
            "{field}: {found:?}"
        );
    }
    let with_value =
        Form { values: [("name".to_owned(), json!("A site"))].into(), ..form(json!([{"field": "email"}])) };
    assert!(faults(&with_value).is_empty());
    let wrong_value = Form { values: [("level".to_owned(), json!("iron"))].into(), ..form(json!([name()])) };
    assert_eq!(faults(&wrong_value), [("values".to_owned(), "invalid_choice")]);
}

#[test]
fn a_form_in_use_asks_for_consent_and_leads_to_the_web() {
    let bare = Form { consent: Label::default(), ..form(json!([name()])) };
    assert_eq!(faults(&bare), [("consent".to_owned(), "required")]);
    assert!(faults(&Form { active: false, ..bare }).is_empty(), "a draft may still be without it");
    for address in ["javascript:alert(1)", "https://", "https://x.example/a b", "https://x.example/\r\nSet-Cookie: a=b"]
    {
        let form = Form { next: Some(address.to_owned()), ..form(json!([name()])) };
        assert_eq!(faults(&form), [("next".to_owned(), "invalid_url")], "{address}");
    }
    let elsewhere = Form { module: "orders".to_owned(), ..form(json!([name()])) };
    assert_eq!(faults(&elsewhere), [("module".to_owned(), "form_module")]);
}

#[test]
fn a_form_follows_its_module() {
    let definitions = definitions();
    let leads = definitions.module("leads").unwrap();
    let asked = |form: &Form, leads: &Module| -> Vec<(String, bool, bool)> {
        let questions = form.survey(leads).questions.into_iter();
        questions.map(|it| (it.key, it.required, it.condition.is_some())).collect()
    };
    // What every record has is asked of everybody, however the form says it.
    let bare = form(json!([{"field": "email"}, {"field": "name", "if": "has(email)"}]));
    assert_eq!(asked(&bare, leads), [("email".to_owned(), false, false), ("name".to_owned(), true, false)]);
    let without = form(json!([{"field": "email", "required": true}]));
    assert_eq!(asked(&without, leads), [("email".to_owned(), true, false), ("name".to_owned(), true, false)]);
    // What is out of use is asked no more.
    let fewer = with(&LEADS.replace("type = \"email\"", "type = \"email\"\nretired = true"));
    assert_eq!(asked(&without, fewer.module("leads").unwrap()), [("name".to_owned(), true, false)]);
    assert!(without.faults(&fewer).is_empty());
}

fn told(key: &str, label: Option<&str>, values: &[&str]) -> Told {
    let values = values.iter().map(|value| (*value).to_owned()).collect();
    Told { key: key.to_owned(), label: label.map(str::to_owned), values }
}

#[test]
fn answers_from_elsewhere_find_their_fields() {
    let definitions = definitions();
    let leads = definitions.module("leads").unwrap();
    let form = form(json!([
        name(),
        {"field": "email"},
        {"field": "level", "keys": ["custom_0", "Какой уровень?"], "label": {"ru": "Уровень", "en": "Which level"}},
    ]));
    assert!(faults(&form).is_empty());
    let answers = [
        told("last_name", Some("Фамилия"), &["Котова"]),
        told("first_name", Some("Имя"), &["Анна"]),
        told("contact.E-Mail", None, &["anna@example.org"]),
        told("email", None, &["second@example.org"]),
        told("custom_0", Some("Что-то"), &["золото"]),
        told("custom_1", Some("Город?"), &["Казань"]),
        told("custom_2", None, &[" "]),
    ];
    let placed = form.place(leads, &answers);
    let wanted = json!({"name": "Анна Котова", "email": "anna@example.org", "level": "gold"});
    assert_eq!(Json::Object(placed.fields), wanted);
    let places: Vec<_> = placed.places.iter().map(|place| place.as_deref().unwrap_or("-")).collect();
    assert_eq!(places, ["name", "name", "email", "-", "level", "-", "-"]);
    // What the form says goes before what is known; what people read is a name, too.
    let by_label =
        form.place(leads, &[told("q1", Some("какой уровень"), &["gold"]), told("full_name", None, &["A B"])]);
    assert_eq!(Json::Object(by_label.fields), json!({"name": "A B", "level": "gold"}));
    let twice = Form {
        fields: serde_json::from_value(json!([
            {"field": "name", "keys": ["who"]}, {"field": "email", "keys": ["Who?"]},
        ]))
        .unwrap(),
        ..form
    };
    assert_eq!(faults(&twice), [("fields[1].keys".to_owned(), "form_key_twice")]);
}
