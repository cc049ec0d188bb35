//! A personal link: who may send it, where it goes, when it is sent again, when it ends.

use serde_json::json;

use super::world::worlds;
use super::{PUBLIC, found, letters, lost, pass, send, token};

#[tokio::test(flavor = "multi_thread")]
async fn one_letter_goes_to_the_address_of_the_record_and_the_same_link_once_more() {
    for world in worlds() {
        let api = &world.admin;
        let lead = lost(api, "Anna").await;
        let sent = send(api, &lead).await;
        assert_eq!(
            (&sent["status"], &sent["email"], &sent["channel"]),
            (&json!("sent"), &json!("anna@example.org"), &json!("personal"))
        );
        assert_eq!(sent["about"], json!({"module": "leads", "id": lead}));
        assert!(sent.get("token").is_none_or(serde_json::Value::is_null), "the secret is told to nobody: {sent}");
        let first = token(api, "anna@example.org").await;
        // Who has a link that still waits gets the same one.
        let again = send(api, &lead).await;
        assert_eq!((&again["id"], &again["status"]), (&sent["id"], &json!("sent")));
        assert_eq!((letters(api, "anna@example.org").await.len(), token(api, "anna@example.org").await), (2, first));
        let other = json!({"survey": "decline", "about": {"module": "leads", "id": lead}, "to": "Chief@Example.org", "person": "Chief"});
        let other = api.post("/api/v1/surveys/send", other).await.expect(200);
        assert_eq!((&other["email"], &other["person"]), (&json!("chief@example.org"), &json!("Chief")));
        assert_eq!(found(api, "surveys", &format!("about == \"{lead}\"")).await.len(), 2);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_whoever_may_change_the_record_sends_and_faults_name_their_field() {
    for world in worlds() {
        let api = &world.admin;
        let lead = lost(api, "Anna").await;
        let (_, boris) = world.user("boris", "salesperson");
        let (anna, _) = world.user("anna", "salesperson");
        api.patch(&format!("/api/v1/leads/{lead}"), json!({"owner": anna.to_string()})).await.expect(200);
        let body = json!({"survey": "decline", "about": {"module": "leads", "id": lead}});
        boris.post("/api/v1/surveys/send", body.clone()).await.refused(404, "not_found");
        world.anybody().post("/api/v1/surveys/send", body.clone()).await.refused(401, "unauthenticated");
        let with = |key: &str, value: serde_json::Value| {
            let mut body = body.clone();
            body[key] = value;
            body
        };
        api.post("/api/v1/surveys/send", with("to", json!("nowhere"))).await.faulty(&["to"]);
        api.post("/api/v1/surveys/send", with("about", json!(null))).await.faulty(&["about"]);
        api.post("/api/v1/surveys/send", with("extra", json!(1))).await.faulty(&["extra"]);
        api.post("/api/v1/surveys/send", with("survey", json!("none"))).await.refused(404, "not_found");
        let nobody = api.post("/api/v1/leads", json!({"name": "Nobody"})).await.expect(201);
        let about = json!({"module": "leads", "id": nobody["id"]});
        api.post("/api/v1/surveys/send", with("about", about)).await.faulty(&["to"]);
        let account = api.post("/api/v1/accounts", json!({"name": "Vector"})).await.expect(201);
        let about = json!({"module": "accounts", "id": account["id"]});
        api.post("/api/v1/surveys/send", with("about", about)).await.faulty(&["about"]);
        // What was sent is read with the record that it is about.
        send(api, &lead).await;
        assert_eq!(found(&boris, "surveys", "status == \"sent\"").await.len(), 0);
        assert_eq!(found(api, "surveys", "status == \"sent\"").await.len(), 1);
        // Nobody makes one by hand.
        let made = json!({"name": "x", "questionnaire": "decline", "channel": "personal"});
        assert_eq!(api.post("/api/v1/surveys", made).await.status, 422);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_ends_when_its_time_is_up_and_a_rule_reminds_before() {
    for world in worlds() {
        let api = &world.admin;
        api.patch("/api/v1/meta/rules/survey_reminder", json!({"active": true})).await.expect(200);
        let lead = lost(api, "Anna").await;
        let sent = send(api, &lead).await;
        let link = token(api, "anna@example.org").await;
        pass(api, "P2D").await;
        assert_eq!(letters(api, "anna@example.org").await.len(), 1);
        pass(api, "P2D").await;
        assert_eq!(letters(api, "anna@example.org").await.len(), 2, "three days without an answer");
        assert_eq!(token(api, "anna@example.org").await, link, "by the same link");
        pass(api, "P20D").await;
        assert_eq!(letters(api, "anna@example.org").await.len(), 2, "once");
        pass(api, "P10D").await;
        let path = format!("/api/v1/surveys/{}", sent["id"].as_str().unwrap());
        assert_eq!(api.get(&path).await.expect(200)["status"], "expired");
        let opened = world.anybody().get(&format!("{PUBLIC}/{link}")).await.expect(200);
        assert_eq!(opened["status"], "over");
        let answers = json!({"answers": {"reason": "price"}});
        world.anybody().post(&format!("{PUBLIC}/{link}"), answers).await.refused(409, "survey_over");
        api.post(&format!("{path}/send"), json!({})).await.refused(409, "survey_over");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_sends_a_survey_and_a_person_stops_waiting() {
    for world in worlds() {
        let api = &world.admin;
        let rule = json!({
            "name": "ask", "module": "leads", "when": {"event": "entered", "states": ["lost"]},
            "then": [{"do": "survey", "survey": "decline"}],
        });
        api.post("/api/v1/meta/rules", rule.clone()).await.expect(201);
        let mut wrong = rule;
        wrong["name"] = json!("ask_accounts");
        wrong["then"] = json!([{"do": "survey", "survey": "none"}]);
        api.post("/api/v1/meta/rules", wrong).await.faulty(&["then[0].survey"]);
        let lead = lost(api, "Anna").await;
        pass(api, "PT1S").await;
        let sent = found(api, "surveys", &format!("about == \"{lead}\"")).await;
        assert_eq!((sent.len(), letters(api, "anna@example.org").await.len()), (1, 1));
        let path = format!("/api/v1/surveys/{}", sent[0]["id"].as_str().unwrap());
        api.post(&format!("{path}/transitions/close"), json!({})).await.expect(200);
        let link = token(api, "anna@example.org").await;
        assert_eq!(world.anybody().get(&format!("{PUBLIC}/{link}")).await.expect(200)["status"], "over");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_was_refused_is_asked_again_a_day_later_by_the_same_link() {
    for world in worlds() {
        let api = &world.admin;
        let rule = json!({
            "name": "help", "module": "surveys", "when": {"event": "stayed", "states": ["invalid"], "after": "P1D"},
            "then": [{"do": "survey"}],
        });
        api.post("/api/v1/meta/rules", rule).await.expect(201);
        let (lead, other) = (lost(api, "Anna").await, lost(api, "Boris").await);
        send(api, &lead).await;
        send(api, &other).await;
        let link = token(api, "anna@example.org").await;
        let page = format!("{PUBLIC}/{link}");
        world.anybody().post(&page, json!({"answers": {"reason": "moon"}})).await.faulty(&["reason"]);
        pass(api, "PT23H").await;
        assert_eq!(letters(api, "anna@example.org").await.len(), 1);
        pass(api, "PT2H").await;
        assert_eq!(letters(api, "anna@example.org").await.len(), 2, "a day after the refusal");
        assert_eq!(token(api, "anna@example.org").await, link, "by the same link");
        assert_eq!(letters(api, "boris@example.org").await.len(), 1, "who only waits is not asked again");
        world.anybody().post(&page, json!({"answers": {"reason": "price"}})).await.expect(201);
        pass(api, "P3D").await;
        assert_eq!(letters(api, "anna@example.org").await.len(), 2);
    }
}
