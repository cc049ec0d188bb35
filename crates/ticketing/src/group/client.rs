//! Who buys for an organisation: its account and who speaks for it, found or made. Nobody becomes a lead by it.

use model::identity::name;
use model::{Id, Record, Value};
use serde_json::json;
use store::{Draft, Person, Result, Who, Work};

use super::request::Company;
use crate::condition::by_field;
use crate::place::active;

/// The client of a deal.
pub(super) struct GroupClient {
    pub(super) account: Id,
    pub(super) contact: Id,
    /// Who looks after them.
    pub(super) owner: Option<Id>,
}

/// Finds or makes account and contact. The caller holds their identities.
pub(super) fn client(work: &mut Work<'_>, company: &Company, person: &Person) -> Result<GroupClient> {
    let who = work.who_is(person)?;
    let (contact, lead, doubts) = match who {
        Who::Known(record) if record.module.name == "contacts" => (Some(record), None, Vec::new()),
        Who::Known(lead) => {
            let contact = lead.link("converted_contact").map(|id| work.get("contacts", id)).transpose()?;
            (contact.filter(in_use), Some(lead), Vec::new())
        }
        Who::New(doubts) => (None, None, doubts),
    };
    let own = contact.as_ref().and_then(|contact| contact.link("account"));
    let account = account(work, company, own)?;
    let owner = account.owner.or_else(|| contact.as_ref()?.owner).or_else(|| lead.as_ref()?.owner);
    let contact = match contact {
        Some(contact) if own.is_some() => contact.id,
        Some(contact) => work.update("contacts", contact.id, Draft::new().set("account", account.id), None)?.id,
        None => {
            let doubts: Vec<_> = doubts.iter().map(|(id, why)| json!({"id": id, "reason": why.code()})).collect();
            let draft = Draft::new()
                .set("name", person.name.clone())
                .set("email", person.email.clone())
                .set("phone", person.phone.clone())
                .set("account", account.id)
                .set("possible_duplicates", if doubts.is_empty() { Value::Null } else { Value::Json(json!(doubts)) });
            let owner = active(work, owner)?;
            work.create("contacts", draft.owned_by(owner))?.id
        }
    };
    // Whoever had been heard of before is a client now.
    if let Some(lead) = lead.filter(|lead| lead.text("status") != Some("converted")) {
        let draft = Draft::new()
            .set("status", "converted")
            .set("converted_account", account.id)
            .set("converted_contact", contact);
        work.update("leads", lead.id, draft, None)?;
    }
    Ok(GroupClient { account: account.id, contact, owner })
}

/// By the number of the taxpayer; else the contact's own under the same name, if it has no other number; else a new one.
pub(super) fn account(work: &mut Work<'_>, company: &Company, own: Option<Id>) -> Result<Record> {
    if let Some(found) = by_number(work, company)? {
        return Ok(found);
    }
    let own = own.map(|id| work.get("accounts", id)).transpose()?.filter(in_use);
    let is_it = |account: &Record| {
        let same = name::key(account.text("name").unwrap_or_default()) == name::key(&company.name);
        let other = is_numbered(account) && company.number.is_some();
        same && !other && account.text("kind") != Some("person")
    };
    if let Some(account) = own.filter(is_it) {
        return Ok(account);
    }
    let is_proprietor = company.country == "RU" && company.number.as_ref().is_some_and(|inn| inn.len() == 12);
    let draft = Draft::new()
        .set("name", company.name.clone())
        .set("kind", if is_proprietor { "sole_proprietor" } else { "organisation" })
        .set("relations", Value::List(vec!["buyer".to_owned()]))
        .set("country", company.country.clone())
        .set(company.field(), company.number.clone());
    work.create("accounts", draft)
}

/// Whether the number of the taxpayer is known.
pub(super) fn is_numbered(account: &Record) -> bool {
    account.text("inn").or_else(|| account.text("tax_id")).is_some()
}

fn by_number(work: &mut Work<'_>, company: &Company) -> Result<Option<Record>> {
    let found = by_field(work, "accounts", company.field(), company.number.clone())?;
    Ok(found.into_iter().filter(in_use).min_by_key(|account| account.id))
}

fn in_use(record: &Record) -> bool {
    record.deleted_at.is_none()
}
