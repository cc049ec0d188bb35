//! What of a text is kept: nothing that can be neither seen nor read.

use std::borrow::Cow;

/// A text without control characters, but for ends of lines and tabs where it has several lines. On one line they part words.
pub(super) fn printable(text: &str, has_lines: bool) -> Cow<'_, str> {
    let is_kept = |sign: char| !sign.is_control() || has_lines && matches!(sign, '\n' | '\r' | '\t');
    if text.chars().all(is_kept) {
        return Cow::Borrowed(text);
    }
    let kept = |sign: char| if is_kept(sign) { Some(sign) } else { (!has_lines).then_some(' ') };
    Cow::Owned(text.chars().filter_map(kept).collect())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::{Reading, Value};
    use crate::Field;

    #[test]
    fn control_characters_are_not_kept() {
        let read = |kind: &str, text: &str| {
            let field: Field = serde_json::from_value(json!({"name": "x", "type": kind})).unwrap();
            Value::read(&field, &json!(text), Reading::default()).unwrap()
        };
        assert_eq!(read("text", "a\u{7}b\r\nc\u{85}"), Value::Text("a b  c".to_owned()));
        assert_eq!(read("text", " \u{1b} "), Value::Null);
        assert_eq!(read("long_text", "a\u{7}b\r\n\tc\u{9f}"), Value::Text("ab\r\n\tc".to_owned()));
        assert_eq!(read("long_text", "a\nb"), Value::Text("a\nb".to_owned()));
    }
}
