//! Rules made, changed, switched, deleted, rehearsed.

use serde_json::json;

use super::world::worlds;
use super::{RULES, ended, found, lead, rule, run, runs};

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_that_does_not_fit_is_refused_with_its_places() {
    for world in worlds() {
        let api = &world.admin;
        let whole = |more: serde_json::Value| {
            let mut body = json!({
                "name": "x", "module": "leads", "when": {"event": "created"},
                "then": [{"do": "set", "fields": {"source": "\"x\""}}],
            });
            body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            body
        };
        for (more, fields) in [
            (json!({"module": "nothing"}), &["module"][..]),
            (json!({"when": {"event": "changed", "fields": ["name", "nothing"]}}), &["when.fields[1]"]),
            (json!({"when": {"event": "entered", "states": ["nowhere"]}}), &["when.states[0]"]),
            (json!({"when": {"event": "date", "field": "name"}}), &["when.field"]),
            (
                json!({"when": {"event": "date", "field": "created_at", "offset": "soon"}}),
                &["when.field", "when.offset"],
            ),
            (json!({"if": "nothing == 1"}), &["if"]),
            (json!({"if": "name"}), &["if"]),
            (json!({"then": []}), &["then"]),
            (json!({"then": [{"do": "set", "fields": {"nothing": "1"}}]}), &["then[0].fields.nothing"]),
            (json!({"then": [{"do": "set", "fields": {"status": "\"lost\""}}]}), &["then[0].fields.status"]),
            (json!({"then": [{"do": "set", "fields": {"readiness": "\"icy\""}}]}), &["then[0].fields.readiness"]),
            (json!({"then": [{"do": "set", "fields": {"email": "created_at"}}]}), &["then[0].fields.email"]),
            (json!({"then": [{"do": "move", "transition": "fly"}]}), &["then[0].transition"]),
            (json!({"then": [{"do": "move", "transition": "convert"}]}), &["then[0].transition"]),
            (json!({"then": [{"do": "create", "module": "orders", "fields": {}}]}), &["then[0].module"]),
            (json!({"then": [{"do": "create", "module": "activities", "fields": {}}]}), &["then[0].fields.subject"]),
            (json!({"then": [{"do": "assign", "to": {"role": "nobody"}}]}), &["then[0].to"]),
            (
                json!({"then": [{"do": "letter", "template": "nothing", "to": "id"}]}),
                &["then[0].template", "then[0].to"],
            ),
            (json!({"then": [{"do": "notify", "to": [{"role": "nobody"}]}]}), &["then[0].to[0]"]),
            (json!({"label": 1}), &["label"]),
            (json!({"colour": "red"}), &["colour"]),
        ] {
            api.post(RULES, whole(more)).await.faulty(fields);
        }
        api.post(RULES, json!({"name": "x", "module": "leads"})).await.faulty(&["when"]);
        api.get(&format!("{RULES}/x")).await.refused(404, "not_found");
        let (_, salesperson) = world.user("sasha", "salesperson");
        salesperson.post(RULES, whole(json!({}))).await.refused(403, "missing_right");
        salesperson.get(RULES).await.refused(403, "missing_right");
        salesperson.get(&format!("{RULES}/share_leads/runs")).await.refused(403, "missing_right");
        salesperson.post(&format!("{RULES}/share_leads/dry-run"), json!({})).await.refused(403, "missing_right");
        salesperson.post(&format!("{RULES}/share_leads/rerun"), json!({})).await.refused(403, "missing_right");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_is_made_changed_switched_and_deleted_without_a_restart() {
    for world in worlds() {
        let api = &world.admin;
        let set = |text: &str| json!([{"do": "set", "fields": {"source": format!("\"{text}\"")}}]);
        let made = rule(api, "note", "leads", json!({"event": "created"}), set("first")).await;
        assert_eq!((&made["label"]["en"], &made["pack"]), (&json!("Note"), &json!("own")));
        let path = format!("{RULES}/note");
        let source = async |name: &str| {
            let id = lead(api, json!({"name": name})).await;
            run(api).await;
            api.get(&format!("/api/v1/leads/{id}")).await.expect(200)["source"].clone()
        };
        assert_eq!(source("A").await, "first");
        api.patch(&path, json!({"then": set("second"), "if": "name != \"C\""})).await.expect(200);
        assert_eq!(source("B").await, "second");
        assert_eq!(source("C").await, json!(null));
        api.patch(&path, json!({"if": null})).await.expect(200);
        assert_eq!(source("C").await, "second");
        api.patch(&path, json!({"active": false})).await.expect(200);
        assert_eq!(source("D").await, json!(null));
        api.patch(&path, json!({"name": "other"})).await.faulty(&["name"]);
        api.post(RULES, json!({"name": "note", "module": "leads", "when": {"event": "created"}, "then": set("x")}))
            .await
            .refused(409, "name_taken");
        api.send("DELETE", &path, &[], None).await.expect(204);
        api.get(&path).await.refused(404, "not_found");
        assert_eq!(runs(api, "note").await.len(), 3, "what it did is kept");

        // A rule of a pack is switched, said anew, and goes back to its pack.
        let shipped = format!("{RULES}/share_leads");
        api.send("DELETE", &shipped, &[], None).await.refused(409, "rule_of_a_pack");
        let off = api.patch(&shipped, json!({"active": false})).await.expect(200);
        assert_eq!((&off["active"], &off["pack"]), (&json!(false), &json!("sponsorship")));
        let own = api.patch(&shipped, json!({"budget": 7})).await.expect(200);
        assert_eq!((&own["active"], &own["budget"], &own["pack"]), (&json!(false), &json!(7), &json!("own")));
        api.send("DELETE", &shipped, &[], None).await.expect(204);
        let back = api.get(&shipped).await.expect(200);
        assert_eq!((&back["active"], &back["pack"]), (&json!(true), &json!("sponsorship")));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_rule_would_have_done_is_told_and_not_done() {
    for world in worlds() {
        let api = &world.admin;
        for (name, readiness) in [("Anna", "cold"), ("Boris", "cold"), ("Clara", "warm")] {
            let id = lead(api, json!({"name": name, "readiness": readiness})).await;
            api.patch(&format!("/api/v1/leads/{id}"), json!({"readiness": "hot"})).await.expect(200);
            api.patch(&format!("/api/v1/leads/{id}"), json!({"readiness": "warm", "name": "Other"})).await.expect(200);
        }
        let body = json!({
            "module": "leads", "when": {"event": "changed", "fields": ["readiness"]},
            "if": "readiness == \"hot\" && was_readiness == \"cold\"",
            "then": [{"do": "create", "module": "activities", "fields": {"subject": "name"}}],
        });
        let told = api.post(&format!("{RULES}/hot/dry-run"), body.clone()).await.expect(200);
        assert_eq!((&told["count"], &told["set_off"], &told["whole"]), (&json!(2), &json!(6), &json!(true)));
        let titles: Vec<_> = told["first"].as_array().unwrap().iter().map(|it| it["title"].as_str().unwrap()).collect();
        assert_eq!(titles, ["Boris", "Anna"], "newest first, as they were called then");
        run(api).await;
        assert!(found(api, "activities", "has(id)").await.is_empty() && ended(api, "share_leads", "done").await == 0);
        api.get(&format!("{RULES}/hot")).await.refused(404, "not_found");
        api.post(&format!("{RULES}/hot/dry-run"), json!({})).await.refused(404, "not_found");
        let mut wrong = body;
        wrong["if"] = json!("nothing");
        api.post(&format!("{RULES}/hot/dry-run"), wrong).await.faulty(&["if"]);
        // Of a rule that is there, with another condition.
        let told =
            api.post(&format!("{RULES}/share_leads/dry-run"), json!({"if": "name == \"Anna\""})).await.expect(200);
        assert_eq!((&told["count"], &told["set_off"]), (&json!(1), &json!(3)));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_can_never_come_to_anything_is_refused_with_its_place() {
    for world in worlds() {
        let api = &world.admin;
        let created = || json!({"event": "created"});
        let letter = |template: &str| json!([{"do": "letter", "template": template, "to": "email"}]);
        let set = |worth: serde_json::Value| json!([{"do": "set", "fields": {"need": worth}}]);
        let late = |offset: &str| json!({"event": "date", "field": "expected_on", "offset": offset});
        let words = |text: &str| set(json!({"ru": text, "en": text}));
        let cases = [
            // A letter of orders names what no lead has.
            (created(), letter("order_paid"), "then[0].template", "template_unfillable"),
            (created(), words("{{ record.fields.no_such_field }}"), "then[0].fields.need", "template_unfillable"),
            (created(), words("{{ record.fields.name "), "then[0].fields.need", "template_unfillable"),
            (created(), set(json!("\"Hello {{ record.title }}\"")), "then[0].fields.need", "text_is_no_template"),
            (created(), json!([]), "then", "rule_does_nothing"),
            (created(), set(json!("=")), "then[0].fields.need", "syntax"),
            (late("--P1D"), set(json!("\"x\"")), "when.offset", "invalid_duration"),
            (late("два дня"), set(json!("\"x\"")), "when.offset", "invalid_duration"),
        ];
        for (when, then, place, code) in cases {
            let body = json!({"name": "never", "module": "leads", "when": when, "then": then});
            let refused = api.post(RULES, body).await;
            let errors = refused.json["errors"].as_array().cloned().unwrap_or_default();
            let found = errors.iter().find(|error| error["field"] == place);
            assert_eq!(found.map(|error| &error["code"]), Some(&json!(code)), "{place}: {}", refused.text);
        }
        // The control: what the record has is filled.
        let body =
            json!({"name": "good", "module": "leads", "when": created(), "then": words("{{ record.fields.name }}")});
        api.post(RULES, body).await.expect(201);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_letters_that_would_have_gone_out_are_told_and_not_sent() {
    for world in worlds() {
        let api = &world.admin;
        let letter = "name = \"hello\"\nlabel = { ru = \"Привет\", en = \"Hello\" }\n\
                      subject = { ru = \"{{ record.title }}, здравствуйте\", en = \"Hello {{ record.title }}\" }\n\
                      text = { ru = \"Почта: {{ record.fields.email }}\", en = \"Mail: {{ record.fields.email }}\" }\n";
        let manifest =
            "name = \"extra\"\nlabel = { ru = \"Ещё\", en = \"Extra\" }\nversion = 1\nrequires = [\"crm\"]\n";
        let rule = "name = \"hello\"\nlabel = { ru = \"Привет\", en = \"Hello\" }\nmodule = \"leads\"\nactive = false\n\
                    [when]\nevent = \"created\"\n\
                    [[then]]\ndo = \"letter\"\ntemplate = \"hello\"\nto = \"email\"\nname = \"name\"\n";
        let files = json!({"pack.toml": manifest, "letters/hello.toml": letter, "rules/hello.toml": rule});
        api.post("/api/v1/meta/packs", json!({"files": files})).await.expect(200);
        for (name, email) in [("Anna", Some("anna@example.org")), ("Boris", None), ("Clara", Some("clara@example.org"))]
        {
            lead(api, json!({"name": name, "email": email})).await;
        }
        let told = api.post(&format!("{RULES}/hello/dry-run"), json!({})).await.expect(200);
        let letters = &told["letters"];
        assert_eq!(
            (&told["count"], &letters["count"], &letters["unsent"]),
            (&json!(3), &json!(2), &json!(1)),
            "{told}"
        );
        let newest = &letters["first"][0];
        assert_eq!((&newest["to"], &newest["subject"]), (&json!("clara@example.org"), &json!("Clara, здравствуйте")));
        assert!(newest["text"].as_str().unwrap().contains("Почта: clara@example.org"), "{newest}");
        run(api).await;
        let outbox = api.get("/api/v1/sandbox/outbox?to=clara@example.org").await.expect(200);
        assert_eq!(outbox["data"], json!([]), "nothing was sent");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_surveys_that_would_have_gone_out_are_letters_too() {
    for world in worlds() {
        let api = &world.admin;
        for (name, email) in [("Anna", Some("anna@example.org")), ("Boris", None)] {
            let lead = lead(api, json!({"name": name, "email": email})).await;
            let lose = format!("/api/v1/leads/{lead}/transitions/lose");
            api.post(&lose, json!({"lost_reason": "Later"})).await.expect(200);
        }
        let body = json!({
            "module": "leads", "when": {"event": "entered", "states": ["lost"]},
            "then": [{"do": "survey", "survey": "decline"}],
        });
        let told = api.post(&format!("{RULES}/ask/dry-run"), body).await.expect(200);
        let letters = &told["letters"];
        assert_eq!(
            (&told["count"], &letters["count"], &letters["unsent"]),
            (&json!(2), &json!(1), &json!(1)),
            "{told}"
        );
        let first = &letters["first"][0];
        assert_eq!((&first["to"], &first["template"]), (&json!("anna@example.org"), &json!("survey")));
        assert!(first["text"].as_str().unwrap().contains("/p/s/…"), "its link has no secret: {first}");
        assert!(found(api, "surveys", "questionnaire == \"decline\"").await.is_empty(), "nothing was sent");
    }
}
