//! Mailboxes that letters are fetched from: how each is reached and how it stands. Its password is kept beside the settings
//! and never given back; whoever looks into a mailbox has it for a while, so that of several programs one does (S0, B1).

mod ledger;
mod marks;
mod sights;

use jiff::{SignedDuration, Timestamp};
use model::Id;
use model::rights::Capability;
use serde_json::{Value as Json, json};

use crate::db::{Row, Sql};
use crate::error::{Error, FieldError, Result};
use crate::knowledge;
use crate::params;
use crate::work::Work;
use crate::write::{Operation, Setup};

pub use ledger::{LETTER_BEGUN, LetterNote, LetterPlace, LetterState, LettersAsked, MailboxLetter, Seen};
pub use marks::MARK_JOB;
pub(crate) use sights::closed;
pub use sights::{Readers, Visibility};

/// The kind of the job that looks into a mailbox; its payload is `{"mailbox"}`.
pub const MAIL_JOB: &str = "mail.look";

/// What the keys begin with under which passwords are kept.
const KEY: &str = "mailbox:";
/// How long whoever looks into a mailbox has it without taking a letter; after this they died.
const CLAIM: SignedDuration = SignedDuration::from_mins(5);
/// Whatever its server tells, a mailbox is let be for so long after a look.
const REST: SignedDuration = SignedDuration::from_secs(10);
/// How often a mailbox is looked into.
const EVERY: SignedDuration = SignedDuration::from_secs(60);
/// After a failure it is tried again after this, doubled each time …
const FIRST_WAIT: SignedDuration = SignedDuration::from_secs(60);
/// … up to this many doublings: some four hours.
const DOUBLINGS: i64 = 8;
/// Characters of an answer that are kept.
const ANSWER: usize = 500;
/// Characters of each part of the set-up at most; a certificate has more room.
const PART: usize = 200;
const CERTIFICATE: usize = 20_000;
/// Letters of former times that are told their mailbox on the way of a change of it.
const MARKED: usize = 100;
/// Ways to protect the connection.
const SECURITIES: [&str; 3] = ["tls", "starttls", "none"];

/// What an administrator says of a mailbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailboxSetup {
    /// What people call it; no two share a name.
    pub name: String,
    /// The IMAP server.
    pub host: String,
    /// Its port: 993 under TLS from the start, 143 else.
    pub port: u16,
    /// `tls` from the start, `starttls`, or `none`, which reaches this machine alone.
    pub security: String,
    /// Who signs in.
    pub login: String,
    /// The folder that is looked into.
    pub folder: String,
    /// A certificate in PEM that is trusted besides the public ones.
    pub certificate: Option<String>,
    /// Whose it is: letters that are nobody's business yet are theirs. Shared where nobody is named.
    pub owner: Option<Id>,
    /// What came before is left where it is.
    pub since: Timestamp,
    /// Whether it is looked into.
    pub active: bool,
    /// What colleagues see of its letters …
    pub visibility: Visibility,
    /// … and who of them sees all.
    pub readers: Readers,
}

impl MailboxSetup {
    /// Each part by its name, as the log of the set-up has it.
    fn parts(&self) -> [(&'static str, Json); 12] {
        [
            ("name", json!(self.name)),
            ("host", json!(self.host)),
            ("port", json!(self.port)),
            ("security", json!(self.security)),
            ("login", json!(self.login)),
            ("folder", json!(self.folder)),
            ("certificate", json!(self.certificate)),
            ("owner", json!(self.owner.map(|owner| owner.to_string()))),
            ("since", json!(self.since.to_string())),
            ("active", json!(self.active)),
            ("visibility", json!(self.visibility.name())),
            ("readers", self.readers.json()),
        ]
    }

    /// What the password is shown to.
    fn server(&self) -> (&str, u16, &str, &str, Option<&str>) {
        (&self.host, self.port, &self.security, &self.login, self.certificate.as_deref())
    }

    fn check(&self) -> Result<()> {
        let mut faults = Vec::new();
        let mut fault = |field: &str, code: &str, message: String| faults.push(FieldError::new(field, code, message));
        let texts = [("name", &self.name), ("host", &self.host), ("login", &self.login), ("folder", &self.folder)];
        for (field, text) in texts {
            if text.trim().is_empty() {
                fault(field, "required", "this is never empty".to_owned());
            } else if text.chars().count() > PART {
                fault(field, "too_long", format!("at most {PART} characters"));
            } else if text.chars().any(char::is_control) {
                fault(field, "invalid_text", "this stands on one line".to_owned());
            }
        }
        if self.port == 0 {
            fault("port", "out_of_range", "a port is a number from 1 to 65535".to_owned());
        }
        if !SECURITIES.contains(&self.security.as_str()) {
            fault("security", "invalid_choice", format!("one of {}", SECURITIES.join(", ")));
        }
        if self.certificate.as_ref().is_some_and(|pem| pem.chars().count() > CERTIFICATE) {
            fault("certificate", "too_long", format!("at most {CERTIFICATE} characters"));
        }
        if faults.is_empty() { Ok(()) } else { Err(Error::Invalid(faults)) }
    }
}

/// How a mailbox stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MailboxState {
    /// When somebody looked into it last.
    pub looked_at: Option<Timestamp>,
    /// When a letter of it was taken last.
    pub letter_at: Option<Timestamp>,
    /// What is wrong, by its code; nothing where the last look went well.
    pub error: Option<String>,
    /// The same in the server's words.
    pub answer: Option<String>,
    /// How many looks failed one after the other.
    pub failures: i64,
    /// When it is looked into next.
    pub next_at: Option<Timestamp>,
}

/// A mailbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mailbox {
    /// Its id.
    pub id: Id,
    /// What an administrator says of it.
    pub setup: MailboxSetup,
    /// Another number whenever it is another folder elsewhere, or is to be gone through from its beginning.
    pub place: i64,
    /// How it stands.
    pub state: MailboxState,
}

const COLUMNS: &str = "select id, name, host, port, security, login, folder, certificate, owner, since, active, place, \
     looked_at, letter_at, error, answer, failures, next_at from _mailboxes ";

impl Mailbox {
    fn read(row: &Row) -> Result<Self> {
        let setup = MailboxSetup {
            name: row.text(1)?,
            host: row.text(2)?,
            port: u16::try_from(row.int(3)?).unwrap_or_default(),
            security: row.text(4)?,
            login: row.text(5)?,
            folder: row.text(6)?,
            certificate: row.opt_text(7)?,
            owner: row.opt_uuid(8)?.map(Id),
            since: row.instant(9)?,
            active: row.bool(10)?,
            visibility: Visibility::default(),
            readers: Readers::default(),
        };
        let state = MailboxState {
            looked_at: row.opt_instant(12)?,
            letter_at: row.opt_instant(13)?,
            error: row.opt_text(14)?,
            answer: row.opt_text(15)?,
            failures: row.int(16)?,
            next_at: row.opt_instant(17)?,
        };
        Ok(Self { id: Id(row.uuid(0)?), setup, place: row.int(11)?, state })
    }
}

impl Work<'_> {
    /// All mailboxes, by name.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without the right to administer.
    pub fn mailboxes(&mut self) -> Result<Vec<Mailbox>> {
        self.require(Capability::Administer)?;
        let all = self.rows(&Sql::new(COLUMNS).push("order by name"))?;
        let all = all.iter().map(Mailbox::read).collect::<Result<_>>()?;
        self.with_sights(all)
    }

    /// One mailbox.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::NotFound`].
    pub fn mailbox(&mut self, id: Id) -> Result<Mailbox> {
        self.require(Capability::Administer)?;
        self.mailbox_there(id)?.ok_or_else(|| Error::not_found("mailboxes", id))
    }

    fn mailbox_there(&mut self, id: Id) -> Result<Option<Mailbox>> {
        let found = self.rows(&Sql::new(COLUMNS).push("where id = ").bind(id.0))?;
        let found = found.iter().map(Mailbox::read).collect::<Result<_>>()?;
        Ok(self.with_sights(found)?.pop())
    }

    /// The password of a mailbox: for whoever signs in there, never for whoever asks.
    ///
    /// # Errors
    /// When the database fails.
    pub fn mailbox_password(&mut self, id: Id) -> Result<Option<String>> {
        let kept = knowledge::setting(self.tx, &key(id))?;
        Ok(kept.and_then(|kept| kept.as_str().map(str::to_owned)))
    }

    fn keep_mailbox_password(&mut self, id: Id, password: &str) -> Result<()> {
        if password.is_empty() || password.chars().count() > PART || password.chars().any(char::is_control) {
            return Err(Error::field("password", "invalid_text", "a password is one line that is not empty"));
        }
        Ok(knowledge::keep(self.tx, &key(id), &json!(password))?)
    }

    /// Sets a mailbox up; where it is active, it is looked into at once.
    ///
    /// # Errors
    /// [`Error::Forbidden`] without the right to administer; [`Error::Invalid`] by part; [`Error::Conflict`] where the name is
    /// taken.
    pub fn add_mailbox(&mut self, setup: &MailboxSetup, password: &str) -> Result<Id> {
        self.hold_rights()?;
        self.check_mailbox(setup, None)?;
        let (id, now) = (self.new_id(), self.now());
        self.run(
            "insert into _mailboxes (id, name, host, port, security, login, folder, certificate, owner, since, active, \
             place, created_at, failures, next_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 1, $12, 0, $13)",
            params![
                id.0,
                setup.name.as_str(),
                setup.host.as_str(),
                setup.port,
                setup.security.as_str(),
                setup.login.as_str(),
                setup.folder.as_str(),
                setup.certificate.as_deref(),
                setup.owner.map(|owner| owner.0),
                setup.since,
                setup.active,
                now,
                setup.active.then_some(now)
            ],
        )?;
        self.keep_mailbox_password(id, password)?;
        self.keep_sight(id, (setup.owner, setup.visibility), &setup.readers)?;
        if setup.active {
            self.mailbox_due(id, now)?;
        }
        let delta = setup.parts().map(|(name, value)| (name, Json::Null, value));
        self.log_setup(Setup::Mailbox, id, Operation::Create, delta)?;
        Ok(id)
    }

    /// Changes a mailbox. Where another server, or another who signs in, would be shown the password, it is given anew.
    ///
    /// # Errors
    /// As [`Work::add_mailbox`]; [`Error::NotFound`]; [`Error::Invalid`] `password_anew`.
    pub fn change_mailbox(&mut self, id: Id, setup: &MailboxSetup, password: Option<&str>) -> Result<()> {
        self.hold_rights()?;
        let before = self.mailbox(id)?;
        self.check_mailbox(setup, Some(id))?;
        if password.is_none() && before.setup.server() != setup.server() {
            let how = "the password is given anew where another server or another user is named";
            return Err(Error::field("password", "password_anew", how));
        }
        let now = self.now();
        let elsewhere =
            |setup: &MailboxSetup| (setup.host.clone(), setup.port, setup.login.clone(), setup.folder.clone());
        // What was too old is looked at once more where older letters are wanted.
        let is_anew = elsewhere(&before.setup) != elsewhere(setup) || setup.since < before.setup.since;
        let place = before.place + i64::from(is_anew);
        self.run(
            "update _mailboxes set name = $1, host = $2, port = $3, security = $4, login = $5, folder = $6, \
             certificate = $7, owner = $8, since = $9, active = $10, place = $11, failures = 0, error = null, \
             answer = null, next_at = $12 where id = $13",
            params![
                setup.name.as_str(),
                setup.host.as_str(),
                setup.port,
                setup.security.as_str(),
                setup.login.as_str(),
                setup.folder.as_str(),
                setup.certificate.as_deref(),
                setup.owner.map(|owner| owner.0),
                setup.since,
                setup.active,
                place,
                setup.active.then_some(now),
                id.0
            ],
        )?;
        if let Some(password) = password {
            self.keep_mailbox_password(id, password)?;
        }
        if setup.visibility != Visibility::Full && self.mark_letters(Some(id), MARKED)? {
            let how = "letters of before are still being told which mailbox they came by: try again in a few minutes";
            return Err(Error::conflict("letters_unmarked", how));
        }
        self.keep_sight(id, (setup.owner, setup.visibility), &setup.readers)?;
        if setup.active {
            self.mailbox_due(id, now)?;
        } else {
            self.dequeue(&job_key(id))?;
        }
        let was = before.setup.parts();
        let delta = was.into_iter().zip(setup.parts()).filter(|(was, is)| was != is);
        let delta: Vec<_> = delta.map(|((name, was), (_, is))| (name, was, is)).collect();
        // That the password is another one is told, never which.
        let word = password.map(|_| ("password", Json::Null, json!("…")));
        self.log_setup(Setup::Mailbox, id, Operation::Update, delta.into_iter().chain(word))
    }

    /// Takes a mailbox away with what is known of its letters. What they became stays, seen by whom it was seen before, and no
    /// letter is taken twice should the mailbox be set up again.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::NotFound`].
    pub fn delete_mailbox(&mut self, id: Id) -> Result<()> {
        self.hold_rights()?;
        let gone = self.mailbox(id)?;
        self.dequeue(&job_key(id))?;
        self.run("delete from _mailbox_letters where mailbox = $1", params![id.0])?;
        self.run("delete from _mailboxes where id = $1", params![id.0])?;
        self.run("delete from settings where key = $1", params![key(id)])?;
        let delta = gone.setup.parts().map(|(name, value)| (name, value, Json::Null));
        self.log_setup(Setup::Mailbox, id, Operation::Purge, delta)
    }

    /// Held together by the lock of rights.
    fn check_mailbox(&mut self, setup: &MailboxSetup, own: Option<Id>) -> Result<()> {
        setup.check()?;
        self.check_sight(setup.visibility, &setup.readers)?;
        if let Some(owner) = setup.owner
            && self.user(owner)?.is_none()
        {
            return Err(Error::field("owner", "not_found", format!("there is no user {owner} who is let in")));
        }
        let same = Sql::new("select id from _mailboxes where name = ").bind(setup.name.as_str());
        let taken = self.rows(&same)?.first().map(|row| row.uuid(0)).transpose()?.map(Id);
        if taken.is_some() && taken != own {
            let message = format!("there is already a mailbox {:?}", setup.name);
            let errors = vec![FieldError::new("name", "mailbox_exists", message.clone())];
            return Err(Error::Conflict { code: "duplicate", message, errors });
        }
        Ok(())
    }

    fn mailbox_due(&mut self, id: Id, at: Timestamp) -> Result<()> {
        self.enqueue(MAIL_JOB, Some(&job_key(id)), at, json!({"mailbox": id}))
    }

    /// Asks that a mailbox is looked into now.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::NotFound`]; [`Error::Conflict`] `mailbox_rests` where it is not active.
    pub fn look_into_mailbox(&mut self, id: Id) -> Result<()> {
        if !self.mailbox(id)?.setup.active {
            return Err(Error::conflict("mailbox_rests", "this mailbox is not looked into: switch it on first"));
        }
        let now = self.now();
        self.run("update _mailboxes set next_at = $1 where id = $2", params![now, id.0])?;
        self.mailbox_due(id, now)
    }

    /// Notes that its server tells of something new: it is looked into now, and not twice within a short while, where it is
    /// looked into at all.
    ///
    /// # Errors
    /// When the database fails.
    pub fn mailbox_has_news(&mut self, id: Id) -> Result<()> {
        let Some(mailbox) = self.mailbox_there(id)?.filter(|mailbox| mailbox.setup.active) else { return Ok(()) };
        let rested = mailbox.state.looked_at.and_then(|at| at.checked_add(REST).ok());
        let at = rested.into_iter().fold(self.now(), Timestamp::max);
        self.run("update _mailboxes set next_at = $1 where id = $2", params![at, id.0])?;
        self.mailbox_due(id, at)
    }

    /// Takes a mailbox in order to look into it, with its password; nothing where it is not looked into any more. Its job is
    /// off the queue already, in this transaction, and is put back for the case that whoever looks dies.
    ///
    /// # Errors
    /// When the database fails.
    pub fn claim_mailbox(&mut self, id: Id) -> Result<Option<(Mailbox, String)>> {
        let Some(mailbox) = self.mailbox_there(id)?.filter(|mailbox| mailbox.setup.active) else { return Ok(None) };
        let now = self.now();
        self.hold_mailbox(id)?;
        self.run("update _mailboxes set looked_at = $1 where id = $2", params![now, id.0])?;
        let password = self.mailbox_password(id)?.unwrap_or_default();
        Ok(Some((mailbox, password)))
    }

    /// Whoever looks into it has it for another while.
    fn hold_mailbox(&mut self, id: Id) -> Result<()> {
        let until = self.now().checked_add(CLAIM).unwrap_or(Timestamp::MAX);
        self.mailbox_due(id, until)
    }

    /// Notes how a look went: whether more letters wait, or by its code and in the server's words what was wrong. After a
    /// failure the next look waits longer each time.
    ///
    /// # Errors
    /// When the database fails.
    pub fn mailbox_looked(&mut self, mailbox: &Mailbox, told: std::result::Result<bool, (&str, &str)>) -> Result<()> {
        let Some(present) = self.mailbox_there(mailbox.id)?.filter(|present| present.setup.active) else {
            return self.dequeue(&job_key(mailbox.id));
        };
        // It was changed meanwhile: it is looked into anew anyway.
        if present.setup != mailbox.setup {
            return self.mailbox_due(mailbox.id, self.now());
        }
        let now = self.now();
        let (wait, failures, error, answer) = match told {
            Ok(true) => (SignedDuration::ZERO, 0, None, None),
            Ok(false) => (EVERY, 0, None, None),
            Err((code, words)) => {
                let doublings = u32::try_from(present.state.failures.clamp(0, DOUBLINGS)).unwrap_or_default();
                let wait = FIRST_WAIT.checked_mul(2_i32.pow(doublings)).unwrap_or(FIRST_WAIT);
                let words: String = words.chars().filter(|letter| !letter.is_control()).take(ANSWER).collect();
                (wait, present.state.failures + 1, Some(code), Some(words))
            }
        };
        let next = now.checked_add(wait).unwrap_or(Timestamp::MAX);
        self.run(
            "update _mailboxes set looked_at = $1, error = $2, answer = $3, failures = $4, next_at = $5 where id = $6",
            params![now, error, answer, failures, next, mailbox.id.0],
        )?;
        self.mailbox_due(mailbox.id, next)
    }
}

fn key(id: Id) -> String {
    format!("{KEY}{id}")
}

fn job_key(id: Id) -> String {
    format!("{MAIL_JOB}:{id}")
}
