//! Values of an open field of several choices: words that people put in themselves, such as tags.

use std::collections::BTreeSet;

use serde_json::Value as Json;

use super::{Value, ValueError, expected};
use crate::field::Field;

/// The longest of them, in characters.
pub const TAG_LIMIT: usize = 48;
/// The most of them in one field.
pub const TAGS_LIMIT: usize = 50;

/// In the order in which they were given; one that differs from another by capitals alone counts once.
pub(super) fn read(field: &Field, json: &Json) -> Result<Value, ValueError> {
    let items = json.as_array().ok_or_else(|| expected("a list of texts"))?;
    let (mut tags, mut seen) = (Vec::new(), BTreeSet::new());
    for item in items {
        let tag = tidy(item.as_str().ok_or_else(|| expected("a list of texts in quotes"))?);
        if tag.chars().count() > TAG_LIMIT {
            return Err(ValueError::new("too_long", format!("at most {TAG_LIMIT} characters each")));
        }
        // What an option is called is written as the option is.
        let known = field.options.iter().find(|option| option.value.to_lowercase() == tag.to_lowercase());
        let tag = known.map_or(tag, |option| option.value.clone());
        if !tag.is_empty() && seen.insert(tag.to_lowercase()) {
            tags.push(tag);
        }
    }
    if tags.len() > TAGS_LIMIT {
        return Err(ValueError::new("too_many", format!("at most {TAGS_LIMIT} of them")));
    }
    Ok(if tags.is_empty() { Value::Null } else { Value::List(tags) })
}

/// On one line, without what cannot be seen, and without commas: by those people part them.
fn tidy(text: &str) -> String {
    let plain = text.replace(|character: char| character.is_control() || character == ',', " ");
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::field::FieldType;

    fn tags(json: &Json) -> Result<Value, &'static str> {
        let field = Field { open: true, ..Field::new("tags", FieldType::MultiChoice) };
        read(&field, json).map_err(|error| error.code)
    }

    #[test]
    fn any_words_are_tags_and_each_counts_once() {
        let list = |tags: &[&str]| Ok(Value::List(tags.iter().map(|tag| (*tag).to_owned()).collect()));
        assert_eq!(
            tags(&json!(["vip", " Постоянный   клиент ", "VIP", "", "a,\u{0}b"])),
            list(&["vip", "Постоянный клиент", "a b"])
        );
        assert_eq!(tags(&json!([" "])), Ok(Value::Null));
        assert_eq!(tags(&json!("vip")), Err("invalid_type"));
        assert_eq!(tags(&json!(["x".repeat(TAG_LIMIT + 1)])), Err("too_long"));
        let many: Vec<_> = (0..=TAGS_LIMIT).map(|number| number.to_string()).collect();
        assert_eq!(tags(&json!(many)), Err("too_many"));
    }
}
