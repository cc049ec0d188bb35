//! Letters of processes: rendered from the pack's templates when they are caused, kept in the outbox as they will be sent.

use std::collections::BTreeSet;

use channels::Address;
use channels::letters::render;
use channels::outbox::{Attachment, NewLetter, queue};
use model::{Actor, Id, Locale};
use store::{Error, Result, Work};
use ticketing::{Letters, OutgoingLetter};

use crate::App;
use crate::tickets::{TicketFile, TicketFileError};

/// Renders by the templates of the workspace's packs.
pub struct LettersByTemplate;

impl Letters for LettersByTemplate {
    fn send(&self, work: &mut Work<'_>, letter: OutgoingLetter) -> Result<()> {
        let template = work.definitions().letter(letter.template).cloned();
        let Some(template) = template else {
            return Err(Error::conflict("no_template", format!("there is no letter template {:?}", letter.template)));
        };
        let rendered = render(&template, letter.locale, &letter.data)
            .map_err(|error| Error::conflict("broken_template", error.to_string()))?;
        let settings = work.settings().clone();
        let attachments = if letter.tickets.is_empty() { Vec::new() } else { vec![tickets_attachment(letter.tickets)] };
        queue(
            work,
            NewLetter {
                template: Some(letter.template.to_owned()),
                from: Address::new(settings.name.clone(), settings.sender.clone()),
                to: Address::new(letter.to_name, letter.to_email),
                subject: rendered.subject,
                text: rendered.text,
                html: rendered.html,
                locale: letter.locale,
                about: Some(letter.about),
                cause: Some(letter.cause),
                attachments,
            },
        )?;
        Ok(())
    }
}

impl App {
    /// The bytes of a letter's attachment: drawn once, then kept as they were.
    ///
    /// # Errors
    /// When it cannot be drawn or the disk refuses.
    pub async fn attachment(
        &self,
        letter: Id,
        index: usize,
        attachment: &Attachment,
        locale: Locale,
    ) -> Result<TicketFile, TicketFileError> {
        if attachment.kind != TICKETS {
            return Err(Error::conflict("unknown_attachment", format!("nothing makes a {:?}", attachment.kind)).into());
        }
        let kept = format!("letters/{letter}/{index}");
        if let Some(bytes) = self.0.files.get(&kept)? {
            return Ok(TicketFile { name: attachment.name.clone(), bytes });
        }
        let ids: BTreeSet<Id> = attachment.ids.iter().copied().collect();
        let drawn = self.tickets_pdf(Actor::System("letters"), ids, locale).await?;
        self.0.files.put(&kept, &drawn.bytes)?;
        Ok(TicketFile { name: attachment.name.clone(), bytes: drawn.bytes })
    }
}

/// The kind of attachment that is drawn from tickets.
const TICKETS: &str = "tickets";

/// A reference to the PDF of tickets.
fn tickets_attachment(ids: Vec<Id>) -> Attachment {
    Attachment {
        kind: TICKETS.to_owned(),
        ids,
        name: "tickets.pdf".to_owned(),
        content_type: "application/pdf".to_owned(),
    }
}
