//! Processes 0 and 1, the steps of the secretary: what is made of a message, and what is rejected and sent again; on both
//! databases.

use model::Id;
use serde_json::{Value, json};

use crate::world::{Answer, Api, World, worlds};

const MESSAGES: &str = "/api/v1/messages";
const LEADS: &str = "/api/v1/leads";
const CASES: &str = "/api/v1/cases";
const REJECTED: &str = "/api/v1/rejected_requests";

fn id(record: &Value) -> &str {
    record["id"].as_str().unwrap()
}

async fn made(who: &Api, path: &str, body: Value) -> String {
    id(&who.post(path, body).await.expect(201)).to_owned()
}

async fn all(who: &Api, path: &str) -> Vec<Value> {
    who.get(path).await.expect(200)["data"].as_array().unwrap().clone()
}

/// A letter that came in.
async fn letter(world: &World, from: &str) -> String {
    let letter = json!({"channel": "email", "direction": "in", "from": from, "from_name": "Анна Котова",
        "subject": "Хотим стать спонсором", "text": "Что для этого нужно?"});
    made(&world.admin, MESSAGES, letter).await
}

async fn sort(who: &Api, message: &str, body: Value) -> Answer {
    who.post(&format!("{MESSAGES}/{message}/sort"), body).await
}

/// The case that a message became.
async fn case_of(who: &Api, sorted: &Value) -> Value {
    assert_eq!(sorted["about"]["module"], "cases", "{sorted}");
    who.get(&format!("{CASES}/{}", id(&sorted["about"]))).await.expect(200)
}

fn person(world: &World, name: &str) -> (String, Api) {
    let (id, api): (Id, Api) = world.user(name, "salesperson");
    (id.to_string(), api)
}

#[tokio::test(flavor = "multi_thread")]
async fn process_1_step_1_what_is_no_business_of_sales_waits_in_the_queue_and_goes_where_a_person_says() {
    for world in worlds() {
        let (_, secretary) = world.user("secretary", "secretary");
        let (anna_id, anna) = person(&world, "anna");
        let [nothing, passed, asked] = [
            letter(&world, "a@x.example").await,
            letter(&world, "b@x.example").await,
            letter(&world, "c@x.example").await,
        ];
        let waiting = format!(
            "{MESSAGES}?filter=direction%20%3D%3D%20%22in%22%20%26%26%20status%20%3D%3D%20%22received%22%20%26%26%20!has(sorted)%20%26%26%20!has(about)"
        );
        assert_eq!(all(&secretary, &waiting).await.len(), 3, "what came in is received");

        // Set aside as nothing: kept, found, brought back.
        let aside = sort(&secretary, &nothing, json!({"into": "nothing"})).await.expect(200);
        assert_eq!((&aside["status"], &aside["sorted"]), (&json!("set_aside"), &json!("nothing")));
        assert_eq!(all(&secretary, &waiting).await.len(), 2);
        let found =
            secretary.get("/api/v1/search?q=%D1%81%D0%BF%D0%BE%D0%BD%D1%81%D0%BE%D1%80%D0%BE%D0%BC").await.expect(200);
        assert!(found["data"].as_array().unwrap().iter().any(|hit| hit["id"] == nothing), "{found}");
        sort(&secretary, &nothing, json!({"into": "case"})).await.refused(409, "already_sorted");
        let back = sort(&secretary, &nothing, json!({"into": "queue"})).await.expect(200);
        assert_eq!((&back["status"], &back["sorted"]), (&json!("received"), &Value::Null));
        assert_eq!(all(&secretary, &waiting).await.len(), 3);

        // Passed to a person.
        sort(&secretary, &passed, json!({"into": "person"})).await.faulty(&["owner"]);
        let theirs = sort(&secretary, &passed, json!({"into": "person", "owner": anna_id})).await.expect(200);
        assert_eq!((&theirs["owner"], &theirs["sorted"]), (&json!(anna_id), &json!("passed")));
        assert_eq!(anna.get(&format!("{MESSAGES}/{passed}")).await.expect(200)["sorted"], "passed");

        // A question: a case with the letter, and no lead.
        let sorted =
            sort(&secretary, &asked, json!({"into": "case", "fields": {"kind": "question"}})).await.expect(200);
        let case = case_of(&secretary, &sorted).await;
        assert_eq!((&case["subject"], &case["kind"]), (&json!("Хотим стать спонсором"), &json!("question")));
        assert_eq!((&case["channel"], &case["lead"]), (&json!("email"), &Value::Null));
        assert!(all(&world.admin, LEADS).await.is_empty());
        sort(&secretary, &asked, json!({"into": "elsewhere"})).await.faulty(&["into"]);
        sort(&secretary, &asked, json!({"into": "case"})).await.refused(409, "already_sorted");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn process_1_step_2_a_case_is_attached_to_the_open_lead_else_a_lead_is_made() {
    for world in worlds() {
        let (_, secretary) = world.user("secretary", "secretary");
        let ((anna_id, _), (boris_id, boris)) = (person(&world, "anna"), person(&world, "boris"));

        // Nobody is known: a new lead, whose owner a rule chooses.
        let first = letter(&world, "Kotova@Romashka.example").await;
        let sorted =
            sort(&secretary, &first, json!({"into": "lead", "fields": {"company": "Ромашка"}})).await.expect(200);
        let case = case_of(&secretary, &sorted).await;
        let leads = all(&world.admin, LEADS).await;
        assert_eq!(leads.len(), 1);
        assert_eq!((&leads[0]["email"], &leads[0]["company"]), (&json!("kotova@romashka.example"), &json!("Ромашка")));
        assert_eq!((&case["lead"], &leads[0]["owner"]), (&leads[0]["id"], &Value::Null));

        // She has an open lead: the case is attached. So has her company.
        let lead = format!("{LEADS}/{}", id(&leads[0]));
        world.admin.patch(&lead, json!({"owner": anna_id})).await.expect(200);
        for (from, fields) in [
            ("kotova@romashka.example", json!({})),
            ("boss@romashka.example", json!({"name": "Олег Ли", "company": "Ромашка"})),
        ] {
            let again = letter(&world, from).await;
            let sorted = sort(&secretary, &again, json!({"into": "lead", "fields": fields})).await.expect(200);
            let case = case_of(&secretary, &sorted).await;
            assert_eq!((&case["lead"], &case["owner"]), (&leads[0]["id"], &json!(anna_id)), "{from}");
        }
        assert_eq!(all(&world.admin, LEADS).await.len(), 1);

        // A known client without an open lead: a new one, the account's owner answers for it.
        let account = made(&world.admin, "/api/v1/accounts", json!({"name": "Василёк", "owner": boris_id})).await;
        let contact = json!({"name": "Анна Котова", "email": "anna@vasilek.example", "account": account});
        let contact = made(&world.admin, "/api/v1/contacts", contact).await;
        let known = letter(&world, "anna@vasilek.example").await;
        let sorted = sort(&secretary, &known, json!({"into": "lead"})).await.expect(200);
        let case = case_of(&secretary, &sorted).await;
        let new = boris.get(&format!("{LEADS}/{}", case["lead"].as_str().unwrap())).await.expect(200);
        assert_eq!((&new["contact"], &new["account"]), (&json!(contact), &json!(account)));
        assert_eq!((&new["owner"], &case["owner"]), (&json!(boris_id), &json!(boris_id)));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn process_1_step_2_the_manager_who_took_the_call_owns_the_new_lead() {
    for world in worlds() {
        let (anna_id, anna) = person(&world, "anna");
        let (_, boris) = person(&world, "boris");
        let call = json!({"channel": "phone", "direction": "in", "from": "8 (921) 123-45-67", "from_name": "Пётр Ли",
            "subject": "Про стенд", "owner": anna_id});
        let call = made(&anna, MESSAGES, call).await;
        sort(&boris, &call, json!({"into": "lead"})).await.refused(404, "not_found");
        let sorted = sort(&anna, &call, json!({"into": "lead"})).await.expect(200);
        let case = case_of(&anna, &sorted).await;
        let lead = anna.get(&format!("{LEADS}/{}", case["lead"].as_str().unwrap())).await.expect(200);
        assert_eq!((&lead["owner"], &lead["phone"]), (&json!(anna_id), &json!("+79211234567")));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn process_0_a_bad_address_is_rejected_with_its_reason_and_sent_again_when_corrected() {
    for world in worlds() {
        let (_, secretary) = world.user("secretary", "secretary");
        let (_, anna) = person(&world, "anna");
        let bad = json!({"name": "Анна Котова", "email": "kotova-at-romashka", "phone": "12"});
        // A program that makes a lead is told at once.
        secretary.post(LEADS, bad.clone()).await.faulty(&["email", "phone"]);
        assert!(all(&secretary, REJECTED).await.is_empty());

        // A form that somebody else filled in is kept, once.
        let form = json!({"source": "form", "module": "leads", "fields": bad, "external_id": "form-7"});
        let kept = secretary.post("/api/v1/intake", form.clone()).await.expect(202);
        assert_eq!(secretary.post("/api/v1/intake", form).await.expect(202), kept, "the same request is one request");
        let request = format!("{REJECTED}/{}", id(&kept["rejected"]));
        let told = secretary.get(&request).await.expect(200);
        assert_eq!(
            (&told["subject"], &told["status"], &told["wrong"]),
            (&json!("Анна Котова"), &json!("waiting"), &json!(["email", "phone"]))
        );
        assert!(all(&world.admin, LEADS).await.is_empty(), "never a lead");
        anna.get(&request).await.refused(404, "not_found");

        // Half corrected is not enough, and nothing is lost.
        let send = format!("{request}/resubmit");
        secretary.post(&send, json!({"fields": {"phone": null}})).await.faulty(&["email"]);
        let fields = json!({"fields": {"phone": null, "email": "kotova@romashka.example"}});
        let sent = secretary.post(&send, fields.clone()).await.expect(200);
        assert_eq!((&sent["status"], &sent["became"]["module"]), (&json!("resubmitted"), &json!("leads")));
        let lead = secretary.get(&format!("{LEADS}/{}", id(&sent["became"]))).await.expect(200);
        assert_eq!((&lead["name"], &lead["email"]), (&json!("Анна Котова"), &json!("kotova@romashka.example")));
        secretary.post(&send, fields).await.refused(409, "invalid_transition");

        // What is right is made at once; whoever carries it wrongly is told.
        let good = json!({"source": "letter", "module": "leads", "fields": {"name": "Пётр Ли"}});
        assert_eq!(secretary.post("/api/v1/intake", good).await.expect(201)["made"]["module"], "leads");
        let carried = |module: &str, field: &str| json!({"source": "letter", "module": module, "fields": {field: "x"}});
        secretary.post("/api/v1/intake", carried("leads", "colour")).await.faulty(&["colour"]);
        secretary.post("/api/v1/intake", carried("users", "name")).await.faulty(&["module"]);
        let by_sales = json!({"source": "letter", "module": "leads", "fields": {"name": "Пётр Ли"}});
        anna.post("/api/v1/intake", by_sales).await.refused(403, "create_forbidden");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn process_1_step_2_what_the_message_says_is_kept_whatever_fields_of_leads_the_secretary_sees() {
    for world in worlds() {
        let whole = json!({"read": "all", "update": "all", "create": true});
        let leads = json!({"read": "all", "create": true, "hidden": ["email", "phone"], "read_only": ["need"]});
        let role = json!({"name": "desk", "modules": {"messages": whole, "cases": whole, "leads": leads}});
        world.admin.post("/api/v1/meta/roles", role).await.expect(201);
        let (_, desk) = world.user("dora", "desk");
        let message = letter(&world, "Kotova@Romashka.example").await;
        // What they add themselves is under their rights.
        let more = json!({"into": "lead", "fields": {"phone": "+7 921 123-45-67"}});
        let refused = sort(&desk, &message, more).await;
        assert!(matches!(refused.status, 403 | 422), "{}", refused.text);
        sort(&desk, &message, json!({"into": "lead", "fields": {"company": "Ромашка"}})).await.expect(200);
        let leads = all(&world.admin, LEADS).await;
        assert_eq!((leads.len(), &leads[0]["email"]), (1, &json!("kotova@romashka.example")));
        assert_eq!((&leads[0]["company"], &leads[0]["need"]), (&json!("Ромашка"), &json!("Что для этого нужно?")));
        // Whoever writes again is known by it.
        let again = letter(&world, "kotova@romashka.example").await;
        sort(&desk, &again, json!({"into": "lead"})).await.expect(200);
        assert_eq!(all(&world.admin, LEADS).await.len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn process_1_step_2_a_letter_becomes_a_case_and_a_lead_of_whoever_has_the_turn_and_is_there() {
    for world in worlds() {
        let (_, secretary) = world.user("secretary", "secretary");
        let (anna, boris, vera) = (person(&world, "anna"), person(&world, "boris"), person(&world, "vera"));
        let away = json!({"until": "2099-01-01T00:00:00Z"});
        let absence = format!("/api/v1/meta/users/{}/absence", boris.0);
        world.admin.call("PUT", &absence, &[("content-type", "application/json")], away.to_string()).await.expect(200);
        let run = async || {
            world.admin.post("/api/v1/sandbox/clock", json!({"advance": "PT1S"})).await.expect(200);
        };
        let mut owners = Vec::new();
        for from in ["a@one.example", "b@two.example", "c@three.example", "d@four.example"] {
            let message = letter(&world, from).await;
            let fields = json!({"name": from.replace(['@', '.'], " ")});
            let sorted = sort(&secretary, &message, json!({"into": "lead", "fields": fields})).await.expect(200);
            run().await;
            let case = case_of(&world.admin, &sorted).await;
            let lead = format!("{LEADS}/{}", case["lead"].as_str().unwrap());
            let lead = world.admin.get(&lead).await.expect(200);
            assert_eq!(lead["requests"], 1);
            owners.push(lead["owner"].as_str().unwrap().to_owned());
        }
        assert!(!owners.contains(&boris.0), "who is away gets none: {owners:?}");
        assert_eq!(owners[..2], owners[2..], "each in turn");
        assert_ne!(owners[0], owners[1]);
        let mut both = [&anna.0, &vera.0];
        both.sort();
        let mut had = [&owners[0], &owners[1]];
        had.sort();
        assert_eq!(had, both);

        // A buyer of tickets is a lead with an order, and nobody's; so is one that somebody enters.
        let kind = world.event("harbour").await;
        let event = all(&world.admin, "/api/v1/events").await[0]["id"].clone();
        let order = json!({"event": event, "buyer_name": "Глеб", "buyer_email": "gleb@buyer.example",
            "tickets": [{"ticket_type": kind}]});
        let order = world.admin.post("/api/v1/orders", order).await.expect(201);
        let entered = made(&world.admin, LEADS, json!({"name": "Дора"})).await;
        run().await;
        for lead in [order["lead"].as_str().unwrap(), &entered] {
            let lead = world.admin.get(&format!("{LEADS}/{lead}")).await.expect(200);
            assert_eq!((&lead["owner"], &lead["requests"]), (&Value::Null, &json!(0)), "{lead}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn process_1_step_2_a_letter_becomes_a_lead_where_what_it_says_has_no_field_any_more() {
    for world in worlds() {
        let (_, secretary) = world.user("secretary", "secretary");
        let need = "/api/v1/meta/modules/leads/fields/need";
        world
            .admin
            .patch("/api/v1/meta/processes/leads", json!({"transitions": {"qualify": {"asks": ["company"]}}}))
            .await
            .expect(200);
        world.admin.patch(need, json!({"retired": true})).await.expect(200);
        let message = letter(&world, "kotova@romashka.example").await;
        // What somebody says of it themselves is told.
        let typed = json!({"into": "lead", "fields": {"need": "A booth"}});
        sort(&secretary, &message, typed).await.faulty(&["need"]);
        let sorted = sort(&secretary, &message, json!({"into": "lead"})).await.expect(200);
        let case = case_of(&world.admin, &sorted).await;
        let lead = world.admin.get(&format!("{LEADS}/{}", case["lead"].as_str().unwrap())).await.expect(200);
        assert_eq!(lead["email"], "kotova@romashka.example");
    }
}
