//! Letters that people write about a record, or in answer to one that came in (requirement B1): to whom they may go, from
//! which template they begin, what goes along, and how they are changed or taken back before they leave.

mod addressees;
mod files;
mod short;
mod template;

use channels::Address;
use channels::letters::{SUBJECT_LIMIT, TEXT_LIMIT, from_marked};
use channels::outbox::{self, ByHand, NewLetter, Rewritten};
use data_encoding::HEXLOWER;
use jiff::{SignedDuration, Timestamp};
use model::expr::Plan;
use model::identity::email;
use model::{Id, Locale, Record, Value};
use sha2::{Digest as _, Sha256};
use store::{Error, FieldError, List, Result, Work, seen_whole};

use crate::App;
use crate::attachments::Upload;
use crate::queue::{MESSAGES, hand, turns};

pub use addressees::Addressee;
pub use short::{Reach, SaidShort};

/// Modules whose records are parts of others: nobody writes about those.
const PARTS: [&str; 4] = ["comments", "files", "activities", "rejected_requests"];
/// Seconds that a letter waits where the organisation says nothing.
const WAIT: i64 = 10;
/// Within so many seconds the same letter is one.
const SAME: i64 = 60;
/// Letters to an address that are looked through for the same one.
const LOOKED_AT: usize = 20;
/// Letters that are told of which wait to go to the same people.
const WAITING: usize = 5;
/// Addresses that get a copy.
pub const COPIES: usize = 20;
/// Characters of a thread that are passed on.
const THREAD: usize = 4_000;

/// What somebody wrote.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Said {
    /// Who gets it: one of the addresses on offer; the first of them where nothing is said.
    pub to: Option<String>,
    /// Who gets a copy.
    pub cc: Vec<String>,
    /// Subject.
    pub subject: String,
    /// Text, formatted as [`channels::letters::body`] says it; kept as it was typed.
    pub text: String,
    /// The template that it began from.
    pub template: Option<String>,
    /// Files of the record that go along.
    pub files: Vec<Id>,
    /// Whether it goes also where the last letter to the address came back.
    pub anyway: bool,
}

/// What a letter is written about, judged for whoever works.
#[derive(Clone, Debug)]
pub struct Subject {
    /// The record from which it is written.
    pub record: Record,
    /// The record that it is about; nothing where a letter is answered that is no business of anything yet.
    pub about: Option<Record>,
    /// To whom it may go, the likeliest first.
    pub addressees: Vec<Addressee>,
}

impl Subject {
    /// The letter that is answered.
    #[must_use]
    pub fn answered(&self) -> Option<&Record> {
        Some(&self.record).filter(|record| record.module.name == MESSAGES)
    }

    /// Its language where a letter says one.
    #[must_use]
    pub fn locale(&self, otherwise: Locale) -> Locale {
        let of = |record: &Record| record.text("locale").and_then(Locale::parse);
        self.about.as_ref().and_then(of).or_else(|| of(&self.record)).unwrap_or(otherwise)
    }
}

/// Whether somebody wrote a message who can be answered, at an address or by the line that it came by, and of which its reader
/// sees all.
#[must_use]
pub fn is_answerable(message: &Record) -> bool {
    let is_reached = if outbox::is_letter(message) {
        message.text("from").is_some_and(|from| from.contains('@'))
    } else {
        message.text("line_id").is_some()
    };
    message.text("direction") == Some("in") && is_reached && message.veiled.is_empty()
}

impl App {
    /// What a letter would be written about from a record: whoever may change the record and make messages writes.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Forbidden`]; [`Error::Conflict`] `takes_no_letters`.
    pub fn writes_about(&self, work: &mut Work<'_>, module: &str, id: Id) -> Result<Subject> {
        let record = changeable(work, module, id)?;
        let messages = work.module(MESSAGES)?;
        if !work.grant(&messages).create {
            return Err(Error::forbidden("create_forbidden", "your roles write no messages"));
        }
        let refused = |why: &str| Err(Error::conflict("takes_no_letters", why));
        if messages.field("writer").is_none() {
            return refused("the pack of messages is older than the program: an administrator applies the new one");
        }
        if PARTS.contains(&module) || record.deleted_at.is_some() {
            return refused("nobody writes about parts of records, nor about what is in the bin");
        }
        let about = if module == MESSAGES {
            if record.text("direction") != Some("in") {
                return refused("only a letter that came in is answered");
            }
            // An answer repeats what is answered.
            seen_whole(&record)?;
            match record.get("about") {
                Value::Record { module, id } => Some(changeable(work, &module.clone(), *id)?),
                _ => None,
            }
        } else {
            Some(record.clone())
        };
        let addressees = addressees::of(work, &record, about.as_ref())?;
        Ok(Subject { record, about, addressees })
    }

    /// Whether whoever may change this record writes from it, and somebody has an address.
    ///
    /// # Errors
    /// When the database fails.
    pub fn takes_letters(&self, work: &mut Work<'_>, record: &Record) -> Result<bool> {
        let Ok(messages) = work.module(MESSAGES) else { return Ok(false) };
        let is_open = work.grant(&messages).create
            && messages.field("writer").is_some()
            && !PARTS.contains(&record.module.name.as_str())
            && record.deleted_at.is_none()
            && work.expect_not_erased(record).is_ok();
        Ok(is_open && !addressees::of(work, record, Some(record))?.is_empty())
    }

    /// Whether the last letter to an address came back.
    ///
    /// # Errors
    /// When the database fails.
    pub fn came_back_from(&self, work: &mut Work<'_>, to: &str) -> Result<bool> {
        let letters = sent_to(work, to, &["sent", "bounced"], 1)?;
        Ok(letters.first().is_some_and(|letter| letter.text("status") == Some("bounced")))
    }

    /// Letters that wait to go to those to whom one is written, the newest first, as far as whoever works sees them: what is written
    /// now may contradict them.
    ///
    /// # Errors
    /// When the database fails.
    pub fn waiting_letters(&self, work: &mut Work<'_>, subject: &Subject) -> Result<Vec<Record>> {
        let module = work.module(MESSAGES)?;
        let addresses: Vec<String> = subject.addressees.iter().map(|other| other.email.clone()).collect();
        if addresses.is_empty() {
            return Ok(Vec::new());
        }
        let filter = Plan::field(&module, "to").and_then(|field| field.one_of(addresses));
        let filter = filter.and_then(|to| {
            let waits = Plan::field(&module, "status")?.one_of(["draft", "queued", "sending"])?;
            Ok(to.and(Plan::field(&module, "direction")?.eq("out")?).and(waits))
        });
        let filter = filter.map_err(|error| Error::bad_query("invalid_filter", error.to_string()))?;
        let list = List { filter: Some(filter), limit: WAITING, ..List::default() };
        match work.list(MESSAGES, &list) {
            Ok(page) => Ok(page.records),
            Err(Error::Db(error)) => Err(error.into()),
            // Whoever does not see where letters go is told of none.
            Err(_) => Ok(Vec::new()),
        }
    }

    /// Writes a letter and puts it into the outbox, where it waits a moment; the same within a minute is the first one. What
    /// was taken in goes along with files of the record.
    ///
    /// # Errors
    /// As [`App::writes_about`] and [`App::attach`]; [`Error::Conflict`] `in_hand` where somebody else has what is answered;
    /// [`Error::Invalid`] by field: `no_such_address`, `came_back` …
    pub fn write_letter(
        &self,
        work: &mut Work<'_>,
        (module, id): (&str, Id),
        said: &Said,
        uploads: &[Upload],
    ) -> Result<Record> {
        let Some(writer) = work.actor().id() else {
            return Err(Error::forbidden("not_a_person", "letters are written by people"));
        };
        let subject = self.writes_about(work, module, id)?;
        let (to, cc) = self.checked(work, &subject, said)?;
        let mut along = self.of_record(work, &subject, &said.files)?;
        along.extend(uploads.iter().cloned());
        let settings = work.settings().clone();
        let locale = subject.locale(settings.locale);
        let about = subject.about.as_ref().map(|about| (about.module.name.clone(), about.id));
        let text = tidy(&said.text);
        if let Some(first) = same(work, &to, &cc, (&said.subject, &text), about.as_ref().map(|about| about.1))? {
            return self.shown(work, first);
        }
        // An answer is in one hand too: whoever answers takes it, or is told who has it.
        let held = match subject.answered() {
            Some(answered) => Some(work.hold_for_process(MESSAGES, answered.id)?),
            None => None,
        };
        if let Some(held) = &held {
            hand::expect_own(work, held)?;
        }
        let goes_at = goes_at(work);
        // Two of one moment have one name; what stands a minute apart was looked for above.
        let print = format!("{about:?}\n{}\n{cc:?}\n{}\n{text}", to.email, said.subject);
        let minute = work.now().as_second() / SAME;
        let cause = format!("written/{writer}/{minute}/{}", HEXLOWER.encode(&Sha256::digest(print.as_bytes())));
        let letter = NewLetter {
            template: said.template.clone(),
            from: Address::new(settings.name.clone(), settings.sender.clone()),
            html: from_marked(&said.subject, &text, "", locale, |_| true),
            to: Address { name: to.name, email: to.email },
            subject: said.subject.clone(),
            text,
            locale,
            about,
            cause: Some(cause),
            attachments: Vec::new(),
            is_strangers: false,
        };
        let answers = subject.answered().and_then(|answered| answered.text("message_id")).map(str::to_owned);
        let thread = subject.answered().and_then(thread);
        let owner = subject.about.as_ref().and_then(|about| about.owner).or(Some(writer));
        let begun_at = work.now();
        let conversation = held.as_ref().map(turns::conversation);
        let turn = turns::of_written(subject.about.as_ref());
        let mailbox = held.as_ref().and_then(mailbox);
        let by_hand = ByHand { writer, owner, cc, answers, thread, conversation, turn, mailbox, goes_at };
        let letter = outbox::write(work, letter, &by_hand)?;
        if let Some(held) = &held {
            turns::goes_on(work, held, letter.id, Some(writer))?;
        }
        // One that was there already has what goes along.
        if !along.is_empty() && letter.created_at >= begun_at {
            self.enclose_in(work, letter.id, &along)?;
        }
        self.shown(work, letter)
    }

    /// Whether whoever works wrote a letter that has not gone yet.
    #[must_use]
    pub fn is_own_unsent(work: &Work<'_>, letter: &Record) -> bool {
        let writer = letter.get("writer").as_id();
        letter.deleted_at.is_none() && writer.is_some() && writer == work.actor().id() && outbox::is_unsent(letter)
    }

    /// A letter of one's own that has not gone yet, with what it is about.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Forbidden`] of somebody else's; [`Error::Conflict`] `letter_gone`, and `no_letter` of an SMS.
    pub fn unsent_letter(&self, work: &mut Work<'_>, id: Id) -> Result<(Record, Subject)> {
        let letter = own(work, id)?;
        if !outbox::is_letter(&letter) {
            return Err(Error::conflict("no_letter", "this is no letter: what it says is changed as a short message"));
        }
        if !outbox::is_unsent(&letter) {
            return Err(Error::conflict("letter_gone", "the letter has gone already, or is on its way"));
        }
        let about = match letter.get("about") {
            Value::Record { module, id } => Some(changeable(work, &module.clone(), *id)?),
            _ => None,
        };
        let from = about.clone().unwrap_or_else(|| letter.clone());
        let mut addressees = addressees::of(work, &from, about.as_ref())?;
        let to = letter.text("to").unwrap_or_default().to_owned();
        if !addressees.iter().any(|other| other.email == to) && !to.is_empty() {
            addressees.insert(0, Addressee { name: letter.text("to_name").map(str::to_owned), email: to });
        }
        Ok((letter, Subject { record: from, about, addressees }))
    }

    /// Says something else in a letter of one's own that has not gone yet; files go along besides those that do.
    ///
    /// # Errors
    /// As [`App::unsent_letter`] and [`App::write_letter`].
    pub fn rewrite_letter(&self, work: &mut Work<'_>, id: Id, said: &Said, uploads: &[Upload]) -> Result<Record> {
        let (letter, subject) = self.unsent_letter(work, id)?;
        hand::expect_own(work, &letter)?;
        let (to, cc) = self.checked(work, &subject, said)?;
        let mut along = self.of_record(work, &subject, &said.files)?;
        along.extend(uploads.iter().cloned());
        let locale = letter.text("locale").and_then(Locale::parse).unwrap_or(work.settings().locale);
        let text = tidy(&said.text);
        let rewritten = Rewritten {
            html: from_marked(&said.subject, &text, "", locale, |_| true),
            to: Address { name: to.name, email: to.email },
            cc,
            subject: said.subject.clone(),
            text,
            goes_at: goes_at(work),
        };
        let letter = outbox::rewrite(work, id, rewritten)?;
        turns::goes_again(work, &letter)?;
        if !along.is_empty() {
            self.enclose_in(work, id, &along)?;
        }
        self.shown(work, letter)
    }

    /// Takes a letter of one's own back that has not gone yet: it becomes a draft. A draft goes to the bin.
    ///
    /// # Errors
    /// As [`App::unsent_letter`].
    pub fn take_letter_back(&self, work: &mut Work<'_>, id: Id) -> Result<Record> {
        own(work, id)?;
        let letter = outbox::take_back(work, id)?;
        turns::taken_back(work, &letter)?;
        self.shown(work, letter)
    }

    /// Everything that is wrong with what was said, else who gets it and who gets a copy.
    fn checked(&self, work: &mut Work<'_>, subject: &Subject, said: &Said) -> Result<(Addressee, Vec<String>)> {
        let mut faults = Vec::new();
        let mut fault = |field: &str, code: &str, message: &str| faults.push(FieldError::new(field, code, message));
        let wanted = said.to.as_deref().map(str::trim).filter(|to| !to.is_empty());
        let to = match wanted {
            None => subject.addressees.first(),
            Some(to) => {
                let to = email::normalise(to).map_or_else(|_| to.to_lowercase(), String::from);
                subject.addressees.iter().find(|other| other.email == to)
            }
        };
        if to.is_none() {
            fault("to", "no_such_address", "neither the record nor whom it links to has this address");
        }
        let mut cc: Vec<String> = Vec::new();
        for address in said.cc.iter().map(|address| address.trim()).filter(|address| !address.is_empty()) {
            match email::normalise(address) {
                Ok(address) => {
                    let address = String::from(address);
                    let is_to = to.is_some_and(|to| to.email == address);
                    if !is_to && !cc.contains(&address) {
                        cc.push(address);
                    }
                }
                Err(error) => fault("cc", "invalid_email", &error.to_string()),
            }
        }
        if cc.len() > COPIES {
            fault("cc", "too_many", "so many addresses get no copy");
        }
        if said.subject.trim().is_empty() {
            fault("subject", "required", "what is the letter about?");
        } else if said.subject.len() > SUBJECT_LIMIT {
            fault("subject", "too_long", "a subject is a line");
        } else if said.subject.chars().any(char::is_control) {
            fault("subject", "invalid_text", "a subject is one line");
        }
        // By its template it is judged who reads a letter, and whether it advertises.
        if let Some(name) = &said.template
            && !self.templates_for(work, subject).iter().any(|letter| letter.name == *name)
        {
            fault("template", "invalid_choice", "no letter about this record begins from that");
        }
        let signature = work.signature()?;
        if said.text.trim().is_empty() || tidy(&said.text).trim() == signature.trim() {
            fault("text", "required", "what does the letter say?");
        } else if said.text.len() > TEXT_LIMIT {
            fault("text", "too_long", "a letter is not that long");
        }
        let to = to.cloned();
        if let Some(to) = to.as_ref().filter(|_| !said.anyway)
            && self.came_back_from(work, &to.email)?
        {
            faults.push(FieldError::new("to", "came_back", "the last letter to this address came back"));
        }
        match to {
            Some(to) if faults.is_empty() => Ok((to, cc)),
            _ => Err(Error::Invalid(faults)),
        }
    }
}

/// A record that whoever works sees and may change, and that is nobody's who was erased.
fn changeable(work: &mut Work<'_>, module: &str, id: Id) -> Result<Record> {
    let record = work.get(module, id)?;
    work.check_may_update(module, id)?;
    work.expect_not_erased(&record)?;
    Ok(record)
}

/// A letter that whoever works wrote.
fn own(work: &mut Work<'_>, id: Id) -> Result<Record> {
    let letter = work.get(MESSAGES, id)?;
    let is_own = matches!(letter.get("writer"), Value::Id(writer) if work.actor().id() == Some(*writer));
    if is_own { Ok(letter) } else { Err(Error::forbidden("not_the_writer", "only whoever wrote a letter changes it")) }
}

/// When a letter goes that is written now.
fn goes_at(work: &Work<'_>) -> Timestamp {
    let wait = SignedDuration::from_secs(work.settings().letter_wait.unwrap_or(WAIT));
    work.now().saturating_add(wait).unwrap_or(Timestamp::MAX)
}

/// The newest letters to an address that stand like this, the last of them first.
fn sent_to(work: &mut Work<'_>, to: &str, status: &[&str], limit: usize) -> Result<Vec<Record>> {
    let module = work.module(MESSAGES)?;
    let filter = Plan::field(&module, "direction").and_then(|field| field.eq("out"));
    let filter = filter.and_then(|out| Ok(out.and(Plan::field(&module, "to")?.eq(to.to_owned())?)));
    let filter = filter.and_then(|to| Ok(to.and(Plan::field(&module, "status")?.one_of(status.iter().copied())?)));
    let filter = filter.map_err(|error| Error::bad_query("invalid_filter", error.to_string()))?;
    let list = List { filter: Some(filter), limit, ..List::default() };
    Ok(work.as_process(|work| work.list(MESSAGES, &list))?.records)
}

/// The same letter of the same writer, written a moment ago.
fn same(
    work: &mut Work<'_>,
    to: &Addressee,
    cc: &[String],
    (subject, text): (&str, &str),
    about: Option<Id>,
) -> Result<Option<Record>> {
    let (now, me) = (work.now(), work.actor().id());
    let is_same = |letter: &Record| {
        let is_about = match letter.get("about") {
            Value::Record { id, .. } => Some(*id) == about,
            _ => about.is_none(),
        };
        is_about
            && letter.get("writer").as_id() == me
            && letter.text("subject").map(str::trim) == Some(subject.trim())
            && letter.text("text").map(str::trim) == Some(text.trim())
            && letter.text("cc").unwrap_or_default() == cc.join(", ")
            && letter.created_at.saturating_add(SignedDuration::from_secs(SAME)).is_ok_and(|until| until > now)
    };
    let status = ["queued", "sending", "sent", "bounced"];
    Ok(sent_to(work, &to.email, &status, LOOKED_AT)?.into_iter().find(is_same))
}

/// What an answer to a letter names before it, the oldest first.
fn thread(answered: &Record) -> Option<String> {
    let id = answered.text("message_id")?;
    let before = answered.text("thread").filter(|before| before.len() + id.len() < THREAD).unwrap_or_default();
    Some(format!("{before} {id}").trim().to_owned())
}

/// The mailbox by which a letter came, and its answers go: its id, and what it is called.
fn mailbox(answered: &Record) -> Option<(String, String)> {
    let id = answered.text("mailbox_id")?;
    Some((id.to_owned(), answered.text("mailbox").unwrap_or_default().to_owned()))
}

/// The text with the line breaks of the program.
fn tidy(text: &str) -> String {
    text.replace("\r\n", "\n").trim_end().to_owned()
}
