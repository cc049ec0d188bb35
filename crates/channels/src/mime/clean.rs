//! Formatted text of strangers: what of it may stand in a page.

use std::collections::HashSet;

/// Longer than this nothing is cleaned, in bytes.
const LONGEST: usize = 4 * 1024 * 1024;
/// Elements that a page may become at most.
const NODES: usize = 1_000_000;
/// What is opened anew in every block until it is closed (HTML, 13.2.4.3). Of links only one is ever open.
const FORMATTING: [&str; 13] =
    ["b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"];
/// … and so many of those that are alike.
const ALIKE: usize = 3;

/// Whether it is too long to be cleaned, or would become so by what is opened anew.
pub(super) fn is_too_long(html: &str) -> bool {
    html.len() > LONGEST || most_nodes(html) > NODES
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
    builder.clean(html).to_string()
}

/// The same as a whole page, for the frame in which letters stand.
pub(super) fn page(html: &str) -> String {
    let clean = sanitised(html);
    if clean.trim().is_empty() {
        return String::new();
    }
    format!("<!doctype html><html><head><meta charset=\"utf-8\"></head><body>{clean}</body></html>")
}
