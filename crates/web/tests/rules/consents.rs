//! Letters that advertise go to those alone who agreed to that and did not take it back; the run says why one did not go, and the
//! letter stays with its record.

use serde_json::{Value, json};

use super::world::{Answer, Api, worlds};
use super::{RULES, found, lead, rule, run, runs};

const CONSENTS: &str = "/api/v1/consents";
const LETTERS: &str = "/api/v1/meta/letters";

fn news(text: &str) -> Value {
    json!({"name": "news", "label": "News", "subject": "News", "text": text, "marketing": true})
}

/// The news, and a rule that sends them to every new lead.
async fn sending(api: &Api) {
    api.post(LETTERS, news("Come!\n\nNo more of these: {{ unsubscribe.url }}")).await.expect(201);
    let then = json!([{"do": "letter", "template": "news", "to": "email"}]);
    rule(api, "tell", "leads", json!({"event": "created"}), then).await;
}

/// What became of the letter of a new lead, and of the run that wrote it.
async fn told(api: &Api, name: &str, email: &str) -> (Value, Value) {
    let lead = lead(api, json!({"name": name, "email": email})).await;
    run(api).await;
    let letters = found(api, "messages", "template == \"news\"").await;
    let letter = letters.into_iter().find(|letter| letter["about"]["id"] == lead).unwrap();
    let run = runs(api, "tell").await.into_iter().find(|run| run["record"] == lead);
    (letter, run.unwrap())
}

async fn pressed(who: &Api, path: &str) -> Answer {
    let headers = [
        ("content-type", "application/x-www-form-urlencoded"),
        ("accept-language", "en"),
        ("origin", "https://mail.example"),
        ("host", "crm.example"),
    ];
    who.call("POST", path, &headers, "List-Unsubscribe=One-Click").await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_that_advertises_says_the_way_out() {
    for world in worlds() {
        let api = &world.admin;
        api.post(LETTERS, news("Come!")).await.faulty(&["text.ru", "text.en"]);
        api.post(LETTERS, news("Come! {{ unsubscribe.url }}")).await.expect(201);
        assert_eq!(api.get(&format!("{LETTERS}/news")).await.expect(200)["marketing"], true);
        // About business there is none to say.
        let mut business = news("Hello {{ unsubscribe.url }}");
        (business["name"], business["marketing"]) = (json!("business"), json!(false));
        api.post(LETTERS, business).await.faulty(&["text.ru", "text.en"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn news_go_to_those_who_agreed_until_they_press() {
    for world in worlds() {
        let (api, reader) = (&world.admin, world.anybody());
        sending(api).await;
        let (letter, run) = told(api, "Anna", "anna@example.org").await;
        assert_eq!((&letter["status"], &letter["purpose"]), (&json!("withheld"), &json!("marketing")));
        assert!(letter["error"].as_str().unwrap().contains("never agreed"), "{letter}");
        assert_eq!(
            (&run["state"], &run["reason_code"], &run["letters"]),
            (&json!("done"), &json!("no_consent"), &json!(0))
        );

        let agreed = json!({"email": "Boris@Example.org", "text": "Send me news"});
        let consent = api.post(CONSENTS, agreed.clone()).await.expect(201);
        assert_eq!(
            (&consent["purpose"], &consent["status"], &consent["source"]),
            (&json!("marketing"), &json!("given"), &json!("entered"))
        );
        assert!(consent["given_at"].is_string() && consent["token"].is_null() && consent["key"].is_null(), "{consent}");
        api.post(CONSENTS, agreed).await.faulty(&["email"]);
        let (letter, run) = told(api, "Boris", "boris@example.org").await;
        assert_eq!((&letter["status"], &run["reason_code"]), (&json!("sent"), &Value::Null), "{letter} {run}");
        let text = letter["text"].as_str().unwrap();
        let secret = text.split_once("/p/u/").unwrap().1.split_whitespace().next().unwrap();
        let page = format!("/p/u/{secret}");

        let opened = reader.send("GET", &page, &[("accept-language", "en")], None).await;
        assert!(opened.status == 200 && opened.text.contains("Unsubscribe"), "{}", opened.text);
        assert!(opened.text.contains("boris@example.org") && opened.text.contains("Send me news"), "{}", opened.text);
        let stands = async || api.get(&format!("{CONSENTS}/{}", consent["id"].as_str().unwrap())).await.expect(200);
        assert_eq!(stands().await["status"], "given", "whoever only looks decides nothing");
        // A mail program presses from elsewhere, and perhaps twice.
        for _ in 0..2 {
            let done = pressed(&reader, &page).await;
            assert!(done.status == 200 && done.text.contains("no more news"), "{}", done.text);
        }
        let withdrawn = stands().await;
        assert_eq!((&withdrawn["status"], &withdrawn["source"]), (&json!("withdrawn"), &json!("link")));
        assert!(withdrawn["withdrawn_at"].is_string());
        let (letter, run) = told(api, "Boris again", "boris@example.org").await;
        assert_eq!((&letter["status"], &run["reason_code"]), (&json!("withheld"), &json!("opted_out")));

        assert_eq!(pressed(&reader, &format!("{page}?again=1")).await.status, 200);
        assert_eq!(stands().await["status"], "given");
        let id = consent["id"].as_str().unwrap();
        let noted = api.patch(&format!("{CONSENTS}/{id}"), json!({"status": "withdrawn"})).await.expect(200);
        assert_eq!((&noted["status"], &noted["source"]), (&json!("withdrawn"), &json!("entered")));
        assert_eq!(pressed(&reader, &format!("/p/u/{}", "x".repeat(43))).await.status, 404);
        assert_eq!(pressed(&reader, "/p/u/short").await.status, 404);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rehearsal_counts_what_would_be_withheld() {
    for world in worlds() {
        let api = &world.admin;
        api.post(LETTERS, news("{{ unsubscribe.url }}")).await.expect(201);
        api.post(CONSENTS, json!({"email": "boris@example.org"})).await.expect(201);
        for name in ["anna", "boris"] {
            lead(api, json!({"name": name, "email": format!("{name}@example.org")})).await;
        }
        let then = json!([{"do": "letter", "template": "news", "to": "email"}]);
        let body =
            json!({"name": "tell", "module": "leads", "when": {"event": "created"}, "then": then, "active": false});
        api.post(RULES, body).await.expect(201);
        let told = api.post(&format!("{RULES}/tell/dry-run"), json!({})).await.expect(200);
        assert_eq!((&told["letters"]["count"], &told["letters"]["unsent"]), (&json!(1), &json!(1)), "{told}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_opts_out_while_a_letter_waits_gets_it_no_more() {
    for world in worlds() {
        let api = &world.admin;
        sending(api).await;
        let consent = api.post(CONSENTS, json!({"email": "boris@example.org"})).await.expect(201);
        // Where it is no rehearsal and there is no mail server, letters wait.
        let rehearsed = world.workspace.knowledge().settings.as_ref().clone();
        let _ = world.in_earnest(1_000);
        lead(api, json!({"name": "Boris", "email": "boris@example.org"})).await;
        super::world::app(&world.workspace, &world.folder).run_due().await.unwrap();
        let letter = async || found(api, "messages", "template == \"news\"").await.remove(0);
        assert_eq!(letter().await["status"], "queued");
        let at = format!("{CONSENTS}/{}", consent["id"].as_str().unwrap());
        api.patch(&at, json!({"status": "withdrawn"})).await.expect(200);
        world.workspace.save_settings(rehearsed).unwrap();
        run(api).await;
        let letter = letter().await;
        assert_eq!(letter["status"], "withheld", "{letter}");
        assert!(letter["error"].as_str().unwrap().contains("any more"), "{letter}");
    }
}
