//! Reports that a letter did not arrive (RFC 3464).

use mail_parser::{Message, MimeHeaders as _};

use super::{is_letter, line, message_id};

/// A letter that did not arrive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undelivered {
    /// Its Message-ID without brackets.
    pub message_id: String,
    /// The address that it did not reach.
    pub address: Option<String>,
    /// What the other server said.
    pub told: String,
}

/// What a report says of the letter that it is about; nothing where it is none, or one of a delay.
pub(super) fn undelivered(message: &Message<'_>) -> Option<Undelivered> {
    if !message.is_content_type("multipart", "report") {
        return None;
    }
    let report = message.parts.iter().find(|part| part.is_content_type("message", "delivery-status"))?;
    let report = unfolded(&String::from_utf8_lossy(report.contents()));
    let field = |name: &str| {
        let found = report.lines().find_map(|text| {
            let (key, value) = text.split_once(':')?;
            key.trim().eq_ignore_ascii_case(name).then(|| line(value.trim()))
        });
        found.filter(|value| !value.is_empty())
    };
    if !field("Action")?.eq_ignore_ascii_case("failed") {
        return None;
    }
    let of_type = |value: String| value.split_once(';').map(|(_, rest)| rest.trim().to_owned()).unwrap_or(value);
    let address = field("Original-Recipient").or_else(|| field("Final-Recipient")).map(of_type);
    let told = [field("Status"), field("Diagnostic-Code").map(of_type)].into_iter().flatten().collect::<Vec<_>>();
    Some(Undelivered { message_id: original(message)?, address, told: told.join(" ") })
}

/// The Message-ID of the letter that comes back, whole or by its head.
fn original(message: &Message<'_>) -> Option<String> {
    message.parts.iter().skip(1).find_map(|part| {
        let is_head =
            part.is_content_type("text", "rfc822-headers") || part.is_content_type("message", "rfc822-headers");
        if is_head || is_letter(part) { message_id(part.contents()) } else { None }
    })
}

/// The fields of a report, each on one line.
fn unfolded(report: &str) -> String {
    report.replace("\r\n", "\n").replace("\n ", " ").replace("\n\t", " ")
}
