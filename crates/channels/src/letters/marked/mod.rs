//! The text of a letter with marks: a part of Markdown, so small that what is typed plainly goes as it was typed. Whatever is no
//! mark is text, line breaks stay, and everything is escaped: there is no HTML, no picture, no code, no rule, no heading by a line
//! below it, no reference whose line would vanish (decision 078).

mod blocks;
mod inline;

use std::fmt::Write as _;

use super::html::{self, PARAGRAPH, escape};
use blocks::Block;
use inline::Inline;

const HEADING: &str = "margin:8px 0;font-size:19px;line-height:1.3;font-weight:600";
const LOWER: &str = "margin:8px 0;font-size:16px;line-height:1.4;font-weight:600";
const LIST: &str = "margin:0 0 16px;padding:0 0 0 28px";
const ITEM: &str = "margin:0 0 4px";
const QUOTE: &str = "margin:0 0 16px;padding:0 0 0 14px;border-left:3px solid #d3d6e0;color:#565c70";
/// Blanks at the beginning of a line that are kept.
const INDENT: usize = 40;

/// The HTML of a text that is formatted by these marks, with the styles of letters on its elements:
///
/// - `**bold**`, `*italic*`, outside of words and within a line;
/// - `[words](https://…)`, also `mailto:` and `tel:`; a bare web address is a link as well;
/// - `## Heading`, `### lower heading`;
/// - lines that begin with `- `, or with `1. ` and the numbers that follow, in each other by two blanks;
/// - lines that begin with `> `: what others wrote, taken as it is.
///
/// A backslash takes a mark its meaning. To be shown in a page it goes through [`sanitised`](crate::mime::sanitised), as the letters
/// of others do.
#[must_use]
pub fn body(text: &str) -> String {
    html(text, |_| true)
}

/// The same with links, of the bare addresses, where `links` says so.
pub(super) fn html(text: &str, links: impl Fn(&str) -> bool + Copy) -> String {
    let mut html = String::with_capacity(text.len() * 2);
    blocks_into(&mut html, &blocks::read(text), links);
    html
}

/// The text as mail programs show it that know no HTML: as it was typed, without backslashes that are none of it, and with the
/// addresses of links in words.
#[must_use]
pub fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for (index, line) in text.split('\n').enumerate() {
        if index > 0 {
            plain.push('\n');
        }
        // Others knew of no marks.
        if line.starts_with('>') {
            plain.push_str(line);
        } else {
            plain_into(&mut plain, &inline::read(line));
        }
    }
    plain
}

/// A text that formats nothing wherever it stands in one that is formatted.
#[must_use]
pub fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for (index, line) in text.split('\n').enumerate() {
        if index > 0 {
            escaped.push('\n');
        }
        let bare = line.trim_start();
        let digits = bare.bytes().take_while(u8::is_ascii_digit).count();
        let (number, rest) = bare.split_at(digits);
        let is_item = |mark: &str| rest.strip_prefix(mark).is_some_and(|text| text.is_empty() || text.starts_with(' '));
        let begins = if number.is_empty() {
            is_item("-") || rest.starts_with("##") || rest.starts_with('>')
        } else {
            number.len() <= blocks::DIGITS && is_item(".")
        };
        escaped.push_str(line.strip_suffix(bare).unwrap_or_default());
        escaped.push_str(number);
        if begins {
            escaped.push('\\');
        }
        let mut before = None;
        for sign in rest.chars() {
            // Behind a backslash of its own a sign would take that with it.
            let is_taken = before == Some('\\') && ['#', '>', '-'].contains(&sign);
            if is_taken || ['*', '[', ']'].contains(&sign) {
                escaped.push('\\');
            }
            escaped.push(sign);
            before = Some(sign);
        }
    }
    escaped
}

// Writing into a string does not fail.
fn blocks_into(html: &mut String, blocks: &[Block<'_>], links: impl Fn(&str) -> bool + Copy) {
    for block in blocks {
        match block {
            Block::Paragraph(lines) => {
                let _ = writeln!(html, "<p style=\"{PARAGRAPH}\">{}</p>", joined(lines, |line| formatted(line, links)));
            }
            Block::Literal(lines) => {
                let literal = |line: &str| html::line(line, links);
                let _ = writeln!(html, "<p style=\"{PARAGRAPH}\">{}</p>", joined(lines, literal));
            }
            Block::Heading { is_first, line } => {
                let (name, style) = if *is_first { ("h2", HEADING) } else { ("h3", LOWER) };
                let _ = writeln!(html, "<{name} style=\"{style}\">{}</{name}>", formatted(line, links));
            }
            Block::Quote(inside) => {
                let _ = writeln!(html, "<blockquote type=\"cite\" style=\"{QUOTE}\">");
                blocks_into(html, inside, links);
                html.push_str("</blockquote>\n");
            }
            Block::List { first, items } => list_into(html, *first, items, links),
        }
    }
}

fn list_into(html: &mut String, first: Option<usize>, items: &[Vec<Block<'_>>], links: impl Fn(&str) -> bool + Copy) {
    let name = if first.is_some() { "ol" } else { "ul" };
    let start = first.filter(|first| *first != 1).map(|first| format!(" start=\"{first}\"")).unwrap_or_default();
    let _ = writeln!(html, "<{name}{start} style=\"{LIST}\">");
    for item in items {
        let _ = write!(html, "<li style=\"{ITEM}\">");
        // Its own words are no paragraph: items stand close.
        let below = match item.split_first() {
            Some((Block::Paragraph(lines), below)) => {
                html.push_str(&joined(lines, |line| formatted(line, links)));
                below
            }
            _ => item.as_slice(),
        };
        blocks_into(html, below, links);
        html.push_str("</li>\n");
    }
    let _ = writeln!(html, "</{name}>");
}

/// Lines that stay lines, with the blanks that they begin with.
fn joined(lines: &[&str], shown: impl Fn(&str) -> String) -> String {
    let line = |line: &&str| {
        let bare = line.trim_start();
        let blanks = line.strip_suffix(bare).unwrap_or_default().chars().count();
        format!("{}{}", "&nbsp;".repeat(blanks.min(INDENT)), shown(bare.trim_end()))
    };
    lines.iter().map(line).collect::<Vec<_>>().join("<br>\n")
}

fn formatted(line: &str, links: impl Fn(&str) -> bool + Copy) -> String {
    let mut html = String::new();
    pieces_into(&mut html, &inline::read(line), links);
    html
}

fn pieces_into(html: &mut String, pieces: &[Inline<'_>], links: impl Fn(&str) -> bool + Copy) {
    for piece in pieces {
        match piece {
            Inline::Text(text) => html.push_str(&escape(text)),
            Inline::Address(address) if links(address) => {
                html.push_str(&html::link(&escape(address), &escape(address)));
            }
            Inline::Address(address) => html.push_str(&escape(address)),
            Inline::Strong(inside) => {
                html.push_str("<strong>");
                pieces_into(html, inside, links);
                html.push_str("</strong>");
            }
            Inline::Emphasis(inside) => {
                html.push_str("<em>");
                pieces_into(html, inside, links);
                html.push_str("</em>");
            }
            Inline::Link { words, address } => {
                let mut inside = String::new();
                pieces_into(&mut inside, words, links);
                html.push_str(&html::link(&escape(address), &inside));
            }
        }
    }
}

fn plain_into(plain: &mut String, pieces: &[Inline<'_>]) {
    for piece in pieces {
        match piece {
            Inline::Text(text) | Inline::Address(text) => plain.push_str(text),
            Inline::Strong(inside) => between(plain, "**", inside),
            Inline::Emphasis(inside) => between(plain, "*", inside),
            Inline::Link { words, address } => {
                let mut inside = String::new();
                plain_into(&mut inside, words);
                // What leads to a mailbox or a telephone is its name already.
                let bare = address.strip_prefix("mailto:").or_else(|| address.strip_prefix("tel:")).unwrap_or(address);
                if inside.trim() == bare {
                    plain.push_str(bare);
                } else {
                    let _ = write!(plain, "{} ({bare})", inside.trim());
                }
            }
        }
    }
}

fn between(plain: &mut String, mark: &str, inside: &[Inline<'_>]) {
    plain.push_str(mark);
    plain_into(plain, inside);
    plain.push_str(mark);
}
