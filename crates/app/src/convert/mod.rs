//! A lead becomes a client: an account, a contact and, where one is wanted, a deal, in one change set (processes.md, 1.4).

mod carry;
mod offer;

use model::identity::{NameMatch, name};
use model::process::{Process, Transition};
use model::rights::Scope;
use model::{Id, Locale, Record};
use serde_json::{Map, Value as Json};
use store::{Draft, Error, FieldError, Person, Result, Work};

use crate::App;

pub use offer::{Candidate, Offer, Sign, of};

/// The module of those who have not decided yet.
pub const LEADS: &str = "leads";
/// The move by which a lead ends as a client.
const MOVE: &str = "convert";

/// What a lead is to become.
#[derive(Clone, Debug, Default)]
pub struct Conversion {
    /// The account.
    pub account: Choice,
    /// The contact.
    pub contact: Choice,
    /// Fields of the deal; nothing where none is wanted.
    pub deal: Option<Map<String, Json>>,
}

/// Which record a lead becomes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Choice {
    /// The one that is known for certain, else a new one.
    #[default]
    Known,
    /// A new one.
    New,
    /// This one.
    This(Id),
}

impl Conversion {
    /// Reads `{"account": ID|null, "contact": ID|null, "deal": {…}|null}`: what is not named is found or made, `null` is made.
    ///
    /// # Errors
    /// [`Error::Invalid`] with every key that does not fit.
    pub fn read(body: &Map<String, Json>) -> Result<Self> {
        let (mut conversion, mut faults) = (Self::default(), Vec::new());
        for (key, json) in body {
            match (key.as_str(), json) {
                ("account", json) => choice(key, json, &mut conversion.account, &mut faults),
                ("contact", json) => choice(key, json, &mut conversion.contact, &mut faults),
                ("deal", Json::Object(fields)) => conversion.deal = Some(fields.clone()),
                ("deal", Json::Null) => {}
                ("deal", _) => faults.push(FieldError::new(key, "invalid_type", "expected the fields of a deal")),
                _ => faults.push(FieldError::new(key, "unknown_field", format!("there is no {key:?} here"))),
            }
        }
        if faults.is_empty() { Ok(conversion) } else { Err(Error::Invalid(faults)) }
    }
}

fn choice(key: &str, json: &Json, choice: &mut Choice, faults: &mut Vec<FieldError>) {
    match json {
        Json::Null => *choice = Choice::New,
        Json::String(text) => match text.parse() {
            Ok(id) => *choice = Choice::This(id),
            Err(_) => faults.push(FieldError::new(key, "invalid_id", "expected the id of a record")),
        },
        _ => faults.push(FieldError::new(key, "invalid_type", "expected the id of a record, or null for a new one")),
    }
}

/// The step by which a lead is converted from where it stands. No button of the process: it is an operation of its own.
#[must_use]
pub fn step<'p>(process: &'p Process, lead: &Record) -> Option<&'p Transition> {
    if lead.module.name != LEADS || lead.deleted_at.is_some() {
        return None;
    }
    let state = lead.text(&process.field).unwrap_or_default();
    process.transitions_from(state).find(|transition| transition.name == MOVE)
}

/// Whether a move that the program makes itself is pressed all the same: as the operation of which it is a part.
#[must_use]
pub fn is_pressed(module: &str, step: &Transition) -> bool {
    module == LEADS && step.name == MOVE
}

/// Whether the caller may make what a lead becomes.
///
/// # Errors
/// [`Error::NoModule`].
pub fn may_make(work: &Work<'_>, module: &str) -> Result<bool> {
    let grant = work.grant(&*work.module(module)?);
    Ok(grant.create && grant.read != Scope::None)
}

impl App {
    /// Makes a client of a lead. Everything that is about the lead goes along to the deal, else to the contact.
    ///
    /// # Errors
    /// [`Error::NotFound`] and [`Error::Forbidden`] for whoever may not change the lead or make what it becomes;
    /// [`Error::Conflict`] `invalid_transition` where the lead has come to its end; [`Error::Invalid`] by field.
    pub fn convert(&self, work: &mut Work<'_>, id: Id, wanted: &Conversion) -> Result<Record> {
        work.check_may_update(LEADS, id)?;
        // Held before anything is looked for: two who convert at once do not make two clients of one person.
        let person = person(&work.as_process(|work| work.get(LEADS, id))?);
        work.who_is(&person)?;
        let held = work.hold_for_process(LEADS, id)?;
        let (field, to) = ready(work, &held)?;
        let lead = work.get(LEADS, id)?;
        let offer = offer::of(work, &lead)?;

        let contact = chosen(work, "contacts", "contact", wanted.contact, offer.contact())?;
        let of_contact = contact.as_ref().and_then(|contact| contact.link("account"));
        let known = match of_contact.map(|id| visible(work, "accounts", id)).transpose()?.flatten() {
            Some(account) if offer.account().is_none_or(|sure| !sure.is_linked()) => Some(account),
            _ => offer.account().map(|sure| sure.record.clone()),
        };
        let account = match chosen(work, "accounts", "account", wanted.account, known)? {
            Some(account) => account.id,
            None => make_account(work, &lead)?,
        };
        let contact = match contact {
            Some(contact) => {
                carry::into_contact(work, &lead, &contact, account)?;
                contact.id
            }
            None => make_contact(work, &lead, account)?,
        };
        let deal = match &wanted.deal {
            Some(fields) => Some(self.make_deal(work, &lead, fields, (account, contact))?),
            None => None,
        };

        let draft = Draft::new()
            .set(&field, to)
            .set("converted_account", account)
            .set("converted_contact", contact)
            .set("converted_deal", deal);
        let made = work.as_process(|work| work.update(LEADS, id, draft, None))?;
        carry::along(work, &held, &carry::Client { account, contact, deal })?;
        self.shown(work, made)
    }

    fn make_deal(
        &self,
        work: &mut Work<'_>,
        lead: &Record,
        fields: &Map<String, Json>,
        (account, contact): (Id, Id),
    ) -> Result<Id> {
        let module = work.module("deals")?;
        let inside = |error| match error {
            Error::Invalid(faults) => Error::Invalid(faults.into_iter().map(|fault| fault.inside("deal")).collect()),
            other => other,
        };
        let mut draft = Draft::read(&module, fields, work.settings().reading()).map_err(inside)?;
        for (name, value) in carry::values(work, lead, &module, &["name", "lost_reason", "quality_report"]) {
            draft.values.entry(name).or_insert(value);
        }
        let name = lead.text("company").unwrap_or_else(|| lead.text("name").unwrap_or("—")).to_owned();
        draft.values.entry("name".to_owned()).or_insert_with(|| name.into());
        draft = draft.set("account", account).set("contact", contact);
        if draft.owner.is_none() {
            draft = owned(work, lead, &module.name, draft)?;
        }
        self.check_draft(work, &module.name, &mut draft, None).map_err(inside)?;
        Ok(work.create(&module.name, draft).map_err(inside)?.id)
    }
}

/// The field that says where the lead stands, and the state it is to go into.
fn ready(work: &mut Work<'_>, lead: &Record) -> Result<(String, String)> {
    if lead.deleted_at.is_some() {
        return Err(Error::conflict("deleted", "the record is in the bin: restore it first"));
    }
    let process = work.definitions().process(LEADS).cloned();
    let step = process.as_ref().and_then(|process| Some((process, step(process, lead)?)));
    let Some((process, step)) = step else {
        let state = process.as_ref().and_then(|process| lead.text(&process.field)).unwrap_or_default();
        return Err(Error::conflict("invalid_transition", format!("a lead that is {state:?} is not converted")));
    };
    if let Some(guard) = step.condition()
        && !work.holds(&guard, lead)?
    {
        return Err(Error::conflict("invalid_transition", "the condition of the conversion does not hold"));
    }
    let missing = work.unfilled(
        &lead.module,
        step.asks.iter().filter(|asked| lead.get(asked).is_null()),
        "a lead is not converted without it",
    );
    if missing.is_empty() { Ok((process.field.clone(), step.to.clone())) } else { Err(Error::Invalid(missing)) }
}

fn person(lead: &Record) -> Person {
    let text = |name: &str| lead.text(name).map(str::to_owned);
    Person { name: text("name"), email: text("email"), phone: text("phone") }
}

/// A record that is in use and that the caller sees.
fn visible(work: &mut Work<'_>, module: &str, id: Id) -> Result<Option<Record>> {
    match work.get(module, id) {
        Ok(record) => Ok(Some(record).filter(|record| record.deleted_at.is_none())),
        Err(Error::NotFound { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The record that was chosen; nothing where a new one is wanted.
fn chosen<T: Into<Record>>(
    work: &mut Work<'_>,
    module: &str,
    field: &str,
    choice: Choice,
    known: Option<T>,
) -> Result<Option<Record>> {
    match choice {
        Choice::Known => Ok(known.map(Into::into)),
        Choice::New => Ok(None),
        Choice::This(id) => match visible(work, module, id)? {
            Some(record) => Ok(Some(record)),
            None => Err(Error::field(field, "not_found", format!("there is no such record in {module}"))),
        },
    }
}

/// The company as an organisation; without one the person.
fn make_account(work: &mut Work<'_>, lead: &Record) -> Result<Id> {
    let module = work.module("accounts")?;
    // Nobody asked where they are: where the workspace is not a Russian one, nothing is guessed.
    let country = (work.settings().locale == Locale::Ru).then_some("RU");
    let company = lead.text("company").map(str::to_owned);
    let (kind, title) = match &company {
        Some(company) => ("organisation", company.clone()),
        None => ("person", lead.text("name").unwrap_or("—").to_owned()),
    };
    // The e-mail and phone of one person are not those of their company.
    let without: &[&str] = if company.is_some() { &["name", "email", "phone"] } else { &["name"] };
    let carried = carry::values(work, lead, &module, without);
    let draft = Draft { values: carried.into_iter().collect(), owner: None };
    let draft = draft.set("name", title).set("kind", kind).set("country", country);
    let draft = owned(work, lead, &module.name, draft)?;
    Ok(work.create(&module.name, draft)?.id)
}

fn make_contact(work: &mut Work<'_>, lead: &Record, account: Id) -> Result<Id> {
    let module = work.module("contacts")?;
    let carried = carry::values(work, lead, &module, &[]);
    let draft = Draft { values: carried.into_iter().collect(), owner: None }.set("account", account);
    let draft = owned(work, lead, &module.name, draft)?;
    Ok(work.create(&module.name, draft)?.id)
}

/// The draft with the lead's owner, where they are still here and the caller may say so.
fn owned(work: &mut Work<'_>, lead: &Record, module: &str, draft: Draft) -> Result<Draft> {
    let grant = work.grant(&*work.module(module)?);
    let is_closed = grant.read_only.iter().chain(&grant.hidden).any(|field| field == "owner");
    let Some(owner) = lead.owner.filter(|_| !is_closed) else { return Ok(draft) };
    Ok(match work.user(owner)? {
        Some(user) => draft.owned_by(Some(user.id)),
        None => draft,
    })
}

/// Whether two names may be of one person or company.
fn agree(one: Option<&str>, other: Option<&str>) -> bool {
    name::compare(one, other) != NameMatch::Contradicts
}
