//! A filter as the parts that its outermost `&&` or `||` hold together: taken apart as it is written, and put together again.

use model::expr::{Token, Word, words};

/// What holds conditions together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Joint {
    /// `&&`
    #[default]
    All,
    /// `||`
    Any,
}

impl Joint {
    /// The other one, which holds the conditions of a group together.
    pub(super) fn other(self) -> Self {
        match self {
            Self::All => Self::Any,
            Self::Any => Self::All,
        }
    }

    fn sign(self) -> &'static str {
        match self {
            Self::All => " && ",
            Self::Any => " || ",
        }
    }
}

/// The parts of the outermost level, each with its words; one part where nothing joins them. Nothing where the text cannot
/// be taken apart: it has a `?` there, or is none of the language.
pub(super) fn parts(text: &str) -> Option<(Joint, Vec<String>)> {
    let words = words(text).ok()?;
    let mut depth = 0_usize;
    let (mut ands, mut ors) = (Vec::new(), Vec::new());
    for (index, word) in words.iter().enumerate() {
        match word.token {
            Token::Open | Token::OpenList => depth += 1,
            Token::Close | Token::CloseList => depth = depth.checked_sub(1)?,
            Token::Question if depth == 0 => return None,
            Token::And if depth == 0 => ands.push(index),
            Token::Or if depth == 0 => ors.push(index),
            _ => {}
        }
    }
    // `||` binds less.
    let (joint, cuts) = if ors.is_empty() { (Joint::All, ands) } else { (Joint::Any, ors) };
    let starts = std::iter::once(0).chain(cuts.iter().map(|cut| cut + 1));
    let ends = cuts.iter().copied().chain([words.len()]);
    let parts: Vec<String> =
        starts.zip(ends).filter_map(|(from, to)| words.get(from..to)).map(|part| written(text, part)).collect();
    let is_whole = depth == 0 && (parts.len() == 1 || parts.iter().all(|part| !part.is_empty()));
    is_whole.then_some((joint, parts))
}

/// What stands in the brackets around the whole of it, where there are some.
pub(super) fn unwrapped(text: &str) -> Option<String> {
    let words = words(text).ok()?;
    let (Some((first, rest)), true) = (words.split_first(), words.len() > 2) else { return None };
    let (last, inside) = rest.split_last()?;
    if (&first.token, &last.token) != (&Token::Open, &Token::Close) {
        return None;
    }
    let mut depth = 0_usize;
    for word in inside {
        match word.token {
            Token::Open => depth += 1,
            Token::Close => depth = depth.checked_sub(1)?,
            _ => {}
        }
    }
    Some(written(text, inside))
}

/// The text from the first of the words to the last: a comment before or behind them is left out, so that what is put
/// behind is not part of it.
fn written(text: &str, words: &[Word]) -> String {
    let (Some(first), Some(last)) = (words.first(), words.last()) else { return String::new() };
    text.chars().skip(first.from).take(last.to - first.from).collect()
}

/// The condition without the comments before and behind it.
pub(super) fn bare(condition: &str) -> String {
    let bare = words(condition).map(|words| written(condition, &words)).unwrap_or_default();
    if bare.is_empty() { condition.to_owned() } else { bare }
}

/// Conditions as one filter.
pub(super) fn joined(joint: Joint, conditions: &[&str]) -> String {
    if let [condition] = conditions {
        return (*condition).to_owned();
    }
    let wrapped = conditions.iter().map(|condition| {
        let is_one = parts(condition).is_some_and(|(_, parts)| parts.len() == 1);
        // A comment at the end of what cannot be taken apart would go on over what follows.
        let end = if words(condition).is_ok() { "" } else { "\n" };
        if is_one { (*condition).to_owned() } else { format!("({condition}{end})") }
    });
    wrapped.collect::<Vec<_>>().join(joint.sign())
}

/// A text in quotes, with its escapes.
pub(super) fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            character if character.is_control() => {}
            character => quoted.push(character),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::{Joint, joined, parts, quoted, unwrapped};

    /// The conditions that all have to hold.
    fn all(text: &str) -> Vec<String> {
        match parts(text) {
            Some((Joint::All, parts)) => parts,
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn conditions_are_those_of_the_outermost_level() {
        assert_eq!(
            all(r#"a == 1 && (b == 2 && c == 3) && d == "x && y""#),
            ["a == 1", "(b == 2 && c == 3)", r#"d == "x && y""#]
        );
        assert_eq!(all(r#"a == "\" && " && b"#), [r#"a == "\" && ""#, "b"]);
        assert_eq!(all(r#"a == r"\" && b"#), [r#"a == r"\""#, "b"]);
        assert_eq!(
            parts("a == 1 || b == 2 && c == 3"),
            Some((Joint::Any, vec!["a == 1".to_owned(), "b == 2 && c == 3".to_owned()]))
        );
        assert_eq!(parts("a ? b : c && d"), None);
    }

    #[test]
    fn what_is_no_expression_is_not_taken_apart_into_nothing() {
        for text in ["a == ", "name = 1 && b", "(a", "a)", "a && && b", "\"open && b"] {
            let apart = parts(text).map(|(_, parts)| parts).unwrap_or_default();
            assert!(apart.iter().all(|part| !part.is_empty()), "{text}: {apart:?}");
        }
        assert_eq!(parts("(a && b"), None);
        assert_eq!(parts("a && && b"), None);
    }

    #[test]
    fn what_was_loose_is_held_together() {
        assert_eq!(joined(Joint::All, &["a == 1 || b == 2", "c == 3"]), "(a == 1 || b == 2) && c == 3");
        assert_eq!(joined(Joint::All, &["a == 1 || b == 2"]), "a == 1 || b == 2");
        assert_eq!(joined(Joint::All, &["(a || b)", "c"]), "(a || b) && c");
        assert_eq!(joined(Joint::All, &["a ? b : c", "d"]), "(a ? b : c) && d");
        assert_eq!(joined(Joint::Any, &["a && b", "c"]), "(a && b) || c");
    }

    #[test]
    fn a_comment_swallows_nothing() {
        let text = "a == 1 // && b == 2\n && c == 3 // the end";
        assert_eq!(all(text), ["a == 1", "c == 3"]);
    }

    #[test]
    fn brackets_around_the_whole_are_taken_off() {
        assert_eq!(unwrapped("( a || b )").as_deref(), Some("a || b"));
        assert_eq!(unwrapped("(a) || (b)"), None);
        assert_eq!(unwrapped("a || b"), None);
        assert_eq!(unwrapped("()"), None);
    }

    #[test]
    fn quotes_are_escaped() {
        assert_eq!(quoted("a\"b\\c\n"), r#""a\"b\\c\n""#);
    }
}
