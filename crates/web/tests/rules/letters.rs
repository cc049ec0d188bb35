//! How many letters a rule may send in an hour: exactly as many, whatever its runs send each, and then it asks.

use serde_json::{Value, json};

use super::world::{Api, worlds};
use super::{RULES, ended, found, lead, run, runs};

/// A template of letters.
async fn template(api: &Api, name: &str) {
    let label = |text: &str| json!({"ru": text, "en": text});
    let letter = json!({"name": name, "label": label(name), "subject": label(name), "text": label("Hello")});
    api.post("/api/v1/meta/letters", letter).await.expect(201);
}

/// How many letters were made of a template.
async fn sent(api: &Api, template: &str) -> usize {
    found(api, "messages", &format!("template == \"{template}\"")).await.len()
}

/// A lead with an address.
async fn reached(api: &Api, name: &str) {
    lead(api, json!({"name": name, "email": format!("{}@example.org", name.to_lowercase())})).await;
}

fn letter(template: &str) -> Value {
    json!({"do": "letter", "template": template, "to": "email"})
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_that_has_sent_its_letters_of_the_hour_stops_and_asks() {
    for world in worlds() {
        let api = &world.admin;
        for name in ["first", "second"] {
            template(api, name).await;
        }
        let mut body = json!({
            "name": "few", "module": "leads", "letters": 1, "when": {"event": "created"},
            "then": [letter("first"), letter("second")],
        });
        // One run sends two: with fewer it would wait for ever.
        api.post(RULES, body.clone()).await.faulty(&["letters"]);
        body["letters"] = json!(0);
        api.post(RULES, body.clone()).await.faulty(&["letters"]);
        body["letters"] = json!(5);
        api.post(RULES, body).await.expect(201);
        for name in ["Anna", "Boris", "Clara", "Dan", "Eve"] {
            reached(api, name).await;
        }
        run(api).await;
        // Two runs are four letters, and a third would make six of five.
        assert_eq!((sent(api, "first").await, sent(api, "second").await), (2, 2));
        assert_eq!((ended(api, "few", "done").await, ended(api, "few", "held").await), (2, 3));
        let told = runs(api, "few").await;
        let held = told.iter().find(|run| run["state"] == "held").unwrap();
        assert_eq!((&held["reason_code"], &held["letters"]), (&json!("budget_of_letters"), &json!(0)), "{held}");
        let done = told.iter().find(|run| run["state"] == "done").unwrap();
        assert_eq!(done["letters"], 2, "{done}");
        assert!(api.get(&format!("{RULES}/few")).await.expect(200)["held_at"].is_string());

        // Time alone does not let it go on; somebody does, and the hour begins anew.
        api.post("/api/v1/sandbox/clock", json!({"advance": "PT2H"})).await.expect(200);
        reached(api, "Fay").await;
        run(api).await;
        assert_eq!((sent(api, "first").await, ended(api, "few", "held").await), (2, 4));
        let resume = format!("{RULES}/few/resume");
        assert_eq!(api.post(&resume, json!({})).await.expect(200)["queued"], 4);
        run(api).await;
        assert_eq!((sent(api, "first").await, ended(api, "few", "held").await), (4, 2), "another five");
        api.patch(&format!("{RULES}/few"), json!({"letters": null})).await.expect(200);
        api.post(&resume, json!({})).await.expect(200);
        run(api).await;
        assert_eq!((sent(api, "first").await, sent(api, "second").await), (6, 6));
        assert_eq!(ended(api, "few", "held").await, 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_sends_nothing_is_not_held_up_by_a_budget_of_letters() {
    for world in worlds() {
        let api = &world.admin;
        template(api, "later").await;
        let then = json!([
            {"do": "set", "fields": {"source": "\"noted\""}},
            {"do": "wait", "after": "PT1H"},
            letter("later"),
        ]);
        let body = json!({"name": "slow", "module": "leads", "letters": 1, "when": {"event": "created"}, "then": then});
        api.post(RULES, body).await.expect(201);
        for name in ["Anna", "Boris", "Clara"] {
            reached(api, name).await;
        }
        run(api).await;
        assert_eq!(found(api, "leads", "source == \"noted\"").await.len(), 3, "before the wait nothing is sent");
        api.post("/api/v1/sandbox/clock", json!({"advance": "PT2H"})).await.expect(200);
        assert_eq!((sent(api, "later").await, ended(api, "slow", "held").await), (1, 2));
        // Letters that failed are none: one without an address goes nowhere and takes nobody's place.
        api.patch(&format!("{RULES}/slow"), json!({"letters": 2, "then": [letter("later")]})).await.expect(200);
        api.post(&format!("{RULES}/slow/resume"), json!({})).await.expect(200);
        lead(api, json!({"name": "Nobody"})).await;
        run(api).await;
        assert_eq!(sent(api, "later").await, 1, "what was behind the wait was changed meanwhile");
        reached(api, "Dan").await;
        reached(api, "Eve").await;
        run(api).await;
        assert_eq!(
            (sent(api, "later").await, api.get(&format!("{RULES}/slow")).await.expect(200)["held_at"].clone()),
            (3, Value::Null)
        );
    }
}
