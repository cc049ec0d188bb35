//! What others do meanwhile: whoever writes over what they have read holds it first.

use serde_json::{Value, json};

use crate::world::{Answer, Api, worlds};

const LEADS: &str = "/api/v1/leads";
const AT_ONCE: usize = 6;

async fn made(who: &Api, path: &str, body: Value) -> String {
    who.post(path, body).await.expect(201)["id"].as_str().unwrap().to_owned()
}

/// Sends all of them at once.
async fn at_once(who: &Api, sent: Vec<(String, Value)>) -> Vec<Answer> {
    let sent: Vec<_> = sent
        .into_iter()
        .map(|(path, body)| {
            let who = who.clone();
            tokio::spawn(async move { who.post(&path, body).await })
        })
        .collect();
    let mut answers = Vec::new();
    for sent in sent {
        answers.push(sent.await.unwrap());
    }
    answers
}

#[tokio::test(flavor = "multi_thread")]
async fn every_quality_check_stands_in_the_report() {
    for world in worlds() {
        let admin = &world.admin;
        let lead = made(admin, LEADS, json!({"name": "Анна Котова"})).await;
        let about = json!({"module": "leads", "id": lead});
        let mut sent = Vec::new();
        for number in 0..AT_ONCE {
            let check = json!({"kind": "quality_check", "subject": "Узнать", "about": about});
            let check = made(admin, "/api/v1/activities", check).await;
            let told = json!({"result": "done", "result_text": format!("Ответ {number}")});
            sent.push((format!("/api/v1/activities/{check}/transitions/complete"), told));
        }
        assert!(at_once(admin, sent).await.iter().all(|answer| answer.status == 200));
        let lead = admin.get(&format!("{LEADS}/{lead}")).await.expect(200);
        let mut told: Vec<_> = lead["quality_report"].as_str().unwrap().split("\n\n").collect();
        told.sort_unstable();
        let wanted: Vec<String> = (0..AT_ONCE).map(|number| format!("Ответ {number}")).collect();
        assert_eq!(told, wanted);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contact_keeps_the_tags_of_all_who_become_it() {
    for world in worlds() {
        let admin = &world.admin;
        let contact = made(admin, "/api/v1/contacts", json!({"name": "Анна Котова", "tags": ["старая"]})).await;
        let mut sent = Vec::new();
        for number in 0..AT_ONCE {
            // Nothing by which they would be known: only the contact itself is what they meet at.
            let lead = json!({"name": format!("Лид {number}"), "tags": [format!("метка {number}")]});
            let lead = made(admin, LEADS, lead).await;
            sent.push((format!("{LEADS}/{lead}/convert"), json!({"contact": contact})));
        }
        let answers = at_once(admin, sent).await;
        assert!(answers.iter().all(|answer| answer.status == 200), "{answers:?}");
        let contact = admin.get(&format!("/api/v1/contacts/{contact}")).await.expect(200);
        let mut tags: Vec<_> = contact["tags"].as_array().unwrap().iter().map(|tag| tag.as_str().unwrap()).collect();
        tags.sort_unstable();
        let mut wanted: Vec<String> = (0..AT_ONCE).map(|number| format!("метка {number}")).collect();
        wanted.push("старая".to_owned());
        wanted.sort_unstable();
        assert_eq!(tags, wanted);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_moves_a_record_of_a_retired_stage_meanwhile_has_moved_it() {
    for world in worlds() {
        let admin = &world.admin;
        let mut leads = Vec::new();
        for number in 0..40 {
            let lead = made(admin, LEADS, json!({"name": format!("Лид {number}"), "lost_reason": "Дорого"})).await;
            admin.post(&format!("{LEADS}/{lead}/transitions/contact"), json!({})).await.expect(200);
            leads.push(lead);
        }
        let retired = json!({"states": {"contacted": {"retired": true, "moves_to": "qualified"}}});
        admin.patch("/api/v1/meta/processes/leads", retired).await.expect(200);
        // The newest go first when records follow: people begin with the oldest, and meet them half way.
        let follow = tokio::spawn({
            let admin = admin.clone();
            async move { admin.post("/api/v1/sandbox/clock", json!({"advance": "PT1S"})).await.expect(200) }
        });
        let lost: Vec<_> = leads.iter().map(|lead| (format!("{LEADS}/{lead}/transitions/lose"), json!({}))).collect();
        let answers = at_once(admin, lost).await;
        follow.await.unwrap();
        admin.post("/api/v1/sandbox/clock", json!({"advance": "PT1S"})).await.expect(200);
        for (lead, answer) in leads.iter().zip(&answers) {
            let stands = admin.get(&format!("{LEADS}/{lead}")).await.expect(200)["status"].clone();
            // Lost by hand is lost, wherever it was moved on from; nobody is left behind.
            assert_eq!((answer.status, stands.as_str()), (200, Some("lost")), "{}", answer.text);
        }
    }
}
