//! A filter as the conditions that all have to hold: taken apart for chips and put together again.

/// The conditions between the `&&` of the outermost level. One condition where an `||` stands there, which binds less.
pub(super) fn split(filter: &str) -> Vec<String> {
    let bytes = filter.as_bytes();
    let (mut parts, mut start, mut depth, mut at) = (Vec::new(), 0, 0_i32, 0);
    let mut quote = None;
    while let Some(&byte) = bytes.get(at) {
        match (quote, byte) {
            (Some(_), b'\\') => at += 1,
            (Some(open), _) if byte == open => quote = None,
            (Some(_), _) => {}
            (None, b'"' | b'\'') => quote = Some(byte),
            (None, b'(' | b'[') => depth += 1,
            (None, b')' | b']') => depth -= 1,
            (None, b'|' | b'?') if depth == 0 => return vec![filter.trim().to_owned()],
            (None, b'&') if depth == 0 && bytes.get(at + 1) == Some(&b'&') => {
                parts.push(filter.get(start..at).unwrap_or_default());
                at += 1;
                start = at + 1;
            }
            _ => {}
        }
        at += 1;
    }
    parts.push(filter.get(start..).unwrap_or_default());
    parts.into_iter().map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

/// All conditions as one filter. A condition with an `||` of its own is put into parentheses.
pub(super) fn join<'a>(conditions: impl IntoIterator<Item = &'a str>) -> String {
    let conditions: Vec<&str> = conditions.into_iter().collect();
    let wrapped = conditions.iter().map(|condition| {
        let is_loose = conditions.len() > 1 && has_loose_or(condition);
        if is_loose { format!("({condition})") } else { (*condition).to_owned() }
    });
    wrapped.collect::<Vec<_>>().join(" && ")
}

/// Whether an `||` or a `?` stands at the outermost level.
fn has_loose_or(condition: &str) -> bool {
    // `split` gives up at one: with a condition put behind, it comes back whole.
    let probe = format!("{condition} && true");
    split(&probe).len() == 1
}

/// One simple condition, understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Simple {
    pub(super) field: String,
    pub(super) operator: Operator,
    /// The bare value, unquoted.
    pub(super) value: String,
}

/// How a field is held against a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    Is,
    IsNot,
    AtLeast,
    AtMost,
    Contains,
    Filled,
    Empty,
}

impl Operator {
    pub(super) const ALL: [Self; 7] =
        [Self::Is, Self::IsNot, Self::Contains, Self::AtLeast, Self::AtMost, Self::Filled, Self::Empty];

    /// Its name in forms and messages.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Is => "is",
            Self::IsNot => "is_not",
            Self::AtLeast => "at_least",
            Self::AtMost => "at_most",
            Self::Contains => "contains",
            Self::Filled => "filled",
            Self::Empty => "empty",
        }
    }
}

/// Reads conditions of the form that the filter's form writes; nothing for every other.
pub(super) fn simple(condition: &str) -> Option<Simple> {
    let made = |field: &str, operator, value: String| {
        model::definitions::is_name(field).then(|| Simple { field: field.to_owned(), operator, value })
    };
    let inside = |text: &'static str| condition.strip_prefix(text)?.strip_suffix(')');
    if let Some(field) = inside("has(") {
        return made(field, Operator::Filled, String::new());
    }
    if let Some(field) = inside("!has(") {
        return made(field, Operator::Empty, String::new());
    }
    if let Some((field, rest)) = condition.split_once(".contains(") {
        return made(field, Operator::Contains, unquoted(rest.strip_suffix(')')?)?);
    }
    if let Some((item, field)) =
        inside("!(").unwrap_or(condition).split_once(" in ").filter(|(item, _)| item.starts_with('"'))
    {
        let operator = if condition.starts_with('!') { Operator::IsNot } else { Operator::Contains };
        return made(field, operator, unquoted(item)?);
    }
    for (sign, operator) in
        [(" == ", Operator::Is), (" != ", Operator::IsNot), (" >= ", Operator::AtLeast), (" <= ", Operator::AtMost)]
    {
        if let Some((field, value)) = condition.split_once(sign) {
            return made(field, operator, literal(value.trim())?);
        }
    }
    None
}

fn literal(text: &str) -> Option<String> {
    let is_bare =
        |text: &str| text == "me()" || text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_'));
    if text.starts_with('"') { unquoted(text) } else { is_bare(text).then(|| text.to_owned()) }
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

fn unquoted(text: &str) -> Option<String> {
    let inside = text.strip_prefix('"')?.strip_suffix('"')?;
    let mut plain = String::with_capacity(inside.len());
    let mut characters = inside.chars();
    while let Some(character) = characters.next() {
        match character {
            '"' => return None,
            '\\' => plain.push(match characters.next()? {
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                escaped @ ('"' | '\\') => escaped,
                _ => return None,
            }),
            character => plain.push(character),
        }
    }
    Some(plain)
}

#[cfg(test)]
mod tests {
    use super::{Operator, Simple, join, quoted, simple, split};

    #[test]
    fn conditions_are_those_of_the_outermost_level() {
        assert_eq!(
            split(r#"a == 1 && (b == 2 && c == 3) && d == "x && y""#),
            ["a == 1", "(b == 2 && c == 3)", r#"d == "x && y""#]
        );
        assert_eq!(split(r#"a == "\" && " && b"#), [r#"a == "\" && ""#, "b"]);
        assert_eq!(split("a == 1 || b == 2 && c == 3"), ["a == 1 || b == 2 && c == 3"]);
        assert!(split("  ").is_empty());
    }

    #[test]
    fn what_was_loose_is_held_together() {
        assert_eq!(join(["a == 1 || b == 2", "c == 3"]), "(a == 1 || b == 2) && c == 3");
        assert_eq!(join(["a == 1 || b == 2"]), "a == 1 || b == 2");
        assert_eq!(join(["(a || b)", "c"]), "(a || b) && c");
    }

    #[test]
    fn simple_conditions_are_read_back() {
        let read = |field: &str, operator, value: &str| {
            Some(Simple { field: field.to_owned(), operator, value: value.to_owned() })
        };
        assert_eq!(simple(r#"status == "new""#), read("status", Operator::Is, "new"));
        assert_eq!(simple("capacity >= 100"), read("capacity", Operator::AtLeast, "100"));
        assert_eq!(simple("owner == me()"), read("owner", Operator::Is, "me()"));
        assert_eq!(simple("!has(phone)"), read("phone", Operator::Empty, ""));
        let tricky = "a\"b\\c == d";
        assert_eq!(simple(&format!("name.contains({})", quoted(tricky))), read("name", Operator::Contains, tricky));
        assert_eq!(simple(r#""0190" in speakers"#), read("speakers", Operator::Contains, "0190"));
        assert_eq!(simple(r#"!("0190" in speakers)"#), read("speakers", Operator::IsNot, "0190"));
        assert_eq!(simple(r#""a in b" == name"#), None);
        assert_eq!(simple("account.city == \"Казань\""), None);
        assert_eq!(simple("a == b + 1"), None);
    }
}
