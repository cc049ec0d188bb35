//! SMS and words in a chat that people write about a record, or in answer to what came in: by which line they may go to whom.
//! What holds of letters holds of them: who may write, that they wait a moment, and that the same twice is one.

use channels::outbox::{self, NewShort};
use channels::short::Carrier;
use data_encoding::HEXLOWER;
use jiff::SignedDuration;
use model::expr::Plan;
use model::identity::phone;
use model::{Id, Record, Value};
use sha2::{Digest as _, Sha256};
use store::{Error, List, Result, Sort, Work};

use super::{LOOKED_AT, SAME, Subject, addressees, changeable, goes_at, own, sent_to};
use crate::App;
use crate::queue::{MESSAGES, hand, turns};
use crate::short::{Way, fitting, talk, ways};

/// Messages of chats that are looked through for those about a record, the newest ones.
const TALK: usize = 50;

/// Somebody who can be written to, by a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reach {
    /// The line.
    pub line: Id,
    /// What it is called.
    pub line_name: String,
    /// What carries it.
    pub carrier: Carrier,
    /// The number or name that it comes from.
    sender: Option<String>,
    /// A number, E.164, or a chat.
    pub to: String,
    /// Who that is.
    pub name: Option<String>,
}

/// What somebody wrote.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SaidShort {
    /// The line that it goes out through; the first that reaches somebody where nothing is said.
    pub line: Option<Id>,
    /// A number or chat on offer; the first where nothing is said.
    pub to: Option<String>,
    /// What it says.
    pub text: String,
}

impl App {
    /// Who can be written to about a subject, the likeliest first: whoever wrote the message that is answered, by the line that
    /// it came by; the numbers of the record and of those to whom it links; chats that were about it.
    ///
    /// # Errors
    /// When the database fails.
    pub fn reaches(&self, work: &mut Work<'_>, subject: &Subject) -> Result<Vec<Reach>> {
        let ways = ways(work)?;
        if ways.is_empty() {
            return Ok(Vec::new());
        }
        let mut all = Vec::new();
        let answered = subject.answered().and_then(|message| back(&ways, message));
        let came_by = answered.as_ref().map(|reach| reach.line);
        all.extend(answered);
        let region = work.settings().reading().region;
        let numbers = addressees::numbers(work, &subject.record, subject.about.as_ref())?;
        let mut sms: Vec<&Way> = ways.iter().filter(|way| way.carrier.channel() == "sms").collect();
        sms.sort_by_key(|way| Some(way.line.id) != came_by);
        for (name, number) in numbers {
            let Ok(number) = phone::normalise(&number, region) else { continue };
            all.extend(sms.iter().map(|way| reach(way, number.as_str(), name.clone())));
        }
        if let Some(about) = &subject.about {
            all.extend(chats(work, about)?.iter().filter_map(|message| back(&ways, message)));
        }
        let mut known = std::collections::BTreeSet::new();
        all.retain(|reach| known.insert((reach.line, reach.to.clone())));
        Ok(all)
    }

    /// Whether whoever works writes short messages from this record, and somebody can be reached.
    ///
    /// # Errors
    /// When the database fails.
    pub fn takes_shorts(&self, work: &mut Work<'_>, record: &Record) -> Result<bool> {
        if ways(work)?.is_empty() {
            return Ok(false);
        }
        match self.writes_about(work, &record.module.name, record.id) {
            Ok(subject) => Ok(!self.reaches(work, &subject)?.is_empty()),
            Err(Error::Db(error)) => Err(error.into()),
            Err(_) => Ok(false),
        }
    }

    /// Writes a short message and puts it into the outbox, where it waits a moment; the same within a minute is the first one.
    ///
    /// # Errors
    /// As [`App::writes_about`]; [`Error::Conflict`] `in_hand` where somebody else has what is answered; [`Error::Invalid`] by
    /// field: `no_such_number` for `to`, and for `text`.
    pub fn write_short(&self, work: &mut Work<'_>, (module, id): (&str, Id), said: &SaidShort) -> Result<Record> {
        let Some(writer) = work.actor().id() else {
            return Err(Error::forbidden("not_a_person", "messages are written by people"));
        };
        let subject = self.writes_about(work, module, id)?;
        let reaches = self.reaches(work, &subject)?;
        let is_meant = |reach: &Reach| {
            said.line.is_none_or(|line| line == reach.line) && said.to.as_ref().is_none_or(|to| *to == reach.to)
        };
        let Some(reach) = reaches.into_iter().find(is_meant) else {
            let message = "no line reaches this number or chat, or the record does not have it";
            return Err(Error::field("to", "no_such_number", message));
        };
        let text = fitting(reach.carrier, &said.text)?;
        let about = subject.about.as_ref().map(|about| (about.module.name.clone(), about.id));
        if let Some(first) = same(work, &reach.to, &text, about.as_ref().map(|about| about.1))? {
            return self.shown(work, first);
        }
        // An answer is in one hand too; what is written unasked goes on with the talk about the same.
        let held = match subject.answered() {
            Some(answered) => Some(work.hold_for_process(MESSAGES, answered.id)?),
            None => last_of(work, &reach, about.as_ref().map(|about| about.1))?,
        };
        if let Some(held) = &held {
            hand::expect_own(work, held)?;
        }
        // Two of one moment have one name; what stands a minute apart was looked for above.
        let print = format!("{about:?}\n{}\n{}\n{text}", reach.line, reach.to);
        let minute = work.now().as_second() / SAME;
        let cause = format!("written/{writer}/{minute}/{}", HEXLOWER.encode(&Sha256::digest(print.as_bytes())));
        let new = NewShort {
            channel: reach.carrier.channel(),
            line: (reach.line, reach.line_name),
            from: reach.sender,
            to: reach.to,
            to_name: reach.name,
            text,
            locale: subject.locale(work.settings().locale),
            owner: subject.about.as_ref().and_then(|about| about.owner).or(Some(writer)),
            about,
            cause: Some(cause),
            writer: Some(writer),
            conversation: held.as_ref().map(turns::conversation),
            turn: turns::of_written(subject.about.as_ref()),
            goes_at: Some(goes_at(work)),
            is_strangers: false,
        };
        let message = outbox::queue_short(work, new)?;
        if let Some(held) = &held {
            turns::goes_on(work, held, message.id, subject.answered().map(|_| writer))?;
        }
        self.shown(work, message)
    }

    /// A short message of one's own that has not gone yet.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Forbidden`] of somebody else's; [`Error::Conflict`] `letter_gone`, and `no_short` of a letter.
    pub fn unsent_short(&self, work: &mut Work<'_>, id: Id) -> Result<Record> {
        let message = own(work, id)?;
        if outbox::is_letter(&message) {
            return Err(Error::conflict("no_short", "this is a letter"));
        }
        if !outbox::is_unsent(&message) {
            return Err(Error::conflict("letter_gone", "the message has gone already, or is on its way"));
        }
        if let Value::Record { module, id } = message.get("about") {
            changeable(work, &module.clone(), *id)?;
        }
        Ok(message)
    }

    /// Says something else in a short message of one's own that has not gone yet.
    ///
    /// # Errors
    /// As [`App::unsent_short`]; [`Error::Invalid`] for `text`.
    pub fn reword_short(&self, work: &mut Work<'_>, id: Id, text: &str) -> Result<Record> {
        let message = self.unsent_short(work, id)?;
        hand::expect_own(work, &message)?;
        let carrier = if message.text("channel") == Some("chat") { Carrier::Telegram } else { Carrier::Smsc };
        let text = fitting(carrier, text)?;
        let at = goes_at(work);
        let message = outbox::reword(work, id, &text, at)?;
        turns::goes_again(work, &message)?;
        self.shown(work, message)
    }
}

/// The way back to whoever wrote a message, by the line that it came by.
fn back(ways: &[Way], message: &Record) -> Option<Reach> {
    let (line, from) = (message.text("line_id")?, message.text("from")?);
    let way = ways.iter().find(|way| way.line.id.to_string() == line)?;
    Some(reach(way, from, message.text("from_name").map(str::to_owned)))
}

fn reach(way: &Way, to: &str, name: Option<String>) -> Reach {
    let setup = &way.line.setup;
    Reach {
        line: way.line.id,
        line_name: setup.name.clone(),
        carrier: way.carrier,
        sender: setup.sender.clone(),
        to: to.to_owned(),
        name,
    }
}

/// What was written in chats about a record, as far as whoever works reads it, the newest first.
fn chats(work: &mut Work<'_>, about: &Record) -> Result<Vec<Record>> {
    let module = work.module(MESSAGES)?;
    let filter = Plan::field(&module, "about").and_then(|field| field.eq(Value::Id(about.id)));
    let filter = filter.and_then(|of| Ok(of.and(Plan::field(&module, "channel")?.eq("chat")?)));
    let filter = filter.and_then(|of| Ok(of.and(Plan::field(&module, "direction")?.eq("in")?)));
    let filter = filter.map_err(|error| Error::bad_query("invalid_filter", error.to_string()))?;
    let sort = vec![Sort { field: "id".to_owned(), descending: true }];
    let list = List { filter: Some(filter), sort, limit: TALK, ..List::default() };
    match work.list(MESSAGES, &list) {
        Ok(page) => Ok(page.records),
        Err(Error::Db(error)) => Err(error.into()),
        // Whoever does not see what it takes to find them writes by number.
        Err(_) => Ok(Vec::new()),
    }
}

/// The last message that was exchanged with somebody about a record, held until `work` ends.
fn last_of(work: &mut Work<'_>, reach: &Reach, about: Option<Id>) -> Result<Option<Record>> {
    let exchanged = work.as_process(|work| talk(work, reach.line, &reach.to))?;
    let is_meant = |message: &Record| matches!(message.get("about"), Value::Record { id, .. } if Some(*id) == about);
    let last = exchanged.into_iter().find(is_meant);
    last.map(|last| work.hold_for_process(MESSAGES, last.id)).transpose()
}

/// The same message of the same writer, written a moment ago.
fn same(work: &mut Work<'_>, to: &str, text: &str, about: Option<Id>) -> Result<Option<Record>> {
    let (now, me) = (work.now(), work.actor().id());
    let is_same = |message: &Record| {
        let is_about = match message.get("about") {
            Value::Record { id, .. } => Some(*id) == about,
            _ => about.is_none(),
        };
        is_about
            && !outbox::is_letter(message)
            && message.get("writer").as_id() == me
            && message.text("text") == Some(text)
            && message.created_at.saturating_add(SignedDuration::from_secs(SAME)).is_ok_and(|until| until > now)
    };
    let status = ["queued", "sending", "sent", "delivered"];
    Ok(sent_to(work, to, &status, LOOKED_AT)?.into_iter().find(is_same))
}
