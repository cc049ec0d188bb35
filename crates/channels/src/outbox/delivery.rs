//! A letter on its way: taken by one sender, then sent, failed, or left by a sender that died.
//!
//! Every step looks after the letter's job itself: whoever runs the job calls [`claim`] in the transaction that takes
//! the job off the queue, sends without one, and calls [`sent`] or [`failed`] in another.

use jiff::{SignedDuration, Timestamp};
use model::{Id, Locale, Record, Value};
use store::{Draft, Error, Result, Work};

use super::waits::ATTEMPTS;
use super::{MESSAGES, Outgoing, attachments, is_by_hand, is_letter, job_key, plain_text, remind};
use crate::Address;
use crate::consent::{MARKETING, Standing, standing};

/// How long a sender has. A letter that is still being sent after this was left by a sender that died.
pub const CLAIM: SignedDuration = SignedDuration::from_mins(10);

/// What is told of a short message that was left by a sender that died.
const UNKNOWN: &str = "interrupted while it was handed over: nobody knows whether it went";

/// The longest answer of a server that is kept, in characters.
const ERROR_LIMIT: usize = 2_000;

/// Takes the letter `id` in order to send it; nothing where there is nothing to send (any more) or somebody else is
/// sending it. In a sandbox the letter counts as sent at once and is never given out: nothing leaves the machine.
///
/// # Errors
/// When the database fails; so for the others. A letter that was deleted meanwhile is none.
pub fn claim(work: &mut Work<'_>, id: Id) -> Result<Option<Outgoing>> {
    let begun = begin(work, id)?;
    Ok(begun.map(|begun| Outgoing { consent: begun.consent, ..outgoing(&begun.message) }))
}

/// A message in the hands of whoever sends it.
pub(super) struct Begun {
    pub(super) message: Record,
    /// The secret of the link by which the reader of one that advertises takes the consent back.
    consent: Option<String>,
}

/// The same of any message.
pub(super) fn begin(work: &mut Work<'_>, id: Id) -> Result<Option<Begun>> {
    let Some(record) = held(work, id)? else { return Ok(None) };
    let (now, left_at) = (work.now(), record.updated_at.saturating_add(CLAIM).unwrap_or(Timestamp::MAX));
    match record.text("status") {
        Some("queued") => {}
        Some("sending") if left_at > now => {
            remind(work, &record, left_at)?;
            return Ok(None);
        }
        Some("sending") if !is_letter(&record) || attempts(&record) >= ATTEMPTS => {
            // A carrier may have taken it, and knows no second message for the first: its report says so.
            let why = if is_letter(&record) { "every attempt to send it was interrupted" } else { UNKNOWN };
            change(work, id, Draft::new().set("status", "failed").set("error", why))?;
            return Ok(None);
        }
        Some("sending") => {}
        _ => return Ok(None),
    }
    let consent = match agreed(work, &record)? {
        None => None,
        Some(Standing::Agreed(secret)) => Some(secret),
        // Whoever took their consent back while it waited gets it no more.
        Some(standing) => {
            work.dequeue(&job_key(id))?;
            let why = standing.withheld().map(|why| why.words().to_owned());
            change(work, id, Draft::new().set("status", "withheld").set("error", why))?;
            return Ok(None);
        }
    };
    if work.settings().sandbox {
        sent(work, id)?;
        return Ok(None);
    }
    let attempt = attempts(&record) + 1;
    let record = change(work, id, Draft::new().set("status", "sending").set("attempts", attempt))?;
    remind(work, &record, now.saturating_add(CLAIM).unwrap_or(Timestamp::MAX))?;
    Ok(Some(Begun { message: record, consent }))
}

/// How the reader of a letter that advertises stands to that; nothing of any other letter.
fn agreed(work: &mut Work<'_>, letter: &Record) -> Result<Option<Standing>> {
    if letter.text("purpose") != Some(MARKETING) {
        return Ok(None);
    }
    standing(work, letter.text("to").unwrap_or_default()).map(Some)
}

/// Notes that a server has taken the letter; false where that was known. It holds whatever was noted meanwhile: what
/// was sent was sent.
///
/// # Errors
/// As [`claim`].
pub fn sent(work: &mut Work<'_>, id: Id) -> Result<bool> {
    work.dequeue(&job_key(id))?;
    let Some(record) = held(work, id)? else { return Ok(false) };
    if !matches!(record.text("status"), Some("queued" | "sending" | "failed")) {
        return Ok(false);
    }
    let now = work.now();
    change(work, id, Draft::new().set("status", "sent").set("sent_at", now).set("error", Value::Null))?;
    Ok(true)
}

/// Notes that the attempt failed, in the server's words: for good, or to be tried again at `retry_at`
/// ([`Outgoing::retry_at`]). False where the letter is no longer in the hands of that attempt.
///
/// # Errors
/// As [`claim`].
pub fn failed(work: &mut Work<'_>, id: Id, attempt: i64, error: &str, retry_at: Option<Timestamp>) -> Result<bool> {
    let Some(record) = held(work, id)? else { return Ok(false) };
    if record.text("status") != Some("sending") || attempts(&record) != attempt {
        return Ok(false);
    }
    let error: String =
        error.chars().filter(|character| !character.is_control() || *character == '\n').take(ERROR_LIMIT).collect();
    let status = if retry_at.is_some() { "queued" } else { "failed" };
    change(work, id, Draft::new().set("status", status).set("error", error))?;
    match retry_at {
        Some(at) => remind(work, &record, at)?,
        None => work.dequeue(&job_key(id))?,
    }
    Ok(true)
}

/// Notes that a letter that was sent came back, in the words of the server that did not take it; false where it was not sent.
///
/// # Errors
/// As [`claim`].
pub fn came_back(work: &mut Work<'_>, id: Id, words: &str) -> Result<bool> {
    let Some(record) = held(work, id)? else { return Ok(false) };
    if record.text("status") != Some("sent") {
        return Ok(false);
    }
    let words: String = words.chars().filter(|letter| !letter.is_control()).take(ERROR_LIMIT).collect();
    change(work, id, Draft::new().set("status", "bounced").set("error", words))?;
    Ok(true)
}

/// Notes that a letter that has not gone yet does not go.
///
/// # Errors
/// As [`claim`].
pub fn withdraw(work: &mut Work<'_>, id: Id, why: &str) -> Result<()> {
    work.dequeue(&job_key(id))?;
    change(work, id, Draft::new().set("status", "failed").set("error", why)).map(drop)
}

/// The letter, held until `work` ends; nothing where it was deleted.
pub(super) fn held(work: &mut Work<'_>, id: Id) -> Result<Option<Record>> {
    match work.hold_for_process(MESSAGES, id) {
        Ok(record) => Ok(Some(record).filter(|record| record.deleted_at.is_none())),
        Err(Error::NotFound { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

pub(super) fn change(work: &mut Work<'_>, id: Id, draft: Draft) -> Result<Record> {
    work.as_process(|work| work.update(MESSAGES, id, draft, None))
}

pub(super) fn attempts(record: &Record) -> i64 {
    record.get("attempts").as_int().unwrap_or(0)
}

fn outgoing(record: &Record) -> Outgoing {
    let text = |field| record.text(field).unwrap_or_default().to_owned();
    let address = |name, email| Address { name: record.text(name).map(str::to_owned), email: text(email) };
    Outgoing {
        id: record.id,
        message_id: text("message_id"),
        date: record.created_at,
        attempt: attempts(record),
        from: address("from_name", "from"),
        to: address("to_name", "to"),
        cc: text("cc").split(',').map(str::trim).filter(|email| !email.is_empty()).map(str::to_owned).collect(),
        answers: record.text("answers").map(str::to_owned),
        thread: record.text("thread").map(str::to_owned),
        is_by_hand: is_by_hand(record),
        subject: text("subject"),
        text: plain_text(record).unwrap_or_default(),
        html: text("html"),
        locale: record.text("locale").and_then(Locale::parse).unwrap_or_default(),
        attachments: attachments(record),
        consent: None,
        unsubscribe: None,
    }
}
