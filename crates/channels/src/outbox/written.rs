//! Letters that somebody wrote in person: they wait a moment before they go, and until then whoever wrote them says
//! something else or takes them back.

use jiff::Timestamp;
use model::{Id, Record, Value};
use store::{Draft, Error, Result, Work};

use super::delivery::{change, held};
use super::list::of_cause;
use super::queue::{draft, queue_new, storable};
use super::strangers::Turn;
use super::{MESSAGES, NewLetter, is_by_hand, job_key, remind};
use crate::{Address, one_line};

/// What a letter has that somebody wrote, beside what every letter has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ByHand {
    /// Who wrote it.
    pub writer: Id,
    /// Whose it is among the messages.
    pub owner: Option<Id>,
    /// Who gets it too: bare addresses, as they are stored.
    pub cc: Vec<String>,
    /// The Message-ID of the letter that it answers.
    pub answers: Option<String>,
    /// The Message-IDs of the letters before it, the oldest first, parted by blanks.
    pub thread: Option<String>,
    /// The conversation that it goes on with, by the id of the message that this began with.
    pub conversation: Option<String>,
    /// Whose turn it is from then on: `theirs`, or nothing where somebody else knows.
    pub turn: Option<&'static str>,
    /// The mailbox that the letter came by which it answers, its id and what it is called: who sees that one sees this.
    pub mailbox: Option<(String, String)>,
    /// When it goes.
    pub goes_at: Timestamp,
}

/// What a letter says from now on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rewritten {
    /// Who gets it.
    pub to: Address,
    /// Who gets it too.
    pub cc: Vec<String>,
    /// Subject.
    pub subject: String,
    /// What somebody typed, formatted as [`body`](crate::letters::body) says it.
    pub text: String,
    /// HTML.
    pub html: String,
    /// When it goes.
    pub goes_at: Timestamp,
}

/// Writes a letter of a person and the job that delivers it into the transaction of `work`; the one that is there already
/// for its cause. The caller has judged whether the actor may.
///
/// # Errors
/// As [`queue`](super::queue).
pub fn write(work: &mut Work<'_>, letter: NewLetter, hand: &ByHand) -> Result<Record> {
    work.as_process(|work| {
        let cause = letter.cause.clone();
        if let Some(first) = cause.as_deref().map(|cause| of_cause(work, cause)).transpose()?.flatten() {
            return Ok(first);
        }
        let draft = draft(work.new_id(), letter)?
            .set("writer", hand.writer)
            .set("cc", joined(&hand.cc))
            .set("answers", hand.answers.clone())
            .set("thread", hand.thread.clone())
            .set("conversation", hand.conversation.clone())
            .set("turn", hand.turn)
            .set("mailbox", hand.mailbox.as_ref().map(|(_, name)| name.clone()).filter(|name| !name.is_empty()))
            .set("mailbox_id", hand.mailbox.as_ref().map(|(id, _)| id.clone()))
            .owned_by(hand.owner);
        // Packs of before know of no turns and no mailboxes.
        let draft = draft.fitting(&*work.module(MESSAGES)?);
        match (work.attempt(|work| queue_new(work, draft.clone(), Turn::Later(hand.goes_at))), cause) {
            // The same was sent twice at one moment.
            (Err(Error::Conflict { code: "duplicate", message, errors }), Some(cause)) => {
                of_cause(work, &cause)?.ok_or(Error::Conflict { code: "duplicate", message, errors })
            }
            (result, _) => result,
        }
    })
}

/// Whether a letter that somebody wrote has not gone yet: it waits, failed, or was taken back.
#[must_use]
pub fn is_unsent(letter: &Record) -> bool {
    is_by_hand(letter) && matches!(letter.text("status"), Some("draft" | "queued" | "failed"))
}

/// Says something else in a letter that has not gone yet; it waits anew.
///
/// # Errors
/// [`Error::Conflict`] `letter_gone`; [`Error::Invalid`] where `to` is no address.
pub fn rewrite(work: &mut Work<'_>, id: Id, said: Rewritten) -> Result<Record> {
    unsent(work, id)?;
    let to = said.to.checked("to")?;
    let draft = Draft::new()
        .set("to", to.email)
        .set("to_name", to.name)
        .set("cc", joined(&said.cc))
        .set("subject", one_line(&said.subject))
        .set("text", storable(&said.text))
        .set("html", storable(&said.html))
        .set("status", "queued")
        .set("error", Value::Null)
        .set("cause", Value::Null)
        .set("attempts", 0_i64);
    let letter = change(work, id, draft)?;
    remind(work, &letter, said.goes_at)?;
    Ok(letter)
}

/// Takes a letter back that has not gone yet: it becomes a draft. A draft goes to the bin.
///
/// # Errors
/// [`Error::Conflict`] `letter_gone`.
pub fn take_back(work: &mut Work<'_>, id: Id) -> Result<Record> {
    let letter = unsent(work, id)?;
    work.dequeue(&job_key(id))?;
    if letter.text("status") == Some("draft") {
        return work.as_process(|work| work.delete(MESSAGES, id, None));
    }
    change(work, id, Draft::new().set("status", "draft").set("error", Value::Null).set("cause", Value::Null))
}

/// The letter, held until `work` ends: nobody begins to send it meanwhile.
pub(super) fn unsent(work: &mut Work<'_>, id: Id) -> Result<Record> {
    let letter = held(work, id)?.ok_or_else(|| Error::not_found(MESSAGES, id))?;
    if is_unsent(&letter) {
        return Ok(letter);
    }
    Err(Error::conflict("letter_gone", "the letter has gone already, or is on its way"))
}

fn joined(addresses: &[String]) -> Option<String> {
    Some(addresses.join(", ")).filter(|all| !all.is_empty())
}
