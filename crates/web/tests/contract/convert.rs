//! Process 1, the steps of whoever sells: a lead becomes a client, and whom it may be already; on both databases.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::world::{Answer, Api, World, worlds};

const LEADS: &str = "/api/v1/leads";
const CONTACTS: &str = "/api/v1/contacts";
const ACCOUNTS: &str = "/api/v1/accounts";

fn id(record: &Value) -> &str {
    record["id"].as_str().unwrap()
}

async fn made(who: &Api, path: &str, body: Value) -> String {
    id(&who.post(path, body).await.expect(201)).to_owned()
}

async fn convert(who: &Api, lead: &str, body: Value) -> Answer {
    who.post(&format!("{LEADS}/{lead}/convert"), body).await
}

async fn read(who: &Api, path: &str, record: &str) -> Value {
    who.get(&format!("{path}/{record}")).await.expect(200)
}

fn set(answer: &Answer) -> String {
    answer.headers["change-set"].to_str().unwrap().to_owned()
}

async fn count(who: &Api, path: &str) -> usize {
    who.get(path).await.expect(200)["data"].as_array().unwrap().len()
}

#[tokio::test(flavor = "multi_thread")]
async fn process_1_step_4_an_interested_lead_becomes_account_contact_and_deal_and_history_goes_along() {
    for world in worlds() {
        let (anna_id, anna) = world.user("anna", "salesperson");
        let lead = json!({
            "name": "Анна Котова", "company": "Ромашка", "email": "kotova@romashka.example", "phone": "+79211234567",
            "need": "Золотой пакет", "readiness": "hot", "tags": ["vip"],
        });
        let lead = made(&anna, LEADS, lead).await;
        let about = json!({"module": "leads", "id": lead});
        let call = json!({"kind": "call", "subject": "Позвонить", "about": about, "owner": anna_id.to_string()});
        let call = made(&anna, "/api/v1/activities", call).await;
        let letter = json!({"channel": "email", "direction": "in", "from": "kotova@romashka.example",
            "subject": "Хотим стенд", "about": about});
        let letter = made(&anna, "/api/v1/messages", letter).await;
        let comment = made(&world.admin, "/api/v1/comments", json!({"text": "Важный клиент", "about": about})).await;
        let file = anna.upload(&format!("{LEADS}/{lead}/files"), &[("бриф.txt", b"brief")], None, "").await.expect(201);
        let case = made(&anna, "/api/v1/cases", json!({"subject": "Стенд", "lead": lead})).await;
        anna.patch(&format!("{LEADS}/{lead}"), json!({"owner": anna_id.to_string()})).await.expect(200);

        let converted = convert(&anna, &lead, json!({"deal": {"pipeline": "sponsorship"}})).await;
        let undo = set(&converted);
        let after = converted.expect(200);
        assert_eq!(after["status"], "converted");
        let [account, contact, deal] =
            ["converted_account", "converted_contact", "converted_deal"].map(|name| after[name].as_str().unwrap());

        let account = read(&anna, ACCOUNTS, account).await;
        assert_eq!((&account["name"], &account["kind"]), (&json!("Ромашка"), &json!("organisation")));
        assert_eq!(account["email"], Value::Null, "the address of one person is not the company's");
        let contact = read(&anna, CONTACTS, contact).await;
        assert_eq!(contact["name"], "Анна Котова");
        assert_eq!((&contact["email"], &contact["account"]), (&json!("kotova@romashka.example"), &account["id"]));
        let deal = read(&anna, "/api/v1/deals", deal).await;
        assert_eq!(
            (&deal["name"], &deal["pipeline"], &deal["stage"]),
            (&json!("Ромашка"), &json!("sponsorship"), &json!("event"))
        );
        assert_eq!((&deal["account"], &deal["contact"]), (&account["id"], &contact["id"]));
        assert_eq!((&deal["tags"], &deal["readiness"]), (&json!(["vip"]), &json!("hot")));
        for record in [&account, &contact, &deal] {
            assert_eq!(record["owner"], anna_id.to_string(), "the owner is kept");
        }

        let moved = json!({"module": "deals", "id": deal["id"]});
        let files = file["data"].as_array().map_or(&file, |files| &files[0]);
        let file = id(files).to_owned();
        for (path, record) in [("activities", &call), ("messages", &letter), ("comments", &comment), ("files", &file)] {
            assert_eq!(read(&anna, &format!("/api/v1/{path}"), record).await["about"], moved, "{path}");
        }
        let case_now = read(&anna, "/api/v1/cases", &case).await;
        assert_eq!((&case_now["lead"], &case_now["deal"]), (&json!(lead), &deal["id"]));
        assert_eq!((&case_now["account"], &case_now["contact"]), (&account["id"], &contact["id"]));

        // Once is enough.
        convert(&anna, &lead, json!({})).await.refused(409, "invalid_transition");

        // One change set: undo takes all of it back.
        let (_, head) = world.user("head", "head_of_sales");
        head.post(&format!("/api/v1/undo/{undo}"), json!({})).await.expect(200);
        let back = read(&anna, LEADS, &lead).await;
        assert_eq!((&back["status"], &back["converted_deal"]), (&json!("new"), &Value::Null));
        for path in [ACCOUNTS, CONTACTS, "/api/v1/deals"] {
            assert_eq!(count(&anna, path).await, 0, "{path}");
        }
        for (path, record) in [("activities", &call), ("messages", &letter), ("comments", &comment), ("files", &file)] {
            assert_eq!(read(&anna, &format!("/api/v1/{path}"), record).await["about"], about, "{path}");
        }
        assert_eq!(read(&anna, "/api/v1/cases", &case).await["deal"], Value::Null);
        // And it can be done again.
        convert(&anna, &lead, json!({})).await.expect(200);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn process_0_the_same_email_is_the_same_person_and_a_name_alone_is_only_offered() {
    for world in worlds() {
        let admin = &world.admin;
        let account = made(admin, ACCOUNTS, json!({"name": "Ромашка"})).await;
        let contact = json!({"name": "Котова Анна", "email": "kotova@romashka.example", "account": account});
        let contact = made(admin, CONTACTS, contact).await;

        let known = made(admin, LEADS, json!({"name": "Анна Котова", "email": "Kotova@Romashka.example"})).await;
        let offer = admin.get(&format!("{LEADS}/{known}/convert")).await.expect(200);
        assert_eq!((&offer["contacts"][0]["id"], &offer["contacts"][0]["sure"]), (&json!(contact), &json!(true)));
        assert_eq!(offer["accounts"][0]["because"], json!(["of_contact"]), "{offer}");
        let lead = convert(admin, &known, json!({})).await.expect(200);
        assert_eq!((&lead["converted_contact"], &lead["converted_account"]), (&json!(contact), &json!(account)));
        assert_eq!(lead["converted_deal"], Value::Null, "no deal was wanted");

        // Names that contradict: another person behind one address.
        let other = made(admin, LEADS, json!({"name": "Пётр Ли", "email": "kotova@romashka.example"})).await;
        let offer = admin.get(&format!("{LEADS}/{other}/convert")).await.expect(200);
        assert_eq!((&offer["contacts"][0]["id"], &offer["contacts"][0]["sure"]), (&json!(contact), &json!(false)));

        // The same company and the same full name, and nothing else.
        let namesake = json!({"name": "Анна Котова", "company": "Ромашка", "email": "other@else.example"});
        let namesake = made(admin, LEADS, namesake).await;
        let offer = admin.get(&format!("{LEADS}/{namesake}/convert")).await.expect(200);
        assert_eq!(
            (&offer["accounts"][0]["id"], &offer["accounts"][0]["because"]),
            (&json!(account), &json!(["name"]))
        );
        assert_eq!((&offer["accounts"][0]["sure"], &offer["contacts"][0]["sure"]), (&json!(false), &json!(false)));
        let lead = convert(admin, &namesake, json!({"account": account})).await.expect(200);
        assert_eq!(lead["converted_account"], account, "somebody said so");
        assert_ne!(lead["converted_contact"], contact, "nobody said so");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_may_not_change_the_lead_or_see_the_client_learns_and_does_nothing() {
    for world in worlds() {
        let ((anna_id, anna), (boris_id, boris)) =
            (world.user("anna", "salesperson"), world.user("boris", "salesperson"));
        let (_, secretary) = world.user("secretary", "secretary");
        let theirs = json!({"name": "Котова Анна", "email": "kotova@romashka.example", "owner": boris_id.to_string()});
        let contact = made(&world.admin, CONTACTS, theirs).await;
        let lead = json!({"name": "Анна Котова", "email": "kotova@romashka.example", "owner": anna_id.to_string()});
        let lead = made(&world.admin, LEADS, lead).await;

        boris.get(&format!("{LEADS}/{lead}/convert")).await.refused(404, "not_found");
        convert(&boris, &lead, json!({})).await.refused(404, "not_found");
        convert(&secretary, &lead, json!({})).await.refused(403, "update_forbidden");

        // Another's contact is neither offered nor taken, and cannot be named.
        let offer = anna.get(&format!("{LEADS}/{lead}/convert")).await.expect(200);
        assert_eq!((&offer["contacts"], &offer["accounts"]), (&json!([]), &json!([])));
        convert(&anna, &lead, json!({"contact": contact})).await.faulty(&["contact"]);
        convert(&anna, &lead, json!({"deal": {"name": "x", "colour": "red"}})).await.faulty(&["deal.colour"]);
        convert(&anna, &lead, json!({"deals": {}})).await.faulty(&["deals"]);
        assert_eq!(read(&anna, LEADS, &lead).await["status"], "new", "what was refused did nothing");
        let done = convert(&anna, &lead, json!({})).await.expect(200);
        assert_ne!(done["converted_contact"], contact);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_roles_hide_is_no_sign_of_a_duplicate() {
    for world in worlds() {
        let grants = json!({"leads": {"read": "all", "create": true, "update": "all"},
            "contacts": {"read": "all", "create": true, "update": "all", "hidden": ["email"]},
            "accounts": {"read": "all", "create": true, "update": "all"}});
        let role = json!({"name": "blind", "label": {"ru": "Без почты", "en": "Without mail"}, "modules": grants});
        world.admin.post("/api/v1/meta/roles", role).await.expect(201);
        let (_, blind) = world.user("blind", "blind");
        made(&world.admin, CONTACTS, json!({"name": "Котова", "email": "kotova@romashka.example"})).await;
        let lead = made(&world.admin, LEADS, json!({"name": "Анна Котова", "email": "kotova@romashka.example"})).await;
        let seen = world.admin.get(&format!("{LEADS}/{lead}/convert")).await.expect(200);
        assert_eq!(seen["contacts"].as_array().unwrap().len(), 1, "whoever sees the address is offered the contact");
        let offer = blind.get(&format!("{LEADS}/{lead}/convert")).await.expect(200);
        assert_eq!(offer["contacts"], json!([]), "the hidden address says nothing");
    }
}

fn again_about(about: &Value) -> Value {
    json!({"kind": "quality_check", "subject": "Снова", "about": about})
}

#[tokio::test(flavor = "multi_thread")]
async fn process_1_step_4_the_report_of_a_quality_check_stands_on_the_lead() {
    for world in worlds() {
        let (head_id, head) = world.user("head", "head_of_sales");
        let lead = json!({"name": "Анна Котова", "owner": head_id.to_string()});
        let lead = made(&world.admin, LEADS, lead).await;
        world
            .admin
            .post(&format!("{LEADS}/{lead}/transitions/lose"), json!({"lost_reason": "Дорого"}))
            .await
            .expect(200);
        let about = json!({"module": "leads", "id": lead});
        let check = json!({"kind": "quality_check", "subject": "Почему отказались", "about": about,
            "owner": head_id.to_string()});
        let check = made(&world.admin, "/api/v1/activities", check).await;
        let complete = format!("/api/v1/activities/{check}/transitions/complete");
        head.post(&complete, json!({"result": "done"})).await.faulty(&["result_text"]);
        head.post(&complete, json!({"result": "done", "result_text": "Ушли к соседям"})).await.expect(200);
        assert_eq!(read(&head, LEADS, &lead).await["quality_report"], "Ушли к соседям");

        // A second one stands below the first; other activities report nothing.
        let again = json!({"kind": "quality_check", "subject": "Ещё раз", "about": about});
        let again = made(&head, "/api/v1/activities", again).await;
        let told = json!({"result": "done", "result_text": "Вернутся весной"});
        head.post(&format!("/api/v1/activities/{again}/transitions/complete"), told.clone()).await.expect(200);
        let call =
            made(&head, "/api/v1/activities", json!({"kind": "call", "subject": "Звонок", "about": about})).await;
        head.post(&format!("/api/v1/activities/{call}/transitions/complete"), told).await.expect(200);
        assert_eq!(read(&head, LEADS, &lead).await["quality_report"], "Ушли к соседям\n\nВернутся весной");

        // The same words are not said twice; and nobody reports on what they may not change.
        let same = made(&head, "/api/v1/activities", again_about(&about)).await;
        let told = json!({"result": "done", "result_text": "Вернутся весной"});
        head.post(&format!("/api/v1/activities/{same}/transitions/complete"), told).await.expect(200);
        let (boris_id, boris) = world.user("boris", "salesperson");
        let mut theirs = again_about(&about);
        theirs["owner"] = json!(boris_id.to_string());
        let theirs = made(&head, "/api/v1/activities", theirs).await;
        let told = json!({"result": "done", "result_text": "Всё хорошо"});
        boris.post(&format!("/api/v1/activities/{theirs}/transitions/complete"), told).await.expect(200);
        assert_eq!(read(&head, LEADS, &lead).await["quality_report"], "Ушли к соседям\n\nВернутся весной");
    }
}

fn unmet(answer: &Answer) -> Vec<String> {
    let errors = answer.json["errors"].as_array().unwrap().iter();
    let unmet = errors.filter(|error| error["code"] == "unmet");
    unmet.map(|error| error["field"].as_str().unwrap().to_owned()).collect()
}

/// Runs what is due.
async fn run(who: &Api) {
    who.post("/api/v1/sandbox/clock", json!({"advance": "PT1S"})).await.expect(200);
}

/// The check list of a deal: the ids of its documents by name.
async fn papers(who: &Api, deal: &str) -> BTreeMap<String, String> {
    let filter = format!("deal%20%3D%3D%20%22{deal}%22");
    let page = who.get(&format!("/api/v1/deal_documents?filter={filter}")).await.expect(200);
    let named = |paper: &Value| (paper["name"].as_str().unwrap().to_owned(), id(paper).to_owned());
    page["data"].as_array().unwrap().iter().map(named).collect()
}

/// A deal of a pipeline that has its event and its amount.
async fn agreed(who: &Api, pipeline: &str, event: &Value) -> String {
    let amount = json!({"amount": "300000.00", "currency": "RUB"});
    made(who, "/api/v1/deals", json!({"name": "Ромашка", "pipeline": pipeline, "event": event, "amount": amount})).await
}

async fn spring(world: &World) -> Value {
    let ticket = world.event("spring").await;
    read(&world.admin, "/api/v1/ticket_types", &ticket).await["event"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn process_1_step_5_a_sponsorship_is_won_when_its_condition_holds_and_no_document_is_missing() {
    for world in worlds() {
        let (_, anna) = world.user("anna", "salesperson");
        let event = spring(&world).await;
        let deal = agreed(&anna, "sponsorship", &event).await;
        let page = format!("/api/v1/deals/{deal}");
        let press = |name: &str| format!("{page}/transitions/{name}");
        for _ in 0..2 {
            anna.post(&press("advance"), json!({})).await.expect(200);
        }
        // Whoever is faster than the list does not get past it.
        let early = anna.post(&press("advance"), json!({})).await;
        early.refused(409, "invalid_transition");
        assert_eq!(unmet(&early), ["documents_named"]);
        run(&world.admin).await;
        let list = papers(&anna, &deal).await;
        assert_eq!(list.keys().map(String::as_str).collect::<Vec<_>>(), ["Договор", "Счёт"], "made once");
        assert_eq!(unmet(&anna.post(&press("advance"), json!({})).await), ["documents_missing"]);
        // A tick is no document: it is attached, or issued for the deal.
        let tick =
            anna.post(&format!("/api/v1/deal_documents/{}/transitions/receive", list["Договор"]), json!({})).await;
        tick.refused(409, "invalid_transition");
        assert_eq!(unmet(&tick), ["is_there"]);
        anna.receive(&list["Договор"]).await;
        assert_eq!(unmet(&anna.post(&press("advance"), json!({})).await), ["documents_missing"]);
        anna.receive(&list["Счёт"]).await;
        anna.post(&press("advance"), json!({})).await.expect(200);

        let spare = made(&anna, "/api/v1/deal_documents", json!({"name": "Доверенность", "deal": deal})).await;
        let refused = anna.post(&press("win"), json!({})).await;
        refused.refused(409, "invalid_transition");
        assert_eq!(unmet(&refused), ["contract_signed_on", "documents_missing"]);
        anna.patch(&page, json!({"contract_signed_on": "2036-05-01"})).await.expect(200);
        assert_eq!(unmet(&anna.post(&press("win"), json!({})).await), ["documents_missing"]);
        assert_eq!(anna.get(&page).await.expect(200)["documents_missing"], 1);
        let drop_it = format!("/api/v1/deal_documents/{spare}/transitions/drop");
        anna.post(&drop_it, json!({})).await.refused(403, "transition_forbidden");
        world.admin.post(&drop_it, json!({})).await.expect(200);
        // The press itself cannot take away what the condition asks about.
        for bypass in [json!({"contract_signed_on": null}), json!({"pipeline": "exhibition"})] {
            anna.post(&press("win"), bypass).await.refused(409, "invalid_transition");
        }
        assert_eq!(anna.get(&page).await.expect(200)["contract_signed_on"], "2036-05-01", "nothing is half done");
        assert_eq!(anna.post(&press("win"), json!({})).await.expect(200)["stage"], "won");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn process_1_step_5_the_list_and_the_condition_are_the_administrators_while_deals_are_on_their_way() {
    for world in worlds() {
        let admin = &world.admin;
        let event = spring(&world).await;
        // Another document is named in the rule; the deal that has its list already keeps it.
        let before = agreed(admin, "sponsorship", &event).await;
        run(admin).await;
        let rule = "/api/v1/meta/rules/sponsorship_documents";
        let mut then = admin.get(rule).await.expect(200)["then"].as_array().unwrap().clone();
        then.push(json!({"do": "create", "module": "deal_documents", "fields": {"name": "\"Логотип\"", "deal": "id"}}));
        admin.patch(rule, json!({"then": then})).await.expect(200);
        let deal = agreed(admin, "sponsorship", &event).await;
        // What becomes a sponsorship on its way has its list from the next stage on; other pipelines have none.
        let late = agreed(admin, "general", &event).await;
        let other = agreed(admin, "exhibition", &event).await;
        for deal in [&late, &other] {
            admin.post(&format!("/api/v1/deals/{deal}/transitions/advance"), json!({})).await.expect(200);
        }
        run(admin).await;
        assert_eq!(papers(admin, &late).await.len(), 0);
        admin.patch(&format!("/api/v1/deals/{late}"), json!({"pipeline": "sponsorship"})).await.expect(200);
        for deal in [&late, &other] {
            admin.post(&format!("/api/v1/deals/{deal}/transitions/advance"), json!({})).await.expect(200);
        }
        run(admin).await;
        let mut listed = Vec::new();
        for deal in [&before, &deal, &late, &other] {
            listed.push(papers(admin, deal).await.len());
        }
        assert_eq!(listed, [2, 3, 3, 0]);
        // One that was lost and comes back has one list still.
        let lost = format!("/api/v1/deals/{deal}/transitions");
        admin.post(&format!("{lost}/lose"), json!({"lost_reason": "Дорого"})).await.expect(200);
        admin.post(&format!("{lost}/reopen"), json!({})).await.expect(200);
        run(admin).await;
        assert_eq!(papers(admin, &deal).await.len(), 3);

        // Signed, paid, or both: said of the process, and deals on their way obey.
        for name in ["advance", "advance"] {
            admin.post(&format!("{lost}/{name}"), json!({})).await.expect(200);
        }
        for paper in papers(admin, &deal).await.values() {
            admin.receive(paper).await;
        }
        admin.post(&format!("{lost}/advance"), json!({})).await.expect(200);
        let condition = |wanted: &str| {
            let guard =
                format!("pipeline == \"sponsorship\" && {wanted} && documents_named > 0 && documents_missing == 0");
            json!({"transitions": {"win.closing.won": {"guard": guard}}})
        };
        let process = "/api/v1/meta/processes/deals";
        let win = format!("{lost}/win");
        assert_eq!(unmet(&admin.post(&win, json!({})).await), ["contract_signed_on"]);
        admin.patch(process, condition("has(paid_on)")).await.expect(200);
        assert_eq!(unmet(&admin.post(&win, json!({})).await), ["paid_on"]);
        admin.patch(process, condition("has(contract_signed_on) && has(paid_on)")).await.expect(200);
        assert_eq!(unmet(&admin.post(&win, json!({})).await), ["contract_signed_on", "paid_on"]);
        let page = format!("/api/v1/deals/{deal}");
        admin.patch(&page, json!({"paid_on": "2036-05-02"})).await.expect(200);
        assert_eq!(unmet(&admin.post(&win, json!({})).await), ["contract_signed_on"]);
        admin.patch(process, condition("has(paid_on)")).await.expect(200);
        assert_eq!(admin.post(&win, json!({})).await.expect(200)["stage"], "won");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lead_in_the_bin_is_not_open_to_conversion() {
    for world in worlds() {
        let admin = &world.admin;
        let lead = made(admin, LEADS, json!({"name": "Анна Котова"})).await;
        let offer = format!("{LEADS}/{lead}/convert");
        assert_eq!(admin.get(&offer).await.expect(200)["open"], true);
        admin.send("DELETE", &format!("{LEADS}/{lead}"), &[], None).await.expect(204);
        assert_eq!(admin.get(&offer).await.expect(200)["open"], false);
        assert!(convert(admin, &lead, json!({})).await.status >= 400);
    }
}
