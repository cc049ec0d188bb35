//! VK: the Callback API of a community. It asks once whether this is the right door, says the secret in every event, and is
//! answered `ok`.

use model::form::Told;
use serde_json::{Map, Value as Json};
use subtle::ConstantTimeEq as _;

use super::{Came, Heard, Keys, bounded, plain, unreadable};
use crate::telephone::{Knock, Refused, object, text};

/// What VK wants to hear.
const OK: &str = "ok";
/// What is told of a request besides its answers.
const ABOUT: [&str; 5] = ["form_id", "form_name", "ad_id", "user_id", "group_id"];

pub(super) fn read(keys: &Keys<'_>, knock: &Knock<'_>) -> Result<Heard, Refused> {
    // Whoever does not know the secret is not told what is wrong besides.
    let body = std::str::from_utf8(knock.body).map_err(|_| Refused::Signature)?;
    let mut event = object(body).map_err(|_| Refused::Signature)?;
    let said = event.remove("secret").and_then(|said| said.as_str().map(str::to_owned));
    let is_same = |said: &str| bool::from(said.as_bytes().ct_eq(keys.secret.as_bytes()));
    let is_ours = keys.account.is_none_or(|account| text(&event, "group_id").as_deref() == Some(account));
    let kind = text(&event, "type").unwrap_or_default();
    if kind == "confirmation" {
        // It is asked before VK knows the secret.
        let is_known = is_ours && said.as_deref().is_none_or(is_same);
        let words = keys.confirmation.filter(|_| is_known).ok_or(Refused::Signature)?;
        return Ok(Heard::Answered(words.to_owned()));
    }
    if !said.as_deref().is_some_and(is_same) {
        return Err(Refused::Signature);
    }
    if !is_ours {
        return Err(unreadable("group_id: the line is of another community"));
    }
    if kind != "lead_forms_new" {
        return Ok(Heard::Answered(OK.to_owned()));
    }
    let Some(lead) = event.get("object").and_then(Json::as_object) else {
        return Err(unreadable("object: a request of a lead form"));
    };
    let came = came(lead, Json::Object(event.clone()));
    let (Some(number), Some(group)) = (text(lead, "lead_id"), group(&event, lead)) else {
        return Err(unreadable("lead_id and group_id: what the request is called"));
    };
    Ok(Heard::Came(Box::new(Came { name: format!("vk/{group}/{number}"), ..came })))
}

/// Numbers of requests are each community's own.
fn group(event: &Map<String, Json>, lead: &Map<String, Json>) -> Option<String> {
    text(event, "group_id").or_else(|| text(lead, "group_id"))
}

pub(super) fn came(lead: &Map<String, Json>, raw: Json) -> Came {
    let known = ABOUT.into_iter().filter_map(|name| Some((name, text(lead, name)?)));
    let about = known.filter(|(_, text)| text != "0").map(|(name, text)| (name.to_owned(), Json::from(text))).collect();
    let answers = lead.get("answers").and_then(Json::as_array).into_iter().flatten();
    let answers = answers.filter_map(|answer| {
        let answer = answer.as_object()?;
        let label = text(answer, "question");
        let key = text(answer, "key").or_else(|| label.clone())?;
        Some(Told { key, label, values: values(answer.get("answer")?) })
    });
    Came { name: String::new(), at: None, about, answers: bounded(answers), raw }
}

/// What was said: a text, an option with its key, or several of them.
fn values(answer: &Json) -> Vec<String> {
    match answer {
        Json::Array(several) => several.iter().flat_map(values).collect(),
        Json::Object(option) => {
            ["value", "key"].iter().find_map(|name| option.get(*name).and_then(plain)).into_iter().collect()
        }
        one => plain(one).into_iter().collect(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::super::tests::{heard, keys};
    use super::super::{Heard, Keys, Source};
    use crate::telephone::Refused;

    fn event(more: &Json) -> Json {
        let mut event = json!({"type": "lead_forms_new", "group_id": 1, "event_id": "e", "v": "5.199", "secret": "a word of both",
        "object": {"lead_id": 17, "group_id": 1, "user_id": 77, "form_id": 3, "form_name": "Стенд", "ad_id": 0, "answers": [
            {"key": "first_name", "question": "Имя", "answer": "Анна"},
            {"key": "custom_0", "question": "Что нужно?", "answer": [{"key": "a", "value": "Стенд"}, {"value": "Свет"}]},
        ]}});
        if let (Some(event), Some(more)) = (event.as_object_mut(), more.as_object()) {
            event.extend(more.clone());
        }
        event
    }

    #[test]
    fn an_event_is_heard_with_its_secret_and_read() {
        let own = Keys { account: Some("1"), ..keys("a word of both", None) };
        let told = |more: Json| heard(Source::Vk, &own, None, &event(&more).to_string());
        let Ok(Heard::Came(came)) = told(json!({})) else { panic!("it came") };
        assert_eq!(came.name, "vk/1/17");
        assert_eq!(
            Json::Object(came.about.clone()),
            json!({"form_id": "3", "form_name": "Стенд", "user_id": "77", "group_id": "1"})
        );
        let said: Vec<_> = came.answers.iter().map(|told| (told.key.as_str(), told.called(), told.text())).collect();
        assert_eq!(
            said,
            [("first_name", "Имя", "Анна".to_owned()), ("custom_0", "Что нужно?", "Стенд, Свет".to_owned())]
        );
        assert_eq!(came.raw.get("secret"), None, "what both sides know is not kept with it");
        for wrong in [json!({"secret": "another word"}), json!({"secret": null}), json!({"secret": 5})] {
            assert_eq!(told(wrong.clone()), Err(Refused::Signature), "{wrong}");
        }
        assert!(matches!(told(json!({"group_id": 2})), Err(Refused::Unreadable(_))));
        assert!(matches!(told(json!({"object": {}})), Err(Refused::Unreadable(_))));
        assert_eq!(told(json!({"type": "group_join"})), Ok(Heard::Answered("ok".to_owned())));
        assert_eq!(heard(Source::Vk, &own, None, "nonsense"), Err(Refused::Signature));
    }

    #[test]
    fn the_door_confirms_itself_to_its_own_community_alone() {
        let own = Keys { account: Some("1"), confirmation: Some("e7e13fe2"), ..keys("a word of both", None) };
        let told = |keys: &Keys<'_>, body: Json| heard(Source::Vk, keys, None, &body.to_string());
        let asks = json!({"type": "confirmation", "group_id": 1});
        assert_eq!(told(&own, asks.clone()), Ok(Heard::Answered("e7e13fe2".to_owned())));
        assert_eq!(told(&own, json!({"type": "confirmation", "group_id": 2})), Err(Refused::Signature));
        let wrong = json!({"type": "confirmation", "group_id": 1, "secret": "another word"});
        assert_eq!(told(&own, wrong), Err(Refused::Signature));
        assert_eq!(told(&Keys { confirmation: None, ..own }, asks), Err(Refused::Signature));
    }
}
