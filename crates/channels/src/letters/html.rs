//! The HTML form of a letter, made from its text. Mail programs know little CSS, so the layout is one table with
//! styles on the elements. Everything that comes from the text is escaped.

use std::fmt::Write as _;

use model::Locale;

use super::marked;

const PAGE: &str = "margin:0;padding:24px 12px;background-color:#f4f5f8";
const SHEET: &str = "width:100%;max-width:600px;background-color:#ffffff;border:1px solid #e3e5ec;border-radius:12px";
const HEAD: &str = "padding:18px 28px;border-bottom:1px solid #e3e5ec;color:#3d4a9e;font-size:15px;font-weight:600";
const BODY: &str = "padding:24px 28px 12px;color:#1d2130;font-size:16px;line-height:1.55";
const FONT: &str = "font-family:-apple-system,'Segoe UI',Roboto,Arial,sans-serif";
pub(super) const PARAGRAPH: &str = "margin:0 0 16px";
const LINK: &str = "color:#3d4a9e;word-break:break-word";

/// A whole HTML document of a plain text: an empty line ends a paragraph, other line breaks stay, bare web addresses become
/// links where `links` says so. An empty `organiser` leaves out the head.
#[must_use]
pub fn from_text(
    subject: &str,
    text: &str,
    organiser: &str,
    locale: Locale,
    links: impl Fn(&str) -> bool + Copy,
) -> String {
    let mut body = String::new();
    for paragraph in text.replace('\r', "").split("\n\n").map(str::trim).filter(|paragraph| !paragraph.is_empty()) {
        let lines: Vec<_> = paragraph.lines().map(|text| line(text, links)).collect();
        // Writing into a string does not fail.
        let _ = writeln!(body, "<p style=\"{PARAGRAPH}\">{}</p>", lines.join("<br>\n"));
    }
    document(subject, &body, organiser, locale)
}

/// The same of a text that is formatted as [`body`](super::body) says it.
#[must_use]
pub fn from_marked(
    subject: &str,
    text: &str,
    organiser: &str,
    locale: Locale,
    links: impl Fn(&str) -> bool + Copy,
) -> String {
    document(subject, &marked::html(text, links), organiser, locale)
}

fn document(subject: &str, body: &str, organiser: &str, locale: Locale) -> String {
    let mut html = format!(
        "<!DOCTYPE html>\n<html lang=\"{locale}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n<title>{}</title>\n</head>\n\
         <body style=\"{PAGE}\">\n<table role=\"presentation\" align=\"center\" cellpadding=\"0\" cellspacing=\"0\" \
         style=\"{SHEET};{FONT}\">\n",
        escape(subject)
    );
    if !organiser.trim().is_empty() {
        let _ = writeln!(html, "<tr><td style=\"{HEAD}\">{}</td></tr>", escape(organiser.trim()));
    }
    let _ = writeln!(html, "<tr><td style=\"{BODY}\">");
    html.push_str(body);
    html.push_str("</td></tr>\n</table>\n</body>\n</html>\n");
    html
}

/// The web addresses of a text.
pub(super) fn addresses(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let (_, from) = rest.split_at(next_address(rest)?);
        let (address, after) = from.split_at(address_length(from));
        rest = after;
        Some(address)
    })
}

/// One line with its web addresses as links.
pub(super) fn line(text: &str, links: impl Fn(&str) -> bool) -> String {
    let mut html = String::new();
    let mut rest = text;
    while let Some(start) = next_address(rest) {
        let (before, from) = rest.split_at(start);
        let (address, after) = from.split_at(address_length(from));
        let (is_link, address) = (links(address), escape(address));
        html.push_str(&escape(before));
        html.push_str(&if is_link { link(&address, &address) } else { address });
        rest = after;
    }
    html.push_str(&escape(rest));
    html
}

/// A link; both its address and its words are escaped already.
pub(super) fn link(address: &str, words: &str) -> String {
    format!("<a href=\"{address}\" style=\"{LINK}\">{words}</a>")
}

/// Where the next web address begins that stands on its own and names a host.
fn next_address(text: &str) -> Option<usize> {
    let starts = text.match_indices("http").map(|(at, _)| at);
    starts.into_iter().find(|at| {
        let (before, from) = text.split_at(*at);
        begins_address(before, from)
    })
}

/// Whether a web address begins between two parts of a text.
pub(super) fn begins_address(before: &str, from: &str) -> bool {
    let apart = before.chars().next_back().is_none_or(|last| !last.is_alphanumeric());
    let host = from.strip_prefix("https://").or_else(|| from.strip_prefix("http://"));
    apart && host.is_some_and(|host| host.starts_with(|first: char| first.is_alphanumeric() || first == '['))
}

/// How much of the text is the address it begins with: up to a blank, quote or bracket, without the punctuation of the
/// sentence around it.
pub(super) fn address_length(text: &str) -> usize {
    let ends = |character: char| {
        character.is_whitespace() || character.is_control() || "<>\"'`«»“”„{}|\\^".contains(character)
    };
    let mut address = text.find(ends).map_or(text, |end| text.split_at(end).0);
    // Counted once: an address may be as long as a letter.
    let (opened, mut closed) = (address.matches('(').count(), address.matches(')').count());
    while let Some(last) = address.chars().next_back() {
        let opens_inside = last == ')' && opened >= closed;
        if !".,;:!?)…".contains(last) || opens_inside {
            break;
        }
        closed = closed.saturating_sub(usize::from(last == ')'));
        address = address.strip_suffix(last).unwrap_or(address);
    }
    address.len()
}

/// A text as it stands in HTML, also within quotes.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            '\n' | '\t' => escaped.push(' '),
            character if character.is_control() => {}
            character => escaped.push(character),
        }
    }
    escaped
}
