//! Rules that are called from outside: at an address of their own, once under one key, with whatever a program sends.

use serde_json::{Value, json};

use super::world::{Answer, World, worlds};
use super::{RULES, ended, found, rule, run, runs};

/// A rule that makes a lead of what it is sent, with its address.
async fn calling(world: &World, name: &str) -> String {
    let body = json!({
        "name": name, "module": "outside_calls", "when": {"event": "called"},
        "if": "body.number('order.total') >= 100.5 && body.flag('is_new')",
        "then": [{"do": "create", "module": "leads", "fields": {
            "name": "body.text('customer.name')", "email": "body.text('customer.emails.0')",
            "need": "'Заказ ' + body.text('order.number') + ' на ' + body.text('order.total')",
        }}],
    });
    world.admin.post(RULES, body).await.expect(201);
    address(world, name).await
}

async fn address(world: &World, name: &str) -> String {
    let made = world.admin.post(&format!("{RULES}/{name}/address"), json!({})).await.expect(201);
    let address = made["address"].as_str().unwrap();
    address[address.find("/hooks/").unwrap()..].to_owned()
}

fn order(name: &str, total: f64) -> Value {
    json!({
        "customer": {"name": name, "emails": ["anna@example.org", "other@example.org"]},
        "order": {"number": 17, "total": total}, "is_new": true,
    })
}

async fn send(world: &World, address: &str, key: Option<&str>, body: &str) -> Answer {
    let mut headers = vec![("content-type", "application/json")];
    headers.extend(key.map(|key| ("idempotency-key", key)));
    world.anybody().call("POST", address, &headers, body.as_bytes().to_vec()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_is_kept_at_once_and_the_rule_runs_by_it_once() {
    for world in worlds() {
        let api = &world.admin;
        let address = calling(&world, "shop").await;
        let first = send(&world, &address, Some("k1"), &order("Anna Reed", 200.25).to_string()).await.expect(202);
        assert!(found(api, "leads", "has(name)").await.is_empty(), "answered before anything is done");
        // The same key from anywhere is the same call, whatever comes with it.
        let again = send(&world, &address, Some("k1"), "{}").await.expect(202);
        assert_eq!(first["id"], again["id"]);
        send(&world, &address, Some("k2"), &order("Boris Kim", 100.4).to_string()).await.expect(202);
        run(api).await;
        let leads = found(api, "leads", "has(name)").await;
        let said: Vec<_> = leads.iter().map(|lead| [&lead["name"], &lead["email"], &lead["need"]]).collect();
        assert_eq!(said, [[&json!("Anna Reed"), &json!("anna@example.org"), &json!("Заказ 17 на 200.25")]]);
        assert_eq!(ended(api, "shop", "done").await, 1, "{:?}", runs(api, "shop").await);

        // What came stands in its record, and the run leads there.
        let calls = found(api, "outside_calls", "rule == 'shop'").await;
        assert_eq!(calls.len(), 2);
        let told = runs(api, "shop").await;
        assert_eq!((&told[0]["module"], &told[0]["record"]), (&json!("outside_calls"), &first["id"]));
        let call = api.get(&format!("/api/v1/outside_calls/{}", first["id"].as_str().unwrap())).await.expect(200);
        assert_eq!(call["body"]["order"]["total"], json!(200.25));

        let history = api.get(&format!("/api/v1/outside_calls/{}/history", first["id"].as_str().unwrap())).await;
        assert_eq!(history.expect(200)["data"][0]["source"], "hook", "the door is named");

        // Over the past it would have run once; and once more it does.
        let past = api.post(&format!("{RULES}/shop/dry-run"), json!({})).await.expect(200);
        assert_eq!((&past["count"], &past["set_off"]), (&json!(1), &json!(2)), "{past}");
        let past = api.post(&format!("{RULES}/shop/dry-run"), json!({"if": "body.whole('order.number') == 17"})).await;
        assert_eq!(past.expect(200)["count"], 2);
        api.post(&format!("{RULES}/shop/runs"), json!({"once_more": told[0]["id"]})).await.expect(201);
        run(api).await;
        assert_eq!(ended(api, "shop", "done").await, 2);

        // Another rule is another address; a record that somebody makes is nobody's call.
        let other = calling(&world, "other").await;
        assert_ne!(other, address);
        api.post("/api/v1/outside_calls", json!({"rule": "other", "body": {}})).await.faulty(&["body", "rule"]);
        run(api).await;
        assert_eq!(runs(api, "other").await.len(), 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_does_not_know_the_address_learns_nothing() {
    for world in worlds() {
        let api = &world.admin;
        let address = calling(&world, "shop").await;
        let unknown = send(&world, "/hooks/unknown", None, "{}").await;
        let told =
            |answer: &Answer, secret: &str| (answer.status, answer.text.replace(&format!("hooks/{secret}"), "…"));
        let nothing = told(&unknown, "unknown");
        assert_eq!(nothing.0, 404);
        for secret in [&"A".repeat(43), "shop", "%00", "..%2f..", &"x".repeat(3_000), &address[7..address.len() - 1]] {
            let refused = send(&world, &format!("/hooks/{secret}"), None, "{}").await;
            assert_eq!(told(&refused, secret), nothing, "{secret}");
        }
        // A new address is the only one; of neither the store keeps the secret.
        let renewed = self::address(&world, "shop").await;
        assert_eq!(told(&send(&world, &address, None, "{}").await, "").0, 404);
        send(&world, &renewed, None, "{}").await.expect(202);
        // Switched off it is nothing, too; and rules that nobody calls have none.
        api.patch(&format!("{RULES}/shop"), json!({"active": false})).await.expect(200);
        let off = send(&world, &renewed, None, "{}").await;
        assert_eq!(told(&off, ""), nothing);
        rule(api, "made", "leads", json!({"event": "created"}), json!([{"do": "notify", "to": ["owner"]}])).await;
        api.post(&format!("{RULES}/made/address"), json!({})).await.refused(409, "not_called");
        api.post(&format!("{RULES}/none/address"), json!({})).await.refused(404, "not_found");
        let (_, sam) = world.user("sam", "salesperson");
        sam.post(&format!("{RULES}/shop/address"), json!({})).await.refused(403, "missing_right");
        let wrong = json!({"name": "w", "module": "leads", "when": {"event": "called"}, "then": [{"do": "notify", "to": ["owner"]}]});
        api.post(RULES, wrong).await.faulty(&["when.event"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_of_every_kind_are_kept_or_refused_and_break_nothing() {
    for world in worlds() {
        let api = &world.admin;
        let address = calling(&world, "shop").await;
        let deep = format!("{}1{}", "[".repeat(70), "]".repeat(70));
        let wide = format!("[{}1]", "1,".repeat(2_500));
        let long = format!("\"{}\"", "я".repeat(40_000));
        let wrong = [
            ("{", 400),
            ("nonsense", 400),
            (deep.as_str(), 400),
            (wide.as_str(), 413),
            (long.as_str(), 413),
            (r#"{"a":"\u0000"}"#, 422),
            (r#"{"a":1e999}"#, 400),
            (r#"{"a":"\ud800"}"#, 400),
        ];
        for (body, status) in wrong {
            let refused = send(&world, &address, None, body).await;
            assert_eq!(refused.status, status, "{:.60}: {}", body, refused.text);
        }
        let plain = world.anybody().call("POST", &address, &[("content-type", "text/plain")], b"hello".to_vec()).await;
        assert_eq!(plain.status, 415);
        let odd = [
            "",
            "null",
            "[]",
            "1",
            "\"x\"",
            "true",
            r#"{"customer":[],"order":"x","is_new":"true"}"#,
            r#"{"customer":{"name":{"a":1},"emails":{"0":"x"}},"order":{"total":"1e3"},"is_new":1}"#,
            r#"{"order":{"total":100.50001},"is_new":true}"#,
            r#"{"order":{"total":99999999999999999999},"is_new":true}"#,
            r#"{"order":{"total":"-5"},"is_new":true}"#,
        ];
        for body in odd {
            send(&world, &address, None, body).await.expect(202);
        }
        run(api).await;
        assert_eq!(found(api, "outside_calls", "rule == 'shop'").await.len(), odd.len());
        assert_eq!(runs(api, "shop").await.len(), 0, "none of them says what the rule asks for");
        // What fits and cannot be done is a failed run that is seen; a text that is a number is one.
        let nobody =
            json!({"customer": {"name": "www.casino.com"}, "order": {"number": "1", "total": "300"}, "is_new": true});
        send(&world, &address, None, &nobody.to_string()).await.expect(202);
        let bad = json!({"customer": {"name": "Anna", "emails": ["not an address"]}, "order": {"total": 300}, "is_new": true});
        send(&world, &address, None, &bad.to_string()).await.expect(202);
        run(api).await;
        assert!(ended(api, "shop", "failed").await >= 1, "{:?}", runs(api, "shop").await);

        // Too often is told, and nothing of it is kept.
        let mut last = 202;
        for _ in 0..130 {
            last = send(&world, &address, None, "{}").await.status;
        }
        assert_eq!(last, 429);
        assert!(found(api, "outside_calls", "rule == 'shop'").await.len() <= 120);
        // Filters over lists say that they cannot look inside.
        let filter = "body.flag('is_new')".bytes().map(|byte| format!("%{byte:02X}")).collect::<String>();
        api.get(&format!("/api/v1/outside_calls?filter={filter}")).await.refused(400, "not_in_sql");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_and_runs_are_forgotten_when_their_time_is_over() {
    for world in worlds() {
        let api = &world.admin;
        let address = calling(&world, "shop").await;
        let kept = json!({"calls_kept": 10, "rule_runs_kept": 20});
        api.patch("/api/v1/meta/organisation", kept).await.expect(200);
        api.patch("/api/v1/meta/organisation", json!({"calls_kept": 0})).await.faulty(&["calls_kept"]);
        let call = send(&world, &address, Some("k1"), &order("Anna Reed", 200.25).to_string()).await.expect(202);
        // What failed stays until somebody has seen to it.
        let wrong = json!({"customer": {"name": "Boris Kim", "emails": ["no address"]}, "order": {"total": 200}, "is_new": true});
        send(&world, &address, None, &wrong.to_string()).await.expect(202);
        run(api).await;
        assert_eq!((ended(api, "shop", "done").await, ended(api, "shop", "failed").await), (1, 1));
        let done = runs(api, "shop").await.into_iter().find(|run| run["state"] == "done").unwrap();
        let set = format!("/api/v1/change-sets/{}", done["caused_by"].as_str().unwrap());
        assert!(api.get(&set).await.text.contains("Anna Reed"));

        api.post("/api/v1/sandbox/clock", json!({"advance": "P9D"})).await.expect(200);
        assert_eq!(found(api, "outside_calls", "has(rule)").await.len(), 2);
        api.post("/api/v1/sandbox/clock", json!({"advance": "P2D"})).await.expect(200);
        assert!(found(api, "outside_calls", "has(rule)").await.is_empty());
        let path = format!("/api/v1/outside_calls/{}", call["id"].as_str().unwrap());
        assert_eq!(api.get(&path).await.status, 404);
        let told = api.get(&set).await;
        assert!(told.status < 500 && !told.text.contains("Anna Reed"), "the log forgets as well: {}", told.text);
        assert_eq!(found(api, "leads", "name == 'Anna Reed'").await.len(), 1, "what came of it stays");
        assert_eq!(ended(api, "shop", "done").await, 1, "the log of rules is kept longer");
        api.post("/api/v1/sandbox/clock", json!({"advance": "P11D"})).await.expect(200);
        assert_eq!((ended(api, "shop", "done").await, ended(api, "shop", "failed").await), (0, 1));
        // What comes later is taken as ever.
        send(&world, &address, Some("k1"), &order("Vera Lane", 300.0).to_string()).await.expect(202);
        run(api).await;
        assert_eq!(ended(api, "shop", "done").await, 1);
    }
}
