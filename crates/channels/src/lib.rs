//! How Plenary speaks with people and programs outside: letters from templates, who agreed to which, the outbox they wait in, delivery by SMTP;
//! letters of mailboxes by IMAP; SMS and chat; webhooks; what providers of telephony tell; requests of networks and programs.

mod address;
pub mod consent;
pub mod imap;
pub mod letters;
pub mod mime;
pub mod outbox;
pub mod requests;
pub mod short;
pub mod smtp;
pub mod telephone;
#[cfg(feature = "testing")]
pub mod testing;
pub mod webhook;

pub use address::Address;

/// A text that stands in one line: control characters, line breaks among them, become single spaces. What goes into
/// the head of a letter passes through here, so that a name cannot begin a header of its own.
pub(crate) fn one_line(text: &str) -> String {
    let breaks = |character: char| character.is_whitespace() && character != '\u{a0}' && character != '\u{202f}';
    let parts = text.split(|character: char| character.is_control() || breaks(character));
    let words: Vec<_> = parts.filter(|part| !part.is_empty()).collect();
    words.join(" ")
}

/// A text of a stranger as it is kept: line ends are one character, other control characters are none.
pub(crate) fn storable(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    text.chars().filter(|letter| !letter.is_control() || matches!(letter, '\n' | '\t')).collect()
}
