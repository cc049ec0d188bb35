//! What surveys ask is data: made, changed, planned, taken back like everything of the workspace's own pack.

use serde_json::{Value, json};

use super::world::worlds;
use super::{PUBLIC, SURVEYS};

fn survey() -> Value {
    json!({
        "name": "visit", "label": "Your visit", "anonymous": true,
        "questions": [{"key": "stars", "kind": "stars", "label": "How was it?"}],
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_survey_is_made_changed_and_deleted_by_whoever_administers() {
    for world in worlds() {
        let api = &world.admin;
        let (_, boris) = world.user("boris", "organiser");
        boris.post(SURVEYS, survey()).await.refused(403, "missing_right");
        boris.get(SURVEYS).await.refused(403, "missing_right");
        let plan = api.post(&format!("{SURVEYS}?dry_run=true"), survey()).await.expect(200);
        assert!(plan.is_object());
        api.get(&format!("{SURVEYS}/visit")).await.refused(404, "not_found");
        let made = api.post(SURVEYS, survey()).await.expect(201);
        assert_eq!((&made["pack"], &made["active"]), (&json!("own"), &json!(true)));
        api.post(SURVEYS, survey()).await.refused(409, "name_taken");
        api.patch(&format!("{SURVEYS}/visit"), json!({"active": false})).await.expect(200);
        world.anybody().get(&format!("{PUBLIC}/visit")).await.refused(404, "not_found");
        api.send("DELETE", &format!("{SURVEYS}/visit"), &[], None).await.expect(204);
        api.send("DELETE", &format!("{SURVEYS}/decline"), &[], None).await.refused(409, "survey_of_a_pack");
        // What the workspace says of a pack's survey stands in its own pack, and goes from there again.
        let changed = api.patch(&format!("{SURVEYS}/decline"), json!({"valid_for": "P7D"})).await.expect(200);
        assert_eq!((&changed["pack"], &changed["valid_for"]), (&json!("own"), &json!("P7D")));
        let files = api.get("/api/v1/meta/packs/own").await.expect(200);
        assert!(files["files"]["surveys/decline.toml"].as_str().unwrap().contains("P7D"), "{files}");
        api.send("DELETE", &format!("{SURVEYS}/decline"), &[], None).await.expect(204);
        assert_eq!(api.get(&format!("{SURVEYS}/decline")).await.expect(200)["pack"], "crm");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_fit_is_told_by_its_path() {
    for world in worlds() {
        let api = &world.admin;
        let question = |more: Value| {
            let mut question = json!({"key": "q", "kind": "text", "label": "Q"});
            for (key, value) in more.as_object().unwrap() {
                question[key] = value.clone();
            }
            json!({"name": "bad", "about": [{"module": "leads", "to": "email"}], "questions": [question]})
        };
        for (more, place) in [
            (json!({"key": "Q 1"}), "questions[0].key"),
            (json!({"kind": "one"}), "questions[0].options"),
            (json!({"if": "nothing == 1"}), "questions[0].if"),
            (json!({"check": "q >"}), "questions[0].check"),
            (json!({"writes": "nothing"}), "questions[0].writes"),
            (json!({"writes": "status"}), "questions[0].writes"),
            (json!({"writes": "converted_deal"}), "questions[0].writes"),
            (json!({"writes": "readiness"}), "questions[0].writes"),
            (json!({"prefill": "nothing"}), "questions[0].prefill"),
            (json!({"kind": "matrix", "options": ["a"]}), "questions[0].rows"),
        ] {
            api.post(SURVEYS, question(more)).await.faulty(&[place]);
        }
        let with = |key: &str, value: Value| {
            let mut survey = survey();
            survey[key] = value;
            survey
        };
        api.post(SURVEYS, with("valid_for", json!("soon"))).await.faulty(&["valid_for"]);
        api.post(SURVEYS, with("letter", json!("none"))).await.faulty(&["letter"]);
        api.post(SURVEYS, with("handled_by", json!("nobody"))).await.faulty(&["anonymous", "handled_by"]);
        api.post(SURVEYS, with("questions", json!([]))).await.faulty(&["questions"]);
        api.post(SURVEYS, with("other", json!(1))).await.faulty(&["other"]);
        api.post(SURVEYS, with("about", json!([{"module": "leads", "to": "nothing"}]))).await.faulty(&["about[0].to"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_program_makes_an_order_of_stays_a_question_of_its_kind() {
    for world in worlds() {
        let api = &world.admin;
        let path = format!("{SURVEYS}/group_order");
        let questions = api.get(&path).await.expect(200)["questions"].as_array().unwrap().clone();
        let place = |key: &str| questions.iter().position(|question| question["key"] == key).unwrap();
        let with = |at: usize, name: &str, value: serde_json::Value| {
            let mut questions = questions.clone();
            questions[at][name] = value;
            json!({"questions": questions})
        };
        let (inn, lines) = (place("inn"), place("lines"));
        let mut gone = questions.clone();
        gone.remove(inn);
        api.patch(&path, json!({"questions": gone})).await.faulty(&["questions.inn"]);
        for (at, key, value) in [(inn, "retired", json!(true)), (place("address"), "kind", json!("number"))] {
            let place_of = format!("questions[{at}].{key}");
            api.patch(&path, with(at, key, value)).await.faulty(&[place_of.as_str()]);
        }
        let columns = json!([questions[lines]["columns"][0]]);
        let place_of = format!("questions[{lines}].columns");
        api.patch(&path, with(lines, "columns", columns)).await.faulty(&[place_of.as_str()]);
        // What it can do without goes, and words are the administrator's.
        api.patch(&path, with(place("bik"), "retired", json!(true))).await.expect(200);
        api.patch(&path, with(inn, "label", json!("Tax number of the payer"))).await.expect(200);
    }
}
