//! Where somebody came from: marks of advertising, the page that led to the site, the page on which they arrived (B4).

use model::form::{LANDING, MARKS, REFERRER};
use serde_json::{Map, Value as Json};

/// The words beside marks of advertising, in which a form carries where somebody came from.
pub const REFERRED: [&str; 2] = [REFERRER, LANDING];
/// How many marks are kept, and how long the name and the worth of one may be, in characters.
const MOST: usize = 8;
const NAME: usize = 40;
const WORTH: usize = 200;
/// How long an address may be, in characters.
const ADDRESS: usize = 1_000;

/// What of these pairs says where somebody came from. Marks that stand in the address of the page on which they arrived count
/// where nothing else says them.
pub fn source<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)>) -> Map<String, Json> {
    let mut source = Map::new();
    for (name, text) in pairs {
        let text = text.trim();
        if text.is_empty() || source.contains_key(name) {
            continue;
        }
        if REFERRED.contains(&name) {
            if ["http://", "https://"].iter().any(|scheme| text.starts_with(scheme)) {
                source.insert(name.to_owned(), cut(text, ADDRESS));
            }
        } else {
            mark(&mut source, name, text);
        }
    }
    let landing = source.get(LANDING).and_then(Json::as_str).unwrap_or_default().to_owned();
    let query = landing.split('#').next().and_then(|address| address.split_once('?')).map(|(_, query)| query);
    let pairs: Vec<(String, String)> =
        query.and_then(|query| serde_urlencoded::from_str(query).ok()).unwrap_or_default();
    for (name, text) in &pairs {
        if !text.trim().is_empty() && !text.contains('\0') && !source.contains_key(name) {
            mark(&mut source, name, text.trim());
        }
    }
    source
}

fn mark(source: &mut Map<String, Json>, name: &str, text: &str) {
    let is_mark = name.len() > MARKS.len() && name.len() <= NAME && name.starts_with(MARKS);
    let is_plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let marks = source.keys().filter(|name| name.starts_with(MARKS)).count();
    if is_mark && is_plain && marks < MOST {
        source.insert(name.to_owned(), cut(text, WORTH));
    }
}

fn cut(text: &str, most: usize) -> Json {
    text.chars().take(most).collect::<String>().into()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::source;

    #[test]
    fn marks_and_addresses_are_kept_and_nothing_else() {
        let pairs = [
            ("utm_source", " vk "),
            ("utm_source", "second"),
            ("utm_", "x"),
            ("utm_<b>", "x"),
            ("name", "Anna"),
            ("referrer", "javascript:alert(1)"),
            ("landing_page", "https://site.example/a?utm_source=late&utm_medium=cpc#top"),
        ];
        let wanted = json!({
            "utm_source": "vk", "utm_medium": "cpc",
            "landing_page": "https://site.example/a?utm_source=late&utm_medium=cpc#top",
        });
        assert_eq!(json!(source(pairs.into_iter())), wanted);
        let many: Vec<(String, String)> = (0..20).map(|number| (format!("utm_{number}"), "x".repeat(900))).collect();
        let kept = source(many.iter().map(|(name, text)| (name.as_str(), text.as_str())));
        assert_eq!(kept.len(), 8);
        assert!(kept.values().all(|worth| worth.as_str().unwrap().len() == 200));
    }
}
