//! What would be made of a letter: everything is done, told and undone.

use std::sync::Arc;

use channels::mime::rows;
use model::rights::Capability;
use model::site_letter::{Found, SiteLetter};
use model::{Actor, Id, Money, Record, Value};
use store::{Error, FieldError, Origin, Result, Work};

use super::{LONGEST, refused};
use crate::App;

/// A ticket that would be reserved.
#[derive(Clone, Debug)]
pub struct WouldBeTicket {
    /// What its type is called.
    pub ticket_type: String,
    /// At which price.
    pub price: Option<Money>,
    /// For whom.
    pub attendee: Option<String>,
}

/// What would be made.
#[derive(Clone, Debug)]
pub struct WouldBe {
    /// The module of the record.
    pub module: String,
    /// What the record is called; of an order, its event.
    pub title: String,
    /// Its fields that the letter tells.
    pub fields: Vec<(String, Value)>,
    /// Of an order.
    pub total: Option<Money>,
    /// Of an order.
    pub tickets: Vec<WouldBeTicket>,
}

/// How a letter was read, and what would come of it.
#[derive(Clone, Debug)]
pub struct Tried {
    /// What was found in it.
    pub found: Vec<Found>,
    /// What would be made; nothing where it is refused.
    pub made: Option<WouldBe>,
    /// Why it is refused.
    pub faults: Vec<FieldError>,
}

impl App {
    /// Finds out what would be made of a letter with this text, or this HTML, now; nothing is kept and nobody is written to.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for whoever does not administer; [`Error::NotFound`]; when the database fails.
    pub async fn try_site_letter(&self, actor: Actor, name: String, text: &str) -> Result<Tried> {
        let read = move |work: &mut Work<'_>| {
            work.require(Capability::Administer)?;
            let site = work.definitions().site_letter(&name).cloned();
            site.ok_or_else(|| Error::NotFound { module: "site_letters".to_owned(), id: name.clone() })
        };
        let site: Arc<SiteLetter> = self.workspace().read(actor, read).await?;
        // As it would come in: whoever pastes a page means what is seen of it.
        let is_page = text.contains("</") || text.contains("<br");
        let text = if is_page { rows(text) } else { text.to_owned() };
        let text: String = text.chars().take(LONGEST).collect();
        let app = self.clone();
        let attempt = move |work: &mut Work<'_>| {
            let mut tried = None;
            let undone: Result<()> = work.attempt(|work| {
                let found = site.read(&text);
                let (made, faults) = match app.make_of_site(work, &site, &text) {
                    Ok(record) => (Some(app.would_be(work, &site, &record)?), Vec::new()),
                    Err(error) => (None, refused(error)?),
                };
                tried = Some(Tried { found, made, faults });
                Err(Error::conflict("site_letter_tried", "nothing is kept of what is tried"))
            });
            match (tried, undone) {
                (Some(tried), _) => Ok(tried),
                (None, Err(error)) => Err(error),
                (None, Ok(())) => Err(Error::conflict("site_letter_tried", "nothing was tried")),
            }
        };
        // By the door by which the letter would come.
        Ok(self.workspace().write(Actor::Public, Origin::from("interface"), attempt).await?.0)
    }

    fn would_be(&self, work: &mut Work<'_>, site: &SiteLetter, record: &Record) -> Result<WouldBe> {
        let module = record.module.name.clone();
        if module != "orders" {
            let told = site.reads.iter().map(|reads| &reads.to).chain(site.values.keys());
            let fields = told.map(|name| (name.clone(), record.get(name).clone()));
            let fields = fields.filter(|(_, value)| !value.is_null()).collect();
            return Ok(WouldBe { module, title: record.title(), fields, total: None, tickets: Vec::new() });
        }
        let event = record.link("event");
        let title = match event {
            Some(event) => work.as_process(|work| work.get("events", event))?.title(),
            None => String::new(),
        };
        let offers = event.map(|event| self.ticketing().offers(work, event)).transpose()?.unwrap_or_default();
        let called =
            |id: Option<Id>| offers.iter().find(|offer| Some(offer.kind.id) == id).map(|offer| offer.kind.name.clone());
        let tickets = self.ticketing().tickets_of(work, record.id)?;
        let ticket = |ticket: &Record| WouldBeTicket {
            ticket_type: called(ticket.link("ticket_type")).unwrap_or_default(),
            price: ticket.get("price").as_money(),
            attendee: ticket.text("attendee_name").map(str::to_owned),
        };
        let named = ["buyer_name", "buyer_email", "buyer_phone"];
        let fields = named.into_iter().map(|name| (name.to_owned(), record.get(name).clone()));
        Ok(WouldBe {
            module,
            title,
            fields: fields.filter(|(_, value)| !value.is_null()).collect(),
            total: record.get("total").as_money(),
            tickets: tickets.iter().map(ticket).collect(),
        })
    }
}
