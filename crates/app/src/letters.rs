//! Letters of processes: rendered from the pack's templates when they are caused, kept in the outbox as they will be sent.

mod senders;

use channels::Address;
use channels::letters::{Rendered, render};
use channels::outbox::{Attachment, NewLetter, Turn, keep_failed, queue, turn};
use model::letter::Letter;
use model::{Id, Locale};
use serde_json::Value as Json;
use store::{Error, Result, Work};
use ticketing::{Letters, OutgoingLetter};

use crate::App;
use crate::invoices::{INVOICE, printed_invoice};
use crate::papers::{CONTRACT, printed_contract};
use crate::tickets::{Printed, TICKET, TicketFile, TicketFileError, printed};

pub(crate) use senders::faults;
pub use senders::{Sender, senders, variables};

/// Renders by the templates of the workspace's packs.
pub struct LettersByTemplate;

impl Letters for LettersByTemplate {
    /// A letter that cannot be made is kept as failed with the reason: money is booked and seats are freed all the same.
    fn send(&self, work: &mut Work<'_>, letter: OutgoingLetter) -> Result<()> {
        let settings = work.settings().clone();
        let empty = NewLetter {
            template: Some(letter.template.to_owned()),
            from: Address::new(settings.name.clone(), settings.sender.clone()),
            to: Address::new(letter.to_name.clone(), letter.to_email.clone()),
            subject: String::new(),
            text: String::new(),
            html: String::new(),
            locale: letter.locale,
            about: Some(letter.about.clone()),
            cause: Some(letter.cause.clone()),
            attachments: Vec::new(),
            is_strangers: false,
        };
        match work.attempt(|work| queue_rendered(work, &letter, empty.clone())) {
            Err(Error::Db(error)) => Err(error.into()),
            Err(error) => {
                tracing::error!(template = letter.template, %error, "a letter cannot be made");
                let subject =
                    work.definitions().letter(letter.template).map(|it| it.label.get(letter.locale).to_owned());
                let empty = NewLetter { subject: subject.unwrap_or_default(), ..empty };
                keep_failed(work, empty, &error.to_string()).map(drop)
            }
            Ok(()) => Ok(()),
        }
    }
}

fn queue_rendered(work: &mut Work<'_>, letter: &OutgoingLetter, empty: NewLetter) -> Result<()> {
    let template = work.definitions().letter(letter.template).cloned();
    let Some(template) = template else {
        return Err(Error::conflict("no_template", format!("there is no letter template {:?}", letter.template)));
    };
    let rendered = render(&template, letter.locale, &letter.data)
        .map_err(|error| Error::conflict("broken_template", error.to_string()))?;
    let mut attachments = Vec::new();
    if let Some(invoice) = letter.invoice {
        let Printed { name, data } = work.as_process(|work| printed_invoice(work, invoice))?;
        attachments.push(pdf(INVOICE, name, data));
    }
    if let Some(contract) = letter.contract {
        let Printed { name, data } = work.as_process(|work| printed_contract(work, contract))?;
        attachments.push(pdf(CONTRACT, name, data));
    }
    if !letter.tickets.is_empty() {
        attachments.push(tickets(work, &letter.tickets, letter.locale)?);
    }
    let (subject, text, html) = (rendered.subject, rendered.text, rendered.html);
    queue(work, NewLetter { subject, text, html, attachments, ..empty }).map(drop)
}

impl App {
    /// Whether so many letters went to the address that a stranger's does not go at once.
    ///
    /// # Errors
    /// When the database fails.
    pub fn letters_wait(&self, work: &mut Work<'_>, email: Option<&str>) -> Result<bool> {
        Ok(!matches!(turn(work, email.unwrap_or_default(), None)?, Turn::Now))
    }

    /// What a letter says over made-up data, in both languages: with everything there, or with what is always there alone.
    ///
    /// # Errors
    /// [`Error::Invalid`] with the template and the line that is wrong.
    pub fn preview_letter(&self, letter: &Letter, is_full: bool) -> Result<[(Locale, Rendered); 2]> {
        senders::preview(letter, &self.workspace().knowledge().definitions, is_full)
    }

    /// How long a letter's attachment is, in bytes; nothing while it has not been drawn.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn attachment_size(&self, letter: Id, index: usize) -> std::io::Result<Option<u64>> {
        self.0.files.size(&kept(letter, index))
    }

    /// The bytes of a letter's attachment: drawn once from what the letter meant, then kept as they were.
    ///
    /// # Errors
    /// When it cannot be drawn or the disk refuses.
    pub async fn attachment(
        &self,
        letter: Id,
        index: usize,
        attachment: &Attachment,
    ) -> Result<TicketFile, TicketFileError> {
        let kept = kept(letter, index);
        if let Some(bytes) = self.0.files.get(&kept)? {
            return Ok(TicketFile { name: attachment.name.clone(), bytes });
        }
        let bytes = self.draw(&attachment.document, attachment.data.clone()).await?;
        self.0.files.put(&kept, &bytes)?;
        Ok(TicketFile { name: attachment.name.clone(), bytes })
    }
}

/// The folder of what was drawn for letters.
pub(crate) const LETTERS: &str = "letters";

/// Where an attachment is kept.
fn kept(letter: Id, index: usize) -> String {
    format!("{LETTERS}/{letter}/{index}")
}

/// The tickets of a letter as they are now: who holds them, by which code.
fn tickets(work: &mut Work<'_>, ids: &[Id], locale: Locale) -> Result<Attachment> {
    let ids = ids.iter().copied().collect();
    let Printed { data, .. } = work.as_process(|work| printed(work, &ids, locale))?;
    Ok(pdf(TICKET, "tickets.pdf".to_owned(), data))
}

fn pdf(document: &str, name: String, data: Json) -> Attachment {
    Attachment { document: document.to_owned(), data, name, content_type: "application/pdf".to_owned() }
}
