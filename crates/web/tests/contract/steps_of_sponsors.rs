//! Processes 0 and 1, steps that belong to nobody else's test: whom a request is from where several fit, a call that is passed
//! on, an owner who has left, what is asked on the way; on both databases.

use serde_json::{Value, json};

use crate::access::{browse, session};
use crate::world::{Api, World, worlds};

const LEADS: &str = "/api/v1/leads";
const CONTACTS: &str = "/api/v1/contacts";

fn id(record: &Value) -> &str {
    record["id"].as_str().unwrap()
}

async fn made(who: &Api, path: &str, body: Value) -> String {
    id(&who.post(path, body).await.expect(201)).to_owned()
}

async fn all(who: &Api, path: &str) -> Vec<Value> {
    who.get(path).await.expect(200)["data"].as_array().unwrap().clone()
}

async fn press(who: &Api, record: &str, name: &str, body: Value) -> crate::world::Answer {
    who.post(&format!("{record}/transitions/{name}"), body).await
}

/// Runs what is due.
async fn run(world: &World) {
    world.admin.post("/api/v1/sandbox/clock", json!({"advance": "PT1S"})).await.expect(200);
}

/// An order for a ticket by somebody; answers the order as staff see it.
async fn ordered(world: &World, kind: &str, name: &str, email: &str) -> Value {
    let order = json!({"buyer": {"name": name, "email": email}, "tickets": [{"ticket_type": kind}]});
    let placed = world.anybody().post("/api/public/v1/events/harbour/orders", order).await.expect(201);
    let orders = all(&world.admin, "/api/v1/orders?sort=-created_at").await;
    orders.into_iter().find(|order| order["number"] == placed["number"]).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn process_0_among_several_who_fit_the_one_updated_last_wins() {
    for world in worlds() {
        let kind = world.event("harbour").await;
        for (path, link) in [(CONTACTS, "contact"), (LEADS, "lead")] {
            let email = format!("{link}@example.org");
            let person = json!({"name": "Anna Reed", "email": email});
            let mut people = Vec::new();
            for _ in 0..3 {
                people.push(made(&world.admin, path, person.clone()).await);
            }
            // Neither the first nor the last that was made, but whoever was changed last.
            for last in [1, 0, 2] {
                let note = json!({"tags": [format!("seen {last}")]});
                world.admin.patch(&format!("{path}/{}", people[last]), note).await.expect(200);
                let order = ordered(&world, &kind, "Anna Reed", &email).await;
                assert_eq!(order[link], people[last], "{link} {last}: {order}");
            }
        }
        assert_eq!(all(&world.admin, LEADS).await.len(), 3, "and nobody new was made");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn process_1_step_1_a_call_that_is_no_request_is_forwarded_and_the_call_says_so() {
    for world in worlds() {
        let ((anna_id, anna), (boris_id, boris)) =
            (world.user("anna", "salesperson"), world.user("boris", "salesperson"));
        let call = json!({"channel": "phone", "direction": "in", "from": "8 (921) 123-45-67", "from_name": "Petr Li",
            "subject": "A delivery", "owner": anna_id.to_string()});
        let call = format!("/api/v1/messages/{}", made(&anna, "/api/v1/messages", call).await);
        boris.get(&call).await.refused(404, "not_found");
        let passed = json!({"into": "person", "owner": boris_id.to_string()});
        anna.post(&format!("{call}/sort"), passed).await.expect(200);
        let told = boris.get(&call).await.expect(200);
        assert_eq!((&told["sorted"], &told["owner"]), (&json!("passed"), &json!(boris_id.to_string())));
        let line = boris.get(&format!("{call}/timeline")).await.expect(200);
        let noted = line["data"].as_array().unwrap().iter().find(|change| {
            change["actor"] == anna_id.to_string()
                && change["fields"].as_array().into_iter().flatten().any(|field| field["field"] == "owner")
        });
        assert!(noted.is_some(), "who passed it on stands on the call: {line}");
        // The process ends there: nothing is made of it.
        run(&world).await;
        for path in [LEADS, "/api/v1/cases", "/api/v1/deals", CONTACTS] {
            assert!(all(&world.admin, path).await.is_empty(), "{path}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn process_1_step_2_a_client_whose_owner_has_left_gets_the_next_of_the_team() {
    for world in worlds() {
        let (_, secretary) = world.user("secretary", "secretary");
        let ((gone, _), (boris, _)) = (world.user("gone", "salesperson"), world.user("boris", "salesperson"));
        world.admin.patch("/api/v1/meta/rules/share_leads", json!({"active": true})).await.expect(200);
        for (number, company) in ["Romashka", "Vasilek"].into_iter().enumerate() {
            let account = json!({"name": company, "owner": gone.to_string()});
            let account = made(&world.admin, "/api/v1/accounts", account).await;
            let email = format!("anna{number}@client.example");
            let contact = json!({"name": "Anna Kotova", "email": email, "account": account});
            made(&world.admin, CONTACTS, contact).await;
            let user = format!("/api/v1/meta/users/{gone}");
            world.admin.patch(&user, json!({"active": number == 0})).await.expect(200);
            let letter =
                json!({"channel": "email", "direction": "in", "from": email, "subject": "A booth", "text": "?"});
            let letter = made(&world.admin, "/api/v1/messages", letter).await;
            let sorted = secretary.post(&format!("/api/v1/messages/{letter}/sort"), json!({"into": "lead"})).await;
            let case = sorted.expect(200)["about"]["id"].as_str().unwrap().to_owned();
            run(&world).await;
            let case = world.admin.get(&format!("/api/v1/cases/{case}")).await.expect(200);
            let lead = world.admin.get(&format!("{LEADS}/{}", case["lead"].as_str().unwrap())).await.expect(200);
            assert_eq!(lead["account"], account, "{company}: {lead}");
            let owner = if number == 0 { gone } else { boris };
            assert_eq!(lead["owner"], owner.to_string(), "{company}: {lead}");
            // Back for the next round.
            world.admin.patch(&user, json!({"active": true})).await.expect(200);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn process_1_step_3_qualification_asks_what_was_found_out() {
    for world in worlds() {
        let api = &world.admin;
        let lead = format!("{LEADS}/{}", made(api, LEADS, json!({"name": "Anna Reed"})).await);
        press(api, &lead, "qualify", json!({"company": "Reed", "need": "A booth"}))
            .await
            .refused(409, "invalid_transition");
        press(api, &lead, "contact", json!({})).await.expect(200);
        // Nobody could write to them or call them: company and need are not all.
        let refused = press(api, &lead, "qualify", json!({"company": "Reed", "need": "A booth"})).await;
        refused.refused(409, "invalid_transition");
        let wanted = refused.json["errors"].as_array().unwrap().last().unwrap();
        assert_eq!((&wanted["field"], &wanted["code"]), (&json!("is_reachable"), &json!("unmet")), "{}", refused.text);
        let cookie = session(&world, world.admin_id);
        for (locale, heading, words) in
            [("ru", "Чтобы пойти дальше", "Почта или телефон"), ("en", "To go on", "E-mail or phone")]
        {
            api.patch("/api/v1/me", json!({"locale": locale})).await.expect(200);
            let page = browse(&world, "GET", &lead.replace("/api/v1", ""), &cookie, None).await;
            let Some((_, wanted)) = page.text.split_once(heading) else { panic!("what is missing: {}", page.text) };
            assert!(wanted.contains(words), "{}", page.text);
        }
        api.patch(&lead, json!({"email": "anna@reed.example"})).await.expect(200);
        press(api, &lead, "qualify", json!({})).await.faulty(&["company", "need"]);
        press(api, &lead, "qualify", json!({"company": "Reed", "need": null})).await.faulty(&["need"]);
        assert_eq!(api.get(&lead).await.expect(200)["company"], Value::Null, "a refusal keeps nothing");
        // The press itself does not take the address away.
        let without = json!({"company": "Reed", "need": "A booth", "email": null});
        press(api, &lead, "qualify", without).await.refused(409, "invalid_transition");
        api.patch(&lead, json!({"need": "A booth", "email": null, "phone": "+79211234567"})).await.expect(200);
        let qualified = press(api, &lead, "qualify", json!({"company": "Reed"})).await.expect(200);
        assert_eq!((&qualified["status"], &qualified["company"]), (&json!("qualified"), &json!("Reed")));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn process_1_step_3_a_disqualified_lead_was_none_and_nobody_asks_why_it_was_lost() {
    for world in worlds() {
        let api = &world.admin;
        world.user("head", "head_of_sales");
        let mut leads = Vec::new();
        for name in ["Mistaken", "Declined"] {
            let lead = json!({"name": name, "email": format!("{}@example.org", name.to_lowercase())});
            leads.push(format!("{LEADS}/{}", made(api, LEADS, lead).await));
        }
        let [mistaken, declined] = &leads[..] else { panic!("two") };
        press(api, mistaken, "disqualify", json!({})).await.expect(200);
        press(api, declined, "lose", json!({"lost_reason": "Too dear"})).await.expect(200);
        run(&world).await;
        run(&world).await;
        let calls = all(api, "/api/v1/activities?filter=kind%20%3D%3D%20%22quality_check%22").await;
        assert_eq!(calls.len(), 1, "only whoever declined is called: {calls:?}");
        assert_eq!(calls[0]["about"]["id"], declined.rsplit('/').next().unwrap());
        let lost = all(api, &format!("{LEADS}?filter=status%20%3D%3D%20%22lost%22")).await;
        assert_eq!(lost.len(), 1, "what is counted by the state of a decline does not count it");
        // It comes back as any other.
        assert_eq!(press(api, mistaken, "reopen", json!({})).await.expect(200)["status"], "new");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn process_1_step_5_a_price_is_agreed_before_documents_are_prepared() {
    for world in worlds() {
        let api = &world.admin;
        let kind = world.event("harbour").await;
        let event = api.get(&format!("/api/v1/ticket_types/{kind}")).await.expect(200)["event"].clone();
        let deal = json!({"name": "Gold", "pipeline": "sponsorship"});
        let deal = format!("/api/v1/deals/{}", made(api, "/api/v1/deals", deal).await);
        press(api, &deal, "advance", json!({})).await.faulty(&["event"]);
        press(api, &deal, "advance", json!({"event": event})).await.expect(200);
        press(api, &deal, "advance", json!({})).await.faulty(&["amount"]);
        press(api, &deal, "advance", json!({"amount": null})).await.faulty(&["amount"]);
        press(api, &deal, "advance", json!({"amount": "100"})).await.faulty(&["amount"]);
        assert_eq!(api.get(&deal).await.expect(200)["stage"], "price");
        let amount = json!({"amount": "300000.00", "currency": "RUB"});
        let moved = press(api, &deal, "advance", json!({"amount": amount})).await.expect(200);
        assert_eq!((&moved["stage"], &moved["amount"]), (&json!("documents"), &amount));
    }
}
