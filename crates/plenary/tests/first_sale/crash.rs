//! The program is killed at random moments under load and started again on the same data, round after round: what was
//! acknowledged is there, nothing is half done, timers go on, no cause sends a second letter.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use jiff::SignedDuration;
use serde_json::{Value, json};
use store::testing::{Dice, seed, told};

use crate::harness::api::{id, minor, text};
use crate::harness::world::on_both;
use crate::harness::{Api, Letter, Sale, World, letters, rub};

/// Kills in an ordinary run; `PLENARY_KILLS` says otherwise.
const KILLS: u64 = 8;
const WORKERS: usize = 3;
/// A kill comes this long after the load began, in milliseconds.
const MOMENTS: std::ops::Range<usize> = 60..700;
const PRICE: i64 = 1_000_000;

on_both!(killed_under_load, super::killed_under_load);

/// What the callers know: their requests, and which of them were answered.
#[derive(Default)]
struct Callers {
    next: AtomicUsize,
    /// Request → number and id of the acknowledged order.
    orders: Mutex<BTreeMap<usize, Order>>,
    /// External id → id of the acknowledged payment and the kopecks of it.
    payments: Mutex<BTreeMap<String, (String, i64)>>,
    /// Requests that were sent and never answered: they are sent again under their keys.
    unsure: Mutex<BTreeSet<usize>>,
}

struct Order {
    number: String,
    id: String,
}

impl Callers {
    /// Waits until so many orders and payments were acknowledged, a minute at most.
    fn wait_for(&self, orders: usize, payments: usize) {
        let patience = Instant::now() + Duration::from_mins(1);
        let is_there =
            || self.orders.lock().unwrap().len() >= orders && self.payments.lock().unwrap().len() >= payments;
        while !is_there() && Instant::now() < patience {
            thread::sleep(Duration::from_millis(5));
        }
    }
}

fn killed_under_load(world: &mut World) {
    let sale = Sale::open(&world.admin(), "storm", &[("Participant", 100_000, PRICE, PRICE + 1, 24 * 30)]);
    let callers = Callers::default();
    let rounds = usize::try_from(told("PLENARY_KILLS", KILLS)).unwrap();
    // Other moments in every run, but for one that is to be repeated.
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().subsec_nanos();
    let seed = seed(now.into());
    println!("PLENARY_SEED={seed}");
    let mut dice = Dice::new(seed);
    let mut seen = BTreeMap::<String, String>::new();
    for round in 0..rounds {
        let moment = Duration::from_millis(u64::try_from(MOMENTS.start + dice.below(MOMENTS.len())).unwrap());
        let (admin, stop) = (world.admin(), AtomicBool::new(false));
        thread::scope(|scope| {
            for _ in 0..WORKERS {
                scope.spawn(|| work(&admin, &sale, &callers, &stop));
            }
            // However slow the machine is: each round has something to lose.
            callers.wait_for(2 * (round + 1), round + 1);
            thread::sleep(moment);
            world.server().kill();
            stop.store(true, Ordering::Relaxed);
        });
        world.start();
        let admin = world.admin();
        let unsure = std::mem::take(&mut *callers.unsure.lock().unwrap());
        for number in unsure {
            assert!(order(&admin, &sale, &callers, number), "it answers after its start");
        }
        let told = whole(&admin, &callers, round);
        for letter in &told {
            let first = seen.entry(letter.cause.clone()).or_insert_with(|| letter.message_id.clone());
            assert_eq!(first, &letter.message_id, "a letter keeps its message id over a crash: {}", letter.json);
        }
    }
    let admin = world.admin();
    assert!(callers.orders.lock().unwrap().len() >= 2 * rounds, "there was a load");
    assert!(callers.payments.lock().unwrap().len() >= rounds, "and money");
    timers_go_on(&admin);
    whole(&admin, &callers, rounds);
}

/// Orders and pays until the program is gone.
fn work(admin: &Api, sale: &Sale, callers: &Callers, stop: &AtomicBool) {
    while !stop.load(Ordering::Relaxed) {
        let number = callers.next.fetch_add(1, Ordering::Relaxed);
        if !order(admin, sale, callers, number) {
            return;
        }
        if !number.is_multiple_of(3) {
            let id = callers.orders.lock().unwrap()[&number].id.clone();
            // Every third is paid in two parts, and either part may be lost to the kill.
            let due = PRICE * seats(number);
            let parts = if number % 3 == 1 { vec![due] } else { vec![due / 4, due - due / 4] };
            for (part, amount) in parts.into_iter().enumerate() {
                let external_id = format!("{number}-{part}");
                let body = json!({"amount": rub(amount), "order": id, "provider": "bank", "external_id": external_id});
                let Ok(answer) = admin.try_call("POST", "/api/v1/payments", &[], &body) else { return };
                let payment = answer.expect(201);
                callers.payments.lock().unwrap().insert(external_id, (text(&payment, "id").to_owned(), amount));
            }
        }
    }
}

fn seats(number: usize) -> i64 {
    1 + i64::try_from(number % 2).unwrap()
}

fn email(number: usize) -> String {
    format!("storm{number}@example.com")
}

/// Places request `number` under its key; false where the program went away.
fn order(admin: &Api, sale: &Sale, callers: &Callers, number: usize) -> bool {
    callers.unsure.lock().unwrap().insert(number);
    let wanted = vec![0; usize::try_from(seats(number)).unwrap()];
    let body = sale.request("Storm Petrel", &email(number), None, &wanted);
    let key = format!("storm-{number}");
    let public = Api::new(admin.address, None);
    let Ok(placed) = public.try_call("POST", &sale.orders_path(), &[("Idempotency-Key", &key)], &body) else {
        return false;
    };
    let number_text = text(&placed.expect(201), "number").to_owned();
    let filter = crate::harness::http::escaped(&format!("number == {number_text:?}"));
    let id = match admin.raw("GET", &format!("/api/v1/orders?filter={filter}"), &[], b"") {
        Ok(page) => {
            let page: Value = serde_json::from_slice(&page.body).unwrap();
            text(&page["data"][0], "id").to_owned()
        }
        // It was acknowledged all the same: only its id is not known yet.
        Err(_) => String::new(),
    };
    let is_known = !id.is_empty();
    callers.orders.lock().unwrap().insert(number, Order { number: number_text, id });
    if is_known {
        callers.unsure.lock().unwrap().remove(&number);
    }
    is_known
}

/// Checks that everything acknowledged is there and that nothing is half done.
fn whole(admin: &Api, callers: &Callers, round: usize) -> Vec<Letter> {
    let orders = admin.all("orders", &[("sort", "number"), ("limit", "500")]);
    for (order, number) in orders.iter().zip(1..) {
        assert_eq!(text(order, "number"), format!("STORM-{number:05}"), "numbers without gaps");
    }
    let by_email: BTreeMap<&str, &Value> = orders.iter().map(|order| (text(order, "buyer_email"), order)).collect();
    assert_eq!(by_email.len(), orders.len(), "one order for one request");
    for (number, acknowledged) in callers.orders.lock().unwrap().iter() {
        let order =
            by_email.get(email(*number).as_str()).unwrap_or_else(|| panic!("order {number} was answered and is lost"));
        assert_eq!(text(order, "number"), acknowledged.number);
    }

    let payments = admin.all("payments", &[("limit", "500")]);
    let mut on_orders = BTreeMap::<&str, i64>::new();
    for payment in &payments {
        let lines = payment["allocations"].as_array().map(Vec::as_slice).unwrap_or_default();
        let allocated: i64 = lines.iter().map(|line| minor(&line["amount"])).sum();
        assert_eq!(minor(&payment["amount"]), allocated + minor(&payment["unallocated"]), "{payment}");
        for line in lines {
            *on_orders.entry(text(line, "order")).or_default() += minor(&line["amount"]);
        }
    }
    let by_external: BTreeMap<&str, &Value> =
        payments.iter().map(|payment| (text(payment, "external_id"), payment)).collect();
    assert_eq!(by_external.len(), payments.len(), "each notice is booked once");
    for (external_id, (id, amount)) in callers.payments.lock().unwrap().iter() {
        let payment = by_external
            .get(external_id.as_str())
            .unwrap_or_else(|| panic!("payment {external_id} was answered and is lost"));
        assert_eq!((text(payment, "id"), minor(&payment["amount"])), (id.as_str(), *amount));
    }

    let told = letters(admin, None);
    let (mut causes, mut ids) = (BTreeSet::new(), BTreeSet::new());
    for letter in &told {
        assert!(causes.insert(&letter.cause), "a second letter for {}", letter.cause);
        assert!(ids.insert(&letter.message_id), "{}", letter.message_id);
    }
    let tickets = admin.all("tickets", &[("limit", "500")]);
    let mut by_order = BTreeMap::<&str, Vec<&Value>>::new();
    for ticket in &tickets {
        by_order.entry(text(ticket, "order")).or_default().push(ticket);
    }
    assert_eq!(by_order.len(), orders.len(), "no ticket without its order");
    for order in &orders {
        let number: usize =
            text(order, "buyer_email").trim_start_matches("storm").split('@').next().unwrap().parse().unwrap();
        let paid = on_orders.get(id(order)).copied().unwrap_or(0);
        assert_eq!((minor(&order["total"]), minor(&order["paid"])), (PRICE * seats(number), paid), "{order}");
        let is_paid = paid == minor(&order["total"]);
        assert_eq!(text(order, "status"), if is_paid { "paid" } else { "pending" }, "{order}");
        assert_eq!(order["next_check_at"].is_null(), is_paid, "{order}");
        let tickets = &by_order[id(order)];
        assert_eq!(i64::try_from(tickets.len()).unwrap(), seats(number), "{order}");
        let (state, linked) = if is_paid { ("issued", true) } else { ("reserved", false) };
        assert!(
            tickets.iter().all(|it| text(it, "status") == state && it["participant"].is_string() == linked),
            "{tickets:?}"
        );
        let count =
            |template: &str| told.iter().filter(|it| it.about.1 == id(order) && it.template == template).count();
        assert_eq!((count("order_received"), count("order_paid")), (1, usize::from(is_paid)), "round {round}: {order}");
        assert!(!text(order, "lead").is_empty(), "{order}");
    }
    told
}

/// Each order that still waits is reminded once when its day is over: its job outlived the kills.
fn timers_go_on(admin: &Api) {
    let waiting: BTreeSet<_> =
        admin.all("orders", &[("filter", "status == \"pending\"")]).iter().map(|it| id(it).to_owned()).collect();
    assert!(!waiting.is_empty());
    admin.move_clock(admin.now() + SignedDuration::from_mins(24 * 60 + 10));
    let reminded: Vec<_> =
        letters(admin, None).into_iter().filter(|it| it.template == "order_reminder").map(|it| it.about.1).collect();
    assert_eq!(reminded.len(), waiting.len());
    assert_eq!(reminded.into_iter().collect::<BTreeSet<_>>(), waiting);
}
