//! The only place that knows how htmx is spelled.

use axum::http::HeaderMap;
use model::{Id, Locale};

use super::Words;

/// What a request by htmx says.
const REQUEST: &str = "hx-request";

/// Whether a part of a page is asked for, to be swapped in.
pub(crate) fn is_partial(headers: &HeaderMap) -> bool {
    headers.get(REQUEST).is_some_and(|value| value == "true")
}

/// The header that shows a short message in the corner.
pub(crate) const TRIGGER: axum::http::HeaderName = axum::http::HeaderName::from_static("hx-trigger");

/// The value of [`TRIGGER`] for a message; a header carries ASCII only.
pub(crate) fn toast(text: &str, tone: &str) -> String {
    event(&serde_json::json!({"toast": {"text": text, "tone": tone}}))
}

/// The same for what was done, with a button that takes the change set back, where there is one.
pub(crate) fn done(l: Locale, text: &str, set: Option<Id>) -> String {
    let Some(set) = set else { return toast(text, "good") };
    let undo = serde_json::json!({"label": l.say("undo"), "href": format!("/undo/{set}")});
    event(&serde_json::json!({"toast": {"text": text, "tone": "good", "undo": undo}}))
}

/// The value of [`TRIGGER`] for events of any kind.
pub(crate) fn event(events: &serde_json::Value) -> String {
    let json = events.to_string();
    let mut ascii = String::with_capacity(json.len());
    for character in json.chars() {
        if character.is_ascii() {
            ascii.push(character);
        } else {
            let mut units = [0_u16; 2];
            for unit in character.encode_utf16(&mut units) {
                ascii.push_str(&format!("\\u{unit:04x}"));
            }
        }
    }
    ascii
}

#[cfg(test)]
mod tests {
    #[test]
    fn messages_are_ascii_and_read_back() {
        let header = super::toast("Сохранено 🎫", "good");
        assert!(header.is_ascii());
        let read: serde_json::Value = serde_json::from_str(&header).unwrap_or_default();
        assert_eq!(read["toast"]["text"], "Сохранено 🎫");
    }
}
