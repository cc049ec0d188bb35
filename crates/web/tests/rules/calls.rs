//! Calls by telephone: who is heard at the door of a line, what a call becomes in whatever order it is told of, whose a new lead
//! is, and who calls back.

use data_encoding::BASE64;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::world::{Answer, World, worlds};
use super::{found, run};

const LINES: &str = "/api/v1/meta/lines";
const SECRET: &str = "a secret of both";
const CLIENT: &str = "+79211234567";

/// A line, and the path of its door.
async fn line(world: &World, body: Value) -> (String, String) {
    let made = world.admin.post(LINES, body).await.expect(201);
    assert!(!made.to_string().contains(SECRET), "{made}");
    let url = made["url"].as_str().unwrap();
    (made["id"].as_str().unwrap().to_owned(), url[url.find("/api/").unwrap()..].to_owned())
}

/// HMAC-SHA256 (RFC 2104) with a key shorter than a block.
pub(super) fn hmac(key: &str, text: &str) -> Vec<u8> {
    let pad = |with: u8| {
        let mut block = [with; 64];
        for (byte, key) in block.iter_mut().zip(key.bytes()) {
            *byte ^= key;
        }
        block
    };
    let inner = Sha256::new().chain_update(pad(0x36)).chain_update(text).finalize();
    Sha256::new().chain_update(pad(0x5c)).chain_update(inner).finalize().to_vec()
}

async fn tell_as(world: &World, door: &str, secret: &str, body: &Value) -> Answer {
    let body = body.to_string();
    let signature = format!("v1,{}", BASE64.encode(&hmac(secret, &format!("m1.1800000000.{body}"))));
    let headers = [
        ("content-type", "application/json"),
        ("webhook-id", "m1"),
        ("webhook-timestamp", "1800000000"),
        ("webhook-signature", signature.as_str()),
    ];
    world.anybody().call("POST", door, &headers, body.into_bytes()).await
}

async fn tell(world: &World, door: &str, body: Value) {
    tell_as(world, door, SECRET, &body).await.expect(204);
}

fn event(call: &str, event: &str, from: &str, extension: &str) -> Value {
    json!({"call": call, "event": event, "direction": "in", "from": from, "to": "+78125550000", "extension": extension, "queue": "sales"})
}

/// Waits until it is clear that nobody took what was told of.
async fn later(world: &World) {
    world.admin.post("/api/v1/sandbox/clock", json!({"advance": "PT2M"})).await.expect(200);
}

/// Calls that somebody means to make.
async fn planned(world: &World) -> usize {
    found(&world.admin, "activities", "kind == 'call' && status == 'planned'").await.len()
}

async fn calls(world: &World) -> Vec<Value> {
    found(&world.admin, "calls", "has(call_id)").await
}

#[tokio::test(flavor = "multi_thread")]
async fn only_whoever_signs_is_heard() {
    for world in worlds() {
        let (id, door) = line(&world, json!({"name": "Sales", "kind": "plenary", "secret": SECRET})).await;
        let rings = event("1", "ringing", CLIENT, "101");
        tell_as(&world, &door, "another secret", &rings).await.refused(401, "bad_signature");
        world.anybody().post(&door, rings.clone()).await.refused(401, "bad_signature");
        // What the script of a number says in the address is under its signature, and is no fault.
        let said = format!("{door}?from=%2B79211234567&to=%2B78125550000");
        world.anybody().post(&said, rings.clone()).await.refused(401, "bad_signature");
        let nobody = "/api/hooks/telephone/0190a000-0000-7000-8000-000000000000";
        tell_as(&world, nobody, SECRET, &rings).await.refused(401, "bad_signature");
        tell_as(&world, "/api/hooks/telephone/x", SECRET, &rings).await.refused(401, "bad_signature");
        assert_eq!(tell_as(&world, &door, SECRET, &json!({"call": "1"})).await.status, 422);
        assert_eq!(calls(&world).await.len(), 0);
        tell(&world, &door, rings.clone()).await;
        // What comes twice is one, and changes nothing.
        let first = calls(&world).await;
        tell(&world, &door, rings.clone()).await;
        assert_eq!(calls(&world).await, first);
        assert_eq!((&first[0]["status"], &first[0]["number"]), (&json!("ringing"), &json!(CLIENT)));
        assert_eq!(first[0]["raw"]["ringing 101"]["queue"], "sales");
        // A line that is switched off, or has another secret, hears nothing of the old one.
        world.admin.patch(&format!("{LINES}/{id}"), json!({"active": false})).await.expect(200);
        tell_as(&world, &door, SECRET, &event("2", "ringing", CLIENT, "101")).await.refused(401, "bad_signature");
        let anew = json!({"active": true, "secret": "another secret"});
        world.admin.patch(&format!("{LINES}/{id}"), anew).await.expect(200);
        tell_as(&world, &door, SECRET, &event("2", "ringing", CLIENT, "101")).await.refused(401, "bad_signature");
        world.admin.send("DELETE", &format!("{LINES}/{id}"), &[], None).await.expect(204);
        assert_eq!(world.admin.get(LINES).await.expect(200)["data"], json!([]));
        assert_eq!(calls(&world).await.len(), 1, "calls stay");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn lines_are_administered_and_refused_by_their_fields() {
    for world in worlds() {
        let api = &world.admin;
        api.post(LINES, json!({})).await.faulty(&["name", "kind", "secret"]);
        let good = json!({"name": "Sales", "kind": "plenary", "secret": SECRET});
        for (field, value) in [
            ("name", json!(" ")),
            ("kind", json!("smoke")),
            ("secret", json!("short")),
            ("extensions", json!(["101"])),
            ("extensions", json!({"101": "0190a000-0000-7000-8000-000000000000"})),
            ("active", json!("yes")),
            ("port", json!(1)),
        ] {
            let mut body = good.clone();
            body[field] = value;
            api.post(LINES, body).await.faulty(&[field]);
        }
        api.post(LINES, json!({"name": "Sales", "kind": "mango", "secret": SECRET})).await.faulty(&["account"]);
        api.post(LINES, good.clone()).await.expect(201);
        api.post(LINES, good.clone()).await.refused(409, "duplicate");
        let (_, organiser) = world.user("organiser", "organiser");
        organiser.get(LINES).await.refused(403, "missing_right");
        organiser.post(LINES, good).await.refused(403, "missing_right");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_answers_somebody_unknown_has_a_new_lead() {
    for world in worlds() {
        let (anna, _) = world.user("anna", "salesperson");
        let extensions = json!({"101": anna.to_string()});
        let body = json!({"name": "Sales", "kind": "plenary", "secret": SECRET, "extensions": extensions});
        let (_, door) = line(&world, body).await;
        let at = |what: &str, at: &str| {
            let mut told = event("1", what, "8 (921) 123-45-67", "101");
            told["at"] = json!(at);
            told
        };
        // The end is told before the beginning.
        tell(&world, &door, at("answered", "2024-04-13T09:00:10Z")).await;
        tell(&world, &door, at("ended", "2024-04-13T09:01:12Z")).await;
        tell(&world, &door, at("ringing", "2024-04-13T09:00:00Z")).await;
        tell(&world, &door, json!({"call": "1", "event": "recording", "recording": "https://tapes.example.org/1"}))
            .await;
        let leads = found(&world.admin, "leads", "has(phone)").await;
        let lead = &leads[0];
        assert_eq!((leads.len(), &lead["phone"], &lead["owner"]), (1, &json!(CLIENT), &json!(anna.to_string())));
        let all = calls(&world).await;
        let call = &all[0];
        assert_eq!((all.len(), &call["status"], &call["duration"]), (1, &json!("ended"), &json!(62)));
        assert_eq!((&call["answered_by"], &call["owner"]), (&json!(anna.to_string()), &json!(anna.to_string())));
        assert_eq!((&call["about"]["module"], &call["about"]["id"]), (&json!("leads"), &lead["id"]));
        assert_eq!(call["recording"], "https://tapes.example.org/1");
        run(&world.admin).await;
        let tasks = found(&world.admin, "activities", "has(subject)").await;
        assert_eq!(tasks.len(), 0, "nobody has to call back: {tasks:?}");
        // The next call is of the same lead.
        tell(&world, &door, event("2", "answered", CLIENT, "102")).await;
        assert_eq!(found(&world.admin, "leads", "has(phone)").await.len(), 1);
        let again = found(&world.admin, "calls", "call_id == '2'").await;
        assert_eq!((&again[0]["about"]["id"], &again[0]["owner"]), (&lead["id"], &json!(anna.to_string())));
        let story = world.admin.get(&format!("/api/v1/leads/{}/timeline", lead["id"].as_str().unwrap())).await;
        assert!(story.expect(200).to_string().contains("tapes.example.org"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_is_kept_though_a_lead_wants_more_than_a_number() {
    for world in worlds() {
        let (_, door) = line(&world, json!({"name": "Sales", "kind": "plenary", "secret": SECRET})).await;
        let name = "/api/v1/meta/modules/leads/fields/name";
        world.admin.patch(name, json!({"validation": "size(name) < 3"})).await.expect(200);
        tell(&world, &door, event("1", "answered", CLIENT, "101")).await;
        let all = calls(&world).await;
        assert_eq!((all.len(), &all[0]["status"], &all[0]["about"]), (1, &json!("answered"), &Value::Null));
        assert!(found(&world.admin, "leads", "has(name)").await.is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_took_it_and_somebody_calls_back() {
    for world in worlds() {
        let (anna, _) = world.user("anna", "salesperson");
        let (secretary, _) = world.user("vera", "secretary");
        let body = json!({"name": "Sales", "kind": "plenary", "secret": SECRET});
        let (_, door) = line(&world, body).await;
        let known = json!({"name": "Клиент", "phone": CLIENT, "owner": anna.to_string()});
        let known = world.admin.post("/api/v1/contacts", known).await.expect(201);
        run(&world.admin).await;
        tell(&world, &door, event("1", "ringing", CLIENT, "101")).await;
        tell(&world, &door, event("1", "ended", CLIENT, "101")).await;
        tell(&world, &door, event("2", "ended", "+79217654321", "101")).await;
        tell(&world, &door, event("2", "ended", "+79217654321", "101")).await;
        tell(&world, &door, event("3", "ended", "anonymous", "101")).await;
        let mut ours = event("4", "ended", "+78125550000", "101");
        (ours["direction"], ours["to"]) = (json!("out"), json!(CLIENT));
        tell(&world, &door, ours).await;
        run(&world.admin).await;
        assert_eq!(planned(&world).await, 0, "the rest may be told yet");
        later(&world).await;
        let missed = found(&world.admin, "calls", "status == 'missed'").await;
        assert_eq!(missed.len(), 4);
        assert_eq!(found(&world.admin, "leads", "has(name)").await.len(), 0, "nobody has spoken with anybody");
        let tasks = found(&world.admin, "activities", "kind == 'call'").await;
        let mut owners: Vec<_> = tasks.iter().map(|task| task["owner"].as_str().unwrap().to_owned()).collect();
        owners.sort();
        let mut wanted = [anna.to_string(), secretary.to_string(), secretary.to_string()];
        wanted.sort();
        assert_eq!(owners, wanted, "{tasks:?}");
        let of_known = missed.iter().find(|call| call["call_id"] == "1").unwrap();
        assert_eq!(of_known["about"]["id"], known["id"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_answered_after_all_is_not_called_back() {
    for world in worlds() {
        world.user("vera", "secretary");
        let (_, door) = line(&world, json!({"name": "Sales", "kind": "plenary", "secret": SECRET})).await;
        run(&world.admin).await;
        // The end is told first.
        tell(&world, &door, event("1", "ended", CLIENT, "101")).await;
        tell(&world, &door, event("1", "answered", CLIENT, "101")).await;
        later(&world).await;
        assert_eq!(planned(&world).await, 0);
        // Another of the group took it, and that is told late.
        tell(&world, &door, event("2", "ended", "+79217654321", "101")).await;
        later(&world).await;
        assert_eq!(planned(&world).await, 1);
        tell(&world, &door, event("2", "answered", "+79217654321", "102")).await;
        assert_eq!(planned(&world).await, 0);
        // They call again, first in vain.
        tell(&world, &door, event("3", "ended", "+79217654322", "101")).await;
        later(&world).await;
        tell(&world, &door, event("4", "ended", "+79217654322", "101")).await;
        later(&world).await;
        assert_eq!(planned(&world).await, 2);
        tell(&world, &door, event("5", "answered", "+79217654322", "101")).await;
        assert_eq!(planned(&world).await, 0);
        // Somebody calls them back.
        tell(&world, &door, event("6", "ended", "+79217654323", "101")).await;
        later(&world).await;
        assert_eq!(planned(&world).await, 1);
        let mut ours = event("7", "answered", "+78125550000", "101");
        (ours["direction"], ours["to"]) = (json!("out"), json!("+79217654323"));
        tell(&world, &door, ours).await;
        assert_eq!(planned(&world).await, 0);
        // They were spoken with already when it is told that nobody had taken their call before.
        let mut late = event("8", "ended", "+79217654323", "101");
        late["at"] = json!("2024-04-13T09:00:00Z");
        tell(&world, &door, late).await;
        later(&world).await;
        assert_eq!(planned(&world).await, 0);
        assert_eq!(found(&world.admin, "calls", "has(unanswered_since)").await.len(), 0);
        let done = found(&world.admin, "activities", "kind == 'call'").await;
        assert!(done.len() == 4 && done.iter().all(|task| task["result"] == "done"), "{done:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn mango_office_tells_by_its_own_addresses() {
    for world in worlds() {
        let body = json!({"name": "Mango", "kind": "mango", "account": "key", "secret": SECRET});
        let (_, door) = line(&world, body).await;
        let send = async |event: &str, json: &str, salt: &str| {
            let sign = data_encoding::HEXLOWER.encode(&Sha256::digest(format!("key{json}{salt}")));
            let pairs = [("vpbx_api_key", "key"), ("sign", sign.as_str()), ("json", json)];
            let body = serde_urlencoded::to_string(pairs).unwrap();
            let headers = [("content-type", "application/x-www-form-urlencoded")];
            world.anybody().call("POST", &format!("{door}/events/{event}"), &headers, body.into_bytes()).await
        };
        let over = r#"{"entry_id": "E1", "call_direction": 1, "from": {"number": "79211234567"}, "to": {"extension": "101"},
            "line_number": "78125550000", "create_time": 1700000000, "talk_time": 1700000010, "end_time": 1700000072, "entry_result": 1}"#;
        send("summary", over, "wrong").await.refused(401, "bad_signature");
        send("summary", over, SECRET).await.expect(204);
        send("dtmf", r#"{"entry_id": "E1"}"#, SECRET).await.expect(204);
        let all = calls(&world).await;
        assert_eq!((all.len(), &all[0]["status"], &all[0]["duration"]), (1, &json!("ended"), &json!(62)));
        assert_eq!(found(&world.admin, "leads", "has(phone)").await.len(), 1, "it was answered, whoever did");
    }
}
