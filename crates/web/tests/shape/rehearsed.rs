//! Changes rehearsed on a copy: what would have come of them, and that nothing did.

use serde_json::{Value, json};

use super::world::{Api, World, worlds};

const ORDERS: &str = "/api/v1/meta/processes/orders";
const RULES: &str = "/api/v1/meta/rules";

async fn ordered(world: &World, kind: &str, name: &str) {
    let order = json!({
        "buyer": {"name": name, "email": format!("{}@example.org", name.to_lowercase())},
        "tickets": [{"ticket_type": kind, "attendee": {"name": name, "email": "anna@example.org"}}],
    });
    world.anybody().post("/api/public/v1/events/harbour/orders", order).await.expect(201);
}

fn count(outcome: &Value, list: &str, key: &str, name: &str) -> i64 {
    let found = outcome[list].as_array().unwrap().iter().find(|one| one[key] == name);
    found.map_or(0, |one| one["count"].as_i64().unwrap())
}

/// Everything that a rehearsal might have touched.
async fn state(api: &Api) -> Vec<Value> {
    let mut all = Vec::new();
    for path in [
        "/api/v1/orders?sort=id",
        "/api/v1/messages?sort=id",
        "/api/v1/activities?sort=id",
        "/api/v1/meta/packs",
        ORDERS,
        RULES,
    ] {
        all.push(api.get(path).await.expect(200));
    }
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn a_longer_wait_is_seen_to_save_the_letters_and_nothing_is_done() {
    for world in worlds() {
        let (api, kind) = (&world.admin, world.event("harbour").await);
        for name in ["Anna", "Boris"] {
            ordered(&world, &kind, name).await;
        }
        let before = state(api).await;
        let longer = json!({"timers": {"payment_wait": {"after": "P3D"}}});
        let told = api.patch(&format!("{ORDERS}?rehearse=P2D"), longer.clone()).await.expect(200);
        assert_eq!(count(&told["as_it_is"], "letters", "template", "order_reminder"), 4, "{told}");
        assert_eq!(count(&told["changed"], "letters", "template", "order_reminder"), 0, "{told}");
        assert_eq!(told["changed"]["first_letters"], json!([]), "{told}");
        let first = &told["as_it_is"]["first_letters"];
        assert_eq!((first.as_array().unwrap().len(), &first[0]["to"]), (4, &json!("anna@example.org")), "{told}");
        assert!(first[0]["text"].as_str().unwrap().contains("100"), "the letter itself, with its sum: {first}");
        assert_eq!((&told["as_it_is"]["whole"], &told["changed"]["failures"]), (&json!(true), &json!([])), "{told}");
        assert_eq!(state(api).await, before, "the workspace itself is only read");

        // Once it is made, it is what was rehearsed.
        api.patch(ORDERS, longer).await.expect(200);
        api.post("/api/v1/sandbox/clock", json!({"advance": "P2D"})).await.expect(200);
        let orders = api.get("/api/v1/orders").await.expect(200);
        assert!(orders["data"].as_array().unwrap().iter().all(|order| order["reminders"] == 0), "{orders}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_retired_state_and_a_rule_that_fails_are_seen_before_they_are_there() {
    for world in worlds() {
        let api = &world.admin;
        for name in ["Anna", "Boris", "Clara"] {
            let lead = api.post("/api/v1/leads", json!({"name": name})).await.expect(201);
            let contact = format!("/api/v1/leads/{}/transitions/contact", lead["id"].as_str().unwrap());
            api.post(&contact, json!({})).await.expect(200);
        }
        let retired = json!({"states": {"contacted": {"retired": true, "moves_to": "new"}}});
        let told = api.patch("/api/v1/meta/processes/leads?rehearse=P1D", retired).await.expect(200);
        let moved = json!([{"module": "leads", "from": "contacted", "to": "new", "count": 3}]);
        assert_eq!((&told["as_it_is"]["moves"], &told["changed"]["moves"]), (&json!([]), &moved), "{told}");

        // The moment of a date comes while the clock goes ahead.
        let clock = api.get("/api/v1/sandbox/clock").await.expect(200);
        let now: jiff::Timestamp = clock["now"].as_str().unwrap().parse().unwrap();
        let due = now + jiff::SignedDuration::from_hours(24);
        for subject in ["A", "B", "C"] {
            let call = json!({"subject": subject, "kind": "call", "due_at": due.to_string()});
            api.post("/api/v1/activities", call).await.expect(201);
        }
        let rule = json!({
            "name": "chase", "module": "activities", "when": {"event": "date", "field": "due_at", "offset": "P2D"},
            "if": "status == \"planned\"", "then": [{"do": "set", "fields": {"purpose": "\"late\""}}],
        });
        let told = api.post(&format!("{RULES}?rehearse=P7D"), rule.clone()).await.expect(200);
        let ran = json!([{"rule": "chase", "done": 3, "failed": 0, "cut": 0, "held": 0}]);
        assert_eq!((&told["as_it_is"]["rules"], &told["changed"]["rules"]), (&json!([]), &ran), "{told}");
        let told = api.post(&format!("{RULES}?rehearse=P2D"), rule.clone()).await.expect(200);
        assert_eq!(told["changed"]["rules"], json!([]), "its moment has not come");
        let mut wrong = rule;
        wrong["then"] = json!([{"do": "move", "transition": "complete"}]);
        let told = api.post(&format!("{RULES}?rehearse=P7D"), wrong).await.expect(200);
        let failed = json!([{"rule": "chase", "done": 0, "failed": 3, "cut": 0, "held": 0}]);
        assert_eq!(told["changed"]["rules"], failed, "{told}");
        api.get(&format!("{RULES}/chase")).await.refused(404, "not_found");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_administrators_rehearse_what_fits_and_not_for_ever() {
    for world in worlds() {
        let api = &world.admin;
        let longer = || json!({"timers": {"payment_wait": {"after": "P3D"}}});
        for length in ["P2Y", "-P1D", "soon", ""] {
            api.patch(&format!("{ORDERS}?rehearse={length}"), longer()).await.faulty(&["rehearse"]);
        }
        let both = format!("{ORDERS}?rehearse=P1D&dry_run=true");
        api.patch(&both, longer()).await.refused(400, "invalid_parameter");
        let wrong = json!({"timers": {"payment_wait": {"after": "soon"}}});
        api.patch(&format!("{ORDERS}?rehearse=P1D"), wrong).await.faulty(&["timers.payment_wait.after"]);
        let (_, salesperson) = world.user("sasha", "salesperson");
        salesperson.patch(&format!("{ORDERS}?rehearse=P1D"), longer()).await.refused(403, "missing_right");
        world.anybody().patch(&format!("{ORDERS}?rehearse=P1D"), longer()).await.refused(401, "unauthenticated");
    }
}
