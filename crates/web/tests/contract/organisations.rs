//! Organisations that order, and strangers who knock: letters are bounded, names are no links, requisites of clients are
//! staff's, invoices wait for a seller, lists of attendees are read.

use serde_json::{Value, json};

use super::access::{browse, session};
use super::world::{Answer, Api, World, worlds};

const INN: &str = "7707083893";

fn request(company: &str, inn: Option<&str>, email: &str) -> Value {
    json!({"company": {"name": company, "inn": inn}, "contact": {"name": "Vera Lane", "email": email}})
}

fn answers(kind: &str, quantity: i64) -> Value {
    json!({"answers": {
        "lines": [{"ticket_type": kind, "quantity": quantity}],
        "name": "OOO Romashka", "inn": INN, "kpp": "773601001", "address": "Moscow, Prichal 1",
    }})
}

const GROUPS: &str = "/api/public/v1/events/harbour/group-orders";

async fn letters(api: &Api, to: &str) -> Vec<Value> {
    let page = api.get(&format!("/api/v1/sandbox/outbox?to={to}")).await.expect(200);
    page["data"].as_array().unwrap().clone()
}

/// The records of a module that fulfil a condition, the oldest first.
async fn found(api: &Api, module: &str, filter: &str) -> Vec<Value> {
    let filter: String = filter.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let page = api.get(&format!("/api/v1/{module}?limit=500&sort=id&filter={filter}")).await.expect(200);
    page["data"].as_array().unwrap().clone()
}

/// Asks for tickets and answers the questionnaire by its link; answers the order.
async fn ordered(world: &World, kind: &str, quantity: i64, email: &str) -> Value {
    let (api, anybody) = (&world.admin, world.anybody());
    anybody.post(GROUPS, request("Romashka", Some(INN), email)).await.expect(201);
    let text = letters(api, email).await.pop().unwrap()["text"].as_str().unwrap().to_owned();
    let token = text.split_once("/p/s/").unwrap().1.split_whitespace().next().unwrap().to_owned();
    anybody.post(&format!("/api/public/v1/surveys/{token}"), answers(kind, quantity)).await.expect(201);
    found(api, "orders", &format!("buyer_email == \"{email}\"")).await.pop().unwrap()
}

async fn pass(api: &Api, time: &str) {
    api.post("/api/v1/sandbox/clock", json!({"advance": time})).await.expect(200);
}

async fn seller(api: &Api) {
    let entity = json!({"name": "OOO Harbour", "inn": "7736207543"});
    api.patch("/api/v1/meta/organisation", json!({"legal_entities": [entity]})).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_are_no_letter_cannon() {
    for world in worlds() {
        let (api, anybody) = (&world.admin, world.anybody());
        world.event("harbour").await;
        let mut told = Vec::new();
        for number in 0..26 {
            let company = format!("Romashka {number}");
            let answer = anybody.post(GROUPS, request(&company, None, "victim@example.org")).await.expect(201);
            told.push(answer["letter"].as_str().unwrap().to_owned());
        }
        assert_eq!(told.iter().filter(|told| *told == "sent").count(), 6, "{told:?}");
        assert!(told[6..].iter().all(|told| told == "later"));
        assert_eq!(found(api, "deals", "pipeline == \"group_tickets\"").await.len(), 26, "every request is kept");
        let kept = letters(api, "victim@example.org").await;
        let failed = kept.iter().filter(|letter| letter["status"] == "failed").count();
        assert_eq!((kept.len(), failed), (26, 2));
        // Somebody else is not the victim, and staff are no strangers.
        let other = anybody.post(GROUPS, request("Other", None, "other@example.org")).await.expect(201);
        assert_eq!(other["letter"], "sent");
        let page = form(
            &anybody,
            "/e/harbour/group",
            &[
                ("company_name", "Romashka"),
                ("contact_name", "Vera"),
                ("contact_email", "victim@example.org"),
                ("consent", "yes"),
            ],
        )
        .await;
        assert!(page.status == 200 && page.text.contains("the next one comes later"), "{}", page.text);
        let survey = found(api, "surveys", "email == \"victim@example.org\"").await.pop().unwrap();
        api.post(&format!("/api/v1/surveys/{}/send", survey["id"].as_str().unwrap()), json!({})).await.expect(200);
        assert_ne!(letters(api, "victim@example.org").await.pop().unwrap()["status"], "failed");
        // The questionnaires are reminded of as well, and count.
        pass(api, "P5D").await;
        let answer = anybody.post(GROUPS, request("Later", None, "victim@example.org")).await.expect(201);
        assert_eq!(answer["letter"], "sent");

        for name in ["casino.com", "Win at t.me/x now", "выигрыш.рф"] {
            let mut body = request("Romashka", None, "name@example.org");
            body["contact"]["name"] = json!(name);
            anybody.post(GROUPS, body).await.faulty(&["contact.name"]);
        }
    }
}

async fn form(who: &Api, path: &str, fields: &[(&str, &str)]) -> Answer {
    let body = serde_urlencoded::to_string(fields).unwrap();
    let headers = [
        ("content-type", "application/x-www-form-urlencoded"),
        ("sec-fetch-site", "same-origin"),
        ("accept-language", "en"),
    ];
    who.call("POST", path, &headers, body.into_bytes()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invoice_waits_until_the_organisation_says_who_sells() {
    for world in worlds() {
        let api = &world.admin;
        let kind = world.event("harbour").await;
        let order = ordered(&world, &kind, 2, "vera@example.org").await;
        let id = order["id"].as_str().unwrap().to_owned();
        let invoices = async || found(api, "invoices", &format!("order == \"{id}\"")).await;
        assert_eq!(invoices().await.iter().map(|it| it["status"].as_str().unwrap()).collect::<Vec<_>>(), ["draft"]);
        assert!(invoices().await[0]["number"].is_null());
        let cookie = session(&world, world.admin_id);
        let draft = format!("/invoices/{}", invoices().await[0]["id"].as_str().unwrap());
        for page in [format!("/orders/{id}"), format!("/deals/{}", order["deal"].as_str().unwrap()), draft.clone()] {
            let page = browse(&world, "GET", &page, &cookie, None).await;
            assert!(page.text.contains("Счёт не выставлен"), "{}", page.text);
        }
        // Nobody presses what only waits for the seller: no button leads there, and none is named.
        let page = browse(&world, "GET", &draft, &cookie, None).await;
        assert!(!page.text.contains("transitions/issue"), "{}", page.text);
        let pressed = api.post(&format!("/api/v1{draft}/transitions/issue"), json!({})).await;
        pressed.refused(409, "invalid_transition");
        let named = pressed.json["errors"].as_array().into_iter().flatten().any(|error| error["message"] == "issue");
        assert!(!named, "{}", pressed.text);
        pass(api, "P3D").await;
        let templates = async || -> Vec<String> {
            let letters = letters(api, "vera@example.org").await;
            letters.iter().map(|letter| letter["template"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(templates().await, ["survey"], "nobody is reminded of what has not gone out");
        assert_eq!(api.get(&format!("/api/v1/orders/{id}")).await.expect(200)["status"], "pending");
        seller(api).await;
        pass(api, "PT1M").await;
        assert_eq!(templates().await, ["survey", "group_invoiced"]);
        let issued = invoices().await.pop().unwrap();
        assert_eq!((issued["status"].as_str(), issued["number"].as_str()), (Some("issued"), Some("1")));
        let page = browse(&world, "GET", &format!("/orders/{id}"), &cookie, None).await;
        assert!(!page.text.contains("Счёт не выставлен"), "{}", page.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn e6_money_before_the_invoice_wins_the_deal_once_the_invoice_is_issued() {
    for world in worlds() {
        let api = &world.admin;
        let kind = world.event("harbour").await;
        let order = ordered(&world, &kind, 2, "vera@example.org").await;
        let paid = json!({"amount": order["total"], "order": order["id"]});
        api.post("/api/v1/payments", paid).await.expect(201);
        let deal = format!("/api/v1/deals/{}", order["deal"].as_str().unwrap());
        let stage = async || api.get(&deal).await.expect(200)["stage"].clone();
        assert_eq!(
            api.get(&format!("/api/v1/orders/{}", order["id"].as_str().unwrap())).await.expect(200)["status"],
            "paid"
        );
        assert_eq!(stage().await, "issued", "the tickets are out, and there is no paper yet");
        seller(api).await;
        pass(api, "PT1M").await;
        assert_eq!(stage().await, "won");
        let filter = format!("order == \"{}\" && status == \"paid\"", order["id"].as_str().unwrap());
        let invoices = found(api, "invoices", &filter).await;
        assert_eq!((invoices.len(), invoices[0]["number"].as_str()), (1, Some("1")));
        let asked = letters(api, "vera@example.org").await;
        assert!(asked.iter().all(|letter| letter["template"] != "group_invoiced"), "nobody is asked for money again");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn requisites_of_a_client_are_taken_over_by_staff_alone() {
    for world in worlds() {
        let api = &world.admin;
        seller(api).await;
        let kind = world.event("harbour").await;
        let account = api.post("/api/v1/accounts", json!({"name": "Romashka", "inn": INN})).await.expect(201);
        let account = format!("/api/v1/accounts/{}", account["id"].as_str().unwrap());
        pass(api, "PT1H").await;
        let order = ordered(&world, &kind, 1, "stranger@example.org").await;
        assert!(api.get(&account).await.expect(200)["kpp"].is_null());
        let page = format!("/orders/{}", order["id"].as_str().unwrap());
        let cookie = session(&world, world.admin_id);
        let shown = browse(&world, "GET", &page, &cookie, None).await;
        assert!(shown.text.contains("Реквизиты из анкеты") && shown.text.contains("773601001"), "{}", shown.text);
        let (reviewer, _) = world.user("rita", "reviewer");
        let theirs = session(&world, reviewer);
        let hidden = browse(&world, "POST", &format!("{page}/requisites"), &theirs, Some(json!({}))).await;
        assert!(api.get(&account).await.expect(200)["kpp"].is_null(), "{}", hidden.status);
        let headers = [
            ("cookie", cookie.as_str()),
            ("sec-fetch-site", "same-origin"),
            ("content-type", "application/x-www-form-urlencoded"),
        ];
        let taken = world.anybody().call("POST", &format!("{page}/requisites"), &headers, Vec::new()).await;
        assert_eq!(taken.status, 303, "{}", taken.text);
        let now = api.get(&account).await.expect(200);
        assert_eq!((&now["kpp"], &now["legal_address"]), (&json!("773601001"), &json!("Moscow, Prichal 1")));
        let shown = browse(&world, "GET", &page, &cookie, None).await;
        assert!(!shown.text.contains("Реквизиты из анкеты"), "{}", shown.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unanswered_questionnaire_is_reminded_of_and_then_somebody_calls() {
    for world in worlds() {
        let (api, anybody) = (&world.admin, world.anybody());
        seller(api).await;
        world.event("harbour").await;
        anybody.post(GROUPS, request("Romashka", Some(INN), "vera@example.org")).await.expect(201);
        let first = letters(api, "vera@example.org").await.remove(0);
        assert!(first["subject"].as_str().unwrap().contains("harbour"), "the letter names the event: {first}");
        pass(api, "P1DT1H").await;
        let reminded = letters(api, "vera@example.org").await;
        assert_eq!(reminded.len(), 2, "{reminded:?}");
        let calls = async || found(api, "activities", "kind == \"call\"").await;
        assert!(calls().await.is_empty());
        pass(api, "P2DT1H").await;
        assert_eq!((calls().await.len(), letters(api, "vera@example.org").await.len()), (1, 2));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_due_after_the_tickets_went_out_is_asked_for() {
    for world in worlds() {
        let api = &world.admin;
        seller(api).await;
        api.patch("/api/v1/meta/organisation", json!({"payment_terms": "postpaid"})).await.expect(200);
        let kind = world.event("harbour").await;
        let order = ordered(&world, &kind, 2, "vera@example.org").await;
        let at = format!("/api/v1/orders/{}", order["id"].as_str().unwrap());
        assert!(order["next_check_at"].is_string(), "{order}");
        let last = async || letters(api, "vera@example.org").await.pop().unwrap();
        assert_eq!(last().await["template"], "group_tickets");
        pass(api, "P13D").await;
        assert_eq!(last().await["template"], "group_tickets");
        pass(api, "P1DT2H").await;
        let letter = last().await;
        assert_eq!(
            (&letter["template"], letter["attachments"].as_array().map(Vec::len)),
            (&json!("group_debt"), Some(1))
        );
        assert_eq!(found(api, "activities", "kind == \"call\"").await.len(), 1);
        pass(api, "P14DT1H").await;
        let order = api.get(&at).await.expect(200);
        assert_eq!((&order["status"], &order["reminders"]), (&json!("pending"), &json!(2)), "no seat is taken away");
        assert_eq!(found(api, "activities", "kind == \"call\"").await.len(), 1);
        let paid = json!({"amount": order["due"], "order": order["id"]});
        api.post("/api/v1/payments", paid).await.expect(201);
        let count = letters(api, "vera@example.org").await.len();
        pass(api, "P30D").await;
        assert_eq!(letters(api, "vera@example.org").await.len(), count, "who has paid is left in peace");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_of_attendees_is_taken_whole_or_told_by_line() {
    for world in worlds() {
        let (api, anybody) = (&world.admin, world.anybody());
        seller(api).await;
        let kind = world.event("harbour").await;
        let order = ordered(&world, &kind, 3, "vera@example.org").await;
        let token = order["public_url"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
        let upload = async |text: &str| {
            let mut body =
                b"--x\r\nContent-Disposition: form-data; name=\"list\"; filename=\"list.csv\"\r\n\r\n".to_vec();
            body.extend(text.as_bytes());
            body.extend(b"\r\n--x--\r\n");
            let headers = [
                ("content-type", "multipart/form-data; boundary=x"),
                ("sec-fetch-site", "same-origin"),
                ("accept-language", "en"),
            ];
            anybody.call("POST", &format!("/p/o/{token}/names/list"), &headers, body).await
        };
        let names = async || -> Vec<Value> {
            let id = order["id"].as_str().unwrap();
            let tickets = found(api, "tickets", &format!("order == \"{id}\"")).await;
            tickets.iter().map(|ticket| ticket["attendee_name"].clone()).collect()
        };
        let open = upload("sep=;\nФИО;Почта\n\"Анна;anna@example.org\nБорис;boris@example.org\n").await;
        assert!(open.status == 422 && open.text.contains("line 3") | open.text.contains("Line 3"), "{}", open.text);
        let wrong = upload("ФИО;Почта\nАнна;anna@example.org\ncasino.com;boris\n").await;
        assert!(wrong.status == 422 && wrong.text.contains('3'), "{}", wrong.text);
        assert!(names().await.iter().all(Value::is_null), "all of it or nothing");
        let taken = upload("sep=;\nФИО;Почта\nАнна;anna@example.org\n\"Борис, мл.\";boris@example.org\n").await;
        assert_eq!(taken.status, 303, "{}", taken.text);
        let mut now = names().await;
        now.retain(|name| !name.is_null());
        assert_eq!(now, [json!("Анна"), json!("Борис, мл.")]);
    }
}
