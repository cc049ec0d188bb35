//! Requests that lines bring: heard by whoever proves itself alone, made what the form of the line makes, once, or kept with what is
//! wrong. Lead forms of VK, and whatever any program signs; those of Meta are in `leadgen`. On both databases.

use data_encoding::{BASE64, HEXLOWER};
use serde_json::{Value, json};

use super::calls::hmac;
use super::found;
use super::world::{Answer, Api, World, worlds};

pub(super) const LINES: &str = "/api/v1/meta/lines";
const SECRET: &str = "a word of both";
const FORM: &str = "/api/v1/meta/forms/lead_form";
const NOBODY: &str = "/api/hooks/requests/0190a000-0000-7000-8000-000000000000";

/// A line that brings requests, and the path of its door.
pub(super) async fn line(api: &Api, more: Value) -> (String, String) {
    let mut body = json!({"name": "Source", "form": "lead_form", "secret": SECRET});
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let made = api.post(LINES, body.clone()).await.expect(201);
    let told = made.to_string();
    for secret in [&body["secret"], &body["hook_secret"]] {
        assert!(secret.as_str().is_none_or(|secret| !told.contains(secret)), "{told}");
    }
    let url = made["requests_url"].as_str().unwrap();
    (made["id"].as_str().unwrap().to_owned(), url[url.find("/api/").unwrap()..].to_owned())
}

/// Tells a door something, with a signature in a header.
pub(super) async fn signed(world: &World, door: &str, (header, signature): (&str, &str), body: &str) -> Answer {
    let headers = [("content-type", "application/json"), (header, signature)];
    world.anybody().call("POST", door, &headers, body.to_owned()).await
}

pub(super) fn signature(secret: &str, body: &str) -> String {
    format!("sha256={}", HEXLOWER.encode(&hmac(secret, body)))
}

/// An event of VK.
async fn event(world: &World, door: &str, more: Value) -> Answer {
    let mut event = json!({"type": "lead_forms_new", "group_id": 1, "event_id": "e", "v": "5.199", "secret": SECRET});
    event.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    world.anybody().post(door, event).await
}

/// A request of a lead form of VK, with what some answer besides.
fn filled(number: i64, email: &str, more: &[Value]) -> Value {
    let mut answers = vec![
        json!({"key": "last_name", "question": "Фамилия", "answer": "Котова"}),
        json!({"key": "first_name", "question": "Имя", "answer": "Анна"}),
        json!({"key": "email", "question": "Электронная почта", "answer": email}),
        json!({"key": "phone_number", "question": "Телефон", "answer": "+7 921 123-45-67"}),
    ];
    answers.extend_from_slice(more);
    let lead = json!({"lead_id": number, "group_id": 1, "user_id": 77, "form_id": 3, "form_name": "Стенд", "ad_id": 5, "answers": answers});
    json!({ "object": lead })
}

pub(super) async fn leads(api: &Api) -> Vec<Value> {
    found(api, "leads", "has(id)").await
}

pub(super) async fn waiting(api: &Api) -> Vec<Value> {
    found(api, "rejected_requests", "status == \"waiting\"").await
}

pub(super) fn resubmit(request: &Value) -> String {
    format!("/api/v1/rejected_requests/{}/resubmit", request["id"].as_str().unwrap())
}

/// A text that a network wants to hear.
#[track_caller]
pub(super) fn said(answer: &Answer, words: &str) {
    assert_eq!((answer.status, answer.text.as_str()), (200, words));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_door_of_vk_hears_its_community_alone() {
    for world in worlds() {
        let api = &world.admin;
        let setup = json!({"kind": "vk", "account": "1", "confirmation": "e7e13fe2"});
        let (id, door) = line(api, setup).await;
        // It is asked before the secret is known there.
        let asks = json!({"type": "confirmation", "secret": null});
        said(&event(&world, &door, asks.clone()).await, "e7e13fe2");
        event(&world, &door, json!({"type": "confirmation", "group_id": 2})).await.refused(401, "bad_signature");
        let new = filled(17, "anna@example.org", &[]);
        for secret in [json!("another word"), json!(null), json!(5)] {
            let mut wrong = new.clone();
            wrong["secret"] = secret;
            event(&world, &door, wrong).await.refused(401, "bad_signature");
        }
        world.anybody().call("POST", &door, &[], "nonsense").await.refused(401, "bad_signature");
        world.anybody().get(&door).await.refused(401, "bad_signature");
        event(&world, NOBODY, new.clone()).await.refused(401, "bad_signature");
        // Other doors do not know it.
        for other in ["telephone", "messages"] {
            event(&world, &format!("/api/hooks/{other}/{id}"), new.clone()).await.refused(401, "bad_signature");
        }
        let mut elsewhere = new.clone();
        elsewhere["group_id"] = json!(2);
        event(&world, &door, elsewhere).await.expect(422);
        event(&world, &door, json!({"object": {"answers": []}})).await.expect(422);
        said(&event(&world, &door, json!({"type": "group_join", "object": {}})).await, "ok");
        assert!(leads(api).await.is_empty() && waiting(api).await.is_empty());
        // What is switched off hears nobody.
        api.patch(&format!("{LINES}/{id}"), json!({"active": false})).await.expect(200);
        event(&world, &door, new).await.refused(401, "bad_signature");
        event(&world, &door, asks).await.refused(401, "bad_signature");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lead_form_becomes_a_lead_once_with_all_that_was_said() {
    for world in worlds() {
        let api = &world.admin;
        let (id, door) = line(api, json!({"name": "VK", "kind": "vk", "account": "1"})).await;
        let several = json!([{"key": "a", "value": "Большой"}, {"value": "Угловой"}]);
        let stand = json!({"key": "custom_0", "question": "Какой стенд?", "answer": several});
        let whose = json!({"key": "custom_1", "question": "Вы от кого?", "answer": "Причал"});
        let new = filled(17, "Anna@Example.org", &[stand.clone(), whose.clone()]);
        for _ in 0..2 {
            said(&event(&world, &door, new.clone()).await, "ok");
        }
        let all = leads(api).await;
        assert_eq!((all.len(), &all[0]["name"], &all[0]["source"]), (1, &json!("Анна Котова"), &json!("VK")));
        assert_eq!((&all[0]["phone"], &all[0]["company"]), (&json!("+79211234567"), &Value::Null));
        let messages = found(api, "messages", "channel == \"social\"").await;
        let message = &messages[0];
        assert_eq!((messages.len(), &message["about"]["id"]), (1, &all[0]["id"]), "{message}");
        assert_eq!((&message["form"], &message["line"]), (&json!("lead_form"), &json!("VK")));
        let text = message["text"].as_str().unwrap();
        assert!(text.contains("Какой стенд?: Большой, Угловой") && text.contains("Вы от кого?: Причал"), "{text}");
        let raw = &message["raw"]["received"];
        assert_eq!((&raw["object"], &raw["secret"]), (&new["object"], &Value::Null), "{raw}");
        let source = &message["source"];
        assert_eq!(
            (&source["form_id"], &source["form_name"], &source["ad_id"]),
            (&json!("3"), &json!("Стенд"), &json!("5"))
        );
        assert_eq!(message["consent"]["by"], "VK", "{message}");
        let consents = found(api, "consents", "email == \"anna@example.org\"").await;
        assert_eq!((consents.len(), &consents[0]["purpose"]), (1, &json!("processing")), "{consents:?}");

        // What is what is data: tried out, with nothing kept.
        let fields = json!([
            {"field": "name", "required": true}, {"field": "email"}, {"field": "phone"},
            {"field": "company", "keys": ["custom_1"]}, {"field": "need", "keys": ["Какой стенд?"]},
        ]);
        api.patch(FORM, json!({"fields": fields})).await.expect(200);
        let attempt = format!("{LINES}/{id}/try");
        // By somebody else: of whoever has an open request already nothing new would be made.
        let mut sample = filled(18, "vera@example.org", &[stand, whose]);
        sample["object"]["answers"][3]["answer"] = json!("+7 921 765-43-21");
        let tried = api.post(&attempt, json!({"body": sample})).await.expect(200);
        assert_eq!((&tried["made"]["module"], &tried["made"]["title"]), (&json!("leads"), &json!("Анна Котова")));
        let fields = &tried["made"]["fields"];
        assert_eq!((&fields["company"], &fields["need"]), (&json!("Причал"), &json!("Большой, Угловой")), "{tried}");
        let found_in = tried["found"].as_array().unwrap();
        assert_eq!((found_in.len(), &found_in[5]["field"]), (6, &json!("company")), "{tried}");
        let wrong = api.post(&attempt, json!({"body": filled(18, "vera-at-example", &[])})).await.expect(200);
        assert_eq!((&wrong["made"], &wrong["errors"][0]["field"]), (&Value::Null, &json!("email")), "{wrong}");
        api.post(&attempt, json!({"body": "x"})).await.faulty(&["body"]);
        api.post(&attempt, json!({})).await.faulty(&["body"]);
        let (_, seller) = world.user("seller", "salesperson");
        seller.post(&attempt, json!({"body": {}})).await.refused(403, "missing_right");
        assert_eq!((leads(api).await.len(), waiting(api).await.len()), (1, 0));
        assert_eq!(found(api, "messages", "channel == \"social\"").await.len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_refused_waits_with_its_reasons_and_is_read_anew() {
    for world in worlds() {
        let api = &world.admin;
        let (_, door) = line(api, json!({"kind": "vk", "account": "1"})).await;
        let whose = json!({"key": "custom_1", "question": "Вы от кого?", "answer": "Причал"});
        for _ in 0..2 {
            said(&event(&world, &door, filled(17, "anna-at-example", std::slice::from_ref(&whose))).await, "ok");
        }
        let kept = waiting(api).await;
        assert_eq!((kept.len(), leads(api).await.len()), (1, 0), "{kept:?}");
        assert_eq!((&kept[0]["source"], &kept[0]["target"]), (&json!("form"), &json!("leads")));
        assert_eq!(kept[0]["faults"][0]["field"], "email", "{kept:?}");
        assert!(!kept[0].to_string().contains(SECRET));
        api.post(&resubmit(&kept[0]), json!({})).await.faulty(&["email"]);
        // The form is set right meanwhile; the rest is corrected by whoever knows.
        let fields = json!([{"field": "name"}, {"field": "email"}, {"field": "phone"}, {"field": "company", "keys": ["custom_1"]}]);
        api.patch(FORM, json!({"fields": fields})).await.expect(200);
        let corrected = json!({"fields": {"email": "anna@example.org"}});
        let sent = api.post(&resubmit(&kept[0]), corrected.clone()).await.expect(200);
        assert_eq!((&sent["status"], &sent["became"]["module"]), (&json!("resubmitted"), &json!("leads")), "{sent}");
        api.post(&resubmit(&kept[0]), corrected).await.refused(409, "invalid_transition");
        said(&event(&world, &door, filled(17, "anna@example.org", &[])).await, "ok");
        let all = leads(api).await;
        assert_eq!(
            (all.len(), &all[0]["company"], &all[0]["email"]),
            (1, &json!("Причал"), &json!("anna@example.org"))
        );
        let message = found(api, "messages", "channel == \"social\"").await.remove(0);
        assert_eq!(message["raw"]["received"]["object"]["lead_id"], 17, "{message}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn any_program_that_signs_brings_requests() {
    for world in worlds() {
        let api = &world.admin;
        let setup = json!({"name": "Shop", "kind": "webhook", "header": "X-Signature", "id_path": "order.id"});
        let (id, door) = line(api, setup).await;
        let body = r#"{"order": {"id": "A-1", "total": 5}, "contact": {"name": "Анна", "email": "anna@example.org"}, "utm_source": "yandex", "later": null}"#;
        let right = signature(SECRET, body);
        let wrong = signature("another word", body);
        for (header, said) in [("x-other", right.as_str()), ("x-signature", ""), ("x-signature", wrong.as_str())] {
            signed(&world, &door, (header, said), body).await.refused(401, "bad_signature");
        }
        signed(&world, &door, ("x-signature", &right), &body.replace("A-1", "A-2")).await.refused(401, "bad_signature");
        signed(&world, NOBODY, ("x-signature", &right), body).await.refused(401, "bad_signature");
        world.anybody().get(&door).await.refused(401, "bad_signature");
        assert!(leads(api).await.is_empty());

        let took = async |body: &str, status: &str| {
            let told = signed(&world, &door, ("x-signature", &signature(SECRET, body)), body).await.expect(200);
            assert_eq!(told, json!({"status": status}), "{body}");
        };
        took(body, "received").await;
        took(body, "repeated").await;
        took(&body.replace("Анна", "Вера"), "repeated").await;
        let all = leads(api).await;
        assert_eq!((all.len(), &all[0]["name"], &all[0]["source"]), (1, &json!("Анна"), &json!("yandex")));
        let message = found(api, "messages", "channel == \"api\"").await.remove(0);
        assert_eq!(message["raw"]["received"], serde_json::from_str::<Value>(body).unwrap());
        let text = message["text"].as_str().unwrap();
        assert!(text.contains("order.total: 5") && text.contains("order.id: A-1"), "{text}");
        assert_eq!(message["source"]["utm_source"], "yandex");

        // In Base64, too; without a number the same body is known again.
        let bare = r#"{"name": "Борис", "email": "boris@example.org"}"#;
        let coded = BASE64.encode(&hmac(SECRET, bare));
        let told = signed(&world, &door, ("x-signature", &coded), bare).await.expect(200);
        assert_eq!(told["status"], "received");
        took(bare, "repeated").await;
        took(r#"{"email": "nobody@example.org"}"#, "rejected").await;
        assert_eq!((leads(api).await.len(), waiting(api).await.len()), (2, 1));

        // Whoever does not agree is not kept.
        let against = r#"{"name": "Глеб", "email": "gleb@example.org", "consent": false}"#;
        let refused = signed(&world, &door, ("x-signature", &signature(SECRET, against)), against).await;
        assert_eq!((refused.status, &refused.json["errors"][0]["code"]), (422, &json!("consent_needed")));
        signed(&world, &door, ("x-signature", &signature(SECRET, "[]")), "[]").await.expect(422);
        assert_eq!((leads(api).await.len(), waiting(api).await.len()), (2, 1));

        // A form may let people say what it is.
        api.patch(FORM, json!({"queue": true})).await.expect(200);
        took(r#"{"name": "Дина", "email": "dina@example.org"}"#, "received").await;
        let waits = found(api, "messages", "channel == \"api\" && status == \"received\" && !has(about)").await;
        assert_eq!((waits.len(), &waits[0]["from"]), (1, &json!("dina@example.org")), "{waits:?}");
        assert_eq!(leads(api).await.len(), 2);
        api.patch(&format!("{LINES}/{id}"), json!({"active": false})).await.expect(200);
        signed(&world, &door, ("x-signature", &right), body).await.refused(401, "bad_signature");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_whose_form_is_gone_loses_nothing() {
    for world in worlds() {
        let api = &world.admin;
        let form = json!({"name": "shop", "label": "Shop", "module": "leads", "consent": "I agree", "fields": [{"field": "name"}]});
        api.post("/api/v1/meta/forms", form).await.expect(201);
        let (id, door) = line(api, json!({"kind": "webhook", "form": "shop"})).await;
        api.send("DELETE", "/api/v1/meta/forms/shop", &[], None).await.expect(204);
        let body = r#"{"name": "Анна", "email": "anna@example.org"}"#;
        let right = signature(SECRET, body);
        let told = signed(&world, &door, ("x-hub-signature-256", &right), body).await.expect(200);
        assert_eq!(told["status"], "rejected");
        let kept = waiting(api).await;
        assert_eq!(kept[0]["faults"][0]["code"], "form_gone", "{kept:?}");
        api.post(&format!("{LINES}/{id}/try"), json!({"body": {}})).await.refused(409, "form_gone");
        api.post(&resubmit(&kept[0]), json!({})).await.refused(409, "form_gone");
        api.patch(&format!("{LINES}/{id}"), json!({"form": "lead_form"})).await.expect(200);
        api.post(&resubmit(&kept[0]), json!({})).await.expect(200);
        assert_eq!(leads(api).await[0]["email"], "anna@example.org");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_of_requests_is_refused_by_its_fields() {
    for world in worlds() {
        let api = &world.admin;
        let good = json!({"name": "Source", "kind": "meta", "form": "lead_form", "secret": SECRET, "hook_secret": "the secret of the app"});
        for (field, value) in [
            ("kind", json!("nothing")),
            ("form", json!(null)),
            ("form", json!("nothing")),
            ("account", json!("club1")),
            ("hook_secret", json!(null)),
            ("secret", json!("short")),
            ("header", json!("X Signature")),
            ("address", json!("https://10.1.2.3/")),
            ("address", json!("http://127.0.0.1:1/")),
            ("address", json!("http://graph.example.org/")),
        ] {
            let mut body = good.clone();
            body[field] = value;
            api.post(LINES, body).await.faulty(&[field]);
        }
        let (_, seller) = world.user("seller", "salesperson");
        seller.post(LINES, good.clone()).await.refused(403, "missing_right");
        let made = api.post(LINES, good).await.expect(201);
        assert_eq!(made["verify_token"].as_str().map(str::len), Some(64), "{made}");
        assert_eq!(made["waiting"], json!({"count": 0, "answer": null, "next_attempt_at": null}));
        // The token of the page is shown to nobody else than before.
        let path = format!("{LINES}/{}", made["id"].as_str().unwrap());
        api.patch(&path, json!({"address": "https://graph.example.org/"})).await.faulty(&["secret"]);
        seller.get(LINES).await.refused(403, "missing_right");
    }
}
