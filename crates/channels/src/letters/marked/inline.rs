//! What stands within a line: bold and italic, links, web addresses, and marks that mean nothing because a backslash says so.

use crate::letters::html::{address_length, begins_address};

/// A piece of a line.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Inline<'t> {
    /// Text as it is.
    Text(&'t str),
    /// A web address that was typed as it is.
    Address(&'t str),
    /// `**…**`
    Strong(Vec<Inline<'t>>),
    /// `*…*`
    Emphasis(Vec<Inline<'t>>),
    /// `[words](address)`
    Link { words: Vec<Inline<'t>>, address: &'t str },
}

/// What a backslash takes its meaning. A full stop only behind a number, where it would make a list; any other backslash is one.
const ESCAPED: &str = "*[]#>-";
/// Signs that end what is said before them: no mark opens right before one, …
const ENDS: &str = ")]}.,;:!?»”’";
/// … and signs that begin what is said behind them: no mark closes right after one.
const BEGINS: &str = "([{«„“‘";
/// The longest address of a link, in bytes.
const ADDRESS: usize = 2_000;
/// The longest mark: `***`, bold and italic at once.
const LONGEST: usize = 3;

/// Reads a line.
pub(super) fn read(line: &str) -> Vec<Inline<'_>> {
    within(line, false)
}

/// Reads a part of a line: in the words of a link no other link stands.
fn within(text: &str, is_link: bool) -> Vec<Inline<'_>> {
    let (mut pieces, mut at, mut from) = (Vec::new(), 0, 0);
    // Of marks by their length: whether none closes from here on. So each is looked for in vain once, however many open.
    let mut hopeless = [false; LONGEST + 1];
    while let Some(step) = slice(text, at, text.len()).find(['\\', '*', '[', 'h']) {
        at += step;
        match mark(text, at, is_link, &mut hopeless) {
            Ok((piece, end)) => {
                if from < at {
                    pieces.push(Inline::Text(slice(text, from, at)));
                }
                pieces.push(piece);
                (at, from) = (end, end);
            }
            Err(length) => at += length,
        }
    }
    if from < text.len() {
        pieces.push(Inline::Text(slice(text, from, text.len())));
    }
    pieces
}

/// What the sign at a place begins, and where that ends; else how many bytes are only text.
fn mark<'t>(
    text: &'t str,
    at: usize,
    is_link: bool,
    hopeless: &mut [bool; LONGEST + 1],
) -> Result<(Inline<'t>, usize), usize> {
    let (before, from) = text.split_at(at);
    match from.as_bytes().first() {
        Some(b'\\') => match escaped(before, from) {
            Some(end) => Ok((Inline::Text(slice(from, 1, end)), at + end)),
            None => Err(1),
        },
        Some(b'*') => {
            let length = run(from);
            emphasis(text, at, length, is_link, hopeless).ok_or(length)
        }
        // `![…](…)` is a picture elsewhere, and nothing here.
        Some(b'[') if !is_link && !before.ends_with('!') => link(from).map(|(piece, end)| (piece, at + end)).ok_or(1),
        Some(b'h') if !is_link && begins_address(before, from) => {
            // Marks that close behind an address are none of it, nor what stands between.
            let whole = slice(from, 0, address_length(from)).trim_end_matches('*');
            let end = address_length(whole);
            Ok((Inline::Address(slice(whole, 0, end)), at + end))
        }
        _ => Err(1),
    }
}

/// Where what a backslash takes its meaning ends, counted from the backslash.
fn escaped(before: &str, from: &str) -> Option<usize> {
    let next = from.chars().nth(1)?;
    let is_number = before.ends_with(|last: char| last.is_ascii_digit());
    (ESCAPED.contains(next) || (next == '.' && is_number)).then(|| 1 + next.len_utf8())
}

/// How many stars stand side by side.
fn run(text: &str) -> usize {
    text.bytes().take_while(|byte| *byte == b'*').count()
}

/// Bold, italic, or both. A mark stands outside of words: `2*3*4` stays.
fn emphasis<'t>(
    text: &'t str,
    at: usize,
    length: usize,
    is_link: bool,
    hopeless: &mut [bool; LONGEST + 1],
) -> Option<(Inline<'t>, usize)> {
    let (before, inner) = (slice(text, 0, at), at + length);
    let is_open = |next: char| !next.is_whitespace() && !next.is_control() && !ENDS.contains(next);
    let opens = !before.ends_with(char::is_alphanumeric) && slice(text, inner, text.len()).starts_with(is_open);
    if !opens || *hopeless.get(length)? {
        return None;
    }
    let Some(end) = closing(text, inner, length) else {
        *hopeless.get_mut(length)? = true;
        return None;
    };
    let inside = within(slice(text, inner, end), is_link);
    let piece = match length {
        1 => Inline::Emphasis(inside),
        2 => Inline::Strong(inside),
        _ => Inline::Strong(vec![Inline::Emphasis(inside)]),
    };
    Some((piece, end + length))
}

/// Where as many stars close what was opened before `from`.
fn closing(text: &str, from: usize, length: usize) -> Option<usize> {
    let mut at = from;
    while let Some(step) = slice(text, at, text.len()).find(['*', '\\']) {
        at += step;
        let (before, rest) = text.split_at(at);
        if rest.starts_with('\\') {
            at += escaped(before, rest).unwrap_or(1);
            continue;
        }
        let stars = run(rest);
        let is_end = |last: char| !last.is_whitespace() && !BEGINS.contains(last);
        let closes =
            at > from && before.ends_with(is_end) && !slice(rest, stars, rest.len()).starts_with(char::is_alphanumeric);
        if stars == length && closes {
            return Some(at);
        }
        at += stars;
    }
    None
}

/// A link that begins here, and where it ends.
fn link(from: &str) -> Option<(Inline<'_>, usize)> {
    let end = end_of_words(from)?;
    let words = slice(from, 1, end);
    let rest = slice(from, end, from.len()).strip_prefix("](")?;
    let address = slice(rest, 0, end_of_address(rest)?);
    if words.trim().is_empty() || !leads(address) {
        return None;
    }
    Some((Inline::Link { words: within(words, true), address }, end + "](".len() + address.len() + 1))
}

/// Where the words of a link end; nowhere where another bracket opens before.
fn end_of_words(from: &str) -> Option<usize> {
    let mut at = 1;
    loop {
        at += slice(from, at, from.len()).find(['[', ']', '\\'])?;
        let (before, rest) = from.split_at(at);
        match rest.as_bytes().first() {
            Some(b']') => return Some(at),
            Some(b'\\') => at += escaped(before, rest).unwrap_or(1),
            _ => return None,
        }
    }
}

/// Where the address of a link ends: at the bracket that closes it, with as many inside as are opened there.
fn end_of_address(rest: &str) -> Option<usize> {
    let mut open = 0_usize;
    for (at, sign) in rest.char_indices().take_while(|(at, _)| *at <= ADDRESS) {
        match sign {
            '(' => open += 1,
            ')' if open == 0 => return Some(at),
            ')' => open -= 1,
            sign if sign.is_whitespace() || sign.is_control() || "<>\"'`[]\\".contains(sign) => return None,
            _ => {}
        }
    }
    None
}

/// Whether an address is one that a letter may lead to: a page, a mailbox, a telephone.
fn leads(address: &str) -> bool {
    let is_number = |number: &str| number.bytes().all(|byte| byte.is_ascii_digit() || b"+-().".contains(&byte));
    match address.split_once(':') {
        Some(("mailto", rest)) => rest.contains('@'),
        Some(("tel", rest)) => !rest.is_empty() && is_number(rest),
        _ => begins_address("", address),
    }
}

/// A part of a text; nothing where it is none.
fn slice(text: &str, from: usize, to: usize) -> &str {
    text.get(from..to).unwrap_or_default()
}
