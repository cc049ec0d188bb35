//! Telegram: a bot by the Bot API. It tells of what is written to it with a secret in a header, which is made from its token:
//! so nobody types it, and another token has another.

use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::Timestamp;
use model::Locale;
use serde_json::{Map, Value as Json, json};
use sha2::Sha256;

use super::{Account, Came, Request, Short, Told, Unsent, is_same, not_taken, unclear};
use crate::telephone::{Knock, Refused, object, text, whole};

/// Where it is asked.
const URL: &str = "https://api.telegram.org";
/// What the address of a chat begins with, so that it is no number of a telephone.
const CHAT: &str = "telegram:";
/// What the secret of the header is made with.
const HOOK: &[u8] = b"plenary webhook";

pub(super) fn request(account: &Account<'_>, short: &Short<'_>) -> Result<Request, Unsent> {
    let chat = short.to.strip_prefix(CHAT).and_then(|chat| chat.parse::<i64>().ok());
    let Some(chat) = chat else { return Err(Unsent::Never("this is no chat of Telegram".to_owned())) };
    Ok(Request::json(method(account, "sendMessage")?, &json!({"chat_id": chat, "text": short.text})))
}

/// Tells the bot where it tells of what is written to it.
pub(super) fn connection(account: &Account<'_>, door: &str) -> Result<Request, Unsent> {
    let body = json!({"url": door, "secret_token": hook(account.secret), "allowed_updates": ["message"]});
    Ok(Request::json(method(account, "setWebhook")?, &body))
}

fn method(account: &Account<'_>, name: &str) -> Result<String, Unsent> {
    let token = account.secret;
    let is_one = |letter: u8| letter.is_ascii_alphanumeric() || matches!(letter, b':' | b'_' | b'-');
    if !token.bytes().all(is_one) {
        return Err(Unsent::Never("this is no token of a bot".to_owned()));
    }
    Ok(format!("{}/bot{token}/{name}", account.url.unwrap_or(URL).trim_end_matches('/')))
}

/// What was answered, with the name of the message where it is one.
pub(super) fn taken(status: u16, said: &str) -> Result<Option<String>, Unsent> {
    let map =
        object(said).map_err(|_| if (200..300).contains(&status) { unclear(said) } else { not_taken(status, said) })?;
    if map.get("ok").and_then(Json::as_bool) != Some(true) {
        let status = whole(&map, "error_code").and_then(|code| u16::try_from(code).ok()).unwrap_or(status);
        return Err(not_taken(status, &text(&map, "description").unwrap_or_default()));
    }
    let message = map.get("result").and_then(Json::as_object);
    Ok(message.and_then(name))
}

/// The secret of the header.
fn hook(token: &str) -> String {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(token.as_bytes()) else { return String::new() };
    mac.update(HOOK);
    mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect()
}

pub(super) fn read(account: &Account<'_>, knock: &Knock<'_>) -> Result<Option<Told>, Refused> {
    let header = knock.header;
    let said = header("x-telegram-bot-api-secret-token").unwrap_or_default();
    if said.is_empty() || !is_same(&said, &hook(account.secret)) {
        return Err(Refused::Signature);
    }
    let body = std::str::from_utf8(knock.body).map_err(|_| Refused::Unreadable("the body is not UTF-8".to_owned()))?;
    let update = object(body)?;
    Ok(update.get("message").and_then(Json::as_object).and_then(came).map(|came| {
        let raw = Json::Object(update.clone());
        Told::Came(Came { raw, ..came })
    }))
}

/// A message that somebody wrote in person; groups and what only opens the talk are of no interest.
fn came(message: &Map<String, Json>) -> Option<Came> {
    let part = |name: &str| message.get(name).and_then(Json::as_object);
    let (chat, from) = (part("chat")?, part("from")?);
    if text(chat, "type").as_deref() != Some("private") {
        return None;
    }
    // Somebody else's card is no number of theirs.
    let contact = part("contact").filter(|contact| whole(contact, "user_id") == whole(from, "id"));
    let phone = contact.and_then(|contact| text(contact, "phone_number"));
    let words = ["text", "caption"].iter().find_map(|name| message.get(*name).and_then(Json::as_str));
    let words = words.map(str::to_owned).or_else(|| phone.clone()).unwrap_or_default();
    if words.trim() == "/start" {
        return None;
    }
    let called = [text(from, "first_name"), text(from, "last_name")].into_iter().flatten().collect::<Vec<_>>();
    let called = Some(called.join(" ")).filter(|called| !called.is_empty());
    Some(Came {
        name: name(message)?,
        from: format!("{CHAT}{}", whole(chat, "id")?),
        from_name: called.or_else(|| text(from, "username")),
        phone: phone.map(|phone| if phone.starts_with('+') { phone } else { format!("+{phone}") }),
        text: words,
        at: whole(message, "date").and_then(|at| Timestamp::from_second(at).ok()),
        locale: text(from, "language_code").and_then(|tag| Locale::parse(&tag)),
        raw: Json::Null,
    })
}

/// Numbers of messages are each chat's own.
fn name(message: &Map<String, Json>) -> Option<String> {
    let chat = message.get("chat").and_then(Json::as_object)?;
    Some(format!("{}:{}", whole(chat, "id")?, whole(message, "message_id")?))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::super::tests::{SHORT, account};
    use super::super::{Carrier, Short, Told, Unsent, read};
    use super::{connection, hook, request, taken};
    use crate::telephone::{Knock, Refused};

    const TOKEN: &str = "123456:AA-b_c";

    #[test]
    fn what_is_asked_and_answered_is_that_of_the_bot_api() {
        let short = Short { to: "telegram:77", ..SHORT };
        let sent = request(&account(None, TOKEN), &short).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(sent.url, format!("https://api.telegram.org/bot{TOKEN}/sendMessage"));
        let body: Json = serde_json::from_str(&sent.body).unwrap_or_default();
        assert_eq!(body, json!({"chat_id": 77, "text": SHORT.text}));
        assert!(request(&account(None, TOKEN), &SHORT).is_err(), "a number is no chat");
        assert!(request(&account(None, "a/b"), &short).is_err(), "nothing of a token leads elsewhere");
        let said = r#"{"ok": true, "result": {"message_id": 5, "chat": {"id": 77}}}"#;
        assert_eq!(taken(200, said), Ok(Some("77:5".to_owned())));
        let wrong = r#"{"ok": false, "error_code": 403, "description": "Forbidden: bot was blocked by the user"}"#;
        assert!(matches!(taken(403, wrong), Err(Unsent::Never(words)) if words.contains("blocked")));
        assert!(matches!(taken(429, r#"{"ok": false, "error_code": 429}"#), Err(Unsent::Later(_))));
        assert_eq!(taken(200, r#"{"ok": true, "result": true}"#), Ok(None));
        let told = connection(&account(None, TOKEN), "https://crm.example.org/x").map(|told| told.body);
        assert!(told.is_ok_and(|body| body.contains(&hook(TOKEN)) && !body.contains(TOKEN)));
    }

    fn told(update: &Json, secret: &str) -> Result<Option<Told>, Refused> {
        let header = |name: &str| (name == "x-telegram-bot-api-secret-token").then(|| secret.to_owned());
        let body = update.to_string();
        let knock = Knock { event: None, url: "https://crm.example.org/x", header: &header, body: body.as_bytes() };
        read(Carrier::Telegram, &account(None, TOKEN), &knock)
    }

    fn message(more: &Json) -> Json {
        let mut message = json!({"message_id": 5, "date": 1_800_000_000, "chat": {"id": 77, "type": "private"},
            "from": {"id": 77, "first_name": "Анна", "last_name": "Котова", "language_code": "ru"}});
        if let (Some(message), Some(more)) = (message.as_object_mut(), more.as_object()) {
            message.extend(more.clone());
        }
        json!({"update_id": 1, "message": message})
    }

    #[test]
    fn only_what_somebody_writes_in_person_is_heard() {
        let wrote = message(&json!({"text": "Сколько стоит стенд?"}));
        assert_eq!(told(&wrote, "another"), Err(Refused::Signature));
        let Ok(Some(Told::Came(came))) = told(&wrote, &hook(TOKEN)) else { panic!("it came") };
        assert_eq!((came.name.as_str(), came.from.as_str()), ("77:5", "telegram:77"));
        assert_eq!((came.from_name.as_deref(), came.phone), (Some("Анна Котова"), None));
        assert_eq!(came.raw, wrote);
        let own = message(&json!({"contact": {"phone_number": "79211234567", "user_id": 77}}));
        let Ok(Some(Told::Came(came))) = told(&own, &hook(TOKEN)) else { panic!("it came") };
        assert_eq!((came.phone.as_deref(), came.text.as_str()), (Some("+79211234567"), "79211234567"));
        let card = message(&json!({"contact": {"phone_number": "79211234567", "user_id": 78}}));
        assert!(matches!(told(&card, &hook(TOKEN)), Ok(Some(Told::Came(came))) if came.phone.is_none()));
        for quiet in [
            json!({"update_id": 1, "edited_message": {}}),
            message(&json!({"text": "/start"})),
            message(&json!({"text": "x", "chat": {"id": -5, "type": "group"}})),
        ] {
            assert_eq!(told(&quiet, &hook(TOKEN)), Ok(None), "{quiet}");
        }
    }
}
