//! Short messages: SMS through a gateway over HTTP, and the chat of a Telegram bot. Each carrier is asked in its own way and
//! tells of what became of a message in its own words; all come to one [`Told`].

mod http;
mod smsc;
mod telegram;
mod twilio;

use jiff::Timestamp;
use model::value::TEXT_LIMIT;
use model::{Id, Locale};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value as Json;
use subtle::ConstantTimeEq as _;
use thiserror::Error;

use crate::storable;
use crate::telephone::{Knock, Refused};
use crate::webhook::{Ask, Loopback, PostError, ask};

/// The longest name of a message, in characters.
const LONGEST_NAME: usize = 190;
/// Characters of an answer that are told.
const TOLD: usize = 300;

/// A kind of carrier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Carrier {
    /// SMSC.ru, and those who took its HTTP API over.
    Smsc,
    /// Twilio, its Messages API.
    Twilio,
    /// Any gateway over HTTP, by a template of the request.
    Http,
    /// A Telegram bot, by the Bot API.
    Telegram,
}

impl Carrier {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Smsc, Self::Twilio, Self::Http, Self::Telegram];

    /// Its name, as it is kept and as the API says it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Smsc => "smsc",
            Self::Twilio => "twilio",
            Self::Http => "http",
            Self::Telegram => "telegram",
        }
    }

    /// By its name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|carrier| carrier.name() == name)
    }

    /// The channel of its messages.
    #[must_use]
    pub fn channel(self) -> &'static str {
        match self {
            Self::Telegram => "chat",
            Self::Smsc | Self::Twilio | Self::Http => "sms",
        }
    }

    /// The longest text, in characters: what SMSC.ru takes, and the Bot API.
    #[must_use]
    pub fn longest(self) -> usize {
        match self {
            Self::Telegram => 4_096,
            Self::Smsc | Self::Twilio | Self::Http => 1_000,
        }
    }
}

/// How a carrier is spoken with.
#[derive(Clone, Copy)]
pub struct Account<'a> {
    /// What it calls us: a login, an account; nothing where the secret says it all.
    pub name: Option<&'a str>,
    /// What lets us in: a password or key, the token of a bot.
    pub secret: &'a str,
    /// What it proves itself with, where that is something else.
    pub hook: Option<&'a str>,
    /// The number or name that messages come from.
    pub sender: Option<&'a str>,
    /// Where it is asked, in place of the address that is known.
    pub url: Option<&'a str>,
    /// What is sent there, with places for what differs: of [`Carrier::Http`].
    pub body: Option<&'a str>,
}

/// A message on its way.
#[derive(Clone, Copy, Debug)]
pub struct Short<'a> {
    /// Ours, the same at every attempt.
    pub id: &'a str,
    /// A number, E.164, or a chat as [`Came::from`] names it.
    pub to: &'a str,
    /// What it says.
    pub text: &'a str,
    /// Where its fate is told.
    pub callback: &'a str,
}

/// Why a message was not taken.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum Unsent {
    /// It may be taken later.
    #[error("{0}")]
    Later(String),
    /// It never will be.
    #[error("{0}")]
    Never(String),
}

impl Unsent {
    /// The same without a secret that somebody repeats who was asked with it.
    fn without(self, secret: &str) -> Self {
        let written = utf8_percent_encode(secret, NON_ALPHANUMERIC).to_string();
        let hide = |words: String| words.replace(secret, "…").replace(&written, "…");
        match self {
            Self::Later(words) => Self::Later(hide(words)),
            Self::Never(words) => Self::Never(hide(words)),
        }
    }
}

/// What became of a message that was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It is under way.
    OnItsWay,
    /// It arrived.
    Delivered,
    /// It did not, and why.
    Failed(String),
}

/// What is told of a message that was sent.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// The message, where it is told by our name for it.
    pub message: Option<Id>,
    /// The carrier's name for it.
    pub known_as: Option<String>,
    /// What became of it.
    pub fate: Fate,
    /// The same in the carrier's word.
    pub what: String,
    /// All that came.
    pub raw: Json,
}

/// A message that came in.
#[derive(Clone, Debug, PartialEq)]
pub struct Came {
    /// The carrier's name for it, the same however often it is told.
    pub name: String,
    /// The number or chat that it is from, as an answer goes there.
    pub from: String,
    /// Who that is, as they call themselves.
    pub from_name: Option<String>,
    /// A number that they have shown to be theirs.
    pub phone: Option<String>,
    /// What it says; empty where it is a picture or something else.
    pub text: String,
    /// When it was written.
    pub at: Option<Timestamp>,
    /// Its language, where it is told.
    pub locale: Option<Locale>,
    /// All that came.
    pub raw: Json,
}

/// What a request at the door of a line tells.
#[derive(Clone, Debug, PartialEq)]
pub enum Told {
    /// What became of a message that was sent.
    Fate(Report),
    /// A message that came in.
    Came(Came),
}

/// A request as a carrier makes it.
struct Request {
    method: &'static str,
    url: String,
    headers: Vec<(&'static str, String)>,
    body: String,
}

impl Request {
    /// A form that is posted.
    fn form(url: String, fields: &[(&str, &str)]) -> Self {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let headers = vec![("content-type", "application/x-www-form-urlencoded; charset=utf-8".to_owned())];
        Self { method: "POST", url, headers, body }
    }

    /// JSON that is posted.
    fn json(url: String, body: &Json) -> Self {
        let headers = vec![("content-type", "application/json".to_owned())];
        Self { method: "POST", url, headers, body: body.to_string() }
    }

    /// Asks; answers with the status and what was said.
    async fn ask(self, loopback: Loopback) -> Result<(u16, String), Unsent> {
        let Self { method, url, headers, body } = self;
        let request = Ask { method, url: &url, headers, body: body.as_bytes(), wants_body: true };
        let answer = ask(&request, loopback).await.map_err(|error| match error {
            PostError::Refused(why) => Unsent::Never(why),
            PostError::Failed(why) => Unsent::Later(why),
            PostError::Unclear(why) => unclear(&why),
        })?;
        Ok((answer.status, String::from_utf8_lossy(&answer.body).into_owned()))
    }
}

/// Hands a message to a carrier; answers with its name for it, where it says one.
///
/// # Errors
/// [`Unsent`]: it is tried again or given up.
pub async fn send(
    carrier: Carrier,
    account: &Account<'_>,
    short: &Short<'_>,
    loopback: Loopback,
) -> Result<Option<String>, Unsent> {
    let request = match carrier {
        Carrier::Smsc => smsc::request(account, short),
        Carrier::Twilio => twilio::request(account, short)?,
        Carrier::Http => http::request(account, short)?,
        Carrier::Telegram => telegram::request(account, short)?,
    };
    let answer = request.ask(loopback).await;
    let name = answer.and_then(|(status, said)| match carrier {
        Carrier::Smsc => smsc::taken(status, &said),
        Carrier::Twilio => twilio::taken(status, &said),
        Carrier::Http => http::taken(status, &said),
        Carrier::Telegram => telegram::taken(status, &said),
    });
    let name = name.map_err(|unsent| unsent.without(account.secret))?;
    // What cannot be kept is no name: to fail over it would send the message once more.
    Ok(name.filter(|name| name.chars().count() <= LONGEST_NAME && !name.chars().any(char::is_control)))
}

/// Tells a Telegram bot where it tells of what is written to it.
///
/// # Errors
/// [`Unsent`] in the words of the other side.
pub async fn connect(account: &Account<'_>, door: &str, loopback: Loopback) -> Result<(), Unsent> {
    let answer = telegram::connection(account, door)?.ask(loopback).await;
    let taken = answer.and_then(|(status, said)| telegram::taken(status, &said));
    taken.map(drop).map_err(|unsent| unsent.without(account.secret))
}

/// What a request tells; nothing where it is of no interest.
///
/// # Errors
/// [`Refused`].
pub fn read(carrier: Carrier, account: &Account<'_>, knock: &Knock<'_>) -> Result<Option<Told>, Refused> {
    let mut told = match carrier {
        Carrier::Smsc => smsc::read(account, knock),
        Carrier::Twilio => twilio::read(account, knock),
        Carrier::Http => http::read(account, knock),
        Carrier::Telegram => telegram::read(account, knock),
    }?;
    if let Some(Told::Came(came)) = &mut told {
        came.text = storable(&came.text);
        came.from_name = came.from_name.take().map(|name| name.chars().take(TEXT_LIMIT).collect());
    }
    let (name, raw) = match &told {
        None => return Ok(None),
        Some(Told::Fate(report)) => (report.known_as.as_deref(), &report.raw),
        Some(Told::Came(came)) => (Some(came.name.as_str()), &came.raw),
    };
    if name.is_some_and(|name| name.is_empty() || name.chars().count() > LONGEST_NAME) {
        return Err(Refused::Unreadable(format!("a message is known by 1 to {LONGEST_NAME} characters")));
    }
    if model::value::has_nul(raw) {
        return Err(Refused::Unreadable("the character U+0000 cannot be kept".to_owned()));
    }
    Ok(told)
}

/// Whether somebody knows the same secret.
fn is_same(said: &str, secret: &str) -> bool {
    said.as_bytes().ct_eq(secret.as_bytes()).into()
}

/// What an answer means that is none of 2xx.
fn not_taken(status: u16, words: &str) -> Unsent {
    let told = format!("the answer was {status}: {}", shortened(words));
    match status {
        // Whoever stands before the carrier does not know what that did.
        504 => unclear(&told),
        408 | 425 | 429 | 500..=599 => Unsent::Later(told),
        _ => Unsent::Never(told),
    }
}

/// What is told where nothing was answered that is known: to send once more what was taken would be worse.
fn unclear(words: &str) -> Unsent {
    Unsent::Never(format!("it is not known whether it was taken: {}", shortened(words)))
}

fn shortened(words: &str) -> String {
    words.chars().filter(|letter| !letter.is_control()).take(TOLD).collect()
}

#[cfg(test)]
mod tests {
    use super::{Account, Short};

    pub(super) const SHORT: Short<'static> = Short {
        id: "0190a000-0000-7000-8000-000000000001",
        to: "+79211234567",
        text: "Стенд & \"свет\"",
        callback: "https://crm.example.org/api/hooks/messages/1",
    };

    pub(super) fn account<'a>(name: Option<&'a str>, secret: &'a str) -> Account<'a> {
        Account { name, secret, hook: Some("a word of both"), sender: Some("Forum"), url: None, body: None }
    }
}
