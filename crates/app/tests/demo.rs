//! The sample data in both languages: what a reader would see, and whether it all adds up.
#![expect(clippy::unwrap_used, reason = "a test stops at the first thing that is not there")]

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use app::{App, Doors, demo};
use model::{Actor, Id, Locale, Record};
use store::{DbOptions, Files, List, Work, Workspace};

const MODULES: [&str; 16] = [
    "accounts",
    "activities",
    "cases",
    "comments",
    "contacts",
    "contracts",
    "deals",
    "events",
    "invoices",
    "leads",
    "messages",
    "orders",
    "participants",
    "payments",
    "ticket_types",
    "tickets",
];

/// Every record of every module, with the fields that are worked out.
type Everything = BTreeMap<&'static str, Vec<Record>>;

fn filled(locale: Locale) -> (Everything, Workspace, tempfile::TempDir) {
    let folder = tempfile::TempDir::with_prefix("plenary-demo-").unwrap();
    let workspace = Workspace::open(DbOptions::sqlite(folder.path().join("plenary.db"))).unwrap();
    let files = Files::at(folder.path().join("files"));
    let doors = Doors { public_url: "http://127.0.0.1:8080".to_owned(), smtp: None, files };
    let app = App::new(workspace.clone(), doors).unwrap();
    let began = Instant::now();
    demo::fill(&app, locale).unwrap();
    eprintln!("{locale:?}: filled in {:?}", began.elapsed());
    let read = move |work: &mut Work<'_>| {
        let mut all = Everything::new();
        for module in MODULES {
            let mut list = List { limit: 500, ..List::default() };
            let records = all.entry(module).or_default();
            loop {
                let page = app.list(work, module, &list)?;
                records.extend(page.records);
                list.cursor = page.next;
                if list.cursor.is_none() {
                    break;
                }
            }
        }
        Ok(all)
    };
    (workspace.read_blocking(Actor::System("test"), read).unwrap(), workspace, folder)
}

fn states(records: &[Record], field: &str) -> BTreeMap<String, usize> {
    let mut states = BTreeMap::new();
    for record in records {
        *states.entry(record.text(field).unwrap_or("—").to_owned()).or_default() += 1;
    }
    states
}

fn minor(record: &Record, field: &str) -> i64 {
    record.get(field).as_money().map_or(0, |money| money.minor)
}

fn has_all(records: &[Record], field: &str, wanted: &[&str]) {
    let there = states(records, field);
    let missing: Vec<_> = wanted.iter().filter(|state| !there.contains_key(**state)).collect();
    assert!(missing.is_empty(), "none is {missing:?}: {there:?}");
}

fn look_at(locale: Locale, slug: &str) {
    let (all, workspace, _folder) = filled(locale);
    let of = |module: &str| all.get(module).unwrap();
    for (module, records) in &all {
        eprintln!("{module}: {}", records.len());
    }
    seats(&all);
    money(&all);
    has_all(of("orders"), "status", &["pending", "paid", "annulled", "cancelled", "refunded"]);
    has_all(of("tickets"), "status", &["reserved", "issued", "checked_in", "cancelled"]);
    has_all(of("payments"), "status", &["matched", "needs_attention", "refunded"]);
    has_all(of("leads"), "status", &["new", "contacted", "qualified", "converted", "lost", "disqualified"]);
    has_all(of("cases"), "status", &["received", "in_progress", "waiting_for_client", "answered", "closed"]);
    has_all(of("deals"), "stage", &["event", "price", "documents", "closing", "won", "lost"]);
    has_all(of("activities"), "status", &["planned", "done"]);
    assert_eq!(of("orders").len(), 300);
    let sponsors = of("deals").iter().filter(|deal| deal.text("pipeline") == Some("sponsorship"));
    has_all(
        &sponsors.cloned().collect::<Vec<_>>(),
        "stage",
        &["event", "price", "documents", "closing", "won", "lost"],
    );
    assert!(of("comments").len() >= 5, "people talk");
    let papers = |module: &str| of(module).iter().filter(|paper| paper.link("deal").is_some()).count();
    assert_eq!((papers("contracts"), papers("invoices")), (2, 2));
    let on_sale: Vec<_> = of("events").iter().filter(|event| event.text("status") == Some("on_sale")).collect();
    assert_eq!((on_sale.len(), of("events").len()), (1, 3));
    let now = workspace.clock().now();
    let mut days = BTreeSet::new();
    for event in of("events") {
        let day = event.get("starts_on").as_date().unwrap();
        assert!(event.title().ends_with(&day.year().to_string()), "{} on {day}", event.title());
        assert!(event.text("slug").unwrap().ends_with(&format!("{:02}", day.year() % 100)));
        assert_eq!(day.weekday(), jiff::civil::Weekday::Tuesday);
        days.insert(day);
    }
    assert_eq!(on_sale[0].get("starts_on").as_date().as_ref(), days.last(), "what is on sale comes last");
    assert!(on_sale[0].text("slug").unwrap().starts_with(slug));
    for event in of("events") {
        let orders = of("orders").iter().filter(|order| order.link("event") == Some(event.id)).count();
        assert!(orders >= 40, "{}: {orders} orders", event.title());
    }
    for (module, fields) in [
        ("cases", &["contact", "subject", "body", "answer_due"][..]),
        ("payments", &["payer_name", "received_at"]),
        ("contacts", &["email"]),
        ("deals", &["account", "contact", "event", "amount", "close_date"]),
    ] {
        for record in of(module) {
            let missing: Vec<_> = fields.iter().filter(|field| record.get(field).is_null()).collect();
            assert!(missing.is_empty(), "{} of {module} has no {missing:?}", record.title());
        }
    }
    let is_firm = |account: &&Record| account.text("email").is_some_and(|email| email.starts_with("office@"));
    let firms: Vec<_> = of("accounts").iter().filter(is_firm).collect();
    assert!(firms.len() == 12 && firms.iter().all(|firm| firm.text("phone").is_some() && firm.text("city").is_some()));
    for activity in of("activities").iter().filter(|activity| !activity.get("about").is_null()) {
        assert!(activity.link("contact").is_some(), "whom {} is about", activity.title());
    }
    let report = workspace.check(None).unwrap();
    assert!(report.is_fine() && report.records > 1_500, "{report:#?}");
    let due =
        |record: &&Record| record.text("status") == Some("planned") && record.get("due_at").as_instant().unwrap() < now;
    assert!(of("activities").iter().filter(due).count() >= 2, "something is late");
    let owners: BTreeSet<_> = of("deals").iter().filter_map(|deal| deal.owner).collect();
    assert_eq!(owners.len(), 2, "deals are spread over the sellers");
    again_and_again(&all);
    the_past_is_in_order(&all, now);
    let users = workspace.read_blocking(Actor::System("test"), |work| work.accounts()).unwrap();
    assert_eq!(users.len(), 8);
    let known = workspace.read_blocking(Actor::System("test"), |work| work.credentials(demo::EMAIL)).unwrap().unwrap();
    assert!(app::passwords::verify(demo::PASSWORD, Some(&known.password_hash)));
}

/// No seat is sold twice, and the columns say what the tickets say.
fn seats(all: &Everything) {
    for kind in &all["ticket_types"] {
        let of_kind: Vec<_> =
            all["tickets"].iter().filter(|ticket| ticket.link("ticket_type") == Some(kind.id)).collect();
        let count = |states: &[&str]| {
            i64::try_from(of_kind.iter().filter(|it| states.contains(&it.text("status").unwrap())).count()).unwrap()
        };
        let (sold, reserved) = (count(&["issued", "checked_in"]), count(&["reserved"]));
        assert_eq!(kind.get("sold").as_int(), Some(sold));
        assert_eq!(kind.get("reserved").as_int(), Some(reserved));
        assert!(sold + reserved <= kind.get("quota").as_int().unwrap());
        assert!(sold > 0, "{} sells", kind.title());
    }
    let order = |id: Id| all["orders"].iter().find(|order| order.id == id).unwrap();
    for ticket in &all["tickets"] {
        let fits: &[&str] = match order(ticket.link("order").unwrap()).text("status").unwrap() {
            "pending" => &["reserved", "cancelled"],
            "paid" => &["issued", "checked_in", "cancelled"],
            _ => &["cancelled"],
        };
        assert!(fits.contains(&ticket.text("status").unwrap()), "{}", ticket.title());
    }
}

/// Every payment and every order adds up.
fn money(all: &Everything) {
    for order in &all["orders"] {
        let (total, paid, due) = (minor(order, "total"), minor(order, "paid"), minor(order, "due"));
        match order.text("status").unwrap() {
            "pending" => assert!(paid < total && due == total - paid, "{}", order.title()),
            "paid" => assert!(paid == total && due == 0, "{}", order.title()),
            _ => assert_eq!((paid, due), (0, 0), "{}", order.title()),
        }
    }
    for payment in &all["payments"] {
        let allocated: i64 = match payment.get("allocations") {
            model::Value::Json(lines) => lines
                .as_array()
                .unwrap()
                .iter()
                .map(|line| {
                    let currency = line["amount"]["currency"].as_str().unwrap();
                    let currency = model::Currency::parse(currency).unwrap();
                    model::Money::parse(line["amount"]["amount"].as_str().unwrap(), currency).unwrap().minor
                })
                .sum(),
            _ => 0,
        };
        assert_eq!(minor(payment, "amount"), allocated + minor(payment, "unallocated") + minor(payment, "refunded"));
    }
}

/// People come again: some have been at more than one conference, and each is one contact.
fn again_and_again(all: &Everything) {
    let mut events: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
    for order in all["orders"].iter().filter(|order| order.text("status") == Some("paid")) {
        events.entry(order.text("buyer_email").unwrap()).or_default().insert(order.link("event"));
    }
    assert!(events.values().filter(|events| events.len() > 1).count() >= 10);
    let addresses: Vec<_> = all["contacts"].iter().filter_map(|contact| contact.text("email")).collect();
    assert_eq!(addresses.len(), addresses.iter().collect::<BTreeSet<_>>().len());
}

/// Nothing was made in the future, and ids follow the moments.
fn the_past_is_in_order(all: &Everything, now: jiff::Timestamp) {
    for (module, records) in all {
        assert!(records.iter().all(|record| record.created_at <= now && record.updated_at <= now), "{module}");
        let mut by_id: Vec<_> = records.iter().map(|record| (record.id, record.created_at)).collect();
        by_id.sort();
        assert!(by_id.is_sorted_by_key(|(_, at)| *at), "{module}");
    }
    let weeks: BTreeSet<_> = all["orders"].iter().map(|order| order.created_at.as_second() / 604_800).collect();
    assert!(weeks.len() >= 15, "orders came over many weeks");
}

#[test]
fn the_russian_sample_adds_up() {
    look_at(Locale::Ru, "java");
}

#[test]
fn the_english_sample_adds_up() {
    look_at(Locale::En, "java");
}
