//! Mango Office: a form with the key of the exchange, a signature over key, text and salt, and the event as JSON. The event is
//! named by the address: `events/call`, `events/summary`, `events/recording`. By its documentation of the API, 1.9.

use jiff::Timestamp;
use serde_json::{Map, Value as Json};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use super::{CallEvent, Direction, Keys, Knock, Refused, Step, bare, form, object, text, whole};

/// Where a recording is played for whoever signs in at Mango Office.
const RECORDINGS: &str = "https://app.mango-office.ru/vpbx/queries/recording/issa";
/// The code of a recording that went well.
const KEPT: i64 = 1_000;

pub(super) fn read(keys: Keys<'_>, knock: &Knock<'_>) -> Result<Option<CallEvent>, Refused> {
    let fields = form(knock.body);
    let field = |name: &str| fields.iter().find(|(known, _)| known == name).map_or("", |(_, text)| text.as_str());
    let (key, sign, json) = (field("vpbx_api_key"), field("sign"), field("json"));
    let wanted = Sha256::digest(format!("{}{json}{}", keys.account, keys.secret));
    let wanted: String = wanted.iter().map(|byte| format!("{byte:02x}")).collect();
    let sign = sign.to_ascii_lowercase();
    let is_theirs = wanted.as_bytes().ct_eq(sign.as_bytes()) & key.as_bytes().ct_eq(keys.account.as_bytes());
    if !bool::from(is_theirs) {
        return Err(Refused::Signature);
    }
    let map = object(json)?;
    Ok(match knock.event {
        Some("call") => leg(map),
        Some("summary") => summary(map),
        Some("recording") => recording(map),
        _ => None,
    })
}

/// One side of a call: where it rings, who took it. That a side is over does not say that the call is.
fn leg(map: Map<String, Json>) -> Option<CallEvent> {
    let (from, to) = (side(&map, "from"), side(&map, "to"));
    let (ours, theirs) = (text(&from, "extension"), text(&to, "extension"));
    let state = text(&map, "call_state")?;
    // Somebody, a program or a campaign has asked for the call: the exchange rings at our own set first, which looks as if
    // somebody called us. A call that was routed by command comes from another.
    let is_asked_for = ["callback_initiator", "task_id", "command_id"].iter().any(|name| text(&map, name).is_some())
        && text(&from, "taken_from_call_id").is_none();
    if is_asked_for && theirs.is_some() {
        return Some(CallEvent {
            at: moment(&map, "timestamp"),
            direction: Some(Direction::Out),
            extension: theirs,
            ..bare(name(&map)?, &format!("own set {state}"), Step::Told, Json::Object(map))
        });
    }
    // Between colleagues.
    if ours.is_some() && theirs.is_some() {
        return None;
    }
    let is_out = ours.is_some() || is_asked_for;
    let direction = if is_out { Direction::Out } else { Direction::In };
    let extension = if is_out { ours } else { theirs };
    let step = match (state.as_str(), direction) {
        ("Appeared", _) => Step::Ringing,
        // The announcement and the queue take calls too: nobody has answered then. Of an outgoing call the first side is our
        // own set, which was taken up by whoever calls.
        ("Connected", Direction::In) if extension.is_some() => Step::Answered,
        ("Connected", Direction::Out) if text(&to, "number").is_some() => Step::Answered,
        _ => Step::Told,
    };
    // The line of ours stands beside whoever is called, whoever calls.
    let line = text(&to, "line_number");
    let (calls, called) = if is_out { (line, text(&to, "number")) } else { (text(&from, "number"), line) };
    Some(CallEvent {
        at: moment(&map, "timestamp"),
        direction: Some(direction),
        from: number(calls),
        to: number(called),
        extension,
        ..bare(name(&map)?, &format!("call {state}"), step, Json::Object(map))
    })
}

/// A call that is over.
fn summary(map: Map<String, Json>) -> Option<CallEvent> {
    let (from, to) = (side(&map, "from"), side(&map, "to"));
    let direction = match whole(&map, "call_direction")? {
        1 => Direction::In,
        2 => Direction::Out,
        _ => return None,
    };
    let (talked, over) = (moment(&map, "talk_time"), moment(&map, "end_time"));
    let answered = whole(&map, "entry_result").map_or(talked.is_some(), |result| result == 1);
    let seconds = |over: Timestamp, talked: Timestamp| over.as_second().saturating_sub(talked.as_second()).max(0);
    let line = number(text(&map, "line_number"));
    let (from_number, to_number) = (number(text(&from, "number")), number(text(&to, "number")));
    let (from, to, extension) = match direction {
        Direction::In => (from_number, line.or(to_number), text(&to, "extension")),
        Direction::Out => (line.or(from_number), to_number, text(&from, "extension")),
    };
    Some(CallEvent {
        at: over,
        direction: Some(direction),
        from,
        to,
        extension,
        duration: over.zip(talked).filter(|_| answered).map(|(over, talked)| seconds(over, talked)),
        ..bare(name(&map)?, "summary", Step::Ended(Some(answered)), Json::Object(map))
    })
}

fn recording(map: Map<String, Json>) -> Option<CallEvent> {
    let is_whole = text(&map, "recording_state").as_deref() == Some("Completed");
    // One that was too short is not kept, and what goes by letter alone is not in the cloud.
    let is_kept = whole(&map, "completion_code").is_none_or(|code| code == KEPT);
    if !is_whole || !is_kept || text(&map, "recipient").as_deref() == Some("Mail") {
        return None;
    }
    let id = text(&map, "recording_id")?;
    // It stands in an address.
    let is_plain = id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_=:.".contains(&byte));
    let recording = is_plain.then(|| format!("{RECORDINGS}/{id}/play"));
    Some(CallEvent { recording, ..bare(name(&map)?, "recording", Step::Told, Json::Object(map)) })
}

/// All sides of a call have one entry.
fn name(map: &Map<String, Json>) -> Option<String> {
    text(map, "entry_id").or_else(|| text(map, "call_id"))
}

fn side(map: &Map<String, Json>, name: &str) -> Map<String, Json> {
    map.get(name).and_then(Json::as_object).cloned().unwrap_or_default()
}

/// Numbers come without the sign that says that they are whole.
fn number(number: Option<String>) -> Option<String> {
    let number = number?;
    let is_whole = number.len() >= 11 && number.bytes().all(|byte| byte.is_ascii_digit());
    Some(if is_whole { format!("+{number}") } else { number })
}

/// A moment in seconds; zero is none.
fn moment(map: &Map<String, Json>, name: &str) -> Option<Timestamp> {
    whole(map, name).filter(|second| *second > 0).and_then(|second| Timestamp::from_second(second).ok())
}

#[cfg(test)]
mod tests {
    use sha2::{Digest as _, Sha256};

    use super::super::{CallEvent, Direction, Keys, Knock, Provider, Refused, Step, read};

    fn told(event: &str, json: &str, salt: &str) -> Result<Option<CallEvent>, Refused> {
        let sign: String =
            Sha256::digest(format!("key{json}{salt}")).iter().map(|byte| format!("{byte:02x}")).collect();
        let body = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs([("vpbx_api_key", "key"), ("sign", sign.as_str()), ("json", json)])
            .finish();
        knocked(event, &body)
    }

    fn knocked(event: &str, body: &str) -> Result<Option<CallEvent>, Refused> {
        let knock = Knock { event: Some(event), url: "", header: &|_: &str| None, body: body.as_bytes() };
        read(Provider::Mango, Keys { account: "key", secret: "salt" }, &knock)
    }

    #[test]
    fn a_call_is_followed_from_the_announcement_to_its_recording() {
        let of = |state: &str, to: &str| {
            let json = format!(
                r#"{{"entry_id": "E1", "call_id": "C1", "timestamp": 1800000000, "seq": 1, "call_state": "{state}",
                "location": "abonent", "from": {{"number": "79211234567"}}, "to": {{{to}"line_number": "78125550000"}}}}"#
            );
            told("call", &json, "salt").unwrap().unwrap()
        };
        assert_eq!(of("Connected", "").step, Step::Told, "the announcement is nobody");
        let rings = of("Appeared", r#""extension": "101", "#);
        assert_eq!((rings.call.as_str(), rings.step, rings.direction), ("E1", Step::Ringing, Some(Direction::In)));
        assert_eq!((rings.from.as_deref(), rings.to.as_deref()), (Some("+79211234567"), Some("+78125550000")));
        assert_eq!(of("Connected", r#""extension": "101", "#).step, Step::Answered);
        assert_eq!(of("Disconnected", r#""extension": "101", "#).step, Step::Told, "another may take it");
        let over = r#"{"entry_id": "E1", "call_direction": 1, "from": {"number": "79211234567"}, "to": {"extension": "101"},
            "line_number": "78125550000", "create_time": 1800000000, "talk_time": 1800000010, "end_time": 1800000072,
            "entry_result": 1}"#;
        let over = told("summary", over, "salt").unwrap().unwrap();
        assert_eq!((over.step, over.duration), (Step::Ended(Some(true)), Some(62)));
        let missed =
            r#"{"entry_id": "E2", "call_direction": 1, "talk_time": 0, "end_time": 1800000072, "entry_result": 0}"#;
        assert_eq!(told("summary", missed, "salt").unwrap().unwrap().step, Step::Ended(Some(false)));
        let tape = r#"{"entry_id": "E1", "recording_id": "R=1", "recording_state": "Completed"}"#;
        let tape = told("recording", tape, "salt").unwrap().unwrap();
        assert!(tape.recording.unwrap().ends_with("/R=1/play"));
        assert_eq!(told("dtmf", r#"{"entry_id": "E1"}"#, "salt"), Ok(None));
        let between =
            r#"{"entry_id": "E3", "call_state": "Appeared", "from": {"extension": "1"}, "to": {"extension": "2"}}"#;
        assert_eq!(told("call", between, "salt"), Ok(None));
    }

    #[test]
    fn a_call_that_was_asked_for_is_none_of_somebody_who_calls() {
        let leg = |json: &str| told("call", json, "salt").unwrap().unwrap();
        let own = leg(r#"{"entry_id": "E4", "call_state": "Connected", "command_id": "1", "callback_initiator": "API",
            "from": {"number": "79211234567"}, "to": {"extension": "101", "number": "sip:anna@office.example"}}"#);
        assert_eq!(
            (own.step, own.direction, own.extension.as_deref()),
            (Step::Told, Some(Direction::Out), Some("101"))
        );
        assert_eq!((own.from, own.to), (None, None), "whose numbers these are is said by the other side");
        let other =
            leg(r#"{"entry_id": "E4", "call_state": "Connected", "command_id": "1", "from": {"extension": "101"},
            "to": {"number": "79211234567", "line_number": "78125550000"}}"#);
        assert_eq!((other.step, other.direction), (Step::Answered, Some(Direction::Out)));
        assert_eq!((other.from.as_deref(), other.to.as_deref()), (Some("+78125550000"), Some("+79211234567")));
        let routed =
            leg(r#"{"entry_id": "E5", "call_state": "Appeared", "command_id": "2", "to": {"extension": "102"},
            "from": {"number": "79211234567", "taken_from_call_id": "C1"}}"#);
        assert_eq!((routed.step, routed.direction), (Step::Ringing, Some(Direction::In)));
    }

    #[test]
    fn only_a_recording_that_is_kept_has_an_address() {
        for more in [r#""completion_code": 4002"#, r#""completion_code": 1000, "recipient": "Mail""#] {
            let json = format!(r#"{{"entry_id": "E1", "recording_id": "R", "recording_state": "Completed", {more}}}"#);
            assert_eq!(told("recording", &json, "salt"), Ok(None), "{more}");
        }
        let kept = r#"{"entry_id": "E1", "recording_id": "R", "recording_state": "Completed", "completion_code": 1000,
            "recipient": "CloudAndMail"}"#;
        assert!(told("recording", kept, "salt").unwrap().is_some());
    }

    #[test]
    fn whoever_does_not_know_the_salt_is_not_heard() {
        assert_eq!(told("summary", r#"{"entry_id": "E1"}"#, "pepper"), Err(Refused::Signature));
        for body in ["", "json=%7B%7D", "vpbx_api_key=key&sign=&json=%7B%7D", "vpbx_api_key=other&sign=00&json=%7B%7D"]
        {
            assert_eq!(knocked("call", body), Err(Refused::Signature), "{body}");
        }
    }
}
