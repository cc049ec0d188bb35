//! `plenary check` finds what was done to the tables by hand, and mends what is derived.

use serde_json::json;
use store::DbOptions;
use store::db::Db;

use crate::harness::api::id;
use crate::harness::{Api, Kind, World, rub};
use crate::load::{PRICE, buy, selling};

#[test]
fn damage_sqlite() {
    damage(Kind::Sqlite);
}

#[test]
fn damage_postgres() {
    damage(Kind::Postgres);
}

/// The database below, for writing what the program never would.
pub(crate) fn database(world: &World) -> Db {
    let place = world.place();
    let options = match place.get(3) {
        Some(url) => DbOptions::postgres(url, "plenary_main"),
        None => DbOptions::sqlite(std::path::Path::new(&place[1]).join("plenary.db")),
    };
    Db::open(&options).unwrap()
}

pub(crate) fn run(world: &World, statement: &str) {
    let statement = statement.to_owned();
    database(world).write_blocking(move |tx| tx.batch(&statement)).unwrap();
}

/// What a check says that finds nothing.
fn fine(world: &World) -> String {
    let (code, out, err) = world.try_run(&["check"]);
    assert_eq!(code, 0, "{out}{err}");
    out
}

fn damage(kind: Kind) {
    // Two seats: one is ordered and cancelled, the other two are taken.
    let (world, admin, sale) = selling(kind, 2);
    buy(&admin, &sale, 0);
    let cancelled = admin.all("orders", &[])[0].clone();
    admin.transition("orders", id(&cancelled), "cancel", json!({})).expect(200);
    buy(&admin, &sale, 2);
    buy(&admin, &sale, 5);
    let hall = a_full_hall(&admin);
    let checked = fine(&world);
    assert!(checked.contains("records checked"), "{checked}");
    lowered_quotas_are_no_damage(&world, &admin, &sale.types[0].id);
    leftovers_are_no_damage(&world);

    let first = "(select id from payments order by id limit 1)";
    let pending = "(select id from orders where status = 'pending' and number like 'AUTUMN%')";
    for (area, damage, mend) in [
        (
            "money: payments",
            format!("update payments set unallocated = unallocated + 10000 where id = {first}"),
            format!("update payments set unallocated = unallocated - 10000 where id = {first}"),
        ),
        (
            "money: payments",
            format!("update payments set status = 'refunded' where id = {first}"),
            format!("update payments set status = 'matched' where id = {first}"),
        ),
        (
            "money: orders",
            format!("update orders set paid = paid + 10000, due = due - 10000 where id = {pending}"),
            format!("update orders set paid = paid - 10000, due = due + 10000 where id = {pending}"),
        ),
        (
            "money: orders",
            format!("update orders set due = due + 10000 where id = {pending}"),
            format!("update orders set due = due - 10000 where id = {pending}"),
        ),
        (
            "seats: ticket_types",
            "update tickets set status = 'reserved' where status = 'cancelled'".to_owned(),
            "update tickets set status = 'cancelled' where \"order\" in (select id from orders where status = 'cancelled')".to_owned(),
        ),
        (
            "seats: events",
            format!("update tickets set status = 'reserved' where {hall} and status = 'cancelled'"),
            format!("update tickets set status = 'cancelled' where {hall} and \"order\" in (select id from orders where status = 'cancelled')"),
        ),
        (
            "numbers:",
            "update counters set value = value - 1 where name = 'orders:AUTUMN'".to_owned(),
            "update counters set value = value + 1 where name = 'orders:AUTUMN'".to_owned(),
        ),
        (
            "timers: orders",
            "update jobs set key = 'away:' || key where kind = 'orders.look'".to_owned(),
            "update jobs set key = substr(key, 6) where kind = 'orders.look'".to_owned(),
        ),
        (
            "timers: messages",
            "update jobs set key = 'away:' || key where kind = 'letters.deliver'".to_owned(),
            "update jobs set key = substr(key, 6) where kind = 'letters.deliver'".to_owned(),
        ),
        (
            "keys: orders",
            format!("update orders set buyer_name_key = 'x' where id = {pending}"),
            format!("update orders set buyer_name_key = 'покупатель ъярков' where id = {pending}"),
        ),
        (
            "log: orders",
            format!("update orders set created_at = (select created_at from events where slug = 'class') where id = {pending}"),
            format!("update orders set created_at = (select at from changes where record = {pending} and version = 1) where id = {pending}"),
        ),
        (
            "log: users",
            "update users set roles = '[\"administrator\", \"accountant\"]'".to_owned(),
            "update users set roles = '[\"administrator\"]'".to_owned(),
        ),
        (
            "log: orders",
            format!("update orders set buyer_name = 'Кто-то', buyer_name_key = 'кто-то' where id = {pending}"),
            format!("update orders set buyer_name = 'Покупатель Ъярков', buyer_name_key = 'покупатель ъярков' where id = {pending}"),
        ),
    ] {
        run(&world, &damage);
        let (code, out, err) = world.try_run(&["check"]);
        assert_eq!(code, 1, "{damage}: {out}");
        assert!(out.contains(area) && err.contains("findings"), "{area}: {out}");
        run(&world, &mend);
        let (code, out, _) = world.try_run(&["check"]);
        assert_eq!(code, 0, "{mend}: {out}");
    }
    derived(&world);
    sealed(&world);
}

/// An event with more tickets than seats in its hall, of which the only one is given up and taken again; answers what says
/// whether a ticket is one of it.
fn a_full_hall(admin: &Api) -> String {
    let event = json!({
        "name": "Мастер-класс", "slug": "class", "status": "on_sale", "currency": "RUB", "starts_on": "2099-10-01",
        "capacity": 1,
    });
    let event = id(&admin.create("events", event)).to_owned();
    let tiers = json!([{"price": rub(PRICE), "from": null, "until": null}]);
    let kind = admin.create("ticket_types", json!({"event": event, "name": "Место", "quota": 9, "price_tiers": tiers}));
    let order = |email: &str| {
        let buyer = json!({"name": "Покупатель Ъярков", "email": email});
        let body = json!({"buyer": buyer, "tickets": [{"ticket_type": id(&kind)}]});
        Api::new(admin.address, None).post("/api/public/v1/events/class/orders", body)
    };
    order("first@example.com").expect(201);
    order("second@example.com").refused(409, "sold_out");
    let first = admin.all("orders", &[("filter", "buyer_email == \"first@example.com\"")]).remove(0);
    admin.transition("orders", id(&first), "cancel", json!({})).expect(200);
    order("second@example.com").expect(201);
    "event in (select id from events where slug = 'class')".to_owned()
}

/// Bytes that no record speaks of: an upload that was refused.
fn leftovers_are_no_damage(world: &World) {
    let files = store::Files::at(world.folder().join("data/files"));
    let mut refused = files.receive().unwrap();
    refused.take(b"refused").unwrap();
    let digest = refused.keep().unwrap();
    let out = fine(world);
    assert!(out.contains("note: 1 files of 7 bytes belong to no record") && !out.contains(&digest), "{out}");
}

fn lowered_quotas_are_no_damage(world: &World, admin: &Api, kind: &str) {
    let path = format!("/api/v1/ticket_types/{kind}");
    admin.patch(&path, json!({"quota": 1})).expect(200);
    fine(world);
    admin.patch(&path, json!({"quota": 2})).expect(200);
}

fn derived(world: &World) {
    run(
        world,
        "delete from identities where kind = 'email'; update search_rows set title = '?' where record in (select id from orders)",
    );
    let (code, out, _) = world.try_run(&["check"]);
    assert_eq!(code, 1);
    assert!(out.contains("search: orders") && out.contains("identities: "), "{out}");
    world.run(&["check", "--repair"]);
    fine(world);
}

/// The program seals the log while it serves; a noted seal is recognised, another one not.
fn sealed(world: &World) {
    let began = std::time::Instant::now();
    let seal = loop {
        let said = fine(world);
        let seal = said.split("sealed up to ").nth(1).and_then(|rest| rest.split(',').next()).map(str::to_owned);
        match seal {
            Some(seal) => break seal,
            None => assert!(began.elapsed().as_secs() < 30, "{said}"),
        }
        std::thread::sleep(std::time::Duration::from_millis(500));
    };
    world.run(&["check", "--seal", &seal]);
    let (code, out, _) = world.try_run(&["check", "--seal", &format!("{seal}0")]);
    assert_eq!((code, out.contains("seals: ")), (1, true), "{out}");
    assert_eq!(world.try_run(&["check", "--seal", "nothing"]).0, 2);
    run(
        world,
        "update changes set delta = '{\"name\": [null, \"x\"]}' where seq = (select min(seq) from changes where seal is not null)",
    );
    let (code, out, _) = world.try_run(&["check"]);
    assert_eq!((code, out.contains("altered after it was sealed")), (1, true), "{out}");
}
