//! Each trigger, and each thing that rules do.

use jiff::ToSpan as _;
use serde_json::json;

use super::world::{Api, worlds};
use super::{RULES, ended, found, lead, rule, run, runs};

#[tokio::test(flavor = "multi_thread")]
async fn a_watched_field_is_judged_with_what_it_was_and_the_way_back_is_open() {
    for world in worlds() {
        let api = &world.admin;
        let body = json!({
            "name": "hot", "label": {"ru": "Горячий лид", "en": "Hot lead"}, "module": "leads",
            "when": {"event": "changed", "fields": ["readiness"]},
            "if": "readiness == \"hot\" && was_readiness == \"cold\"",
            "then": [{"do": "set", "fields": {"need": "\"Call \" + name"}}],
        });
        api.post(RULES, body).await.expect(201);
        let id = lead(api, json!({"name": "Anna", "readiness": "hot"})).await;
        let path = format!("/api/v1/leads/{id}");
        run(api).await;
        api.patch(&path, json!({"readiness": "warm"})).await.expect(200);
        api.patch(&path, json!({"readiness": "hot"})).await.expect(200);
        api.patch(&path, json!({"readiness": "cold"})).await.expect(200);
        api.patch(&path, json!({"company": "Vector"})).await.expect(200);
        run(api).await;
        assert!(runs(api, "hot").await.is_empty(), "made, warmed, cooled and left alone");
        let changed = api.patch(&path, json!({"readiness": "hot"})).await;
        let caused = changed.headers["change-set"].to_str().unwrap().to_owned();
        assert_eq!(changed.expect(200)["need"], json!(null), "nothing is done in the way of whoever saves");
        // What is judged is the record as it was right after the change, whatever came of it since.
        let cooled = api.patch(&path, json!({"readiness": "cold"})).await;
        let cooled = cooled.headers["change-set"].to_str().unwrap().to_owned();
        run(api).await;
        assert_eq!(api.get(&path).await.expect(200)["need"], "Call Anna");
        let done = runs(api, "hot").await;
        assert_eq!((done.len(), &done[0]["state"], &done[0]["caused_by"]), (1, &json!("done"), &json!(caused)));

        let story = api.get(&format!("{path}/timeline")).await.expect(200);
        let story = story["data"].as_array().unwrap();
        let told = story.iter().find(|entry| entry["change_set"] == done[0]["made"]).unwrap();
        assert_eq!((&told["source"], &told["reason"]), (&json!("rule"), &json!("Горячий лид")));
        api.post(&format!("/api/v1/undo/{}", done[0]["made"].as_str().unwrap()), json!({})).await.expect(200);
        assert_eq!(api.get(&path).await.expect(200)["need"], json!(null));
        // What takes back sets nothing off, although it makes the lead hot again.
        api.post(&format!("/api/v1/undo/{cooled}"), json!({})).await.expect(200);
        assert_eq!(api.get(&path).await.expect(200)["readiness"], "hot");
        run(api).await;
        assert_eq!(runs(api, "hot").await.len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_lost_is_asked_about_by_the_head_of_sales() {
    for world in worlds() {
        let api = &world.admin;
        let (head, _) = world.user("head", "head_of_sales");
        let id = lead(api, json!({"name": "Anna"})).await;
        api.post(&format!("/api/v1/leads/{id}/transitions/lose"), json!({"lost_reason": "Later"})).await.expect(200);
        assert!(found(api, "activities", "kind == \"quality_check\"").await.is_empty(), "after the commit");
        run(api).await;
        let calls = found(api, "activities", &format!("about == \"{id}\"")).await;
        assert_eq!(calls.len(), 1);
        assert_eq!(calls[0]["owner"], json!(head.to_string()));
        assert_eq!(
            (&calls[0]["kind"], &calls[0]["subject"]),
            (&json!("quality_check"), &json!("Контрольный звонок: Anna"))
        );
        assert!(calls[0]["due_at"].is_string() && calls[0]["about"]["module"] == "leads", "{}", calls[0]);
        assert_eq!(ended(api, "quality_check_leads", "done").await, 1);
        // What the client told the head stands on the lead.
        let complete = format!("/api/v1/activities/{}/transitions/complete", calls[0]["id"].as_str().unwrap());
        api.post(&complete, json!({"result": "done", "result_text": "Too dear"})).await.expect(200);
        assert_eq!(api.get(&format!("/api/v1/leads/{id}")).await.expect(200)["quality_report"], "Too dear");

        let deal =
            json!({"name": "Stand", "amount": {"amount": "10.00", "currency": "RUB"}, "close_date": "2099-02-01"});
        let deal = api.post("/api/v1/deals", deal).await.expect(201)["id"].as_str().unwrap().to_owned();
        let lose = format!("/api/v1/deals/{deal}/transitions/lose");
        api.post(&lose, json!({"lost_reason": "No budget"})).await.expect(200);
        run(api).await;
        assert_eq!(found(api, "activities", &format!("about == \"{deal}\"")).await.len(), 1);
    }
}

/// The quality checks of a record; one that is there is made, and what was told stands on the record.
async fn checked(api: &Api, module: &str, id: &str) -> usize {
    let calls = found(api, "activities", &format!("about == \"{id}\" && kind == \"quality_check\"")).await;
    for call in &calls {
        let complete = format!("/api/v1/activities/{}/transitions/complete", call["id"].as_str().unwrap());
        api.post(&complete, json!({"result": "done", "result_text": "They forgot"})).await.expect(200);
        assert_eq!(api.get(&format!("/api/v1/{module}/{id}")).await.expect(200)["quality_report"], "They forgot");
    }
    calls.len()
}

#[tokio::test(flavor = "multi_thread")]
async fn process_1_step_5_a_deal_that_is_lost_is_asked_about_and_keeps_the_report() {
    for world in worlds() {
        let api = &world.admin;
        let deal = api.post("/api/v1/deals", json!({"name": "Stand", "pipeline": "sponsorship"})).await.expect(201);
        let deal = deal["id"].as_str().unwrap();
        let lose = format!("/api/v1/deals/{deal}/transitions/lose");
        api.post(&lose, json!({"lost_reason": "No budget"})).await.expect(200);
        run(api).await;
        assert_eq!(checked(api, "deals", deal).await, 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn process_2_step_5_an_annulled_order_is_asked_about_whoever_annulled_it() {
    for world in worlds() {
        let api = &world.admin;
        let (head, _) = world.user("head", "head_of_sales");
        let kind = world.event("harbour").await;
        let event = api.get("/api/v1/events").await.expect(200)["data"][0]["id"].clone();
        let order = json!({
            "event": event, "buyer_name": "Boris", "buyer_email": "boris@example.org", "tickets": [{"ticket_type": kind}],
        });
        let place = async || {
            let order = api.post("/api/v1/orders", order.clone()).await.expect(201);
            order["id"].as_str().unwrap().to_owned()
        };
        for (active, calls) in [(false, 0), (true, 1)] {
            api.patch(&format!("{RULES}/quality_check_orders"), json!({"active": active})).await.expect(200);
            let order = place().await;
            api.post(&format!("/api/v1/orders/{order}/transitions/annul"), json!({})).await.expect(200);
            run(api).await;
            assert_eq!(checked(api, "orders", &order).await, calls, "{active}");
        }
        // By the clock: nobody pays, and the price is another one at the look.
        let order = place().await;
        let tiers = json!([{"price": {"amount": "150.00", "currency": "RUB"}, "from": null, "until": null}]);
        api.patch(&format!("/api/v1/ticket_types/{kind}"), json!({"price_tiers": tiers})).await.expect(200);
        api.post("/api/v1/sandbox/clock", json!({"advance": "P2D"})).await.expect(200);
        let annulled = api.get(&format!("/api/v1/orders/{order}")).await.expect(200);
        assert_eq!((&annulled["status"], &annulled["end_reason"]), (&json!("annulled"), &json!("price_changed")));
        let call = found(api, "activities", &format!("about == \"{order}\"")).await;
        assert_eq!(call[0]["owner"], json!(head.to_string()));
        assert_eq!(checked(api, "orders", &order).await, 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn process_3_a_group_deal_is_lost_with_its_order_and_asked_about() {
    for world in worlds() {
        let api = &world.admin;
        let kind = world.event("harbour").await;
        let entity = json!({
            "name": "OOO Harbour", "inn": "7736207543", "kpp": "773601001", "address": "Moscow", "bik": "044525225",
            "bank_name": "Bank", "bank_account": "40702810138250123017", "corr_account": "30101810400000000225",
            "vat_rate": "22",
        });
        api.patch("/api/v1/meta/organisation", json!({"legal_entities": [entity]})).await.expect(200);
        let request = json!({
            "company": {"name": "Romashka", "inn": "7707083893"},
            "contact": {"name": "Vera Orlova", "email": "vera@example.org", "phone": null},
        });
        world.anybody().post("/api/public/v1/events/harbour/group-orders", request).await.expect(201);
        let deal = found(api, "deals", "pipeline == \"group_tickets\"").await[0]["id"].as_str().unwrap().to_owned();
        let answers = json!({
            "lines": [{"ticket_type": kind, "quantity": 2}], "name": "OOO Romashka", "inn": "7707083893",
            "kpp": "773601001", "address": "Moscow, Prichal 1", "bik": "044525225",
            "bank_account": "40702810138250123017", "corr_account": "30101810400000000225",
        });
        let order = api.post(&format!("/api/v1/deals/{deal}/questionnaire"), answers).await.expect(201);
        let order = order["id"].as_str().unwrap();
        run(api).await;
        assert_eq!(checked(api, "deals", &deal).await, 0, "it is on its way");
        api.post(&format!("/api/v1/orders/{order}/transitions/annul"), json!({})).await.expect(200);
        assert_eq!(api.get(&format!("/api/v1/deals/{deal}")).await.expect(200)["stage"], "lost");
        run(api).await;
        assert_eq!(checked(api, "deals", &deal).await, 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_to_be_done_is_there_although_nobody_is_there_to_get_it() {
    for world in worlds() {
        let api = &world.admin;
        let id = lead(api, json!({"name": "Anna"})).await;
        api.post(&format!("/api/v1/leads/{id}/transitions/lose"), json!({"lost_reason": "Later"})).await.expect(200);
        run(api).await;
        let calls = found(api, "activities", &format!("about == \"{id}\"")).await;
        assert_eq!((calls.len(), &calls[0]["owner"]), (1, &json!(null)));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_goes_once_and_people_are_told() {
    for world in worlds() {
        let api = &world.admin;
        let (_, head) = world.user("head", "head_of_sales");
        let letter = "name = \"hello\"\nlabel = { ru = \"Привет\", en = \"Hello\" }\n\
                      subject = { ru = \"{{ record.title }}, здравствуйте\", en = \"Hello {{ record.title }}\" }\n\
                      text = { ru = \"Почта: {{ record.fields.email }}\", en = \"Mail: {{ record.fields.email }}\" }\n";
        let rule = "name = \"hello\"\nlabel = { ru = \"Привет\", en = \"Hello\" }\nmodule = \"leads\"\n\
                    if = \"has(email)\"\n[when]\nevent = \"created\"\n\
                    [[then]]\ndo = \"letter\"\ntemplate = \"hello\"\nto = \"email\"\nname = \"name\"\n\
                    [[then]]\ndo = \"notify\"\nto = [{ role = \"head_of_sales\" }, \"owner\"]\n";
        let manifest =
            "name = \"extra\"\nlabel = { ru = \"Ещё\", en = \"Extra\" }\nversion = 1\nrequires = [\"crm\"]\n";
        let files = json!({"pack.toml": manifest, "letters/hello.toml": letter, "rules/hello.toml": rule});
        api.post("/api/v1/meta/packs", json!({"files": files})).await.expect(200);
        lead(api, json!({"name": "Boris"})).await;
        let id = lead(api, json!({"name": "Anna", "email": "anna@example.org"})).await;
        run(api).await;
        run(api).await;
        let outbox = api.get("/api/v1/sandbox/outbox?to=anna@example.org").await.expect(200);
        let letters = outbox["data"].as_array().unwrap();
        assert_eq!((letters.len(), &letters[0]["subject"]), (1, &json!("Anna, здравствуйте")));
        assert!(letters[0]["text"].as_str().unwrap().contains("anna@example.org"), "{}", letters[0]);
        let notices = head.get("/api/v1/notifications").await.expect(200);
        let told: Vec<_> = notices["data"].as_array().unwrap().iter().filter(|it| it["kind"] == "rule").collect();
        assert_eq!(told.len(), 1, "{notices}");
        assert!(told[0].to_string().contains(&id), "{}", told[0]);
        assert_eq!(ended(api, "hello", "done").await, 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_date_that_comes_near_sets_off_once() {
    for world in worlds() {
        let api = &world.admin;
        let move_by = |days: &str| api.post("/api/v1/sandbox/clock", json!({"advance": days.to_owned()}));
        let then = json!([{"do": "create", "module": "activities", "fields": {
            "subject": "\"Call about \" + name", "about": "id", "due_at": "now() + duration(\"P1D\")",
        }}]);
        let when = json!({"event": "date", "field": "close_date", "offset": "-P7D"});
        let today = world.workspace.clock().now().to_zoned(world.workspace.knowledge().settings.zone()).date();
        let day = |days: i32| today.saturating_add(days.days()).to_string();
        let deal = |name: &str, days: i32| {
            let body = json!({"name": name, "amount": {"amount": "10.00", "currency": "RUB"}, "close_date": day(days)});
            api.post("/api/v1/deals", body)
        };
        // Its moment had come before there was a rule.
        deal("Past", 3).await.expect(201);
        rule(api, "closing", "deals", when, then).await;
        run(api).await;
        let near = deal("Near", 9).await.expect(201)["id"].as_str().unwrap().to_owned();
        deal("Far", 60).await.expect(201);
        move_by("P1D").await.expect(200);
        assert!(runs(api, "closing").await.is_empty());
        move_by("P2D").await.expect(200);
        let done = runs(api, "closing").await;
        assert_eq!((done.len(), &done[0]["record"], &done[0]["caused_by"]), (1, &json!(near), &json!(null)));
        assert_eq!(found(api, "activities", &format!("about == \"{near}\"")).await.len(), 1);
        move_by("P2D").await.expect(200);
        assert_eq!(runs(api, "closing").await.len(), 1);
        // A date that is put off comes near again.
        api.patch(&format!("/api/v1/deals/{near}"), json!({"close_date": day(14)})).await.expect(200);
        move_by("P3D").await.expect(200);
        assert_eq!(runs(api, "closing").await.len(), 2);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_move_is_made_as_if_somebody_had_pressed_it() {
    for world in worlds() {
        let api = &world.admin;
        let then = json!([{"do": "move", "transition": "contact"}]);
        let when = json!({"event": "changed", "fields": ["phone"]});
        rule(api, "reached", "leads", when, then).await;
        let id = lead(api, json!({"name": "Anna"})).await;
        let path = format!("/api/v1/leads/{id}");
        api.patch(&path, json!({"phone": "+79211234567"})).await.expect(200);
        run(api).await;
        assert_eq!(api.get(&path).await.expect(200)["status"], "contacted");
        // From where it does not lead, it fails, and says so.
        api.patch(&path, json!({"phone": "+79211234568"})).await.expect(200);
        run(api).await;
        let last = runs(api, "reached").await[0].clone();
        assert_eq!(last["state"], "failed");
        assert!(last["reason"].as_str().unwrap().starts_with("then[0] (move): "), "{last}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_moment_that_is_near_is_not_come_to_late() {
    for world in worlds() {
        let api = &world.admin;
        let then = json!([{"do": "set", "fields": {"purpose": "\"soon\""}}]);
        rule(api, "soon", "activities", json!({"event": "date", "field": "due_at", "offset": "-PT15M"}), then).await;
        run(api).await;
        let due = world.workspace.clock().now().checked_add(40.minutes()).unwrap();
        let call = json!({"kind": "task", "subject": "Call", "due_at": due.to_string()});
        api.post("/api/v1/activities", call).await.expect(201);
        api.post("/api/v1/sandbox/clock", json!({"advance": "PT20M"})).await.expect(200);
        assert!(runs(api, "soon").await.is_empty());
        api.post("/api/v1/sandbox/clock", json!({"advance": "PT6M"})).await.expect(200);
        assert_eq!(ended(api, "soon", "done").await, 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_undone_before_its_rule_ran_sets_nothing_off() {
    for world in worlds() {
        let api = &world.admin;
        let then = json!([{"do": "set", "fields": {"company": "\"Vector\""}}]);
        rule(api, "known", "leads", json!({"event": "changed", "fields": ["phone"]}), then).await;
        let path = format!("/api/v1/leads/{}", lead(api, json!({"name": "Anna"})).await);
        let change = json!({"phone": "+79211234567"});
        let changed = api.send("PATCH", &path, &[], Some(change)).await;
        let set = changed.headers["change-set"].to_str().unwrap().to_owned();
        api.post(&format!("/api/v1/undo/{set}"), json!({})).await.expect(200);
        run(api).await;
        assert!(runs(api, "known").await.is_empty());
        assert!(api.get(&path).await.expect(200)["company"].is_null());
    }
}
