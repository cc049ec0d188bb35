//! Requests that come by webhook: lead forms of VK and Meta, and whatever any other program brings (B3, B5). Each source proves
//! itself and words it in its own way; all come to one [`Came`].

mod meta;
mod vk;
mod webhook;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use data_encoding::{HEXLOWER, HEXLOWER_PERMISSIVE};
use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::Timestamp;
use model::form::Told;
use serde_json::{Map, Value as Json};
use sha2::Sha256;
use thiserror::Error;

use crate::telephone::{Knock, Refused};
use crate::webhook::Loopback;

pub use meta::verify_token;
pub use webhook::HEADER;

/// The longest name of a request, in characters.
const LONGEST_NAME: usize = 120;
/// Answers of one request at most, and how much is kept of one of them, in characters.
const MOST_ANSWERS: usize = 300;
const LONGEST_ANSWER: usize = 20_000;
/// Bytes of an HMAC-SHA256.
const LENGTH: usize = 32;

/// A kind of source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// Lead forms of a community of VK, by its Callback API.
    Vk,
    /// Lead ads of Meta: a webhook with the number of a lead, whose answers are asked for.
    Meta,
    /// Any program that signs JSON.
    Webhook,
}

impl Source {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Vk, Self::Meta, Self::Webhook];

    /// Its name, as it is kept and as the API says it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Vk => "vk",
            Self::Meta => "meta",
            Self::Webhook => "webhook",
        }
    }

    /// By its name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|source| source.name() == name)
    }

    /// The channel of its messages.
    #[must_use]
    pub fn channel(self) -> &'static str {
        match self {
            Self::Vk | Self::Meta => "social",
            Self::Webhook => "api",
        }
    }
}

/// By what a source is known and asked.
#[derive(Clone, Copy)]
pub struct Keys<'a> {
    /// The number of the community or page.
    pub account: Option<&'a str>,
    /// What a source signs with or says; of Meta what lets us in: the token of the page.
    pub secret: &'a str,
    /// What a source proves itself with, where that is something else: the secret of the app at Meta.
    pub hook: Option<&'a str>,
    /// What is answered where the source asks whether this is the right door.
    pub confirmation: Option<&'a str>,
    /// The header in which the signature stands.
    pub header: Option<&'a str>,
    /// The path of what the source calls the request.
    pub id_path: Option<&'a str>,
    /// Where it is asked, in place of the address that is known.
    pub url: Option<&'a str>,
}

/// A request that came.
#[derive(Clone, Debug, PartialEq)]
pub struct Came {
    /// What its source calls it, the same however often it is told.
    pub name: String,
    /// When it was sent, where that is told.
    pub at: Option<Timestamp>,
    /// What is known of it besides: the form, the advertisement.
    pub about: Map<String, Json>,
    /// What was answered.
    pub answers: Vec<Told>,
    /// All that came.
    pub raw: Json,
}

/// A request of which only its number was told.
#[derive(Clone, Debug, PartialEq)]
pub struct Notice {
    /// The number under which its answers are asked for.
    pub lead: String,
    /// All that was told.
    pub raw: Map<String, Json>,
}

/// What a request at the door of a line tells.
#[derive(Clone, Debug, PartialEq)]
pub enum Heard {
    /// Nothing that is of interest; this is answered.
    Answered(String),
    /// A request.
    Came(Box<Came>),
    /// Requests whose answers are to be asked for.
    Told(Vec<Notice>),
}

/// Why answers were not given.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum Unfetched {
    /// They may be given later.
    #[error("{0}")]
    Later(String),
    /// They are not given before somebody does something about it.
    #[error("{0}")]
    Never(String),
}

/// What is told at a door.
///
/// # Errors
/// [`Refused`].
pub fn read(source: Source, keys: &Keys<'_>, knock: &Knock<'_>) -> Result<Heard, Refused> {
    let heard = match source {
        Source::Vk => vk::read(keys, knock),
        Source::Meta => meta::read(keys, knock),
        Source::Webhook => webhook::read(keys, knock),
    }?;
    match &heard {
        Heard::Came(came) => check(&came.name, &came.raw)?,
        Heard::Told(notices) => {
            for notice in notices {
                check(&notice.lead, &Json::Object(notice.raw.clone()))?;
            }
        }
        Heard::Answered(_) => {}
    }
    Ok(heard)
}

/// What is answered where a source asks by its address whether this is the right door.
///
/// # Errors
/// [`Refused`]; so of a source that does not ask.
pub fn verify(source: Source, keys: &Keys<'_>, knock: &Knock<'_>) -> Result<String, Refused> {
    match source {
        Source::Meta => meta::verify(keys, knock),
        Source::Vk | Source::Webhook => Err(Refused::Signature),
    }
}

/// Asks for the answers of a request of which only its number was told.
///
/// # Errors
/// [`Unfetched`], without the secrets that were shown.
pub async fn fetch(keys: &Keys<'_>, lead: &str, loopback: Loopback) -> Result<Map<String, Json>, Unfetched> {
    meta::fetch(keys, lead, loopback).await
}

/// A request of Meta, by what was told of it and what was answered.
#[must_use]
pub fn of_meta(notice: &Notice, answer: &Map<String, Json>) -> Came {
    meta::came(notice, answer)
}

/// What would be a request, by a sample of what the source sends: of VK an event or its object, of Meta the answers of a lead.
///
/// # Errors
/// [`Refused::Unreadable`].
pub fn sample(source: Source, body: &Json) -> Result<Came, Refused> {
    let Json::Object(map) = body else { return Err(unreadable("a sample is a JSON object")) };
    let came = match source {
        Source::Vk => vk::came(map.get("object").and_then(Json::as_object).unwrap_or(map), body.clone()),
        Source::Meta => {
            let lead = crate::telephone::text(map, "id").unwrap_or_default();
            meta::came(&Notice { lead, raw: Map::new() }, map)
        }
        Source::Webhook => webhook::came(body, String::new()),
    };
    check("sample", &came.raw)?;
    Ok(came)
}

fn check(name: &str, raw: &Json) -> Result<(), Refused> {
    if name.is_empty() || name.chars().count() > LONGEST_NAME || name.chars().any(char::is_control) {
        return Err(unreadable(&format!("a request is known by 1 to {LONGEST_NAME} characters of one line")));
    }
    if model::value::has_nul(raw) {
        return Err(unreadable("the character U+0000 cannot be kept"));
    }
    Ok(())
}

fn unreadable(how: &str) -> Refused {
    Refused::Unreadable(how.to_owned())
}

/// The same answers, no more and no longer than are kept.
fn bounded(answers: impl Iterator<Item = Told>) -> Vec<Told> {
    let cut = |text: String| {
        if text.chars().count() > LONGEST_ANSWER { text.chars().take(LONGEST_ANSWER).collect() } else { text }
    };
    let cut_all = |told: Told| Told {
        key: cut(told.key),
        label: told.label.map(cut),
        values: told.values.into_iter().map(cut).collect(),
    };
    answers.take(MOST_ANSWERS).map(cut_all).collect()
}

/// A text, number or truth as a text; nothing of lists and objects.
fn plain(json: &Json) -> Option<String> {
    match json {
        Json::String(text) => Some(text.clone()),
        Json::Number(number) => Some(number.to_string()),
        Json::Bool(yes) => Some(yes.to_string()),
        Json::Null | Json::Array(_) | Json::Object(_) => None,
    }
}

fn mac(secret: &str) -> Option<Hmac<Sha256>> {
    Hmac::<Sha256>::new_from_slice(secret.as_bytes()).ok()
}

/// The HMAC-SHA256 of a text, in hex.
fn digest(secret: &str, text: &[u8]) -> String {
    let Some(mut mac) = mac(secret) else { return String::new() };
    mac.update(text);
    HEXLOWER.encode(&mac.finalize().into_bytes())
}

/// Whether what is said is the HMAC-SHA256 of the body, in hex or Base64, with or without `sha256=` before it.
fn is_signed(secret: &str, said: &str, body: &[u8]) -> bool {
    let said = said.trim();
    let said = said.strip_prefix("sha256=").unwrap_or(said);
    let bytes = HEXLOWER_PERMISSIVE.decode(said.as_bytes()).ok().filter(|bytes| bytes.len() == LENGTH);
    let bytes = bytes.or_else(|| STANDARD.decode(said).ok());
    let (Some(bytes), Some(mut mac)) = (bytes, mac(secret)) else { return false };
    mac.update(body);
    mac.verify_slice(&bytes).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(super) fn keys<'a>(secret: &'a str, hook: Option<&'a str>) -> Keys<'a> {
        Keys { account: None, secret, hook, confirmation: None, header: None, id_path: None, url: None }
    }

    /// What is told by a body with a header.
    pub(super) fn heard(
        source: Source,
        keys: &Keys<'_>,
        header: Option<(&str, &str)>,
        body: &str,
    ) -> Result<Heard, Refused> {
        let header = |name: &str| header.filter(|(said, _)| *said == name).map(|(_, text)| text.to_owned());
        let knock = Knock { event: None, url: "https://crm.example.org/x", header: &header, body: body.as_bytes() };
        read(source, keys, &knock)
    }

    #[test]
    fn a_signature_is_read_however_it_is_written() {
        // RFC 4231, test case 2.
        let (key, body) = ("Jefe", b"what do ya want for nothing?");
        let hex = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
        assert_eq!(digest(key, body), hex);
        let coded = STANDARD.encode(HEXLOWER.decode(hex.as_bytes()).unwrap_or_default());
        for said in [hex.to_owned(), hex.to_uppercase(), format!("sha256={hex}"), coded.clone(), format!(" {coded} ")] {
            assert!(is_signed(key, &said, body), "{said}");
        }
        for wrong in ["", "sha256=", "00", &hex[2..], "sha1=x", hex.replace('5', "6").as_str()] {
            assert!(!is_signed(key, wrong, body), "{wrong}");
        }
        assert!(!is_signed("jefe", hex, body));
    }
}
