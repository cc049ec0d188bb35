//! Modules: added, changed, renamed, retired and brought back.

use model::definitions::{Definitions, RESERVED_MODULES, is_name};
use model::extension::Listed;
use model::field::FieldType;
use model::{Field, Label, Module};
use serde_json::{Map, Value as Json, json};
use store::{Error, FieldError, Result};

use super::own::Own;
use super::{fields, relied, request};

/// What may be said of a new module; the rest belongs to packs and typed services.
const OF_A_NEW_ONE: [&str; 14] = [
    "name",
    "label",
    "one",
    "icon",
    "title",
    "subtitle",
    "owners",
    "belongs_to",
    "menu",
    "columns",
    "search",
    "groups",
    "rights",
    "fields",
];

/// How many columns the list of a module has, where nobody says which.
const COLUMNS: usize = 6;

/// Adds a module.
pub(super) fn add(own: &mut Own, definitions: &Definitions, body: &Map<String, Json>) -> Result<()> {
    if let Some(key) = body.keys().find(|key| !OF_A_NEW_ONE.contains(&key.as_str())) {
        return Err(Error::field(key, "unknown_field", format!("a module has no {key:?} to be set here")));
    }
    let Some(name) = body.get("name").and_then(Json::as_str) else {
        return Err(Error::field("name", "required", "a module has a name, a text"));
    };
    if !is_name(name) {
        let message = "lower-case Latin letters, digits and _, beginning with a letter";
        return Err(Error::field("name", "invalid_program_name", message));
    }
    if RESERVED_MODULES.contains(&name) {
        return Err(Error::field("name", "reserved_name", "a word of the API cannot name a module"));
    }
    let retired = definitions.retired_modules().any(|module| module.name == name);
    if retired || definitions.module_or_former(name).is_some() {
        let how = if retired { " (retired: bring it back or choose another name)" } else { "" };
        return Err(taken(format!("there is or was a module {name:?}{how}")));
    }
    let fields = fields_of(body)?;
    for (index, field) in fields.iter().enumerate() {
        fields::leads_somewhere(definitions, name, field, &format!("fields[{index}].module"))?;
    }
    let title = match body.get("title").and_then(Json::as_str) {
        Some(title) => title.to_owned(),
        None => title(&fields)?,
    };
    let mut whole = body.clone();
    whole.retain(|_, value| !value.is_null());
    let said = request::label(body.get("label"), &request::worded(name), "label")?;
    let one = match body.get("one") {
        None | Some(Json::Null) => said.clone(),
        given => request::label(given, "", "one")?,
    };
    request::tidy_groups(&mut whole)?;
    whole.insert("label".to_owned(), said);
    whole.insert("one".to_owned(), one);
    whole.insert("title".to_owned(), json!(title));
    whole.entry("menu").or_insert(json!(true));
    whole.entry("columns").or_insert_with(|| json!(columns(&fields, &title)));
    whole.entry("search").or_insert_with(|| json!(searched(&fields)));
    whole.insert("fields".to_owned(), json!(fields));
    own.modules.push(request::read(Json::Object(whole), "")?);
    Ok(())
}

fn fields_of(body: &Map<String, Json>) -> Result<Vec<Field>> {
    let given = match body.get("fields") {
        None | Some(Json::Null) => &[][..],
        Some(Json::Array(items)) => items.as_slice(),
        Some(_) => return Err(Error::field("fields", "invalid_type", "fields are a list")),
    };
    let mut fields = Vec::new();
    for (index, item) in given.iter().enumerate() {
        let path = format!("fields[{index}]");
        let Some(field) = item.as_object() else {
            return Err(Error::field(path, "invalid_type", "a field is an object with name and type"));
        };
        fields.push(request::field(field, &path)?);
    }
    if fields.is_empty() {
        let label = Label { ru: "Название".to_owned(), en: "Name".to_owned() };
        fields.push(Field { label, required: true, index: true, ..Field::new("name", FieldType::Text) });
    }
    Ok(fields)
}

/// The field that names a record: `name`, or the first text.
fn title(fields: &[Field]) -> Result<String> {
    let named = fields.iter().find(|field| field.name == "name");
    let text = fields.iter().find(|field| field.kind == FieldType::Text);
    let title = named.or(text).map(|field| field.name.clone());
    title.ok_or_else(|| Error::field("title", "required", "say which field names a record"))
}

fn columns<'f>(fields: &'f [Field], title: &'f str) -> Vec<&'f str> {
    let long = |field: &&Field| matches!(field.kind, FieldType::LongText | FieldType::Json);
    let others = fields.iter().filter(|field| !long(field) && field.name != title).map(|field| field.name.as_str());
    [title].into_iter().chain(others).take(COLUMNS).collect()
}

fn searched(fields: &[Field]) -> Vec<&str> {
    use FieldType::{Address, Email, LongText, Phone, Text};
    let is_text = |field: &&Field| matches!(field.kind, Text | LongText | Email | Phone | Address);
    fields.iter().filter(is_text).map(|field| field.name.as_str()).collect()
}

/// Changes properties of a module.
pub(super) fn change(own: &mut Own, module: &Module, body: &Map<String, Json>) -> Result<()> {
    if body.get("retired") == Some(&Json::Bool(true)) {
        relied::may_retire(module)?;
    }
    let mut body = body.clone();
    for key in ["label", "one"] {
        if let Some(given) = body.get(key).cloned() {
            body.insert(key.to_owned(), request::label(Some(&given), &request::worded(&module.name), key)?);
        }
    }
    request::tidy_groups(&mut body)?;
    let renamed = body.remove("name").filter(|name| name.as_str() != Some(&module.name));
    match own.module(&module.name) {
        Some(there) => {
            let mut whole = match json!(there) {
                Json::Object(whole) => whole,
                _ => Map::new(),
            };
            for (key, value) in body {
                if !OF_A_NEW_ONE.contains(&key.as_str()) && key != "retired" || key == "fields" {
                    return Err(Error::field(&key, "unknown_field", format!("a module has no {key:?} to be set here")));
                }
                if value.is_null() {
                    whole.remove(&key);
                } else {
                    whole.insert(key, value);
                }
            }
            *there = request::read(Json::Object(whole), "")?;
        }
        None => extend(own, &module.name, body)?,
    }
    match renamed {
        None => Ok(()),
        Some(Json::String(new)) => rename(own, &module.name, &new),
        Some(_) => Err(Error::field("name", "invalid_type", "a name is a text")),
    }
}

/// Says something else of another pack's module; a list that is named stands whole.
fn extend(own: &mut Own, module: &str, body: Map<String, Json>) -> Result<()> {
    const LISTS: [(&str, Listed); 3] =
        [("columns", Listed::Columns), ("search", Listed::Search), ("groups", Listed::Groups)];
    let extension = own.extension(module);
    let Json::Object(mut whole) = json!(extension) else { return Ok(()) };
    let mut replaces = extension.replaces.clone();
    for (key, value) in body {
        if !["label", "one", "icon", "subtitle", "menu", "retired", "columns", "search", "groups"]
            .contains(&key.as_str())
        {
            let message = format!("{key:?} is said by the pack that defines the module and cannot be changed here");
            return Err(Error::field(&key, "unknown_field", message));
        }
        let list = LISTS.into_iter().find(|(name, _)| *name == key).map(|(_, list)| list);
        if value.is_null() {
            replaces.retain(|listed| Some(*listed) != list);
            whole.remove(&key);
            continue;
        }
        replaces.extend(list.filter(|list| !replaces.contains(list)));
        whole.insert(key, value);
    }
    whole.insert("replaces".to_owned(), json!(replaces));
    *own.extension(module) = request::read(Json::Object(whole), "")?;
    Ok(())
}

fn rename(own: &mut Own, old: &str, new: &str) -> Result<()> {
    if own
        .modules
        .iter()
        .any(|module| module.name == new || module.name != old && module.formerly.iter().any(|former| former == new))
    {
        return Err(taken(format!("there is or was a module {new:?}")));
    }
    let Some(module) = own.module(old) else {
        let message = format!("{old:?} is named by the pack that defines it: change its label instead");
        return Err(Error::field("name", "fixed_name", message));
    };
    new.clone_into(&mut module.name);
    module.formerly.retain(|former| former != new);
    module.formerly.insert(0, old.to_owned());
    own.rename_module(old, new);
    Ok(())
}

fn taken(message: String) -> Error {
    let errors = vec![FieldError::new("name", "name_taken", message.clone())];
    Error::Conflict { code: "duplicate", message, errors }
}
