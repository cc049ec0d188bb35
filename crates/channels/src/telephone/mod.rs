//! What providers of telephony tell by webhook: whether it is them, and what became of which call (B2). Each provider signs and
//! words it in its own way; all come to one [`CallEvent`].

mod mango;
mod plenary;
mod twilio;

use jiff::Timestamp;
use serde_json::{Map, Value as Json};
use thiserror::Error;

pub(crate) use twilio::is_signed as is_signed_by_twilio;

/// The longest name of a call, in characters.
const LONGEST_CALL: usize = 190;
/// The longest number, extension or address of a recording, in characters.
const LONGEST_TEXT: usize = 1_000;

/// A kind of provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Provider {
    /// Whoever speaks the documented JSON of Plenary, signed as its own webhooks are.
    Plenary,
    /// Mango Office, its connector of virtual exchanges.
    Mango,
    /// Twilio, its status callbacks of voice.
    Twilio,
}

impl Provider {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Plenary, Self::Mango, Self::Twilio];

    /// Its name, as it is kept and as the API says it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Plenary => "plenary",
            Self::Mango => "mango",
            Self::Twilio => "twilio",
        }
    }

    /// By its name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|provider| provider.name() == name)
    }
}

/// By what a provider is known.
#[derive(Clone, Copy, Debug)]
pub struct Keys<'a> {
    /// What it calls the account, where it signs that too.
    pub account: &'a str,
    /// What both sides alone know.
    pub secret: &'a str,
}

/// A request at the door of a line.
pub struct Knock<'a> {
    /// The last part of the address, where the provider names the event by it.
    pub event: Option<&'a str>,
    /// The address as the provider knows it.
    pub url: &'a str,
    /// A header by its name in small letters.
    pub header: &'a dyn Fn(&str) -> Option<String>,
    /// The body as it came.
    pub body: &'a [u8],
}

/// Why a request is not taken.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum Refused {
    /// It is not signed by whoever knows the secret.
    #[error("the signature is missing or wrong")]
    Signature,
    /// What is in it cannot be understood.
    #[error("{0}")]
    Unreadable(String),
}

/// Who called whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Somebody called us.
    In,
    /// We called somebody.
    Out,
}

/// How far a call has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// It rings.
    Ringing,
    /// Somebody took it.
    Answered,
    /// It is over; whether somebody took it, where the provider says so.
    Ended(Option<bool>),
    /// Something else is told of it.
    Told,
}

/// What one request tells of a call.
#[derive(Clone, Debug, PartialEq)]
pub struct CallEvent {
    /// Under what the provider knows the call.
    pub call: String,
    /// What is told, in a word or two: the same words for the same event.
    pub what: String,
    /// How far the call has come.
    pub step: Step,
    /// When, where the provider says so.
    pub at: Option<Timestamp>,
    /// Who called whom.
    pub direction: Option<Direction>,
    /// The number that called, as it was told.
    pub from: Option<String>,
    /// The number that was called, as it was told.
    pub to: Option<String>,
    /// Whose set rings or was taken.
    pub extension: Option<String>,
    /// How long was spoken, in seconds.
    pub duration: Option<i64>,
    /// Where the recording is.
    pub recording: Option<String>,
    /// All that came.
    pub raw: Json,
}

/// What a request tells; nothing where it is of no interest.
///
/// # Errors
/// [`Refused`].
pub fn read(provider: Provider, keys: Keys<'_>, knock: &Knock<'_>) -> Result<Option<CallEvent>, Refused> {
    let event = match provider {
        Provider::Plenary => plenary::read(keys, knock),
        Provider::Mango => mango::read(keys, knock),
        Provider::Twilio => twilio::read(keys, knock),
    }?;
    let Some(event) = event else { return Ok(None) };
    let length = event.call.chars().count();
    if length == 0 || length > LONGEST_CALL {
        return Err(Refused::Unreadable(format!("a call is known by 1 to {LONGEST_CALL} characters")));
    }
    if model::value::has_nul(&event.raw) {
        return Err(Refused::Unreadable("the character U+0000 cannot be kept".to_owned()));
    }
    Ok(Some(event))
}

/// An event of which only this is known yet.
fn bare(call: String, what: &str, step: Step, raw: Json) -> CallEvent {
    CallEvent {
        call,
        what: what.to_owned(),
        step,
        at: None,
        direction: None,
        from: None,
        to: None,
        extension: None,
        duration: None,
        recording: None,
        raw,
    }
}

/// A text or a number of an object, as a text that is not empty and has no control characters.
pub(crate) fn text(map: &Map<String, Json>, name: &str) -> Option<String> {
    let text = match map.get(name)? {
        Json::String(text) => text.trim().chars().filter(|letter| !letter.is_control()).collect(),
        Json::Number(number) => number.to_string(),
        _ => return None,
    };
    Some(text).filter(|text| !text.is_empty() && text.chars().count() <= LONGEST_TEXT)
}

/// A whole number of an object, also where it is written as a text.
pub(crate) fn whole(map: &Map<String, Json>, name: &str) -> Option<i64> {
    text(map, name)?.parse().ok()
}

pub(crate) fn object(json: &str) -> Result<Map<String, Json>, Refused> {
    match serde_json::from_str(json) {
        Ok(Json::Object(map)) => Ok(map),
        Ok(_) => Err(Refused::Unreadable("a call is told of by a JSON object".to_owned())),
        Err(error) => Err(Refused::Unreadable(format!("this is not JSON: {error}"))),
    }
}

/// The fields of a form, in their order.
pub(crate) fn form(body: &[u8]) -> Vec<(String, String)> {
    url::form_urlencoded::parse(body).into_owned().collect()
}
