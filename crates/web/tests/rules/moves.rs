//! Rules that a move sets off: two moves between the same states are told apart, and one that leads back to where the record
//! stands is seen.

use serde_json::{Value, json};

use super::world::worlds;
use super::{RULES, ended, found, lead, rule, run, runs};

fn moved(transitions: &[&str]) -> Value {
    json!({"event": "moved", "transitions": transitions})
}

fn note(text: &str) -> Value {
    json!([{"do": "set", "fields": {"source": format!("source + \" {text}\"")}}])
}

#[tokio::test(flavor = "multi_thread")]
async fn moves_between_the_same_states_and_back_to_the_same_are_told_apart() {
    for world in worlds() {
        let api = &world.admin;
        let label = json!({"ru": "Ещё", "en": "More"});
        let moves = json!({"transitions": {
            "meet": {"label": label, "from": ["new"], "to": "contacted"},
            "remind": {"label": label, "from": ["new", "contacted"], "to": "contacted"},
            "nudge": {"label": label, "from": ["contacted"], "to": "contacted"},
        }});
        api.patch("/api/v1/meta/processes/leads", moves).await.expect(200);
        for (name, transitions) in [("met", &["meet"][..]), ("called", &["contact"]), ("nudged", &["nudge", "remind"])]
        {
            rule(api, name, "leads", moved(transitions), note(name)).await;
        }
        let press = async |id: &str, step: &str| {
            api.post(&format!("/api/v1/leads/{id}/transitions/{step}"), json!({})).await.expect(200);
        };
        let need = async |id: &str| api.get(&format!("/api/v1/leads/{id}")).await.expect(200)["source"].clone();
        let counts = async || {
            let mut counts = Vec::new();
            for name in ["met", "called", "nudged"] {
                counts.push(ended(api, name, "done").await);
            }
            counts
        };
        let anna = lead(api, json!({"name": "Anna", "source": "-"})).await;
        let boris = lead(api, json!({"name": "Boris", "source": "-"})).await;
        press(&anna, "meet").await;
        press(&boris, "contact").await;
        run(api).await;
        assert_eq!((need(&anna).await, need(&boris).await), (json!("- met"), json!("- called")));
        // Back to where it stands, as often as it is made; a change by hand is no move.
        press(&anna, "nudge").await;
        press(&anna, "nudge").await;
        press(&boris, "remind").await;
        api.patch(&format!("/api/v1/leads/{boris}"), json!({"company": "Vector"})).await.expect(200);
        run(api).await;
        assert_eq!((counts().await, need(&anna).await), (vec![1, 1, 3], json!("- met nudged nudged")));
        assert_eq!(need(&boris).await, "- called nudged");

        // The past knows which move it was.
        for (transitions, count) in [(&["meet"][..], 1), (&["contact"], 1), (&["nudge"], 2), (&["lose"], 0)] {
            let body = json!({"module": "leads", "when": moved(transitions), "then": note("x")});
            let told = api.post(&format!("{RULES}/other/dry-run"), body).await.expect(200);
            assert_eq!((&told["count"], &told["set_off"]), (&json!(count), &json!(count)), "{transitions:?}");
        }
        // What is taken back sets nothing off, and was is what stood before.
        let body = json!({
            "name": "came", "module": "leads", "when": moved(&["lose"]), "if": "was_status == \"contacted\"",
            "then": note("lost"),
        });
        api.post(RULES, body).await.expect(201);
        let clara = lead(api, json!({"name": "Clara", "source": "-"})).await;
        for id in [&anna, &clara] {
            let lose = format!("/api/v1/leads/{id}/transitions/lose");
            let lost = api.post(&lose, json!({"lost_reason": "Later"})).await;
            if id == &anna {
                run(api).await;
            }
            let set = lost.headers["change-set"].to_str().unwrap();
            api.post(&format!("/api/v1/undo/{set}"), json!({})).await.expect(200);
        }
        run(api).await;
        assert_eq!(ended(api, "came", "done").await, 1, "{:?}", runs(api, "came").await);
        assert_eq!(counts().await, [1, 1, 3]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_move_that_is_not_there_is_refused_with_its_place() {
    for world in worlds() {
        let api = &world.admin;
        let body = |when: Value| json!({"name": "x", "module": "leads", "when": when, "then": note("x")});
        api.post(RULES, body(moved(&["lose", "fly"]))).await.faulty(&["when.transitions[1]"]);
        api.post(RULES, body(moved(&[]))).await.faulty(&["when.transitions"]);
        let none = json!({"name": "x", "module": "accounts", "when": moved(&["lose"]), "then": [{"do": "set", "fields": {"name": "name"}}]});
        api.post(RULES, none).await.faulty(&["when.transitions"]);
        // A name stands for every move that has it.
        api.post(RULES, body(moved(&["lose"]))).await.expect(201);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_that_is_declined_is_told_from_one_that_is_annulled() {
    for world in worlds() {
        let api = &world.admin;
        for name in ["annul", "decline", "cancel"] {
            let then = json!([{"do": "create", "module": "activities", "fields": {"subject": format!("\"{name}\"")}}]);
            rule(api, &format!("on_{name}"), "orders", moved(&[name]), then).await;
        }
        let kind = world.event("harbour").await;
        let event = api.get("/api/v1/events").await.expect(200)["data"][0]["id"].clone();
        let place = async || {
            let order = json!({
                "event": event, "buyer_name": "Boris", "buyer_email": "boris@example.org", "tickets": [{"ticket_type": kind}],
            });
            api.post("/api/v1/orders", order).await.expect(201)["id"].as_str().unwrap().to_owned()
        };
        let counts = async || {
            run(api).await;
            let mut counts = Vec::new();
            for name in ["annul", "decline", "cancel"] {
                counts.push(ended(api, &format!("on_{name}"), "done").await);
            }
            counts
        };
        for step in ["annul", "cancel"] {
            let path = format!("/api/v1/orders/{}/transitions/{step}", place().await);
            api.post(&path, json!({})).await.expect(200);
        }
        assert_eq!(counts().await, [1, 0, 1]);
        // By the clock: nobody pays, and the price is another one at the look.
        place().await;
        let tiers = json!([{"price": {"amount": "150.00", "currency": "RUB"}, "from": null, "until": null}]);
        api.patch(&format!("/api/v1/ticket_types/{kind}"), json!({"price_tiers": tiers})).await.expect(200);
        api.post("/api/v1/sandbox/clock", json!({"advance": "P2D"})).await.expect(200);
        assert_eq!(counts().await, [2, 0, 1]);
        // Whoever is offered seats of the waiting list declines them by the link.
        api.patch(&format!("/api/v1/ticket_types/{kind}"), json!({"quota": 0})).await.expect(200);
        let entry = json!({"ticket_type": kind, "seats": 1, "name": "Vera Lane", "email": "vera@example.org"});
        world.anybody().post("/api/public/v1/events/harbour/waiting-list", entry).await.expect(201);
        api.patch(&format!("/api/v1/ticket_types/{kind}"), json!({"quota": 1})).await.expect(200);
        run(api).await;
        let outbox = api.get("/api/v1/sandbox/outbox?to=vera@example.org").await.expect(200);
        let text = outbox["data"].as_array().unwrap().last().unwrap()["text"].as_str().unwrap().to_owned();
        let (_, rest) = text.split_once("/p/o/").unwrap();
        let link: String =
            rest.chars().take_while(|sign| sign.is_ascii_alphanumeric() || "-_".contains(*sign)).collect();
        world.anybody().post(&format!("/api/public/v1/orders/{link}/decline"), json!({})).await.expect(200);
        assert_eq!(counts().await, [2, 1, 1]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_services_end_by_themselves_says_which_move_it_was() {
    for world in worlds() {
        let api = &world.admin;
        let watched = [("tickets", "cancelled"), ("tickets", "cancel"), ("surveys", "expire"), ("surveys", "close")];
        for (module, name) in watched {
            let then = json!([{"do": "create", "module": "activities", "fields": {"subject": format!("\"{name}\"")}}]);
            rule(api, &format!("on_{name}"), module, moved(&[name]), then).await;
        }
        let counts = async || {
            run(api).await;
            let mut counts = Vec::new();
            for (_, name) in watched {
                counts.push(ended(api, &format!("on_{name}"), "done").await);
            }
            counts
        };
        // A ticket alone, then the other with its order.
        let kind = world.event("harbour").await;
        let event = api.get("/api/v1/events").await.expect(200)["data"][0]["id"].clone();
        let order = json!({
            "event": event, "buyer_name": "Boris", "buyer_email": "boris@example.org",
            "tickets": [{"ticket_type": kind}, {"ticket_type": kind}],
        });
        let order = api.post("/api/v1/orders", order).await.expect(201)["id"].as_str().unwrap().to_owned();
        let tickets = found(api, "tickets", &format!("order == \"{order}\"")).await;
        let alone = format!("/api/v1/tickets/{}/transitions/cancel", tickets[0]["id"].as_str().unwrap());
        api.post(&alone, json!({})).await.expect(200);
        assert_eq!(counts().await, [0, 1, 0, 0]);
        api.post(&format!("/api/v1/orders/{order}/transitions/cancel"), json!({})).await.expect(200);
        assert_eq!(counts().await, [1, 1, 0, 0], "the one that was cancelled before stays so");
        // Nobody answers in time.
        let anna = lead(api, json!({"name": "Anna", "email": "anna@example.org"})).await;
        let lose = format!("/api/v1/leads/{anna}/transitions/lose");
        api.post(&lose, json!({"lost_reason": "Later"})).await.expect(200);
        let survey = json!({"survey": "decline", "about": {"module": "leads", "id": anna}});
        api.post("/api/v1/surveys/send", survey).await.expect(200);
        api.post("/api/v1/sandbox/clock", json!({"advance": "P40D"})).await.expect(200);
        assert_eq!(counts().await, [1, 1, 1, 0]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_that_is_brought_back_by_undo_sets_nothing_off() {
    for world in worlds() {
        let api = &world.admin;
        let then = json!([{"do": "create", "module": "activities", "fields": {"subject": "\"Back\""}}]);
        rule(api, "revived", "orders", moved(&["revive"]), then.clone()).await;
        rule(api, "waits", "orders", json!({"event": "entered", "states": ["pending"]}), then).await;
        let kind = world.event("harbour").await;
        let event = api.get("/api/v1/events").await.expect(200)["data"][0]["id"].clone();
        let order = json!({
            "event": event, "buyer_name": "Boris", "buyer_email": "boris@example.org", "tickets": [{"ticket_type": kind}],
        });
        let order =
            format!("/api/v1/orders/{}", api.post("/api/v1/orders", order).await.expect(201)["id"].as_str().unwrap());
        let press = async |step: &str| api.post(&format!("{order}/transitions/{step}"), json!({})).await;
        run(api).await;
        let before = ended(api, "waits", "done").await;
        let cancelled = press("cancel").await;
        let set = cancelled.headers["change-set"].to_str().unwrap();
        api.post(&format!("/api/v1/undo/{set}"), json!({})).await.expect(200);
        run(api).await;
        assert_eq!(api.get(&order).await.expect(200)["status"], "pending");
        assert_eq!((ended(api, "revived", "done").await, ended(api, "waits", "done").await), (0, before));
        press("cancel").await.expect(200);
        press("revive").await.expect(200);
        run(api).await;
        assert_eq!((ended(api, "revived", "done").await, ended(api, "waits", "done").await), (1, before + 1));
    }
}
