//! Short messages in the outbox. They take the road of letters, and go on from there: their carrier tells whether they arrived.
//!
//! ```text
//! queued ──► sending ──► sent ──report──► delivered
//!                          └─────report──► failed
//! ```
//!
//! Reports come in any order, late and twice; one may even be there before it is noted that the message was taken.

use jiff::Timestamp;
use model::{Id, Locale, Record, Value};
use serde_json::{Map, Value as Json, json};
use store::{Draft, Error, Result, Work};

use super::delivery::{attempts, begin, change, held};
use super::list::of_cause;
use super::queue::{queue_new, storable};
use super::strangers::{self, Turn};
use super::written::unsent;
use super::{job_key, remind, waits};
use crate::one_line;
use crate::short::{Fate, Report};

/// Characters of a message that stand in its title.
const TITLE: usize = 80;
/// Characters of an error that are kept at most.
const ERROR: usize = 2_000;
/// Reports of a message that are kept as they came, and how long one may be, in characters.
const REPORTS: usize = 12;
const REPORT: usize = 4_000;

/// A short message that is to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewShort {
    /// `sms` or `chat`.
    pub channel: &'static str,
    /// The line that it goes out through, with its name.
    pub line: (Id, String),
    /// The number or name that it comes from.
    pub from: Option<String>,
    /// A number, E.164, or a chat; the caller has checked it.
    pub to: String,
    /// Who that is.
    pub to_name: Option<String>,
    /// What it says; the caller has checked how long it is.
    pub text: String,
    /// Its language.
    pub locale: Locale,
    /// Module and id of the record it is about.
    pub about: Option<(String, Id)>,
    /// What it is sent for: the same cause sends one, however often it is repeated.
    pub cause: Option<String>,
    /// Who wrote it in person.
    pub writer: Option<Id>,
    /// Whose it is among the messages.
    pub owner: Option<Id>,
    /// The conversation that it goes on with, by the id of the message that this began with.
    pub conversation: Option<String>,
    /// Whose turn it is from then on: `theirs`, or nothing where somebody else knows.
    pub turn: Option<&'static str>,
    /// When it goes; at once where nothing is said.
    pub goes_at: Option<Timestamp>,
    /// Whether a stranger caused it and gave the number, though the program works now.
    pub is_strangers: bool,
}

/// A short message in the hands of a sender.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimedShort {
    /// The record.
    pub id: Id,
    /// The line that it goes out through; nothing where it names none.
    pub line: Option<Id>,
    /// A number, E.164, or a chat.
    pub to: String,
    /// What it says.
    pub text: String,
    /// Which attempt this is, from 1.
    pub attempt: i64,
}

impl ClaimedShort {
    /// When to try again if this attempt, which ends `now`, met a temporary error; nothing after the last one.
    #[must_use]
    pub fn retry_at(&self, now: Timestamp) -> Option<Timestamp> {
        waits::after(self.attempt, now)
    }
}

/// Writes a short message and the job that delivers it into the transaction of `work`. Where one was already written for its
/// cause, that one is given back and nothing is queued.
///
/// The caller has decided that it is to be sent: the actor's rights on messages are not asked.
///
/// # Errors
/// When the database fails; [`Error::Invalid`] where `about` is no record.
pub fn queue_short(work: &mut Work<'_>, new: NewShort) -> Result<Record> {
    work.as_process(|work| {
        let cause = new.cause.clone();
        if let Some(first) = cause.as_deref().map(|cause| of_cause(work, cause)).transpose()?.flatten() {
            return Ok(first);
        }
        let about = new.about.as_ref().map(|(_, id)| *id);
        let turn = match new.goes_at {
            Some(at) => Turn::Later(at),
            None if new.is_strangers => strangers::turn_of_stranger(work, &new.to, about)?,
            None => strangers::turn(work, &new.to, about)?,
        };
        let draft = draft(new);
        match (work.attempt(|work| queue_new(work, draft.clone(), turn)), cause) {
            // Somebody else wrote it at the same moment and was first.
            (Err(Error::Conflict { code: "duplicate", message, errors }), Some(cause)) => {
                of_cause(work, &cause)?.ok_or(Error::Conflict { code: "duplicate", message, errors })
            }
            (result, _) => result,
        }
    })
}

fn draft(new: NewShort) -> Draft {
    let about = new.about.map_or(Value::Null, |(module, id)| Value::Record { module, id });
    let (line, called) = new.line;
    let draft = Draft::new()
        .set("channel", new.channel)
        .set("direction", "out")
        .set("status", "queued")
        .set("line", called)
        .set("line_id", line.to_string())
        .set("from", new.from)
        .set("to", new.to)
        .set("to_name", new.to_name)
        .set("subject", title(&new.text))
        .set("text", storable(&new.text))
        .set("locale", new.locale.tag())
        .set("about", about)
        .set("cause", new.cause)
        .set("writer", new.writer.map(Value::Id))
        .set("conversation", new.conversation)
        .set("turn", new.turn)
        .set("attempts", 0_i64);
    if new.owner.is_some() { draft.owned_by(new.owner) } else { draft }
}

/// What stands for a message that has no subject: how it begins.
#[must_use]
pub fn title(text: &str) -> Option<String> {
    let line = one_line(&storable(text));
    let begins: String = line.chars().take(TITLE).collect();
    let title = if begins.len() < line.len() { format!("{begins}…") } else { begins };
    Some(title).filter(|title| !title.is_empty())
}

/// Takes the short message `id` in order to send it, as [`claim`](super::claim) takes a letter.
///
/// # Errors
/// When the database fails; so for the others.
pub fn claim_short(work: &mut Work<'_>, id: Id) -> Result<Option<ClaimedShort>> {
    let Some(begun) = begin(work, id)? else { return Ok(None) };
    let record = begun.message;
    let text = |field| record.text(field).unwrap_or_default().to_owned();
    Ok(Some(ClaimedShort {
        id,
        line: record.text("line_id").and_then(|line| line.parse().ok()),
        to: text("to"),
        text: text("text"),
        attempt: attempts(&record),
    }))
}

/// Notes that the carrier has taken it, and what it calls it; false where the message is gone.
///
/// # Errors
/// As [`claim_short`].
pub fn taken(work: &mut Work<'_>, id: Id, known_as: Option<&str>) -> Result<bool> {
    work.dequeue(&job_key(id))?;
    let Some(record) = held(work, id)? else { return Ok(false) };
    let mut draft = Draft::new().set("message_id", known_as.map(str::to_owned));
    // What was told of it meanwhile is later than that.
    let is_told = !record.get("raw").is_null();
    let goes_on = match record.text("status") {
        Some("queued" | "sending") => true,
        Some("failed") => !is_told,
        _ => false,
    };
    if goes_on {
        let now = work.now();
        draft = draft.set("status", "sent").set("sent_at", now).set("error", Value::Null);
    }
    change(work, id, draft).map(|_| true)
}

/// Notes what became of a message that was sent. What arrived stays so; what is told twice changes nothing.
///
/// # Errors
/// As [`claim_short`].
pub fn report(work: &mut Work<'_>, id: Id, report: &Report) -> Result<bool> {
    let Some(record) = held(work, id)? else { return Ok(false) };
    let is_ours = record.text("direction") == Some("out") && !super::is_letter(&record) && attempts(&record) > 0;
    if !is_ours {
        return Ok(false);
    }
    // By another name it tells of what the message said before, or of an attempt before.
    let is_of_another =
        matches!((&report.known_as, record.text("message_id")), (Some(said), Some(known)) if said != known);
    let (now, mut draft) = (work.now(), Draft::new());
    if let Some(raw) = with_raw(&record, report) {
        draft = draft.set("raw", raw);
    }
    match (&report.fate, record.text("status")) {
        _ if is_of_another => {}
        (Fate::Delivered, Some("queued" | "sending" | "sent" | "failed")) => {
            draft = draft.set("status", "delivered").set("delivered_at", now).set("error", Value::Null);
            if record.get("sent_at").is_null() {
                draft = draft.set("sent_at", now);
            }
            work.dequeue(&job_key(id))?;
        }
        // One that waits to be tried again is told of an attempt before.
        (Fate::Failed(words), Some("sending" | "sent")) => {
            let words: String = words.chars().filter(|letter| !letter.is_control()).take(ERROR).collect();
            draft = draft.set("status", "failed").set("error", words);
            work.dequeue(&job_key(id))?;
        }
        _ => {}
    }
    if draft.values.is_empty() {
        return Ok(false);
    }
    change(work, id, draft).map(|_| true)
}

/// All that was told of a message, with this as it came first; nothing where that is there.
fn with_raw(record: &Record, report: &Report) -> Option<Json> {
    let mut all = match record.get("raw") {
        Value::Json(Json::Object(all)) => all.clone(),
        _ => Map::new(),
    };
    let what: String = report.what.chars().take(200).collect();
    if all.contains_key(&what) || all.len() >= REPORTS {
        return None;
    }
    all.insert(what, kept(&report.raw));
    Some(Json::Object(all))
}

/// What came, as it is kept: of what is longer the beginning.
#[must_use]
pub fn kept(raw: &Json) -> Json {
    let text = raw.to_string();
    let is_long = text.chars().count() > REPORT;
    if is_long { json!(text.chars().take(REPORT).collect::<String>()) } else { raw.clone() }
}

/// Says something else in a short message of a person that has not gone yet; it waits anew.
///
/// # Errors
/// [`Error::Conflict`] `letter_gone`.
pub fn reword(work: &mut Work<'_>, id: Id, text: &str, goes_at: Timestamp) -> Result<Record> {
    unsent(work, id)?;
    let draft = Draft::new()
        .set("subject", title(text))
        .set("text", storable(text))
        .set("status", "queued")
        .set("error", Value::Null)
        .set("cause", Value::Null)
        // What was told of it before is of another message.
        .set("raw", Value::Null)
        .set("message_id", Value::Null)
        .set("attempts", 0_i64);
    let message = change(work, id, draft)?;
    remind(work, &message, goes_at)?;
    Ok(message)
}
