//! One look into a mailbox: what is new in the folder is fetched letter by letter, outside of every transaction, and each is
//! taken in one of its own.

use std::time::Duration;

use channels::imap::{Head, Imap, ImapError, LARGEST};
use channels::mime;
use model::{Actor, Id};
use store::{Error, LETTER_BEGUN, LetterNote, LetterPlace, LetterState, Mailbox, Origin, Result, Work};

use super::settings;
use super::take::{Arrived, identity, known, sender};
use crate::App;
use crate::attachments::{Upload, on_disk};
use crate::site_letters::{Standing, standing};

/// Letters that one look takes: then other mailboxes have a turn.
const TOGETHER: usize = 100;
/// How long a folder is stayed in after a look: until shortly before the next one.
const STAYS: Duration = Duration::from_secs(50);

/// Why a look ended before its end.
struct Trouble {
    code: &'static str,
    words: String,
}

impl From<ImapError> for Trouble {
    fn from(error: ImapError) -> Self {
        Self { code: error.code, words: error.words }
    }
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        Self { code: "mailbox_inside", words: error.to_string() }
    }
}

impl App {
    /// Looks into a mailbox that is held, and notes how it went. Answers the open folder where nothing more waits in it.
    pub(super) async fn look_into(&self, mailbox: Mailbox, password: String) -> Result<Option<Imap>> {
        let mut open = None;
        let told = match Imap::open(&settings(&mailbox, password), self.private_mail()).await {
            Ok(mut imap) => {
                let told = self.take_from(&mut imap, &mailbox).await;
                if matches!(told, Ok(false)) {
                    open = Some(imap);
                } else {
                    imap.close().await;
                }
                told
            }
            Err(error) => Err(error.into()),
        };
        if let Err(trouble) = &told {
            tracing::warn!(mailbox = %mailbox.setup.name, code = trouble.code, words = %trouble.words, "a mailbox cannot be read");
        }
        let note = move |work: &mut Work<'_>| match &told {
            Ok(is_more) => work.mailbox_looked(&mailbox, Ok(*is_more)),
            Err(trouble) => work.mailbox_looked(&mailbox, Err((trouble.code, trouble.words.as_str()))),
        };
        self.workspace().write(Actor::System("mail"), Origin::from("mail"), note).await?;
        Ok(open)
    }

    /// Stays in a folder until the next look, and asks for one at once where its server tells of something new.
    pub(super) async fn wait_in(&self, imap: Imap, mailbox: Id) -> Result<()> {
        if imap.wait(STAYS).await {
            let news = move |work: &mut Work<'_>| work.mailbox_has_news(mailbox);
            self.workspace().write(Actor::System("mail"), Origin::from("mail"), news).await?;
        }
        Ok(())
    }

    /// Takes what is new, and what could not be taken before; answers whether more waits.
    async fn take_from(&self, imap: &mut Imap, mailbox: &Mailbox) -> std::result::Result<bool, Trouble> {
        let (id, place, validity) = (mailbox.id, mailbox.place, i64::from(imap.validity()));
        let read = move |work: &mut Work<'_>| work.seen_of_mailbox(id, place, validity);
        let seen = self.workspace().read(Actor::System("mail"), read).await?;
        if seen.is_renumbered {
            let leave = move |work: &mut Work<'_>| work.leave_old_numbers(id, place, validity);
            self.workspace().write(Actor::System("mail"), Origin::from("mail"), leave).await?;
        }
        let last = u32::try_from(seen.last).unwrap_or(u32::MAX);
        let newer = imap.newer(last, mailbox.setup.since).await?;
        let is_more = newer.len() > TOGETHER;
        let again = seen.again.into_iter().filter_map(|uid| u32::try_from(uid).ok());
        let uids: Vec<u32> = newer.into_iter().take(TOGETHER).chain(again).collect();
        for uid in uids {
            let place = LetterPlace { mailbox: id, place, validity, uid: uid.into() };
            self.take_one(imap, mailbox, (uid, place)).await?;
        }
        Ok(is_more)
    }

    async fn take_one(
        &self,
        imap: &mut Imap,
        mailbox: &Mailbox,
        (uid, place): (u32, LetterPlace),
    ) -> std::result::Result<(), Trouble> {
        let nothing = Head { size: 0, arrived_at: None, message_id: None };
        let head = match imap.head(uid).await {
            Ok(Some(head)) => head,
            Ok(None) => {
                let note = Noted::failed("letter_not_given", "the server names the letter and does not give it out");
                return Ok(self.note(place, &nothing, note).await?);
            }
            Err(error) => return self.broken_off(place, &nothing, error).await,
        };
        if head.arrived_at.is_some_and(|at| at < mailbox.setup.since.as_second()) {
            return Ok(self.note(place, &head, Noted::of(LetterState::Old, "letter_old")).await?);
        }
        if head.size > LARGEST {
            return Ok(self.note(place, &head, Noted::of(LetterState::Rejected, "letter_too_large")).await?);
        }
        if head.message_id.is_some() && self.is_merged(place, &head).await? {
            return Ok(());
        }
        // A letter that ends the program is not begun for ever.
        self.note(place, &head, Noted::of(LetterState::Failed, LETTER_BEGUN)).await?;
        let raw = match imap.letter(uid, head.size).await {
            Ok(Some(raw)) => raw,
            Ok(None) => {
                let note = Noted::failed("letter_not_given", "the server names the letter and does not give it out");
                return Ok(self.note(place, &head, note).await?);
            }
            Err(error) => return self.broken_off(place, &head, error).await,
        };
        let app = self.clone();
        let size = i64::try_from(raw.len()).unwrap_or(i64::MAX);
        let (owner, name) = (mailbox.setup.owner, mailbox.setup.name.clone());
        let arrived = match on_disk(move || app.prepared(raw, (place, owner, name), size)).await {
            Ok(arrived) => arrived,
            Err(error) => {
                let note = Noted::failed("letter_not_kept", &format!("the disk refuses: {error}"));
                return Ok(self.note(place, &head, note).await?);
            }
        };
        let app = self.clone();
        let definitions = self.workspace().knowledge().definitions;
        let standing =
            sender(&arrived.letter).map_or(Standing::None, |from| standing(&definitions, &arrived.letter, &from));
        // A site asks as it does at its own door: as the public, with no more rights than anybody.
        let actor = if matches!(standing, Standing::Known(_)) { Actor::Public } else { Actor::System("mail") };
        let take = move |work: &mut Work<'_>| app.take_letter(work, &arrived, &standing);
        match self.workspace().write(actor, Origin::from("mail"), take).await {
            Ok(_) => Ok(()),
            // Whatever it is that cannot be kept, the next letter can; where the database is away nothing can be noted either.
            Err(error) => {
                let note = Noted::failed("letter_not_kept", &error.to_string());
                Ok(self.note(place, &head, note).await?)
            }
        }
    }

    /// Notes a letter at which the connection broke off: the next look goes on behind it, and comes back to it later.
    async fn broken_off(&self, place: LetterPlace, head: &Head, error: ImapError) -> std::result::Result<(), Trouble> {
        self.note(place, head, Noted::failed(error.code, &error.words)).await?;
        Err(error.into())
    }

    /// Whether a letter is there already by its Message-ID, which is then noted: it need not be fetched.
    async fn is_merged(&self, place: LetterPlace, head: &Head) -> Result<bool> {
        let head = head.clone();
        let merge = move |work: &mut Work<'_>| {
            let id = head.message_id.as_deref();
            let Some((module, record)) = known(work, &identity(id, &[]), id)? else { return Ok(false) };
            work.note_letter(&LetterNote {
                place,
                message_id: id,
                size: i64::try_from(head.size).unwrap_or(i64::MAX),
                state: LetterState::Merged,
                reason: None,
                answer: None,
                record: Some((module.as_str(), record)),
            })?;
            Ok(true)
        };
        Ok(self.workspace().write(Actor::System("mail"), Origin::from("mail"), merge).await?.0)
    }

    async fn note(&self, place: LetterPlace, head: &Head, noted: Noted) -> Result<()> {
        let head = head.clone();
        let note = move |work: &mut Work<'_>| {
            work.note_letter(&LetterNote {
                place,
                message_id: head.message_id.as_deref(),
                size: i64::try_from(head.size).unwrap_or(i64::MAX),
                state: noted.state,
                reason: Some(noted.reason),
                answer: noted.answer.as_deref(),
                record: None,
            })
        };
        self.workspace().write(Actor::System("mail"), Origin::from("mail"), note).await?;
        Ok(())
    }

    /// Reads a letter and keeps the bytes that came along; of one that nobody can answer the whole.
    fn prepared(
        &self,
        raw: Vec<u8>,
        (place, owner, mailbox): (LetterPlace, Option<Id>, String),
        size: i64,
    ) -> std::io::Result<Arrived> {
        // Whatever strangers send: what cannot be read is kept as it came.
        let mut letter = mime::read(&raw).unwrap_or_default();
        let identity = identity(letter.message_id.as_deref(), &raw);
        let mut files = Vec::new();
        for file in std::mem::take(&mut letter.files) {
            files.push(self.keep_attachment(&file.name, &file.bytes)?);
        }
        if sender(&letter).is_err() && !raw.is_empty() {
            files.push(self.keep_attachment("letter.eml", &raw)?);
        }
        Ok(Arrived { place, owner, mailbox, size, identity, letter, files })
    }

    fn keep_attachment(&self, name: &str, bytes: &[u8]) -> std::io::Result<Upload> {
        let mut reception = self.receive(name)?;
        reception.take(bytes)?;
        reception.keep()
    }
}

/// What is noted of a letter that is no record.
struct Noted {
    state: LetterState,
    reason: &'static str,
    answer: Option<String>,
}

impl Noted {
    fn of(state: LetterState, reason: &'static str) -> Self {
        Self { state, reason, answer: None }
    }

    fn failed(reason: &'static str, words: &str) -> Self {
        Self { state: LetterState::Failed, reason, answer: Some(words.to_owned()) }
    }
}
