//! Once for each cause, and each turn once: also with two programs that run what is due at the same time.

use std::collections::BTreeMap;

use serde_json::json;

use super::world::worlds;
use super::{RULES, ended, found, lead, rule, run, runs};

#[tokio::test(flavor = "multi_thread")]
async fn two_programs_do_each_thing_once() {
    for world in worlds() {
        let api = &world.admin;
        let (_second, other) = world.second_program();
        let then = json!([{"do": "create", "module": "activities", "fields": {"subject": "name", "about": "id"}}]);
        rule(api, "call", "leads", json!({"event": "created"}), then).await;
        for index in 0..20 {
            lead(api, json!({"name": format!("Lead {index}")})).await;
        }
        tokio::join!(run(api), run(&other), run(api), run(&other));
        run(api).await;
        let made = found(api, "activities", "subject.startsWith(\"Lead\")").await;
        let names: std::collections::BTreeSet<_> = made.iter().map(|it| it["subject"].as_str().unwrap()).collect();
        assert_eq!((made.len(), names.len()), (20, 20));
        assert_eq!(ended(api, "call", "done").await, 20);
        assert!(runs(api, "call").await.iter().all(|run| run["attempts"] == 1));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_gets_two_turns_and_who_is_away_gets_none() {
    for world in worlds() {
        let api = &world.admin;
        let (_second, other) = world.second_program();
        let people: Vec<_> = ["ann", "bob", "cid"].iter().map(|name| world.user(name, "salesperson")).collect();
        api.patch(&format!("{RULES}/share_leads"), json!({"if": "owner == null"})).await.expect(200);
        for index in 0..12 {
            lead(api, json!({"name": format!("Lead {index}")})).await;
        }
        lead(api, json!({"name": "Mine", "owner": world.admin_id.to_string()})).await;
        tokio::join!(run(api), run(&other), run(api), run(&other));
        run(api).await;
        let mut shares: BTreeMap<String, usize> = BTreeMap::new();
        for lead in found(api, "leads", "name.startsWith(\"Lead\")").await {
            *shares.entry(lead["owner"].as_str().unwrap().to_owned()).or_default() += 1;
        }
        assert!(shares.len() == 3 && shares.values().all(|share| *share == 4), "{shares:?}");
        assert_eq!(ended(api, "share_leads", "done").await, 12, "what has an owner keeps them");

        let (away, own) = &people[1];
        let absence = format!("/api/v1/meta/users/{away}/absence");
        own.send("PUT", &absence, &[], Some(json!({"until": "2099-01-01T00:00:00Z"}))).await.expect(200);
        people[0].1.send("PUT", &absence, &[], Some(json!({"until": null}))).await.refused(403, "missing_right");
        for index in 0..4 {
            lead(api, json!({"name": format!("Later {index}")})).await;
        }
        run(api).await;
        let later = found(api, "leads", "name.startsWith(\"Later\")").await;
        let of = |id: &model::Id| later.iter().filter(|lead| lead["owner"] == json!(id.to_string())).count();
        assert_eq!((of(&people[0].0), of(away), of(&people[2].0)), (2, 0, 2));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_takes_a_lead_first_keeps_it() {
    for world in worlds() {
        let api = &world.admin;
        world.user("ann", "salesperson");
        api.patch(&format!("{RULES}/share_leads"), json!({"if": "owner == null"})).await.expect(200);
        let taken = lead(api, json!({"name": "Taken"})).await;
        let free = lead(api, json!({"name": "Free"})).await;
        let mine = json!(world.admin_id.to_string());
        api.patch(&format!("/api/v1/leads/{taken}"), json!({"owner": mine})).await.expect(200);
        run(api).await;
        assert_eq!(api.get(&format!("/api/v1/leads/{taken}")).await.expect(200)["owner"], mine);
        let free = api.get(&format!("/api/v1/leads/{free}")).await.expect(200);
        assert!(free["owner"].is_string() && free["owner"] != mine, "{free}");

        // A letter of a known client makes a lead that has an owner from the beginning.
        let contact = json!({"name": "Anna", "email": "anna@vasilek.example", "owner": mine});
        api.post("/api/v1/contacts", contact).await.expect(201);
        let letter = json!({"channel": "email", "direction": "in", "from": "anna@vasilek.example", "from_name": "Anna",
            "subject": "Hello", "text": "Hello"});
        let letter = api.post("/api/v1/messages", letter).await.expect(201);
        assert_eq!((&letter["status"], &letter["version"]), (&json!("received"), &json!(1)));
        let sort = format!("/api/v1/messages/{}/sort", letter["id"].as_str().unwrap());
        api.post(&sort, json!({"into": "lead"})).await.expect(200);
        run(api).await;
        let leads = found(api, "leads", "email == \"anna@vasilek.example\"").await;
        assert_eq!((leads.len(), &leads[0]["owner"], &leads[0]["version"]), (1, &mine, &json!(1)));
        assert_eq!(ended(api, "share_leads", "done").await, 2);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_has_least_to_do_gets_the_next() {
    for world in worlds() {
        let api = &world.admin;
        let (busy, _) = world.user("busy", "salesperson");
        let (free, _) = world.user("free", "salesperson");
        for index in 0..3 {
            let id = lead(api, json!({"name": format!("Old {index}"), "owner": busy.to_string()})).await;
            // What is lost is on nobody's hands.
            let id = if index < 2 { id } else { lead(api, json!({"name": "Gone", "owner": free.to_string()})).await };
            if index == 2 {
                let lose = format!("/api/v1/leads/{id}/transitions/lose");
                api.post(&lose, json!({"lost_reason": "Later"})).await.expect(200);
            }
        }
        let then = json!([{"do": "assign", "to": {"role": "salesperson"}, "by": "load"}]);
        rule(api, "share", "leads", json!({"event": "created"}), then).await;
        for index in 0..3 {
            lead(api, json!({"name": format!("New {index}")})).await;
            run(api).await;
        }
        let new = found(api, "leads", "name.startsWith(\"New\")").await;
        assert!(new.iter().all(|lead| lead["owner"] == json!(free.to_string())), "{new:?}");
    }
}
