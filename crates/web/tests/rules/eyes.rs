//! Moves that take a second person.

use serde_json::json;

use super::world::worlds;
use super::{RULES, ended, lead, rule, run, runs};

const PROCESS: &str = "/api/v1/meta/processes/leads";

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_their_own_second_person() {
    for world in worlds() {
        let api = &world.admin;
        let told = async || api.get(&format!("{PROCESS}/numbers")).await.expect(200)["findings"].to_string();
        let four = json!({"transitions": {"qualify": {"four_eyes": true, "asks": []}}});
        api.patch(PROCESS, four).await.expect(200);
        assert!(told().await.contains("four_eyes_alone"), "there is one user alone");
        let (_, head) = world.user("head", "head_of_sales");
        let (owner_id, owner) = world.user("owner", "head_of_sales");
        let (_, second) = world.user("second", "head_of_sales");
        assert!(!told().await.contains("four_eyes_alone"));

        // The administrator makes it, the owner owns it, the head brings it there; the fourth may.
        let id = lead(api, json!({"name": "Anna", "phone": "+79211234567", "owner": owner_id.to_string()})).await;
        let path = format!("/api/v1/leads/{id}");
        let press = format!("{path}/transitions/qualify");
        head.post(&format!("{path}/transitions/contact"), json!({})).await.expect(200);
        for first in [api, &owner, &head] {
            first.post(&press, json!({})).await.refused(403, "four_eyes");
        }
        // Nor is a record given away for a moment.
        owner.patch(&path, json!({"owner": null})).await.expect(200);
        owner.post(&press, json!({})).await.refused(403, "four_eyes");
        assert_eq!(api.get(&path).await.expect(200)["status"], "contacted");
        let moved = second.post(&press, json!({})).await.expect(200);
        assert_eq!(moved["status"], "qualified");

        // Who brings it back by undo has not looked at it.
        let set = second.post(&format!("{path}/transitions/disqualify"), json!({})).await;
        let set = set.headers["change-set"].to_str().unwrap().to_owned();
        api.post(&format!("/api/v1/undo/{set}"), json!({})).await.expect(200);
        assert_eq!(
            api.get(&path).await.expect(200)["status"],
            "qualified",
            "no four eyes lead back there from the end"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn undo_is_no_way_round() {
    for world in worlds() {
        let api = &world.admin;
        let (_, second) = world.user("second", "head_of_sales");
        let four = json!({"transitions": {
            "qualify": {"four_eyes": true, "asks": []},
            "back.qualified.contacted": {"from": ["qualified"], "to": "contacted", "label": {"ru": "Назад", "en": "Back"}},
        }});
        api.patch(PROCESS, four).await.expect(200);
        let id = lead(api, json!({"name": "Anna", "phone": "+79211234567"})).await;
        let path = format!("/api/v1/leads/{id}");
        api.post(&format!("{path}/transitions/contact"), json!({})).await.expect(200);
        second.post(&format!("{path}/transitions/qualify"), json!({})).await.expect(200);
        let back = api.post(&format!("{path}/transitions/back"), json!({})).await;
        let set = back.headers["change-set"].to_str().unwrap().to_owned();
        api.patch(&path, json!({"company": "Another"})).await.expect(200);
        api.post(&format!("/api/v1/undo/{set}"), json!({})).await.refused(403, "four_eyes");
        assert_eq!(api.get(&path).await.expect(200)["status"], "contacted");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_is_nobody_and_does_not_make_it() {
    for world in worlds() {
        let api = &world.admin;
        let then = json!([{"do": "move", "transition": "contact"}]);
        rule(api, "reached", "leads", json!({"event": "changed", "fields": ["phone"]}), then.clone()).await;
        let four = |on: bool| json!({"transitions": {"contact": {"four_eyes": on}}});
        // What the rule does is no more possible: the process that says so is refused with the place.
        let refused = api.patch(PROCESS, four(true)).await;
        assert_eq!(refused.status, 422, "{}", refused.text);
        assert!(refused.text.contains("reached"), "{}", refused.text);
        api.patch(&format!("{RULES}/reached"), json!({"active": false})).await.expect(200);
        api.patch(PROCESS, four(true)).await.expect(200);
        let body = json!({"name": "other", "module": "leads", "when": {"event": "created"}, "then": then});
        api.post(RULES, body).await.refused(422, "validation_failed");
        let id = lead(api, json!({"name": "Anna", "phone": "+79211234567"})).await;
        run(api).await;
        assert_eq!((ended(api, "reached", "done").await, runs(api, "reached").await.len()), (0, 0));
        let moves = api.get("/api/v1/meta/processes/leads").await.expect(200)["transitions"].clone();
        let contact = moves.as_array().unwrap().iter().find(|step| step["name"] == "contact").unwrap();
        assert_eq!(contact["four_eyes"], true);
        let page = api.get(&format!("/api/v1/leads/{id}")).await.expect(200);
        assert_eq!(page["status"], "new");
        // The program's own moves have no eyes at all.
        let wrong = json!({"transitions": {"convert": {"four_eyes": true}}});
        assert_eq!(api.patch(PROCESS, wrong).await.status, 422);
    }
}
