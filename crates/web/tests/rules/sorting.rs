//! What came in is decided by rule (processes.md, 1.1): made a case or a lead, passed on, set aside, as a person would.

use serde_json::{Value, json};

use super::world::{Api, worlds};
use super::{RULES, ended, run, runs};

async fn letter(api: &Api, subject: &str, from: &str) -> String {
    let letter = json!({"channel": "email", "direction": "in", "from": from, "from_name": "Анна Котова",
        "subject": subject, "text": "Что для этого нужно?"});
    api.post("/api/v1/messages", letter).await.expect(201)["id"].as_str().unwrap().to_owned()
}

async fn message(api: &Api, id: &str) -> Value {
    api.get(&format!("/api/v1/messages/{id}")).await.expect(200)
}

async fn decides(api: &Api, name: &str, subject: &str, sort: Value) {
    let body = json!({
        "name": name, "module": "messages", "when": {"event": "created"},
        "if": format!("direction == \"in\" && subject == \"{subject}\""), "then": [sort],
    });
    api.post(RULES, body).await.expect(201);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_decides_what_a_letter_becomes() {
    for world in worlds() {
        let api = &world.admin;
        let (seller, hers) = world.user("seller", "salesperson");
        let into = |into: &str| json!({"do": "sort", "into": into});
        let fields = json!({"kind": "\"question\""});
        decides(api, "ask", "ask", json!({"do": "sort", "into": "case", "fields": fields})).await;
        let fields = json!({"company": "from_name", "need": {"ru": "Письмо: {{ record.title }}", "en": "x"}});
        decides(api, "sponsor", "sponsor", json!({"do": "sort", "into": "lead", "fields": fields})).await;
        decides(api, "pass", "pass", json!({"do": "sort", "into": "person", "to": {"role": "salesperson"}})).await;
        decides(api, "spam", "spam", into("nothing")).await;
        let [ask, sponsor, pass, spam, other] = [
            letter(api, "ask", "a@x.example").await,
            letter(api, "sponsor", "b@x.example").await,
            letter(api, "pass", "c@x.example").await,
            letter(api, "spam", "d@x.example").await,
            letter(api, "other", "e@x.example").await,
        ];
        run(api).await;
        let all = runs(api, "sponsor").await;
        for name in ["ask", "sponsor", "pass", "spam"] {
            assert_eq!(ended(api, name, "done").await, 1, "{name}: {all:?}");
        }
        let asked = message(api, &ask).await;
        assert_eq!((&asked["sorted"], &asked["about"]["module"]), (&json!("case"), &json!("cases")));
        let case = api.get(&format!("/api/v1/cases/{}", asked["about"]["id"].as_str().unwrap())).await.expect(200);
        assert_eq!((&case["kind"], &case["subject"], &case["lead"]), (&json!("question"), &json!("ask"), &json!(null)));
        let led = message(api, &sponsor).await;
        let case = api.get(&format!("/api/v1/cases/{}", led["about"]["id"].as_str().unwrap())).await.expect(200);
        let lead = api.get(&format!("/api/v1/leads/{}", case["lead"].as_str().unwrap())).await.expect(200);
        assert_eq!((&lead["email"], &lead["company"]), (&json!("b@x.example"), &json!("Анна Котова")));
        assert_eq!(lead["need"], "Письмо: sponsor");
        let passed = message(&hers, &pass).await;
        assert_eq!((&passed["sorted"], &passed["owner"]), (&json!("passed"), &json!(seller.to_string())));
        let aside = message(api, &spam).await;
        assert_eq!((&aside["status"], &aside["sorted"]), (&json!("set_aside"), &json!("nothing")));
        let waiting = message(api, &other).await;
        assert_eq!((&waiting["status"], &waiting["sorted"]), (&json!("received"), &json!(null)), "a person decides");

        // Whoever was faster is not overruled.
        let by_hand = letter(api, "ask", "f@x.example").await;
        let sort = format!("/api/v1/messages/{by_hand}/sort");
        api.post(&sort, json!({"into": "nothing"})).await.expect(200);
        run(api).await;
        assert_eq!(ended(api, "ask", "failed").await, 1);
        assert_eq!(message(api, &by_hand).await["sorted"], "nothing");

        // What was passed on comes back into the queue.
        let body = json!({
            "name": "back", "module": "messages", "when": {"event": "changed", "fields": ["sorted"]},
            "if": "from == \"g@x.example\" && sorted == \"passed\"", "then": [into("queue")],
        });
        api.post(RULES, body).await.expect(201);
        let moved = letter(api, "pass", "g@x.example").await;
        run(api).await;
        let (back, told) = (message(api, &moved).await, runs(api, "back").await);
        assert_eq!((&back["status"], &back["sorted"]), (&json!("received"), &json!(null)), "{told:?}");

        for (module, sort, place) in [
            ("leads", into("case"), "then[0].into"),
            ("messages", into("person"), "then[0].to"),
            ("messages", json!({"do": "sort", "into": "case", "fields": {"nothing": "1"}}), "then[0].fields.nothing"),
            ("messages", json!({"do": "sort", "into": "nothing", "fields": {"kind": "\"x\""}}), "then[0].fields"),
        ] {
            let body = json!({"name": "x", "module": module, "when": {"event": "created"}, "then": [sort]});
            api.post(RULES, body).await.faulty(&[place]);
        }
    }
}
