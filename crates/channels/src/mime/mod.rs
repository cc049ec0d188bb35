//! A letter that came in, as RFC 5322 and MIME have it, read into what is kept of it. Whatever is wrong with it, it is read as
//! far as it goes: what cannot be told is left out, nothing panics, and none takes longer than its length explains.

mod bound;
mod clean;
mod report;
mod rows;
mod vouched;

use std::borrow::Cow;
use std::panic::catch_unwind;

use mail_parser::decoders::html::html_to_text;
use mail_parser::{
    Addr, Address, HeaderName, HeaderValue, Message, MessageParser, MessagePart, MimeHeaders as _, PartType,
};
use model::value::{LONG_TEXT_LIMIT, TEXT_LIMIT};

use crate::{one_line, storable};

pub use clean::sanitised;
pub use report::Undelivered;
pub use rows::rows;
pub use vouched::vouches;

/// Parts of text that are joined at most.
const PARTS: usize = 50;
/// Files of one letter that are kept one by one at most: the rest stays in the letter as it came.
const FILES: usize = 100;
/// Letters that a letter names as those before it, at most.
const EARLIER: usize = 50;
/// How long a Message-ID may be, in bytes; RFC 5322 allows a line of 998.
const ID: usize = 998;
/// How much of a letter is read that is not taken apart, in bytes: its head.
const HEAD: usize = 32 * 1024;

/// Somebody as a letter names them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Party {
    /// What they are called; nothing where the letter does not say.
    pub name: Option<String>,
    /// The address as it was written: it may be none.
    pub email: String,
}

/// A file that came along.
#[derive(Clone, PartialEq, Eq)]
pub struct Enclosed {
    /// Its name as it was sent.
    pub name: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

impl std::fmt::Debug for Enclosed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Enclosed").field("name", &self.name).field("size", &self.bytes.len()).finish()
    }
}

/// A letter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Letter {
    /// Its Message-ID without brackets.
    pub message_id: Option<String>,
    /// Letters before it that it answers, without brackets, the nearest first.
    pub earlier: Vec<String>,
    /// Who wrote it.
    pub from: Option<Party>,
    /// To whom, the first of them.
    pub to: Option<Party>,
    /// Its subject, on one line.
    pub subject: Option<String>,
    /// Its words; those of the formatted text where it has no others.
    pub text: Option<String>,
    /// Its formatted text as a whole page: without scripts, and without pictures that something would have to be asked for.
    pub html: Option<String>,
    /// When it was written as its writer says, in seconds since 1970.
    pub written_at: Option<i64>,
    /// What came along.
    pub files: Vec<Enclosed>,
    /// Whether a machine wrote it (RFC 3834): an absence note, a list, a report.
    pub is_automatic: bool,
    /// What mail servers found out about who sent it (`Authentication-Results`, RFC 8601), the last of them first.
    pub results: Vec<String>,
    /// The letter that did not arrive, where this says so of one (RFC 3464).
    pub undelivered: Option<Undelivered>,
}

/// Reads a letter; nothing where there is none in the bytes, or the parser stumbles. One that would take out of all proportion to
/// its length is not taken apart: it is a file of its own, under what its head says.
#[must_use]
pub fn read(raw: &[u8]) -> Option<Letter> {
    // The parser is somebody else's, and strangers write what it reads.
    catch_unwind(|| if bound::is_tangled(raw) { closed(raw) } else { opened(raw) }).ok().flatten()
}

fn opened(raw: &[u8]) -> Option<Letter> {
    let sealed = bound::sealed(raw);
    let message = MessageParser::default().parse(&*sealed)?;
    let (mut files, mut text, mut html) = (files(&message), text(&message), html(&message));
    if matches!(sealed, Cow::Owned(_)) {
        for file in &mut files {
            file.bytes = bound::unsealed(&file.bytes).into_owned();
        }
        for text in [&mut text, &mut html].into_iter().flatten() {
            *text = String::from_utf8_lossy(&bound::unsealed(text.as_bytes())).into_owned();
        }
    }
    let text = kept(text, "letter.txt", &mut files);
    let html = kept(html, "letter.html", &mut files).map(|html| clean::page(&html));
    let undelivered = report::undelivered(&message);
    let said = said(&message);
    Some(Letter {
        // A page may have grown by being cleaned.
        html: html.filter(|html| !html.is_empty() && html.chars().count() <= LONG_TEXT_LIMIT),
        text,
        is_automatic: undelivered.is_some() || said.is_automatic,
        files,
        undelivered,
        ..said
    })
}

fn closed(raw: &[u8]) -> Option<Letter> {
    let message = MessageParser::default().parse_headers(head(raw))?;
    let whole = Enclosed { name: "letter.eml".to_owned(), bytes: raw.to_vec() };
    Some(Letter { files: vec![whole], ..said(&message) })
}

/// What the head of a letter says.
fn said(message: &Message<'_>) -> Letter {
    Letter {
        message_id: id(message.message_id()),
        earlier: earlier(message),
        from: message.from().or_else(|| message.sender()).and_then(first),
        to: message.to().or_else(|| message.cc()).and_then(first),
        subject: message.subject().map(line).filter(|text| !text.is_empty()),
        written_at: message.date().map(mail_parser::DateTime::to_timestamp),
        results: vouched::results(message),
        is_automatic: is_automatic(message),
        ..Letter::default()
    }
}

fn head(raw: &[u8]) -> &[u8] {
    raw.get(..HEAD).unwrap_or(raw)
}

/// The Message-ID that the head of a letter says, without brackets.
#[must_use]
pub fn message_id(raw: &[u8]) -> Option<String> {
    let read = || id(MessageParser::default().parse_headers(head(raw))?.message_id());
    catch_unwind(read).ok().flatten()
}

fn id(text: Option<&str>) -> Option<String> {
    let text = text?.trim().trim_start_matches('<').trim_end_matches('>');
    let is_one =
        !text.is_empty() && text.len() <= ID && !text.contains(|it: char| it.is_whitespace() || it.is_control());
    is_one.then(|| text.to_owned())
}

/// What is answered first, then the thread from its end.
fn earlier(message: &Message<'_>) -> Vec<String> {
    let ids = |value: &HeaderValue<'_>| {
        let list = value.as_text_list().unwrap_or_default();
        list.iter().rev().filter_map(|text| id(Some(&**text))).take(EARLIER).collect::<Vec<_>>()
    };
    let mut all = ids(message.in_reply_to());
    for earlier in ids(message.references()) {
        if all.len() < EARLIER && !all.contains(&earlier) {
            all.push(earlier);
        }
    }
    all
}

/// The first of those who are named; people in groups are people.
fn first(address: &Address<'_>) -> Option<Party> {
    let party = |one: &Addr<'_>| {
        let email = line(one.address()?);
        let name = one.name().map(line).filter(|name| !name.is_empty() && *name != email);
        Some(Party { name, email })
    };
    address.iter().find_map(party)
}

fn is_automatic(message: &Message<'_>) -> bool {
    let said = |name: HeaderName<'static>| {
        let text = message.header_values(name).find_map(|value| value.as_text().map(str::to_owned));
        text.map(|text| text.trim().to_ascii_lowercase())
    };
    let by_machine = said(HeaderName::AutoSubmitted).is_some_and(|text| !text.is_empty() && !text.starts_with("no"));
    let precedence = said(HeaderName::Other("Precedence".into()));
    let in_bulk = precedence.is_some_and(|text| ["bulk", "junk", "list", "auto_reply"].contains(&text.as_str()));
    by_machine || in_bulk || message.header(HeaderName::ListId).is_some()
}

/// All that is written in it, part after part; of what is only formatted the words that are seen.
fn text(message: &Message<'_>) -> Option<String> {
    // All parts together take no longer to be cleaned than one may.
    let mut tags = 0;
    let parts = message.text_bodies().take(PARTS).filter_map(|part| match &part.body {
        PartType::Text(text) => Some(storable(text)),
        PartType::Html(html) => {
            tags += clean::tags(html);
            let is_cleaned = tags <= clean::TAGS && !clean::is_too_long(html);
            Some(storable(&if is_cleaned { html_to_text(&sanitised(html)) } else { html_to_text(html) }))
        }
        _ => None,
    });
    let parts: Vec<String> = parts.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()).collect();
    (!parts.is_empty()).then(|| parts.join("\n\n"))
}

/// What of it is formatted, as it came.
fn html(message: &Message<'_>) -> Option<String> {
    let parts = message.html_bodies().take(PARTS).filter_map(|part| match &part.body {
        PartType::Html(html) => Some(storable(html)),
        _ => None,
    });
    let all = parts.collect::<Vec<_>>().join("\n");
    (!all.trim().is_empty()).then_some(all)
}

/// What there is room for among the fields; what there is none for becomes a file.
fn kept(text: Option<String>, name: &str, files: &mut Vec<Enclosed>) -> Option<String> {
    let text = text?;
    let is_page = name == "letter.html";
    if text.chars().count() <= LONG_TEXT_LIMIT / 2 && !(is_page && clean::is_too_long(&text)) {
        return Some(text);
    }
    let start = text.chars().take(LONG_TEXT_LIMIT / 2).collect();
    files.push(Enclosed { name: name.to_owned(), bytes: text.into_bytes() });
    // Half a page is none; the beginning of a text is.
    (!is_page).then_some(start)
}

fn files(message: &Message<'_>) -> Vec<Enclosed> {
    let mut files: Vec<Enclosed> = Vec::new();
    for part in message.attachments().take(FILES) {
        let bytes = part.contents();
        if bytes.is_empty() {
            continue;
        }
        let named = part.attachment_name().map(line).filter(|name| !name.is_empty());
        let name = named.unwrap_or_else(|| nameless(part));
        files.push(Enclosed { name, bytes: bytes.to_vec() });
    }
    files
}

/// Whether a part is a letter.
fn is_letter(part: &MessagePart<'_>) -> bool {
    let kind = part.content_type().map(|kind| (kind.ctype(), kind.subtype().unwrap_or_default()));
    kind.is_some_and(|(kind, what)| kind == "message" && bound::SEALED.contains(&what))
}

/// A name for what came without one.
fn nameless(part: &MessagePart<'_>) -> String {
    if is_letter(part) {
        let message = MessageParser::default().parse_headers(head(part.contents()));
        let subject = message.as_ref().and_then(Message::subject).map(line).filter(|text| !text.is_empty());
        return format!("{}.eml", subject.unwrap_or_else(|| "letter".to_owned()));
    }
    let ending = match part.content_type().map(|kind| (kind.ctype(), kind.subtype().unwrap_or_default())) {
        Some(("image", "jpeg")) => "jpg",
        Some(("image", kind)) if kind.len() <= 4 && kind.bytes().all(|byte| byte.is_ascii_alphanumeric()) => kind,
        Some(("application", "pdf")) => "pdf",
        Some(("text", "calendar")) => "ics",
        Some(("text", "html")) => "html",
        Some(("text", _)) => "txt",
        _ => "bin",
    };
    format!("file.{ending}")
}

/// A text for a field of one line.
fn line(text: &str) -> String {
    one_line(text).chars().take(TEXT_LIMIT).collect()
}
