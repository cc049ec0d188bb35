//! Whose business a message is: an open lead's, a known client's, or nobody's yet.

use model::expr::Plan;
use model::identity::{NameMatch, name};
use model::process::Phase;
use model::{Id, Record, Value};
use serde_json::json;
use store::{IdentityKind, Person, Result, Who, Work};

/// Whom a message is from.
#[derive(Clone, Debug, Default)]
pub(super) struct Whose {
    /// An open lead.
    pub(super) lead: Option<Record>,
    pub(super) contact: Option<Record>,
    pub(super) account: Option<Record>,
    /// Who it may be after all, where nobody is known for certain.
    pub(super) duplicates: Option<Value>,
}

impl Whose {
    /// Who answers for the client, of those who are still here: the account's owner, else the contact's.
    pub(super) fn owner(&self, work: &mut Work<'_>) -> Result<Option<Id>> {
        for owner in [&self.account, &self.contact].into_iter().flatten().filter_map(|record| record.owner) {
            if let Some(user) = work.user(owner)? {
                return Ok(Some(user.id));
            }
        }
        Ok(None)
    }
}

/// Finds whose it is. Sees everybody, whoever asks: what is found is for the process.
pub(super) fn whose(work: &mut Work<'_>, person: &Person, company: Option<&str>) -> Result<Whose> {
    let who = work.who_is(person)?;
    work.as_process(|work| {
        let mut whose = Whose::default();
        match who {
            Who::Known(record) if record.module.name == "leads" => {
                if is_open(work, &record) {
                    whose.contact = in_use(work, "contacts", record.link("contact"))?;
                    whose.account = in_use(work, "accounts", record.link("account"))?;
                    whose.lead = Some(record);
                    return Ok(whose);
                }
                whose.contact = in_use(work, "contacts", record.link("converted_contact"))?;
                whose.account = in_use(work, "accounts", record.link("converted_account"))?;
            }
            Who::Known(contact) => whose.contact = Some(contact).filter(|contact| contact.deleted_at.is_none()),
            Who::New(doubts) if doubts.is_empty() => {}
            Who::New(doubts) => {
                let doubts = doubts.iter().map(|(id, reason)| json!({"id": id.to_string(), "reason": reason.code()}));
                whose.duplicates = Some(Value::Json(doubts.collect()));
            }
        }
        if whose.account.is_none() {
            let of_contact = whose.contact.as_ref().and_then(|contact| contact.link("account"));
            whose.account = in_use(work, "accounts", of_contact)?;
        }
        whose.lead = open_lead(work, person, company, &whose)?;
        Ok(whose)
    })
}

/// The open lead of that person, of that contact or account, or of that company; the one made last.
fn open_lead(work: &mut Work<'_>, person: &Person, company: Option<&str>, whose: &Whose) -> Result<Option<Record>> {
    let module = work.module("leads")?;
    let mut found = Vec::new();
    let identities: Vec<_> = [(IdentityKind::Email, &person.email), (IdentityKind::Phone, &person.phone)]
        .into_iter()
        .filter_map(|(kind, value)| Some((kind, value.clone()?)))
        .collect();
    let known = work.known(&identities, &["leads"])?.into_iter().map(|known| known.id).collect();
    let agrees = |lead: &Record| name::compare(person.name.as_deref(), lead.text("name")) != NameMatch::Contradicts;
    found.extend(work.several(&module, &known)?.into_iter().filter(agrees));
    let id = |record: &Option<Record>| record.as_ref().map(|record| Value::Id(record.id));
    let links = [
        ("contact", id(&whose.contact)),
        ("account", id(&whose.account)),
        ("company", company.map(|company| Value::Text(company.to_owned()))),
    ];
    for (field, value) in links {
        let Some(value) = value else { continue };
        if let Ok(filter) = Plan::field(&module, field).and_then(|field| field.eq(value)) {
            found.extend(work.find("leads", filter)?);
        }
    }
    found.retain(|lead| lead.deleted_at.is_none() && is_open(work, lead));
    found.sort_by_key(|lead| lead.id);
    Ok(found.pop())
}

fn is_open(work: &Work<'_>, lead: &Record) -> bool {
    let process = work.definitions().process(&lead.module.name);
    let state = process.and_then(|process| process.state(lead.text(&process.field)?));
    lead.deleted_at.is_none() && state.is_none_or(|state| state.phase == Phase::Open)
}

fn in_use(work: &mut Work<'_>, module: &str, id: Option<Id>) -> Result<Option<Record>> {
    let Some(id) = id else { return Ok(None) };
    let module = work.module(module)?;
    let found = work.several(&module, &[id].into())?;
    Ok(found.into_iter().find(|record| record.deleted_at.is_none()))
}
