//! Webhooks: signed, tried again, told; and nothing leaves a sandbox, or goes to a machine of one's own.

use std::sync::{Arc, Mutex};

use app::{App, Doors};
use serde_json::{Value, json};
use store::{Files, Settings, Workspace};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use web::Web;

use super::world::{Api, World, app, worlds};
use super::{RULES, ended, found, lead, rule, run, runs};

const WEBHOOKS: &str = "/api/v1/meta/webhooks";

/// The administrator's API of a program that is developed against on this machine: webhooks may go to it.
pub(super) fn developing(world: &World) -> Api {
    let app = app(&world.workspace, &world.folder);
    app.allow_loopback_webhooks();
    world.api_over(web::router(Web::new(app, 6_000)))
}

/// Another program, that answers with the statuses in turn and then with the last; what it was sent.
async fn other_side(statuses: &'static [&'static str]) -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hook?from=plenary", listener.local_addr().unwrap());
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
            let status = statuses.get(turn).or(statuses.last()).unwrap();
            let answer = format!("HTTP/1.1 {status}\r\nlocation: http://127.0.0.1/\r\ncontent-length: 0\r\n\r\n");
            stream.write_all(answer.as_bytes()).await.unwrap();
        }
    });
    (url, heard)
}

/// The program over the same store that is no rehearsal.
pub(super) fn in_earnest(workspace: &Workspace, folder: &std::path::Path) -> App {
    let settings = workspace.knowledge().settings.as_ref().clone();
    workspace.save_settings(Settings { sandbox: false, ..settings }).unwrap();
    let doors = Doors { public_url: "http://127.0.0.1".to_owned(), smtp: None, files: Files::at(folder.join("files")) };
    App::new(workspace.clone(), doors).unwrap()
}

async fn webhooks(api: &Api, rule: &str) -> Vec<Value> {
    api.get(&format!("{RULES}/{rule}/webhooks")).await.expect(200)["data"].as_array().unwrap().clone()
}

async fn calling(api: &Api, url: &str) {
    let when = json!({"event": "changed", "fields": ["phone"]});
    rule(api, "call", "leads", when, json!([{"do": "webhook", "url": url}])).await;
    let id = lead(api, json!({"name": "Anna", "email": "anna@example.org"})).await;
    api.patch(&format!("/api/v1/leads/{id}"), json!({"phone": "+79211234567"})).await.expect(200);
}

fn header<'a>(request: &'a str, name: &str) -> &'a str {
    let prefix = format!("{name}: ");
    request.lines().find_map(|line| line.strip_prefix(prefix.as_str())).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_record_and_its_change_are_sent_signed_and_again_until_taken() {
    for world in worlds() {
        let api = &developing(&world);
        let (url, heard) = other_side(&["503 Busy", "302 Found", "204 No Content"]).await;
        let made = api.post("/api/v1/meta/webhook-secret", json!({})).await.expect(201);
        assert!(made["secret"].as_str().unwrap().starts_with("whsec_"));
        calling(api, &url).await;
        let app = in_earnest(&world.workspace, world.folder.path());
        app.allow_loopback_webhooks();
        app.run_due().await.unwrap();
        assert!(heard.lock().unwrap().is_empty(), "not in the transaction");
        for (turn, state) in ["waiting", "waiting", "sent"].into_iter().enumerate() {
            assert_eq!(app.deliver_webhooks().await.unwrap(), 1);
            let told = webhooks(api, "call").await;
            assert_eq!((&told[0]["state"], &told[0]["attempts"]), (&json!(state), &json!(turn + 1)), "{told:?}");
            assert_eq!(app.deliver_webhooks().await.unwrap(), 0, "it waits a while");
            let due = world.workspace.write_blocking(
                model::Actor::System("test"),
                store::Origin::from("test"),
                |work: &mut store::Work<'_>| {
                    let Some(next) = work.next_due_of(store::Kinds::Only(&[store::WEBHOOK_JOB]))? else {
                        return Ok(None);
                    };
                    let waits = next.duration_since(work.now());
                    let job = work.foreseen_job(store::Kinds::Only(&[store::WEBHOOK_JOB]), next)?.unwrap();
                    let now = work.now();
                    work.enqueue(&job.kind, job.key.as_deref(), now, job.payload)?;
                    Ok(Some(waits.as_secs()))
                },
            );
            let waits = due.unwrap();
            let (least, most) = [(20, 30), (110, 120), (0, 0)][turn];
            match waits {
                Some(waits) => assert!((least..=most).contains(&waits), "{waits} after attempt {turn}"),
                None => assert_eq!(state, "sent"),
            }
        }
        let requests = heard.lock().unwrap().clone();
        assert_eq!(requests.len(), 3, "and nobody is led elsewhere");
        let ids: Vec<&str> = requests.iter().map(|request| header(request, "webhook-id")).collect();
        assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
        assert!(requests[0].starts_with("POST /hook?from=plenary HTTP/1.1\r\n"), "{}", requests[0]);
        assert!(header(&requests[0], "webhook-signature").starts_with("v1,"));
        let body: Value = serde_json::from_str(requests[0].split_once("\r\n\r\n").unwrap().1).unwrap();
        assert_eq!(body["id"], ids[0]);
        assert_eq!((&body["type"], &body["record"]["name"]), (&json!("leads.changed"), &json!("Anna")));
        let phone = &body["change"]["fields"]["phone"];
        assert_eq!((&phone["before"], &phone["after"]), (&json!(null), &json!("+79211234567")), "{body}");
        assert_eq!(runs(api, "call").await[0]["reason"], json!(null));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_machine_of_ones_own_is_not_sent_to_and_that_is_told() {
    for world in worlds() {
        let api = &developing(&world);
        let (url, heard) = other_side(&["200 OK"]).await;
        api.post("/api/v1/meta/webhook-secret", json!({})).await.expect(201);
        calling(api, &url).await;
        let app = in_earnest(&world.workspace, world.folder.path());
        app.run_due().await.unwrap();
        assert_eq!(app.deliver_webhooks().await.unwrap(), 1);
        let told = webhooks(api, "call").await;
        assert_eq!(told[0]["state"], "failed", "{told:?}");
        assert!(heard.lock().unwrap().is_empty());
        let run = &runs(api, "call").await[0];
        assert_eq!(run["state"], "failed");
        assert!(run["reason"].as_str().unwrap().contains("was not taken"), "{run}");
        let wrong = ["http://example.org/", "https://", "https://a:b@example.org/", "ftp://example.org", "example.org"];
        let own =
            ["https://10.1.2.3/", "https://[::1]/", "https://2130706433/", "https://nas.local/", "https://printer/"];
        for url in wrong.into_iter().chain(own) {
            let then = json!([{"do": "webhook", "url": url}]);
            let body = json!({"name": "x", "module": "leads", "when": {"event": "created"}, "then": then});
            let refused = world.admin.post(RULES, body).await;
            assert_eq!(
                (refused.status, refused.json["errors"][0]["field"].as_str()),
                (422, Some("then[0].url")),
                "{url}"
            );
        }
        // Nobody develops here: this machine is refused when it is said, too.
        let then = json!([{"do": "webhook", "url": url}]);
        let body = json!({"name": "x", "module": "leads", "when": {"event": "created"}, "then": then});
        let refused = world.admin.post(RULES, body).await;
        assert_eq!(refused.json["errors"][0]["code"], "not_public", "{}", refused.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_leaves_a_sandbox_and_nothing_goes_unsigned() {
    for world in worlds() {
        let api = &developing(&world);
        let (url, heard) = other_side(&["200 OK"]).await;
        calling(api, &url).await;
        run(api).await;
        let unsigned = &runs(api, "call").await[0];
        assert_eq!(unsigned["state"], "failed");
        assert!(unsigned["reason"].as_str().unwrap().contains("secret"), "{unsigned}");
        api.post("/api/v1/meta/webhook-secret", json!({})).await.expect(201);
        api.post(&format!("{RULES}/call/rerun"), json!({})).await.expect(200);
        run(api).await;
        let told = webhooks(api, "call").await;
        assert_eq!((told.len(), &told[0]["state"]), (1, &json!("sandbox")));
        assert_eq!(told[0]["body"]["record"]["name"], "Anna");
        assert!(heard.lock().unwrap().is_empty());
        let (_, seller) = world.user("seller", "salesperson");
        seller.get(&format!("{RULES}/call/webhooks")).await.refused(403, "missing_right");
        seller.post("/api/v1/meta/webhook-secret", json!({})).await.refused(403, "missing_right");
        // It is kept no longer than the run.
        api.patch("/api/v1/meta/organisation", json!({"rule_runs_kept": 20})).await.expect(200);
        api.post("/api/v1/sandbox/clock", json!({"advance": "P19D"})).await.expect(200);
        assert_eq!(webhooks(api, "call").await.len(), 1);
        api.post("/api/v1/sandbox/clock", json!({"advance": "P2D"})).await.expect(200);
        assert!(runs(api, "call").await.is_empty() && webhooks(api, "call").await.is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_that_was_given_up_is_a_failed_run_and_is_sent_again_alone() {
    for world in worlds() {
        let api = &developing(&world);
        let (url, heard) = other_side(&["200 OK"]).await;
        api.post("/api/v1/meta/webhook-secret", json!({})).await.expect(201);
        // Something is done beside it, which must not be done twice; the other webhook is taken at once.
        let then = |lost: &str| {
            json!([
                {"do": "create", "module": "activities", "fields": {"subject": "name", "about": "id"}},
                {"do": "webhook", "url": lost},
                {"do": "webhook", "url": url},
            ])
        };
        rule(api, "call", "leads", json!({"event": "created"}), then("http://127.0.0.1:1/lost")).await;
        let (anna, boris) = (lead(api, json!({"name": "Anna"})).await, lead(api, json!({"name": "Boris"})).await);
        let app = in_earnest(&world.workspace, world.folder.path());
        app.allow_loopback_webhooks();
        app.run_due().await.unwrap();
        assert_eq!(app.deliver_webhooks().await.unwrap(), 4);
        for _ in 0..7 {
            assert_eq!(ended(api, "call", "done").await, 2, "it is tried again for a day");
            at_once(&world.workspace);
            assert_eq!(app.deliver_webhooks().await.unwrap(), 2);
        }
        let told = runs(api, "call").await;
        assert_eq!(ended(api, "call", "failed").await, 2, "{told:?}");
        let reason = told[0]["reason"].as_str().unwrap();
        assert!(reason.contains("http://127.0.0.1:1/lost was not taken"), "{reason}");
        assert_eq!((&told[0]["record"], &told[1]["record"]), (&json!(boris), &json!(anna)));
        assert_eq!(api.get(&format!("{RULES}/call")).await.expect(200)["runs"]["failed"], 2);

        // The address is set right, and exactly what failed is sent again.
        api.patch(&format!("{RULES}/call"), json!({"then": then(&url)})).await.expect(200);
        let rerun = format!("{RULES}/call/rerun");
        assert_eq!(api.post(&rerun, json!({"run": told[1]["id"]})).await.expect(200)["queued"], 1);
        assert_eq!(app.deliver_webhooks().await.unwrap(), 1);
        assert_eq!((ended(api, "call", "failed").await, ended(api, "call", "done").await), (1, 1));
        assert_eq!(api.post(&rerun, json!({})).await.expect(200)["queued"], 1);
        assert_eq!(app.deliver_webhooks().await.unwrap(), 1);
        app.run_due().await.unwrap();
        let done = runs(api, "call").await;
        assert!(done.iter().all(|run| run["state"] == "done" && run["reason"].is_null()), "{done:?}");
        assert!(done.iter().all(|run| run["attempts"] == 2), "{done:?}");
        let mut names: Vec<String> = heard.lock().unwrap().iter().map(|request| named(request)).collect();
        assert_eq!(names.split_off(2), ["Anna", "Boris"]);
        names.sort();
        assert_eq!(names, ["Anna", "Boris"]);
        assert_eq!(found(api, "activities", "has(id)").await.len(), 2, "what was done is not done again");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn any_webhook_is_seen_and_sent_once_more() {
    for world in worlds() {
        let api = &developing(&world);
        let (url, heard) = other_side(&["200 OK"]).await;
        api.post("/api/v1/meta/webhook-secret", json!({})).await.expect(201);
        let then = |to: &str| json!([{"do": "webhook", "url": to}]);
        rule(api, "call", "leads", json!({"event": "created"}), then("http://127.0.0.1:1/lost")).await;
        lead(api, json!({"name": "Anna"})).await;
        let app = in_earnest(&world.workspace, world.folder.path());
        app.allow_loopback_webhooks();
        app.run_due().await.unwrap();
        let all = async |query: &str| {
            let page = api.get(&format!("{WEBHOOKS}{query}")).await.expect(200);
            page["data"].as_array().unwrap().clone()
        };
        let waiting = all("?state=waiting").await;
        assert_eq!((waiting.len(), &waiting[0]["rule"]), (1, &json!("call")));
        assert!(waiting[0]["next_attempt_at"].is_string(), "{waiting:?}");
        let again = format!("{WEBHOOKS}/{}/redeliver", waiting[0]["id"].as_str().unwrap());
        api.post(&again, json!({})).await.refused(409, "webhook_waits");
        for _ in 0..8 {
            at_once(&world.workspace);
            assert_eq!(app.deliver_webhooks().await.unwrap(), 1);
        }
        let failed = all("?state=failed").await;
        assert_eq!((failed.len(), &failed[0]["attempts"]), (1, &json!(8)), "{failed:?}");
        assert_eq!((&failed[0]["next_attempt_at"], ended(api, "call", "failed").await), (&Value::Null, 1));

        // The address is set right: it goes there, and the run is done that failed for it alone.
        api.patch(&format!("{RULES}/call"), json!({"then": then(&url)})).await.expect(200);
        let queued = api.post(&again, json!({})).await.expect(200);
        assert_eq!((&queued["state"], &queued["attempts"]), (&json!("waiting"), &json!(0)), "{queued}");
        assert_eq!((&queued["url"], ended(api, "call", "done").await), (&json!(url), 1));
        assert_eq!(app.deliver_webhooks().await.unwrap(), 1);
        // What was taken is sent once more under its id, as it was.
        api.post(&again, json!({})).await.expect(200);
        assert_eq!(app.deliver_webhooks().await.unwrap(), 1);
        let sent = heard.lock().unwrap().clone();
        assert_eq!(sent.len(), 2);
        assert_eq!(header(&sent[0], "webhook-id"), header(&sent[1], "webhook-id"));
        let body = |request: &str| request.split_once("\r\n\r\n").map(|(_, body)| body.to_owned());
        assert_eq!(body(&sent[0]), body(&sent[1]));
        assert_eq!((all("?state=sent").await.len(), all("?state=failed").await.len(), all("").await.len()), (1, 0, 1));

        api.get(&format!("{WEBHOOKS}?state=lost")).await.refused(400, "invalid_parameter");
        let (_, seller) = world.user("seller", "salesperson");
        seller.get(WEBHOOKS).await.refused(403, "missing_right");
        seller.post(&again, json!({})).await.refused(403, "missing_right");
        let nowhere = format!("{WEBHOOKS}/0190a000-0000-7000-8000-000000000000/redeliver");
        api.post(&nowhere, json!({})).await.refused(404, "not_found");
        api.patch(&format!("{RULES}/call"), json!({"then": [{"do": "set", "fields": {"need": "name"}}]}))
            .await
            .expect(200);
        api.post(&again, json!({})).await.refused(409, "webhook_gone");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn administrators_are_told_once_of_an_address_that_takes_nothing() {
    for world in worlds() {
        let api = &developing(&world);
        api.post("/api/v1/meta/webhook-secret", json!({})).await.expect(201);
        let then = json!([{"do": "webhook", "url": "http://127.0.0.1:1/lost"}]);
        rule(api, "call", "leads", json!({"event": "created"}), then).await;
        let app = in_earnest(&world.workspace, world.folder.path());
        app.allow_loopback_webhooks();
        // Each run is done while the webhooks of those before it wait.
        for name in ["Anna", "Boris", "Clara"] {
            lead(api, json!({"name": name})).await;
            app.run_due().await.unwrap();
        }
        for _ in 0..8 {
            at_once(&world.workspace);
            assert_eq!(app.deliver_webhooks().await.unwrap(), 3);
        }
        assert_eq!(ended(api, "call", "failed").await, 3);
        let page = api.get("/api/v1/notifications").await.expect(200);
        let told = page["data"].as_array().unwrap().iter().filter(|it| it["kind"] == "trouble");
        assert_eq!(told.count(), 1, "{page}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_of_personal_links_do_not_go_outside() {
    for world in worlds() {
        let api = &world.admin;
        api.post("/api/v1/meta/webhook-secret", json!({})).await.expect(201);
        let then = json!([{"do": "webhook", "url": "https://example.org/hook"}]);
        rule(api, "tell", "messages", json!({"event": "created"}), then).await;
        let text = "Ваш заказ: https://crm.example.org/p/o/AbC-123_x/tickets, опрос: https://crm.example.org/p/s/qwe";
        let letter =
            json!({"channel": "email", "direction": "in", "from": "a@example.org", "subject": "Re", "text": text});
        api.post("/api/v1/messages", letter).await.expect(201);
        run(api).await;
        let told = webhooks(api, "tell").await;
        let sent = told[0]["body"].to_string();
        assert!(sent.contains("https://crm.example.org/p/o/…/tickets"), "{sent}");
        assert!(!sent.contains("AbC-123_x") && !sent.contains("qwe"), "{sent}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_secret_is_made_once_for_one_key_and_what_is_not_understood_is_not_done() {
    for world in worlds() {
        let api = &world.admin;
        let make = async |key: &str| {
            let made =
                api.send("POST", "/api/v1/meta/webhook-secret", &[("idempotency-key", key)], Some(json!({}))).await;
            made.expect(201)["secret"].clone()
        };
        let first = make("one").await;
        assert_eq!(make("one").await, first, "a repeat changes nothing");
        assert_ne!(make("two").await, first);
        // A write does nothing where its query asks for what it does not know.
        rule(api, "note", "leads", json!({"event": "created"}), json!([{"do": "set", "fields": {"need": "name"}}]))
            .await;
        for path in ["webhook-secret?rehearse=P1D", "rules/note/rerun?dry_run=true", "users?dry_run=true", "teams?x=y"]
        {
            let refused = api.post(&format!("/api/v1/meta/{path}"), json!({"name": "T"})).await;
            refused.refused(400, "unknown_parameter");
        }
        assert!(!api.get("/api/v1/meta/teams").await.expect(200).to_string().contains("\"T\""));
        api.patch(&format!("{RULES}/note?dry_run=true"), json!({"budget": 5})).await.expect(200);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_clock_goes_so_far_in_one_go_and_no_farther() {
    for world in worlds() {
        let api = &world.admin;
        let before = api.get("/api/v1/sandbox/clock").await.expect(200)["now"].clone();
        for (body, field) in [(json!({"advance": "P99999D"}), "advance"), (json!({"to": "2999-01-01T00:00:00Z"}), "to")]
        {
            let refused = api.post("/api/v1/sandbox/clock", body).await;
            let told = &refused.json["errors"][0];
            assert_eq!((&told["field"], &told["code"]), (&json!(field), &json!("clock_too_far")), "{}", refused.text);
        }
        let now = api.get("/api/v1/sandbox/clock").await.expect(200)["now"].clone();
        assert_eq!(now.as_str().map(|now| &now[..10]), before.as_str().map(|now| &now[..10]));
    }
}

/// What waits is due.
fn at_once(workspace: &Workspace) {
    let pull = |work: &mut store::Work<'_>| {
        let now = work.now();
        let late = now.checked_add(jiff::SignedDuration::from_hours(24)).unwrap();
        for job in work.foreseen_jobs(store::Kinds::Only(&[store::WEBHOOK_JOB]), late, 100)? {
            work.enqueue(&job.kind, job.key.as_deref(), now, job.payload)?;
        }
        Ok(())
    };
    workspace.write_blocking(model::Actor::System("test"), store::Origin::from("test"), pull).unwrap();
}

/// Whose record was sent.
fn named(request: &str) -> String {
    let body: Value = serde_json::from_str(request.split_once("\r\n\r\n").unwrap().1).unwrap();
    body["record"]["name"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rehearsal_in_earnest_sends_nothing_to_anybody() {
    for world in worlds() {
        let api = &developing(&world);
        let (url, heard) = other_side(&["200 OK"]).await;
        api.post("/api/v1/meta/webhook-secret", json!({})).await.expect(201);
        let letter = json!({"name": "hello", "label": "Hello", "subject": "{{ record.title }}", "text": "Hello"});
        api.post("/api/v1/meta/letters", letter).await.expect(201);
        let clock = api.get("/api/v1/sandbox/clock").await.expect(200);
        let now: jiff::Timestamp = clock["now"].as_str().unwrap().parse().unwrap();
        let app = in_earnest(&world.workspace, world.folder.path());
        app.allow_loopback_webhooks();
        let due = now + jiff::SignedDuration::from_hours(24);
        let call = json!({"subject": "Call", "kind": "call", "due_at": due.to_string()});
        api.post("/api/v1/activities", call).await.expect(201);
        let then = json!([
            {"do": "letter", "template": "hello", "to": "\"anna@example.org\""},
            {"do": "webhook", "url": url},
        ]);
        let due =
            json!({"name": "due", "module": "activities", "when": {"event": "date", "field": "due_at"}, "then": then});
        let told = api.post(&format!("{RULES}?rehearse=P2D"), due).await.expect(200);
        let ran = json!([{"rule": "due", "done": 1, "failed": 0, "cut": 0, "held": 0}]);
        assert_eq!(told["changed"]["rules"], ran, "{told}");
        let sent = json!([{"template": "hello", "count": 1}]);
        assert_eq!((&told["as_it_is"]["letters"], &told["changed"]["letters"]), (&json!([]), &sent), "{told}");

        // Neither the rehearsal nor what the program does after it.
        let letters = async || found(api, "messages", "direction == \"out\"").await;
        app.run_due().await.unwrap();
        assert_eq!(app.deliver_webhooks().await.unwrap(), 0);
        assert!(letters().await.is_empty(), "{:?}", letters().await);
        assert!(heard.lock().unwrap().is_empty());
        api.get(&format!("{RULES}/due")).await.refused(404, "not_found");

        // The control: what is no rehearsal goes out.
        rule(api, "made", "activities", json!({"event": "created"}), then).await;
        api.post("/api/v1/activities", json!({"subject": "Another", "kind": "call"})).await.expect(201);
        app.run_due().await.unwrap();
        assert_eq!(app.deliver_webhooks().await.unwrap(), 1);
        assert_eq!((letters().await.len(), heard.lock().unwrap().len()), (1, 1));
    }
}

/// Whoever reads at the other side is nobody who was let in: what a mailbox hides from anybody is not sent.
#[tokio::test(flavor = "multi_thread")]
async fn what_a_mailbox_hides_is_not_sent() {
    for world in worlds() {
        let api = &developing(&world);
        let (url, heard) = other_side(&["200 OK"]).await;
        api.post("/api/v1/meta/webhook-secret", json!({})).await.expect(201);
        let mailbox = json!({"name": "Board", "host": "mail.example.org", "login": "board", "password": "a long secret",
            "active": false, "visibility": "metadata"});
        let mailbox = api.post("/api/v1/meta/mailboxes", mailbox).await.expect(201);
        let mailbox = mailbox["id"].as_str().unwrap().to_owned();
        rule(api, "call", "messages", json!({"event": "created"}), json!([{"do": "webhook", "url": url}])).await;
        let come = move |work: &mut store::Work<'_>| {
            let draft = store::Draft::new()
                .set("direction", "in")
                .set("status", "received")
                .set("from", "anna@example.org")
                .set("subject", "A secret subject")
                .set("text", "A secret text")
                .set("mailbox_id", mailbox.as_str());
            work.as_process(|work| work.create("messages", draft)).map(drop)
        };
        world.workspace.write_blocking(model::Actor::System("test"), store::Origin::from("job"), come).unwrap();
        let app = in_earnest(&world.workspace, world.folder.path());
        app.allow_loopback_webhooks();
        app.run_due().await.unwrap();
        assert_eq!(app.deliver_webhooks().await.unwrap(), 1);
        let requests = heard.lock().unwrap().clone();
        assert!(requests.len() == 1 && !requests[0].contains("secret"), "{requests:?}");
        let body: Value = serde_json::from_str(requests[0].split_once("\r\n\r\n").unwrap().1).unwrap();
        assert_eq!((&body["record"]["from"], &body["record"]["subject"]), (&json!("anna@example.org"), &Value::Null));
        assert_eq!(body["record"]["hidden"][0], "subject");
    }
}
