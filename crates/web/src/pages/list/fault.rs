//! Where a filter is wrong: the word in its line, in the message and beside the control in which it was typed.

use maud::{Markup, html};
use model::Locale;
use store::Error;

use crate::pages::errors::sentence;
use crate::problem::Problem;
use crate::ui::{Words, icon};

/// Characters of the line that stand before and behind the word.
const AROUND: usize = 60;
/// The longest word that is told whole, in characters.
const LONGEST: usize = 40;

/// A place in a filter, and what is wrong there.
pub(super) struct Fault {
    says: String,
    before: String,
    /// Empty where the filter breaks off.
    word: String,
    after: String,
    /// The same place as scripts count, in units of UTF-16.
    from: usize,
    to: usize,
}

impl Fault {
    /// Where and why `filter` is refused; nothing for what is refused without a place.
    pub(super) fn of(l: Locale, filter: &str, error: &Error) -> Option<Self> {
        let Error::BadQuery { position: Some(position), .. } = error else { return None };
        let text: Vec<char> = filter.chars().collect();
        let at = (*position).min(text.len());
        let (head, tail) = text.split_at(at);
        let (word, rest) = tail.split_at(length(tail));
        let units = |text: &[char]| text.iter().map(|character| character.len_utf16()).sum::<usize>();
        let why = sentence(l, &Problem::from(error.clone()));
        Some(Self {
            says: format!("{why} {}", place(l, at + 1, word)),
            before: ending(head),
            word: word.iter().collect(),
            after: beginning(rest, AROUND),
            from: units(head),
            to: units(head) + units(word),
        })
    }

    /// The message above the list.
    pub(super) fn note(&self) -> Markup {
        html! {
            div.note.bad role="alert" {
                (icon(assets::icon::CIRCLE_ALERT))
                div {
                    (self.says)
                    p.fault { code { (self.before) mark { (self.word) } (self.after) } }
                }
            }
        }
    }

    /// The words beside the control.
    pub(super) fn says(&self) -> &str {
        &self.says
    }

    /// The place as the script marks it in the control: first and last.
    pub(super) fn place(&self) -> String {
        format!("{} {}", self.from, self.to)
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

    fn fault(filter: &str, position: usize) -> Fault {
        let error = Error::BadQuery { code: "syntax".to_owned(), message: String::new(), position: Some(position) };
        Fault::of(Locale::En, filter, &error).unwrap()
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
        assert_eq!(
            (fault.before.as_str(), fault.word.as_str(), fault.place()),
            ("\"🎫\" == ", "имя", "8 11".to_owned())
        );
    }

    #[test]
    fn a_long_line_is_cut_around_the_word() {
        let fault = fault(&format!("{}oops{}", "a".repeat(100) + " ", " b".repeat(100)), 101);
        assert_eq!((fault.before.chars().count(), fault.word.as_str()), (AROUND + 1, "oops"));
        assert!(fault.before.starts_with('…') && fault.after.ends_with('…'));
    }
}
