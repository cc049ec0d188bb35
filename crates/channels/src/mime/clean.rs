//! Formatted text of strangers: what of it may stand in a page.

/// Longer than this nothing is cleaned, in bytes: it is read as plain text.
const LONGEST: usize = 4 * 1024 * 1024;

/// What is left of a piece of HTML: text, its form, links that tell nobody where they were found. No scripts, no styles, no
/// forms, and no pictures: asking for one would tell its sender that the letter was read.
#[must_use]
pub fn sanitised(html: &str) -> String {
    if html.len() > LONGEST {
        return String::new();
    }
    let mut builder = ammonia::Builder::default();
    builder.rm_tags(["img", "map", "area"]);
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
