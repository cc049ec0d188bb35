//! Process 1, step 5: contract and invoice of a sponsorship are issued by the program and sent, money that comes for the invoice counts for
//! the winning condition, and nothing is won without its documents (E6); on both databases.

use serde_json::{Value, json};

use crate::world::{Answer, Api, World, worlds};

pub(crate) const DEALS: &str = "/api/v1/deals";
const PROCESS: &str = "/api/v1/meta/processes/deals";

pub(crate) fn id(record: &Value) -> &str {
    record["id"].as_str().unwrap()
}

pub(crate) async fn all(who: &Api, path: &str) -> Vec<Value> {
    who.get(path).await.expect(200)["data"].as_array().unwrap().clone()
}

pub(crate) fn rub(amount: &str) -> Value {
    json!({"amount": amount, "currency": "RUB"})
}

/// Says who sells.
pub(crate) async fn seller(world: &World) {
    let entity = json!({
        "name": "OOO Harbour", "inn": "7736207543", "kpp": "773601001", "address": "Moscow", "bik": "044525225",
        "bank_name": "Bank", "bank_account": "40702810138250123017", "corr_account": "30101810400000000225",
        "vat_rate": "22",
    });
    let said = json!({"name": "Harbour", "legal_entities": [entity]});
    world.admin.patch("/api/v1/meta/organisation", said).await.expect(200);
}

/// A client with everything that papers print; answers its id.
pub(crate) async fn client(api: &Api, name: &str) -> String {
    let account = json!({
        "name": name, "inn": "7707083893", "kpp": "773601001", "legal_address": "Moscow, Prichal 1",
        "bik": "044525225", "bank_account": "40702810138250123017",
    });
    id(&api.post("/api/v1/accounts", account).await.expect(201)).to_owned()
}

/// A sponsorship of 122 000 roubles; answers its address. Its check list is there.
pub(crate) async fn deal(world: &World, api: &Api, name: &str) -> String {
    let account = client(api, name).await;
    let contact =
        json!({"name": "Vera Orlova", "email": format!("{}@client.example", name.to_lowercase()), "account": account});
    let contact = api.post("/api/v1/contacts", contact).await.expect(201);
    let deal = json!({"name": format!("Gold {name}"), "pipeline": "sponsorship", "account": account, "contact": contact["id"],
        "amount": rub("122000.00")});
    let deal = format!("{DEALS}/{}", id(&api.post(DEALS, deal).await.expect(201)));
    run(world).await;
    deal
}

/// Runs what is due.
async fn run(world: &World) {
    world.admin.post("/api/v1/sandbox/clock", json!({"advance": "PT1S"})).await.expect(200);
}

pub(crate) async fn issue(who: &Api, deal: &str, paper: &str) -> Answer {
    who.post(&format!("{deal}/{paper}"), json!({})).await
}

pub(crate) async fn press(who: &Api, record: &str, name: &str, body: Value) -> Answer {
    who.post(&format!("{record}/transitions/{name}"), body).await
}

/// The states of the deal's documents, by kind.
pub(crate) async fn listed(who: &Api, deal: &str) -> Vec<(String, String)> {
    let deal = deal.rsplit('/').next().unwrap();
    let mut all: Vec<(String, String)> = all(who, "/api/v1/deal_documents?limit=500")
        .await
        .iter()
        .filter(|document| document["deal"] == deal)
        .map(|document| {
            (document["kind"].as_str().unwrap().to_owned(), document["status"].as_str().unwrap().to_owned())
        })
        .collect();
    all.sort();
    all
}

pub(crate) fn states(contract: &str, invoice: &str) -> Vec<(String, String)> {
    vec![("contract".to_owned(), contract.to_owned()), ("invoice".to_owned(), invoice.to_owned())]
}

/// Leads a sponsorship to its closing.
pub(crate) async fn to_closing(world: &World, deal: &str) {
    let kind = world.event(&format!("e{}", &deal[deal.len() - 6..])).await;
    let event = world.admin.get(&format!("/api/v1/ticket_types/{kind}")).await.expect(200)["event"].clone();
    press(&world.admin, deal, "advance", json!({"event": event})).await.expect(200);
    for _ in 0..2 {
        press(&world.admin, deal, "advance", json!({})).await.expect(200);
    }
    assert_eq!(world.admin.get(deal).await.expect(200)["stage"], "closing");
}

async fn pay(who: &Api, invoice: &Value, amount: &str, bank: &str) -> Answer {
    let payment = json!({"amount": rub(amount), "invoice": invoice["id"], "provider": "bank", "external_id": bank,
        "received_at": "2036-03-05T12:00:00Z"});
    who.post("/api/v1/payments", payment).await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invoice_says_what_it_lacks_and_is_issued_once() {
    for world in worlds() {
        let api = &world.admin;
        let bare = json!({"name": "Bare", "pipeline": "sponsorship"});
        let bare = format!("{DEALS}/{}", id(&api.post(DEALS, bare).await.expect(201)));
        issue(api, &bare, "invoice").await.faulty(&["amount", "account", "seller"]);
        let account = api.post("/api/v1/accounts", json!({"name": "Bare"})).await.expect(201);
        api.patch(&bare, json!({"account": account["id"], "amount": rub("0.00")})).await.expect(200);
        seller(&world).await;
        for paper in ["invoice", "contract"] {
            issue(api, &bare, paper).await.faulty(&["amount", "account.inn", "account.legal_address"]);
        }
        assert!(all(api, "/api/v1/invoices").await.is_empty(), "a refusal uses no number");

        let deal = deal(&world, api, "Romashka").await;
        assert_eq!(listed(api, &deal).await, states("awaited", "awaited"));
        let sent = json!({});
        let path = format!("{deal}/invoice");
        let first = api.post_once("one", &path, sent.clone()).await.expect(201);
        assert_eq!(api.post_once("one", &path, sent).await.expect(201), first, "the same request is one request");
        let id = first["id"].clone();
        assert_eq!(
            (&first["number"], &first["status"], &first["total"], &first["vat"], &first["paid"]),
            (&json!("1"), &json!("issued"), &rub("122000.00"), &rub("22000.00"), &rub("0.00"))
        );
        assert_eq!(first["deal"], deal.rsplit('/').next().unwrap());
        assert_eq!(first["lines"][0]["name"], "Gold Romashka");
        assert_eq!(listed(api, &deal).await, states("awaited", "received"));
        issue(api, &deal, "invoice").await.refused(409, "already_issued");
        api.post(&path, json!({"total": 1})).await.faulty(&["total"]);

        // On paper as it was, whatever the client is called tomorrow.
        let address = format!("/api/v1/invoices/{}", id.as_str().unwrap());
        let paper = api.get(&format!("{address}/pdf")).await;
        assert!(paper.status == 200 && paper.bytes.starts_with(b"%PDF"));

        // Void by state: the number stays used, the document is awaited again.
        press(api, &address, "void", json!({})).await.expect(200);
        assert_eq!(listed(api, &deal).await, states("awaited", "awaited"));
        assert_eq!(issue(api, &deal, "invoice").await.expect(201)["number"], "2");
        // Of the same series as everybody's.
        let other = self::deal(&world, api, "Vasilek").await;
        let (one, two) = tokio::join!(issue(api, &other, "invoice"), issue(api, &other, "invoice"));
        let mut answers = [one.status, two.status];
        answers.sort_unstable();
        assert_eq!(answers, [201, 409], "two at once");
        let numbers = all(api, "/api/v1/invoices?sort=created_at").await;
        let numbers: Vec<_> = numbers.iter().map(|invoice| invoice["number"].as_str().unwrap()).collect();
        assert_eq!(numbers, ["1", "2", "3"]);

        // A lost deal, and one that an order invoices, have none.
        press(api, &bare, "lose", json!({"lost_reason": "Dear"})).await.expect(200);
        issue(api, &bare, "invoice").await.refused(409, "deal_lost");
        let group = api.post(DEALS, json!({"name": "Ten", "pipeline": "group_tickets"})).await.expect(201);
        let group = format!("{DEALS}/{}", self::id(&group));
        issue(api, &group, "invoice").await.refused(409, "invoiced_by_order");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contract_is_drawn_up_in_the_language_of_the_client_and_its_signing_wins() {
    for world in worlds() {
        let api = &world.admin;
        seller(&world).await;
        let deal = deal(&world, api, "Romashka").await;
        api.patch(
            &deal,
            json!({"payment_terms": "partial", "prepayment_share": 30, "obligations": "Logo {on} the stand"}),
        )
        .await
        .expect(200);
        let contract = issue(api, &deal, "contract").await.expect(201);
        assert_eq!(
            (&contract["number"], &contract["status"], &contract["total"], &contract["vat"]),
            (&json!("1"), &json!("issued"), &rub("122000.00"), &rub("22000.00"))
        );
        let at = format!("/api/v1/contracts/{}", id(&contract));
        let paper = api.get(&format!("{at}/pdf")).await;
        assert!(paper.status == 200 && paper.bytes.starts_with(b"%PDF"), "{}", paper.text);
        assert_eq!(issue(api, &deal, "invoice").await.expect(201)["number"], "1", "each kind has a series of its own");
        issue(api, &deal, "contract").await.refused(409, "already_issued");
        api.post("/api/v1/contracts", json!({})).await.refused(409, "use_issue");

        // A client abroad reads English.
        let abroad = json!({"name": "Northlight", "country": "DE", "tax_id": "DE129273398", "legal_address": "Berlin"});
        let abroad = api.post("/api/v1/accounts", abroad).await.expect(201);
        let foreign =
            json!({"name": "Silver", "pipeline": "sponsorship", "account": abroad["id"], "amount": rub("1000.00")});
        let foreign = format!("{DEALS}/{}", id(&api.post(DEALS, foreign).await.expect(201)));
        for paper in ["contract", "invoice"] {
            let issued = issue(api, &foreign, paper).await.expect(201);
            let pdf = api.get(&format!("/api/v1/{paper}s/{}/pdf", id(&issued))).await;
            assert!(pdf.status == 200 && pdf.bytes.starts_with(b"%PDF"), "{paper}: {}", pdf.text);
        }

        // Signed, the deal has the day and is won: that is the condition as it ships.
        to_closing(&world, &deal).await;
        press(api, &deal, "win", json!({})).await.refused(409, "invalid_transition");
        press(api, &at, "sign", json!({"signed_on": "soon"})).await.faulty(&["signed_on"]);
        let signed = press(api, &at, "sign", json!({"signed_on": "2036-03-04"})).await.expect(200);
        assert_eq!((&signed["status"], &signed["signed_on"]), (&json!("signed"), &json!("2036-03-04")));
        let won = api.get(&deal).await.expect(200);
        assert_eq!((&won["stage"], &won["contract_signed_on"]), (&json!("won"), &json!("2036-03-04")));
        press(api, &at, "void", json!({})).await.refused(409, "invalid_transition");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn issued_and_sent_in_one_letter() {
    for world in worlds() {
        let api = &world.admin;
        seller(&world).await;
        let deal = deal(&world, api, "Romashka").await;
        let papers = format!("{deal}/papers");
        api.post(&papers, json!({})).await.refused(409, "nothing_issued");
        let contract = issue(api, &deal, "contract").await.expect(201);
        let invoice = issue(api, &deal, "invoice").await.expect(201);
        let sent = api.post_once("s", &papers, json!({})).await.expect(200);
        assert_eq!(
            sent,
            json!({"to": "romashka@client.example", "contract": contract["id"], "invoice": invoice["id"]})
        );
        api.post_once("s", &papers, json!({})).await.expect(200);
        let letters = all(api, "/api/v1/sandbox/outbox?to=romashka@client.example").await;
        assert_eq!(letters.len(), 1, "the same request sends one letter");
        let letter = &letters[0];
        assert_eq!(letter["subject"], "Gold Romashka: договор и счёт");
        assert!(letter["text"].as_str().unwrap().contains("122\u{a0}000,00\u{a0}₽"), "{letter}");
        let attached = letter["attachments"].as_array().unwrap();
        let names: Vec<_> = attached.iter().map(|file| file["name"].as_str().unwrap()).collect();
        assert_eq!(names, ["invoice-1.pdf", "contract-1.pdf"]);
        for index in 0..2 {
            let file = format!("/api/v1/sandbox/outbox/{}/attachments/{index}", id(letter));
            assert!(api.get(&file).await.bytes.starts_with(b"%PDF"));
        }
        // Nobody to send to.
        let contact = api.get(&deal).await.expect(200)["contact"].as_str().unwrap().to_owned();
        api.patch(&format!("/api/v1/contacts/{contact}"), json!({"email": null})).await.expect(200);
        api.post(&papers, json!({})).await.faulty(&["contact.email"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn money_for_the_invoice_counts_once_and_wins_the_deal() {
    for world in worlds() {
        let api = &world.admin;
        seller(&world).await;
        let both = "pipeline == \"sponsorship\" && has(contract_signed_on) && has(paid_on) && documents_missing == 0";
        api.patch(PROCESS, json!({"transitions": {"win.closing.won": {"guard": both}}})).await.expect(200);
        let deal = deal(&world, api, "Romashka").await;
        let contract = format!("/api/v1/contracts/{}", id(&issue(api, &deal, "contract").await.expect(201)));
        let invoice = issue(api, &deal, "invoice").await.expect(201);
        let at = format!("/api/v1/invoices/{}", id(&invoice));
        to_closing(&world, &deal).await;
        press(api, &contract, "sign", json!({})).await.expect(200);
        assert_eq!(api.get(&deal).await.expect(200)["stage"], "closing", "signed alone is not both");

        // A part, told twice.
        let part = pay(api, &invoice, "22000.00", "b1").await.expect(201);
        assert_eq!((&part["status"], &part["unallocated"]), (&json!("matched"), &rub("0.00")));
        assert_eq!(part["allocations"], json!([{"order": null, "invoice": invoice["id"], "amount": rub("22000.00")}]));
        assert_eq!(id(&pay(api, &invoice, "22000.00", "b1").await.expect(200)), id(&part));
        let seen = api.get(&at).await.expect(200);
        assert_eq!((&seen["paid"], &seen["status"]), (&rub("22000.00"), &json!("issued")));
        press(api, &at, "void", json!({})).await.refused(409, "money_on_invoice");
        assert_eq!(api.get(&deal).await.expect(200)["paid_on"], Value::Null);

        // More than the rest: what is over waits for somebody, and belongs to the client.
        let rest = pay(api, &invoice, "100001.00", "b2").await.expect(201);
        assert_eq!(
            (&rest["status"], &rest["unallocated"], &rest["needs_attention_reason"]),
            (&json!("needs_attention"), &rub("1.00"), &json!("overpaid"))
        );
        let account = api.get(&deal).await.expect(200)["account"].clone();
        assert_eq!(rest["account"], account);
        let seen = api.get(&at).await.expect(200);
        assert_eq!((&seen["paid"], &seen["status"]), (&rub("122000.00"), &json!("paid")));
        let won = api.get(&deal).await.expect(200);
        assert_eq!((&won["stage"], &won["paid_on"]), (&json!("won"), &json!("2036-03-05")));

        // Taken off, and put back on: nothing is lost on the way.
        let rest_at = format!("/api/v1/payments/{}", id(&rest));
        let off = press(api, &rest_at, "unassign", json!({})).await.expect(200);
        assert_eq!((&off["unallocated"], &off["allocations"]), (&rub("100001.00"), &json!([])));
        let seen = api.get(&at).await.expect(200);
        assert_eq!((&seen["paid"], &seen["status"]), (&rub("22000.00"), &json!("issued")));
        let unpaid = api.get(&deal).await.expect(200);
        assert_eq!((&unpaid["stage"], &unpaid["paid_on"]), (&json!("won"), &Value::Null), "what was won stays won");
        let some = json!({"invoice": invoice["id"], "amount": rub("50000.00")});
        press(api, &rest_at, "assign", some).await.expect(200);
        assert_eq!(api.get(&at).await.expect(200)["paid"], rub("72000.00"));
        let back = press(api, &rest_at, "assign", json!({"invoice": invoice["id"]})).await.expect(200);
        assert_eq!(back["unallocated"], rub("1.00"));
        assert_eq!(api.get(&at).await.expect(200)["status"], "paid");
        press(api, &rest_at, "assign", json!({"invoice": invoice["id"]})).await.refused(409, "nothing_due");
        press(api, &rest_at, "refund", json!({})).await.expect(200);
        assert_eq!(api.get(&rest_at).await.expect(200)["status"], "matched");

        // Another currency is kept and pays nothing; money that names a void invoice belongs to the next.
        let other = self::deal(&world, api, "Vasilek").await;
        let void = issue(api, &other, "invoice").await.expect(201);
        let euros = json!({"amount": {"amount": "10.00", "currency": "EUR"}, "invoice": void["id"]});
        let euros = api.post("/api/v1/payments", euros).await.expect(201);
        assert_eq!(euros["needs_attention_reason"], "other_currency");
        press(api, &format!("/api/v1/invoices/{}", id(&void)), "void", json!({})).await.expect(200);
        let nobody = pay(api, &void, "1.00", "b3").await.expect(201);
        assert_eq!((&nobody["needs_attention_reason"], &nobody["unallocated"]), (&json!("no_match"), &rub("1.00")));
        let next = issue(api, &other, "invoice").await.expect(201);
        pay(api, &void, "2.00", "b4").await.expect(201);
        let next = api.get(&format!("/api/v1/invoices/{}", id(&next))).await.expect(200);
        assert_eq!(next["paid"], rub("2.00"));

        // Two halves at once are both counted.
        let third = self::deal(&world, api, "Liliya").await;
        let third = issue(api, &third, "invoice").await.expect(201);
        let (one, two) = tokio::join!(pay(api, &third, "61000.00", "h1"), pay(api, &third, "61000.00", "h2"));
        assert_eq!((one.status, two.status), (201, 201));
        assert_eq!(api.get(&format!("/api/v1/invoices/{}", id(&third))).await.expect(200)["status"], "paid");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_won_without_the_documents_of_its_list() {
    for world in worlds() {
        let api = &world.admin;
        seller(&world).await;
        let paid = "pipeline == \"sponsorship\" && has(paid_on) && documents_missing == 0";
        api.patch(PROCESS, json!({"transitions": {"win.closing.won": {"guard": paid}}})).await.expect(200);
        let deal = deal(&world, api, "Romashka").await;
        issue(api, &deal, "contract").await.expect(201);
        let invoice = issue(api, &deal, "invoice").await.expect(201);
        to_closing(&world, &deal).await;
        let more = json!({"name": "Layout", "deal": deal.rsplit('/').next().unwrap()});
        let more =
            format!("/api/v1/deal_documents/{}", id(&api.post("/api/v1/deal_documents", more).await.expect(201)));
        pay(api, &invoice, "122000.00", "b1").await.expect(201);
        let held = api.get(&deal).await.expect(200);
        assert_eq!((&held["stage"], &held["paid_on"]), (&json!("closing"), &json!("2036-03-05")), "paid is not all");
        let refused = press(api, &deal, "win", json!({})).await;
        refused.refused(409, "invalid_transition");
        let unmet = refused.json["errors"].as_array().unwrap();
        let unmet = unmet.iter().filter(|error| error["code"] == "unmet").collect::<Vec<_>>();
        assert!(unmet.iter().any(|error| error["field"] == "documents_missing"), "{unmet:?}");
        assert!(unmet.iter().any(|error| error["message"].as_str().unwrap().contains("Layout")), "named: {unmet:?}");
        press(api, &more, "receive", json!({})).await.refused(409, "invalid_transition");
        api.receive(more.rsplit('/').next().unwrap()).await;
        press(api, &deal, "win", json!({})).await.expect(200);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_issues_and_sends_what_is_not_there() {
    for world in worlds() {
        let api = &world.admin;
        seller(&world).await;
        api.patch("/api/v1/meta/rules/sponsorship_papers", json!({"active": true})).await.expect(200);
        let deal = deal(&world, api, "Romashka").await;
        let invoice = issue(api, &deal, "invoice").await.expect(201);
        let event = world.event("harbour").await;
        let event = api.get(&format!("/api/v1/ticket_types/{event}")).await.expect(200)["event"].clone();
        press(api, &deal, "advance", json!({"event": event})).await.expect(200);
        press(api, &deal, "advance", json!({})).await.expect(200);
        run(&world).await;
        run(&world).await;
        let invoices = all(api, "/api/v1/invoices").await;
        assert_eq!((invoices.len(), id(&invoices[0])), (1, id(&invoice)), "what stands is left");
        assert_eq!(all(api, "/api/v1/contracts").await.len(), 1);
        let letters = all(api, "/api/v1/sandbox/outbox?to=romashka@client.example").await;
        assert_eq!(letters.len(), 1);
        assert_eq!(letters[0]["attachments"].as_array().unwrap().len(), 2);
        assert_eq!(listed(api, &deal).await, states("received", "received"));

        // What is missing is told where the rule's runs are told, and nothing of it is done.
        let bare = json!({"name": "Bare", "pipeline": "sponsorship", "event": event, "amount": rub("10.00")});
        let bare = format!("{DEALS}/{}", id(&api.post(DEALS, bare).await.expect(201)));
        for _ in 0..2 {
            press(api, &bare, "advance", json!({})).await.expect(200);
        }
        run(&world).await;
        let runs = all(api, "/api/v1/meta/rules/sponsorship_papers/runs").await;
        let failed: Vec<_> = runs.iter().filter(|run| run["state"] == "failed").collect();
        assert_eq!(failed.len(), 1, "{runs:?}");
        assert!(failed[0]["reason"].as_str().unwrap().contains("account"), "{failed:?}");
        assert_eq!(all(api, "/api/v1/contracts").await.len(), 1);

        // For deals alone.
        let rule = json!({"name": "wrong", "label": {"ru": "Н", "en": "N"}, "module": "leads", "when": {"event": "created"},
            "then": [{"do": "issue", "papers": ["invoice"]}]});
        assert_eq!(api.post("/api/v1/meta/rules", rule).await.status, 422);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_sells_issues_for_their_own_deals_and_nobody_else_does() {
    for world in worlds() {
        seller(&world).await;
        let (anna_id, anna) = world.user("anna", "salesperson");
        let (_, boris) = world.user("boris", "salesperson");
        let (_, secretary) = world.user("secretary", "secretary");
        let deal = deal(&world, &anna, "Romashka").await;
        // What is nobody's is everybody's who sells.
        world.admin.patch(&deal, json!({"owner": anna_id.to_string()})).await.expect(200);
        issue(&boris, &deal, "invoice").await.refused(404, "not_found");
        assert!(matches!(issue(&secretary, &deal, "invoice").await.status, 403 | 404));
        let invoice = issue(&anna, &deal, "invoice").await.expect(201);
        let pdf = format!("/api/v1/invoices/{}/pdf", id(&invoice));
        assert!(anna.get(&pdf).await.bytes.starts_with(b"%PDF"), "they see what is theirs");
        boris.get(&pdf).await.refused(404, "not_found");
        let contract = issue(&anna, &deal, "contract").await.expect(201);
        let pdf = format!("/api/v1/contracts/{}/pdf", id(&contract));
        assert!(anna.get(&pdf).await.bytes.starts_with(b"%PDF"));
        boris.get(&pdf).await.refused(404, "not_found");
        // A number is not taken back by undo.
        let sets = all(&anna, &format!("{deal}/timeline")).await;
        assert!(!sets.is_empty());
        assert!(matches!(pay(&anna, &invoice, "1.00", "x").await.status, 403), "who sells books no money");
        // What came for it is seen by whoever sees the invoice.
        let paid = pay(&world.admin, &invoice, "1.00", "y").await.expect(201);
        let waits = json!({"amount": rub("2.00"), "provider": "bank", "external_id": "z"});
        let waits = world.admin.post("/api/v1/payments", waits).await.expect(201);
        let seen = all(&anna, "/api/v1/payments").await;
        assert_eq!(seen.iter().map(id).collect::<Vec<_>>(), [id(&paid)], "and money that is nobody's is not");
        assert!(all(&boris, "/api/v1/payments").await.is_empty());
        boris.get(&format!("/api/v1/payments/{}", id(&paid))).await.refused(404, "not_found");
        anna.get(&format!("/api/v1/payments/{}", id(&waits))).await.refused(404, "not_found");
    }
}
