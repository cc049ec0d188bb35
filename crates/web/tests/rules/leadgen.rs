//! Lead ads of Meta: a webhook tells the number of a lead, and its answers are asked for outside of everything, until they are
//! given or it is clear that they are not. On both databases.

use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use store::{Kinds, Origin, Work};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use super::found;
use super::hooks::{developing, in_earnest};
use super::requests::{LINES, leads, line, resubmit, said, signature, signed, waiting};
use super::run;
use super::world::{Answer, Api, World, worlds};

const FETCH: &str = "requests.fetch";
const TOKEN: &str = "a/token of the page";
const APP: &str = "the secret of the app";
const HEADER: &str = "x-hub-signature-256";
const BUSY: (&str, &str) = ("503 Busy", "later");
const ANNA: (&str, &str) = (
    "200 OK",
    r#"{"id": "17", "created_time": "2015-08-21T01:26:24+0000", "field_data": [
        {"name": "full_name", "values": ["Анна Котова"]}, {"name": "email", "values": ["anna@example.org"]},
        {"name": "phone_number", "values": ["+79211234567"]}, {"name": "what_stand?", "values": ["Большой", "Угловой"]}],
        "custom_disclaimer_responses": [{"checkbox_key": "consent_marketing", "is_checked": ""}], "later": {"kept": true}}"#,
);
const EXPIRED: (&str, &str) = (
    "400 Bad Request",
    r#"{"error": {"message": "a/token of the page has expired", "type": "OAuthException", "code": 190}}"#,
);

/// Another side that answers in turn and then with the last; what it was asked.
async fn graph(answers: &'static [(&'static str, &'static str)]) -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/v24.0", listener.local_addr().unwrap());
    let heard: Arc<Mutex<Vec<String>>> = Arc::default();
    let into = Arc::clone(&heard);
    tokio::spawn(async move {
        for turn in 0.. {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut asked = Vec::new();
            while !asked.windows(4).any(|end| end == b"\r\n\r\n") {
                let mut part = [0; 4_096];
                let read = stream.read(&mut part).await.unwrap();
                asked.extend_from_slice(&part[..read]);
            }
            into.lock().unwrap().push(String::from_utf8(asked).unwrap());
            let (status, body) = answers.get(turn).or(answers.last()).unwrap();
            let answer = format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\n\r\n{body}", body.len());
            stream.write_all(answer.as_bytes()).await.unwrap();
        }
    });
    (url, heard)
}

/// A line to an app of Meta, and the path of its door.
async fn page(api: &Api, url: &str) -> (String, String) {
    let setup =
        json!({"name": "Meta", "kind": "meta", "account": "7", "secret": TOKEN, "hook_secret": APP, "address": url});
    line(api, setup).await
}

/// The number of a lead is told.
async fn told(world: &World, door: &str, lead: u32) -> Answer {
    let value = json!({"leadgen_id": lead.to_string(), "page_id": "7", "form_id": "9", "ad_id": "5", "created_time": 1_440_120_384});
    let changes = json!([{"field": "leadgen", "value": value}]);
    let body = json!({"object": "page", "entry": [{"id": "7", "time": 1_440_120_384, "changes": changes}]}).to_string();
    signed(world, door, (HEADER, &signature(APP, &body)), &body).await
}

/// What a line waits for.
async fn waits(api: &Api) -> Value {
    api.get(LINES).await.expect(200)["data"][0]["waiting"].clone()
}

/// What is to be asked for later is due. Answers how long it would have waited, in seconds.
fn due_now(world: &World) -> Option<i64> {
    let hurry = |work: &mut Work<'_>| {
        let kinds = Kinds::Only(&[FETCH]);
        let Some(next) = work.next_due_of(kinds)? else { return Ok(None) };
        let job = work.foreseen_job(Kinds::Only(&[FETCH]), next)?.unwrap();
        let now = work.now();
        work.enqueue(&job.kind, job.key.as_deref(), now, job.payload)?;
        Ok(Some(next.duration_since(now).as_secs()))
    };
    world.workspace.write_blocking(model::Actor::System("test"), Origin::from("test"), hurry).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_door_is_shown_to_whoever_says_the_word_and_hears_what_is_signed() {
    for world in worlds() {
        let api = &developing(&world);
        let (url, heard) = graph(&[ANNA]).await;
        let (_, door) = page(api, &url).await;
        let word = api.get(LINES).await.expect(200)["data"][0]["verify_token"].as_str().unwrap().to_owned();
        let ask = |word: &str| format!("{door}?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token={word}");
        said(&world.anybody().get(&ask(&word)).await, "1158201444");
        for wrong in ["", "another", &word[1..]] {
            world.anybody().get(&ask(wrong)).await.refused(401, "bad_signature");
        }
        world.anybody().get(&door).await.refused(401, "bad_signature");
        let markup = format!("{door}?hub.mode=subscribe&hub.challenge=%3Cb%3E&hub.verify_token={word}");
        world.anybody().get(&markup).await.expect(422);

        let body = r#"{"entry": [{"id": "7", "changes": [{"field": "leadgen", "value": {"leadgen_id": "17"}}]}]}"#;
        let (another, token) = (signature("another secret", body), signature(TOKEN, body));
        for wrong in ["", "sha256=", another.as_str(), token.as_str()] {
            signed(&world, &door, (HEADER, wrong), body).await.refused(401, "bad_signature");
        }
        world.anybody().call("POST", &door, &[], body).await.refused(401, "bad_signature");
        // Leads of other pages of the app are none of this line's.
        let other = body.replace("\"7\"", "\"8\"");
        said(&signed(&world, &door, (HEADER, &signature(APP, &other)), &other).await, "ok");
        let astray = body.replace("\"17\"", "\"../me\"");
        signed(&world, &door, (HEADER, &signature(APP, &astray)), &astray).await.expect(422);
        assert_eq!(waits(api).await["count"], 0);

        // A sandbox asks nobody: what would have been asked for waits where people see it.
        said(&told(&world, &door, 17).await, "ok");
        run(api).await;
        let kept = waiting(api).await;
        assert_eq!((kept.len(), &kept[0]["faults"][0]["code"]), (1, &json!("request_unfetched")), "{kept:?}");
        api.post(&resubmit(&kept[0]), json!({})).await.refused(409, "sandbox");
        assert!(heard.lock().unwrap().is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_are_asked_for_until_they_are_given_and_taken_once() {
    for world in worlds() {
        let api = &developing(&world);
        let (url, heard) = graph(&[BUSY, BUSY, ANNA]).await;
        let (_, door) = page(api, &url).await;
        let app = in_earnest(&world.workspace, world.folder.path());
        app.allow_loopback_webhooks();
        for _ in 0..2 {
            said(&told(&world, &door, 17).await, "ok");
        }
        assert!(heard.lock().unwrap().is_empty(), "not in the transaction");
        for (least, most) in [(20, 30), (110, 120)] {
            assert_eq!(app.fetch_requests().await.unwrap(), 1);
            assert_eq!(app.fetch_requests().await.unwrap(), 0, "it waits a while");
            let waits = waits(api).await;
            assert_eq!(waits["count"], 1, "{waits}");
            assert!(
                waits["answer"].as_str().unwrap().contains("503") && waits["next_attempt_at"].is_string(),
                "{waits}"
            );
            assert!(leads(api).await.is_empty() && waiting(api).await.is_empty());
            // What is told meanwhile begins nothing anew.
            said(&told(&world, &door, 17).await, "ok");
            let seconds = due_now(&world).unwrap();
            assert!((least..=most).contains(&seconds), "{seconds}");
        }
        assert_eq!(app.fetch_requests().await.unwrap(), 1);
        let all = leads(api).await;
        assert_eq!(
            (all.len(), &all[0]["name"], &all[0]["email"]),
            (1, &json!("Анна Котова"), &json!("anna@example.org"))
        );
        assert_eq!((&all[0]["phone"], &all[0]["source"]), (&json!("+79211234567"), &json!("Meta")));
        let message = found(api, "messages", "channel == \"social\"").await.remove(0);
        assert!(message["text"].as_str().unwrap().contains("what_stand?: Большой, Угловой"), "{message}");
        let raw = &message["raw"]["received"];
        assert_eq!((&raw["later"]["kept"], &raw["leadgen_id"]), (&json!(true), &json!("17")), "{raw}");
        assert_eq!(
            (&message["source"]["form_id"], &message["source"]["ad_id"]),
            (&json!("9"), &json!("5")),
            "{message}"
        );
        assert_eq!(message["sent_at"].as_str().map(|at| &at[..16]), Some("2015-08-21T01:26"), "{message}");
        assert!(!message.to_string().contains(TOKEN));
        assert!(found(api, "consents", "purpose == \"marketing\"").await.is_empty());

        let asked = heard.lock().unwrap().clone();
        assert_eq!(asked.len(), 3);
        assert!(asked[2].starts_with("GET /v24.0/17?fields=created%5Ftime%2Cid%2Cfield%5Fdata"), "{}", asked[2]);
        assert!(asked[2].contains("&access_token=a%2Ftoken%20of%20the%20page&appsecret_proof="), "{}", asked[2]);

        // Told once more it is nothing new.
        said(&told(&world, &door, 17).await, "ok");
        assert_eq!((app.fetch_requests().await.unwrap(), due_now(&world)), (0, None));
        assert_eq!((leads(api).await.len(), heard.lock().unwrap().len()), (1, 3));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_given_waits_with_the_reason_and_is_asked_for_anew() {
    for world in worlds() {
        let api = &developing(&world);
        let (url, heard) = graph(&[EXPIRED, EXPIRED, ANNA]).await;
        let (id, door) = page(api, &url).await;
        let app = in_earnest(&world.workspace, world.folder.path());
        app.allow_loopback_webhooks();
        said(&told(&world, &door, 17).await, "ok");
        assert_eq!(app.fetch_requests().await.unwrap(), 1);
        let kept = waiting(api).await;
        assert_eq!((kept.len(), &kept[0]["faults"][0]["code"]), (1, &json!("request_unfetched")), "{kept:?}");
        assert!(kept[0]["faults"][0]["message"].as_str().unwrap().contains("has expired"), "{kept:?}");
        assert!(!kept[0].to_string().contains(TOKEN), "what they repeat of it is not kept: {kept:?}");
        said(&told(&world, &door, 17).await, "ok");
        assert_eq!((app.fetch_requests().await.unwrap(), waits(api).await["count"].clone()), (0, json!(0)));

        let sent = api.post(&resubmit(&kept[0]), json!({})).await;
        sent.refused(409, "request_unfetched");
        assert!(!sent.text.contains(TOKEN), "{}", sent.text);
        api.patch(&format!("{LINES}/{id}"), json!({"secret": "another token of the page"})).await.expect(200);
        let (_, seller) = world.user("seller", "salesperson");
        let before = heard.lock().unwrap().len();
        let strange = seller.post(&resubmit(&kept[0]), json!({})).await;
        assert!([403, 404].contains(&strange.status), "{}", strange.text);
        assert_eq!(heard.lock().unwrap().len(), before, "for whoever may not nobody is asked");
        let sent = api.post(&resubmit(&kept[0]), json!({})).await.expect(200);
        assert_eq!(sent["status"], "resubmitted", "{sent}");
        let all = leads(api).await;
        assert_eq!((all.len(), &all[0]["name"]), (1, &json!("Анна Котова")));
        let last = heard.lock().unwrap().last().unwrap().clone();
        assert!(last.contains("&access_token=another%20token"), "{last}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_machine_of_ones_own_is_not_asked() {
    for world in worlds() {
        let api = &developing(&world);
        let (url, heard) = graph(&[ANNA]).await;
        let (id, door) = page(api, &url).await;
        // The same installation where nobody develops.
        let app = in_earnest(&world.workspace, world.folder.path());
        said(&told(&world, &door, 17).await, "ok");
        assert_eq!(app.fetch_requests().await.unwrap(), 1);
        assert_eq!(waiting(api).await.len(), 1);
        world.admin.post(&resubmit(&waiting(api).await[0]), json!({})).await.refused(409, "request_unfetched");
        // Nor is anybody asked for a line that is switched off.
        said(&told(&world, &door, 18).await, "ok");
        api.patch(&format!("{LINES}/{id}"), json!({"active": false})).await.expect(200);
        assert_eq!(app.fetch_requests().await.unwrap(), 0);
        assert_eq!(waiting(api).await.len(), 2);
        assert!(heard.lock().unwrap().is_empty());
    }
}
