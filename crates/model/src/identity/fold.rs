//! The one folding of text under which sort keys, `contains` and search compare.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::is_invisible;

/// Brings a text to the form in which two spellings of the same words are equal: compatibility forms resolved (NFKC),
/// lower case, `ё` as `е`, invisible characters dropped, white space collapsed to single blanks and cut at the ends.
///
/// - Other marks are kept: `й` is not `и`, `é` is not `e`. They make different letters of different words, and a
///   loose search on top of exact keys is easier than the reverse.
/// - Idempotent, so that a stored key may be folded again without harm.
/// - Friendly to prefixes: the fold of a beginning of a text (cut between letters) begins the fold of the text, so
///   prefix search needs no other form. Hence letters are lowered one by one, without the rule that makes a Greek
///   `Σ` at the end of a word another letter than inside: both come out as `σ`.
/// - In the byte order of UTF-8 the result sorts Russian by the alphabet (`ё` with `е`), Latin before Cyrillic.
#[must_use]
pub fn fold(text: &str) -> String {
    let mut decomposed = String::with_capacity(text.len());
    let mut marks_of_ie = false;
    for c in text.chars().filter(|&c| !is_invisible(c)).nfkd().flat_map(char::to_lowercase) {
        let c = if c == 'ς' { 'σ' } else { c };
        // Taken apart, ё is е with a diaeresis among its marks.
        if marks_of_ie && c == '\u{308}' {
            continue;
        }
        marks_of_ie = c == 'е' || (marks_of_ie && is_combining_mark(c));
        if !c.is_whitespace() {
            decomposed.push(c);
        } else if !decomposed.is_empty() && !decomposed.ends_with(' ') {
            decomposed.push(' ');
        }
    }
    decomposed.trim_end().nfc().collect()
}
