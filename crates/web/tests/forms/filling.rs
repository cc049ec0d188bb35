//! What was filled in becomes what the form says: once, with consent, of whoever it is, by every kind of body.

use serde_json::json;

use super::world::worlds;
use super::{REQUEST, came, found, parts, request, sent, stand};

#[tokio::test(flavor = "multi_thread")]
async fn a_request_comes_as_json_as_a_form_and_as_a_form_with_files() {
    for world in worlds() {
        let (api, site) = (&world.admin, world.anybody());
        let mut body = request("Anna");
        body["phone"] = json!("8 (921) 123-45-67");
        body["utm_source"] = json!("newsletter");
        body["landing_page"] = json!("https://site.example/stands?utm_medium=email");
        let taken = site.post(REQUEST, body).await.expect(201);
        assert_eq!((&taken["status"], &taken["next"]), (&json!("received"), &json!(null)));
        let form = "name=Boris&email=boris%40example.org&need=Seats&consent=on&utm_source=vk&referrer=https%3A%2F%2Fvk.example%2F";
        sent(&site, REQUEST, "application/x-www-form-urlencoded", form).await.expect(201);
        let texts = [("name", "Vera"), ("email", "vera@example.org"), ("need", "Food"), ("consent", "yes")];
        parts(&site, REQUEST, &texts, &[]).await.expect(201);

        let leads = found(api, "leads", "has(email)").await;
        let said: Vec<_> = leads.iter().map(|lead| (&lead["name"], &lead["need"], &lead["source"])).collect();
        let own = "Оставить заявку";
        assert_eq!(
            said,
            [
                (&json!("Anna"), &json!("A stand"), &json!("newsletter")),
                (&json!("Boris"), &json!("Seats"), &json!("vk")),
                (&json!("Vera"), &json!("Food"), &json!(own)),
            ]
        );
        assert_eq!(leads[0]["phone"], "+79211234567");
        let messages = came(api, "request").await;
        let first = &messages[0];
        for (key, wanted) in
            [("channel", "web_form"), ("direction", "in"), ("status", "received"), ("from", "anna@example.org")]
        {
            assert_eq!(first[key], wanted, "{key}");
        }
        assert_eq!((&first["subject"], &first["sorted"]), (&json!(own), &json!("lead")));
        assert_eq!(first["about"]["id"], leads[0]["id"]);
        assert_eq!(
            first["source"],
            json!({"utm_source": "newsletter", "utm_medium": "email", "landing_page": "https://site.example/stands?utm_medium=email"})
        );
        assert_eq!(messages[1]["source"], json!({"utm_source": "vk", "referrer": "https://vk.example/"}));
        let consent = &messages[1]["consent"];
        assert!(consent["text"].as_str().unwrap().starts_with("I agree"), "{consent}");
        assert!(consent["given_at"].as_str().unwrap().ends_with('Z'), "{consent}");
        assert!(first["text"].as_str().unwrap().contains("Что Вам нужно?: A stand"), "{first}");
        site.call("POST", REQUEST, &[("content-type", "text/plain")], "name=x")
            .await
            .refused(415, "unsupported_media_type");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_is_told_by_field_and_nothing_is_made() {
    for world in worlds() {
        let (api, site) = (&world.admin, world.anybody());
        site.post(REQUEST, json!({"email": "anna-at-example"})).await.faulty(&["name", "email", "need", "consent"]);
        let with = |key: &str, value: serde_json::Value| {
            let mut body = request("Anna");
            body[key] = value;
            body
        };
        site.post(REQUEST, with("consent", json!(false))).await.faulty(&["consent"]);
        site.post(REQUEST, with("consent", json!(null))).await.faulty(&["consent"]);
        site.post(REQUEST, with("phone", json!("12"))).await.faulty(&["phone"]);
        site.post(REQUEST, with("status", json!("qualified"))).await.faulty(&["status"]);
        site.post(REQUEST, with("name", json!("casino.com"))).await.faulty(&["name"]);
        site.post(REQUEST, with("need", json!("a\u{0}b"))).await.faulty(&["need"]);
        site.post(REQUEST, with("need", json!({"a": ["\u{0}"]}))).await.faulty(&["need"]);
        site.post(REQUEST, with("need", json!("x".repeat(10_001)))).await.faulty(&["need"]);
        site.post(REQUEST, json!([])).await.refused(400, "invalid_json");
        let bad = sent(&site, REQUEST, "application/x-www-form-urlencoded", "name=Anna&button=Send").await;
        bad.faulty(&["button", "email", "need", "consent"]);
        site.post("/api/public/v1/forms/nothing", request("Anna")).await.refused(404, "not_found");
        assert!(found(api, "leads", "has(name)").await.is_empty() && came(api, "request").await.is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_request_under_its_key_is_one() {
    for world in worlds() {
        let (api, site) = (&world.admin, world.anybody());
        let first = site.post_once("k-1", REQUEST, request("Anna")).await.expect(201);
        assert_eq!(site.post_once("k-1", REQUEST, request("Anna")).await.expect(201), first);
        assert_eq!(
            site.post_once("k-1", REQUEST, request("Boris")).await.status,
            422,
            "another body under the same key"
        );
        assert_eq!(came(api, "request").await.len(), 1);
        let headers = [("content-type", "application/x-www-form-urlencoded"), ("idempotency-key", "k-2")];
        let form = "name=Vera&email=vera@example.org&need=x&consent=1";
        for _ in 0..2 {
            site.call("POST", REQUEST, &headers, form).await.expect(201);
        }
        assert_eq!(came(api, "request").await.len(), 2);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn process_0_who_is_known_is_not_made_twice_and_who_contradicts_is_marked() {
    for world in worlds() {
        let (api, site) = (&world.admin, world.anybody());
        site.post(REQUEST, request("Anna")).await.expect(201);
        let mut again = request("Anna");
        again["need"] = json!("Two stands");
        site.post(REQUEST, again).await.expect(201);
        let leads = found(api, "leads", "has(email)").await;
        assert_eq!(
            (leads.len(), &leads[0]["need"]),
            (1, &json!("A stand")),
            "what colleagues work with is not written over"
        );
        let messages = came(api, "request").await;
        assert!(messages.iter().all(|message| message["about"]["id"] == leads[0]["id"]), "{messages:?}");
        // The same address under another name: somebody else, marked for a person to look at.
        let mut other = request("Anna");
        other["name"] = json!("Пётр Сидоров");
        site.post(REQUEST, other).await.expect(201);
        let leads = found(api, "leads", "has(email)").await;
        assert_eq!(leads.len(), 2);
        let doubts = leads[1]["possible_duplicates"].to_string();
        assert!(doubts.contains(leads[0]["id"].as_str().unwrap()), "{doubts}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_robot_is_told_nothing_and_kept_as_ignored_mail() {
    for world in worlds() {
        let (api, site) = (&world.admin, world.anybody());
        let person = site.post(REQUEST, request("Anna")).await.expect(201);
        let mut robot = request("Robot");
        robot["website"] = json!("https://casino.example");
        robot["need"] = json!("Buy <b>now</b>");
        assert_eq!(site.post(REQUEST, robot).await.expect(201), person, "nobody learns that it was seen through");
        assert_eq!(found(api, "leads", "has(email)").await.len(), 1);
        let aside = found(api, "messages", "status == \"set_aside\"").await.remove(0);
        assert!(aside["aside_reason"].as_str().unwrap().contains("Робот"), "{aside}");
        assert!(aside["text"].as_str().unwrap().contains("Buy <b>now</b>"), "{aside}");
        assert_eq!(
            api.get(&format!("{}/request", super::FORMS)).await.expect(200)["requests"],
            json!({"received": 1, "set_aside": 1, "dropped": 0})
        );
        // Whoever was taken for one by mistake comes back with everything that was said.
        let sort = format!("/api/v1/messages/{}/sort", aside["id"].as_str().unwrap());
        api.post(&sort, json!({"into": "queue"})).await.expect(200);
        api.post(&sort, json!({"into": "lead", "fields": {}})).await.expect(200);
        let lead = found(api, "leads", "email == \"robot@example.org\"").await.remove(0);
        assert_eq!((&lead["name"], &lead["need"]), (&json!("Robot"), &json!("Buy <b>now</b>")));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_makes_cases_or_waits_in_the_queue() {
    for world in worlds() {
        let (api, site) = (&world.admin, world.anybody());
        let consent = json!({"ru": "Да", "en": "Yes"});
        let form = json!({
            "name": "complain", "label": "Complaint", "module": "cases", "consent": consent,
            "values": {"kind": "complaint"},
            "fields": [{"field": "subject", "required": true}, {"field": "body"}, {"field": "from_name"}, {"field": "email"}],
        });
        api.post(super::FORMS, form).await.expect(201);
        let path = "/api/public/v1/forms/complain";
        let said = json!({"subject": "Cold soup", "from_name": "Anna", "email": "anna@example.org", "consent": "yes"});
        site.post(path, said.clone()).await.expect(201);
        let case = found(api, "cases", "subject == \"Cold soup\"").await.remove(0);
        assert_eq!((&case["kind"], &case["channel"]), (&json!("complaint"), &json!("web_form")));
        let message = came(api, "complain").await.remove(0);
        assert_eq!((&message["about"]["id"], &message["sorted"]), (&case["id"], &json!("case")));

        api.patch(&format!("{}/complain", super::FORMS), json!({"queue": true})).await.expect(200);
        site.post(path, json!({"email": "anna@example.org", "consent": true})).await.faulty(&["subject"]);
        let mut warm = said;
        warm["subject"] = json!("Warm juice");
        site.post(path, warm).await.expect(201);
        assert!(found(api, "cases", "subject == \"Warm juice\"").await.is_empty(), "a person says what it is");
        let waits = came(api, "complain").await.remove(1);
        assert_eq!((&waits["about"], &waits["sorted"]), (&json!(null), &json!(null)));
        let sort = format!("/api/v1/messages/{}/sort", waits["id"].as_str().unwrap());
        api.post(&sort, json!({"into": "case"})).await.expect(200);
        let case = found(api, "cases", "subject == \"Warm juice\"").await.remove(0);
        assert_eq!(case["kind"], "complaint");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_and_what_a_condition_hides_are_not_taken() {
    for world in worlds() {
        let (api, site) = (&world.admin, world.anybody());
        stand(api, json!({"active": false})).await;
        let path = "/api/public/v1/forms/stand";
        site.post(path, request("Anna")).await.refused(404, "not_found");
        assert_eq!(site.get("/forms/stand").await.status, 404);
        api.patch(&format!("{}/stand", super::FORMS), json!({"active": true})).await.expect(200);
        // Without a company nobody asks what it needs: what is said to it all the same is passed over.
        site.post(path, request("Anna")).await.expect(201);
        let lead = found(api, "leads", "email == \"anna@example.org\"").await.remove(0);
        assert_eq!((&lead["need"], &lead["readiness"]), (&json!(null), &json!("warm")));
        let mut bare = request("Boris");
        bare["company"] = json!("Romashka");
        bare["need"] = json!("");
        site.post(path, bare.clone()).await.faulty(&["need"]);
        bare["need"] = json!("A wall");
        site.post(path, bare).await.expect(201);
        assert_eq!(found(api, "leads", "company == \"Romashka\"").await[0]["need"], "A wall");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn consents_are_kept_by_address_and_purpose() {
    for world in worlds() {
        let (api, site) = (&world.admin, world.anybody());
        stand(api, json!({"marketing": {"ru": "Хочу новости", "en": "I want news"}})).await;
        let path = "/api/public/v1/forms/stand";
        let body = |wants: bool| json!({"name": "Anna", "email": "Anna@Example.org", "consent": true, "consent_marketing": wants});
        let kept = async || found(api, "consents", "email == \"anna@example.org\"").await;
        site.post(path, body(false)).await.expect(201);
        let first = kept().await;
        assert_eq!(first.len(), 1, "{first:?}");
        assert_eq!((&first[0]["purpose"], &first[0]["source"]), (&json!("processing"), &json!("form")));
        assert_eq!(first[0]["about"]["module"], "leads");
        for _ in 0..2 {
            site.send("POST", path, &[("accept-language", "en")], Some(body(true))).await.expect(201);
        }
        let all = kept().await;
        assert_eq!(all.len(), 2, "{all:?}");
        let news = all.iter().find(|consent| consent["purpose"] == "marketing").unwrap();
        assert_eq!(
            (&news["status"], &news["text"], &news["form"]),
            (&json!("given"), &json!("I want news"), &json!("stand"))
        );
        // Whoever was asked nothing has agreed to nothing.
        site.post(REQUEST, json!({"name": "Boris", "email": "boris@example.org", "need": "x", "consent": true, "consent_marketing": true}))
            .await
            .expect(201);
        assert!(found(api, "consents", "email == \"boris@example.org\" && purpose == \"marketing\"").await.is_empty());
        // What a robot says is nobody's word until somebody brings it back.
        let mut trapped = body(true);
        (trapped["email"], trapped["website"]) = (json!("vera@example.org"), json!("x"));
        site.post(path, trapped).await.expect(201);
        assert!(found(api, "consents", "email == \"vera@example.org\"").await.is_empty());
        let aside = found(api, "messages", "status == \"set_aside\"").await;
        let back = format!("/api/v1/messages/{}/sort", aside[0]["id"].as_str().unwrap());
        api.post(&back, json!({"into": "queue"})).await.expect(200);
        assert_eq!(found(api, "consents", "email == \"vera@example.org\"").await.len(), 2);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn so_much_spam_is_kept_in_a_day_and_the_rest_is_counted() {
    for world in worlds() {
        let (api, site) = (&world.admin, world.anybody());
        for number in 0..203 {
            let mut body = request("Robot");
            (body["website"], body["need"]) = (json!("x"), json!(number.to_string()));
            site.post(REQUEST, body).await.expect(201);
        }
        assert_eq!(came(api, "request").await.len(), 200);
        let form = api.get("/api/v1/meta/forms/request").await.expect(200);
        assert_eq!(form["requests"], json!({"received": 0, "set_aside": 200, "dropped": 3}));
        // Another day has room again.
        api.post("/api/v1/sandbox/clock", json!({"advance": "P1D"})).await.expect(200);
        let mut body = request("Robot");
        body["website"] = json!("x");
        site.post(REQUEST, body).await.expect(201);
        assert_eq!(came(api, "request").await.len(), 201);
    }
}
