//! Fields of a lead or case as a letter of a site tells of them, in the form of the API.

use model::Module;
use model::field::FieldType;
use model::identity::name::names_a_page;
use model::site_letter::{Found, SiteLetter};
use model::value::of_words;
use serde_json::{Map, Value as Json};
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
            None => drop(fields.insert(to.clone(), of_words(field, value))),
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
