//! What a letter becomes, in one transaction with the note of it: a message that came in, a rejected request, or nothing that
//! is not there already.

use channels::mime::{Letter, Undelivered};
use channels::outbox;
use data_encoding::HEXLOWER;
use jiff::{SignedDuration, Timestamp};
use model::expr::Plan;
use model::identity::email;
use model::site_letter::SiteLetter;
use model::{Id, Record, Value};
use serde_json::{Map, json};
use sha2::{Digest as _, Sha256};
use store::{Draft, FieldError, LetterNote, LetterPlace, LetterState, Result, Work};

use crate::App;
use crate::attachments::Upload;
use crate::cases::{CASES, take_up};
use crate::erased::is_of_erased;
use crate::queue::{MESSAGES, hand, turns};
use crate::rejected::{self, Intake, REJECTED};
use crate::site_letters::{Standing, as_kept, goes_along, refused, text_of};

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
    /// What the mailbox is called.
    pub(super) mailbox: String,
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
    /// Takes a letter, or finds that it is there. What letters of a site ask for is made, as whoever works: the site.
    pub(super) fn take_letter(&self, work: &mut Work<'_>, arrived: &Arrived, standing: &Standing) -> Result<()> {
        let letter = &arrived.letter;
        let message_id = letter.message_id.as_deref();
        let (state, reason, record) = match known(work, &arrived.identity, message_id)? {
            Some(known) => (LetterState::Merged, None, known),
            None => {
                if let Some(undelivered) = &letter.undelivered {
                    note_undelivered(work, undelivered)?;
                }
                // What answers a letter of ours is a letter, though it repeats what the site wrote.
                let standing = match standing {
                    Standing::Known(_) if answers_us(work, letter)? => &Standing::None,
                    standing => standing,
                };
                match (sender(letter), standing) {
                    (Ok(from), Standing::Known(site)) => self.take_of_site(work, arrived, from, site)?,
                    (Ok(from), standing) => {
                        // It waits in the inbox as any other letter, and whoever looks for it reads why.
                        let reason = matches!(standing, Standing::Unproven).then_some("site_letter_unproven");
                        let message = work.as_process(|work| self.make_message(work, arrived, from))?;
                        (LetterState::Taken, reason, message)
                    }
                    (Err(fault), _) => {
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
        let draft = incoming(arrived, from, work.now())
            .set("conversation", before.as_ref().map(turns::conversation))
            .set("turn", turn)
            .set("sorted", holder.map(|_| "passed"))
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

    /// What a letter of a site asks for: an order, a lead, a case, or a rejected request with the reasons; the letter stands in
    /// the history of either.
    fn take_of_site(
        &self,
        work: &mut Work<'_>,
        arrived: &Arrived,
        from: String,
        site: &SiteLetter,
    ) -> Result<(LetterState, Option<&'static str>, (String, Id))> {
        let letter = &arrived.letter;
        let text = text_of(site, letter);
        let (state, reason, made) = match work.attempt(|work| self.make_of_site(work, site, &text)) {
            Ok(made) => (LetterState::Taken, None, made),
            Err(error) => {
                let faults = refused(error)?;
                let intake = Intake {
                    source: SOURCE.to_owned(),
                    target: site.module.clone(),
                    fields: as_kept(&site.name, letter.subject.as_deref(), &text),
                    external_id: Some(arrived.identity.clone()),
                    mailbox: Some((arrived.place.mailbox, arrived.mailbox.clone())),
                };
                (LetterState::Rejected, Some("site_letter_refused"), rejected::keep(work, &intake, &faults)?)
            }
        };
        let owner = made.owner.or(arrived.owner);
        // A machine wrote: it is nobody's turn.
        let draft =
            goes_along(incoming(arrived, from, work.now()), (made.module.name.as_str(), made.id)).owned_by(owner);
        let draft = draft.fitting(&*work.module(MESSAGES)?);
        let message = work.as_process(|work| work.create(MESSAGES, draft))?;
        work.keep_taken_in(SOURCE, &arrived.identity, (MESSAGES, message.id))?;
        self.enclose(work, MESSAGES, message.id, &arrived.files)?;
        // What was made is found from the letter; of a rejected one the reasons are looked for.
        let noted = if state == LetterState::Taken { (MESSAGES, message.id) } else { (REJECTED, made.id) };
        Ok((state, reason, (noted.0.to_owned(), noted.1)))
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
            mailbox: Some((arrived.place.mailbox, arrived.mailbox.clone())),
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

/// The message that a letter is, before it is said what it is about.
fn incoming(arrived: &Arrived, from: String, now: Timestamp) -> Draft {
    let letter = &arrived.letter;
    let name = letter.from.as_ref().and_then(|from| from.name.clone());
    let to = letter.to.clone().unwrap_or_default();
    Draft::new()
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
        .set("mailbox", arrived.mailbox.clone())
        .set("mailbox_id", arrived.place.mailbox.to_string())
        .set("message_id", letter.message_id.as_deref().map(bracketed))
        .set("thread", thread(&letter.earlier))
        .set("sent_at", letter.written_at.and_then(|at| written(at, now)))
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
            if goes_on && !is_of_erased(work, &message) {
                before = Some(message.clone());
            }
            let Value::Record { module, id } = message.get("about") else { continue };
            let Ok(module) = work.module(module) else { continue };
            let found = work.as_process(|work| work.several(&module, &[*id].into()))?;
            for record in found.into_iter().filter(|record| record.deleted_at.is_none()) {
                // Those who were erased take nothing any more: the letter waits in the inbox.
                if work.expect_not_erased(&record).is_ok() {
                    return Ok((Some(record), before));
                }
            }
        }
    }
    Ok((None, before))
}

/// Whether a letter answers one that was sent from here.
fn answers_us(work: &mut Work<'_>, letter: &Letter) -> Result<bool> {
    for id in letter.earlier.iter().take(EARLIER) {
        if called(work, id)?.iter().any(|message| message.text("direction") == Some("out")) {
            return Ok(true);
        }
    }
    Ok(false)
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
