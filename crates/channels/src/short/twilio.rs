//! Twilio: its Messages API, and its status callbacks of messages, signed as those of voice are. The address of a callback
//! says which message of ours it is, and is signed with the rest.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value as Json};
use url::Url;

use super::{Account, Came, Fate, Report, Request, Short, Told, Unsent, not_taken, shortened, unclear};
use crate::telephone::{Knock, Refused, form, is_signed_by_twilio, object, text};

/// Where it is asked.
const URL: &str = "https://api.twilio.com";
/// What the names of services begin with that choose the number themselves.
const SERVICE: &str = "MG";

pub(super) fn request(account: &Account<'_>, short: &Short<'_>) -> Result<Request, Unsent> {
    let (Some(name), Some(sender)) = (account.name, account.sender) else {
        return Err(Unsent::Never("Twilio sends from an account and a number".to_owned()));
    };
    let base = account.url.unwrap_or(URL).trim_end_matches('/');
    let url = format!("{base}/2010-04-01/Accounts/{}/Messages.json", utf8_percent_encode(name, NON_ALPHANUMERIC));
    let from = if sender.starts_with(SERVICE) { "MessagingServiceSid" } else { "From" };
    let callback = format!("{}?message={}", short.callback, short.id);
    let mut fields = vec![("To", short.to), (from, sender), ("Body", short.text)];
    // It takes no address that it cannot reach.
    if callback.starts_with("https://") {
        fields.push(("StatusCallback", callback.as_str()));
    }
    let mut request = Request::form(url, &fields);
    let keys = STANDARD.encode(format!("{name}:{}", account.secret));
    request.headers.push(("authorization", format!("Basic {keys}")));
    Ok(request)
}

pub(super) fn taken(status: u16, said: &str) -> Result<Option<String>, Unsent> {
    let map = object(said).ok();
    let field = |name: &str| map.as_ref().and_then(|map| text(map, name));
    if !(200..300).contains(&status) {
        let words = field("message").map(|words| format!("{words} ({})", field("code").unwrap_or_default()));
        return Err(not_taken(status, words.as_deref().unwrap_or(said)));
    }
    field("sid").map(Some).ok_or_else(|| unclear(said))
}

pub(super) fn read(account: &Account<'_>, knock: &Knock<'_>) -> Result<Option<Told>, Refused> {
    let fields = form(knock.body);
    if !is_signed_by_twilio(account.secret, knock, &fields) {
        return Err(Refused::Signature);
    }
    let map: Map<String, Json> = fields.into_iter().map(|(name, text)| (name, Json::String(text))).collect();
    let Some(sid) = text(&map, "MessageSid").or_else(|| text(&map, "SmsSid")) else { return Ok(None) };
    let status = text(&map, "MessageStatus").or_else(|| text(&map, "SmsStatus")).unwrap_or_default();
    if status == "received" {
        let Some(from) = text(&map, "From") else { return Ok(None) };
        // A text is not cut, as what stands in the head of a message is.
        let text = map.get("Body").and_then(Json::as_str).unwrap_or_default().to_owned();
        let phone = Some(from.clone());
        let raw = Json::Object(map);
        let came = Came { name: sid, from, from_name: None, phone, text, at: None, locale: None, raw };
        return Ok(Some(Told::Came(came)));
    }
    let fate = match status.as_str() {
        "delivered" | "read" => Fate::Delivered,
        "failed" | "undelivered" | "canceled" => {
            let (code, words) = (text(&map, "ErrorCode"), text(&map, "ErrorMessage"));
            let words = [Some(status.clone()), code, words].into_iter().flatten().collect::<Vec<_>>().join(" ");
            Fate::Failed(shortened(&words))
        }
        _ => Fate::OnItsWay,
    };
    let said = Url::parse(knock.url).ok();
    let message = said.and_then(|url| {
        let (_, id) = url.query_pairs().find(|(name, _)| name == "message")?;
        id.parse().ok()
    });
    let raw = Json::Object(map);
    Ok(Some(Told::Fate(Report { message, known_as: Some(sid), fate, what: status, raw })))
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use hmac::{Hmac, KeyInit as _, Mac as _};
    use sha1::Sha1;

    use super::super::tests::{SHORT, account};
    use super::super::{Carrier, Fate, Told, Unsent, read};
    use super::{request, taken};
    use crate::telephone::{Knock, Refused};

    #[test]
    fn the_request_is_that_of_its_messages_api() {
        let sent = request(&account(Some("AC1"), "token"), &SHORT).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(sent.url, "https://api.twilio.com/2010-04-01/Accounts/AC1/Messages.json");
        assert!(sent.headers.contains(&("authorization", "Basic QUMxOnRva2Vu".to_owned())));
        assert!(sent.body.starts_with("To=%2B79211234567&From=Forum&Body="), "{}", sent.body);
        assert!(sent.body.contains("%3Fmessage%3D0190a000-0000-7000-8000-000000000001"), "{}", sent.body);
        assert!(request(&account(None, "token"), &SHORT).is_err());
        assert_eq!(taken(201, r#"{"sid": "SM1", "status": "queued"}"#), Ok(Some("SM1".to_owned())));
        let wrong = taken(400, r#"{"code": 21211, "message": "Invalid number"}"#);
        assert_eq!(wrong, Err(Unsent::Never("the answer was 400: Invalid number (21211)".to_owned())));
        assert!(matches!(taken(429, "{}"), Err(Unsent::Later(_))));
    }

    fn told(pairs: &[(&str, &str)], token: &str) -> Result<Option<Told>, Refused> {
        let url = format!("{}?message={}", SHORT.callback, SHORT.id);
        let mut sorted = pairs.to_vec();
        sorted.sort_unstable();
        let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(token.as_bytes()) else { panic!("any key will do") };
        mac.update(url.as_bytes());
        for (name, text) in sorted {
            mac.update(format!("{name}{text}").as_bytes());
        }
        let signature = STANDARD.encode(mac.finalize().into_bytes());
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
        let header = |name: &str| (name == "x-twilio-signature").then(|| signature.clone());
        let knock = Knock { event: None, url: &url, header: &header, body: body.as_bytes() };
        read(Carrier::Twilio, &account(Some("AC1"), "token"), &knock)
    }

    #[test]
    fn a_callback_names_our_message_and_is_signed_with_its_address() {
        let report = |status: &str| match told(&[("MessageSid", "SM1"), ("MessageStatus", status)], "token") {
            Ok(Some(Told::Fate(report))) => report,
            other => panic!("{other:?}"),
        };
        assert_eq!(report("sent").fate, Fate::OnItsWay);
        let delivered = report("delivered");
        assert_eq!(delivered.message.map(|id| id.to_string()).as_deref(), Some(SHORT.id));
        assert_eq!((delivered.fate, delivered.known_as.as_deref()), (Fate::Delivered, Some("SM1")));
        assert_eq!(report("undelivered").fate, Fate::Failed("undelivered".to_owned()));
        assert_eq!(told(&[("MessageSid", "SM1"), ("MessageStatus", "sent")], "other"), Err(Refused::Signature));
        let came = [("MessageSid", "SM2"), ("SmsStatus", "received"), ("From", "+79211234567"), ("Body", "Да")];
        let Ok(Some(Told::Came(came))) = told(&came, "token") else { panic!("it came") };
        assert_eq!((came.name.as_str(), came.from.as_str(), came.text.as_str()), ("SM2", "+79211234567", "Да"));
    }
}
