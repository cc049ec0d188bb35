//! The outbox: letters wait here from the transaction of their cause until a mail server has taken them, SMS and chat until
//! their carrier has.
//!
//! ```text
//! queue ──► queued ──claim──► sending ──sent───► sent
//!             ▲                  │ ├───failed──► failed      the server refuses for good, or waited for too long
//!             └──────────────────┘ │                         the server is away: again in a while
//!                                  └──claim────► sending     the sender died: again, under the same Message-ID
//! ```
//!
//! Letters that advertise are `withheld` from whoever has not agreed to them: when they are queued, and once more before they go.
//!
//! A letter may arrive twice when a sender dies between the server's answer and `sent`; both carry one Message-ID, by
//! which mail programs know them for the same. It is never lost. An SMS goes once: one that may have been taken is not handed
//! over again, and fails until its carrier tells that it arrived.

mod delivery;
mod hand;
mod list;
mod queue;
mod short;
mod strangers;
mod waits;
mod written;

pub use delivery::{CLAIM, came_back, claim, failed, sent, withdraw};
pub use hand::check;
pub use list::list;
pub use queue::{keep_failed, queue};
pub use short::{ClaimedShort, NewShort, claim_short, kept, queue_short, report, reword, taken, title};
pub use strangers::{Turn, turn};
pub use waits::ATTEMPTS;
pub use written::{ByHand, Rewritten, is_unsent, rewrite, take_back, write};

use jiff::Timestamp;
use model::{Id, Locale, Record, Value};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use store::{Result, Work};

use crate::{Address, letters};

/// The module in which letters are kept.
pub(crate) const MESSAGES: &str = "messages";

/// The kind of the job that delivers a letter; its payload is `{"message": ID}`.
pub const DELIVER: &str = "letters.deliver";

/// The kind of the job that delivers a short message, with the same payload.
pub const DELIVER_SHORT: &str = "messages.deliver";

/// A document that goes along. What it says is kept with the letter, as the letter's own words are, so that nothing that
/// happens later changes it; its bytes are drawn when somebody asks for them, outside every transaction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// Name of the document's template: `ticket` …
    pub document: String,
    /// What stands in it, as the template reads it.
    pub data: Json,
    /// Name of the file.
    pub name: String,
    /// Media type: `application/pdf`.
    pub content_type: String,
}

/// A letter that is to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewLetter {
    /// Name of the template it was made from.
    pub template: Option<String>,
    /// The organiser.
    pub from: Address,
    /// Who gets it.
    pub to: Address,
    /// Subject.
    pub subject: String,
    /// Plain text; later changes of the template do not touch it. Of a letter that somebody writes, what they typed.
    pub text: String,
    /// HTML.
    pub html: String,
    /// Its language.
    pub locale: Locale,
    /// Module and id of the record it is about.
    pub about: Option<(String, Id)>,
    /// What it is sent for (`order_paid:ID`): the same cause sends one letter, however often it is repeated.
    pub cause: Option<String>,
    /// What is attached.
    pub attachments: Vec<Attachment>,
    /// Whether a stranger caused it and gave the address, though the program works now.
    pub is_strangers: bool,
}

/// A letter in the hands of a sender.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outgoing {
    /// The record.
    pub id: Id,
    /// `<…@…>`, the same at every attempt.
    pub message_id: String,
    /// When it was written.
    pub date: Timestamp,
    /// Which attempt this is, from 1.
    pub attempt: i64,
    /// The organiser.
    pub from: Address,
    /// Who gets it.
    pub to: Address,
    /// Who gets it too: bare addresses.
    pub cc: Vec<String>,
    /// The Message-ID of the letter that it answers.
    pub answers: Option<String>,
    /// The Message-IDs of those before it, the oldest first.
    pub thread: Option<String>,
    /// Whether somebody wrote it in person: then an absence note in answer is welcome, and files go along that were attached.
    pub is_by_hand: bool,
    /// Subject.
    pub subject: String,
    /// Plain text.
    pub text: String,
    /// HTML; may be empty.
    pub html: String,
    /// Its language.
    pub locale: Locale,
    /// What is to be attached.
    pub attachments: Vec<Attachment>,
    /// Of a letter that advertises: the secret of the link by which its reader takes the consent back.
    pub consent: Option<String>,
    /// The address of that link, which whoever delivers the letter knows.
    pub unsubscribe: Option<String>,
}

/// What goes along with the letter in this record, in its order.
#[must_use]
pub fn attachments(letter: &Record) -> Vec<Attachment> {
    match letter.get("attachments") {
        Value::Json(json) => serde_json::from_value(json.clone()).unwrap_or_default(),
        _ => Vec::new(),
    }
}

/// Whether a message goes by the road of letters: it is no SMS and no word in a chat.
#[must_use]
pub fn is_letter(message: &Record) -> bool {
    !matches!(message.text("channel"), Some("sms" | "chat"))
}

/// What the letter in this record says where nothing is formatted: what somebody wrote has marks, and is said without them.
#[must_use]
pub fn plain_text(letter: &Record) -> Option<String> {
    let text = letter.text("text")?;
    Some(if is_by_hand(letter) { letters::plain(text) } else { text.to_owned() })
}

/// Whether somebody wrote a message in person.
#[must_use]
pub fn is_by_hand(message: &Record) -> bool {
    !message.get("writer").is_null()
}

/// Puts the job on the queue that delivers a message, or moves it.
fn remind(work: &mut Work<'_>, message: &Record, at: Timestamp) -> Result<()> {
    let kind = if is_letter(message) { DELIVER } else { DELIVER_SHORT };
    work.enqueue(kind, Some(&job_key(message.id)), at, json!({"message": message.id}))
}

/// The key of the job that delivers the message `id`.
#[must_use]
pub fn job_key(id: Id) -> String {
    format!("{DELIVER}:{id}")
}
