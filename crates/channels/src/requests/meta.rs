//! Meta: lead ads of a page. A webhook, signed with the secret of the app, tells the numbers of leads; their answers are asked
//! for with the token of the page.

use jiff::Timestamp;
use model::form::Told;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value as Json};
use subtle::ConstantTimeEq as _;
use url::Url;

use super::{Came, Heard, Keys, Notice, Unfetched, bounded, digest, is_signed, plain, unreadable};
use crate::telephone::{Knock, Refused, object, text, whole};
use crate::webhook::{Ask, Loopback, PostError, ask};

/// Where leads are asked for.
const URL: &str = "https://graph.facebook.com";
/// What is asked of a lead. Of the advertisement nothing: that needs further rights, and the webhook tells its number.
const FIELDS: &str = "created_time,id,field_data,custom_disclaimer_responses";
/// What is told of a lead besides its answers.
const ABOUT: [&str; 4] = ["form_id", "ad_id", "adgroup_id", "page_id"];
/// What the word is made with that Meta says where it asks for the door.
const VERIFY: &[u8] = b"plenary verify token";
/// Codes of errors that pass: unknown or busy (1, 2), too many calls (4, 17, 32, 341, 613).
const PASSING: [i64; 7] = [1, 2, 4, 17, 32, 341, 613];
/// How much of an error is told, in characters.
const TOLD: usize = 300;
/// The longest challenge, in bytes.
const CHALLENGE: usize = 200;

/// The word that Meta says where it asks for the door: made from the secret of the app, so that nobody thinks one up and another
/// secret has another.
#[must_use]
pub fn verify_token(app_secret: &str) -> String {
    digest(app_secret, VERIFY)
}

pub(super) fn verify(keys: &Keys<'_>, knock: &Knock<'_>) -> Result<String, Refused> {
    let (Some(hook), Ok(url)) = (keys.hook, Url::parse(knock.url)) else { return Err(Refused::Signature) };
    let asked = |name: &str| url.query_pairs().find(|(key, _)| key == name).map(|(_, text)| text.into_owned());
    let said = asked("hub.verify_token").unwrap_or_default();
    if asked("hub.mode").as_deref() != Some("subscribe")
        || !bool::from(said.as_bytes().ct_eq(verify_token(hook).as_bytes()))
    {
        return Err(Refused::Signature);
    }
    let is_plain = |text: &String| {
        (1..=CHALLENGE).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    asked("hub.challenge").filter(is_plain).ok_or_else(|| unreadable("hub.challenge: letters and digits"))
}

pub(super) fn read(keys: &Keys<'_>, knock: &Knock<'_>) -> Result<Heard, Refused> {
    let header = knock.header;
    let said = header("x-hub-signature-256").unwrap_or_default();
    if !keys.hook.is_some_and(|secret| is_signed(secret, &said, knock.body)) {
        return Err(Refused::Signature);
    }
    let body = std::str::from_utf8(knock.body).map_err(|_| unreadable("the body is not UTF-8"))?;
    let event = object(body)?;
    let list =
        |map: &Map<String, Json>, name: &str| map.get(name).and_then(Json::as_array).cloned().unwrap_or_default();
    let mut notices = Vec::new();
    for entry in list(&event, "entry").iter().filter_map(Json::as_object) {
        // An app tells of all its pages at one door.
        if keys.account.is_some_and(|page| text(entry, "id").as_deref() != Some(page)) {
            continue;
        }
        for change in list(entry, "changes").iter().filter_map(Json::as_object) {
            let Some(lead) = change.get("value").and_then(Json::as_object) else { continue };
            if text(change, "field").as_deref() != Some("leadgen") {
                continue;
            }
            let number = text(lead, "leadgen_id").filter(|number| is_number(number));
            let number = number.ok_or_else(|| unreadable("leadgen_id: the number of a lead"))?;
            notices.push(Notice { lead: number, raw: lead.clone() });
        }
    }
    Ok(Heard::Told(notices))
}

fn is_number(text: &str) -> bool {
    (1..=40).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

pub(super) fn came(notice: &Notice, answer: &Map<String, Json>) -> Came {
    let known = |name: &str| text(&notice.raw, name).or_else(|| text(answer, name));
    let about = ABOUT.iter().filter_map(|name| Some(((*name).to_owned(), Json::from(known(name)?)))).collect();
    let list = |name: &str| answer.get(name).and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_object);
    let fields = list("field_data").filter_map(|field| {
        let values = field.get("values").and_then(Json::as_array).into_iter().flatten().filter_map(plain);
        Some(Told { key: text(field, "name")?, label: None, values: values.collect() })
    });
    // Boxes that were ticked or left: what nobody ticked is said as well.
    let boxes = list("custom_disclaimer_responses").filter_map(|told| {
        let said = told.get("is_checked").and_then(plain).unwrap_or_default();
        let is_ticked = matches!(said.as_str(), "1" | "true");
        let values = vec![if is_ticked { "yes" } else { "no" }.to_owned()];
        Some(Told { key: text(told, "checkbox_key")?, label: None, values })
    });
    let mut raw = answer.clone();
    raw.extend(notice.raw.iter().map(|(name, value)| (name.clone(), value.clone())));
    Came {
        name: format!("meta/{}", notice.lead),
        at: whole(&notice.raw, "created_time").and_then(|at| Timestamp::from_second(at).ok()),
        about,
        answers: bounded(fields.chain(boxes)),
        raw: Json::Object(raw),
    }
}

pub(super) async fn fetch(keys: &Keys<'_>, lead: &str, loopback: Loopback) -> Result<Map<String, Json>, Unfetched> {
    if !is_number(lead) {
        return Err(Unfetched::Never("this is no number of a lead".to_owned()));
    }
    let url = address(keys, lead);
    let request = Ask { method: "GET", url: &url, headers: Vec::new(), body: &[], wants_body: true };
    let answer = ask(&request, loopback).await.map_err(|error| match error {
        PostError::Refused(why) => Unfetched::Never(why),
        // To ask once more changes nothing there.
        PostError::Failed(why) | PostError::Unclear(why) => Unfetched::Later(why),
    })?;
    understood(answer.status, &String::from_utf8_lossy(&answer.body)).map_err(|error| hidden(error, keys))
}

fn address(keys: &Keys<'_>, lead: &str) -> String {
    let coded = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let base = keys.url.unwrap_or(URL).trim_end_matches('/');
    let proof = keys.hook.map(|hook| format!("&appsecret_proof={}", digest(hook, keys.secret.as_bytes())));
    let token = coded(keys.secret);
    format!("{base}/{lead}?fields={}&access_token={token}{}", coded(FIELDS), proof.unwrap_or_default())
}

/// What was answered, where it is the answers of a lead.
fn understood(status: u16, said: &str) -> Result<Map<String, Json>, Unfetched> {
    let map = object(said).unwrap_or_default();
    if let (200..=299, true) = (status, map.contains_key("field_data")) {
        return Ok(map);
    }
    let error = map.get("error").and_then(Json::as_object);
    let words = error.and_then(|error| text(error, "message")).unwrap_or_else(|| said.to_owned());
    let words: String = words.chars().filter(|letter| !letter.is_control()).take(TOLD).collect();
    let passes = error.is_some_and(|error| {
        let is_known = whole(error, "code").is_some_and(|code| PASSING.contains(&code));
        is_known || error.get("is_transient").and_then(Json::as_bool) == Some(true)
    });
    let told = format!("the answer was {status}: {words}");
    match status {
        _ if passes => Err(Unfetched::Later(told)),
        200..=399 | 408 | 425 | 429 | 500..=599 => Err(Unfetched::Later(told)),
        _ => Err(Unfetched::Never(told)),
    }
}

/// The same without a token that somebody repeats who was asked with it.
fn hidden(error: Unfetched, keys: &Keys<'_>) -> Unfetched {
    let hide = |words: String| words.replace(keys.secret, "…");
    match error {
        Unfetched::Later(words) => Unfetched::Later(hide(words)),
        Unfetched::Never(words) => Unfetched::Never(hide(words)),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::super::tests::{heard, keys};
    use super::super::{Heard, Keys, Notice, Source, Unfetched, verify};
    use super::{address, came, digest, hidden, understood, verify_token};
    use crate::telephone::{Knock, Refused};

    const APP: &str = "the secret of the app";

    fn event(page: i64) -> String {
        let lead = json!({"leadgen_id": 123_123_123_123_i64, "page_id": page, "form_id": "9", "ad_id": 5, "created_time": 1_440_120_384});
        let changes = json!([{"field": "leadgen", "value": lead}, {"field": "feed", "value": {}}]);
        json!({"object": "page", "entry": [{"id": page.to_string(), "time": 1_438_292_065, "changes": changes}]})
            .to_string()
    }

    #[test]
    fn what_the_app_has_signed_is_heard() {
        let own = keys("the token of the page", Some(APP));
        let body = event(7);
        let right = format!("sha256={}", digest(APP, body.as_bytes()));
        let told = |keys: &Keys<'_>, said: Option<&str>, body: &str| {
            heard(Source::Meta, keys, said.map(|said| ("x-hub-signature-256", said)), body)
        };
        let Ok(Heard::Told(notices)) = told(&own, Some(&right), &body) else { panic!("it is told") };
        assert_eq!((notices.len(), notices[0].lead.as_str()), (1, "123123123123"));
        for wrong in [None, Some(""), Some("sha256=00")] {
            assert_eq!(told(&own, wrong, &body), Err(Refused::Signature), "{wrong:?}");
        }
        assert_eq!(told(&own, Some(&right), &event(8)), Err(Refused::Signature));
        assert_eq!(told(&keys("the token of the page", None), Some(&right), &body), Err(Refused::Signature));
        let other_page = Keys { account: Some("8"), ..own };
        assert_eq!(told(&other_page, Some(&right), &body), Ok(Heard::Told(Vec::new())));
        let bad = json!({"entry": [{"changes": [{"field": "leadgen", "value": {"leadgen_id": "../me"}}]}]}).to_string();
        let signed = digest(APP, bad.as_bytes());
        assert!(matches!(told(&own, Some(&signed), &bad), Err(Refused::Unreadable(_))));
    }

    #[test]
    fn the_door_answers_whoever_says_the_word() {
        let own = keys("the token of the page", Some(APP));
        let asked = |token: &str, challenge: &str| {
            let url = format!(
                "https://crm.example.org/x?hub.mode=subscribe&hub.challenge={challenge}&hub.verify_token={token}"
            );
            let knock = Knock { event: None, url: &url, header: &|_: &str| None, body: &[] };
            verify(Source::Meta, &own, &knock)
        };
        assert_eq!(asked(&verify_token(APP), "1158201444"), Ok("1158201444".to_owned()));
        assert_eq!(asked("another", "1158201444"), Err(Refused::Signature));
        assert_eq!(asked("", "1158201444"), Err(Refused::Signature));
        assert!(matches!(asked(&verify_token(APP), "%3Cb%3E"), Err(Refused::Unreadable(_))));
    }

    #[test]
    fn the_answers_of_a_lead_are_asked_for_and_read() {
        let own = Keys { url: Some("https://graph.example.org/v24.0/"), ..keys("to/ken", Some(APP)) };
        let url = address(&own, "17");
        assert!(url.starts_with("https://graph.example.org/v24.0/17?fields=created%5Ftime%2Cid"), "{url}");
        assert!(url.contains("&access_token=to%2Fken&appsecret_proof="), "{url}");
        let answer = json!({"created_time": "2015-02-28T08:49:14+0000", "id": "17", "field_data": [
            {"name": "full_name", "values": ["Анна Котова"]}, {"name": "what", "values": ["Стенд", "Свет"]}],
            "custom_disclaimer_responses": [{"checkbox_key": "optional_1", "is_checked": "1"}, {"checkbox_key": "optional_2", "is_checked": ""}]});
        let told = understood(200, &answer.to_string()).unwrap_or_else(|error| panic!("{error}"));
        let raw = json!({"form_id": "9", "ad_id": 5, "created_time": 1_440_120_384});
        let raw = raw.as_object().cloned().unwrap_or_default();
        let came = came(&Notice { lead: "17".to_owned(), raw }, &told);
        assert_eq!((came.name.as_str(), came.at.map(|at| at.as_second())), ("meta/17", Some(1_440_120_384)));
        assert_eq!(Json::Object(came.about), json!({"form_id": "9", "ad_id": "5"}));
        let said: Vec<_> = came.answers.iter().map(|told| (told.key.as_str(), told.text())).collect();
        let said: Vec<_> = said.iter().map(|(key, text)| (*key, text.as_str())).collect();
        assert_eq!(
            said,
            [("full_name", "Анна Котова"), ("what", "Стенд, Свет"), ("optional_1", "yes"), ("optional_2", "no")]
        );
    }

    #[test]
    fn what_passes_is_told_from_what_does_not() {
        let error = |more: Json| {
            let mut error = json!({"message": "no to/ken for you", "type": "OAuthException", "code": 190});
            if let (Some(error), Some(more)) = (error.as_object_mut(), more.as_object()) {
                error.extend(more.clone());
            }
            json!({"error": error}).to_string()
        };
        let own = keys("to/ken", Some(APP));
        let told = |status: u16, said: &str| understood(status, said).map_err(|error| hidden(error, &own));
        let Err(Unfetched::Never(words)) = told(400, &error(json!({}))) else {
            panic!("a token that is none stays none")
        };
        assert_eq!(words, "the answer was 400: no … for you");
        for (status, said) in [
            (400, error(json!({"code": 4}))),
            (400, error(json!({"is_transient": true}))),
            (503, "busy".to_owned()),
            (429, String::new()),
            (200, "<html>".to_owned()),
        ] {
            assert!(matches!(told(status, &said), Err(Unfetched::Later(_))), "{status} {said}");
        }
        assert!(matches!(told(404, "nothing"), Err(Unfetched::Never(_))));
    }
}
