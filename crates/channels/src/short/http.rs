//! Any gateway over HTTP: the administrator writes its address and what is sent there, with places in braces for what differs.
//! It tells of what became of a message, and of messages that came, in the words documented here.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value as Json, json};
use url::Url;

use super::{Account, Came, Fate, Report, Request, Short, Told, Unsent, is_same, not_taken, shortened};
use crate::telephone::{Knock, Refused, form, object, text};

/// The place of the secret.
const SECRET: &str = "{secret}";
/// What an answer may call the message.
const NAMES: [&str; 4] = ["id", "message_id", "messageId", "sid"];

/// A request: without a body it is a GET, with one a POST of JSON or of a form. A secret that has no place in it goes along as
/// authorization.
pub(super) fn request(account: &Account<'_>, short: &Short<'_>) -> Result<Request, Unsent> {
    let Some(url) = account.url else {
        return Err(Unsent::Never("nothing says where messages are sent".to_owned()));
    };
    let callback = format!("{}?message={}", short.callback, short.id);
    let places = [
        ("to", short.to),
        ("digits", short.to.trim_start_matches('+')),
        ("text", short.text),
        ("from", account.sender.unwrap_or_default()),
        ("id", short.id),
        ("account", account.name.unwrap_or_default()),
        ("secret", account.secret),
        ("callback", callback.as_str()),
    ];
    let body = account.body.map(str::trim).filter(|body| !body.is_empty());
    let is_json = body.is_some_and(|body| body.starts_with(['{', '[']));
    let mut headers = Vec::new();
    if body.is_some() {
        let kind = if is_json { "application/json" } else { "application/x-www-form-urlencoded; charset=utf-8" };
        headers.push(("content-type", kind.to_owned()));
    }
    if !url.contains(SECRET) && !body.is_some_and(|body| body.contains(SECRET)) {
        let keys = match account.name {
            Some(name) => format!("Basic {}", STANDARD.encode(format!("{name}:{}", account.secret))),
            None => format!("Bearer {}", account.secret),
        };
        headers.push(("authorization", keys));
    }
    let body = body.map(|body| filled(body, &places, if is_json { in_json } else { in_address }));
    Ok(Request {
        method: if body.is_some() { "POST" } else { "GET" },
        url: filled(url, &places, in_address),
        headers,
        body: body.unwrap_or_default(),
    })
}

pub(super) fn taken(status: u16, said: &str) -> Result<Option<String>, Unsent> {
    if !(200..300).contains(&status) {
        return Err(not_taken(status, said));
    }
    Ok(object(said).ok().and_then(|map| NAMES.iter().find_map(|name| text(&map, name))))
}

/// Fills the places. What fills one is no template, whatever stands in it; braces that are no place stay.
fn filled(template: &str, places: &[(&str, &str)], escaped: fn(&str) -> String) -> String {
    let (mut rest, mut whole) = (template, String::new());
    while let Some((before, after)) = rest.split_once('{') {
        whole.push_str(before);
        let place = |(name, value): &(&str, &str)| {
            let behind = after.strip_prefix(*name)?.strip_prefix('}')?;
            Some((escaped(value), behind))
        };
        if let Some((value, behind)) = places.iter().find_map(place) {
            whole.push_str(&value);
            rest = behind;
        } else {
            whole.push('{');
            rest = after;
        }
    }
    whole.push_str(rest);
    whole
}

fn in_address(value: &str) -> String {
    utf8_percent_encode(value, NON_ALPHANUMERIC).to_string()
}

/// Between the quotes of a text.
fn in_json(value: &str) -> String {
    let quoted = json!(value).to_string();
    quoted.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or_default().to_owned()
}

/// The secret stands in a header, or in the address where a gateway sends no headers; what is told in the address, or in the
/// body as JSON or as a form.
pub(super) fn read(account: &Account<'_>, knock: &Knock<'_>) -> Result<Option<Told>, Refused> {
    let url = Url::parse(knock.url).ok();
    let mut map: Map<String, Json> = Map::new();
    for (name, value) in url.iter().flat_map(|url| url.query_pairs().into_owned()) {
        map.insert(name, Json::String(value));
    }
    let header = knock.header;
    let bearer = header("authorization").and_then(|said| said.strip_prefix("Bearer ").map(str::to_owned));
    let in_address = map.remove("secret").and_then(|said| said.as_str().map(str::to_owned));
    let said = bearer.or_else(|| header("x-webhook-secret")).or(in_address).unwrap_or_default();
    if !account.hook.is_some_and(|secret| is_same(&said, secret)) {
        return Err(Refused::Signature);
    }
    let body = std::str::from_utf8(knock.body).map_err(|_| Refused::Unreadable("the body is not UTF-8".to_owned()))?;
    if body.trim_start().starts_with('{') {
        map.extend(object(body)?);
    } else {
        map.extend(form(knock.body).into_iter().map(|(name, value)| (name, Json::String(value))));
    }
    // Whoever says the secret twice does not have it kept.
    map.remove("secret");
    understood(map)
}

fn understood(map: Map<String, Json>) -> Result<Option<Told>, Refused> {
    let known_as = NAMES.iter().find_map(|name| text(&map, name));
    if let Some(what) = text(&map, "status") {
        let fate = match what.as_str() {
            "delivered" | "read" => Fate::Delivered,
            "failed" | "undelivered" | "rejected" | "expired" => {
                Fate::Failed(shortened(&text(&map, "error").unwrap_or_else(|| what.clone())))
            }
            _ => Fate::OnItsWay,
        };
        let message = text(&map, "message").and_then(|id| id.parse().ok());
        if message.is_none() && known_as.is_none() {
            return Err(Refused::Unreadable("message: our id of the message, or id: yours".to_owned()));
        }
        let raw = Json::Object(map);
        return Ok(Some(Told::Fate(Report { message, known_as, fate, what, raw })));
    }
    let said = map.get("text").and_then(Json::as_str).map(str::to_owned);
    let (Some(name), Some(from), Some(text_of)) = (known_as, text(&map, "from"), said) else {
        let how = "status with message or id; or id, from and text of a message that came in";
        return Err(Refused::Unreadable(how.to_owned()));
    };
    let at = text(&map, "at").map(|at| at.parse::<Timestamp>()).transpose();
    let at = at.map_err(|_| Refused::Unreadable("at: a moment such as 2027-04-13T09:00:00Z".to_owned()))?;
    let (from_name, phone, raw) = (text(&map, "name"), Some(from.clone()), Json::Object(map));
    Ok(Some(Told::Came(Came { name, from, from_name, phone, text: text_of, at, locale: None, raw })))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{SHORT, account};
    use super::super::{Account, Carrier, Fate, Told, read};
    use super::request;
    use crate::telephone::{Knock, Refused};

    fn sent(url: &str, body: Option<&str>) -> (String, String, String, Vec<(&'static str, String)>) {
        let account = Account { url: Some(url), body, ..account(None, "key") };
        let sent = request(&account, &SHORT).unwrap_or_else(|error| panic!("{error}"));
        (sent.method.to_owned(), sent.url, sent.body, sent.headers)
    }

    #[test]
    fn places_are_filled_as_it_fits_where_they_stand() {
        let (method, url, body, headers) = sent("https://sms.example.org/?k={secret}&p={digits}&t={text}&x={y}", None);
        assert_eq!((method.as_str(), body.as_str(), headers.len()), ("GET", "", 0));
        assert!(url.starts_with("https://sms.example.org/?k=key&p=79211234567&t=%D0"), "{url}");
        assert!(url.ends_with("%26%20%22%D1%81%D0%B2%D0%B5%D1%82%22&x={y}"), "{url}");
        let template = r#"{"to": "{to}", "text": "{text}", "more": {"from": "{from}", "id": "{id}"}}"#;
        let (method, _, body, headers) = sent("https://sms.example.org/send", Some(template));
        let body: serde_json::Value = serde_json::from_str(&body).unwrap_or_else(|error| panic!("{error}: {body}"));
        assert_eq!((method.as_str(), body["text"].as_str()), ("POST", Some(SHORT.text)));
        assert_eq!((body["more"]["from"].as_str(), body["more"]["id"].as_str()), (Some("Forum"), Some(SHORT.id)));
        assert!(headers.contains(&("authorization", "Bearer key".to_owned())), "{headers:?}");
        let (_, _, body, headers) = sent("https://sms.example.org/send", Some("key={secret}&to={to}"));
        assert_eq!((body.as_str(), headers.len()), ("key=key&to=%2B79211234567", 1));
    }

    fn told(url: &str, header: Option<&str>, body: &str) -> Result<Option<Told>, Refused> {
        let header = |name: &str| header.filter(|_| name == "x-webhook-secret").map(str::to_owned);
        read(Carrier::Http, &account(None, "key"), &Knock { event: None, url, header: &header, body: body.as_bytes() })
    }

    #[test]
    fn what_is_told_is_heard_with_the_secret_alone() {
        let url = format!("https://crm.example.org/x?message={}&secret=a+word+of+both", SHORT.id);
        let Ok(Some(Told::Fate(report))) = told(&url, None, "status=delivered&price=3") else { panic!("it is told") };
        assert_eq!(
            (report.fate, report.message.map(|id| id.to_string())),
            (Fate::Delivered, Some(SHORT.id.to_owned()))
        );
        assert_eq!((report.raw["price"].as_str(), report.raw.get("secret")), (Some("3"), None));
        let here = "https://crm.example.org/x";
        let json = r#"{"id": 5, "status": "rejected", "error": "a bad number"}"#;
        let Ok(Some(Told::Fate(report))) = told(here, Some("a word of both"), json) else { panic!("it is told") };
        assert_eq!((report.fate, report.known_as.as_deref()), (Fate::Failed("a bad number".to_owned()), Some("5")));
        assert_eq!(told(here, Some("another word"), json), Err(Refused::Signature));
        assert_eq!(told(here, None, json), Err(Refused::Signature));
        let came = r#"{"id": "6", "from": "+79211234567", "text": "Да"}"#;
        assert!(matches!(told(here, Some("a word of both"), came), Ok(Some(Told::Came(_)))));
        assert!(matches!(told(here, Some("a word of both"), "{}"), Err(Refused::Unreadable(_))));
    }
}
