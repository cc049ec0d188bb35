//! Putting a letter into the outbox.

use model::{Id, Record, Value};
use serde_json::json;
use store::{Draft, Error, Result, Work};

use super::list::of_cause;
use super::strangers::{self, Turn};
use super::{MESSAGES, NewLetter, remind};
use crate::consent::{MARKETING, Withheld, standing};
use crate::{Address, one_line};

/// Characters of an error that are kept at most.
const ERROR_LIMIT: usize = 2_000;

/// Writes a letter and the job that delivers it into the transaction of `work`. Where a letter was already written for
/// its cause, that one is given back and nothing is queued.
///
/// The caller has decided that the letter is to be sent: the actor's rights on messages are not asked. One whose template
/// advertises is kept as withheld where its address has not agreed to that.
///
/// # Errors
/// [`Error::Invalid`] where `from` or `to` is no address, or `about` is no record.
pub fn queue(work: &mut Work<'_>, letter: NewLetter) -> Result<Record> {
    work.as_process(|work| {
        let cause = letter.cause.clone();
        if let Some(first) = cause.as_deref().map(|cause| of_cause(work, cause)).transpose()?.flatten() {
            return Ok(first);
        }
        let (to, about) = (letter.to.email.clone(), letter.about.as_ref().map(|(_, id)| *id));
        let is_strangers = letter.is_strangers;
        let is_marketing = advertises(work, letter.template.as_deref());
        let draft = draft(work.new_id(), letter)?;
        let withheld = if is_marketing { standing(work, &to)?.withheld() } else { None };
        let draft = if is_marketing { draft.set("purpose", MARKETING) } else { draft };
        let turn = if is_strangers {
            strangers::turn_of_stranger(work, &to, about)?
        } else {
            strangers::turn(work, &to, about)?
        };
        let queued = work.attempt(|work| match withheld {
            Some(why) => keep_withheld(work, draft.clone(), why),
            None => queue_new(work, draft.clone(), turn),
        });
        match (queued, cause) {
            // Somebody else wrote it at the same moment and was first.
            (Err(Error::Conflict { code: "duplicate", message, errors }), Some(cause)) => {
                of_cause(work, &cause)?.ok_or(Error::Conflict { code: "duplicate", message, errors })
            }
            (result, _) => result,
        }
    })
}

/// Keeps a letter that could not be made: it says why, stands among the letters of its record, and is not sent.
///
/// # Errors
/// When the database fails.
pub fn keep_failed(work: &mut Work<'_>, letter: NewLetter, error: &str) -> Result<Record> {
    work.as_process(|work| {
        let cause = letter.cause.clone();
        if let Some(first) = cause.as_deref().map(|cause| of_cause(work, cause)).transpose()?.flatten() {
            return Ok(first);
        }
        let error: String = storable(error).chars().take(ERROR_LIMIT).collect();
        let id = work.new_id();
        let draft = written(id, letter).set("status", "failed").set("error", error);
        work.create(MESSAGES, draft)
    })
}

/// Whether letters of a template advertise.
fn advertises(work: &Work<'_>, template: Option<&str>) -> bool {
    let letter = template.and_then(|template| work.definitions().letter(template));
    letter.is_some_and(|letter| letter.marketing)
}

fn keep_withheld(work: &mut Work<'_>, draft: Draft, why: Withheld) -> Result<Record> {
    work.create(MESSAGES, draft.set("status", "withheld").set("error", why.words()))
}

pub(super) fn queue_new(work: &mut Work<'_>, draft: Draft, turn: Turn) -> Result<Record> {
    let at = match turn {
        Turn::Now => work.now(),
        Turn::Later(at) => at,
        Turn::Never => {
            let why =
                "not sent: strangers have caused too many letters within a day, to this address or about this record";
            return work.create(MESSAGES, draft.set("status", "failed").set("error", why));
        }
    };
    let record = work.create(MESSAGES, draft)?;
    remind(work, &record, at)?;
    work.count_letter();
    Ok(record)
}

pub(super) fn draft(unique: Id, letter: NewLetter) -> Result<Draft> {
    let (from, to) = (letter.from.checked("from")?, letter.to.checked("to")?);
    Ok(written(unique, NewLetter { from, to, ..letter }))
}

fn written(unique: Id, letter: NewLetter) -> Draft {
    let (from, to) = (letter.from, letter.to);
    let attachments = (!letter.attachments.is_empty()).then(|| json!(letter.attachments));
    let about = letter.about.map_or(Value::Null, |(module, id)| Value::Record { module, id });
    Draft::new()
        .set("channel", "email")
        .set("direction", "out")
        .set("status", "queued")
        .set("message_id", message_id(unique, &from))
        .set("from", from.email)
        .set("from_name", from.name)
        .set("to", to.email)
        .set("to_name", to.name)
        .set("subject", one_line(&letter.subject))
        .set("text", storable(&letter.text))
        .set("html", storable(&letter.html))
        .set("locale", letter.locale.tag())
        .set("about", about)
        .set("attachments", attachments)
        .set("template", letter.template)
        .set("cause", letter.cause)
        .set("attempts", 0_i64)
}

/// The Message-ID of RFC 5322, 3.6.4: unique by the id, in the sender's domain.
fn message_id(unique: Id, from: &Address) -> String {
    let domain = from.email.rsplit_once('@').map_or("localhost", |(_, domain)| domain);
    let plain = domain.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-'));
    format!("<{unique}@{}>", if plain { domain } else { "localhost" })
}

/// No database keeps U+0000 in a text.
pub(super) fn storable(text: &str) -> String {
    text.replace('\0', "")
}
