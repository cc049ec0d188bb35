//! Twilio: status callbacks of voice, a form signed over the address and its fields in order.
//!
//! The call that comes in is taken by the script of the number; whom it is put through to are calls of their own, with the first
//! as their parent. Somebody has answered where one of these was taken. Of the first only its end is told, so that the script
//! may say who calls in the address at which the others are told of: `?from=…&to=…`.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::Timestamp;
use jiff::fmt::rfc2822;
use serde_json::{Map, Value as Json};
use sha1::Sha1;
use url::Url;

use super::{CallEvent, Direction, Keys, Knock, LONGEST_TEXT, Refused, Step, bare, form, text, whole};

pub(super) fn read(keys: Keys<'_>, knock: &Knock<'_>) -> Result<Option<CallEvent>, Refused> {
    let fields = form(knock.body);
    if !is_signed(keys.secret, knock, &fields) {
        return Err(Refused::Signature);
    }
    let map: Map<String, Json> = fields.into_iter().map(|(name, text)| (name, Json::String(text))).collect();
    let said = Url::parse(knock.url).ok();
    let said = |name: &str| {
        let (_, number) = said.as_ref()?.query_pairs().find(|(known, _)| known == name)?;
        Some(number.trim().to_owned()).filter(|number| !number.is_empty() && number.chars().count() <= LONGEST_TEXT)
    };
    Ok(understood(map, &said))
}

/// Whether Twilio signed the address and the fields of a form.
pub(crate) fn is_signed(secret: &str, knock: &Knock<'_>, fields: &[(String, String)]) -> bool {
    let header = knock.header;
    let Some(said) = header("x-twilio-signature").and_then(|said| STANDARD.decode(said).ok()) else { return false };
    let Ok(key) = Hmac::<Sha1>::new_from_slice(secret.as_bytes()) else { return false };
    let mut sorted: Vec<_> = fields.iter().collect();
    sorted.sort();
    // The same said twice is signed once.
    sorted.dedup();
    [Some(knock.url.to_owned()), without_port(knock.url)].into_iter().flatten().any(|url| {
        let mut mac = key.clone();
        mac.update(url.as_bytes());
        for (name, text) in &sorted {
            mac.update(name.as_bytes());
            mac.update(text.as_bytes());
        }
        mac.verify_slice(&said).is_ok()
    })
}

/// An address is signed with its port or without.
fn without_port(url: &str) -> Option<String> {
    let mut url = Url::parse(url).ok().filter(|url| url.port().is_some())?;
    url.set_port(None).ok()?;
    Some(url.into())
}

/// `said` is what the script says in the address.
fn understood(map: Map<String, Json>, said: &dyn Fn(&str) -> Option<String>) -> Option<CallEvent> {
    let (own, parent) = (text(&map, "CallSid")?, text(&map, "ParentCallSid"));
    let is_leg = parent.is_some();
    let call = parent.unwrap_or(own);
    let is_made = text(&map, "RecordingStatus").is_none_or(|status| status == "completed");
    if let Some(recording) = text(&map, "RecordingUrl") {
        if !is_made {
            return None;
        }
        let duration = whole(&map, "RecordingDuration");
        let event = bare(call, "recording", Step::Told, Json::Object(map));
        return Some(CallEvent { recording: Some(recording), duration, ..event });
    }
    // A leg is put through, whoever has called.
    let is_incoming = is_leg || text(&map, "Direction").is_none_or(|direction| direction == "inbound");
    let status = text(&map, "CallStatus")?;
    let step = match status.as_str() {
        "in-progress" if is_leg || !is_incoming => Step::Answered,
        // That one colleague has hung up, or did not take it, does not say that the call is over.
        "completed" | "busy" | "failed" | "no-answer" | "canceled" if is_leg => Step::Told,
        "completed" => Step::Ended((!is_incoming).then_some(true)),
        "busy" | "failed" | "no-answer" | "canceled" => Step::Ended(Some(false)),
        _ => Step::Ringing,
    };
    let at = text(&map, "Timestamp").and_then(|at| rfc2822::parse(&at).ok());
    let what = if is_leg { format!("leg {status}") } else { status };
    // A leg's numbers are those of the script and of the colleague.
    let (from, to) = if is_leg { (said("from"), said("to")) } else { (text(&map, "From"), text(&map, "To")) };
    let direction = if is_incoming { Direction::In } else { Direction::Out };
    let extension = if is_leg { text(&map, "To").map(|to| called(&to)) } else { None };
    let duration = if is_leg && step == Step::Told { whole(&map, "CallDuration") } else { None };
    Some(CallEvent {
        at: at.map(|at| at.timestamp()).filter(|at| *at > Timestamp::UNIX_EPOCH),
        direction: (!is_leg || from.is_some()).then_some(direction),
        from,
        to,
        extension,
        duration,
        ..bare(call, &what, step, Json::Object(map))
    })
}

/// Whose set a leg leads to: `sip:101@office.example`, `client:anna`, or a number.
fn called(to: &str) -> String {
    let name = to.strip_prefix("sip:").or_else(|| to.strip_prefix("client:")).unwrap_or(to);
    name.split('@').next().unwrap_or(name).to_owned()
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use hmac::{Hmac, KeyInit as _, Mac as _};
    use sha1::Sha1;

    use super::super::{CallEvent, Direction, Keys, Knock, Provider, Refused, Step, read};

    const URL: &str = "https://crm.example.org/api/hooks/telephone/1";

    fn told(pairs: &[(&str, &str)], token: &str, url: &str) -> Result<Option<CallEvent>, Refused> {
        told_at(URL, pairs, token, url)
    }

    fn told_at(here: &str, pairs: &[(&str, &str)], token: &str, url: &str) -> Result<Option<CallEvent>, Refused> {
        let mut sorted = pairs.to_vec();
        sorted.sort_unstable();
        let mut mac = Hmac::<Sha1>::new_from_slice(token.as_bytes()).unwrap();
        mac.update(url.as_bytes());
        for (name, text) in sorted {
            mac.update(format!("{name}{text}").as_bytes());
        }
        let signature = STANDARD.encode(mac.finalize().into_bytes());
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
        let header = |name: &str| (name == "x-twilio-signature").then(|| signature.clone());
        let knock = Knock { event: None, url: here, header: &header, body: body.as_bytes() };
        read(Provider::Twilio, Keys { account: "", secret: "token" }, &knock)
    }

    fn heard(pairs: &[(&str, &str)]) -> CallEvent {
        told(pairs, "token", URL).unwrap().unwrap()
    }

    #[test]
    fn somebody_has_answered_where_a_leg_was_taken() {
        let own = [("CallSid", "CA1"), ("From", "+79211234567"), ("To", "+78125550000"), ("Direction", "inbound")];
        let with = |more: &[(&'static str, &'static str)]| heard(&[&own[..], more].concat());
        let rings = with(&[("CallStatus", "ringing"), ("Timestamp", "Tue, 13 Apr 2027 09:00:00 +0000")]);
        assert_eq!((rings.step, rings.direction), (Step::Ringing, Some(Direction::In)));
        assert_eq!(rings.at.unwrap().to_string(), "2027-04-13T09:00:00Z");
        assert_eq!(with(&[("CallStatus", "in-progress")]).step, Step::Ringing, "a script is nobody");
        assert_eq!(with(&[("CallStatus", "completed")]).step, Step::Ended(None));
        let leg = [("CallSid", "CA2"), ("ParentCallSid", "CA1"), ("To", "sip:101@office.example")];
        let of_leg = |status: &'static str| heard(&[&leg[..], &[("CallStatus", status)]].concat());
        let taken = of_leg("in-progress");
        assert_eq!((taken.call.as_str(), taken.step, taken.extension.as_deref()), ("CA1", Step::Answered, Some("101")));
        assert_eq!(of_leg("no-answer").step, Step::Told);
        let tape = [("CallSid", "CA1"), ("RecordingUrl", "https://api.example/R1"), ("RecordingDuration", "62")];
        let of_tape = |status: &'static str| told(&[&tape[..], &[("RecordingStatus", status)]].concat(), "token", URL);
        assert_eq!(of_tape("in-progress"), Ok(None));
        let tape = of_tape("completed").unwrap().unwrap();
        assert_eq!((tape.recording.as_deref(), tape.duration), (Some("https://api.example/R1"), Some(62)));
    }

    #[test]
    fn the_script_says_who_calls_while_it_rings() {
        let url = format!("{URL}?from=%2B79211234567&to=%2B78125550000");
        let leg =
            [("CallSid", "CA2"), ("ParentCallSid", "CA1"), ("To", "sip:101@office.example"), ("CallStatus", "ringing")];
        let rings = told_at(&url, &leg, "token", &url).unwrap().unwrap();
        assert_eq!((rings.step, rings.direction), (Step::Ringing, Some(Direction::In)));
        assert_eq!((rings.from.as_deref(), rings.to.as_deref()), (Some("+79211234567"), Some("+78125550000")));
        let quiet = heard(&leg);
        assert_eq!((quiet.from, quiet.direction), (None, None), "the first call says which way it went");
        let other = format!("{URL}?from=%2B79210000000");
        assert_eq!(told_at(&other, &leg, "token", &url), Err(Refused::Signature));
        let ported = URL.replace(".org/", ".org:8443/");
        assert!(told_at(&ported, &leg, "token", &ported).is_ok() && told_at(&ported, &leg, "token", URL).is_ok());
    }

    #[test]
    fn another_token_or_address_is_not_heard() {
        let own = [("CallSid", "CA1"), ("CallStatus", "ringing")];
        assert_eq!(told(&own, "other", URL), Err(Refused::Signature));
        assert_eq!(told(&own, "token", "https://elsewhere.example.org/"), Err(Refused::Signature));
        let bare = Knock { event: None, url: URL, header: &|_: &str| None, body: b"CallSid=CA1" };
        let keys = Keys { account: "", secret: "token" };
        assert_eq!(read(Provider::Twilio, keys, &bare), Err(Refused::Signature));
    }
}
