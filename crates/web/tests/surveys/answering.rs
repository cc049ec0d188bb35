//! Answers: checked question by question, kept once, corrected, written to the record.

use serde_json::{Value, json};

use super::world::worlds;
use super::{PUBLIC, SURVEYS, found, lost, send, token};

#[tokio::test(flavor = "multi_thread")]
async fn process_1_step_4_the_decline_survey_is_answered_and_stands_on_the_lead() {
    for world in worlds() {
        let (api, anybody) = (&world.admin, world.anybody());
        let lead = lost(api, "Anna").await;
        let sent = send(api, &lead).await;
        let link = format!("{PUBLIC}/{}", token(api, "anna@example.org").await);
        let opened = anybody.get(&link).await.expect(200);
        let keys: Vec<_> = opened["questions"].as_array().unwrap().iter().map(|it| it["key"].clone()).collect();
        assert_eq!(
            (&opened["status"], keys),
            (&json!("open"), vec![json!("reason"), json!("details"), json!("recommend"), json!("again")])
        );

        // What is wrong is told by question, and nothing is kept.
        anybody
            .post(&link, json!({"answers": {"reason": "other", "recommend": 11}}))
            .await
            .faulty(&["details", "recommend"]);
        anybody.post(&link, json!({"answers": {"reason": "moon"}})).await.faulty(&["reason"]);
        anybody.post(&link, json!({"answers": {"nothing": 1}})).await.faulty(&["nothing"]);
        anybody.post(&link, json!({"answers": []})).await.faulty(&["answers"]);
        let path = format!("/api/v1/surveys/{}", sent["id"].as_str().unwrap());
        let refused = api.get(&path).await.expect(200);
        assert_eq!(refused["status"], "invalid", "who tried and was refused may need help");
        assert_eq!(found(api, "survey_answers", "questionnaire == \"decline\"").await.len(), 0);

        // A question that is not asked is passed over, whatever was said to it.
        let answers = json!({"reason": "price", "details": "left over", "recommend": 9, "again": true});
        let kept = anybody.post(&link, json!({"answers": answers})).await.expect(201);
        assert_eq!((&kept["status"], kept["answers"].get("details")), (&json!("correctable"), None));
        let answered = api.get(&path).await.expect(200);
        assert_eq!((&answered["status"], &answered["score"]), (&json!("answered"), &json!(9)));
        let of = format!("survey == \"{}\"", sent["id"].as_str().unwrap());
        let told: Vec<(Value, Value)> = found(api, "survey_answers", &of)
            .await
            .iter()
            .map(|it| (it["question"].clone(), it["answer"].clone()))
            .collect();
        assert_eq!(told.len(), 3);
        assert!(
            told.contains(&(json!("reason"), json!("Цена"))) && told.contains(&(json!("again"), json!("да"))),
            "{told:?}"
        );
        let after = api.get(&format!("/api/v1/leads/{lead}")).await.expect(200);
        assert_eq!(after["client_reason"], "Цена", "in the words of the workspace");

        // The same link corrects it; there is one survey and one answer to a question.
        anybody.post(&link, json!({"answers": {"reason": "dates"}})).await.expect(201);
        let told = found(api, "survey_answers", &of).await;
        assert_eq!((told.len(), &told[0]["answer"]), (1, &json!("Даты или место")));
        assert_eq!(anybody.get(&link).await.expect(200)["answers"], json!({"reason": "dates"}));
        assert_eq!(api.get(&format!("/api/v1/leads/{lead}")).await.expect(200)["client_reason"], "Даты или место");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_is_answered_once_where_nothing_is_corrected_even_at_the_same_moment() {
    for world in worlds() {
        let api = &world.admin;
        api.patch(&format!("{SURVEYS}/decline"), json!({"corrections": false})).await.expect(200);
        let lead = lost(api, "Anna").await;
        send(api, &lead).await;
        let link = format!("{PUBLIC}/{}", token(api, "anna@example.org").await);
        let answers = json!({"answers": {"reason": "price"}});
        let both = [world.anybody(), world.anybody()].map(|who| {
            let (link, answers) = (link.clone(), answers.clone());
            tokio::spawn(async move { who.post(&link, answers).await.status })
        });
        let mut statuses = Vec::new();
        for one in both {
            statuses.push(one.await.unwrap());
        }
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 409]);
        assert_eq!(found(api, "survey_answers", "questionnaire == \"decline\"").await.len(), 1);
        assert_eq!(world.anybody().get(&link).await.expect(200)["status"], "answered");
        world.anybody().get(&format!("{PUBLIC}/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")).await.refused(404, "not_found");
        world.anybody().get(&format!("{PUBLIC}/decline")).await.refused(404, "not_found");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_record_refuses_keeps_the_answers_and_tells_its_owner() {
    for world in worlds() {
        let api = &world.admin;
        let (anna, owner) = world.user("anna", "salesperson");
        let field = json!({"name": "guests", "type": "number", "validation": "guests <= 10"});
        api.post("/api/v1/meta/modules/leads/fields", field).await.expect(201);
        let survey = json!({
            "name": "plans", "label": "Plans", "about": [{"module": "leads", "to": "email", "called": "name"}],
            "questions": [{"key": "guests", "kind": "number", "label": "How many?", "writes": "guests", "prefill": "guests"}],
        });
        api.post(SURVEYS, survey).await.expect(201);
        let lead = lost(api, "Anna").await;
        api.patch(&format!("/api/v1/leads/{lead}"), json!({"owner": anna.to_string(), "guests": 3})).await.expect(200);
        let body = json!({"survey": "plans", "about": {"module": "leads", "id": lead}});
        let sent = owner.post("/api/v1/surveys/send", body).await.expect(200);
        let link = format!("{PUBLIC}/{}", token(api, "anna@example.org").await);
        assert_eq!(
            world.anybody().get(&link).await.expect(200)["answers"],
            json!({"guests": 3}),
            "filled in from the record"
        );
        world.anybody().post(&link, json!({"answers": {"guests": 11}})).await.expect(201);
        let sent = owner.get(&format!("/api/v1/surveys/{}", sent["id"].as_str().unwrap())).await.expect(200);
        assert_eq!(sent["status"], "answered");
        assert!(sent["not_written"].as_str().unwrap().contains("guests"), "{sent}");
        assert_eq!(api.get(&format!("/api/v1/leads/{lead}")).await.expect(200)["guests"], 3);
        let told = owner.get("/api/v1/notifications").await.expect(200);
        let about = |it: &&Value| it["kind"] == "rule" && it["about"]["id"] == json!(lead);
        assert_eq!(told["data"].as_array().unwrap().iter().filter(about).count(), 1, "{told}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn anybody_answers_an_open_survey_and_nothing_is_kept_of_who_it_was() {
    for world in worlds() {
        let (api, anybody) = (&world.admin, world.anybody());
        let survey = json!({
            "name": "visit", "label": "Your visit", "anonymous": true,
            "questions": [
                {"key": "stars", "kind": "stars", "label": "How was it?", "required": true},
                {"key": "rate", "kind": "matrix", "label": "Rate", "options": ["good", "bad"], "rows": [{"value": "hall", "label": {"ru": "Зал", "en": "Hall"}}]},
                {"key": "team", "kind": "lines", "label": "Who came?", "columns": [{"key": "name", "label": {"ru": "Имя", "en": "Name"}, "kind": "text"}]},
            ],
        });
        let made = api.post(SURVEYS, survey).await.expect(201);
        assert!(made["public_url"].as_str().unwrap().ends_with("/p/s/visit"), "{made}");
        let answers = json!({"answers": {"stars": 4, "rate": {"hall": "good"}, "team": [{"name": "A"}, {"name": ""}]}});
        anybody.post(&format!("{PUBLIC}/visit"), answers).await.faulty(&["team[1].name"]);
        let answers = json!({"answers": {"stars": 4, "rate": {"hall": "good"}, "team": [{"name": "A"}]}});
        for _ in 0..2 {
            let kept = anybody.post(&format!("{PUBLIC}/visit"), answers.clone()).await.expect(201);
            assert_eq!(kept["status"], "answered");
        }
        let all = found(api, "surveys", "questionnaire == \"visit\"").await;
        assert_eq!(all.len(), 2);
        for one in &all {
            for field in ["email", "person", "about", "contact", "created_by"] {
                assert_eq!(one[field], Value::Null, "{field}");
            }
            assert_eq!((&one["channel"], &one["score"]), (&json!("public"), &json!(4)));
        }
        // Only whoever reads everything reads what is about nothing.
        let (_, boris) = world.user("boris", "salesperson");
        assert_eq!(found(&boris, "surveys", "questionnaire == \"visit\"").await.len(), 0);
        assert_eq!(found(&boris, "survey_answers", "questionnaire == \"visit\"").await.len(), 0);
        // Public doors are limited per address.
        let stranger = world.in_earnest(5);
        let mut last = 0;
        for _ in 0..7 {
            last = stranger.get(&format!("{PUBLIC}/visit")).await.status;
        }
        assert_eq!(last, 429);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn process_1_step_5_the_decline_survey_is_answered_and_stands_on_the_deal() {
    for world in worlds() {
        let (api, anybody) = (&world.admin, world.anybody());
        let contact = json!({"name": "Vera", "email": "vera@example.org"});
        let contact = api.post("/api/v1/contacts", contact).await.expect(201)["id"].clone();
        let deal = json!({"name": "Stand", "pipeline": "sponsorship", "contact": contact});
        let deal = api.post("/api/v1/deals", deal).await.expect(201)["id"].as_str().unwrap().to_owned();
        let page = format!("/api/v1/deals/{deal}");
        let lose = format!("{page}/transitions/lose");
        api.post(&lose, json!({"lost_reason": "No budget"})).await.expect(200);
        let body = json!({"survey": "decline", "about": {"module": "deals", "id": deal}});
        api.post("/api/v1/surveys/send", body).await.expect(200);
        let link = format!("{PUBLIC}/{}", token(api, "vera@example.org").await);
        anybody.post(&link, json!({"answers": {"reason": "dates", "recommend": 3}})).await.expect(201);
        let deal = api.get(&page).await.expect(200);
        assert_eq!((&deal["client_reason"], &deal["lost_reason"]), (&json!("Даты или место"), &json!("No budget")));
    }
}
