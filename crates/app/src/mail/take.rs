//! What a letter becomes, in one transaction with the note of it: a message that came in, a rejected request, or nothing that
//! is not there already.

use channels::mime::{Letter, Undelivered};
use channels::outbox;
use data_encoding::HEXLOWER;
use jiff::{SignedDuration, Timestamp};
use model::expr::Plan;
use model::identity::email;
use model::{Id, Record, Value};
use serde_json::{Map, json};
use sha2::{Digest as _, Sha256};
use store::{Draft, FieldError, LetterNote, LetterPlace, LetterState, Result, Work};

use crate::App;
use crate::attachments::Upload;
use crate::cases::{CASES, take_up};
use crate::queue::{MESSAGES, hand, turns};
use crate::rejected::{self, Intake, REJECTED};

/// Under what letters are taken in, whoever brings them.
const SOURCE: &str = "letter";
/// The longest Message-ID that stands for itself, in characters; of a longer one its digest does.
const LONGEST: usize = 190;
/// Letters before it by which it is looked up whose business a letter is.
const EARLIER: usize = 20;

/// A letter that was fetched and read.
pub(super) struct Arrived {
    pub(super) place: LetterPlace,
    /// Whose mailbox it is.
    pub(super) owner: Option<Id>,
    /// In bytes, as it came.
    pub(super) size: i64,
    pub(super) identity: String,
    pub(super) letter: Letter,
    /// What came along, kept already.
    pub(super) files: Vec<Upload>,
}

/// What makes two letters the same: the Message-ID, and where there is none all that is in it.
pub(super) fn identity(message_id: Option<&str>, raw: &[u8]) -> String {
    let digest = |bytes: &[u8]| format!("sha256:{}", HEXLOWER.encode(&Sha256::digest(bytes)));
    match message_id {
        Some(id) if id.chars().count() <= LONGEST => id.to_owned(),
        Some(id) => digest(id.as_bytes()),
        None => digest(raw),
    }
}

/// The record that a letter is already; holds its name until this work ends, and is asked before anything is written.
pub(super) fn known(work: &mut Work<'_>, identity: &str, message_id: Option<&str>) -> Result<Option<(String, Id)>> {
    if let Some(taken) = work.taken_in(SOURCE, identity)? {
        return Ok(Some(taken));
    }
    if let Some(id) = message_id
        && let Some(message) = called(work, id)?.into_iter().next()
    {
        return Ok(Some((MESSAGES.to_owned(), message.id)));
    }
    Ok(rejected::known(work, SOURCE, identity)?.map(|request| (REJECTED.to_owned(), request.id)))
}

/// The address of whoever wrote a letter, as addresses are stored; what is wrong with it where it is none.
pub(super) fn sender(letter: &Letter) -> std::result::Result<String, FieldError> {
    let Some(from) = &letter.from else {
        return Err(FieldError::new("email", "required", "the letter does not say who wrote it"));
    };
    let address = email::normalise(&from.email);
    address.map(String::from).map_err(|error| FieldError::new("email", "invalid_email", error.to_string()))
}

impl App {
    /// Takes a letter, or finds that it is there.
    pub(super) fn take_letter(&self, work: &mut Work<'_>, arrived: &Arrived) -> Result<()> {
        let letter = &arrived.letter;
        let message_id = letter.message_id.as_deref();
        let (state, reason, record) = match known(work, &arrived.identity, message_id)? {
            Some(known) => (LetterState::Merged, None, known),
            None => {
                if let Some(undelivered) = &letter.undelivered {
                    note_undelivered(work, undelivered)?;
                }
                match sender(letter) {
                    Ok(from) => (LetterState::Taken, None, self.make_message(work, arrived, from)?),
                    Err(fault) => {
                        (LetterState::Rejected, Some("bad_sender"), self.reject_letter(work, arrived, fault)?)
                    }
                }
            }
        };
        work.note_letter(&LetterNote {
            place: arrived.place,
            message_id,
            size: arrived.size,
            state,
            reason,
            answer: None,
            record: Some((record.0.as_str(), record.1)),
        })
    }

    /// The message that a letter becomes, about what the letter is about that it answers.
    fn make_message(&self, work: &mut Work<'_>, arrived: &Arrived, from: String) -> Result<(String, Id)> {
        let letter = &arrived.letter;
        let (about, before) = business(work, letter)?;
        let case = match &about {
            Some(about) if about.module.name == CASES => Some(work.hold_for_process(CASES, about.id)?),
            _ => None,
        };
        // What goes on is in the hands in which it was.
        let holder = match &before {
            Some(before) if about.is_none() => hand::of(work, before)?,
            _ => None,
        };
        let owner = about.as_ref().and_then(|about| about.owner).or(holder).or(arrived.owner);
        // What a machine answers is no answer: it is nobody's turn.
        let turn = turns::of_incoming(about.as_ref()).filter(|_| !letter.is_automatic);
        let now = work.now();
        let name = letter.from.as_ref().and_then(|from| from.name.clone());
        let to = letter.to.clone().unwrap_or_default();
        let draft = Draft::new()
            .set("channel", "email")
            .set("direction", "in")
            .set("status", "received")
            .set("from", from)
            .set("from_name", name)
            .set("to", Some(to.email).filter(|email| !email.is_empty()))
            .set("to_name", to.name)
            .set("subject", letter.subject.clone())
            .set("text", letter.text.clone())
            .set("html", letter.html.clone())
            .set("message_id", letter.message_id.as_deref().map(bracketed))
            .set("thread", thread(&letter.earlier))
            .set("conversation", before.as_ref().map(turns::conversation))
            .set("turn", turn)
            .set("sorted", holder.map(|_| "passed"))
            .set("sent_at", letter.written_at.and_then(|at| written(at, now)))
            .set("about", about.map(|about| Value::Record { module: about.module.name.clone(), id: about.id }))
            .owned_by(owner);
        let draft = draft.fitting(&*work.module(MESSAGES)?);
        let message = work.as_process(|work| work.create(MESSAGES, draft))?;
        work.keep_taken_in(SOURCE, &arrived.identity, (MESSAGES, message.id))?;
        if let Some(before) = before.filter(|_| !letter.is_automatic) {
            turns::goes_on(work, &before, message.id, None)?;
        }
        if let Some(case) = case.filter(|_| !letter.is_automatic) {
            take_up(work, &case)?;
        }
        self.enclose(work, MESSAGES, message.id, &arrived.files)?;
        Ok((MESSAGES.to_owned(), message.id))
    }

    /// The rejected request that a letter becomes which nobody could answer: a case once somebody says who wrote it.
    fn reject_letter(&self, work: &mut Work<'_>, arrived: &Arrived, fault: FieldError) -> Result<(String, Id)> {
        let letter = &arrived.letter;
        let from = letter.from.as_ref();
        let fields = Map::from_iter([
            ("subject".to_owned(), json!(letter.subject.as_deref().unwrap_or("—"))),
            ("body".to_owned(), json!(letter.text)),
            ("channel".to_owned(), json!("email")),
            ("direction".to_owned(), json!("in")),
            ("from_name".to_owned(), json!(from.and_then(|from| from.name.as_deref()))),
            ("email".to_owned(), json!(from.map(|from| from.email.as_str()))),
        ]);
        let intake = Intake {
            source: SOURCE.to_owned(),
            target: CASES.to_owned(),
            fields,
            external_id: Some(arrived.identity.clone()),
        };
        let request = rejected::keep(work, &intake, &[fault])?;
        self.enclose(work, REJECTED, request.id, &arrived.files)?;
        Ok((REJECTED.to_owned(), request.id))
    }

    fn enclose(&self, work: &mut Work<'_>, module: &str, id: Id, files: &[Upload]) -> Result<()> {
        if files.is_empty() {
            return Ok(());
        }
        work.as_process(|work| self.attach(work, module, id, files, None)).map(drop)
    }
}

/// The record that the letter is about which a letter answers, or which it says did not arrive; the nearest that is there. And
/// the message that it answers, the nearest too.
fn business(work: &mut Work<'_>, letter: &Letter) -> Result<(Option<Record>, Option<Record>)> {
    let undelivered = letter.undelivered.iter().map(|undelivered| (undelivered.message_id.as_str(), false));
    let earlier = letter.earlier.iter().map(|id| (id.as_str(), true));
    let mut before = None;
    for (id, is_answered) in undelivered.chain(earlier).take(EARLIER) {
        for message in called(work, id)? {
            let goes_on = is_answered && before.is_none() && message.deleted_at.is_none();
            if goes_on && work.expect_not_erased(&message).is_ok() {
                before = Some(message.clone());
            }
            let Value::Record { module, id } = message.get("about") else { continue };
            let Ok(module) = work.module(module) else { continue };
            let found = work.as_process(|work| work.several(&module, &[*id].into()))?;
            for record in found.into_iter().filter(|record| record.deleted_at.is_none()) {
                // Those who were erased take nothing any more: the letter waits in the queue.
                if work.expect_not_erased(&record).is_ok() {
                    return Ok((Some(record), before));
                }
            }
        }
    }
    Ok((None, before))
}

/// The messages with a Message-ID, which is without brackets here.
fn called(work: &mut Work<'_>, id: &str) -> Result<Vec<Record>> {
    let module = work.module(MESSAGES)?;
    let Ok(filter) = Plan::field(&module, "message_id").and_then(|field| field.eq(Value::Text(bracketed(id)))) else {
        return Ok(Vec::new());
    };
    work.as_process(|work| work.find(MESSAGES, filter))
}

/// Notes on a letter that was sent that it did not arrive, where it is known.
fn note_undelivered(work: &mut Work<'_>, undelivered: &Undelivered) -> Result<()> {
    let words = undelivered.address.iter().map(String::as_str).chain([undelivered.told.as_str()]);
    let words = words.filter(|words| !words.is_empty()).collect::<Vec<_>>().join(": ");
    let sent = called(work, &undelivered.message_id)?;
    for letter in sent.iter().filter(|letter| letter.text("direction") == Some("out")) {
        outbox::came_back(work, letter.id, &words)?;
    }
    Ok(())
}

/// The letters before one as References says them, the oldest first; nothing where there are none.
fn thread(earlier: &[String]) -> Option<String> {
    let all: Vec<String> = earlier.iter().rev().map(|id| bracketed(id)).collect();
    Some(all.join(" ")).filter(|thread| !thread.is_empty())
}

fn bracketed(id: &str) -> String {
    format!("<{id}>")
}

/// When a letter was written, where its writer says something that may be.
fn written(at: i64, now: Timestamp) -> Option<Timestamp> {
    let at = Timestamp::from_second(at).ok()?;
    let latest = now.checked_add(SignedDuration::from_hours(48)).unwrap_or(Timestamp::MAX);
    (Timestamp::UNIX_EPOCH..=latest).contains(&at).then_some(at)
}
