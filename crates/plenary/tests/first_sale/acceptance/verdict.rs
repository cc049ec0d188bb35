//! Where everybody is in the end.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::days::by_id;
use super::fate::Case;
use super::{Stage, requests};
use crate::harness::api::{id, minor, text};
use crate::harness::{Letter, letters};

/// Every order with its tickets, people and letters is as its fate says.
pub(crate) fn every_case(stage: &Stage, cases: &[Case]) {
    let api = &stage.admin;
    let (orders, letters) = (by_id(stage), letters(api, None));
    let tickets = grouped(api.all("tickets", &[("limit", "500")]), "order");
    let leads = by(api.all("leads", &[("limit", "500")]), "id");
    let participants = by(api.all("participants", &[("limit", "500")]), "id");
    for case in cases {
        if case.placed.is_none() {
            assert!(orders.values().all(|order| text(order, "buyer_email") != case.email), "refused and yet an order");
            assert!(leads.values().all(|lead| text(lead, "email") != case.email), "refused and yet a lead");
            assert!(letters.iter().all(|letter| letter.to != case.email), "refused and yet a letter");
            continue;
        }
        let order = &orders[&case.order];
        let (status, total, paid) = case.end();
        let words = (text(order, "status"), minor(&order["total"]), minor(&order["paid"]), minor(&order["due"]));
        let due = if matches!(status, "pending" | "paid") { total - paid } else { 0 };
        assert_eq!(words, (status, total, paid, due), "{:?}: {order}", case.fate);
        assert_eq!(order["attention_reason"].as_str(), case.attention(), "{:?}: {order}", case.fate);
        assert_eq!(order["needs_attention"].as_bool(), Some(case.attention().is_some()), "{:?}: {order}", case.fate);
        let tickets = &tickets[&case.order];
        assert_eq!(tickets.len(), case.wanted.len());
        let expected = if status == "paid" { "issued" } else { "cancelled" };
        assert!(tickets.iter().all(|ticket| text(ticket, "status") == expected), "{:?}: {tickets:?}", case.fate);
        let sum: i64 = tickets.iter().map(|ticket| minor(&ticket["price"])).sum();
        assert_eq!(sum, total, "{:?}", case.fate);

        let lead = &leads[text(order, "lead")];
        assert_eq!(text(lead, "email"), case.email);
        assert_eq!(text(lead, "status"), if case.was_paid() { "converted" } else { "new" }, "{:?}: {lead}", case.fate);
        if case.was_paid() {
            client(stage, case, order, lead);
            for ticket in tickets {
                let card = &participants[text(ticket, "participant")];
                assert_eq!(text(card, "name"), text(ticket, "attendee_name"));
                assert_eq!(
                    text(card, "status"),
                    if status == "paid" { "registered" } else { "cancelled" },
                    "{:?}: {card}",
                    case.fate
                );
            }
        }
        told(case, &letters);
    }
    timelines(stage, cases);
}

fn client(stage: &Stage, case: &Case, order: &Value, lead: &Value) {
    assert_eq!(lead["converted_account"], order["buyer"], "{lead}");
    assert_eq!(lead["converted_contact"], order["contact"], "{lead}");
    if case.number.is_multiple_of(10) {
        let account = stage.admin.record("accounts", text(order, "buyer"));
        assert_eq!((text(&account, "kind"), text(&account, "email")), ("person", case.email.as_str()), "{account}");
        let contact = stage.admin.record("contacts", text(order, "contact"));
        assert_eq!((&contact["account"], text(&contact, "email")), (&account["id"], case.email.as_str()), "{contact}");
    }
}

fn told(case: &Case, letters: &[Letter]) {
    let mut counted = BTreeMap::<String, i64>::new();
    for letter in letters.iter().filter(|letter| letter.to == case.email) {
        assert_eq!(letter.about, ("orders".to_owned(), case.order.clone()));
        *counted.entry(letter.template.clone()).or_default() += 1;
    }
    assert_eq!(counted, case.letters(), "{:?} of {:?}", case.fate, case.wanted);
    if let Some(guest) = &case.guest {
        let copies: Vec<_> =
            letters.iter().filter(|letter| letter.to == *guest).map(|letter| letter.template.as_str()).collect();
        assert_eq!(copies, if case.was_paid() { vec!["ticket_issued"] } else { vec![] }, "{:?}", case.fate);
    }
}

/// What happened to an order stands on its timeline: its making, its letters, its money.
fn timelines(stage: &Stage, cases: &[Case]) {
    for case in cases.iter().filter(|case| case.placed.is_some()).step_by(9) {
        let timeline = stage.admin.get(&format!("/api/v1/orders/{}/timeline", case.order)).expect(200);
        let entries = timeline["data"].as_array().unwrap();
        let count = |kind: &str| entries.iter().filter(|entry| text(entry, "kind") == kind).count();
        assert_eq!(i64::try_from(count("messages")).unwrap(), case.letters().values().sum::<i64>(), "{timeline}");
        assert!(count("payments") > 0 || case.end().2 == 0, "{timeline}");
        let moments: Vec<jiff::Timestamp> = entries.iter().map(|entry| text(entry, "at").parse().unwrap()).collect();
        assert!(moments.iter().rev().is_sorted(), "newest first");
        let first = entries.iter().rfind(|entry| text(entry, "kind") == "change").unwrap();
        assert_eq!(text(first, "operation"), "create", "{first}");
        let change_set = stage.admin.get(&format!("/api/v1/change-sets/{}", text(first, "change_set"))).expect(200);
        let modules: BTreeSet<_> =
            change_set["changes"].as_array().unwrap().iter().map(|it| text(it, "module")).collect();
        assert!(["leads", "orders", "tickets"].iter().all(|module| modules.contains(module)), "{modules:?}");
    }
}

/// Money in = money on orders + unallocated + given back; seats and numbers add up.
pub(crate) fn books(stage: &Stage) {
    let api = &stage.admin;
    let mut on_orders = BTreeMap::<String, i64>::new();
    let payments = api.all("payments", &[("limit", "500")]);
    for payment in &payments {
        let lines = payment["allocations"].as_array().map(Vec::as_slice).unwrap_or_default();
        let allocated: i64 = lines.iter().map(|line| minor(&line["amount"])).sum();
        let rest = minor(&payment["unallocated"]) + minor(&payment["refunded"]);
        assert_eq!(minor(&payment["amount"]), allocated + rest, "{payment}");
        assert!(lines.iter().all(|line| minor(&line["amount"]) > 0), "{payment}");
        assert_eq!(text(payment, "status") == "needs_attention", minor(&payment["unallocated"]) > 0, "{payment}");
        for line in lines {
            *on_orders.entry(text(line, "order").to_owned()).or_default() += minor(&line["amount"]);
        }
    }
    let told: BTreeSet<_> =
        payments.iter().map(|payment| (text(payment, "provider"), text(payment, "external_id"))).collect();
    assert_eq!(told.len(), payments.len(), "each notice is booked once");
    for order in by_id(stage).values() {
        assert_eq!(minor(&order["paid"]), on_orders.get(id(order)).copied().unwrap_or(0), "{order}");
    }
    for kind in &stage.sale.types {
        let filter = |states: &str| format!("ticket_type == {:?} && status in {states}", kind.id);
        let count = |states: &str| i64::try_from(api.all("tickets", &[("filter", &filter(states))]).len()).unwrap();
        let shown = api.record("ticket_types", &kind.id);
        let (sold, reserved) = (count("[\"issued\", \"checked_in\"]"), count("[\"reserved\"]"));
        assert_eq!((shown["sold"].as_i64(), shown["reserved"].as_i64()), (Some(sold), Some(reserved)), "{shown}");
        assert_eq!(shown["available"].as_i64(), Some(kind.quota - sold - reserved), "{shown}");
    }
    requests::numbers_have_no_gaps(stage);
    let people = api.all("participants", &[("limit", "500")]);
    let cards: BTreeSet<_> = people.iter().map(|card| (text(card, "event"), text(card, "email"))).collect();
    assert_eq!(cards.len(), people.len(), "one card a person and event");
}

/// One letter a cause, one message id a letter, nothing left the machine.
pub(crate) fn outbox(stage: &Stage) {
    let letters = letters(&stage.admin, None);
    let unique = |word: fn(&Letter) -> &str| letters.iter().map(word).collect::<BTreeSet<_>>().len();
    assert_eq!(unique(|letter| &letter.id), letters.len());
    assert_eq!(unique(|letter| &letter.cause), letters.len(), "one letter for one cause");
    assert_eq!(unique(|letter| &letter.message_id), letters.len());
    let mut at = Vec::new();
    for letter in &letters {
        assert!(!letter.cause.is_empty() && !letter.message_id.is_empty(), "{}", letter.json);
        assert_eq!((text(&letter.json, "status"), text(&letter.json, "channel")), ("sent", "email"), "{}", letter.json);
        for part in ["subject", "text", "html"] {
            let words = text(&letter.json, part);
            assert!(!words.is_empty() && !words.contains("{{") && !words.contains("undefined"), "{part}: {words}");
        }
        at.push(text(&letter.json, "at").parse::<jiff::Timestamp>().unwrap());
    }
    assert!(at.is_sorted(), "oldest first");
}

/// What was paid for opens the door once; what was cancelled does not.
pub(crate) fn door(stage: &Stage, cases: &[Case]) {
    let api = &stage.admin;
    let show = |code: &str| api.post("/api/v1/check-in", json!({"code": code, "point": "north"}));
    let code_of = |status: &str| {
        let case = cases.iter().find(|case| case.placed.is_some() && case.end().0 == status).unwrap();
        text(&case.placed.as_ref().unwrap()["tickets"][0], "code").to_owned()
    };
    let good = code_of("paid");
    assert_eq!(text(&show(&good).expect(200), "status"), "checked_in");
    let again = show(&good);
    again.refused(409, "already_checked_in");
    assert!(again.json["checked_in_at"].is_string(), "{}", again.json);
    show(&code_of("annulled")).refused(410, "cancelled");
    show("NOTICKETATALL").refused(404, "not_found");
}

fn by(records: Vec<Value>, field: &str) -> BTreeMap<String, Value> {
    records.into_iter().map(|record| (text(&record, field).to_owned(), record)).collect()
}

fn grouped(records: Vec<Value>, field: &str) -> BTreeMap<String, Vec<Value>> {
    let mut groups = BTreeMap::<String, Vec<Value>>::new();
    for record in records {
        groups.entry(text(&record, field).to_owned()).or_default().push(record);
    }
    groups
}
