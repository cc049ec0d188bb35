//! States and choices as coloured tags.

use maud::{Markup, html};
use model::field::ChoiceOption;
use model::{Field, Locale};

/// Letters that a tag shows wherever it stands.
const SHORT: usize = 14;

/// A choice as a tag in its colour.
pub(crate) fn choice(option: &ChoiceOption, locale: Locale) -> Markup {
    tag(&option.colour, option.label.get(locale))
}

/// A tag; with a tone it has a dot.
pub(crate) fn tag(tone: &str, text: &str) -> Markup {
    html! {
        span class=(format!("tag {tone}").trim_end()) title=[hint(text)] {
            @if !tone.is_empty() { span.dot {} }
            (text)
        }
    }
}

/// One of several choices of a field: of an open one it may be any word.
pub(crate) fn chosen(field: &Field, text: &str, locale: Locale) -> Option<Markup> {
    match field.option(text) {
        Some(option) => Some(choice(option, locale)),
        None => field.open.then(|| html! { span class=(class(field, text)) title=[hint(text)] { (text) } }),
    }
}

/// The whole of a text that may be cut.
pub(crate) fn hint(text: &str) -> Option<&str> {
    text.chars().nth(SHORT).map(|_| text)
}

/// What a word of an open field is called.
pub(crate) fn word<'t>(field: &'t Field, text: &'t str, locale: Locale) -> &'t str {
    field.option(text).map_or(text, |option| option.label.get(locale))
}

/// The classes of a word of an open field: one of eight hues, always the same for one word.
pub(crate) fn class(field: &Field, text: &str) -> String {
    match field.option(text).map(|option| option.colour.as_str()).filter(|colour| !colour.is_empty()) {
        Some(colour) => format!("tag {colour}"),
        None => format!("tag own h{}", hue(text)),
    }
}

fn hue(text: &str) -> u32 {
    let sum = text.to_lowercase().chars().fold(0_u32, |sum, letter| sum.wrapping_mul(31).wrapping_add(letter.into()));
    sum % 8 + 1
}

#[cfg(test)]
mod tests {
    use super::hue;

    #[test]
    fn a_word_has_its_hue_whatever_its_capitals() {
        assert_eq!(hue("VIP"), hue("vip"));
        assert!((1..=8).contains(&hue("Постоянный клиент")));
    }
}
