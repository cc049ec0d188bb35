//! Every page speaks the language of its reader: what stands on it in another is data, a name or a code.

use std::collections::BTreeMap;

use model::Locale;

use super::elements::{Piece, read};
use super::{Filled, every_address};

/// Elements that show what is no language: codes, keys, what somebody typed.
const CODED: [&str; 8] = ["code", "kbd", "pre", "samp", "textarea", "script", "style", "datalist"];
/// Elements without an end.
const VOID: [&str; 10] = ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta"];
/// Attributes that are read to people.
const READ: [&str; 5] = ["aria-label", "title", "placeholder", "alt", "label"];

/// Words of the other language that pages say: names of products, languages, formats, headers and keys.
const NAMES: [&str; 28] = [
    "Plenary",
    "English",
    "Русский",
    "JavaВесна",
    "Mango",
    "Office",
    "Twilio",
    "Account",
    "Messaging",
    "Service",
    "auth",
    "token",
    "Telegram",
    "Authentication",
    "Results",
    "WebP",
    "Meta",
    "Facebook",
    "Callback",
    "Graph",
    "Message",
    "ID",
    "Enter",
    "Esc",
    "Ctrl",
    "Shift",
    "Tab",
    "Alt",
];

/// Words of examples in the language of expressions, of addresses and of colours; names of what is there.
const EXAMPLES: [&str; 51] = [
    "form",
    "txt",
    "amount",
    "avg",
    "city",
    "company",
    "cost",
    "count",
    "en",
    "hot",
    "id",
    "callback",
    "full",
    "subject",
    "leadgen",
    "lang",
    "max",
    "me",
    "min",
    "name",
    "owner",
    "paid",
    "price",
    "readiness",
    "rrggbb",
    "status",
    "sum",
    "total",
    "spring",
    "crm",
    "CEL",
    "CSV",
    "Excel",
    "asked",
    "decline",
    "NPS",
    "email",
    "guests",
    "leads",
    "lost",
    "number",
    "one",
    "other",
    "reason",
    "text",
    "warm",
    "to",
    "digits",
    "from",
    "account",
    "secret",
];

/// Pages that are texts of their own, written in both languages side by side.
const TEXTS: [&str; 1] = ["/help/{manual}"];

/// What people write, in a reader's language.
fn data(locale: Locale) -> &'static str {
    match locale {
        Locale::Ru => "Снегирь",
        Locale::En => "Bullfinch",
    }
}

async fn foreign(locale: Locale) -> BTreeMap<String, String> {
    let mut filled = Filled::new(locale, data(locale)).await;
    let (mut words, mut pages) = (BTreeMap::new(), 0);
    for address in every_address(&filled) {
        if TEXTS.contains(&address.route.as_str()) || address.path.ends_with("/letter") {
            continue;
        }
        let answer = filled.browser.get(&address.path).await;
        let kind = answer.headers.get("content-type").map_or("", |value| value.to_str().unwrap());
        if !kind.starts_with("text/html") {
            continue;
        }
        pages += 1;
        let said = said(&answer.text, locale).unwrap_or_else(|fault| panic!("{}: {fault}", address.path));
        for text in said {
            for word in foreign_words(&text, locale) {
                words.entry(word).or_insert(format!("{}: {}", address.path, text.trim()));
            }
        }
    }
    assert!(pages > 150, "only {pages} pages were read");
    words
}

#[tokio::test(flavor = "multi_thread")]
async fn a_russian_reader_reads_russian() {
    let words = foreign(Locale::Ru).await;
    assert!(words.is_empty(), "{words:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_english_reader_reads_english() {
    let words = foreign(Locale::En).await;
    assert!(words.is_empty(), "{words:#?}");
}

/// What a page says in the language of its reader: what it says to be of another language is left out.
fn said(html: &str, locale: Locale) -> Result<Vec<String>, String> {
    let mut texts = Vec::new();
    // The elements around, and whether anything in them counts.
    let mut around: Vec<(&str, bool)> = Vec::new();
    for piece in &read(html)? {
        match piece {
            Piece::Open { name, attributes } => {
                let counts = around.last().is_none_or(|(_, counts)| *counts);
                let is_other = attributes.iter().any(|(name, value)| match *name {
                    "lang" => *value != locale.tag(),
                    "translate" => *value == "no",
                    _ => false,
                });
                let counts = counts && !is_other && !CODED.contains(name);
                if counts {
                    let read = attributes.iter().filter(|(name, _)| READ.contains(name));
                    texts.extend(read.map(|(_, value)| value.to_string()));
                }
                if !VOID.contains(name) {
                    around.push((name, counts));
                }
            }
            Piece::Close(name) => {
                if let Some(place) = around.iter().rposition(|(open, _)| open == name) {
                    around.truncate(place);
                }
            }
            Piece::Text(text) if around.last().is_none_or(|(_, counts)| *counts) => texts.push(text.to_string()),
            Piece::Text(_) | Piece::Comment(_) => {}
        }
    }
    Ok(texts)
}

/// Words of another language than the reader's.
fn foreign_words(text: &str, locale: Locale) -> Vec<String> {
    let words = text.split(|c: char| c.is_whitespace() || "()[]«»“”„\"',;!?…·—–→←↑↓=+×<>{}|".contains(c));
    // A part of an address is none of a language.
    let words = words.filter(|word| !word.contains(['@', '/']));
    let words = words.map(|word| word.trim_matches(|c: char| !c.is_alphanumeric())).filter(|word| !word.is_empty());
    let words = words.filter(|word| !word.split('-').all(|part| NAMES.contains(&part) || EXAMPLES.contains(&part)));
    match locale {
        Locale::Ru => words.filter(|word| is_latin(word)).map(str::to_owned).collect(),
        Locale::En => words.filter(|word| word.chars().any(is_cyrillic)).map(str::to_owned).collect(),
    }
}

fn is_cyrillic(c: char) -> bool {
    ('\u{0400}'..='\u{04ff}').contains(&c)
}

/// Whether a word is Latin and no address, name of a file, number, code or name.
fn is_latin(word: &str) -> bool {
    let letters = word.chars().filter(char::is_ascii_alphabetic).count();
    let is_coded = word.contains(['_', '.', ':', '&']) || word.chars().any(|c| c.is_ascii_digit());
    // Codes and abbreviations are written in capitals.
    let is_code = !word.chars().any(|c| c.is_ascii_lowercase());
    letters > 1 && !is_coded && !is_code
}

#[test]
fn foreign_words_are_found() {
    let html = "<html lang=\"ru\"><title>Save</title><p aria-label=\"Close\">Сохранить 12 PDF</p><span lang=\"en\">English words</span>\
                <code>name</code><p>anna@example.org, /leads, a-b.pdf, Plenary</p><br><b>Лид was</b></html>";
    let found: Vec<_> =
        said(html, Locale::Ru).unwrap().iter().flat_map(|text| foreign_words(text, Locale::Ru)).collect();
    assert_eq!(found, ["Save", "Close", "was"]);
    let html = "<html lang=\"en\"><p title=\"Имя\">Name</p><span lang=\"ru\">Русский</span></html>";
    let found: Vec<_> =
        said(html, Locale::En).unwrap().iter().flat_map(|text| foreign_words(text, Locale::En)).collect();
    assert_eq!(found, ["Имя"], "and the language that is named in itself is none");
}
