//! Where a record says what was asked: words are marked in what is shown of it, and where they stand in none of that, the
//! field is told in which they do.

use std::collections::{BTreeMap, BTreeSet};

use maud::{Markup, html};
use model::field::FieldType;
use model::{Id, Record, Value};
use store::{Result, Work, stem, words};

use super::Found;
use crate::ui::Lens;

/// Letters that are shown before and behind what was asked.
const BEFORE: usize = 40;
const BEHIND: usize = 90;

/// What was asked: each word and its stem.
pub(super) struct AskedFor(Vec<(String, String)>);

impl AskedFor {
    pub(super) fn of(text: &str) -> Self {
        Self(words(text).into_iter().map(|word| (word.clone(), stem(&word))).collect())
    }

    /// Whether one word of a text is asked for, the beginning of one or another form of it.
    fn is(&self, word: &str) -> bool {
        let folded = words(word).concat();
        !folded.is_empty() && self.0.iter().any(|(typed, form)| folded.starts_with(typed) || folded.starts_with(form))
    }

    fn is_in(&self, text: &str) -> bool {
        pieces(text).any(|piece| self.is(piece))
    }

    /// A text with what was asked marked.
    pub(super) fn marked(&self, text: &str) -> Markup {
        html! { @for piece in pieces(text) { @if self.is(piece) { mark { (piece) } } @else { (piece) } } }
    }

    /// The part of a text in which it is said.
    fn part(&self, text: &str) -> String {
        let mut before = 0;
        for piece in pieces(text).take_while(|piece| !self.is(piece)) {
            before += piece.chars().count();
        }
        let (from, all) = (before.saturating_sub(BEFORE), text.chars().count());
        let part: String = text.chars().skip(from).take(BEFORE + BEHIND).collect();
        let (head, tail) = (if from > 0 { "…" } else { "" }, if from + BEFORE + BEHIND < all { "…" } else { "" });
        format!("{head}{}{tail}", part.split_whitespace().collect::<Vec<_>>().join(" "))
    }
}

/// A text in words and what stands between them.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let is_word = rest.chars().next()?.is_alphanumeric();
        let end = rest.find(|letter: char| letter.is_alphanumeric() != is_word).unwrap_or(rest.len());
        let (piece, others) = rest.split_at(end);
        rest = others;
        Some(piece)
    })
}

/// Tells of each record that was found where it says what was asked, unless that is seen of it anyway.
pub(super) fn learn(work: &mut Work<'_>, lens: &Lens, asked: &AskedFor, found: &mut [Found]) -> Result<()> {
    let is_seen = |found: &Found| asked.is_in(&found.hit.title) || asked.is_in(&found.hit.subtitle);
    let mut wanted: BTreeMap<String, BTreeSet<Id>> = BTreeMap::new();
    for found in found.iter().filter(|found| !is_seen(found)) {
        wanted.entry(found.hit.module.clone()).or_default().insert(found.hit.id);
    }
    let mut told: BTreeMap<Id, (String, String)> = BTreeMap::new();
    for (name, ids) in wanted {
        let module = work.module(&name)?;
        for record in work.several(&module, &ids)? {
            told.extend(place(work, lens, asked, &record).map(|place| (record.id, place)));
        }
    }
    for found in found {
        found.matched = told.remove(&found.hit.id);
    }
    Ok(())
}

/// The field that says it, by its label, and what it says; of those that search looks into and the reader sees.
fn place(work: &Work<'_>, lens: &Lens, asked: &AskedFor, record: &Record) -> Option<(String, String)> {
    let module = &record.module;
    let hidden = work.grant(module).hidden;
    let fields = module.search.iter().filter(|name| !hidden.contains(name)).filter_map(|name| module.field(name));
    let said = fields.filter(|field| record.get(&field.name) != &Value::Null).find_map(|field| {
        let text = lens.text(field, record.get(&field.name));
        let is_number = field.kind == FieldType::Phone && asked.is_number_of(&text);
        (is_number || asked.is_in(&text)).then(|| (lens.field_label(field), text))
    });
    said.map(|(label, text)| (label, asked.part(&text)))
}

impl AskedFor {
    /// Whether it is a part of a telephone number, however both are written.
    fn is_number_of(&self, text: &str) -> bool {
        let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
        let typed: String = self.0.iter().map(|(word, _)| digits(word)).collect();
        // Within a country a number begins otherwise.
        let own = typed.strip_prefix('8').unwrap_or(&typed);
        own.len() >= 4 && digits(text).contains(own)
    }
}

#[cfg(test)]
mod tests {
    use super::AskedFor;

    #[test]
    fn words_are_marked_by_their_beginnings_and_forms() {
        let asked = AskedFor::of("стенд java");
        assert_eq!(asked.marked("Стенды на JavaConf").into_string(), "<mark>Стенды</mark> на <mark>JavaConf</mark>");
        assert_eq!(asked.marked("<b>Other</b>").into_string(), "&lt;b&gt;Other&lt;/b&gt;");
        assert!(AskedFor::of("8 (921) 123").is_number_of("+7 921 123-45-67"));
        assert!(!AskedFor::of("99 99").is_number_of("+7 921 123-45-67"));
    }

    #[test]
    fn of_a_long_text_the_part_is_shown_in_which_it_is_said() {
        let text = format!("{} a wall of stands {}", "word ".repeat(40), "more ".repeat(40));
        let part = AskedFor::of("wall").part(&text);
        assert!(part.starts_with('…') && part.ends_with('…') && part.contains("a wall of stands"), "{part}");
        assert!(part.chars().count() < 140, "{part}");
        assert_eq!(AskedFor::of("wall").part("a wall"), "a wall");
    }
}
