//! Fields of a lead or case as a letter of a site tells of them, in the form of the API.

use jiff::civil::Date;
use model::field::FieldType;
use model::identity::fold;
use model::identity::name::names_a_page;
use model::site_letter::{Found, SiteLetter};
use model::{Field, Module};
use serde_json::{Map, Value as Json, json};
use store::{Error, FieldError, Result, Work};

/// Fields that say what somebody is called: letters greet by these.
const NAMES: [&str; 2] = ["name", "from_name"];

/// What is said, what the settings say, and what is known of every such letter. What is out of use is left out.
pub(super) fn of(work: &Work<'_>, site: &SiteLetter, module: &Module, found: &[Found]) -> Result<Map<String, Json>> {
    let mut fields: Map<String, Json> = site.values.clone().into_iter().collect();
    fields.retain(|name, _| module.field(name).is_some());
    for Found { to, value, .. } in found {
        let Some(field) = module.field(to) else { continue };
        if NAMES.contains(&to.as_str()) && names_a_page(value) {
            let message = "a name is not an address of a page";
            return Err(Error::Invalid(vec![FieldError::new(to, "invalid_name", message)]));
        }
        // Said twice, the first counts; a long text says both.
        match fields.get_mut(to) {
            Some(Json::String(before)) if field.kind == FieldType::LongText => {
                before.push('\n');
                before.push_str(value);
            }
            Some(_) => {}
            None => drop(fields.insert(to.clone(), json_of(field, value))),
        }
    }
    let own = work.settings().locale;
    let known = [("channel", "email"), ("direction", "in"), ("source", site.label.or(own, &site.name))];
    for (name, text) in known {
        let takes = module.field(name).is_some_and(|field| match field.kind {
            FieldType::Choice => field.option(text).is_some(),
            kind => matches!(kind, FieldType::Text | FieldType::LongText),
        });
        if takes && !fields.contains_key(name) {
            fields.insert(name.to_owned(), text.into());
        }
    }
    if module.name == "cases" && module.field("subject").is_some() && !fields.contains_key("subject") {
        fields.insert("subject".to_owned(), site.label.or(own, &site.name).into());
    }
    Ok(fields)
}

/// A text as the API takes it for a field; what is none stays a text, to be refused with its reason.
fn json_of(field: &Field, text: &str) -> Json {
    match field.kind {
        FieldType::Number | FieldType::Rating => text.parse::<i64>().map_or_else(|_| text.into(), Json::from),
        FieldType::Checkbox => match fold(text).as_str() {
            "да" | "yes" | "true" | "on" | "1" | "+" => json!(true),
            "нет" | "no" | "false" | "off" | "0" | "-" => json!(false),
            _ => text.into(),
        },
        FieldType::Date => {
            Date::strptime("%d.%m.%Y", text).map_or_else(|_| text.into(), |date| date.to_string().into())
        }
        FieldType::Choice => option(field, text).into(),
        FieldType::MultiChoice => text
            .split([',', ';'])
            .map(str::trim)
            .filter(|one| !one.is_empty())
            .map(|one| Json::from(option(field, one)))
            .collect(),
        _ => text.into(),
    }
}

/// The option that is called so, by its name or by what people read.
fn option<'t>(field: &'t Field, text: &'t str) -> &'t str {
    let key = fold(text);
    let mut options = field.options.iter();
    let found = options.find(|it| [&it.value, &it.label.ru, &it.label.en].into_iter().any(|said| fold(said) == key));
    found.map_or(text, |it| it.value.as_str())
}
