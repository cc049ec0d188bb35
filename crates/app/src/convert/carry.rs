//! What goes along when a lead becomes a client: values of fields of one name, and everything that is about the lead.

use std::collections::BTreeSet;
use std::sync::Arc;

use model::expr::Plan;
use model::field::{FieldType, SetBy};
use model::module::FILES;
use model::{Field, Id, Module, Record, Value};
use store::{Draft, Result, Work};

/// The field that says which record another one is about.
const ABOUT: &str = "about";
/// Fields that say what a lead was and not what the client is.
const OF_LEAD: [&str; 4] = ["account", "contact", "source", "possible_duplicates"];

/// What a lead has become.
#[derive(Clone, Copy, Debug)]
pub(super) struct Client {
    pub(super) account: Id,
    pub(super) contact: Id,
    pub(super) deal: Option<Id>,
}

/// The lead's values that a new record of `module` takes over: of fields that have one name and one type, also those that
/// an administrator added to both.
pub(super) fn values(work: &Work<'_>, lead: &Record, module: &Module, without: &[&str]) -> Vec<(String, Value)> {
    let grant = work.grant(module);
    let governed = work.definitions().process(&module.name).map(|process| process.field.clone());
    let is_open = |field: &Field| {
        field.is_stored()
            && field.set_by == SetBy::Anyone
            && !field.unique
            && governed.as_ref() != Some(&field.name)
            && !grant.hidden.contains(&field.name)
            && !grant.read_only.contains(&field.name)
            && !without.contains(&field.name.as_str())
            && !OF_LEAD.contains(&field.name.as_str())
    };
    let carried = |field: &Field| {
        let from = lead.module.field(&field.name).filter(|from| from.kind == field.kind && !from.kind.is_derived())?;
        let value = lead.get(&from.name);
        (!value.is_null() && takes(field, value)).then(|| (field.name.clone(), value.clone()))
    };
    module.fields.iter().filter(|field| is_open(field)).filter_map(carried).collect()
}

/// Whether a field has a place for a value of another one of its kind.
fn takes(field: &Field, value: &Value) -> bool {
    match (field.kind, value) {
        (FieldType::Choice, Value::Text(text)) => field.option(text).is_some(),
        (FieldType::MultiChoice, Value::List(texts)) => {
            field.open || texts.iter().all(|text| field.option(text).is_some())
        }
        // A file belongs to its record.
        (FieldType::File, _) => false,
        _ => true,
    }
}

/// A contact that was there before belongs to the account from now on, where it belonged to none, and has the lead's tags
/// besides its own.
pub(super) fn into_contact(work: &mut Work<'_>, lead: &Record, contact: &Record, account: Id) -> Result<()> {
    let mut draft = Draft::new();
    let contact = work.hold_for_process("contacts", contact.id)?;
    if contact.link("account").is_none() {
        draft = draft.set("account", account);
    }
    let (old, new) = (texts(contact.get("tags")), texts(lead.get("tags")));
    let added: Vec<String> = new.iter().filter(|tag| !old.contains(tag)).cloned().collect();
    if !added.is_empty() && contact.module.field("tags").is_some() {
        draft = draft.set("tags", Value::List([old, &added].concat()));
    }
    if !draft.values.is_empty() {
        work.as_process(|work| work.update("contacts", contact.id, draft, None))?;
    }
    Ok(())
}

fn texts(value: &Value) -> &[String] {
    match value {
        Value::List(texts) => texts,
        _ => &[],
    }
}

/// Moves what is about the lead to the deal, else to the contact, and tells its cases who it is. One statement for each
/// module that is about records, and one write for each record.
pub(super) fn along(work: &mut Work<'_>, lead: &Record, client: &Client) -> Result<()> {
    let (module, id) = match client.deal {
        Some(deal) => ("deals", deal),
        None => ("contacts", client.contact),
    };
    let stays = files_of_fields(lead);
    work.as_process(|work| {
        for from in about(work) {
            for record in linked(work, &from, ABOUT, lead.id)? {
                if from == FILES && stays.contains(&record.id) {
                    continue;
                }
                let mut draft = Draft::new().set(ABOUT, Value::Record { module: module.to_owned(), id });
                if from == "activities" && record.link("contact").is_none() {
                    draft = draft.set("contact", client.contact);
                }
                work.update(&from, record.id, draft, None)?;
            }
        }
        cases(work, lead.id, client)
    })
}

/// Modules whose records are about others.
fn about(work: &Work<'_>) -> Vec<String> {
    let is_about = |module: &&Arc<Module>| module.field(ABOUT).is_some_and(|field| field.kind == FieldType::Record);
    work.definitions().modules().filter(is_about).map(|module| module.name.clone()).collect()
}

/// Files that stand in fields of the lead itself.
fn files_of_fields(lead: &Record) -> BTreeSet<Id> {
    let fields = lead.module.fields.iter().zip(&lead.values);
    fields.filter(|(field, _)| field.kind == FieldType::File).filter_map(|(_, value)| value.as_id()).collect()
}

fn cases(work: &mut Work<'_>, lead: Id, client: &Client) -> Result<()> {
    if work.definitions().module("cases").is_none() {
        return Ok(());
    }
    for case in linked(work, "cases", "lead", lead)? {
        let links = [("account", Some(client.account)), ("contact", Some(client.contact)), ("deal", client.deal)];
        let empty = links.into_iter().filter(|(name, to)| to.is_some() && case.link(name).is_none());
        let draft = empty.fold(Draft::new(), |draft, (name, to)| draft.set(name, to));
        if !draft.values.is_empty() {
            work.update("cases", case.id, draft, None)?;
        }
    }
    Ok(())
}

/// The records of a module that link to the lead by a field.
fn linked(work: &mut Work<'_>, module: &str, field: &str, lead: Id) -> Result<Vec<Record>> {
    let known = work.module(module)?;
    match Plan::field(&known, field).and_then(|link| link.eq(lead)) {
        Ok(filter) => work.find(module, filter),
        Err(_) => Ok(Vec::new()),
    }
}
