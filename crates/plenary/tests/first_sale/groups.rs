//! Organisations order tickets, step by step as processes.md, 3 has it: request, questionnaire, invoice, terms, a changed price,
//! names.

use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::harness::api::{id, minor, text};
use crate::harness::world::on_both;
use crate::harness::{Api, Letter, Sale, World, letters, rub};

on_both!(organisations_order, super::organisations_order);

const DAY: i64 = 24;
const OLD: i64 = 1_000_000;
const NEW: i64 = 1_200_000;

/// What is sold: twenty seats that cost more after two and a half days.
struct Stage {
    admin: Api,
    public: Api,
    sale: Sale,
    opened: jiff::Timestamp,
}

impl Stage {
    fn day(&self, days: i64) -> jiff::Timestamp {
        self.opened + SignedDuration::from_mins(days * DAY * 60 + 30)
    }

    /// Asks for tickets for a company; answers its deal.
    fn request(&self, company: &str, inn: Option<&str>, email: &str) -> Value {
        let body = json!({
            "company": {"name": company, "inn": inn},
            "contact": {"name": "Vera Orlova", "email": email, "phone": null},
        });
        let path = format!("/api/public/v1/events/{}/group-orders", self.sale.slug);
        self.public.post(&path, body).expect(201);
        let filter = format!("contact.email == \"{email}\"");
        let mut deals = self.admin.all("deals", &[("filter", &filter)]);
        assert_eq!(deals.len(), 1, "{company}");
        deals.remove(0)
    }

    fn answers(&self, inn: &str, quantity: i64) -> Value {
        json!({
            "lines": [{"ticket_type": self.sale.types[0].id, "quantity": quantity}],
            "name": "OOO Romashka", "inn": inn, "kpp": "773601001", "address": "Moscow, Prichal 1",
            "bik": "044525225", "bank_account": "40702810138250123017", "corr_account": "30101810400000000225",
        })
    }

    fn answer(&self, deal: &Value, inn: &str, quantity: i64) -> Value {
        let path = format!("/api/v1/deals/{}/questionnaire", id(deal));
        self.admin.post(&path, self.answers(inn, quantity)).expect(201)
    }

    fn order(&self, order: &Value) -> Value {
        self.admin.record("orders", id(order))
    }

    fn deal(&self, deal: &Value) -> Value {
        self.admin.record("deals", id(deal))
    }

    fn tickets(&self, order: &Value) -> Vec<Value> {
        self.admin.all("tickets", &[("filter", &format!("order == \"{}\"", id(order))), ("sort", "position")])
    }

    /// Invoices of an order, the oldest first: number, state, sum.
    fn invoices(&self, order: &Value) -> Vec<(i64, String, i64)> {
        let invoices =
            self.admin.all("invoices", &[("filter", &format!("order == \"{}\"", id(order))), ("sort", "created_at")]);
        let shown = |invoice: &Value| {
            (text(invoice, "number").parse().unwrap(), text(invoice, "status").to_owned(), minor(&invoice["total"]))
        };
        invoices.iter().map(shown).collect()
    }

    fn by_link(&self, order: &Value, name: &str) -> crate::harness::Answer {
        let token = text(order, "public_url").rsplit("/p/o/").next().unwrap().to_owned();
        self.public.post(&format!("/api/public/v1/orders/{token}/{name}"), json!({}))
    }

    fn pay(&self, order: &Value, amount: i64) {
        self.admin.post("/api/v1/payments", json!({"amount": rub(amount), "order": id(order)})).expect(201);
    }

    fn told(&self, email: &str) -> Vec<String> {
        letters(&self.admin, Some(email)).into_iter().map(|letter| letter.template).collect()
    }

    /// The questionnaire behind the link that went to an address.
    fn questionnaire(&self, email: &str) -> String {
        let letter = self.last(email, "survey");
        let link = text(&letter.json, "text").split_whitespace().find(|word| word.contains("/p/s/")).unwrap();
        format!("/api/public/v1/surveys/{}", link.rsplit('/').next().unwrap())
    }

    fn last(&self, email: &str, template: &str) -> Letter {
        let mut all = letters(&self.admin, Some(email));
        all.retain(|letter| letter.template == template);
        all.pop().unwrap_or_else(|| panic!("no {template} to {email}"))
    }
}

fn organisations_order(world: &mut World) {
    let admin = world.admin();
    admin
        .patch(
            "/api/v1/meta/organisation",
            json!({"name": "Harbour", "legal_entities": [{
                "name": "OOO Harbour", "inn": "7736207543", "kpp": "773601001", "address": "Moscow", "bik": "044525225", "bank_name": "Bank",
                "bank_account": "40702810138250123017", "corr_account": "30101810400000000225", "vat_rate": "22",
            }]}),
        )
        .expect(200);
    let opened = admin.now();
    let sale = Sale::open(&admin, "spring27", &[("Participant", 60, OLD, NEW, 60)]);
    let stage = Stage { admin, public: world.anybody(), sale, opened };

    refused_requests(&stage);
    let agreeing = request_and_questionnaire(&stage);
    let declining = ordered(&stage, "Buttercup", "7710140679", "declining@example.org");
    let silent = ordered(&stage, "Daisy", "7702235133", "silent@example.org");
    let part_paid = ordered(&stage, "Poppy", "7736050003", "part@example.org");
    terms(&stage);
    strangers(&stage);
    cancelled(&stage);

    // The price is the same: reminders.
    for day in 1..=2 {
        stage.admin.move_clock(stage.day(day));
    }
    assert_eq!(stage.told("silent@example.org")[1..], ["group_invoiced", "order_reminder", "order_reminder"]);
    stage.by_link(&agreeing.1, "agree").refused(409, "nothing_to_agree");
    stage.by_link(&agreeing.1, "decline").refused(409, "nothing_to_decline");
    let old_invoice = stage.invoices(&part_paid.1)[0].0;

    // It has changed: a new invoice, and a question.
    stage.admin.move_clock(stage.day(3));
    for (deal, order) in [&agreeing, &declining, &silent, &part_paid] {
        let order = stage.order(order);
        assert_eq!((text(&order, "status"), minor(&order["total"])), ("pending", 2 * NEW), "{order}");
        let invoices = stage.invoices(&order);
        assert_eq!(invoices.len(), 2, "{invoices:?}");
        assert_eq!((invoices[0].1.as_str(), invoices[0].2), ("void", 2 * OLD));
        assert_eq!((invoices[1].1.as_str(), invoices[1].2), ("issued", 2 * NEW));
        assert_eq!(minor(&stage.deal(deal)["amount"]), 2 * NEW);
        let prices: Vec<_> = stage.tickets(&order).iter().map(|ticket| minor(&ticket["list_price"])).collect();
        assert_eq!(prices, [NEW, NEW]);
    }
    agreed(&stage, &agreeing);
    declined(&stage, &declining);
    void_invoice_paid(&stage, &part_paid, old_invoice);
    unanswered(&stage, &silent);
    numbers_have_no_gaps(&stage);
}

fn refused_requests(stage: &Stage) {
    let path = format!("/api/public/v1/events/{}/group-orders", stage.sale.slug);
    let contact = json!({"name": "Vera", "email": "vera@example.org"});
    let wrong = [
        (json!({"company": {"name": "A", "inn": "7707083894"}, "contact": contact}), "company.inn"),
        (json!({"company": {"inn": "7707083893"}, "contact": contact}), "company.name"),
        (json!({"company": {"name": "A"}, "contact": {"name": "Vera", "email": "vera@@"}}), "contact.email"),
        (json!({"company": {"name": "A"}}), "contact.name"),
        (json!({"company": {"name": "A", "phone": "1"}, "contact": contact}), "company.phone"),
    ];
    for (body, field) in wrong {
        let refused = stage.public.post(&path, body);
        refused.refused(422, "validation_failed");
        let fields: Vec<_> = refused.json["errors"].as_array().unwrap().iter().map(|it| text(it, "field")).collect();
        assert!(fields.contains(&field), "{field}: {}", refused.json);
    }
    assert_eq!((stage.admin.count("deals"), stage.admin.count("accounts")), (0, 0));
    stage.public.post("/api/public/v1/events/nowhere/group-orders", json!({})).refused(404, "not_found");
}

/// 3.1 and 3.2: a client at once and no lead; wrong answers are named by question; right ones reserve seats.
fn request_and_questionnaire(stage: &Stage) -> (Value, Value) {
    let email = "agreeing@example.org";
    let body = json!({
        "company": {"name": "Romashka", "inn": "7707083893"},
        "contact": {"name": "Vera Orlova", "email": email, "phone": "8 (921) 123-45-67"},
    });
    let path = format!("/api/public/v1/events/{}/group-orders", stage.sale.slug);
    for _ in 0..2 {
        let headers = [("Idempotency-Key", "one request")];
        let answer = stage.public.call("POST", &path, &headers, &body).expect(201);
        assert_eq!(answer, json!({"status": "questionnaire", "letter": "sent"}));
    }
    assert_eq!((stage.admin.count("deals"), stage.admin.count("leads"), stage.admin.count("orders")), (1, 0, 0));
    let deal = stage.admin.all("deals", &[]).remove(0);
    assert_eq!((text(&deal, "pipeline"), text(&deal, "stage")), ("group_tickets", "questionnaire"));
    let account = stage.admin.record("accounts", text(&deal, "account"));
    let contact = stage.admin.record("contacts", text(&deal, "contact"));
    assert_eq!((text(&account, "inn"), text(&account, "kind")), ("7707083893", "organisation"));
    assert_eq!((text(&contact, "email"), text(&contact, "phone")), (email, "+79211234567"));
    assert_eq!(text(&contact, "account"), id(&account));
    assert_eq!(stage.told(email), ["survey"]);
    let questionnaire = stage.questionnaire(email);
    let opened = stage.public.get(&questionnaire).expect(200);
    assert_eq!(text(&opened["questions"][0], "key"), "lines");
    let offered = &opened["questions"][0]["columns"][0]["options"];
    assert_eq!(text(&offered[0], "value"), stage.sale.types[0].id, "{opened}");
    assert_eq!(text(&opened["answers"], "inn"), "7707083893");

    // Whoever speaks for the same company later finds it.
    let again = stage.request("Romashka", Some("7707083893"), "colleague@example.org");
    assert_eq!(text(&again, "account"), id(&account));
    assert_eq!(stage.admin.count("accounts"), 1);

    let mut wrong = stage.answers("7707083894", 1);
    wrong["bank_account"] = json!("40702810138250123018");
    wrong["kpp"] = json!("77");
    let refused = stage.public.post(&questionnaire, json!({"answers": wrong}));
    refused.refused(422, "validation_failed");
    let mut fields: Vec<_> = refused.json["errors"].as_array().unwrap().iter().map(|it| text(it, "field")).collect();
    fields.sort_unstable();
    assert_eq!(fields, ["bank_account", "inn", "kpp"], "{}", refused.json);
    let none = stage.public.post(&questionnaire, json!({"answers": stage.answers("7707083893", 0)}));
    none.refused(422, "validation_failed");
    assert_eq!(text(&none.json["errors"][0], "field"), "lines[0].quantity");
    let too_many = stage.public.post(&questionnaire, json!({"answers": stage.answers("7707083893", 61)}));
    too_many.refused(422, "validation_failed");
    assert_eq!(text(&too_many.json["errors"][0], "field"), "lines[0].quantity");
    assert_eq!((stage.admin.count("orders"), stage.admin.count("invoices")), (0, 0));

    stage.public.post(&questionnaire, json!({"answers": stage.answers("7707083893", 2)})).expect(201);
    let order = stage.admin.all("orders", &[]).remove(0);
    assert_eq!((text(&order, "status"), minor(&order["total"]), minor(&order["due"])), ("pending", 2 * OLD, 2 * OLD));
    assert_eq!((text(&order, "deal"), text(&order, "buyer")), (id(&deal), id(&account)));
    let tickets = stage.tickets(&order);
    assert!(tickets.iter().all(|it| text(it, "status") == "reserved" && it["attendee_name"].is_null()), "{tickets:?}");
    let account = stage.admin.record("accounts", id(&account));
    assert_eq!((text(&account, "kpp"), text(&account, "bik")), ("773601001", "044525225"));
    assert_eq!(text(&account, "legal_address"), "Moscow, Prichal 1");
    let deal = stage.deal(&deal);
    assert_eq!((text(&deal, "stage"), text(&deal, "payment_terms")), ("invoiced", "prepaid"));
    stage.public.post(&questionnaire, json!({"answers": stage.answers("7707083893", 2)})).refused(409, "survey_over");
    let by_staff = format!("/api/v1/deals/{}/questionnaire", id(&deal));
    stage.admin.post(&by_staff, stage.answers("7707083893", 2)).refused(409, "questionnaire_closed");

    // The invoice: numbered, with VAT, on paper with the letter and by itself.
    assert_eq!(stage.invoices(&order), [(1, "issued".to_owned(), 2 * OLD)]);
    let invoice = stage.admin.all("invoices", &[]).remove(0);
    assert_eq!(minor(&invoice["vat"]), 360_656);
    assert_eq!(invoice["lines"][0]["quantity"], 2);
    let letter = stage.last(email, "group_invoiced");
    let attachments = letter.json["attachments"].as_array().unwrap();
    assert_eq!(attachments.len(), 1);
    for path in [text(&attachments[0], "url").to_owned(), format!("/api/v1/invoices/{}/pdf", id(&invoice))] {
        let file = stage.admin.raw("GET", &path, &[], b"").unwrap();
        assert_eq!((file.status, file.header("content-type")), (200, Some("application/pdf")), "{path}");
        assert!(file.body.starts_with(b"%PDF"));
    }
    (deal, order)
}

fn ordered(stage: &Stage, company: &str, inn: &str, email: &str) -> (Value, Value) {
    let deal = stage.request(company, Some(inn), email);
    let order = stage.answer(&deal, inn, 2);
    (deal, order)
}

/// 3.3: tickets before the money, all of them or once the share is in; and 3.5: names.
fn terms(stage: &Stage) {
    let email = "postpaid@example.org";
    let deal = stage.request("Later", Some("7810752650"), email);
    stage.admin.patch(&format!("/api/v1/deals/{}", id(&deal)), json!({"payment_terms": "postpaid"})).expect(200);
    let order = stage.answer(&deal, "7810752650", 3);
    let order = stage.order(&order);
    assert_eq!((text(&order, "status"), order["next_check_at"].is_null()), ("pending", false), "{order}");
    assert!(stage.tickets(&order).iter().all(|ticket| text(ticket, "status") == "issued"));
    assert_eq!(text(&stage.deal(&deal), "stage"), "issued");
    assert_eq!(stage.told(email), ["survey", "group_invoiced", "group_tickets"]);
    assert_eq!(stage.last(email, "group_tickets").json["attachments"].as_array().unwrap().len(), 1);

    names(stage, &order, email);

    stage.pay(&order, 3 * OLD);
    let paid = stage.order(&order);
    assert_eq!((text(&paid, "status"), text(&stage.deal(&deal), "stage")), ("paid", "won"), "{paid}");
    assert!(stage.deal(&deal)["paid_on"].is_string());
    assert_eq!(stage.invoices(&order)[0].1, "paid");
    assert_eq!(stage.told(email).last().map(String::as_str), Some("group_paid"));

    let email = "partial@example.org";
    let deal = stage.request("Half", Some("7728168971"), email);
    let half = json!({"payment_terms": "partial", "prepayment_share": 50});
    stage.admin.patch(&format!("/api/v1/deals/{}", id(&deal)), half).expect(200);
    let order = stage.answer(&deal, "7728168971", 2);
    stage.pay(&order, OLD - 1);
    assert!(stage.tickets(&order).iter().all(|ticket| text(ticket, "status") == "reserved"));
    stage.pay(&order, 1);
    assert!(stage.tickets(&order).iter().all(|ticket| text(ticket, "status") == "issued"));
    let order = stage.order(&order);
    assert_eq!((text(&order, "status"), minor(&order["due"])), ("pending", OLD));
    assert!(order["next_check_at"].is_string(), "what is still due is asked for");
    stage.pay(&order, OLD);
    assert_eq!(text(&stage.deal(&deal), "stage"), "won");
}

/// The number of a taxpayer is no secret: who only knows it gets nothing of that client, and writes nothing over.
fn strangers(stage: &Stage) {
    let email = "stranger@example.org";
    let deal = stage.request("Evil", Some("7728168971"), email);
    let honest = json!({
        "name": "Honest", "inn": "9704123453", "payment_terms": "postpaid", "legal_address": "Kazan, Kremlin 1",
    });
    let honest = stage.admin.post("/api/v1/accounts", honest).expect(201);
    stage.public.post(&stage.questionnaire(email), json!({"answers": stage.answers("9704123453", 1)})).expect(201);
    let order = stage.admin.all("orders", &[("filter", &format!("deal == \"{}\"", id(&deal)))]).remove(0);
    assert_eq!(text(&order, "buyer"), id(&honest));
    assert_eq!(text(&stage.deal(&deal), "payment_terms"), "prepaid");
    assert!(
        stage.tickets(&order).iter().all(|ticket| text(ticket, "status") == "reserved"),
        "nothing before the money"
    );
    let account = stage.admin.record("accounts", id(&honest));
    assert_eq!((text(&account, "name"), text(&account, "legal_address")), ("Honest", "Kazan, Kremlin 1"));
    let invoice = stage.admin.all("invoices", &[("filter", &format!("order == \"{}\"", id(&order)))]).remove(0);
    let path = format!("/api/v1/invoices/{}", id(&invoice));
    let forged = stage.admin.call("PATCH", &path, &[], &json!({"lines": []}));
    forged.refused(422, "validation_failed");
    // It is not taken back by a press: seats, deal and letters hang on it.
    let made = stage.admin.all("orders", &[("filter", &format!("deal == \"{}\"", id(&deal)))]).remove(0);
    let timeline = stage.admin.get(&format!("/api/v1/orders/{}/timeline", id(&made))).expect(200);
    let set = timeline["data"].as_array().unwrap().iter().rev().find_map(|line| line["change_set"].as_str()).unwrap();
    stage.admin.call("POST", &format!("/api/v1/undo/{set}"), &[], &json!({})).refused(409, "undo_by_operation");
}

fn names(stage: &Stage, order: &Value, email: &str) {
    let token = text(order, "public_url").rsplit("/p/o/").next().unwrap();
    let path = format!("/api/public/v1/orders/{token}/attendees");
    let codes: Vec<_> = stage.tickets(order).iter().map(|ticket| text(ticket, "code").to_owned()).collect();
    let wrong = json!([
        {"ticket": codes[0], "name": "Anna Belova", "email": "anna@example.org"},
        {"ticket": codes[1], "name": "Boris", "email": "boris@@"},
    ]);
    let refused = stage.public.call("PUT", &path, &[], &wrong);
    refused.refused(422, "validation_failed");
    assert_eq!(text(&refused.json["errors"][0], "field"), "[1].email");
    assert!(stage.tickets(order).iter().all(|ticket| ticket["attendee_name"].is_null()), "nothing half done");
    let named = json!([{"ticket": codes[0], "name": "Anna Belova", "email": "anna@example.org"}]);
    stage.public.call("PUT", &path, &[], &named).expect(200);
    let tickets = stage.tickets(order);
    assert_eq!(text(&tickets[0], "attendee_name"), "Anna Belova");
    assert!(tickets[0]["participant"].is_string() && tickets[1]["participant"].is_null(), "{tickets:?}");
    assert_eq!(stage.told("anna@example.org"), ["ticket_issued"]);
    assert_eq!(stage.last(email, "order_renamed").json["attachments"].as_array().unwrap().len(), 1);
    // An unnamed ticket lets somebody in while the event allows it.
    let code = text(&tickets[1], "code");
    let allow = |allowed: bool| {
        stage
            .admin
            .patch(&format!("/api/v1/events/{}", stage.sale.event), json!({"allow_unnamed": allowed}))
            .expect(200);
    };
    allow(false);
    stage.admin.post("/api/v1/check-in", json!({"code": code})).refused(409, "unnamed");
    allow(true);
    stage.admin.post("/api/v1/check-in", json!({"code": code})).expect(200);
}

/// The buyer cancels by the link: the seats are free, the invoice void, the deal lost.
fn cancelled(stage: &Stage) {
    let (deal, order) = ordered(stage, "Thistle", "7707049388", "cancelling@example.org");
    assert_eq!(text(&stage.by_link(&order, "cancel").expect(200), "status"), "cancelled");
    assert_eq!(stage.invoices(&order)[0].1, "void");
    let deal = stage.deal(&deal);
    assert_eq!((text(&deal, "stage"), deal["lost_reason"].is_string()), ("lost", true), "{deal}");
}

/// 3.4: agree, and it waits again.
fn agreed(stage: &Stage, (deal, order): &(Value, Value)) {
    let letter = stage.last("agreeing@example.org", "group_repriced");
    assert!(text(&letter.json, "text").contains("/agree") && text(&letter.json, "text").contains("/decline"));
    assert_eq!(letter.json["attachments"].as_array().unwrap().len(), 1);
    assert_eq!(text(&stage.by_link(order, "agree").expect(200), "status"), "pending");
    stage.by_link(order, "agree").refused(409, "nothing_to_agree");
    stage.pay(order, 2 * NEW);
    assert_eq!(text(&stage.order(order), "status"), "paid");
    assert!(stage.tickets(order).iter().all(|ticket| text(ticket, "status") == "issued"));
    assert_eq!(text(&stage.deal(deal), "stage"), "won");
    assert_eq!(stage.told("agreeing@example.org").last().map(String::as_str), Some("order_paid"));
}

fn declined(stage: &Stage, (deal, order): &(Value, Value)) {
    assert_eq!(text(&stage.by_link(order, "decline").expect(200), "status"), "annulled");
    stage.by_link(order, "decline").refused(409, "nothing_to_decline");
    assert!(stage.tickets(order).iter().all(|ticket| text(ticket, "status") == "cancelled"));
    assert!(stage.invoices(order).iter().all(|invoice| invoice.1 == "void"));
    assert_eq!(text(&stage.deal(deal), "stage"), "lost");
    assert_eq!(stage.told("declining@example.org").last().map(String::as_str), Some("order_annulled"));
}

/// Money for the voided invoice still belongs to the order, and the difference is due.
fn void_invoice_paid(stage: &Stage, (deal, order): &(Value, Value), number: i64) {
    let filter = format!("order == \"{}\" && number == \"{number}\"", id(order));
    let invoice = stage.admin.all("invoices", &[("filter", &filter)]).remove(0);
    assert_eq!(text(&invoice, "status"), "void");
    stage.admin.post("/api/v1/payments", json!({"amount": rub(2 * OLD), "invoice": id(&invoice)})).expect(201);
    let now = stage.order(order);
    assert_eq!((text(&now, "status"), minor(&now["due"])), ("pending", 2 * (NEW - OLD)), "{now}");
    stage.pay(order, 2 * (NEW - OLD));
    assert_eq!((text(&stage.order(order), "status"), text(&stage.deal(deal), "stage")), ("paid", "won"));
}

/// No answer by the next look: asked once more, then annulled.
fn unanswered(stage: &Stage, (deal, order): &(Value, Value)) {
    stage.admin.move_clock(stage.day(4));
    let asked = stage.told("silent@example.org").into_iter().filter(|it| it == "group_repriced").count();
    assert_eq!((asked, text(&stage.order(order), "status").to_owned()), (2, "pending".to_owned()));
    assert_eq!(stage.invoices(order).len(), 2, "the second question is about the same invoice");
    stage.admin.move_clock(stage.day(5));
    let order = stage.order(order);
    assert_eq!((text(&order, "status"), text(&order, "end_reason")), ("annulled", "not_agreed"));
    assert_eq!(text(&stage.deal(deal), "stage"), "lost");
}

fn numbers_have_no_gaps(stage: &Stage) {
    let mut numbers: Vec<i64> =
        stage.admin.all("invoices", &[]).iter().map(|invoice| text(invoice, "number").parse().unwrap()).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=i64::try_from(numbers.len()).unwrap()).collect::<Vec<_>>());
    let free = stage.admin.record("ticket_types", &stage.sale.types[0].id);
    // Two paid at the new price twice, three and two by terms; all others are free again.
    assert_eq!(free["available"].as_i64(), Some(60 - 2 - 2 - 3 - 2), "{free}");
}
