//! What letters say: from the templates of packs, and how the text of a letter becomes HTML.

mod engine;
mod error;
mod grammar;
mod html;
mod limit;
mod marked;

pub use error::{LetterError, Part};
pub use html::{from_marked, from_text};
pub use marked::{body, escaped, plain};

use std::collections::BTreeSet;

use minijinja::{Environment, Value};
use model::Locale;
use model::letter::Letter;
use serde_json::Value as Json;

use crate::one_line;
use engine::environment;
use limit::Limited;

/// The longest template, in bytes.
pub const TEMPLATE_LIMIT: usize = 64 * 1024;
/// The longest text of a letter, in bytes.
pub const TEXT_LIMIT: usize = 256 * 1024;
/// The longest subject, in bytes.
pub const SUBJECT_LIMIT: usize = 1_000;

/// What a template says before somebody writes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Begun {
    /// Subject, on one line.
    pub subject: String,
    /// Text, formatted as [`body`] says it: nothing of the data formats anything.
    pub text: String,
}

/// A letter ready to be queued.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    /// Subject, on one line.
    pub subject: String,
    /// Plain text.
    pub text: String,
    /// The text as HTML.
    pub html: String,
}

/// Fills the templates of `letter` in `locale` with `data`. What stands in `data` is text and is never run as a
/// template; a name that `data` does not have is an error. The organiser in the head of the HTML is `data.organiser`.
/// Links are the addresses that the template or the organiser's words name, and those under `url` in `data`: what a
/// stranger typed into a name leads nowhere. Where the letter is formatted ([`body`]), its template alone formats it.
///
/// # Errors
/// [`LetterError`] says where in the template something is wrong. Templates that run or write without end are stopped,
/// and what could fill the memory on the way there is refused (`grammar`, `engine`).
pub fn render(letter: &Letter, locale: Locale, data: &Json) -> Result<Rendered, LetterError> {
    let text_environment = if letter.formatted { engine::marked() } else { environment() };
    let Begun { subject, text } = filled(letter, locale, data, &text_environment)?;
    let organiser = data.get("organiser").and_then(Json::as_str).unwrap_or_default();
    let known = own_addresses(letter.text.get(locale), data);
    let links = |address: &str| known.contains(address);
    if letter.formatted {
        let html = html::from_marked(&subject, &text, organiser, locale, links);
        return Ok(Rendered { subject, text: plain(&text), html });
    }
    let html = html::from_text(&subject, &text, organiser, locale, links);
    Ok(Rendered { subject, text, html })
}

/// The same for somebody who writes on, whether or not the letter is formatted where the program sends it.
///
/// # Errors
/// As [`render`].
pub fn begin(letter: &Letter, locale: Locale, data: &Json) -> Result<Begun, LetterError> {
    filled(letter, locale, data, &engine::marked())
}

fn filled(letter: &Letter, locale: Locale, data: &Json, of_text: &Environment<'_>) -> Result<Begun, LetterError> {
    let values = engine::data(data);
    let (subject, text) = ((&*letter.name, Part::Subject), (&*letter.name, Part::Text));
    let subject = fill(&environment(), subject, letter.subject.get(locale), &values, SUBJECT_LIMIT)?;
    let text = fill(of_text, text, letter.text.get(locale), &values, TEXT_LIMIT)?;
    Ok(Begun { subject: one_line(&subject), text: tidy(&text) })
}

/// The addresses that a letter may link to.
fn own_addresses<'a>(template: &'a str, data: &'a Json) -> BTreeSet<&'a str> {
    let words = data.get("payment_instructions").and_then(Json::as_str).unwrap_or_default();
    let mut known: BTreeSet<_> = html::addresses(template).chain(html::addresses(words)).collect();
    let mut rest = vec![data];
    while let Some(json) = rest.pop() {
        match json {
            Json::Object(object) => {
                known.extend(object.get("url").and_then(Json::as_str));
                rest.extend(object.values());
            }
            Json::Array(items) => rest.extend(items),
            _ => {}
        }
    }
    known
}

fn fill(
    environment: &Environment<'_>,
    place: (&str, Part),
    source: &str,
    data: &Value,
    limit: usize,
) -> Result<String, LetterError> {
    let (letter, part) = place;
    if source.len() > TEMPLATE_LIMIT {
        return Err(LetterError::too_long(letter, part, TEMPLATE_LIMIT));
    }
    if let Some((line, message)) = grammar::refused(source) {
        return Err(LetterError::refused(letter, part, line, message));
    }
    let template = environment
        .template_from_named_str(part.name(), source)
        .map_err(|error| LetterError::read(letter, part, &error))?;
    let mut output = Limited::new(limit);
    match template.render_captured_to(data, &mut output) {
        _ if output.is_over() => Err(LetterError::too_long(letter, part, limit)),
        Ok(_) => Ok(output.into_text()),
        Err(error) => Err(LetterError::read(letter, part, &error)),
    }
}

/// Without control characters, blanks at the ends of lines and more than one empty line in a row.
fn tidy(text: &str) -> String {
    let kept: String =
        text.chars().filter(|character| !character.is_control() || matches!(character, '\n' | '\t')).collect();
    let mut tidied = String::with_capacity(kept.len());
    let mut empty_lines = 0;
    for line in kept.trim().lines().map(str::trim_end) {
        empty_lines = if line.is_empty() { empty_lines + 1 } else { 0 };
        if empty_lines < 2 {
            tidied.push_str(line);
            tidied.push('\n');
        }
    }
    tidied
}
