//! Formatted text of strangers: what of it may stand in a page.

use std::collections::HashSet;

/// Longer than this nothing is cleaned, in bytes.
const LONGEST: usize = 4 * 1024 * 1024;
/// Tags that are cleaned at most: for each of them the whole of what is open may be gone through, so that twice as many take four
/// times as long. A newsletter has some thousands.
pub(super) const TAGS: usize = 20_000;
/// Signs written by their names or numbers at most: what is put together of so many pieces is copied again and again.
const REFERENCES: usize = 100_000;
/// Attributes of one tag at most, each of which is compared with those before it.
const ATTRIBUTES: usize = 300;
/// Elements that a page may become at most.
const NODES: usize = 1_000_000;
/// What is opened anew in every block until it is closed (HTML, 13.2.4.3). Of links only one is ever open.
const FORMATTING: [&str; 13] =
    ["b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"];
/// … and so many of those that are alike.
const ALIKE: usize = 3;
/// What a page has once: whatever attributes come with one that comes again are put together.
const ONCE: [&str; 2] = ["html", "body"];

/// Whether it is too long to be cleaned, would become so by what is opened anew, or would be cleaned without an end.
pub(super) fn is_too_long(html: &str) -> bool {
    let references = html.bytes().filter(|byte| *byte == b'&').count();
    html.len() > LONGEST
        || references > REFERENCES
        || tags(html) > TAGS
        || most_nodes(html) > NODES
        || !are_tags_short(html)
}

/// How many tags there are at most.
pub(super) fn tags(html: &str) -> usize {
    html.bytes().filter(|byte| *byte == b'<').count()
}

/// Whether no tag has more attributes than any page needs.
fn are_tags_short(html: &str) -> bool {
    let (mut read, mut of_page) = (0_usize, 0_usize);
    for (at, _) in html.match_indices('<') {
        let tag = html.as_bytes().get(at + 1..).unwrap_or_default();
        let tag = tag.strip_prefix(b"/").unwrap_or(tag);
        if !tag.first().is_some_and(u8::is_ascii_alphabetic) {
            continue;
        }
        let (attributes, length) = measured(tag);
        let is_it = |name: &&str| tag.get(..name.len()).is_some_and(|said| said.eq_ignore_ascii_case(name.as_bytes()));
        if ONCE.iter().any(is_it) {
            of_page += attributes;
        }
        // Tags stand beside each other: what seems to begin within one is read twice.
        read = read.saturating_add(length);
        if attributes > ATTRIBUTES || of_page > ATTRIBUTES || read > html.len().saturating_mul(2) {
            return false;
        }
    }
    true
}

/// How many attributes a tag has that begins with its name, and how many bytes (HTML, 13.2.5.8 to 13.2.5.40).
fn measured(tag: &[u8]) -> (usize, usize) {
    let is_blank = |byte: u8| matches!(byte, b' ' | b'\t' | b'\n' | b'\x0c' | b'\r');
    // Where the first byte stands of which that is so, from a place on; the end where there is none.
    let find = |from: usize, is_it: &dyn Fn(u8) -> bool| {
        let rest = tag.get(from..).unwrap_or_default();
        rest.iter().position(|byte| is_it(*byte)).map_or(tag.len(), |found| from + found)
    };
    let mut attributes = 0;
    let mut at = find(0, &|byte| is_blank(byte) || matches!(byte, b'/' | b'>'));
    loop {
        at = find(at, &|byte| !is_blank(byte) && byte != b'/');
        if matches!(tag.get(at), None | Some(b'>')) || attributes > ATTRIBUTES {
            return (attributes, at);
        }
        attributes += 1;
        // A name may begin with the sign that ends it.
        at = find(at + 1, &|byte| is_blank(byte) || matches!(byte, b'/' | b'>' | b'='));
        let sign = find(at, &|byte| !is_blank(byte));
        if tag.get(sign) != Some(&b'=') {
            continue;
        }
        at = find(sign + 1, &|byte| !is_blank(byte));
        at = match tag.get(at).copied() {
            Some(quote @ (b'"' | b'\'')) => find(at + 1, &|byte| byte == quote) + 1,
            _ => find(at, &|byte| is_blank(byte) || byte == b'>'),
        };
    }
}

/// How many elements it becomes at most: behind each tag all formatting may be opened anew. What closes it is not counted,
/// as it need not be what it seems.
fn most_nodes(html: &str) -> usize {
    let (mut kinds, mut unlike, mut tags) = (HashSet::new(), 0_usize, 0_usize);
    for piece in html.split('<').skip(1) {
        tags += 1;
        let whole = piece.split_once('>').map(|(tag, _)| tag).filter(|tag| is_whole(tag));
        let ends = |it: char| it.is_ascii_whitespace() || matches!(it, '/' | '>');
        let name = piece.split(ends).next().unwrap_or_default();
        if FORMATTING.iter().any(|known| known.eq_ignore_ascii_case(name)) {
            if let Some(tag) = whole {
                kinds.insert(tag);
            } else {
                unlike += 1;
            }
        }
    }
    tags.saturating_mul(ALIKE * (kinds.len() + unlike) + 1)
}

/// Whether a tag ends where it seems to: no value in it may go on behind that.
fn is_whole(tag: &str) -> bool {
    let is_open = |quote: char| tag.rsplit_once(quote).is_some_and(|(before, _)| before.trim_end().ends_with('='));
    !is_open('"') && !is_open('\'')
}

/// What is left of a piece of HTML: text, its form, links that tell nobody where they were found. No scripts, no styles, no
/// forms, and no pictures: asking for one would tell its sender that the letter was read.
#[must_use]
pub fn sanitised(html: &str) -> String {
    if is_too_long(html) {
        return String::new();
    }
    let mut builder = ammonia::Builder::default();
    builder.rm_tags(["img", "map", "area"]);
    // The title of a page is none of its text.
    builder.add_clean_content_tags(["title"]);
    let clean = builder.clean(html).to_string();
    // Control characters may have been written by their numbers. To leave them out would make other words of what was judged.
    let kept = |sign: char| !sign.is_control() || matches!(sign, '\n' | '\t');
    clean.chars().map(|sign| if kept(sign) { sign } else { char::REPLACEMENT_CHARACTER }).collect()
}

/// The same as a whole page, for the frame in which letters stand.
pub(super) fn page(html: &str) -> String {
    let clean = sanitised(html);
    if clean.trim().is_empty() {
        return String::new();
    }
    format!("<!doctype html><html><head><meta charset=\"utf-8\"></head><body>{clean}</body></html>")
}

#[cfg(test)]
mod tests {
    use super::{is_too_long, measured};

    #[test]
    fn tags_are_measured_as_browsers_read_them() {
        for (tag, attributes, rest) in [
            ("a>x", 0, ">x"),
            ("a b>", 1, ">"),
            ("a b = 'c>d' e=\"f'g\"h>i", 3, ">i"),
            ("a b=c/d>", 1, ">"),
            ("a/b/c>", 2, ">"),
            ("a b=>c", 1, ">c"),
            ("a =b=c>", 1, ">"),
            ("a 'b' <c>", 2, ">"),
            ("a b=\"c", 1, ""),
            ("a b", 1, ""),
            ("a", 0, ""),
        ] {
            let (count, length) = measured(tag.as_bytes());
            assert_eq!((count, tag.get(length..).unwrap_or_default()), (attributes, rest), "{tag}");
        }
    }

    #[test]
    fn what_would_be_cleaned_without_an_end_is_not_cleaned() {
        let names = |count: usize| (0..count).map(|number| format!(" a{number}")).collect::<String>();
        for wild in [
            "<div>".repeat(30_000),
            format!("<table>{}", "<br>".repeat(30_000)),
            format!("<p{}>", names(1_000)),
            format!("<p a=\">\"{}>", names(1_000)),
            (0..300).map(|number| format!("<body{}>", names(number % 4 + 1))).collect(),
            format!("<p a=\"{}", "<a".repeat(15_000)),
        ] {
            assert!(is_too_long(&wild), "{}", wild.get(..40).unwrap_or_default());
        }
        let words =
            "<p title=\"a > b\" style='x: y'>A long text, as people write it. </p>\n<!-- and < so on -->".repeat(2_000);
        assert!(!is_too_long(&format!("<html lang=ru><body class=x>{words}")));
    }
}
