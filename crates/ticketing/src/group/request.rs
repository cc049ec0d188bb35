//! An organisation asks for tickets: it is a client at once, with a deal.

use model::requisites::{Beside, Format};
use model::{Actor, Id, Locale, Record};
use serde_json::Value as Json;
use store::{Draft, Error, FieldError, Person, Result, Work};

use super::client::client;
use super::deal::on_the_way;
use crate::locks::Locks;
use crate::place::active;
use crate::request::{missing, person, read_person};
use crate::sale::Sale;
use crate::{PersonRequest, Refusal, Ticketing};

/// Characters of a company's name at most.
const NAME_LIMIT: usize = 300;

/// A company as it was typed in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CompanyRequest {
    /// Name.
    pub name: Option<String>,
    /// Number of the taxpayer.
    pub inn: Option<String>,
    /// Two letters; the workspace's own where nothing is said.
    pub country: Option<String>,
}

/// What an organisation asks for to begin with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupRequest {
    /// The event.
    pub event: Id,
    /// Who buys.
    pub company: CompanyRequest,
    /// Who speaks for it.
    pub contact: PersonRequest,
    /// Language of letters and papers; the workspace's where nothing is said.
    pub locale: Option<Locale>,
}

/// A company that may enter the process.
pub(super) struct Company {
    pub(super) name: String,
    /// Number of the taxpayer, of whatever country.
    pub(super) number: Option<String>,
    pub(super) country: String,
}

impl Company {
    /// The field of accounts that has the number.
    pub(super) fn field(&self) -> &'static str {
        if self.country == "RU" { "inn" } else { "tax_id" }
    }
}

impl GroupRequest {
    /// Reads `{company: {name, inn, country}, contact: {name, email, phone}}`.
    ///
    /// # Errors
    /// [`Error::Invalid`] for what is not of this form.
    pub fn from_json(event: Id, body: &Json) -> Result<Self> {
        let mut errors = Vec::new();
        let contact = read_person(body.get("contact"), "contact", &mut errors).unwrap_or_default();
        let mut company = CompanyRequest::default();
        match body.get("company") {
            None | Some(Json::Null) => {}
            Some(Json::Object(object)) => {
                let mut text = |name: &str| match object.get(name) {
                    None | Some(Json::Null) => None,
                    Some(Json::String(text)) => Some(text.clone()),
                    Some(_) => {
                        let field = format!("company.{name}");
                        errors.push(FieldError::new(field, "invalid_type", "expected text in quotes"));
                        None
                    }
                };
                company = CompanyRequest { name: text("name"), inn: text("inn"), country: text("country") };
            }
            Some(_) => errors.push(FieldError::new("company", "invalid_type", "expected {name, inn}")),
        }
        if errors.is_empty() { Ok(Self { event, company, contact, locale: None }) } else { Err(Error::Invalid(errors)) }
    }

    fn judge(&self, work: &Work<'_>) -> Result<(Company, Person)> {
        let mut errors = Vec::new();
        let contact = person(&self.contact, "contact", work.settings().reading().region, &mut errors);
        for (field, text) in [("contact.name", &self.contact.name), ("contact.email", &self.contact.email)] {
            if text.as_deref().is_none_or(|text| text.trim().is_empty()) {
                missing(&mut errors, field);
            }
        }
        let name = company_name(self.company.name.as_deref(), "company.name", &mut errors);
        let country = filled(self.company.country.as_deref()).unwrap_or_else(|| "RU".to_owned());
        let number = filled(self.company.inn.as_deref()).map(|number| number.replace(' ', ""));
        let format = if country == "RU" { Format::Inn } else { Format::TaxId };
        for (field, format, text) in
            [("company.country", Format::Country, Some(&country)), ("company.inn", format, number.as_ref())]
        {
            let verdict = text.map_or(Ok(()), |text| format.check(text, Beside { country: Some(&country), bik: None }));
            errors.extend(verdict.err().map(|error| FieldError::of(field, error)));
        }
        if errors.is_empty() { Ok((Company { name, number, country }, contact)) } else { Err(Error::Invalid(errors)) }
    }
}

pub(super) fn filled(text: Option<&str>) -> Option<String> {
    let text = text?.split_whitespace().collect::<Vec<_>>().join(" ");
    (!text.is_empty()).then_some(text)
}

/// The name of a company: it has letters, and letters to strangers that name it carry no address of a page by it.
pub(super) fn company_name(text: Option<&str>, field: &str, errors: &mut Vec<FieldError>) -> String {
    let Some(name) = filled(text) else {
        missing(errors, field);
        return String::new();
    };
    let folded = name.to_lowercase();
    if name.chars().count() > NAME_LIMIT {
        errors.push(FieldError::new(field, "too_long", format!("at most {NAME_LIMIT} characters")));
    } else if name.chars().any(char::is_control) || !name.chars().any(char::is_alphabetic) {
        errors.push(FieldError::new(field, "invalid_name", "a name has letters"));
    } else if folded.contains("://") || folded.contains("www.") {
        errors.push(FieldError::new(field, "invalid_name", "a name is not an address of a page"));
    }
    name
}

impl Ticketing {
    /// Takes in the request of an organisation: account, contact and deal are there at once. Answers the deal, whose
    /// questionnaire is the caller's to send.
    ///
    /// # Errors
    /// [`Error::Invalid`] with paths such as `contact.email`; the refusal `not_on_sale`; [`Error::NotFound`].
    pub fn request_group(&self, work: &mut Work<'_>, request: &GroupRequest) -> Result<Record> {
        let is_public = matches!(work.actor(), Actor::Public);
        if !is_public && !work.grant(&*work.module("deals")?).create {
            return Err(Error::forbidden("create_forbidden", "your roles may not create deals"));
        }
        let (company, contact) = request.judge(work)?;
        let locale = request.locale.unwrap_or(work.settings().locale);
        work.as_process(|work| {
            let locks = Locks::default().people([&contact]).company(company.number.as_deref());
            work.lock(&locks.keys())?;
            let sale = Sale::read(work, request.event)?;
            if is_public && (sale.event.deleted_at.is_some() || sale.event.text("status") == Some("draft")) {
                return Err(Error::not_found("events", request.event));
            }
            sale.open().map_err(|why| Refusal::NotOnSale(vec![("event".to_owned(), why)]))?;
            let client = client(work, &company, &contact)?;
            let owner = client.owner.or_else(|| work.actor().id());
            // The questionnaire goes out at once: the request itself is behind it. Where there is no such stage it begins with the first.
            let process = work.definitions().process("deals").cloned();
            let asked =
                process.as_deref().and_then(|process| Some((&process.field, on_the_way(process, "questionnaire")?)));
            let draft = asked.map_or_else(Draft::new, |(field, stage)| Draft::new().set(field, stage));
            let draft = draft
                .set("name", format!("{}: {}", company.name, sale.event.title()))
                .set("pipeline", "group_tickets")
                .set("account", client.account)
                .set("contact", client.contact)
                .set("event", sale.event.id)
                .set("locale", locale.tag());
            let owner = active(work, owner)?;
            work.create("deals", draft.owned_by(owner))
        })
    }
}

/// Who speaks for the buyer of a deal.
pub(super) fn contact_of(contact: &Record) -> Person {
    let text = |name: &str| contact.text(name).map(str::to_owned);
    Person { name: text("name"), email: text("email"), phone: text("phone") }
}
