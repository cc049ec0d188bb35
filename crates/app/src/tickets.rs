//! Tickets as PDF: read under the caller's rights, drawn outside the transaction. What goes along with a letter is read
//! when the letter is written.

use std::collections::{BTreeMap, BTreeSet};

use channels::outbox::Attachment;
use documents::{Contact, Event, Ticket, TicketDocument};
use model::l10n::{date, date_range, money};
use model::rights::Scope;
use model::{Actor, Id, Locale, Record};
use serde_json::{Value as Json, json};
use store::{Error, List, Settings, Work};

use crate::App;
use crate::drawing::DrawingError;
use crate::invoices::{INVOICE, is_paper_seen};
use crate::papers::CONTRACT;

/// A drawn document.
#[derive(Clone, Debug)]
pub struct TicketFile {
    /// Its name.
    pub name: String,
    /// PDF.
    pub bytes: Vec<u8>,
}

/// Why tickets cannot be drawn.
#[derive(Debug, thiserror::Error)]
pub enum TicketFileError {
    /// They cannot be read, or there is nothing to draw yet.
    #[error(transparent)]
    Store(#[from] Error),
    /// They cannot be drawn, or not now.
    #[error(transparent)]
    Drawing(#[from] DrawingError),
    /// The disk refuses.
    #[error("the disk refuses: {0}")]
    Io(#[from] std::io::Error),
}

/// What tickets say on paper.
pub(crate) struct Printed {
    /// Name of the file.
    pub(crate) name: String,
    /// What the template reads.
    pub(crate) data: Json,
}

/// Name of the template.
pub(crate) const TICKET: &str = "ticket";

/// Whether the caller may see what a document of a letter shows: with a ticket one comes in, whoever reads the letter.
///
/// # Errors
/// When the database fails.
pub fn is_document_seen(work: &mut Work<'_>, document: &Attachment) -> store::Result<bool> {
    for (name, module) in [(INVOICE, "invoices"), (CONTRACT, "contracts")] {
        if document.document == name {
            return is_paper_seen(work, module, document);
        }
    }
    if document.document != TICKET {
        return Ok(true);
    }
    let Ok(module) = work.module("tickets") else { return Ok(false) };
    let tickets = document.data.get("tickets").and_then(Json::as_array).map(Vec::as_slice).unwrap_or_default();
    let codes: BTreeSet<&str> = tickets.iter().filter_map(|ticket| ticket.get("code")?.as_str()).collect();
    match work.grant(&module).read {
        Scope::All => return Ok(true),
        Scope::None => return Ok(false),
        _ if codes.len() != tickets.len() => return Ok(false),
        _ => {}
    }
    let filter = work.filter("tickets", &format!("code in {}", json!(codes)))?;
    let seen = work.count("tickets", &List { filter: Some(filter), ..List::default() }, None)?;
    Ok(usize::try_from(seen) == Ok(codes.len()))
}

impl App {
    /// Draws issued tickets, all of one event, one page each.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a ticket the caller may not see, [`Error::Conflict`] for one that is not issued.
    pub async fn tickets_pdf(
        &self,
        actor: Actor,
        ids: BTreeSet<Id>,
        locale: Locale,
    ) -> Result<TicketFile, TicketFileError> {
        let Printed { name, data } = self.workspace().read(actor, move |work| printed(work, &ids, locale)).await?;
        Ok(TicketFile { name, bytes: self.draw(TICKET, data).await? })
    }

    /// Draws a document of the packs.
    pub(crate) async fn draw(&self, document: &str, data: Json) -> Result<Vec<u8>, TicketFileError> {
        let workspace = self.workspace();
        let knowledge = workspace.knowledge();
        let template = knowledge.definitions.document(document).cloned();
        let template = template
            .ok_or_else(|| Error::conflict("no_template", format!("no pack brings the document {document:?}")))?;
        let today = workspace.clock().now().to_zoned(knowledge.settings.zone()).date();
        Ok(self.0.drawing.pdf(template.source.clone(), data, today).await?)
    }
}

/// What issued tickets, all of one event, say on paper now.
///
/// # Errors
/// [`Error::NotFound`] for a ticket the caller may not see, [`Error::Conflict`] for one that is not issued.
pub(crate) fn printed(work: &mut Work<'_>, ids: &BTreeSet<Id>, locale: Locale) -> store::Result<Printed> {
    let module = work.module("tickets")?;
    let mut tickets = work.several(&module, ids)?;
    tickets.sort_by_key(|ticket| (ticket.get("position").as_int(), ticket.id));
    if let Some(missing) = ids.iter().find(|id| tickets.iter().all(|ticket| ticket.id != **id)) {
        return Err(Error::not_found("tickets", *missing));
    }
    let not_issued = |ticket: &&Record| !matches!(ticket.text("status"), Some("issued" | "checked_in"));
    if let Some(ticket) = tickets.iter().find(not_issued) {
        let status = ticket.text("status").unwrap_or_default();
        let message = format!("the ticket is {status}: only an issued ticket can be printed");
        return Err(Error::conflict("not_issued", message));
    }
    let Some(first) = tickets.first() else { return Err(Error::not_found("tickets", Id::default())) };
    let settings = work.settings().clone();
    let labels = work.definitions().document(TICKET).and_then(|template| template.labels.get(&locale).cloned());
    let labels: BTreeMap<String, String> = serde_json::from_value(labels.unwrap_or_default()).unwrap_or_default();
    // The ticket says nothing that its holder may not know; whoever sees the ticket sees what is printed on it.
    let document = work.as_process(|work| document(work, &tickets, first, &settings, locale, labels))?;
    let data =
        serde_json::to_value(&document).map_err(|error| Error::conflict("broken_template", error.to_string()))?;
    let name = match tickets.as_slice() {
        [one] => format!("ticket-{}.pdf", one.text("code").unwrap_or_default()),
        _ => format!("tickets-{}.pdf", document.order_number),
    };
    Ok(Printed { name, data })
}

fn document(
    work: &mut Work<'_>,
    tickets: &[Record],
    first: &Record,
    settings: &Settings,
    locale: Locale,
    labels: BTreeMap<String, String>,
) -> store::Result<TicketDocument> {
    let link = |record: &Record, field: &str| {
        record.link(field).ok_or_else(|| Error::conflict("incomplete", format!("the ticket has no {field}")))
    };
    let event = work.get("events", link(first, "event")?)?;
    let order = work.get("orders", link(first, "order")?)?;
    let text = |record: &Record, field: &str| record.text(field).map(str::to_owned);
    let types: BTreeSet<Id> = tickets.iter().filter_map(|ticket| ticket.link("ticket_type")).collect();
    let types = work.titles("ticket_types", &types)?;
    let people = tickets.iter().filter_map(|ticket| ticket.link("participant")).collect();
    let people = work.several(&work.module("participants")?, &people)?;
    let drawn = tickets.iter().map(|ticket| {
        let participant = people.iter().find(|person| ticket.link("participant") == Some(person.id));
        let named = participant.and_then(|person| text(person, "name"));
        Ticket {
            code: text(ticket, "code").unwrap_or_default(),
            attendee: named.or_else(|| text(ticket, "attendee_name")),
            company: participant.and_then(|person| text(person, "company")),
            ticket_type: ticket.link("ticket_type").and_then(|id| types.get(&id).cloned()).unwrap_or_default(),
            price: ticket.get("price").as_money().map(|price| money(locale, price)),
        }
    });
    let drawn = drawn.collect();
    let starts_on = event.get("starts_on").as_date();
    let ends_on = event.get("ends_on").as_date().or(starts_on);
    let rename_until = event.get("rename_until");
    let rename_day =
        rename_until.as_date().or_else(|| rename_until.as_instant().map(|at| at.to_zoned(settings.zone()).date()));
    Ok(TicketDocument {
        language: locale.tag().to_owned(),
        accent: text(&event, "accent").unwrap_or_else(|| "#3c58c9".to_owned()),
        organiser: settings.name.clone(),
        event: Event {
            name: text(&event, "name").unwrap_or_default(),
            dates: starts_on.zip(ends_on).map(|(first, last)| date_range(locale, first, last)).unwrap_or_default(),
            times: text(&event, "times"),
            venue: text(&event, "venue").unwrap_or_default(),
            address: text(&event, "address"),
            directions: text(&event, "directions"),
        },
        order_number: text(&order, "number").unwrap_or_default(),
        order_url: None,
        rename_until: rename_day.map(|day| date(locale, day)),
        contact: Contact {
            name: text(&event, "contact_name"),
            email: text(&event, "contact_email"),
            phone: text(&event, "contact_phone").map(|phone| model::identity::phone::display(&phone)),
        },
        tickets: drawn,
        labels,
    })
}
