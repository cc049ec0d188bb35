//! What was typed of a form and of its fields, read into bodies of the API, and written.

use model::form::{Asked, Form};
use model::{FieldType, Label, Module};
use serde_json::{Map, Value as Json, json};
use store::Error;

use crate::pages::settings::inputs;
use crate::ui::typed::Typed;

/// Texts of a form in both languages, beside its label.
const TEXTS: [&str; 4] = ["introduction", "thanks", "consent", "marketing"];

/// What was typed of a form, without its fields.
///
/// # Errors
/// [`Error::Invalid`] where a line says nothing.
pub(super) fn form(typed: &Typed, module: &Module) -> Result<Map<String, Json>, Error> {
    let mut body = Map::new();
    let mut put = |key: &str, value: Json| drop(body.insert(key.to_owned(), value));
    put("label", inputs::label_json(typed));
    for key in TEXTS {
        put(key, inputs::both(&inputs::side(typed, key)));
    }
    for key in ["next", "policy"] {
        put(key, json!(Some(typed.text(key)).filter(|text| !text.is_empty())));
    }
    for key in ["active", "queue"] {
        put(key, json!(typed.has(key)));
    }
    put("values", Json::Object(values(typed.text("values"), module)?));
    Ok(body)
}

/// Lines of `field = value`.
pub(in crate::pages::settings) fn values(text: &str, module: &Module) -> Result<Map<String, Json>, Error> {
    let mut values = Map::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let wrong = || Error::field("values", "form_value_line", format!("{line:?} is no `field = value`"));
        let (name, value) = line.split_once('=').ok_or_else(wrong)?;
        let (name, value) = (name.trim(), value.trim());
        if name.is_empty() || value.is_empty() {
            return Err(wrong());
        }
        values.insert(name.to_owned(), json_of(value, module.field(name).map(|field| field.kind)));
    }
    Ok(values)
}

/// A value as the API takes it for a field of that type; what is none stays a text, to be refused with its reason.
fn json_of(text: &str, kind: Option<FieldType>) -> Json {
    match kind {
        Some(FieldType::Number | FieldType::Rating) => text.parse::<i64>().map_or_else(|_| text.into(), Json::from),
        Some(FieldType::Checkbox) => text.parse::<bool>().map_or_else(|_| text.into(), Json::from),
        Some(FieldType::MultiChoice) => text.split(',').map(|value| Json::from(value.trim())).collect(),
        _ => text.into(),
    }
}

/// What the controls of a form hold for one that is there.
pub(super) fn typed_form(form: &Form) -> Typed {
    let mut typed = Typed::default();
    let texts = [&form.introduction, &form.thanks, &form.consent, &form.marketing];
    write_label(&mut typed, "label", &form.label);
    for (key, label) in TEXTS.into_iter().zip(texts) {
        write_label(&mut typed, key, label);
    }
    for (key, text) in [("next", &form.next), ("policy", &form.policy)] {
        typed.set(key, text.as_deref().unwrap_or_default());
    }
    for (key, is_on) in [("active", form.active), ("queue", form.queue)] {
        if is_on {
            typed.set(key, "on");
        }
    }
    let line = |(name, value): (&String, &Json)| format!("{name} = {}", worded(value));
    typed.set("values", form.values.iter().map(line).collect::<Vec<_>>().join("\n"));
    typed
}

pub(in crate::pages::settings) fn worded(value: &Json) -> String {
    match value {
        Json::String(text) => text.clone(),
        Json::Array(values) => values.iter().map(worded).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

fn write_label(typed: &mut Typed, key: &str, label: &Label) {
    typed.set(&format!("{key}_ru"), label.ru.as_str());
    typed.set(&format!("{key}_en"), label.en.as_str());
}

/// What was typed of a field; which one it is does not change any more.
pub(super) fn asked(typed: &Typed, present: Option<&Asked>) -> Json {
    let text = |key: &str| Some(typed.text(key)).filter(|text| !text.is_empty());
    let side = |name: &str| Some(inputs::side(typed, name)).filter(|label| *label != Label::default());
    let chosen = text("field");
    let keys: Vec<&str> = typed.text("keys").lines().map(str::trim).filter(|key| !key.is_empty()).collect();
    let name = present.map(|present| present.field.as_str()).or(chosen).or(text("name")).unwrap_or_default();
    json!({
        "field": name,
        "file": present.map_or(chosen.is_none(), |present| present.file),
        "label": side("label").map(|label| inputs::both(&label)),
        "help": side("help").map(|label| inputs::both(&label)),
        "required": typed.has("required"),
        "if": text("if"),
        "keys": keys,
    })
}

/// What the controls of a field hold for one that is there.
pub(super) fn typed_asked(asked: &Asked) -> Typed {
    let mut typed = Typed::default();
    let none = Label::default();
    write_label(&mut typed, "label", asked.label.as_ref().unwrap_or(&none));
    write_label(&mut typed, "help", asked.help.as_ref().unwrap_or(&none));
    if asked.required {
        typed.set("required", "on");
    }
    typed.set("if", asked.condition.as_deref().unwrap_or_default());
    typed.set("keys", asked.keys.join("\n"));
    typed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_goes_into_the_controls_and_back() {
        let pack = app::packs::find("crm").unwrap();
        let definitions = model::Definitions::from_packs(&app::packs::with_needs("conference").unwrap()).unwrap();
        let module = definitions.module("leads").unwrap();
        assert!(!pack.forms.is_empty());
        for present in &pack.forms {
            let values = [("readiness".to_owned(), json!("hot")), ("tags".to_owned(), json!(["a", "b"]))];
            let present = Form { values: values.into(), ..present.clone() };
            let mut body = form(&typed_form(&present), module).unwrap();
            body.insert("name".to_owned(), json!(present.name));
            body.insert("module".to_owned(), json!(present.module));
            let mut present = present;
            if let Some(first) = present.fields.first_mut() {
                first.keys = vec!["full_name".to_owned(), "Как Вас зовут?".to_owned()];
            }
            let fields = present.fields.iter().map(|it| asked(&typed_asked(it), Some(it)));
            body.insert("fields".to_owned(), fields.collect());
            let back: Form = serde_json::from_value(Json::Object(body)).unwrap();
            assert_eq!(back, present);
        }
        assert!(values("readiness", module).is_err() && values("readiness =", module).is_err());
    }

    #[test]
    fn a_new_field_is_one_of_the_module_or_a_file() {
        let of = |text: &str| asked(&crate::ui::typed::read(text.as_bytes()).unwrap(), None);
        let field = of("field=email&name=ignored&required=on");
        assert_eq!(
            (&field["field"], &field["file"], &field["required"]),
            (&json!("email"), &json!(false), &json!(true))
        );
        let file = of("field=&name=brief&label_ru=x");
        assert_eq!((&file["field"], &file["file"]), (&json!("brief"), &json!(true)));
    }
}
