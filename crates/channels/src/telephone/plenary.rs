//! The JSON that any exchange can be taught to send, signed as webhooks of Plenary are (Standard Webhooks).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Map, Value as Json};
use sha2::Sha256;

use super::{CallEvent, Direction, Keys, Knock, Refused, Step, bare, object, text, whole};
use crate::webhook::SECRET;

/// Signatures in one header at most: the other side may be changing its secret.
const SIGNATURES: usize = 8;

pub(super) fn read(keys: Keys<'_>, knock: &Knock<'_>) -> Result<Option<CallEvent>, Refused> {
    if !is_signed(keys.secret, knock) {
        return Err(Refused::Signature);
    }
    let body = std::str::from_utf8(knock.body).map_err(|_| Refused::Unreadable("the body is not UTF-8".to_owned()))?;
    understood(object(body)?).map(Some)
}

/// When it was signed is not judged: what comes twice changes nothing.
fn is_signed(secret: &str, knock: &Knock<'_>) -> bool {
    let header = knock.header;
    let parts = (header("webhook-id"), header("webhook-timestamp"), header("webhook-signature"));
    let (Some(id), Some(moment), Some(signatures)) = parts else { return false };
    let coded = secret.strip_prefix(SECRET).and_then(|coded| STANDARD.decode(coded).ok());
    let key = coded.unwrap_or_else(|| secret.as_bytes().to_vec());
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&key) else { return false };
    mac.update(format!("{id}.{moment}.").as_bytes());
    mac.update(knock.body);
    let said = signatures.split(' ').take(SIGNATURES).filter_map(|one| STANDARD.decode(one.strip_prefix("v1,")?).ok());
    said.into_iter().any(|one| mac.clone().verify_slice(&one).is_ok())
}

fn understood(map: Map<String, Json>) -> Result<CallEvent, Refused> {
    let wrong = |how: &str| Refused::Unreadable(how.to_owned());
    let call = text(&map, "call").ok_or_else(|| wrong("call: under what you know the call"))?;
    let duration = whole(&map, "duration");
    // Who has spoken for a while was answered, also where nobody says so.
    let answered = map.get("answered").and_then(Json::as_bool);
    let answered = answered.or(duration.filter(|seconds| *seconds > 0).map(|_| true));
    let what = text(&map, "event").unwrap_or_default();
    let step = match what.as_str() {
        "ringing" => Step::Ringing,
        "answered" => Step::Answered,
        "ended" => Step::Ended(answered),
        "recording" => Step::Told,
        _ => return Err(wrong("event: one of ringing, answered, ended, recording")),
    };
    let direction = match text(&map, "direction").as_deref() {
        None => None,
        Some("in") => Some(Direction::In),
        Some("out") => Some(Direction::Out),
        Some(_) => return Err(wrong("direction: in or out")),
    };
    let at = text(&map, "at").map(|at| at.parse()).transpose();
    Ok(CallEvent {
        at: at.map_err(|_| wrong("at: a moment such as 2027-04-13T09:00:00Z"))?,
        direction,
        from: text(&map, "from"),
        to: text(&map, "to"),
        extension: text(&map, "extension"),
        duration,
        recording: text(&map, "recording"),
        ..bare(call, &what, step, Json::Object(map))
    })
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use hmac::{Hmac, KeyInit as _, Mac as _};
    use sha2::Sha256;

    use super::super::{Direction, Keys, Knock, Provider, Refused, Step, read};

    fn signed(key: &[u8], body: &str) -> String {
        let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
        mac.update(format!("msg_1.1614265330.{body}").as_bytes());
        format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
    }

    fn told(secret: &str, signature: Option<&str>, body: &str) -> Result<Option<super::CallEvent>, Refused> {
        let header = |name: &str| match name {
            "webhook-id" => Some("msg_1".to_owned()),
            "webhook-timestamp" => Some("1614265330".to_owned()),
            "webhook-signature" => signature.map(str::to_owned),
            _ => None,
        };
        let knock = Knock { event: None, url: "", header: &header, body: body.as_bytes() };
        read(Provider::Plenary, Keys { account: "", secret }, &knock)
    }

    #[test]
    fn whoever_knows_the_secret_is_heard() {
        let body = r#"{"call": "17", "event": "ringing", "direction": "in", "from": "+79211234567", "to": "+78125550000",
            "extension": 101, "at": "2027-04-13T09:00:00Z", "queue": "sales"}"#;
        let coded = format!("whsec_{}", STANDARD.encode("a long secret of bytes"));
        for (secret, key) in [("plain words", &b"plain words"[..]), (&coded, b"a long secret of bytes")] {
            let right = signed(key, body);
            let event = told(secret, Some(&right), body).unwrap().unwrap();
            assert_eq!((event.call.as_str(), event.step, event.direction), ("17", Step::Ringing, Some(Direction::In)));
            assert_eq!((event.extension.as_deref(), event.from.as_deref()), (Some("101"), Some("+79211234567")));
            assert_eq!(event.raw["queue"], "sales");
            assert!(told(secret, Some(&format!("v1,AAAA {right}")), body).is_ok(), "one of several is enough");
            for wrong in [None, Some(""), Some("v1,"), Some("v1,AAAA"), Some(signed(b"other", body).as_str())] {
                assert_eq!(told(secret, wrong, body), Err(Refused::Signature), "{wrong:?}");
            }
            assert_eq!(told(secret, Some(&right), &body.replace("17", "18")), Err(Refused::Signature));
        }
    }

    #[test]
    fn whoever_has_spoken_was_answered() {
        let ended = |more: &str| {
            let body = format!(r#"{{"call": "17", "event": "ended"{more}}}"#);
            told("key", Some(&signed(b"key", &body)), &body).unwrap().unwrap().step
        };
        assert_eq!(ended(""), Step::Ended(None));
        assert_eq!(ended(r#", "duration": 62"#), Step::Ended(Some(true)));
        assert_eq!(ended(r#", "duration": 0"#), Step::Ended(None));
        assert_eq!(ended(r#", "duration": 20, "answered": false"#), Step::Ended(Some(false)));
    }

    #[test]
    fn what_cannot_be_understood_is_said() {
        for body in [
            "[]",
            "{",
            r#"{"event": "ended"}"#,
            r#"{"call": "1", "event": "sung"}"#,
            r#"{"call": "1", "event": "ended", "direction": "up"}"#,
            r#"{"call": "1", "event": "ended", "at": "noon"}"#,
            r#"{"call": "1", "event": "ended", "note": "\u0000"}"#,
        ] {
            let refused = told("key", Some(&signed(b"key", body)), body);
            assert!(matches!(refused, Err(Refused::Unreadable(_))), "{body}: {refused:?}");
        }
    }
}
