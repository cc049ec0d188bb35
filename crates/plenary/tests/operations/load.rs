//! A workspace that sells: an event, and people who order and pay at once.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde_json::json;

use crate::harness::api::{id, text};
use crate::harness::http::escaped;
use crate::harness::world::ADMIN;
use crate::harness::{Api, Kind, Sale, World, rub};

pub(crate) const PRICE: i64 = 1_000_000;

/// A workspace that is no rehearsal: served without a mail server, its letters wait. All its buyers stand at one
/// address, however many a fast machine lets through.
pub(crate) fn selling(kind: Kind, quota: i64) -> (World, Api, Sale) {
    let mut world = World::empty(kind);
    world.run(&["init", "--admin-email", ADMIN, "--admin-password", "correct horse", "--locale", "ru"]);
    let token = world.run(&["token", "create", "--user", ADMIN, "--name", "proof"]).trim().to_owned();
    world.start_with(&["--public-limit", "0"]);
    let admin = Api::new(world.address(), Some(token));
    let event = admin.create(
        "events",
        json!({
            "name": "Осенний съезд", "slug": "autumn", "kind": "conference", "status": "on_sale", "currency": "RUB",
            "starts_on": "2099-10-01", "ends_on": "2099-10-02", "venue": "Москва",
        }),
    );
    let event = id(&event).to_owned();
    let tiers = json!([{"price": rub(PRICE), "from": null, "until": null}]);
    let made =
        admin.create("ticket_types", json!({"event": event, "name": "Участник", "quota": quota, "price_tiers": tiers}));
    let kind = crate::harness::sale::TicketType {
        id: id(&made).to_owned(),
        quota,
        prices: (PRICE, PRICE),
        changes_at: jiff::Timestamp::MAX,
    };
    (world, admin, Sale { event, slug: "autumn".to_owned(), types: vec![kind] })
}

/// Orders one ticket and pays it in full, in part or not at all, by `number`. Answers how long the slower answer took.
pub(crate) fn buy(admin: &Api, sale: &Sale, number: usize) -> Duration {
    let public = Api::new(admin.address, None);
    let name = format!("Покупатель {}", ["Ёлкин", "Щукин", "Ъярков"][number % 3]);
    let began = Instant::now();
    let placed = sale.order(&public, sale.request(&name, &format!("b{number}@example.com"), None, &[0])).expect(201);
    let mut longest = began.elapsed();
    let filter = escaped(&format!("number == {:?}", text(&placed, "number")));
    let order = admin.get(&format!("/api/v1/orders?filter={filter}")).expect(200)["data"][0].clone();
    let amount = [0, PRICE / 4, PRICE, PRICE + 100][number % 4];
    if amount > 0 {
        let began = Instant::now();
        let paid =
            json!({"amount": rub(amount), "order": id(&order), "provider": "bank", "external_id": format!("{number}")});
        admin.post("/api/v1/payments", paid).expect(201);
        longest = longest.max(began.elapsed());
    }
    longest
}

/// Buys until `stop`; answers how long the slowest answer took.
pub(crate) fn buy_on(admin: &Api, sale: &Sale, next: &AtomicUsize, stop: &AtomicBool) -> Duration {
    let mut longest = Duration::ZERO;
    while !stop.load(Ordering::Relaxed) {
        longest = longest.max(buy(admin, sale, next.fetch_add(1, Ordering::Relaxed)));
    }
    longest
}
