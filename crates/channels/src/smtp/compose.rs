//! A letter as RFC 5322 and MIME have it: text and HTML as alternatives, attachments beside them.

use std::time::SystemTime;

use lettre::Message;
use lettre::message::header::ContentType;
use lettre::message::{Attachment, MultiPart, SinglePart};

use super::SendError;
use super::headers::{AutoSubmitted, ContentLanguage, ListUnsubscribe, ListUnsubscribePost};
use crate::outbox::Outgoing;
use crate::{Address, one_line};

/// A file that goes along.
#[derive(Clone, PartialEq, Eq)]
pub struct File {
    /// Its name.
    pub name: String,
    /// Media type: `application/pdf`.
    pub content_type: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// The message that goes over the wire. Names and subject stand on one line each, whatever they contained.
///
/// # Errors
/// [`SendError::Permanent`] where an address or a media type is none.
pub fn compose(letter: &Outgoing, files: Vec<File>) -> Result<Message, SendError> {
    let refused = |what: &str, error: &dyn std::fmt::Display| SendError::Permanent(format!("{what}: {error}"));
    let mut builder = Message::builder()
        .from(letter.from.mailbox().map_err(|error| refused("sender", &error))?)
        .to(letter.to.mailbox().map_err(|error| refused("recipient", &error))?)
        .subject(one_line(&letter.subject))
        .date(SystemTime::from(letter.date))
        .message_id(Some(one_line(&letter.message_id)))
        .header(ContentLanguage(letter.locale.tag()));
    for email in &letter.cc {
        let cc = Address { name: None, email: email.clone() };
        builder = builder.cc(cc.mailbox().map_err(|error| refused("recipient", &error))?);
    }
    if let Some(answers) = &letter.answers {
        builder = builder.in_reply_to(one_line(answers));
    }
    if let Some(thread) = &letter.thread {
        builder = builder.references(one_line(thread));
    }
    if !letter.is_by_hand {
        builder = builder.header(AutoSubmitted);
    }
    if let Some(address) = letter.unsubscribe.as_deref().map(one_line).filter(|address| !address.is_empty()) {
        // One press is for addresses under TLS alone (RFC 8058, 3.1).
        if address.starts_with("https://") {
            builder = builder.header(ListUnsubscribePost);
        }
        builder = builder.header(ListUnsubscribe(address));
    }
    let mut body = MultiPart::alternative().singlepart(SinglePart::plain(letter.text.clone()));
    if !letter.html.is_empty() {
        body = body.singlepart(SinglePart::html(letter.html.clone()));
    }
    if !files.is_empty() {
        body = MultiPart::mixed().multipart(body);
    }
    for file in files {
        let content_type = ContentType::parse(&file.content_type).map_err(|error| refused("attachment", &error))?;
        body = body.singlepart(Attachment::new(one_line(&file.name)).body(file.bytes, content_type));
    }
    builder.multipart(body).map_err(|error| refused("letter", &error))
}
