//! Where an expression is wrong: the word in its line, in the message and beside the control in which it was typed.

use maud::{Markup, html};
use model::{Locale, expr};
use store::{Error, FieldError};

use crate::ui::{Words, icon, told};

/// Characters of the line that stand before and behind the word.
const AROUND: usize = 60;
/// The longest word that is told whole, in characters.
const LONGEST: usize = 40;

/// What is wrong with an expression.
pub(crate) struct Fault {
    says: String,
    spot: Option<Spot>,
}

/// A place in an expression.
struct Spot {
    before: String,
    /// Empty where the expression breaks off.
    word: String,
    after: String,
    /// The same place as scripts count, in units of UTF-16.
    from: usize,
    to: usize,
}

impl Fault {
    /// Where and why a filter is refused; nothing for what is refused without a place.
    pub(crate) fn of_filter(l: Locale, filter: &str, error: &Error) -> Option<Self> {
        let Error::BadQuery { code, message, position: Some(position) } = error else { return None };
        Some(Self::at(l, filter, *position, &l.refusal(code, message), message))
    }

    /// Why the expression in a control is refused, and where that is known.
    pub(crate) fn of_field(l: Locale, text: &str, error: &FieldError) -> Self {
        let place = error.message.rsplit_once("(at character ").and_then(|(_, rest)| rest.split(')').next());
        match place.and_then(|place| place.parse::<usize>().ok()) {
            Some(place) => {
                let why = l.told(&error.code, &error.message);
                Self::at(l, text, place.saturating_sub(1), &why, &error.message)
            }
            None => Self { says: told::said(error, l), spot: None },
        }
    }

    fn at(l: Locale, text: &str, position: usize, why: &str, message: &str) -> Self {
        let text: Vec<char> = text.chars().collect();
        let at = position.min(text.len());
        let (head, tail) = text.split_at(at);
        let (word, rest) = tail.split_at(length(tail));
        let units = |text: &[char]| text.iter().map(|character| character.len_utf16()).sum::<usize>();
        let mut says = format!("{why} {}", place(l, at + 1, word));
        if let Some(near) = expr::meant(message) {
            says = format!("{says} {}", l.say_with("fault-near", &[("name", near.into())]));
        }
        let spot = Spot {
            before: ending(head),
            word: word.iter().collect(),
            after: beginning(rest, AROUND),
            from: units(head),
            to: units(head) + units(word),
        };
        Self { says, spot: Some(spot) }
    }

    /// The message above a list.
    pub(crate) fn note(&self) -> Markup {
        html! {
            div.note.bad role="alert" {
                (icon(assets::icon::CIRCLE_ALERT))
                div { (self.says) (self.line()) }
            }
        }
    }

    /// The words beside the control.
    pub(crate) fn says(&self) -> &str {
        &self.says
    }

    /// The line with the word marked in it.
    pub(super) fn line(&self) -> Markup {
        html! {
            @if let Some(Spot { before, word, after, .. }) = &self.spot {
                p.fault { code { (before) mark { (word) } (after) } }
            }
        }
    }

    /// The place as the script marks it in the control: first and last.
    pub(super) fn place(&self) -> Option<String> {
        self.spot.as_ref().map(|spot| format!("{} {}", spot.from, spot.to))
    }
}

fn place(l: Locale, at: usize, word: &[char]) -> String {
    let at = i64::try_from(at).unwrap_or(i64::MAX);
    if word.is_empty() {
        return l.say_with("fault-end", &[("at", at.into())]);
    }
    l.say_with("fault-at", &[("at", at.into()), ("word", beginning(word, LONGEST).into())])
}

/// How many characters the word is long that a text begins with: a name or number, a text in quotes, a sign.
fn length(text: &[char]) -> usize {
    let is_name = |character: char| character.is_alphanumeric() || character == '_';
    let is_sign = |character: char| "=<>!&|".contains(character);
    let run = |is_part: &dyn Fn(char) -> bool| text.iter().take_while(|character| is_part(**character)).count();
    match text.first() {
        None => 0,
        Some(&quote @ ('"' | '\'')) => quoted(text, quote),
        Some(&first) if is_name(first) => run(&is_name),
        Some(&first) if is_sign(first) => run(&is_sign),
        Some(_) => 1,
    }
}

/// The same for a text in quotes; one that is never closed goes to the end.
fn quoted(text: &[char], quote: char) -> usize {
    let mut is_escaped = false;
    let end = text.iter().skip(1).position(|&character| {
        let closes = character == quote && !is_escaped;
        is_escaped = character == '\\' && !is_escaped;
        closes
    });
    end.map_or(text.len(), |end| end + 2)
}

fn beginning(text: &[char], limit: usize) -> String {
    let told: String = text.iter().take(limit).collect();
    if text.len() > limit { format!("{told}…") } else { told }
}

fn ending(text: &[char]) -> String {
    let surplus = text.len().saturating_sub(AROUND);
    let told: String = text.iter().skip(surplus).collect();
    if surplus > 0 { format!("…{told}") } else { told }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(filter: &str, position: usize) -> Spot {
        let error = Error::BadQuery { code: "syntax".to_owned(), message: String::new(), position: Some(position) };
        Fault::of_filter(Locale::En, filter, &error).unwrap().spot.unwrap()
    }

    #[test]
    fn the_nearest_name_is_told_in_both_languages() {
        let message = "leads have no field \"nme\"; is \"name\" meant? (at character 3)";
        for l in Locale::ALL {
            let fault = Fault::of_field(l, "  nme", &FieldError::new("if", "unknown_field", message));
            assert!(fault.says.contains("name”") || fault.says.contains("«name»"), "{}", fault.says);
            assert_eq!(fault.place().as_deref(), Some("2 5"));
        }
        let whole =
            Fault::of_field(Locale::En, "x", &FieldError::new("if", "not_a_condition", "a condition is wanted"));
        assert!(whole.place().is_none());
    }

    #[test]
    fn the_word_is_told_whole_and_where_it_stands() {
        let word = |filter: &str, position| fault(filter, position).word;
        assert_eq!(word("имя == 1", 0), "имя");
        assert_eq!(word("name =! 1", 5), "=!");
        assert_eq!(word(r#"a == "b\" c" && d"#, 5), r#""b\" c""#);
        assert_eq!(word(r#"a == "b"#, 5), r#""b"#);
        assert_eq!(word("a.b(", 3), "(");
        assert_eq!(word("name == ", 8), "");
        assert_eq!(word("name", 99), "", "a place behind the end is the end");
    }

    #[test]
    fn scripts_count_in_units_of_their_own() {
        let fault = fault("\"🎫\" == имя", 7);
        assert_eq!((fault.before.as_str(), fault.word.as_str(), fault.from, fault.to), ("\"🎫\" == ", "имя", 8, 11));
    }

    #[test]
    fn a_long_line_is_cut_around_the_word() {
        let fault = fault(&format!("{}oops{}", "a".repeat(100) + " ", " b".repeat(100)), 101);
        assert_eq!((fault.before.chars().count(), fault.word.as_str()), (AROUND + 1, "oops"));
        assert!(fault.before.starts_with('…') && fault.after.ends_with('…'));
    }
}
