//! What became of every letter that was seen in a mailbox: written in the transaction of what it became, so that whoever asks
//! where a letter is gets an answer that is true.

use jiff::{SignedDuration, Timestamp};
use model::Id;
use model::rights::Capability;

use super::ANSWER;
use crate::db::{Row, Sql};
use crate::error::Result;
use crate::params;
use crate::work::Work;

/// A letter that could not be taken is tried again after this, doubled each time …
const FIRST_WAIT: SignedDuration = SignedDuration::from_mins(5);
/// … until it was tried so often: some three days.
const ATTEMPTS: i64 = 10;
/// The reason of a letter that is just being fetched and read: it stands where whoever did so died at it.
pub const LETTER_BEGUN: &str = "letter_interrupted";
/// The reason of a letter that was to be tried again under a number that means nothing any more.
const RENUMBERED: &str = "letter_renumbered";
/// Letters that are tried again in one look.
const AGAIN: usize = 50;

/// What became of a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LetterState {
    /// It is a message.
    Taken,
    /// It was there already: the same letter in another folder or mailbox, or one that was sent from here.
    Merged,
    /// It was put aside, with why.
    Rejected,
    /// It could not be taken this time.
    Failed,
    /// It came before the time from which on letters are taken.
    Old,
}

impl LetterState {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 5] = [Self::Taken, Self::Merged, Self::Rejected, Self::Failed, Self::Old];

    /// Its name, as it is kept and as the API says it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Taken => "taken",
            Self::Merged => "merged",
            Self::Rejected => "rejected",
            Self::Failed => "failed",
            Self::Old => "old",
        }
    }

    /// The state of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }
}

/// Where a letter lies: no two letters of a mailbox share it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LetterPlace {
    /// The mailbox.
    pub mailbox: Id,
    /// Which folder on which server that was.
    pub place: i64,
    /// The folder's UIDVALIDITY (RFC 3501, 2.3.1.1).
    pub validity: i64,
    /// The letter's UID.
    pub uid: i64,
}

/// What is noted of a letter.
#[derive(Clone, Debug)]
pub struct LetterNote<'a> {
    /// Where it lies.
    pub place: LetterPlace,
    /// Its Message-ID without brackets, where it has one.
    pub message_id: Option<&'a str>,
    /// Its size in bytes.
    pub size: i64,
    /// What became of it.
    pub state: LetterState,
    /// Why, by a code.
    pub reason: Option<&'a str>,
    /// Why, in words of the server or the program.
    pub answer: Option<&'a str>,
    /// The record that it is.
    pub record: Option<(&'a str, Id)>,
}

/// A letter that was seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailboxLetter {
    /// Its id in the ledger.
    pub id: Id,
    /// Where it lies.
    pub place: LetterPlace,
    /// Its Message-ID without brackets, where it has one.
    pub message_id: Option<String>,
    /// Its size in bytes.
    pub size: i64,
    /// What became of it.
    pub state: LetterState,
    /// Why, by a code.
    pub reason: Option<String>,
    /// Why, in words of the server or the program.
    pub answer: Option<String>,
    /// The record that it is.
    pub record: Option<(String, Id)>,
    /// How often it was tried.
    pub attempts: i64,
    /// When it is tried again.
    pub retry_at: Option<Timestamp>,
    /// When this became of it.
    pub at: Timestamp,
}

/// What of a folder has been seen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// The highest UID.
    pub last: i64,
    /// Letters that are to be tried again now.
    pub again: Vec<i64>,
    /// Whether letters wait to be tried again under numbers that the folder has given up.
    pub is_renumbered: bool,
}

/// Which letters are asked for.
#[derive(Clone, Debug, Default)]
pub struct LettersAsked {
    /// Those that are called so: a Message-ID or a UID; or that became one of these records.
    pub text: Option<(String, Vec<Id>)>,
    /// Those of which this became.
    pub state: Option<LetterState>,
    /// Those that were noted before this one.
    pub before: Option<Id>,
    /// At most so many.
    pub limit: usize,
}

const COLUMNS: &str = "select id, mailbox, place, validity, uid, message_id, size, state, reason, answer, module, record, \
     attempts, retry_at, at from _mailbox_letters ";

impl MailboxLetter {
    fn read(row: &Row) -> Result<Self> {
        let place =
            LetterPlace { mailbox: Id(row.uuid(1)?), place: row.int(2)?, validity: row.int(3)?, uid: row.int(4)? };
        Ok(Self {
            id: Id(row.uuid(0)?),
            place,
            message_id: row.opt_text(5)?,
            size: row.int(6)?,
            state: LetterState::parse(&row.text(7)?).unwrap_or(LetterState::Failed),
            reason: row.opt_text(8)?,
            answer: row.opt_text(9)?,
            record: row.opt_text(10)?.zip(row.opt_uuid(11)?.map(Id)),
            attempts: row.int(12)?,
            retry_at: row.opt_instant(13)?,
            at: row.instant(14)?,
        })
    }
}

impl Work<'_> {
    /// What of a folder has been seen, by its UIDVALIDITY: nothing of one that has another now.
    ///
    /// # Errors
    /// When the database fails.
    pub fn seen_of_mailbox(&mut self, mailbox: Id, place: i64, validity: i64) -> Result<Seen> {
        let of = |sql: &'static str| {
            let sql = Sql::new(sql).push(" from _mailbox_letters where mailbox = ").bind(mailbox.0);
            sql.push(" and place = ").bind(place).push(" and validity = ").bind(validity)
        };
        let last = self.tx.one(&of("select coalesce(max(uid), 0)"))?.int(0)?;
        let now = self.now();
        let again = of("select uid").push(" and retry_at is not null and retry_at <= ").bind(now).push(" order by uid");
        let again = self.rows(&again.limit(AGAIN))?.iter().map(|row| Ok(row.int(0)?)).collect::<Result<_>>()?;
        let left = Sql::new("select uid from _mailbox_letters where mailbox = ").bind(mailbox.0);
        let left =
            left.push(" and retry_at is not null and (place <> ").bind(place).push(" or validity <> ").bind(validity);
        let is_renumbered = !self.rows(&left.push(")").limit(1))?.is_empty();
        Ok(Seen { last, again, is_renumbered })
    }

    /// Notes of letters that were to be tried again under numbers that the folder has given up that nobody does: each is looked
    /// for under its new number.
    ///
    /// # Errors
    /// When the database fails.
    pub fn leave_old_numbers(&mut self, mailbox: Id, place: i64, validity: i64) -> Result<()> {
        let now = self.now();
        self.run(
            "update _mailbox_letters set reason = $1, retry_at = null, at = $2 \
             where mailbox = $3 and retry_at is not null and (place <> $4 or validity <> $5)",
            params![RENUMBERED, now, mailbox.0, place, validity],
        )?;
        self.hold_mailbox(mailbox)
    }

    /// What is known of the letter that lies there.
    ///
    /// # Errors
    /// When the database fails.
    pub fn letter_at(&mut self, place: LetterPlace) -> Result<Option<MailboxLetter>> {
        let sql =
            Sql::new(COLUMNS).push("where mailbox = ").bind(place.mailbox.0).push(" and place = ").bind(place.place);
        let sql = sql.push(" and validity = ").bind(place.validity).push(" and uid = ").bind(place.uid);
        self.rows(&sql)?.first().map(MailboxLetter::read).transpose()
    }

    /// Notes what became of a letter, and that whoever looks is still at it. What something became of stays so.
    ///
    /// # Errors
    /// When the database fails, and where the mailbox was taken away meanwhile.
    pub fn note_letter(&mut self, note: &LetterNote<'_>) -> Result<()> {
        let known = self.letter_at(note.place)?;
        if known.as_ref().is_some_and(|known| known.state != LetterState::Failed) {
            return Ok(());
        }
        let (id, now) = (self.new_id(), self.now());
        // Its end is that of the attempt that was begun.
        let goes_on = known.as_ref().is_some_and(|known| known.reason.as_deref() == Some(LETTER_BEGUN));
        let is_end = goes_on && note.reason != Some(LETTER_BEGUN);
        let attempts = known.map_or(0, |known| known.attempts) + i64::from(!is_end);
        let is_over = note.state != LetterState::Failed || attempts >= ATTEMPTS;
        let doublings = u32::try_from(attempts - 1).unwrap_or_default();
        let wait = FIRST_WAIT.checked_mul(2_i32.saturating_pow(doublings)).unwrap_or(FIRST_WAIT);
        let retry_at = (!is_over).then(|| now.checked_add(wait).unwrap_or(Timestamp::MAX));
        let answer = note
            .answer
            .map(|words| words.chars().filter(|letter| !letter.is_control()).take(ANSWER).collect::<String>());
        let (module, record) = note.record.unzip();
        // What somebody else made of it meanwhile stays.
        let noted = self.run(
            "insert into _mailbox_letters (id, mailbox, place, validity, uid, message_id, size, state, reason, answer, \
             module, record, attempts, retry_at, at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) \
             on conflict (mailbox, place, validity, uid) do update set message_id = excluded.message_id, \
             size = excluded.size, state = excluded.state, reason = excluded.reason, answer = excluded.answer, \
             module = excluded.module, record = excluded.record, attempts = excluded.attempts, \
             retry_at = excluded.retry_at, at = excluded.at where _mailbox_letters.state = 'failed'",
            params![
                id.0,
                note.place.mailbox.0,
                note.place.place,
                note.place.validity,
                note.place.uid,
                note.message_id,
                note.size,
                note.state.name(),
                note.reason,
                answer,
                module,
                record.map(|record| record.0),
                attempts,
                retry_at,
                now
            ],
        )?;
        if noted > 0 && note.state == LetterState::Taken {
            let sql = "update _mailboxes set letter_at = $1 where id = $2";
            self.run(sql, params![now, note.place.mailbox.0])?;
        }
        self.hold_mailbox(note.place.mailbox)
    }

    /// Letters of a mailbox, those that were noted last first.
    ///
    /// # Errors
    /// [`crate::Error::Forbidden`] without the right to administer, [`crate::Error::NotFound`].
    pub fn mailbox_letters(&mut self, mailbox: Id, asked: &LettersAsked) -> Result<Vec<MailboxLetter>> {
        self.require(Capability::Administer)?;
        self.mailbox(mailbox)?;
        let mut sql = Sql::new(COLUMNS).push("where mailbox = ").bind(mailbox.0);
        if let Some((text, records)) = &asked.text {
            let called = text.trim().trim_start_matches('<').trim_end_matches('>').to_owned();
            let uid = called.parse::<i64>().ok();
            sql = sql.push(" and (message_id = ").bind(called);
            if let Some(uid) = uid {
                sql = sql.push(" or uid = ").bind(uid);
            }
            sql = sql.push(" or record in ").bind_list(records.iter().map(|id| id.0)).push(")");
        }
        if let Some(state) = asked.state {
            sql = sql.push(" and state = ").bind(state.name());
        }
        if let Some(before) = asked.before {
            sql = sql.push(" and id < ").bind(before.0);
        }
        self.rows(&sql.push(" order by id desc").limit(asked.limit))?.iter().map(MailboxLetter::read).collect()
    }
}
