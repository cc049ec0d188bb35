//! Any program: a POST of JSON, signed with HMAC-SHA256 over the body as it is. What stands in it is addressed by paths.

use data_encoding::HEXLOWER;
use model::form::Told;
use serde_json::Value as Json;
use sha2::{Digest as _, Sha256};

use super::{Came, Heard, Keys, bounded, is_signed, plain, unreadable};
use crate::telephone::{Knock, Refused, object};

/// Where the signature stands where nothing else is said.
pub const HEADER: &str = "X-Hub-Signature-256";
/// The path of what the request is called, where nothing else is said.
const ID: &str = "id";

pub(super) fn read(keys: &Keys<'_>, knock: &Knock<'_>) -> Result<Heard, Refused> {
    let (header, name) = (knock.header, keys.header.unwrap_or(HEADER).to_ascii_lowercase());
    let said = header(&name).unwrap_or_default();
    if !is_signed(keys.secret, &said, knock.body) {
        return Err(Refused::Signature);
    }
    let body = std::str::from_utf8(knock.body).map_err(|_| unreadable("the body is not UTF-8"))?;
    let body = Json::Object(object(body)?);
    // What is called nothing is known by what it says: the same twice is once.
    let id = at(&body, keys.id_path.unwrap_or(ID)).and_then(plain).filter(|id| !id.trim().is_empty());
    let name = id.unwrap_or_else(|| format!("sha256:{}", HEXLOWER.encode(&Sha256::digest(knock.body))));
    Ok(Heard::Came(Box::new(came(&body, name))))
}

pub(super) fn came(body: &Json, name: String) -> Came {
    let mut answers = Vec::new();
    leaves(body, String::new(), &mut answers);
    Came { name, at: None, about: serde_json::Map::new(), answers: bounded(answers.into_iter()), raw: body.clone() }
}

/// What stands at a path: names of objects and places in lists, parted by full stops.
fn at<'a>(body: &'a Json, path: &str) -> Option<&'a Json> {
    path.split('.').try_fold(body, |json, part| match json {
        Json::Object(map) => map.get(part),
        Json::Array(list) => list.get(part.parse::<usize>().ok()?),
        _ => None,
    })
}

/// Everything that is said, with its path. A list of plain things is one answer.
fn leaves(json: &Json, path: String, into: &mut Vec<Told>) {
    let below = |part: &str| if path.is_empty() { part.to_owned() } else { format!("{path}.{part}") };
    match json {
        Json::Null => {}
        Json::Object(map) => map.iter().for_each(|(name, inner)| leaves(inner, below(name), into)),
        Json::Array(list) if list.iter().any(|one| matches!(one, Json::Object(_) | Json::Array(_))) => {
            list.iter().enumerate().for_each(|(place, inner)| leaves(inner, below(&place.to_string()), into));
        }
        Json::Array(list) => {
            into.push(Told { key: path, label: None, values: list.iter().filter_map(plain).collect() });
        }
        one => into.push(Told { key: path, label: None, values: plain(one).into_iter().collect() }),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{heard, keys};
    use super::super::{Heard, Keys, Source, digest};
    use crate::telephone::Refused;

    #[test]
    fn whoever_signs_is_heard_and_what_they_say_has_a_path() {
        let own = keys("a word of both", None);
        let body = r#"{"id": 17, "contact": {"email": "anna@example.org", "phones": ["1", "2"]}, "items": [{"name": "Стенд"}], "ok": true, "none": null}"#;
        let right = digest("a word of both", body.as_bytes());
        let told = |keys: &Keys<'_>, name: &str, said: &str, body: &str| {
            heard(Source::Webhook, keys, Some((name, said)), body)
        };
        let Ok(Heard::Came(came)) = told(&own, "x-hub-signature-256", &right, body) else { panic!("it came") };
        assert_eq!(came.name, "17");
        let mut said: Vec<_> = came.answers.iter().map(|told| format!("{}={}", told.key, told.text())).collect();
        said.sort();
        let wanted =
            ["contact.email=anna@example.org", "contact.phones=1, 2", "id=17", "items.0.name=Стенд", "ok=true"];
        assert_eq!(said, wanted);
        assert_eq!(told(&own, "x-signature", &right, body), Err(Refused::Signature));
        assert_eq!(told(&own, "x-hub-signature-256", "", body), Err(Refused::Signature));
        assert_eq!(told(&own, "x-hub-signature-256", &right, &body.replace("17", "18")), Err(Refused::Signature));
        let named = Keys { header: Some("X-Signature"), id_path: Some("items.0.name"), ..own };
        let Ok(Heard::Came(came)) = told(&named, "x-signature", &right, body) else { panic!("it came") };
        assert_eq!(came.name, "Стенд");
        // Without a name of its own it is known by what it says.
        let bare = r#"{"email": "anna@example.org"}"#;
        let signed = digest("a word of both", bare.as_bytes());
        let Ok(Heard::Came(came)) = told(&own, "x-hub-signature-256", &signed, bare) else { panic!("it came") };
        assert!(came.name.starts_with("sha256:") && came.name.len() < 120, "{}", came.name);
        let list = digest("a word of both", b"[]");
        assert!(matches!(told(&own, "x-hub-signature-256", &list, "[]"), Err(Refused::Unreadable(_))));
    }
}
