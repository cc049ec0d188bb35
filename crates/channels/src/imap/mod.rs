//! Letters of a mailbox by IMAP (RFC 3501): the folder is opened to be read only, nothing in it changes. Every step has its
//! time and every answer its size.

mod failure;
mod folder;
mod wire;

use std::fmt;
use std::time::Duration;

use async_imap::extensions::idle::IdleResponse;
use async_imap::imap_proto::{MailboxDatum, Response};
use async_imap::{Client, Session};
use futures_util::TryStreamExt as _;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use tokio::time::Instant;

use self::wire::Wire;
use crate::mime;

pub use failure::ImapError;

/// The largest letter that is fetched, in bytes.
pub const LARGEST: u64 = 25 * 1024 * 1024;

/// How long it takes at most to connect, sign in and open the folder …
const TO_OPEN: Duration = Duration::from_secs(60);
/// … to ask something small …
const TO_ASK: Duration = Duration::from_secs(60);
/// … to fetch a letter: below the time for which a mailbox is held without one …
const TO_FETCH: Duration = Duration::from_secs(3 * 60);
/// … and to say goodbye.
const TO_CLOSE: Duration = Duration::from_secs(5);
/// The most that is read of an answer to a question, in bytes: numbers of a million letters.
const ANSWER: u64 = 16 * 1024 * 1024;
/// What stands around a letter, in bytes.
const AROUND: u64 = 1024 * 1024;

/// How a connection is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Security {
    /// TLS from the start.
    Tls,
    /// TLS before anything is said that matters; without it nothing is said.
    StartTls,
    /// None: with this machine alone.
    None,
}

impl Security {
    /// The one of that name: `tls`, `starttls`, `none`.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "tls" => Some(Self::Tls),
            "starttls" => Some(Self::StartTls),
            "none" => Some(Self::None),
            _ => None,
        }
    }
}

/// Whether servers in networks that are nobody's but one's own are spoken with, and this machine itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Private(pub bool);

/// A folder and how it is reached.
#[derive(Clone, PartialEq, Eq)]
pub struct ImapSettings {
    /// The server.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is protected.
    pub security: Security,
    /// Who signs in.
    pub login: String,
    /// With what.
    pub password: String,
    /// The folder, as people read its name.
    pub folder: String,
    /// A certificate in PEM that is trusted besides the public ones.
    pub certificate: Option<String>,
}

impl fmt::Debug for ImapSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { host, port, security, folder, .. } = self;
        let settings = (host, port, security, folder);
        f.debug_tuple("ImapSettings").field(&settings).finish()
    }
}

/// What is asked of a letter before it is fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// Its size in bytes.
    pub size: u64,
    /// When it came into the folder, in seconds since 1970; nothing where the server does not say.
    pub arrived_at: Option<i64>,
    /// Its Message-ID without brackets.
    pub message_id: Option<String>,
}

/// An open folder.
pub struct Imap {
    session: Session<Wire>,
    validity: u32,
}

impl Imap {
    /// Connects, signs in and opens the folder.
    ///
    /// # Errors
    /// [`ImapError`] says by its code what is wrong.
    pub async fn open(settings: &ImapSettings, private: Private) -> Result<Self, ImapError> {
        within(TO_OPEN, async {
            let mut client = greeted(wire::connect(settings, private).await?).await?;
            if settings.security == Security::StartTls {
                client.run_command_and_check_ok("STARTTLS", None).await.map_err(|error| ImapError::of_tls(&error))?;
                // What was said before is not believed: the client begins anew.
                client = Client::new(wire::protected(client.into_inner(), settings).await?);
            }
            let signed_in = client.login(&settings.login, &settings.password).await;
            let mut session = signed_in.map_err(|(error, _)| ImapError::of_login(&error))?;
            let opened = session.examine(folder::encoded(&settings.folder)).await;
            let opened = opened.map_err(|error| ImapError::of_folder(&error))?;
            let validity = opened.uid_validity.ok_or_else(ImapError::without_numbers)?;
            Ok(Self { session, validity })
        })
        .await
    }

    /// The folder's UIDVALIDITY: while it stays, numbers mean the same letters.
    #[must_use]
    pub fn validity(&self) -> u32 {
        self.validity
    }

    /// The numbers above `last` of letters that came on the day before `since` or later, in order.
    ///
    /// # Errors
    /// [`ImapError`].
    pub async fn newer(&mut self, last: u32, since: Timestamp) -> Result<Vec<u32>, ImapError> {
        let since = day(since).map(|day| format!(" SINCE {day}")).unwrap_or_default();
        let query = format!("UID {}:*{since}", u64::from(last) + 1);
        self.session.get_mut().allow(ANSWER);
        let found =
            within(TO_ASK, async { self.session.uid_search(query).await.map_err(|error| ImapError::of(&error)) })
                .await?;
        // `n:*` names the last letter even where its number is lower.
        let mut found: Vec<u32> = found.into_iter().filter(|uid| *uid > last).collect();
        found.sort_unstable();
        Ok(found)
    }

    /// What is said of a letter; nothing where the server does not give it out.
    ///
    /// # Errors
    /// [`ImapError`].
    pub async fn head(&mut self, uid: u32) -> Result<Option<Head>, ImapError> {
        self.session.get_mut().allow(AROUND);
        within(TO_ASK, async {
            let query = "(UID RFC822.SIZE INTERNALDATE BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])";
            let failed = |error: async_imap::error::Error| ImapError::of(&error);
            let mut answers = self.session.uid_fetch(uid.to_string(), query).await.map_err(failed)?;
            let mut head = None;
            while let Some(answer) = answers.try_next().await.map_err(failed)? {
                if answer.uid == Some(uid)
                    && let Some(size) = answer.size
                {
                    head = Some(Head {
                        size: size.into(),
                        arrived_at: answer.internal_date().map(|at| at.timestamp()),
                        message_id: answer.header().and_then(mime::message_id),
                    });
                }
            }
            Ok(head)
        })
        .await
    }

    /// A letter, whole, of about `size` bytes; nothing where the server does not give it out.
    ///
    /// # Errors
    /// [`ImapError`], also where it is larger by far than was said.
    pub async fn letter(&mut self, uid: u32, size: u64) -> Result<Option<Vec<u8>>, ImapError> {
        self.session.get_mut().allow(size.min(LARGEST) + size.min(LARGEST) / 8 + AROUND);
        within(TO_FETCH, async {
            let failed = |error: async_imap::error::Error| ImapError::of(&error);
            let mut answers = self.session.uid_fetch(uid.to_string(), "(UID BODY.PEEK[])").await.map_err(failed)?;
            let mut letter = None;
            while let Some(answer) = answers.try_next().await.map_err(failed)? {
                if answer.uid == Some(uid)
                    && let Some(body) = answer.body()
                {
                    letter = Some(body.to_vec());
                }
            }
            Ok(letter)
        })
        .await
    }

    /// Waits until the server tells of letters in the folder, and not for longer than `most`; then says goodbye. False at once
    /// where the server tells nothing by itself (IDLE, RFC 2177).
    pub async fn wait(mut self, most: Duration) -> bool {
        self.session.get_mut().allow(ANSWER);
        let offered = tokio::time::timeout(TO_ASK, self.session.capabilities()).await;
        if !matches!(&offered, Ok(Ok(offered)) if offered.has_str("IDLE")) {
            self.close().await;
            return false;
        }
        let mut idle = self.session.idle();
        if !matches!(tokio::time::timeout(TO_ASK, idle.init()).await, Ok(Ok(()))) {
            return false;
        }
        let until = Instant::now() + most;
        let is_new = loop {
            // Dropped earlier it would end the waiting.
            let (news, _waits) = idle.wait_with_timeout(most);
            match tokio::time::timeout_at(until, news).await {
                Ok(Ok(IdleResponse::NewData(told))) if tells_of_letters(told.parsed()) => break true,
                // What is read or moved away is no news.
                Ok(Ok(IdleResponse::NewData(_))) => {}
                _ => break false,
            }
        };
        if let Ok(Ok(mut session)) = tokio::time::timeout(TO_CLOSE, idle.done()).await {
            let _ = tokio::time::timeout(TO_CLOSE, session.logout()).await;
        }
        is_new
    }

    /// Says goodbye. Whoever does not is forgotten by the server after a while.
    pub async fn close(mut self) {
        self.session.get_mut().allow(AROUND);
        let _ = tokio::time::timeout(TO_CLOSE, self.session.logout()).await;
    }
}

fn tells_of_letters(told: &Response<'_>) -> bool {
    matches!(told, Response::MailboxData(MailboxDatum::Exists(_)))
}

/// A client that the server has greeted.
async fn greeted(wire: Wire) -> Result<Client<Wire>, ImapError> {
    let mut client = Client::new(wire);
    match client.read_response().await {
        Ok(Some(_)) => Ok(client),
        Ok(None) => Err(ImapError::silent("it said nothing")),
        Err(error) => Err(ImapError::of(&error.into())),
    }
}

async fn within<T>(time: Duration, asked: impl Future<Output = Result<T, ImapError>>) -> Result<T, ImapError> {
    let answer = tokio::time::timeout(time, asked).await;
    answer.unwrap_or_else(|_| Err(ImapError::silent(&format!("no answer within {} seconds", time.as_secs()))))
}

/// The day before a moment as the protocol writes days: servers have their own time zone. Nothing before they had any.
fn day(at: Timestamp) -> Option<String> {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let day = at.to_zoned(TimeZone::UTC).date().yesterday().ok()?;
    let month = MONTHS.get(usize::try_from(day.month() - 1).ok()?)?;
    (day.year() >= 1970).then(|| format!("{}-{month}-{}", day.day(), day.year()))
}

#[cfg(test)]
mod tests {
    use async_imap::imap_proto::Response;

    use super::{day, tells_of_letters};

    #[test]
    fn only_letters_are_news() {
        let told = |line: &[u8]| tells_of_letters(&Response::parse(line).unwrap().1);
        assert!(told(b"* 3 EXISTS\r\n"));
        for line in [&b"* 1 FETCH (FLAGS (\\Seen))\r\n"[..], b"* 2 EXPUNGE\r\n", b"* 0 RECENT\r\n"] {
            assert!(!told(line));
        }
    }

    #[test]
    fn days_are_written_as_the_protocol_has_them() {
        let told = |text: &str| day(text.parse().unwrap());
        assert_eq!(told("2027-03-01T12:00:00Z").as_deref(), Some("28-Feb-2027"));
        assert_eq!(told("2027-04-13T00:00:00Z").as_deref(), Some("12-Apr-2027"));
        assert_eq!(told("1960-01-01T00:00:00Z"), None);
    }
}
