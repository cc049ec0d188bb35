//! What goes wrong in rules stands in nobody's way, is told, and is set right.

use serde_json::json;

use super::world::worlds;
use super::{RULES, ended, lead, rule, run, runs};

#[tokio::test(flavor = "multi_thread")]
async fn rules_that_set_each_other_off_are_cut() {
    for world in worlds() {
        let api = &world.admin;
        let rules = [("ping", "source", "company"), ("pong", "company", "source")];
        for (name, watched, set) in rules {
            let fields = json!({set: format!("{watched} + \"!\"")});
            let when = json!({"event": "changed", "fields": [watched]});
            rule(api, name, "leads", when, json!([{"do": "set", "fields": fields}])).await;
        }
        let id = lead(api, json!({"name": "Anna"})).await;
        let path = format!("/api/v1/leads/{id}");
        api.patch(&path, json!({"source": "web"})).await.expect(200);
        run(api).await;
        run(api).await;
        assert_eq!((ended(api, "ping", "done").await, ended(api, "pong", "done").await), (3, 2));
        assert_eq!((ended(api, "ping", "cut").await, ended(api, "pong", "cut").await), (0, 1));
        let cut = runs(api, "pong").await[0].clone();
        assert_eq!(cut["trail"], json!(["ping", "pong", "ping", "pong", "ping"]));
        assert!(cut["reason"].as_str().unwrap().contains("ping → pong → ping"), "{cut}");
        assert_eq!(api.get(&path).await.expect(200)["company"], "web!!!!!");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_that_fails_is_told_and_tried_again_for_exactly_what_failed() {
    for world in worlds() {
        let api = &world.admin;
        let created = || json!({"event": "created"});
        let then = json!([
            {"do": "set", "fields": {"need": "\"half done\""}},
            {"do": "assign", "to": {"team": "Sales"}},
        ]);
        rule(api, "assign", "leads", created(), then).await;
        rule(api, "note", "leads", created(), json!([{"do": "set", "fields": {"source": "\"noted\""}}])).await;
        let mut leads = vec![lead(api, json!({"name": "Anna"})).await, lead(api, json!({"name": "Boris"})).await];
        run(api).await;
        assert_eq!((ended(api, "assign", "failed").await, ended(api, "note", "done").await), (2, 2));
        let failed = runs(api, "assign").await;
        assert!(failed[0]["reason"].as_str().unwrap().contains("no team \"Sales\""), "{}", failed[0]);
        let anna = api.get(&format!("/api/v1/leads/{}", leads[0])).await.expect(200);
        assert_eq!((&anna["need"], &anna["source"]), (&json!(null), &json!("noted")), "all or nothing");
        let listed = api.get(&format!("{RULES}/assign")).await.expect(200);
        assert_eq!((&listed["runs"]["done"], &listed["runs"]["failed"]), (&json!(0), &json!(2)));

        let (seller, _) = world.user("seller", "salesperson");
        let team = api.post("/api/v1/meta/teams", json!({"name": "Sales"})).await.expect(201);
        let team = format!("/api/v1/meta/teams/{}", team["id"].as_str().unwrap());
        api.patch(&team, json!({"members": [seller.to_string()]})).await.expect(200);
        leads.push(lead(api, json!({"name": "Clara"})).await);
        run(api).await;
        assert_eq!((ended(api, "assign", "failed").await, ended(api, "assign", "done").await), (2, 1));
        let one = failed[1]["id"].clone();
        let rerun = format!("{RULES}/assign/rerun");
        assert_eq!(api.post(&rerun, json!({"run": one})).await.expect(200)["queued"], 1);
        run(api).await;
        assert_eq!(ended(api, "assign", "failed").await, 1);
        assert_eq!(api.post(&rerun, json!({})).await.expect(200)["queued"], 1);
        run(api).await;
        assert_eq!((ended(api, "assign", "failed").await, ended(api, "assign", "done").await), (0, 3));
        assert!(runs(api, "assign").await.iter().filter(|run| run["attempts"] == 2).count() == 2);
        for id in leads {
            assert_eq!(api.get(&format!("/api/v1/leads/{id}")).await.expect(200)["owner"], json!(seller.to_string()));
        }
        api.post(&rerun, json!({"run": one})).await.refused(404, "not_found");
        assert_eq!(ended(api, "note", "done").await, 3, "the other one is left alone");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_that_has_used_up_its_budget_stops_and_asks() {
    for world in worlds() {
        let api = &world.admin;
        let body = json!({
            "name": "few", "module": "leads", "budget": 2, "when": {"event": "created"},
            "then": [{"do": "set", "fields": {"source": "\"noted\""}}],
        });
        api.post(RULES, body).await.expect(201);
        for index in 0..5 {
            lead(api, json!({"name": format!("Lead {index}")})).await;
        }
        run(api).await;
        assert_eq!((ended(api, "few", "done").await, ended(api, "few", "held").await), (2, 3));
        assert!(api.get(&format!("{RULES}/few")).await.expect(200)["held_at"].is_string());
        // Time alone does not let it go on: somebody does.
        api.post("/api/v1/sandbox/clock", json!({"advance": "PT2H"})).await.expect(200);
        lead(api, json!({"name": "Later"})).await;
        run(api).await;
        assert_eq!((ended(api, "few", "done").await, ended(api, "few", "held").await), (2, 4));
        let resume = format!("{RULES}/few/resume");
        assert_eq!(api.post(&resume, json!({})).await.expect(200)["queued"], 4);
        run(api).await;
        assert_eq!((ended(api, "few", "done").await, ended(api, "few", "held").await), (4, 2), "an hour's worth");
        api.patch(&format!("{RULES}/few"), json!({"budget": 100})).await.expect(200);
        api.post(&resume, json!({})).await.expect(200);
        run(api).await;
        assert_eq!((ended(api, "few", "done").await, ended(api, "few", "held").await), (6, 0));
        assert_eq!(api.get(&format!("{RULES}/few")).await.expect(200)["held_at"], json!(null));
    }
}

/// What somebody was told of rules in trouble: the rule of each notice, newest first.
async fn told(who: &super::world::Api) -> Vec<String> {
    let page = who.get("/api/v1/notifications").await.expect(200);
    let of = page["data"].as_array().unwrap().iter().filter(|it| it["kind"] == "trouble");
    of.map(|it| it["rule"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn administrators_are_told_once_of_a_rule_that_stops_and_of_one_that_begins_to_fail() {
    for world in worlds() {
        let api = &world.admin;
        let (_, colleague) = world.user("second", "administrator");
        let (_, seller) = world.user("seller", "salesperson");
        let body = json!({
            "name": "few", "module": "leads", "budget": 1, "when": {"event": "created"},
            "then": [{"do": "set", "fields": {"source": "\"noted\""}}],
        });
        api.post(RULES, body).await.expect(201);
        for name in ["Anna", "Boris", "Clara"] {
            lead(api, json!({"name": name})).await;
        }
        run(api).await;
        assert_eq!((told(&colleague).await, told(&seller).await), (vec!["few".to_owned()], Vec::new()));
        api.post(&format!("{RULES}/few/resume"), json!({})).await.expect(200);
        run(api).await;
        assert_eq!(ended(api, "few", "held").await, 1);
        assert_eq!(told(&colleague).await.len(), 2, "it stopped again");
        api.patch(&format!("{RULES}/few"), json!({"active": false})).await.expect(200);

        // It fails for whom the team is not there: told once, until a run is done again.
        let then = json!([{"do": "assign", "to": {"team": "Sales"}}]);
        rule(api, "assign", "leads", json!({"event": "created"}), then).await;
        for name in ["Dan", "Eve"] {
            lead(api, json!({"name": name})).await;
            run(api).await;
        }
        assert_eq!(ended(api, "assign", "failed").await, 2);
        let of = |all: Vec<String>| all.iter().filter(|rule| *rule == "assign").count();
        assert_eq!((of(told(&colleague).await), of(told(&seller).await)), (1, 0));
        let (member, _) = world.user("member", "salesperson");
        let team = api.post("/api/v1/meta/teams", json!({"name": "Sales"})).await.expect(201);
        let path = format!("/api/v1/meta/teams/{}", team["id"].as_str().unwrap());
        api.patch(&path, json!({"members": [member.to_string()]})).await.expect(200);
        lead(api, json!({"name": "Fay"})).await;
        run(api).await;
        assert_eq!((ended(api, "assign", "done").await, of(told(&colleague).await)), (1, 1));
        api.patch(&path, json!({"members": []})).await.expect(200);
        lead(api, json!({"name": "Gil"})).await;
        run(api).await;
        assert_eq!((ended(api, "assign", "failed").await, of(told(&colleague).await)), (3, 2), "it begins anew");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_in_trouble_is_told_whatever_becomes_of_its_record_and_by_letters_that_know_of_it() {
    for world in worlds() {
        let api = &world.admin;
        let (_, colleague) = world.user("second", "administrator");
        let fails = async |name: &str| {
            let then = json!([{"do": "assign", "to": {"team": "Sales"}}]);
            rule(api, name, "leads", json!({"event": "created"}), then).await;
            let id = lead(api, json!({"name": name})).await;
            run(api).await;
            run(api).await;
            id
        };
        let letters = async || {
            let page = api.get("/api/v1/sandbox/outbox?to=second@example.org").await.expect(200);
            page["data"].as_array().unwrap().len()
        };
        let first = fails("first").await;
        assert_eq!((told(&colleague).await, letters().await), (vec!["first".to_owned()], 1));
        let binned = api.send("DELETE", &format!("/api/v1/leads/{first}"), &[], None).await;
        assert!(binned.status < 300, "{}", binned.text);
        assert_eq!(told(&colleague).await, ["first"]);
        let page = colleague.get("/api/v1/notifications").await.expect(200);
        assert_eq!(page["unread"], 1);
        // A letter that somebody wrote before there were such notices would call it a new stage.
        let text = json!({"text": {"ru": "{{ record.title }}", "en": "{{ record.title }}"}});
        api.patch("/api/v1/meta/letters/notification", text).await.expect(200);
        fails("other").await;
        assert_eq!((told(&colleague).await, letters().await), (vec!["other".to_owned(), "first".to_owned()], 1));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_is_meant_no_more_when_its_rule_goes_on_is_no_trouble() {
    for world in worlds() {
        let api = &world.admin;
        let (_, colleague) = world.user("second", "administrator");
        let body = json!({
            "name": "few", "module": "leads", "budget": 1, "when": {"event": "created"},
            "then": [{"do": "set", "fields": {"source": "\"noted\""}}],
        });
        api.post(RULES, body).await.expect(201);
        for name in ["Anna", "Boris"] {
            lead(api, json!({"name": name})).await;
        }
        run(api).await;
        assert_eq!(told(&colleague).await.len(), 1, "it stopped");
        let path = format!("{RULES}/few");
        api.patch(&path, json!({"if": "name == \"Clara\"", "budget": 100})).await.expect(200);
        api.post(&format!("{path}/resume"), json!({})).await.expect(200);
        run(api).await;
        assert_eq!((ended(api, "few", "failed").await, told(&colleague).await.len()), (1, 1));
        // What fails then is news.
        api.patch(&path, json!({"then": [{"do": "assign", "to": {"team": "Sales"}}]})).await.expect(200);
        lead(api, json!({"name": "Clara"})).await;
        run(api).await;
        assert_eq!((ended(api, "few", "failed").await, told(&colleague).await.len()), (2, 2));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_runs_that_end_at_one_moment_the_later_one_came_last() {
    for world in worlds() {
        let api = &world.admin;
        let (_, colleague) = world.user("second", "administrator");
        let then = json!([{"do": "set", "fields": {"email": "source"}}]);
        rule(api, "write", "leads", json!({"event": "created"}), then).await;
        // It fails, is done, and begins to fail anew, which is told for the first of two.
        for need in ["none", "anna@example.org", "none", "none"] {
            lead(api, json!({"name": "Anna", "source": need})).await;
        }
        run(api).await;
        assert_eq!((ended(api, "write", "failed").await, ended(api, "write", "done").await), (3, 1));
        assert_eq!(told(&colleague).await, ["write", "write"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_rule_that_begins_to_fail_is_named() {
    for world in worlds() {
        let api = &world.admin;
        let (_, colleague) = world.user("second", "administrator");
        let names = ["a1", "a2", "a3", "a4", "a5", "a6", "a7"];
        for name in names {
            let then = json!([{"do": "assign", "to": {"team": "Sales"}}]);
            rule(api, name, "leads", json!({"event": "created"}), then).await;
        }
        lead(api, json!({"name": "Anna"})).await;
        run(api).await;
        let mut told = told(&colleague).await;
        told.sort();
        assert_eq!(told, names);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn more_failed_runs_than_one_turn_has_are_all_tried_again() {
    for world in worlds() {
        let api = &world.admin;
        let then = json!([{"do": "assign", "to": {"team": "Sales"}}]);
        api.patch(&format!("{RULES}/share_leads"), json!({"active": false})).await.expect(200);
        let body =
            json!({"name": "assign", "module": "leads", "budget": 5000, "when": {"event": "created"}, "then": then});
        api.post(RULES, body).await.expect(201);
        for turn in 0..3 {
            let made = |index: i32| json!({"op": "create", "fields": {"name": format!("Lead {turn} {index}")}});
            let operations: Vec<_> = (0..350).map(made).collect();
            api.post("/api/v1/leads/batch", json!({"atomic": true, "operations": operations})).await.expect(200);
        }
        for _ in 0..4 {
            run(api).await;
        }
        let failed = async || api.get(&format!("{RULES}/assign")).await.expect(200)["runs"].clone();
        assert_eq!(failed().await["failed"], 1050);
        let (member, _) = world.user("member", "salesperson");
        let team = api.post("/api/v1/meta/teams", json!({"name": "Sales"})).await.expect(201);
        let path = format!("/api/v1/meta/teams/{}", team["id"].as_str().unwrap());
        api.patch(&path, json!({"members": [member.to_string()]})).await.expect(200);
        // It stops on the way: those behind the first turn come once it goes on.
        api.patch(&format!("{RULES}/assign"), json!({"budget": 500})).await.expect(200);
        assert_eq!(api.post(&format!("{RULES}/assign/rerun"), json!({})).await.expect(200)["queued"], 1000);
        for _ in 0..4 {
            run(api).await;
        }
        let now = failed().await;
        assert_eq!((&now["failed"], &now["done"]), (&json!(50), &json!(500)));
        api.patch(&format!("{RULES}/assign"), json!({"budget": 5000})).await.expect(200);
        api.post(&format!("{RULES}/assign/resume"), json!({})).await.expect(200);
        for advance in ["PT1S", "PT1S", "PT1S", "PT1H", "PT1S"] {
            api.post("/api/v1/sandbox/clock", json!({"advance": advance})).await.expect(200);
        }
        let now = failed().await;
        assert_eq!((&now["failed"], &now["done"]), (&json!(0), &json!(1050)));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_never_comes_to_an_end_is_put_aside_and_told() {
    for world in worlds() {
        let api = &world.admin;
        let then = json!([{"do": "set", "fields": {"need": "\"done\""}}]);
        rule(api, "note", "leads", json!({"event": "created"}), then).await;
        let id = lead(api, json!({"name": "Anna"})).await;
        // Programs that began it and died each time, as the queue tells.
        let starts = |count: usize| {
            let begin = move |work: &mut store::Work<'_>| {
                for _ in 0..count {
                    let jobs = work.foreseen_jobs(store::Kinds::Only(&[store::RULE_JOB]), work.now(), 1)?;
                    work.begin_jobs(&jobs)?;
                }
                Ok(())
            };
            let by = model::Actor::System("test");
            world.workspace.write_blocking(by, store::Origin::from("test"), begin).unwrap();
        };
        starts(5);
        run(api).await;
        let aside = runs(api, "note").await;
        assert_eq!((aside.len(), &aside[0]["state"]), (1, &json!("failed")));
        assert!(aside[0]["reason"].as_str().unwrap().contains("begun 5 times"), "{}", aside[0]);
        assert_eq!(api.get(&format!("/api/v1/leads/{id}")).await.expect(200)["need"], json!(null));
        // Somebody looked and tries again; a start or two that came to nothing stand in no way.
        api.post(&format!("{RULES}/note/rerun"), json!({})).await.expect(200);
        starts(2);
        run(api).await;
        assert_eq!(ended(api, "note", "done").await, 1);
        assert_eq!(api.get(&format!("/api/v1/leads/{id}")).await.expect(200)["need"], "done");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn words_that_fill_the_memory_are_refused_and_stop_a_rule_that_has_them() {
    for world in worlds() {
        let api = &world.admin;
        let bomb = "{% set a = record.title %}{% for i in range(60) %}{% set a = a ~ a %}{% endfor %}{{ a }}";
        let words = json!({"ru": bomb, "en": bomb});
        let then = json!([{"do": "set", "fields": {"need": words}}]);
        let body = json!({"name": "bomb", "module": "leads", "when": {"event": "created"}, "then": then});
        let refused = api.post(RULES, body).await;
        refused.faulty(&["then[0].fields.need"]);
        assert_eq!(refused.json["errors"][0]["code"], "template_unfillable", "{}", refused.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_field_that_a_rule_needs_is_not_retired_under_it() {
    for world in worlds() {
        let api = &world.admin;
        for field in ["watched", "used"] {
            let body = json!({"name": field, "label": field, "type": "text"});
            api.post("/api/v1/meta/modules/leads/fields", body).await.expect(201);
        }
        let when = json!({"event": "changed", "fields": ["watched"]});
        rule(api, "note", "leads", when, json!([{"do": "set", "fields": {"used": "watched"}}])).await;
        let retire = async |field: &str| {
            api.patch(&format!("/api/v1/meta/modules/leads/fields/{field}"), json!({"retired": true})).await
        };
        for field in ["watched", "used"] {
            let refused = retire(field).await;
            assert_eq!(
                (refused.status, &refused.json["errors"][0]["field"]),
                (422, &json!("rules/note.toml")),
                "{field}"
            );
        }
        // A rule that is off stands in nobody's way; it is not let run with what is there no more.
        api.patch(&format!("{RULES}/note"), json!({"active": false})).await.expect(200);
        for field in ["watched", "used"] {
            retire(field).await.expect(200);
        }
        let on = api.patch(&format!("{RULES}/note"), json!({"active": true})).await;
        on.faulty(&["when.fields[0]", "then[0].fields.used"]);
        let id = lead(api, json!({"name": "Anna"})).await;
        api.patch(&format!("/api/v1/leads/{id}"), json!({"need": "more"})).await.expect(200);
        run(api).await;
        assert!(runs(api, "note").await.is_empty());
    }
}
