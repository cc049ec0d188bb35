//! What comes later, once more, or to another record than the rule's own.

use serde_json::{Value, json};

use super::world::{Api, worlds};
use super::{RULES, ended, found, lead, rule, run, runs};

async fn wait(api: &Api, span: &str) {
    api.post("/api/v1/sandbox/clock", json!({"advance": span})).await.expect(200);
}

async fn need(api: &Api, lead: &str) -> Value {
    api.get(&format!("/api/v1/leads/{lead}")).await.expect(200)["need"].clone()
}

fn note(text: &str) -> Value {
    json!({"do": "set", "fields": {"need": format!("\"{text}\"")}})
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_waits_and_goes_on_by_itself() {
    for world in worlds() {
        let api = &world.admin;
        let then = json!([
            note("first"),
            {"do": "wait", "after": "P2D"},
            note("second"),
            {"do": "wait", "after": "PT1H"},
            {"do": "create", "module": "activities", "fields": {"subject": "name", "about": "id"}},
        ]);
        let body = json!({
            "name": "slow", "module": "leads", "if": "name != \"Boris\"", "when": {"event": "created"}, "then": then,
        });
        api.post(RULES, body).await.expect(201);
        let (anna, boris) = (lead(api, json!({"name": "Anna"})).await, lead(api, json!({"name": "Boris"})).await);
        let gone = lead(api, json!({"name": "Gone"})).await;
        run(api).await;
        assert_eq!((need(api, &anna).await, need(api, &boris).await), (json!("first"), json!(null)));
        assert_eq!((ended(api, "slow", "done").await, ended(api, "slow", "waiting").await), (2, 2));
        api.send("DELETE", &format!("/api/v1/leads/{gone}"), &[], None).await;
        wait(api, "P1DT23H").await;
        assert_eq!(need(api, &anna).await, "first");
        // It goes on whatever the record has become meanwhile.
        api.patch(&format!("/api/v1/leads/{anna}"), json!({"name": "Boris"})).await.expect(200);
        wait(api, "PT1H1M").await;
        assert_eq!(need(api, &anna).await, "second");
        assert!(found(api, "activities", "has(id)").await.is_empty());
        wait(api, "PT1H").await;
        assert_eq!(found(api, "activities", &format!("about == \"{anna}\"")).await.len(), 1);
        let all = runs(api, "slow").await;
        assert_eq!((ended(api, "slow", "waiting").await, ended(api, "slow", "failed").await), (0, 1), "{all:?}");
        let failed = all.iter().find(|run| run["state"] == "failed").unwrap();
        assert_eq!(failed["record"], json!(gone), "what is gone waits for nobody");
        assert!(all.iter().all(|run| run["attempts"] == 1), "{all:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_fails_after_a_wait_is_tried_again_from_there() {
    for world in worlds() {
        let api = &world.admin;
        let then = json!([
            {"do": "create", "module": "activities", "fields": {"subject": "name", "about": "id"}},
            {"do": "wait", "after": "P1D"},
            {"do": "assign", "to": {"team": "Sales"}},
        ]);
        rule(api, "slow", "leads", json!({"event": "created"}), then).await;
        let anna = lead(api, json!({"name": "Anna"})).await;
        wait(api, "P1DT1H").await;
        assert_eq!((ended(api, "slow", "done").await, ended(api, "slow", "failed").await), (1, 1));
        let (seller, _) = world.user("seller", "salesperson");
        let team = api.post("/api/v1/meta/teams", json!({"name": "Sales"})).await.expect(201);
        let team = format!("/api/v1/meta/teams/{}", team["id"].as_str().unwrap());
        api.patch(&team, json!({"members": [seller.to_string()]})).await.expect(200);
        assert_eq!(api.post(&format!("{RULES}/slow/rerun"), json!({})).await.expect(200)["queued"], 1);
        run(api).await;
        assert_eq!((ended(api, "slow", "done").await, ended(api, "slow", "failed").await), (2, 0));
        let record = api.get(&format!("/api/v1/leads/{anna}")).await.expect(200);
        assert_eq!(record["owner"], json!(seller.to_string()));
        assert_eq!(
            found(api, "activities", "has(id)").await.len(),
            1,
            "what was done before the wait is not done twice"
        );

        // Who is switched off, or changed, while it waits does not go on with something else.
        let boris = lead(api, json!({"name": "Boris"})).await;
        run(api).await;
        api.patch(&format!("{RULES}/slow"), json!({"then": [note("a"), note("b"), note("c")]})).await.expect(200);
        wait(api, "P1DT1H").await;
        assert_eq!((need(api, &boris).await, ended(api, "slow", "failed").await), (json!(null), 1));
        api.patch(&format!("{RULES}/slow"), json!({"then": [{"do": "wait", "after": "P1D"}, note("a")]}))
            .await
            .expect(200);
        let clara = lead(api, json!({"name": "Clara"})).await;
        run(api).await;
        api.patch(&format!("{RULES}/slow"), json!({"active": false})).await.expect(200);
        wait(api, "P1DT1H").await;
        assert_eq!((need(api, &clara).await, ended(api, "slow", "failed").await), (json!(null), 2));
        let wrong = json!({"then": [note("a"), {"do": "wait", "after": "P1D"}]});
        api.patch(&format!("{RULES}/slow"), wrong).await.faulty(&["then[1]"]);
        let wrong = json!({"then": [{"do": "wait", "after": "P1M", "working": true}, note("a")]});
        api.patch(&format!("{RULES}/slow"), wrong).await.faulty(&["then[0].after"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_done_is_done_once_more_when_somebody_wants_it() {
    for world in worlds() {
        let api = &world.admin;
        let call = json!({"do": "create", "module": "activities", "fields": {"subject": "name", "about": "id"}});
        rule(api, "call", "leads", json!({"event": "created"}), json!([call])).await;
        let anna = lead(api, json!({"name": "Anna"})).await;
        lead(api, json!({"name": "Boris"})).await;
        run(api).await;
        let calls = async || found(api, "activities", &format!("about == \"{anna}\"")).await.len();
        let first = runs(api, "call").await.into_iter().find(|run| run["record"] == json!(anna)).unwrap();
        let again = async || api.post(&format!("{RULES}/call/runs"), json!({"once_more": first["id"]})).await;
        let made = again().await.expect(201);
        assert_eq!((&made["state"], calls().await), (&json!("waiting"), 1));
        again().await.refused(409, "run_waits");
        run(api).await;
        assert_eq!((calls().await, ended(api, "call", "done").await), (2, 3));
        again().await.expect(201);
        run(api).await;
        assert_eq!((calls().await, ended(api, "call", "done").await), (3, 4), "and once more");
        api.patch(&format!("{RULES}/call"), json!({"active": false})).await.expect(200);
        again().await.refused(409, "rule_is_off");
        api.post(&format!("{RULES}/call/runs"), json!({"once_more": anna})).await.refused(404, "not_found");
        api.post(&format!("{RULES}/call/runs"), json!({})).await.faulty(&["once_more"]);
        let (_, seller) = world.user("seller", "salesperson");
        let body = json!({"once_more": first["id"]});
        seller.post(&format!("{RULES}/call/runs"), body).await.refused(403, "missing_right");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_record_links_to_is_set() {
    for world in worlds() {
        let api = &world.admin;
        let made = async |module: &str, body: Value| {
            api.post(&format!("/api/v1/{module}"), body).await.expect(201)["id"].as_str().unwrap().to_owned()
        };
        let account = made("accounts", json!({"name": "Harbour"})).await;
        let money = json!({"amount": "10.00", "currency": "RUB"});
        let set = json!([{"do": "set", "of": "account", "fields": {"name": "name + \"!\""}}]);
        rule(api, "mark", "deals", json!({"event": "created"}), set).await;
        made("deals", json!({"name": "Stand", "amount": money, "account": account})).await;
        made("deals", json!({"name": "Nobody", "amount": money})).await;
        run(api).await;
        let told = runs(api, "mark").await;
        assert_eq!(ended(api, "mark", "done").await, 2, "{told:?}");
        assert_eq!(api.get(&format!("/api/v1/accounts/{account}")).await.expect(200)["name"], "Stand!");
        for (action, place) in [
            (json!({"do": "set", "of": "nothing", "fields": {"name": "name"}}), "then[0].of"),
            (json!({"do": "set", "of": "name", "fields": {"name": "name"}}), "then[0].of"),
            (json!({"do": "set", "of": "account", "fields": {"nothing": "name"}}), "then[0].fields.nothing"),
        ] {
            let body = json!({"name": "x", "module": "deals", "when": {"event": "created"}, "then": [action]});
            api.post(RULES, body).await.faulty(&[place]);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_asks_a_second_person_and_goes_on_when_they_agree() {
    for world in worlds() {
        let api = &world.admin;
        let (_, head) = world.user("head", "head_of_sales");
        let (_, other) = world.user("other", "head_of_sales");
        let (_, seller) = world.user("seller", "salesperson");
        let then = json!([note("asked"), {"do": "approve", "by": {"role": "head_of_sales"}}, note("approved")]);
        rule(api, "ask", "leads", json!({"event": "created"}), then).await;
        let (anna, boris) = (lead(api, json!({"name": "Anna"})).await, lead(api, json!({"name": "Boris"})).await);
        let own = lead(&head, json!({"name": "Own"})).await;
        run(api).await;
        assert_eq!((need(api, &anna).await, ended(api, "ask", "asked").await), (json!("asked"), 3));
        let told = head.get("/api/v1/notifications").await.expect(200);
        assert!(told["data"].as_array().unwrap().iter().any(|it| it["rule"] == "ask"), "{told}");
        let asked =
            async |who: &Api| who.get("/api/v1/approvals").await.expect(200)["data"].as_array().unwrap().clone();
        let all = asked(&head).await;
        assert_eq!((all.len(), asked(&seller).await.len(), asked(api).await.len()), (3, 0, 0));
        let of = |lead: &str| all.iter().find(|it| it["about"]["id"] == *lead).unwrap();
        assert_eq!((&of(&own)["may_answer"], &of(&anna)["may_answer"]), (&json!(false), &json!(true)));
        let answer = async |who: &Api, lead: &str, yes: bool| {
            let path = format!("/api/v1/approvals/ask/{}", of(lead)["id"].as_str().unwrap());
            who.post(&path, json!({"approve": yes})).await
        };
        answer(&head, &own, true).await.refused(403, "four_eyes");
        answer(&seller, &anna, true).await.refused(404, "not_found");
        answer(api, &anna, true).await.refused(404, "not_found");
        assert_eq!(answer(&head, &anna, true).await.expect(200)["state"], "waiting");
        answer(&other, &anna, false).await.refused(409, "already_answered");
        assert_eq!(answer(&other, &boris, false).await.expect(200)["state"], "refused");
        answer(&other, &own, true).await.expect(200);
        run(api).await;
        assert_eq!((need(api, &anna).await, need(api, &own).await), (json!("approved"), json!("approved")));
        assert_eq!((need(api, &boris).await, ended(api, "ask", "refused").await), (json!("asked"), 1));
        let all = runs(api, "ask").await;
        let done = all.iter().find(|run| run["record"] == json!(anna) && run["reason"].is_string()).unwrap();
        assert_eq!(done["reason"], "approved by head", "{all:?}");
        assert!(asked(&head).await.is_empty());
        // Nobody gets round the question.
        let once_more = json!({"once_more": done["id"]});
        api.post(&format!("{RULES}/ask/runs"), once_more).await.refused(409, "run_was_approved");
        assert_eq!(api.post(&format!("{RULES}/ask/rerun"), json!({})).await.expect(200)["queued"], 0);
    }
}
