//! Bodies of webhooks: whoever knows the secret may still say anything, and is heard or told why not.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use channels::short::{self, Account, Carrier, Fate, Told};
use channels::telephone::{self, CallEvent, Keys, Knock, Provider, Refused};
use hmac::{Hmac, KeyInit as _, Mac as _};
use model::value::has_nul;
use sha1::Sha1;
use sha2::{Digest as _, Sha256};
use store::testing::{Dice, changed};

use crate::chaos::{dice, is_clean, many};

const URL: &str =
    "https://crm.example.org/api/hooks/1?from=%2B79211234567&message=0190a000-0000-7000-8000-000000000001";
const SECRET: &str = "a word of both";
const ACCOUNT: &str = "account";

/// What providers of telephony tell, by the documentation of each.
const CALLS: [(Provider, Option<&str>, &str); 8] = [
    (
        Provider::Plenary,
        None,
        r#"{"call": "17", "event": "ringing", "direction": "in", "from": "+79211234567", "to": "+78125550000", "extension": 101,
            "at": "2027-04-13T09:00:00Z", "duration": 62, "recording": "https://tape.example/1", "queue": {"name": "sales"}}"#,
    ),
    (Provider::Plenary, None, r#"{"call": 9007199254740993, "event": "ended", "answered": true, "duration": "-1"}"#),
    (
        Provider::Mango,
        Some("call"),
        r#"{"entry_id": "E1", "call_id": "C1", "timestamp": 1800000000, "seq": 1, "call_state": "Connected", "location": "abonent",
            "from": {"number": "79211234567"}, "to": {"extension": "101", "line_number": "78125550000"}}"#,
    ),
    (
        Provider::Mango,
        Some("summary"),
        r#"{"entry_id": "E1", "call_direction": 1, "from": {"number": "79211234567"}, "to": {"extension": "101"},
            "line_number": "78125550000", "talk_time": 1800000010, "end_time": 9223372036854775807, "entry_result": 1}"#,
    ),
    (
        Provider::Mango,
        Some("recording"),
        r#"{"entry_id": "E1", "recording_id": "R=1", "recording_state": "Completed", "completion_code": 1000}"#,
    ),
    (
        Provider::Twilio,
        None,
        "CallSid=CA2&ParentCallSid=CA1&To=sip%3A101%40office.example&CallStatus=in-progress&Direction=inbound\
         &Timestamp=Tue%2C+13+Apr+2027+09%3A00%3A00+%2B0000&CallDuration=62",
    ),
    (Provider::Twilio, None, "CallSid=CA1&RecordingUrl=https%3A%2F%2Fapi.example%2FR1&RecordingDuration=62"),
    (Provider::Twilio, None, "CallSid=CA1&CallStatus=completed&From=%2B79211234567&To=%2B78125550000"),
];

/// What carriers of short messages tell.
const MESSAGES: [(Carrier, &str); 8] = [
    (Carrier::Smsc, "id=17&phone=79211234567&status=20&time=13.04.2027+12%3A00&err=1&cnt=1"),
    (Carrier::Twilio, "MessageSid=SM1&MessageStatus=undelivered&ErrorCode=30003&ErrorMessage=Unreachable"),
    (Carrier::Twilio, "MessageSid=SM2&SmsStatus=received&From=%2B79211234567&Body=%D0%94%D0%B0%0A%D0%9D%D0%B5%D1%82"),
    (Carrier::Http, r#"{"id": 5, "status": "rejected", "error": "a bad number", "price": [1, {"currency": "RUB"}]}"#),
    (
        Carrier::Http,
        r#"{"id": "6", "from": "+79211234567", "text": "Да", "at": "2027-04-13T09:00:00Z", "name": "Вера"}"#,
    ),
    (Carrier::Http, "id=7&status=delivered&message=0190a000-0000-7000-8000-000000000001"),
    (
        Carrier::Telegram,
        r#"{"update_id": 1, "message": {"message_id": 5, "date": 1800000000, "text": "Здравствуйте",
            "chat": {"id": 77, "type": "private"},
            "from": {"id": 77, "first_name": "Вера", "last_name": "Линд", "username": "vera", "language_code": "ru"}}}"#,
    ),
    (
        Carrier::Telegram,
        r#"{"update_id": 2, "message": {"message_id": 6, "date": -1, "caption": "x", "chat": {"id": 77, "type": "private"},
            "from": {"id": 77, "first_name": "Вера"}, "contact": {"user_id": 77, "phone_number": "79211234567"}}}"#,
    ),
];

const PIECES: [&[u8]; 24] = [
    b"\"",
    b"{",
    b"}",
    b"[",
    b"]",
    b":",
    b",",
    b"&",
    b"=",
    b"%",
    b"%00",
    b"%ff",
    b"\\u0000",
    b"\\u0007",
    b"\\ud800",
    b"\0",
    b"\x07",
    b"\xff",
    b"null",
    b"1e999",
    b"99999999999999999999",
    b"-",
    b"\"status\": \"received\",",
    b"&Body=%07",
];

/// The longest text of a call or a message that is kept by itself, in characters: the address of a recording.
const LONGEST: usize = 1_100;

fn sha256(key: &str, parts: &[&[u8]]) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).unwrap();
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().iter().copied().collect()
}

fn hex(bytes: impl AsRef<[u8]>) -> String {
    bytes.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn fields(body: &[u8]) -> Vec<(String, String)> {
    url::form_urlencoded::parse(body).into_owned().collect()
}

/// As Twilio signs.
fn twilio(body: &[u8]) -> String {
    let mut sorted = fields(body);
    sorted.sort();
    sorted.dedup();
    let mut mac = Hmac::<Sha1>::new_from_slice(SECRET.as_bytes()).unwrap();
    mac.update(URL.as_bytes());
    for (name, text) in &sorted {
        mac.update(name.as_bytes());
        mac.update(text.as_bytes());
    }
    STANDARD.encode(mac.finalize().into_bytes())
}

/// A request of whoever knows the secret.
struct Request {
    event: Option<&'static str>,
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
}

impl Request {
    fn heard<T>(&self, hear: impl FnOnce(&Knock<'_>) -> T) -> T {
        let header = |name: &str| self.headers.iter().find(|(known, _)| *known == name).map(|(_, value)| value.clone());
        hear(&Knock { event: self.event, url: URL, header: &header, body: &self.body })
    }
}

fn of_call(provider: Provider, event: Option<&'static str>, body: Vec<u8>) -> Request {
    match provider {
        Provider::Plenary => {
            let signature = format!("v1,{}", STANDARD.encode(sha256(SECRET, &[b"m1.1800000000.", &body])));
            let headers = vec![
                ("webhook-id", "m1".to_owned()),
                ("webhook-timestamp", "1800000000".to_owned()),
                ("webhook-signature", signature),
            ];
            Request { event, headers, body }
        }
        Provider::Mango => {
            let json = String::from_utf8_lossy(&body).into_owned();
            let sign = hex(Sha256::digest(format!("{ACCOUNT}{json}{SECRET}")));
            let pairs = [("vpbx_api_key", ACCOUNT), ("sign", sign.as_str()), ("json", json.as_str())];
            let form = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
            Request { event, headers: Vec::new(), body: form.into_bytes() }
        }
        Provider::Twilio => Request { event, headers: vec![("x-twilio-signature", twilio(&body))], body },
    }
}

fn of_message(carrier: Carrier, mut body: Vec<u8>) -> Request {
    let headers = match carrier {
        Carrier::Smsc => {
            let said = fields(&body);
            let said =
                |name: &str| said.iter().rev().find(|(known, _)| known == name).map_or("", |(_, text)| text.as_str());
            let (id, phone, status) = (said("id"), said("phone"), said("status"));
            let digest = hex(Sha1::digest(format!("{id}:{phone}:{status}:{SECRET}")));
            body.extend(format!("&sha1={digest}").bytes());
            Vec::new()
        }
        Carrier::Twilio => vec![("x-twilio-signature", twilio(&body))],
        Carrier::Http => vec![("x-webhook-secret", SECRET.to_owned())],
        Carrier::Telegram => {
            let token = hex(sha256(SECRET, &[b"plenary webhook"]));
            vec![("x-telegram-bot-api-secret-token", token)]
        }
    };
    Request { event: None, headers, body }
}

fn account() -> Account<'static> {
    Account { name: Some(ACCOUNT), secret: SECRET, hook: Some(SECRET), sender: None, url: None, body: None }
}

/// Texts of one line that are kept by themselves.
fn lines_hold<'a>(lines: impl IntoIterator<Item = Option<&'a str>>) -> Result<(), String> {
    let wrong = |line: &&str| !is_clean(line, false) || line.chars().count() > LONGEST;
    lines.into_iter().flatten().find(wrong).map_or(Ok(()), |line| Err(format!("{line:?} is kept")))
}

fn call_holds(event: &CallEvent) -> Result<(), String> {
    let CallEvent { call, what, from, to, extension, recording, raw, .. } = event;
    lines_hold([Some(call.as_str()), Some(what.as_str())])?;
    lines_hold([from, to, extension, recording].map(Option::as_deref))?;
    let is_named = (1..=190).contains(&call.chars().count());
    if is_named && !has_nul(raw) { Ok(()) } else { Err(format!("{event:?}")) }
}

fn told_holds(told: &Told) -> Result<(), String> {
    match told {
        Told::Fate(report) => {
            lines_hold([report.known_as.as_deref(), Some(report.what.as_str())])?;
            if let Fate::Failed(why) = &report.fate {
                lines_hold([Some(why.as_str())])?;
            }
            if has_nul(&report.raw) { Err(format!("{report:?}")) } else { Ok(()) }
        }
        Told::Came(came) => {
            lines_hold([Some(came.name.as_str()), Some(came.from.as_str())])?;
            lines_hold([came.from_name.as_deref(), came.phone.as_deref()])?;
            if has_nul(&came.raw) || !is_clean(&came.text, true) { Err(format!("{came:?}")) } else { Ok(()) }
        }
    }
}

/// Somebody who does not know the secret says the same.
fn without_the_secret(dice: &mut Dice, mut request: Request) -> Request {
    match request.headers.last_mut() {
        Some(_) if dice.one_in(2) => drop(request.headers.pop()),
        Some((_, secret)) => secret.push('A'),
        // The signature stands in the form: of several the first counts, or the last.
        None => request.body = [&b"sign=00&"[..], &request.body, b"&sha1=00"].concat(),
    }
    request
}

#[test]
fn whatever_is_told_is_heard_or_refused() {
    let ((seed, mut dice), mut count, mut heard) = (dice(13), 0, 0);
    let keys = Keys { account: ACCOUNT, secret: SECRET };
    let calls: Vec<&[u8]> = CALLS.iter().map(|(_, _, body)| body.as_bytes()).collect();
    let messages: Vec<&[u8]> = MESSAGES.iter().map(|(_, body)| body.as_bytes()).collect();
    for round in many(30, 100) {
        // The first ones as they are.
        let place = usize::try_from(round).unwrap();
        let as_it_is = place < CALLS.len();
        let (provider, event, body) = if as_it_is { CALLS[place] } else { *dice.pick(&CALLS) };
        let body = if as_it_is { body.into() } else { changed(&mut dice, body.as_bytes(), &PIECES, &calls) };
        let request = of_call(provider, event, body);
        let told = request.heard(|knock| telephone::read(provider, keys, knock));
        let text = String::from_utf8_lossy(&request.body).into_owned();
        let fail = |fault: &str| panic!("PLENARY_SEED={seed}, round {round}, {provider:?}: {fault}\n{text}");
        match &told {
            Ok(Some(event)) => {
                heard += 1;
                call_holds(event).unwrap_or_else(|fault| fail(&fault));
            }
            Ok(None) | Err(Refused::Unreadable(_)) => assert!(!as_it_is, "{text}"),
            Err(Refused::Signature) => fail("it was signed"),
        }
        let strange = without_the_secret(&mut dice, request);
        let refused = strange.heard(|knock| telephone::read(provider, keys, knock));
        assert_eq!(refused, Err(Refused::Signature), "{provider:?}: {text}");

        let (carrier, body) = if as_it_is { MESSAGES[place] } else { *dice.pick(&MESSAGES) };
        let body = if as_it_is { body.into() } else { changed(&mut dice, body.as_bytes(), &PIECES, &messages) };
        let request = of_message(carrier, body);
        let told = request.heard(|knock| short::read(carrier, &account(), knock));
        let text = String::from_utf8_lossy(&request.body).into_owned();
        let fail = |fault: &str| panic!("PLENARY_SEED={seed}, round {round}, {carrier:?}: {fault}\n{text}");
        match &told {
            Ok(Some(told)) => {
                heard += 1;
                told_holds(told).unwrap_or_else(|fault| fail(&fault));
            }
            Ok(None) | Err(Refused::Unreadable(_)) => assert!(!as_it_is, "{text}"),
            Err(Refused::Signature) => fail("it was signed"),
        }
        let strange = without_the_secret(&mut dice, request);
        let refused = strange.heard(|knock| short::read(carrier, &account(), knock));
        assert_eq!(refused, Err(Refused::Signature), "{carrier:?}: {text}");
        count += 2;
    }
    println!("proved: {count} bodies of providers, of which {heard} were heard, and none without the secret");
    assert!(heard * 20 > count, "{heard} of {count}");
}
