//! SMS and chat: sent by rules and people through a line, tried again, told of by whoever knows the secret; what people write
//! comes to what it is about, or waits to be sorted. On both databases.

use std::sync::{Arc, Mutex};

use channels::outbox::DELIVER_SHORT;
use data_encoding::HEXLOWER;
use model::Actor;
use serde_json::{Value, json};
use store::{Kinds, Origin, Work};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use super::calls::hmac;
use super::hooks::{developing, in_earnest};
use super::world::{Answer, Api, World, worlds};
use super::{found, lead, rule, run};

const LINES: &str = "/api/v1/meta/lines";
const SECRET: &str = "a key of the gateway";
const HOOK: &str = "a word of both";
const CLIENT: &str = "+79211234567";
const TOKEN: &str = "123456:AA-b_c";

/// A gateway that answers in turn and then with the last; what it was sent.
async fn gateway(answers: &'static [(&'static str, &'static str)]) -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/send", listener.local_addr().unwrap());
    let heard: Arc<Mutex<Vec<String>>> = Arc::default();
    let into = Arc::clone(&heard);
    tokio::spawn(async move {
        for turn in 0.. {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut sent = Vec::new();
            let is_whole = |sent: &[u8]| {
                let text = String::from_utf8_lossy(sent).into_owned();
                let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
                let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap();
                body.len() >= length.parse::<usize>().unwrap()
            };
            while !is_whole(&sent) {
                let mut part = [0; 4_096];
                let read = stream.read(&mut part).await.unwrap();
                sent.extend_from_slice(&part[..read]);
            }
            into.lock().unwrap().push(String::from_utf8(sent).unwrap());
            let (status, body) = answers.get(turn).or(answers.last()).unwrap();
            let answer = format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\n\r\n{body}", body.len());
            stream.write_all(answer.as_bytes()).await.unwrap();
        }
    });
    (url, heard)
}

/// A line to a gateway, and the path of its door.
async fn line(api: &Api, more: Value) -> (String, String) {
    let mut body = json!({"name": "Office", "kind": "http", "secret": SECRET, "hook_secret": HOOK, "sender": "Forum",
        "body": r#"{"to": "{to}", "text": "{text}", "id": "{id}"}"#});
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let made = api.post(LINES, body).await.expect(201);
    assert!(![SECRET, HOOK, TOKEN].iter().any(|secret| made.to_string().contains(secret)), "{made}");
    let url = made["messages_url"].as_str().unwrap();
    (made["id"].as_str().unwrap().to_owned(), url[url.find("/api/").unwrap()..].to_owned())
}

async fn texting(api: &Api) {
    let text = json!({"ru": "Ждём Вас, {{ record.title }}!", "en": "See you, {{ record.title }}!"});
    let then = json!([{"do": "sms", "to": "phone", "text": text}]);
    rule(api, "text", "leads", json!({"event": "created"}), then).await;
}

async fn tell(world: &World, path: &str, secret: &str, body: &str) -> Answer {
    let headers = [("content-type", "application/x-www-form-urlencoded"), ("x-webhook-secret", secret)];
    world.anybody().call("POST", path, &headers, body.as_bytes().to_vec()).await
}

/// What waits to be tried again is due.
fn due_now(world: &World) {
    let hurry = |work: &mut Work<'_>| {
        let Some(next) = work.next_due_of(Kinds::Only(&[DELIVER_SHORT]))? else { return Ok(()) };
        let job = work.foreseen_job(Kinds::Only(&[DELIVER_SHORT]), next)?.unwrap();
        let now = work.now();
        work.enqueue(&job.kind, job.key.as_deref(), now, job.payload)
    };
    world.workspace.write_blocking(Actor::System("test"), Origin::from("test"), hurry).unwrap();
}

async fn messages(api: &Api) -> Vec<Value> {
    found(api, "messages", "channel in ['sms', 'chat']").await
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_leaves_a_sandbox_and_what_would_have_is_kept() {
    for world in worlds() {
        let api = &developing(&world);
        let (url, heard) = gateway(&[("200 OK", "{}")]).await;
        line(api, json!({"address": url})).await;
        texting(api).await;
        lead(api, json!({"name": "Anna", "phone": "8 (921) 123-45-67"})).await;
        lead(api, json!({"name": "Nobody", "email": "nobody@example.org"})).await;
        run(api).await;
        let all = messages(api).await;
        assert_eq!(all.len(), 1, "{all:?}");
        let sms = &all[0];
        assert_eq!((&sms["status"], &sms["to"], &sms["line"]), (&json!("sent"), &json!(CLIENT), &json!("Office")));
        assert!(sms["text"].as_str().unwrap().contains("Anna"), "{sms}");
        assert!(heard.lock().unwrap().is_empty());
        let outbox = api.get("/api/v1/sandbox/outbox").await.expect(200)["data"].clone();
        assert!(outbox.as_array().unwrap().iter().any(|sent| sent["channel"] == "sms"), "{outbox}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_tried_again_and_whoever_knows_the_secret_tells_that_it_arrived() {
    for world in worlds() {
        let api = &developing(&world);
        let (url, heard) = gateway(&[("503 Busy", "later"), ("200 OK", r#"{"id": "G1"}"#)]).await;
        let (_, door) = line(api, json!({"address": url})).await;
        texting(api).await;
        let about = lead(api, json!({"name": "Anna", "phone": CLIENT})).await;
        let app = in_earnest(&world.workspace, world.folder.path());
        app.allow_loopback_webhooks();
        app.run_due().await.unwrap();
        for (status, error) in [("queued", Some("503")), ("sent", None)] {
            assert_eq!(app.deliver_shorts().await.unwrap(), 1);
            assert_eq!(app.deliver_shorts().await.unwrap(), 0, "it waits a while");
            let sms = messages(api).await[0].clone();
            assert_eq!(sms["status"], status, "{sms}");
            match error {
                Some(words) => assert!(sms["error"].as_str().unwrap().contains(words), "{sms}"),
                None => assert_eq!((&sms["error"], &sms["message_id"]), (&Value::Null, &json!("G1"))),
            }
            due_now(&world);
        }
        let sent = heard.lock().unwrap().clone();
        assert_eq!(sent.len(), 2);
        assert!(sent[1].contains("authorization: Bearer a key of the gateway\r\n"), "{}", sent[1]);
        let body: Value = serde_json::from_str(sent[1].split_once("\r\n\r\n").unwrap().1).unwrap();
        let sms = messages(api).await[0].clone();
        assert_eq!((&body["to"], &body["text"], &body["id"]), (&json!(CLIENT), &sms["text"], &sms["id"]));
        assert_eq!(sms["about"]["id"], about);

        // By its name there, by its name here, and by nobody else.
        tell(&world, &door, "another word", "id=G1&status=delivered").await.refused(401, "bad_signature");
        let nobody = "/api/hooks/messages/0190a000-0000-7000-8000-000000000000";
        tell(&world, nobody, HOOK, "id=G1&status=delivered").await.refused(401, "bad_signature");
        tell(&world, &door, HOOK, "id=G1&status=enroute&price=3").await.expect(204);
        let ours = format!("{door}?message={}", sms["id"].as_str().unwrap());
        tell(&world, &ours, HOOK, "status=delivered").await.expect(204);
        let arrived = messages(api).await[0].clone();
        assert_eq!((&arrived["status"], &arrived["raw"]["enroute"]["price"]), (&json!("delivered"), &json!("3")));
        assert!(arrived["delivered_at"].is_string());
        // What comes twice, late, or of nothing that is known changes nothing.
        for late in ["id=G1&status=delivered", "id=G1&status=enroute", "id=G9&status=delivered"] {
            tell(&world, &door, HOOK, late).await.expect(204);
        }
        tell(&world, &door, HOOK, "id=G1&status=failed").await.expect(204);
        let after = messages(api).await[0].clone();
        assert_eq!((&after["status"], &after["delivered_at"]), (&arrived["status"], &arrived["delivered_at"]));
        tell(&world, &door, HOOK, "nothing=known").await.expect(422);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_gateway_never_takes_fails_and_says_why() {
    for world in worlds() {
        let api = &developing(&world);
        let (url, heard) = gateway(&[("200 OK", r#"{"error": "no such number", "error_code": 7}"#)]).await;
        line(api, json!({"kind": "smsc", "account": "anna", "address": url, "body": null})).await;
        texting(api).await;
        lead(api, json!({"name": "Anna", "phone": CLIENT})).await;
        let app = in_earnest(&world.workspace, world.folder.path());
        app.allow_loopback_webhooks();
        app.run_due().await.unwrap();
        assert_eq!(app.deliver_shorts().await.unwrap(), 1);
        let sms = messages(api).await[0].clone();
        assert_eq!((&sms["status"], &sms["error"]), (&json!("failed"), &json!("no such number (7)")));
        assert!(heard.lock().unwrap()[0].contains("login=anna&psw="));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_that_is_taken_away_fails_what_waits_for_it() {
    for world in worlds() {
        let api = &developing(&world);
        let (url, heard) = gateway(&[("200 OK", "{}")]).await;
        let (id, _) = line(api, json!({"address": url})).await;
        texting(api).await;
        lead(api, json!({"name": "Anna", "phone": CLIENT})).await;
        let app = in_earnest(&world.workspace, world.folder.path());
        app.allow_loopback_webhooks();
        app.run_due().await.unwrap();
        api.send("DELETE", &format!("{LINES}/{id}"), &[], None).await.expect(204);
        assert_eq!(app.deliver_shorts().await.unwrap(), 0);
        assert_eq!(messages(api).await[0]["status"], "failed");
        assert!(heard.lock().unwrap().is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn people_write_from_a_record_and_take_it_back_while_it_waits() {
    for world in worlds() {
        let api = &developing(&world);
        let with_phone = lead(api, json!({"name": "Anna", "phone": CLIENT})).await;
        let door = format!("/api/v1/leads/{with_phone}/messages");
        api.post(&door, json!({"text": "Good day"})).await.faulty(&["to"]);
        line(api, json!({"address": "http://127.0.0.1:9/send"})).await;
        api.post(&door, json!({"text": "x", "to": "+79210000000"})).await.faulty(&["to"]);
        api.post(&door, json!({"text": " "})).await.faulty(&["text"]);
        api.post(&door, json!({"text": "x".repeat(1_001)})).await.faulty(&["text"]);
        let first = api.post(&door, json!({"text": "Good day"})).await.expect(201);
        let again = api.post(&door, json!({"text": "Good day"})).await.expect(201);
        assert_eq!((&first["id"], &first["status"]), (&again["id"], &json!("queued")));
        assert_eq!((&first["to"], &first["subject"]), (&json!(CLIENT), &json!("Good day")));
        let one = format!("/api/v1/messages/{}/letter", first["id"].as_str().unwrap());
        let said = json!({"subject": "x", "text": "y"});
        api.send("PUT", &one, &[], Some(said)).await.refused(409, "no_letter");
        assert_eq!(api.send("DELETE", &one, &[], None).await.expect(200)["status"], "draft");
        api.post("/api/v1/sandbox/clock", json!({"advance": "PT2M"})).await.expect(200);
        assert_eq!(messages(api).await[0]["status"], "draft");
        let next = api.post(&door, json!({"text": "Good day"})).await.expect(201);
        api.post("/api/v1/sandbox/clock", json!({"advance": "PT2M"})).await.expect(200);
        let sent = api.get(&format!("/api/v1/messages/{}", next["id"].as_str().unwrap())).await.expect(200);
        assert_eq!(sent["status"], "sent");
        // Whoever does not see the record writes nothing about it.
        let (_, boris) = world.user("boris", "salesperson");
        let (anna, _) = world.user("anna", "salesperson");
        api.patch(&format!("/api/v1/leads/{with_phone}"), json!({"owner": anna.to_string()})).await.expect(200);
        boris.post(&door, json!({"text": "x"})).await.refused(404, "not_found");
    }
}

/// Somebody writes to the bot.
async fn wrote(world: &World, door: &str, token: &str, number: i64, more: Value) -> Answer {
    let mut message = json!({"message_id": number, "date": 1_713_000_000, "chat": {"id": 77, "type": "private"},
        "from": {"id": 77, "first_name": "Анна", "language_code": "ru"}});
    message.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let body = json!({"update_id": number, "message": message, "later": "kept"}).to_string();
    let secret = HEXLOWER.encode(&hmac(token, "plenary webhook"));
    let headers = [("content-type", "application/json"), ("x-telegram-bot-api-secret-token", secret.as_str())];
    world.anybody().call("POST", door, &headers, body.into_bytes()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_written_to_a_bot_waits_until_it_is_known_who_it_is() {
    for world in worlds() {
        let api = &developing(&world);
        let (url, heard) =
            gateway(&[("200 OK", r#"{"ok": true, "result": {"message_id": 9, "chat": {"id": 77}}}"#)]).await;
        let bot =
            json!({"name": "Bot", "kind": "telegram", "secret": TOKEN, "address": url, "body": null, "sender": null});
        let (_, door) = line(api, bot).await;
        let known = lead(api, json!({"name": "Anna", "phone": CLIENT})).await;
        let question = json!({"text": "Сколько стоит стенд?"});
        wrote(&world, &door, "123456:other", 1, question.clone()).await.refused(401, "bad_signature");
        for _ in 0..2 {
            wrote(&world, &door, TOKEN, 1, question.clone()).await.expect(204);
        }
        wrote(&world, &door, TOKEN, 2, json!({"text": "/start"})).await.expect(204);
        let all = messages(api).await;
        assert_eq!((all.len(), &all[0]["channel"], &all[0]["status"]), (1, &json!("chat"), &json!("received")));
        assert_eq!((&all[0]["about"], &all[0]["from"]), (&Value::Null, &json!("telegram:77")));
        assert_eq!(all[0]["raw"]["received"]["later"], "kept");
        // A card of their own says who they are.
        let card = json!({"contact": {"phone_number": "79211234567", "user_id": 77}});
        wrote(&world, &door, TOKEN, 3, card).await.expect(204);
        wrote(&world, &door, TOKEN, 4, json!({"text": "Жду"})).await.expect(204);
        let all = messages(api).await;
        assert_eq!(all.len(), 3);
        assert!(all.iter().all(|message| message["about"]["id"] == known.as_str()), "{all:?}");
        // The answer goes back by the bot.
        let last = all.iter().find(|message| message["text"] == "Жду").unwrap();
        let answer = format!("/api/v1/messages/{}/messages", last["id"].as_str().unwrap());
        let answer = api.post(&answer, json!({"text": "Сто тысяч"})).await.expect(201);
        assert_eq!((&answer["to"], &answer["channel"]), (&json!("telegram:77"), &json!("chat")));
        assert_eq!((&answer["turn"], &answer["conversation"]), (&json!("theirs"), &all[0]["conversation"]));
        let waiting = messages(api).await.into_iter().filter(|message| message["turn"] != "past").count();
        assert_eq!(waiting, 1, "the conversation waits with the answer alone");
        let app = in_earnest(&world.workspace, world.folder.path());
        app.allow_loopback_webhooks();
        due_now(&world);
        assert_eq!(app.deliver_shorts().await.unwrap(), 1);
        let sent = heard.lock().unwrap().clone();
        assert!(sent[0].starts_with(&format!("POST /send/bot{TOKEN}/sendMessage HTTP/1.1\r\n")), "{}", sent[0]);
        let sent = api.get(&format!("/api/v1/messages/{}", answer["id"].as_str().unwrap())).await.expect(200);
        assert_eq!((&sent["status"], &sent["message_id"]), (&json!("sent"), &json!("77:9")));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chat_is_one_conversation_in_one_hand() {
    for world in worlds() {
        let api = &developing(&world);
        let (_, door) =
            line(api, json!({"name": "Bot", "kind": "telegram", "secret": TOKEN, "body": null, "sender": null})).await;
        let ((anna_id, anna), (_, boris)) = (world.user("anna", "secretary"), world.user("boris", "secretary"));
        wrote(&world, &door, TOKEN, 1, json!({"text": "Сколько стоит стенд?"})).await.expect(204);
        let first = messages(api).await[0]["id"].as_str().unwrap().to_owned();
        anna.post(&format!("/api/v1/messages/{first}/sort"), json!({"into": "mine"})).await.expect(200);
        wrote(&world, &door, TOKEN, 2, json!({"text": "Вы тут?"})).await.expect(204);
        let read = async || {
            let all = messages(api).await;
            let of = |text: &str| all.iter().find(|message| message["text"] == text).cloned().unwrap_or_default();
            (of("Сколько стоит стенд?"), of("Вы тут?"))
        };
        let (before, last) = read().await;
        assert_eq!((&last["conversation"], &before["turn"]), (&json!(first), &json!("past")));
        assert_eq!((&last["owner"], &last["sorted"]), (&json!(anna_id.to_string()), &json!("passed")));
        let door = format!("/api/v1/messages/{}/messages", last["id"].as_str().unwrap());
        boris.post(&door, json!({"text": "Сто"})).await.refused(409, "in_hand");
        let said = anna.post(&door, json!({"text": "Сто тысяч"})).await.expect(201);
        assert_eq!((&said["conversation"], &said["turn"]), (&json!(first), &json!("theirs")));
        assert_eq!(read().await.1["turn"], "past");
        // Taken back it waits for us again.
        let own = format!("/api/v1/messages/{}/letter", said["id"].as_str().unwrap());
        anna.send("DELETE", &own, &[], None).await.expect(200);
        assert_eq!(read().await.1["turn"], Value::Null);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_may_have_been_taken_is_not_handed_over_again() {
    for world in worlds() {
        let api = &developing(&world);
        let (url, heard) = gateway(&[("504 Gateway Timeout", "a key of the gateway is slow")]).await;
        let (id, door) = line(api, json!({"address": url})).await;
        texting(api).await;
        lead(api, json!({"name": "Anna", "phone": CLIENT})).await;
        let app = in_earnest(&world.workspace, world.folder.path());
        app.allow_loopback_webhooks();
        app.run_due().await.unwrap();
        assert_eq!(app.deliver_shorts().await.unwrap(), 1);
        due_now(&world);
        assert_eq!(app.deliver_shorts().await.unwrap(), 0);
        assert_eq!(heard.lock().unwrap().len(), 1);
        let sms = messages(api).await[0].clone();
        assert_eq!(sms["status"], "failed", "{sms}");
        assert!(!sms.to_string().contains(SECRET), "what is repeated of the secret is not kept: {sms}");
        let ours = format!("{door}?message={}", sms["id"].as_str().unwrap());
        tell(&world, &ours, HOOK, "status=delivered").await.expect(204);
        assert_eq!(messages(api).await[0]["status"], "delivered");
        // The secret is shown to nobody else than before.
        let elsewhere = json!({"address": "https://sms.example.org/send"});
        api.patch(&format!("{LINES}/{id}"), elsewhere).await.faulty(&["secret"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bot_is_told_where_it_tells_and_lines_are_refused_by_their_fields() {
    for world in worlds() {
        let api = &developing(&world);
        let bot = json!({"kind": "telegram", "secret": TOKEN, "body": null, "sender": null});
        let (id, _) = line(api, bot).await;
        let connect = format!("{LINES}/{id}/connect");
        api.post(&connect, json!({})).await.refused(409, "sandbox");
        let (_, organiser) = world.user("organiser", "organiser");
        organiser.post(&connect, json!({})).await.refused(403, "missing_right");
        let good = json!({"name": "Other", "kind": "http", "secret": SECRET, "address": "https://sms.example.org/"});
        for (field, value) in [
            ("address", json!(null)),
            ("address", json!("https://10.1.2.3/")),
            ("address", json!("ftp://sms.example.org/")),
            ("hook_secret", json!("short")),
            ("body", json!("x".repeat(1_001))),
            ("sender", json!("a\nb")),
        ] {
            let mut body = good.clone();
            body[field] = value;
            api.post(LINES, body).await.faulty(&[field]);
        }
        let twilio = json!({"name": "T", "kind": "twilio", "secret": SECRET, "sender": "+15550000000"});
        api.post(LINES, twilio).await.faulty(&["account"]);
        // A line that carries messages alone hears of no calls, and the other way round.
        let (id, _) = line(api, json!({"name": "Third", "address": "https://sms.example.org/"})).await;
        let calls = format!("/api/hooks/telephone/{id}");
        world.anybody().post(&calls, json!({"call": "1"})).await.refused(401, "bad_signature");
        let phone = json!({"name": "Phone", "kind": "plenary", "secret": SECRET});
        let phone = api.post(LINES, phone).await.expect(201)["id"].as_str().unwrap().to_owned();
        tell(&world, &format!("/api/hooks/messages/{phone}"), HOOK, "id=1&status=sent")
            .await
            .refused(401, "bad_signature");
    }
}
