//! Process 2, the steps of private persons: doors through which requests come, how long an order waits, what ends the waiting,
//! and the way back to the counter; on both databases.

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::world::{Answer, Api, World, worlds};

const ORDERS: &str = "/api/v1/orders";

fn id(record: &Value) -> &str {
    record["id"].as_str().unwrap()
}

async fn all(who: &Api, path: &str) -> Vec<Value> {
    who.get(path).await.expect(200)["data"].as_array().unwrap().clone()
}

/// The event of a ticket type.
async fn event_of(world: &World, kind: &str) -> String {
    let kind = world.admin.get(&format!("/api/v1/ticket_types/{kind}")).await.expect(200);
    format!("/api/v1/events/{}", kind["event"].as_str().unwrap())
}

async fn place(world: &World, slug: &str, kind: &str, email: &str) -> Answer {
    let order = json!({"buyer": {"name": "Anna Reed", "email": email}, "tickets": [{"ticket_type": kind}]});
    world.anybody().post(&format!("/api/public/v1/events/{slug}/orders"), order).await
}

/// An order of somebody; answers its address.
async fn ordered(world: &World, slug: &str, kind: &str, email: &str) -> String {
    let placed = place(world, slug, kind, email).await.expect(201);
    let orders = all(&world.admin, &format!("{ORDERS}?limit=500")).await;
    let order = orders.iter().find(|order| order["number"] == placed["number"]).unwrap();
    format!("{ORDERS}/{}", id(order))
}

/// Hours from an order's last letter to when it is looked at.
async fn waits(api: &Api, order: &str) -> i64 {
    let order = api.get(order).await.expect(200);
    let at = |name: &str| order[name].as_str().unwrap().parse::<Timestamp>().unwrap();
    at("next_check_at").duration_since(at("last_letter_at")).as_hours()
}

async fn pass(world: &World, time: &str) {
    world.admin.post("/api/v1/sandbox/clock", json!({"advance": time})).await.expect(200);
}

async fn letters(world: &World, to: &str) -> Vec<Value> {
    all(&world.admin, &format!("/api/v1/sandbox/outbox?to={to}")).await
}

fn price(amount: &str, from: Option<Timestamp>, until: Option<Timestamp>) -> Value {
    let moment = |at: Option<Timestamp>| at.map(|at| at.to_string());
    json!({"price": {"amount": amount, "currency": "RUB"}, "from": moment(from), "until": moment(until)})
}

async fn now(world: &World) -> Timestamp {
    world.admin.get("/api/v1/sandbox/clock").await.expect(200)["now"].as_str().unwrap().parse().unwrap()
}

/// Sends a form as a browser without script does.
async fn submit(world: &World, path: &str, fields: &[(&str, &str)]) -> Answer {
    let headers = [("content-type", "application/x-www-form-urlencoded"), ("sec-fetch-site", "same-origin")];
    let body = serde_urlencoded::to_string(fields).unwrap().into_bytes();
    world.anybody().call("POST", path, &headers, body).await
}

#[tokio::test(flavor = "multi_thread")]
async fn process_2_step_1_a_request_comes_by_form_and_a_bad_address_is_told_with_what_was_typed() {
    for world in worlds() {
        let kind = world.event("harbour").await;
        let count = format!("count.{kind}");
        let typed = |email: &'static str| {
            [
                (count.as_str(), "1"),
                ("buyer_name", "Анна Ридова"),
                ("buyer_email", email),
                ("buyer_phone", "8 (921) 123-45-67"),
                ("consent", "yes"),
            ]
        };
        let refused = submit(&world, "/e/harbour", &typed("anna-at-example")).await;
        assert_eq!(refused.status, 422, "{}", refused.text);
        assert!(refused.text.contains("anna-at-example") && refused.text.contains("Анна Ридова"), "it is kept");
        assert!(refused.text.contains("id=\"buyer_email-error\""), "the field is marked: {}", refused.text);
        assert!(all(&world.admin, ORDERS).await.is_empty() && all(&world.admin, "/api/v1/leads").await.is_empty());

        let taken = submit(&world, "/e/harbour", &typed("Anna@Example.org")).await;
        assert_eq!(taken.status, 303, "{}", taken.text);
        let page = taken.headers["location"].to_str().unwrap().to_owned();
        let orders = all(&world.admin, ORDERS).await;
        assert_eq!(orders.len(), 1);
        assert_eq!((&orders[0]["status"], &orders[0]["buyer_email"]), (&json!("pending"), &json!("anna@example.org")));
        assert!(orders[0]["lead"].is_string() && orders[0]["public_url"].as_str().unwrap().ends_with(&page));
        let shown = world.anybody().send("GET", &page, &[("accept", "text/html")], None).await;
        assert!(shown.status == 200 && shown.text.contains(orders[0]["number"].as_str().unwrap()));
        assert_eq!(letters(&world, "anna@example.org").await.len(), 1, "and a letter says how to pay");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn process_2_step_1_a_manager_enters_a_request_that_came_by_telephone() {
    for world in worlds() {
        let kind = world.event("harbour").await;
        let event = event_of(&world, &kind).await.rsplit('/').next().unwrap().to_owned();
        let (sam_id, sam) = world.user("sam", "salesperson");
        let (_, door) = world.user("door", "door");
        let entered = |email: &str| {
            json!({
                "event": event, "buyer_name": "Pavel Orlov", "buyer_email": email, "buyer_phone": "8 921 765-43-21",
                "channel": "phone", "tickets": [{"ticket_type": kind}],
            })
        };
        door.post(ORDERS, entered("pavel@example.org")).await.refused(403, "create_forbidden");
        sam.post(ORDERS, entered("pavel")).await.faulty(&["buyer_email"]);
        assert!(all(&world.admin, ORDERS).await.is_empty());
        let order = sam.post(ORDERS, entered("pavel@example.org")).await.expect(201);
        assert_eq!((&order["status"], &order["channel"]), (&json!("pending"), &json!("phone")));
        assert_eq!(order["buyer_phone"], "+79217654321");
        let line = sam.get(&format!("{ORDERS}/{}/timeline", id(&order))).await.expect(200);
        let mut made = line["data"].as_array().unwrap().iter().filter(|entry| entry["operation"] == "create");
        assert_eq!(
            made.next().map(|entry| &entry["actor"]),
            Some(&json!(sam_id.to_string())),
            "who entered it: {line}"
        );
        assert_eq!(letters(&world, "pavel@example.org").await.len(), 1, "the buyer is told as any other");
        let left = world.admin.get(&format!("/api/v1/ticket_types/{kind}")).await.expect(200);
        assert_eq!((&left["reserved"], &left["available"]), (&json!(1), &json!(9)));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn process_2_step_5_an_order_waits_as_its_ticket_type_says_else_its_event_else_the_workspace() {
    for world in worlds() {
        let api = &world.admin;
        let kind = world.event("harbour").await;
        let event = event_of(&world, &kind).await;
        let mut number = 0;
        let mut next = || {
            number += 1;
            format!("anna{number}@example.org")
        };
        assert_eq!(waits(api, &ordered(&world, "harbour", &kind, &next()).await).await, 24, "a day, where nobody says");
        api.patch("/api/v1/meta/organisation", json!({"payment_wait": "PT10H"})).await.expect(200);
        assert_eq!(waits(api, &ordered(&world, "harbour", &kind, &next()).await).await, 10);
        api.patch(&event, json!({"payment_wait": "PT5H"})).await.expect(200);
        assert_eq!(waits(api, &ordered(&world, "harbour", &kind, &next()).await).await, 5);
        api.patch(&format!("/api/v1/ticket_types/{kind}"), json!({"payment_wait": "PT2H"})).await.expect(200);
        let order = ordered(&world, "harbour", &kind, &next()).await;
        assert_eq!(waits(api, &order).await, 2);
        // And it is so long in truth: a reminder, and as long again.
        pass(&world, "PT1H50M").await;
        assert_eq!(api.get(&order).await.expect(200)["reminders"], 0);
        for reminders in 1..=2 {
            pass(&world, if reminders == 1 { "PT20M" } else { "PT2H" }).await;
            assert_eq!(api.get(&order).await.expect(200)["reminders"], reminders);
        }
        api.patch(&event, json!({"payment_wait": "PT0S"})).await.faulty(&["payment_wait"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn process_2_step_5_a_closed_sale_and_a_past_event_free_the_seats_and_say_why() {
    for world in worlds() {
        let api = &world.admin;
        let mut orders = Vec::new();
        for (slug, reason) in [("closed", "sale_closed"), ("until", "sale_closed"), ("past", "event_past")] {
            let kind = world.event(slug).await;
            let email = format!("{slug}@example.org");
            let order = ordered(&world, slug, &kind, &email).await;
            match slug {
                "closed" => api.patch(&event_of(&world, &kind).await, json!({"status": "closed"})).await.expect(200),
                "until" => {
                    let until = json!({"sale_until": now(&world).await.to_string()});
                    api.patch(&format!("/api/v1/ticket_types/{kind}"), until).await.expect(200)
                }
                _ => api.patch(&event_of(&world, &kind).await, json!({"status": "past"})).await.expect(200),
            };
            orders.push((order, kind, email, reason));
        }
        pass(&world, "PT23H").await;
        for (order, ..) in &orders {
            assert_eq!(api.get(order).await.expect(200)["status"], "pending", "not before its look");
        }
        pass(&world, "PT2H").await;
        for (order, kind, email, reason) in &orders {
            let ended = api.get(order).await.expect(200);
            assert_eq!((&ended["status"], &ended["end_reason"]), (&json!("annulled"), &json!(reason)), "{email}");
            let left = api.get(&format!("/api/v1/ticket_types/{kind}")).await.expect(200);
            assert_eq!(left["reserved"], 0);
            let told = letters(&world, email).await;
            let last = told.last().unwrap();
            assert_eq!(last["template"], "order_annulled");
            assert!(!last["text"].as_str().unwrap().contains("/e/"), "there is nothing to order again: {last}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn process_2_step_5_after_a_change_of_price_the_link_leads_to_the_new_one() {
    for world in worlds() {
        let api = &world.admin;
        let kind = world.event("harbour").await;
        let change = now(&world).await + jiff::SignedDuration::from_hours(12);
        let tiers = json!([price("100.00", None, Some(change)), price("150.00", Some(change), None)]);
        api.patch(&format!("/api/v1/ticket_types/{kind}"), json!({"price_tiers": tiers})).await.expect(200);
        let order = ordered(&world, "harbour", &kind, "anna@example.org").await;
        pass(&world, "PT13H").await;
        assert_eq!(api.get(&order).await.expect(200)["status"], "pending", "it is annulled at its look, not before");
        pass(&world, "PT12H").await;
        let ended = api.get(&order).await.expect(200);
        assert_eq!((&ended["status"], &ended["end_reason"]), (&json!("annulled"), &json!("price_changed")));

        let told = letters(&world, "anna@example.org").await;
        let text = told.last().unwrap()["text"].as_str().unwrap().to_owned();
        let link = text.split_whitespace().find(|word| word.starts_with("http://127.0.0.1/e/")).unwrap();
        let path = link.strip_prefix("http://127.0.0.1").unwrap();
        let page = world.anybody().send("GET", path, &[("accept", "text/html")], None).await;
        assert_eq!(page.status, 200);
        assert!(page.text.contains("150"), "the price of today: {}", page.text);
        let count = format!("count.{kind}");
        let typed = [
            (count.as_str(), "1"),
            ("buyer_name", "Anna Reed"),
            ("buyer_email", "anna@example.org"),
            ("consent", "yes"),
        ];
        assert_eq!(submit(&world, path, &typed).await.status, 303);
        let orders = all(api, &format!("{ORDERS}?sort=created_at")).await;
        assert_eq!(orders.len(), 2);
        assert_eq!(
            (&orders[1]["status"], &orders[1]["total"]["amount"], &orders[1]["lead"]),
            (&json!("pending"), &json!("150.00"), &orders[0]["lead"]),
            "the same person at the new price"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn process_9_seats_are_held_for_the_grace_of_the_event_after_the_day_that_was_told() {
    for world in worlds() {
        let api = &world.admin;
        let kind = world.event("harbour").await;
        let event = event_of(&world, &kind).await;
        api.patch(&event, json!({"grace": "P2D", "capacity": 1})).await.expect(200);
        let order = ordered(&world, "harbour", &kind, "anna@example.org").await;
        api.patch(&event, json!({"status": "closed"})).await.expect(200);
        pass(&world, "PT25H").await;
        let held = api.get(&order).await.expect(200);
        assert_eq!((&held["status"], &held["reminders"]), (&json!("pending"), &json!(0)));
        api.patch(&event, json!({"status": "on_sale"})).await.expect(200);
        place(&world, "harbour", &kind, "late@example.org").await.refused(409, "sold_out");
        api.patch(&event, json!({"status": "closed"})).await.expect(200);
        pass(&world, "PT48H").await;
        assert_eq!(api.get(&order).await.expect(200)["status"], "annulled");
        api.patch(&event, json!({"status": "on_sale"})).await.expect(200);
        place(&world, "harbour", &kind, "late@example.org").await.expect(201);
        // Whoever pays within the grace has paid in time.
        api.patch(&event, json!({"capacity": 5})).await.expect(200);
        let kept = ordered(&world, "harbour", &kind, "boris@example.org").await;
        api.patch(&event, json!({"status": "closed"})).await.expect(200);
        pass(&world, "PT30H").await;
        let paid = json!({"amount": {"amount": "100.00", "currency": "RUB"}, "order": kept.rsplit('/').next()});
        api.post("/api/v1/payments", paid).await.expect(201);
        pass(&world, "P3D").await;
        assert_eq!(api.get(&kept).await.expect(200)["status"], "paid");
    }
}
