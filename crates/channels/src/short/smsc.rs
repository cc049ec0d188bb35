//! SMSC.ru: a form with login and password, or an API key, answered in JSON (`fmt=3`); statuses by its handler of statuses, a
//! form whose `sha1` is over id, number, status and a secret.

use serde_json::{Map, Value as Json};
use sha1::{Digest as _, Sha1};

use super::{Account, Fate, Report, Request, Short, Told, Unsent, is_same, not_taken, shortened, unclear};
use crate::telephone::{Knock, Refused, form, object, text, whole};

/// Where messages go.
const URL: &str = "https://smsc.ru/sys/send.php";
/// Errors that pass: no money, too many faults of late, the same too often.
const PASSING: [i64; 3] = [3, 4, 9];

pub(super) fn request(account: &Account<'_>, short: &Short<'_>) -> Request {
    let mut fields = match account.name {
        Some(login) => vec![("login", login), ("psw", account.secret)],
        None => vec![("apikey", account.secret)],
    };
    fields.extend([("phones", short.to), ("mes", short.text), ("charset", "utf-8"), ("fmt", "3")]);
    fields.extend(account.sender.map(|sender| ("sender", sender)));
    Request::form(account.url.unwrap_or(URL).to_owned(), &fields)
}

pub(super) fn taken(status: u16, said: &str) -> Result<Option<String>, Unsent> {
    if !(200..300).contains(&status) {
        return Err(not_taken(status, said));
    }
    let map = object(said).map_err(|_| unclear(said))?;
    if let Some(code) = whole(&map, "error_code") {
        let words = format!("{} ({code})", text(&map, "error").unwrap_or_default());
        return Err(if PASSING.contains(&code) { Unsent::Later(words) } else { Unsent::Never(words) });
    }
    text(&map, "id").map(Some).ok_or_else(|| unclear(said))
}

pub(super) fn read(account: &Account<'_>, knock: &Knock<'_>) -> Result<Option<Told>, Refused> {
    let map: Map<String, Json> = form(knock.body).into_iter().map(|(name, text)| (name, Json::String(text))).collect();
    let field = |name: &str| map.get(name).and_then(Json::as_str).unwrap_or_default();
    let secret = account.hook.ok_or(Refused::Signature)?;
    let digest = Sha1::digest(format!("{}:{}:{}:{secret}", field("id"), field("phone"), field("status")));
    let wanted: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    if !is_same(&field("sha1").to_ascii_lowercase(), &wanted) {
        return Err(Refused::Signature);
    }
    let (Some(known_as), Some(status)) = (text(&map, "id"), whole(&map, "status")) else { return Ok(None) };
    let fate = match status {
        // Delivered, read, a link in it was opened.
        1 | 2 | 4 => Fate::Delivered,
        3 => Fate::Failed("it could not be delivered in time (3)".to_owned()),
        20.. => Fate::Failed(shortened(&format!("status {status}, error {}", field("err")))),
        _ => Fate::OnItsWay,
    };
    let what = format!("status {status}");
    Ok(Some(Told::Fate(Report { message: None, known_as: Some(known_as), fate, what, raw: Json::Object(map) })))
}

#[cfg(test)]
mod tests {
    use sha1::{Digest as _, Sha1};

    use super::super::tests::{SHORT, account};
    use super::super::{Carrier, Fate, Told, Unsent, read};
    use super::{request, taken};
    use crate::telephone::{Knock, Refused};

    #[test]
    fn a_login_or_a_key_lets_us_in() {
        let sent = request(&account(Some("anna"), "word"), &SHORT);
        assert_eq!((sent.method, sent.url.as_str()), ("POST", "https://smsc.ru/sys/send.php"));
        assert!(sent.body.starts_with("login=anna&psw=word&phones=%2B79211234567&mes=%D0"), "{}", sent.body);
        assert!(sent.body.ends_with("&charset=utf-8&fmt=3&sender=Forum"), "{}", sent.body);
        assert!(request(&account(None, "key"), &SHORT).body.starts_with("apikey=key&phones="));
    }

    #[test]
    fn what_passes_is_tried_again() {
        assert_eq!(taken(200, r#"{"id": 17, "cnt": 1}"#), Ok(Some("17".to_owned())));
        let wrong = |code: i64| taken(200, &format!(r#"{{"error": "no", "error_code": {code}}}"#));
        assert_eq!(wrong(3), Err(Unsent::Later("no (3)".to_owned())));
        assert_eq!(wrong(7), Err(Unsent::Never("no (7)".to_owned())));
        assert!(matches!(taken(503, "busy"), Err(Unsent::Later(_))));
        assert!(matches!(taken(200, "OK - 1 SMS"), Err(Unsent::Never(_))));
    }

    fn told(status: &str, secret: &str) -> Result<Option<Told>, Refused> {
        let digest = Sha1::digest(format!("17:79211234567:{status}:{secret}"));
        let sha1: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        let body = format!("id=17&phone=79211234567&status={status}&err=1&more=kept&sha1={sha1}");
        let knock =
            Knock { event: None, url: "https://crm.example.org/x", header: &|_: &str| None, body: body.as_bytes() };
        read(Carrier::Smsc, &account(None, "key"), &knock)
    }

    #[test]
    fn statuses_are_those_of_whoever_knows_the_secret() {
        let fate = |status: &str| match told(status, "a word of both") {
            Ok(Some(Told::Fate(report))) => {
                assert_eq!((report.known_as.as_deref(), report.raw["more"].as_str()), (Some("17"), Some("kept")));
                report.fate
            }
            other => panic!("{other:?}"),
        };
        assert_eq!((fate("-1"), fate("1")), (Fate::OnItsWay, Fate::Delivered));
        assert!(matches!((fate("3"), fate("22")), (Fate::Failed(_), Fate::Failed(_))));
        assert_eq!(told("1", "another word"), Err(Refused::Signature));
    }
}
