//! Process 3, the steps of organisations that belong to nobody else's test: tax numbers of other countries, terms that nobody
//! wrote on the deal, and a list of names; on both databases.

use serde_json::{Value, json};

use crate::world::{Answer, Api, World, worlds};

async fn all(who: &Api, path: &str) -> Vec<Value> {
    who.get(path).await.expect(200)["data"].as_array().unwrap().clone()
}

fn id(record: &Value) -> &str {
    record["id"].as_str().unwrap()
}

/// Somebody who sells and invoices; answers what is sold.
async fn seller(world: &World) -> String {
    let entity = json!({
        "name": "OOO Harbour", "inn": "7736207543", "kpp": "773601001", "address": "Moscow", "bik": "044525225",
        "bank_name": "Bank", "bank_account": "40702810138250123017", "corr_account": "30101810400000000225",
        "vat_rate": "22",
    });
    let said = json!({"name": "Harbour", "legal_entities": [entity]});
    world.admin.patch("/api/v1/meta/organisation", said).await.expect(200);
    world.event("harbour").await
}

async fn request(world: &World, company: Value, email: &str) -> Answer {
    let body = json!({"company": company, "contact": {"name": "Vera Orlova", "email": email}});
    world.anybody().post("/api/public/v1/events/harbour/group-orders", body).await
}

/// The deal of whoever asked.
async fn deal_of(world: &World, email: &str) -> Value {
    let contacts = all(&world.admin, "/api/v1/contacts?limit=500").await;
    let contact = contacts.iter().find(|contact| contact["email"] == email).unwrap();
    let deals = all(&world.admin, "/api/v1/deals?limit=500").await;
    deals.into_iter().find(|deal| deal["contact"] == contact["id"]).unwrap()
}

fn answers(kind: &str, quantity: i64, inn: &str) -> Value {
    json!({
        "lines": [{"ticket_type": kind, "quantity": quantity}], "name": "Payer", "inn": inn, "kpp": "773601001",
        "address": "Moscow, Prichal 1", "bik": "044525225", "bank_account": "40702810138250123017",
        "corr_account": "30101810400000000225",
    })
}

async fn answer(world: &World, deal: &Value, answers: Value) -> Answer {
    world.admin.post(&format!("/api/v1/deals/{}/questionnaire", id(deal)), answers).await
}

async fn tickets(world: &World, order: &Value) -> Vec<Value> {
    let filter: String = format!("order == \"{}\"", id(order)).bytes().map(|byte| format!("%{byte:02X}")).collect();
    all(&world.admin, &format!("/api/v1/tickets?sort=position&filter={filter}")).await
}

#[tokio::test(flavor = "multi_thread")]
async fn process_3_step_1_the_tax_number_of_a_country_is_checked_by_its_own_form() {
    for world in worlds() {
        let kind = seller(&world).await;
        for (number, (country, right, wrong)) in
            [("BY", "191234567", "19123456"), ("KZ", "123456789012", "7707083893"), ("RU", "7707083893", "7707083894")]
                .into_iter()
                .enumerate()
        {
            let email = format!("vera{number}@example.org");
            let company = |inn: &str| json!({"name": format!("Company {number}"), "inn": inn, "country": country});
            request(&world, company(wrong), &email).await.faulty(&["company.inn"]);
            request(&world, company(right), &email).await.expect(201);
            let deal = deal_of(&world, &email).await;
            let account = world.admin.get(&format!("/api/v1/accounts/{}", deal["account"].as_str().unwrap())).await;
            let account = account.expect(200);
            let (field, other) = if country == "RU" { ("inn", "tax_id") } else { ("tax_id", "inn") };
            assert_eq!((&account[field], &account[other]), (&json!(right), &Value::Null), "{account}");
            assert_eq!(account["country"], country);

            // The questionnaire goes by the same country, and asks nothing that only Russian companies have.
            let mut given = answers(&kind, 1, wrong);
            if country != "RU" {
                for name in ["kpp", "bik", "bank_account", "corr_account"] {
                    given[name] = Value::Null;
                }
            }
            answer(&world, &deal, given.clone()).await.faulty(&["inn"]);
            given["inn"] = json!(right);
            let order = answer(&world, &deal, given).await.expect(201);
            assert_eq!(order["status"], "pending");
            let invoices = all(&world.admin, "/api/v1/invoices?limit=500").await;
            let invoice = invoices.iter().find(|invoice| invoice["order"] == order["id"]).unwrap();
            assert_eq!(invoice["account"], account["id"]);
            let pdf = world.admin.get(&format!("/api/v1/invoices/{}/pdf", id(invoice))).await;
            assert!(pdf.status == 200 && pdf.bytes.starts_with(b"%PDF"), "{}", pdf.status);
        }
        // Another country on the questionnaire than at first.
        request(&world, json!({"name": "Mover"}), "mover@example.org").await.expect(201);
        let deal = deal_of(&world, "mover@example.org").await;
        let mut given = answers(&kind, 1, "191234567");
        for name in ["kpp", "bik", "bank_account", "corr_account"] {
            given[name] = Value::Null;
        }
        let refused = answer(&world, &deal, given.clone()).await;
        assert!(refused.status == 422 && refused.text.contains("\"inn\""), "of Russia it is none: {}", refused.text);
        given["country"] = json!("BY");
        answer(&world, &deal, given).await.expect(201);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn process_3_step_3_terms_are_the_deals_else_the_accounts_else_the_workspaces_else_prepaid() {
    for world in worlds() {
        let kind = seller(&world).await;
        let states = async |order: &Value| {
            let tickets = tickets(&world, order).await;
            tickets.iter().map(|ticket| ticket["status"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        let deal = async |email: &str, account: Value| {
            request(&world, json!({"name": email}), email).await.expect(201);
            let deal = deal_of(&world, email).await;
            let path = format!("/api/v1/accounts/{}", deal["account"].as_str().unwrap());
            world.admin.patch(&path, account).await.expect(200);
            deal
        };
        let pay = async |order: &Value, amount: &str| {
            let paid = json!({"amount": {"amount": amount, "currency": "RUB"}, "order": order["id"]});
            world.admin.post("/api/v1/payments", paid).await.expect(201);
        };
        let terms = async |deal: &Value| {
            let deal = world.admin.get(&format!("/api/v1/deals/{}", id(deal))).await.expect(200);
            (deal["payment_terms"].clone(), deal["prepayment_share"].clone())
        };

        let nobody = deal("nobody@example.org", json!({})).await;
        let order = answer(&world, &nobody, answers(&kind, 1, "7707083893")).await.expect(201);
        assert_eq!((states(&order).await, terms(&nobody).await.0), (vec!["reserved".to_owned()], json!("prepaid")));

        // The workspace says half in advance.
        let half = json!({"payment_terms": "partial", "prepayment_share": 50});
        world.admin.patch("/api/v1/meta/organisation", half).await.expect(200);
        let usual = deal("usual@example.org", json!({})).await;
        let order = answer(&world, &usual, answers(&kind, 2, "7710140679")).await.expect(201);
        assert_eq!(terms(&usual).await, (json!("partial"), json!(50)));
        pay(&order, "99.99").await;
        assert_eq!(states(&order).await, ["reserved", "reserved"]);
        pay(&order, "0.01").await;
        assert_eq!(states(&order).await, ["issued", "issued"], "once the share is in");

        // The account says otherwise, and a share of its own counts too.
        let trusted = deal("trusted@example.org", json!({"payment_terms": "postpaid"})).await;
        let order = answer(&world, &trusted, answers(&kind, 1, "7702235133")).await.expect(201);
        assert_eq!((states(&order).await, terms(&trusted).await.0), (vec!["issued".to_owned()], json!("postpaid")));
        let careful = deal("careful@example.org", json!({"payment_terms": "partial", "prepayment_share": 80})).await;
        let order = answer(&world, &careful, answers(&kind, 1, "7736050003")).await.expect(201);
        pay(&order, "79.00").await;
        assert_eq!(states(&order).await, ["reserved"]);
        pay(&order, "1.00").await;
        assert_eq!((states(&order).await, terms(&careful).await.1), (vec!["issued".to_owned()], json!(80)));

        // The deal has the last word.
        let agreed = deal("agreed@example.org", json!({"payment_terms": "postpaid"})).await;
        let path = format!("/api/v1/deals/{}", id(&agreed));
        world.admin.patch(&path, json!({"payment_terms": "prepaid"})).await.expect(200);
        let order = answer(&world, &agreed, answers(&kind, 1, "7810752650")).await.expect(201);
        assert_eq!((states(&order).await, terms(&agreed).await.0), (vec!["reserved".to_owned()], json!("prepaid")));
    }
}

/// Sends a list of names by the order's link.
async fn list(world: &World, token: &str, bytes: &[u8]) -> Answer {
    let mut body = b"--x\r\nContent-Disposition: form-data; name=\"list\"; filename=\"list.csv\"\r\n\r\n".to_vec();
    body.extend_from_slice(bytes);
    body.extend(b"\r\n--x--\r\n");
    let headers = [("content-type", "multipart/form-data; boundary=x"), ("sec-fetch-site", "same-origin")];
    world.anybody().call("POST", &format!("/p/o/{token}/names/list"), &headers, body).await
}

#[tokio::test(flavor = "multi_thread")]
async fn process_3_step_5_a_list_names_everybody_or_nobody() {
    for world in worlds() {
        let kind = seller(&world).await;
        request(&world, json!({"name": "Romashka"}), "vera@example.org").await.expect(201);
        let deal = deal_of(&world, "vera@example.org").await;
        world
            .admin
            .patch(&format!("/api/v1/deals/{}", id(&deal)), json!({"payment_terms": "postpaid"}))
            .await
            .expect(200);
        let order = answer(&world, &deal, answers(&kind, 3, "7707083893")).await.expect(201);
        let order = world.admin.get(&format!("/api/v1/orders/{}", id(&order))).await.expect(200);
        let token = order["public_url"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
        let names = async || {
            let tickets = tickets(&world, &order).await;
            tickets.iter().map(|it| it["attendee_name"].as_str().map(str::to_owned)).collect::<Vec<_>>()
        };
        let wrong = [
            ("ФИО;Почта\nАнна Белова;anna@example.org\nБорис Ким;boris@@\n", "Строка 3: "),
            ("Анна Белова\nБорис Ким\nВера Ли\nГлеб Шум\n", ""),
            ("", ""),
        ];
        for (text, line) in wrong {
            let refused = list(&world, &token, text.as_bytes()).await;
            assert_eq!(refused.status, 422, "{text}: {}", refused.text);
            assert!(refused.text.contains(line), "{text}");
            assert_eq!(names().await, [None, None, None], "nothing half done: {text}");
        }
        // As a spreadsheet of today writes it, and as one of yesterday does.
        let first = "\u{feff}ФИО;Почта\r\nАнна Белова;Anna@Example.org\r\nБорис Ким;boris@example.org\r\n";
        assert_eq!(list(&world, &token, first.as_bytes()).await.status, 303);
        assert_eq!(names().await, [Some("Анна Белова".to_owned()), Some("Борис Ким".to_owned()), None]);
        // "Вера Ли" in Windows-1251.
        let old = [0xC2, 0xE5, 0xF0, 0xE0, 0x20, 0xCB, 0xE8];
        assert_eq!(list(&world, &token, &old).await.status, 303);
        assert_eq!(names().await[2].as_deref(), Some("Вера Ли"));
        let tickets = tickets(&world, &order).await;
        assert!(tickets.iter().all(|ticket| ticket["participant"].is_string()), "{tickets:?}");
        let told = all(&world.admin, "/api/v1/sandbox/outbox?to=anna@example.org").await;
        assert_eq!(told.last().unwrap()["template"], "ticket_issued");
    }
}

async fn pass(world: &World, advance: &str) {
    world.admin.post("/api/v1/sandbox/clock", json!({"advance": advance})).await.expect(200);
}

/// Two tickets of an organisation that are not paid; answers the order.
async fn unpaid(world: &World, kind: &str, email: &str, inn: &str) -> Value {
    request(world, json!({"name": email}), email).await.expect(201);
    let deal = deal_of(world, email).await;
    answer(world, &deal, answers(kind, 2, inn)).await.expect(201)
}

async fn priced(world: &World, kind: &str, price: &str) {
    let tiers = json!([{"price": {"amount": price, "currency": "RUB"}, "from": null, "until": null}]);
    world.admin.patch(&format!("/api/v1/ticket_types/{kind}"), json!({"price_tiers": tiers})).await.expect(200);
}

async fn order(world: &World, order: &Value) -> Value {
    world.admin.get(&format!("/api/v1/orders/{}", id(order))).await.expect(200)
}

#[tokio::test(flavor = "multi_thread")]
async fn process_3_step_4_how_often_a_buyer_is_asked_about_a_new_price_is_a_setting() {
    for world in worlds() {
        let kind = seller(&world).await;
        let asked = async |email: &str| {
            let letters = all(&world.admin, &format!("/api/v1/sandbox/outbox?to={email}")).await;
            letters.iter().filter(|letter| letter["template"] == "group_repriced").count()
        };
        world.admin.patch("/api/v1/meta/organisation", json!({"price_asks": 1})).await.expect(200);
        let once = unpaid(&world, &kind, "once@example.org", "7707083893").await;
        priced(&world, &kind, "150.00").await;
        pass(&world, "P1DT1M").await;
        assert_eq!(
            (order(&world, &once).await["status"].clone(), asked("once@example.org").await),
            (json!("pending"), 1)
        );
        pass(&world, "P1DT1M").await;
        let ended = order(&world, &once).await;
        assert_eq!((&ended["status"], &ended["end_reason"]), (&json!("annulled"), &json!("not_agreed")), "{ended}");
        assert_eq!(asked("once@example.org").await, 1);

        // Where nothing is said: twice.
        world.admin.patch("/api/v1/meta/organisation", json!({"price_asks": null})).await.expect(200);
        let usual = unpaid(&world, &kind, "usual@example.org", "7710140679").await;
        priced(&world, &kind, "200.00").await;
        for (look, status) in ["pending", "pending", "annulled"].into_iter().enumerate() {
            pass(&world, "P1DT1M").await;
            assert_eq!(order(&world, &usual).await["status"], status, "look {look}");
        }
        assert_eq!(asked("usual@example.org").await, 2);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn process_3_step_4_a_buyer_who_declines_by_the_link_is_called_where_the_rule_is_on() {
    for world in worlds() {
        let kind = seller(&world).await;
        let rule = "/api/v1/meta/rules/quality_check_orders";
        for (active, calls) in [(false, 0), (true, 1)] {
            world.admin.patch(rule, json!({"active": active})).await.expect(200);
            let (email, inn) = (format!("{active}@example.org"), if active { "7707083893" } else { "7710140679" });
            priced(&world, &kind, "100.00").await;
            let placed = unpaid(&world, &kind, &email, inn).await;
            priced(&world, &kind, "150.00").await;
            pass(&world, "P1DT1M").await;
            let url = order(&world, &placed).await["public_url"].as_str().unwrap().to_owned();
            let token = url.rsplit("/p/o/").next().unwrap();
            let decline = format!("/api/public/v1/orders/{token}/decline");
            world.anybody().post(&decline, json!({})).await.expect(200);
            pass(&world, "PT1S").await;
            let ended = order(&world, &placed).await;
            assert_eq!((&ended["status"], &ended["end_reason"]), (&json!("annulled"), &json!("declined")), "{ended}");
            let activities = all(&world.admin, "/api/v1/activities?limit=500").await;
            let checks =
                activities.iter().filter(|it| it["kind"] == "quality_check" && it["about"]["id"] == placed["id"]);
            assert_eq!(checks.count(), calls, "{active}");
        }
    }
}

/// The questionnaire by the link that went to somebody last.
async fn by_link(world: &World, email: &str) -> String {
    let letters = all(&world.admin, &format!("/api/v1/sandbox/outbox?to={email}")).await;
    let text = letters.last().unwrap()["text"].as_str().unwrap().to_owned();
    let (_, rest) = text.split_once("/p/s/").unwrap();
    format!("/api/public/v1/surveys/{}", rest.split_whitespace().next().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn process_3_step_1_what_else_is_asked_is_answered_kept_and_stands_on_the_deal() {
    for world in worlds() {
        let (api, kind) = (&world.admin, seller(&world).await);
        let field =
            json!({"name": "their_number", "type": "text", "label": {"ru": "Номер заявки", "en": "Their number"}});
        api.post("/api/v1/meta/modules/deals/fields", field).await.expect(201);
        let survey = "/api/v1/meta/surveys/group_order";
        let mut questions = api.get(survey).await.expect(200)["questions"].as_array().unwrap().clone();
        questions
            .push(json!({"key": "number", "kind": "text", "label": "Your number of the purchase", "required": true,
            "check": "number.startsWith(\"P-\")", "refusal": "It begins with P-", "writes": "their_number"}));
        questions.push(
            json!({"key": "heard", "kind": "one", "label": "Where did you hear of us?", "options": ["site", "press"]}),
        );
        api.patch(survey, json!({"questions": questions})).await.expect(200);

        request(&world, json!({"name": "Romashka"}), "vera@example.org").await.expect(201);
        let (deal, link) = (deal_of(&world, "vera@example.org").await, by_link(&world, "vera@example.org").await);
        let buyer = world.anybody();
        let mut given = answers(&kind, 2, "7707083893");
        buyer.post(&link, json!({"answers": given})).await.faulty(&["number"]);
        given["number"] = json!("17");
        buyer.post(&link, json!({"answers": given})).await.faulty(&["number"]);
        assert!(all(api, "/api/v1/orders").await.is_empty(), "no seat is taken by half an answer");
        given["number"] = json!("P-17");
        given["heard"] = json!("press");
        buyer.post(&link, json!({"answers": given})).await.expect(201);
        let orders = all(api, "/api/v1/orders").await;
        assert_eq!((orders.len(), &orders[0]["deal"]), (1, &deal["id"]), "{orders:?}");
        assert_eq!(tickets(&world, &orders[0]).await.len(), 2);
        let deal = api.get(&format!("/api/v1/deals/{}", id(&deal))).await.expect(200);
        assert_eq!((&deal["their_number"], &deal["stage"]), (&json!("P-17"), &json!("invoiced")));
        let kept = all(api, "/api/v1/survey_answers?limit=500").await;
        let said =
            |question: &str| kept.iter().find(|answer| answer["question"] == question).map(|it| it["value"].clone());
        assert_eq!((said("number"), said("heard")), (Some(json!("P-17")), Some(json!("press"))));

        // Staff enter the same for whoever telephones: the survey that waits for them is answered.
        request(&world, json!({"name": "Vasilek"}), "oleg@example.org").await.expect(201);
        let deal = deal_of(&world, "oleg@example.org").await;
        let mut given = answers(&kind, 1, "7736207543");
        answer(&world, &deal, given.clone()).await.faulty(&["number"]);
        given["number"] = json!("17");
        answer(&world, &deal, given.clone()).await.faulty(&["number"]);
        given["number"] = json!("P-18");
        given["weather"] = json!("fine");
        answer(&world, &deal, given.clone()).await.faulty(&["weather"]);
        given.as_object_mut().unwrap().remove("weather");
        answer(&world, &deal, given).await.expect(201);
        let deal = api.get(&format!("/api/v1/deals/{}", id(&deal))).await.expect(200);
        assert_eq!((&deal["their_number"], &deal["stage"]), (&json!("P-18"), &json!("invoiced")));
        let sent = all(api, "/api/v1/surveys?limit=500").await;
        let of_deal = sent.iter().filter(|sent| sent["about"]["id"] == deal["id"]);
        assert_eq!(of_deal.map(|sent| sent["status"].clone()).collect::<Vec<_>>(), [json!("answered")]);
        let kept = all(api, "/api/v1/survey_answers?limit=500").await;
        assert!(kept.iter().any(|answer| answer["question"] == "number" && answer["value"] == "P-18"), "{kept:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn process_3_a_deal_goes_where_the_records_of_a_stage_go_that_is_out_of_use() {
    for world in worlds() {
        let (api, kind) = (&world.admin, seller(&world).await);
        let process = "/api/v1/meta/processes/deals";
        let retire = async |stage: &str, to: &str| {
            let states = json!({"states": {stage: {"retired": true, "moves_to": to}}});
            api.patch(process, states).await.expect(200);
        };
        let stage = async |deal: &Value| {
            api.get(&format!("/api/v1/deals/{}", id(deal))).await.expect(200)["stage"].as_str().unwrap().to_owned()
        };
        retire("questionnaire", "request").await;
        retire("invoiced", "terms").await;
        request(&world, json!({"name": "Romashka"}), "vera@example.org").await.expect(201);
        let deal = deal_of(&world, "vera@example.org").await;
        assert_eq!(stage(&deal).await, "request");
        let order = answer(&world, &deal, answers(&kind, 1, "7707083893")).await.expect(201);
        assert_eq!(stage(&deal).await, "terms", "invoiced, and there is no such stage any more");
        // An end of one's own before the other does not take its place.
        let ends =
            json!({"states": {"later": {"label": {"ru": "Потом", "en": "Later"}, "phase": "lost", "after": "issued"}}});
        api.patch(process, ends).await.expect(200);
        api.post(&format!("/api/v1/orders/{}/transitions/annul", id(&order)), json!({})).await.expect(200);
        assert_eq!(stage(&deal).await, "lost");
    }
}
