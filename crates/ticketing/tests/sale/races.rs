//! Races, each with what it would come to without its guard.

use std::sync::{Arc, Barrier};

use billing::NewPayment;
use model::{Actor, Id, Value};
use serde_json::{Map, json};
use store::{Draft, Origin, Result, Work};
use ticketing::{CheckIn, Letters, OutgoingLetter, Ticketing};

use crate::world::{Event, Ground, World, code, request, rub, tiers};

struct Silent;

impl Letters for Silent {
    fn send(&self, _: &mut Work<'_>, _: OutgoingLetter) -> Result<()> {
        Ok(())
    }
}

/// Does `one` in so many threads at once, each in a transaction of `actor`.
pub(crate) fn all_at_once<T: Send + 'static>(
    ground: &Arc<Ground>,
    actor: &Actor,
    threads: usize,
    one: impl Fn(usize, &mut Work<'_>, &Ticketing) -> Result<T> + Clone + Send + 'static,
) -> Vec<Result<T>> {
    let start = Arc::new(Barrier::new(threads));
    let spawn = |number: usize| {
        let (ground, actor, start, one) = (ground.clone(), actor.clone(), start.clone(), one.clone());
        std::thread::spawn(move || {
            let ticketing = Ticketing::new(Arc::new(Silent), "https://tickets.example.org");
            let now = "2026-11-21T09:00:00Z".parse().unwrap();
            let knowledge = ground.workspace.knowledge();
            start.wait();
            ground.db().write_blocking(move |tx| {
                let mut work = Work::new(tx, actor.clone(), knowledge.clone(), now, Origin::from("race"));
                one(number, &mut work, &ticketing)
            })
        })
    };
    let threads: Vec<_> = (0..threads).map(spawn).collect();
    threads.into_iter().map(|thread| thread.join().unwrap()).collect()
}

fn buy(ground: &Arc<Ground>, event: &Event, threads: usize) -> Vec<String> {
    let requests: Vec<_> = (0..threads).map(|number| request(event, &format!("buyer{number}"), &[0])).collect();
    let bought = all_at_once(ground, &Actor::Public, threads, move |number, work, ticketing| {
        ticketing.place(work, &requests[number])
    });
    bought.into_iter().map(code).collect()
}

pub(crate) fn count(codes: &[String], wanted: &str) -> usize {
    codes.iter().filter(|code| *code == wanted).count()
}

pub(crate) fn each(test: impl Fn(&Arc<Ground>, &World)) {
    for ground in Ground::all() {
        eprintln!("on {}", ground.name);
        test(&ground, &World::new(&ground));
    }
}

#[test]
fn four_hundred_buyers_for_fifty_seats() {
    each(|ground, world| {
        // Once the type is the limit, once the event.
        for (capacity, quota) in [(None, Some(50)), (Some(50), None)] {
            let event = world.event(json!({"capacity": capacity}), &[("A", quota, "1.00")]);
            let codes = buy(ground, &event, 400);
            assert_eq!((count(&codes, "ok"), count(&codes, "sold_out")), (50, 350));
            assert_eq!(world.left(&event, 0), (0, 50, Some(0)));
            let orders = world.find("orders", format!("event == \"{}\"", event.id));
            let mut numbers: Vec<_> = orders.iter().map(|order| order.text("number").unwrap().to_owned()).collect();
            numbers.sort_unstable();
            let wanted: Vec<_> = (1..=50).map(|number| format!("{}-{number:05}", event.slug.to_uppercase())).collect();
            assert_eq!(numbers, wanted);
        }
    });
}

#[test]
fn without_locks_postgresql_oversells() {
    let ground = Ground::all().swap_remove(1);
    assert_eq!(ground.name, "postgres");
    let world = World::new(&ground);
    ground.db().testing_disable_locks(true);
    for _ in 0..20 {
        let event = world.event(json!({}), &[("A", Some(5), "1.00")]);
        if count(&buy(&ground, &event, 40), "ok") > 5 {
            return;
        }
    }
    panic!("the race for the last seats proves nothing: twenty times all was well without locks");
}

/// On SQLite the writer's turn is the lock: what was read before it is worth nothing.
#[test]
fn seats_counted_before_the_writers_turn_oversell_sqlite() {
    let ground = Ground::all().swap_remove(0);
    assert_eq!(ground.name, "sqlite");
    let world = World::new(&ground);
    let event = world.event(json!({}), &[("A", Some(1), "1.00")]);
    let (id, kind) = (event.id, event.types[0]);
    let read = Arc::new(Barrier::new(4));
    let threads: Vec<_> = (0..4)
        .map(|number: usize| {
            let (ground, read, ticketing) = (ground.clone(), read.clone(), world.ticketing.clone());
            std::thread::spawn(move || {
                let left =
                    ground.workspace.read_blocking(Actor::System("race"), move |work| ticketing.availability(work, id));
                let left = left.unwrap().0[0].1.available;
                read.wait();
                assert_eq!(left, Some(1));
                let sell = move |work: &mut Work<'_>| {
                    let draft =
                        Draft::new().set("event", id).set("ticket_type", kind).set("code", format!("C{number}"));
                    work.as_process(|work| {
                        work.create("tickets", draft.set("status", "reserved").set("price", rub("1.00")))
                    })
                };
                ground
                    .workspace
                    .write_blocking(Actor::System("race"), Origin::from("race"), move |work| sell(work))
                    .unwrap();
            })
        })
        .collect();
    threads.into_iter().for_each(|thread| thread.join().unwrap());
    assert_eq!(world.left(&event, 0).1, 4, "four seats of one");
}

#[test]
fn one_unknown_person_twice_at_once_is_one_lead() {
    each(|ground, world| {
        let event = world.event(json!({}), &[("A", None, "1.00")]);
        let wanted = request(&event, "ivan", &[0]);
        let placed = all_at_once(ground, &Actor::Public, 8, move |_, work, ticketing| ticketing.place(work, &wanted));
        assert!(placed.iter().all(Result::is_ok));
        assert_eq!(world.find("leads", "has(name)".to_owned()).len(), 1);
        // All paid at once: one client.
        let orders: Vec<Id> = placed.into_iter().map(|order| order.unwrap().id).collect();
        let paid = all_at_once(ground, &world.staff, 8, move |number, work, ticketing| {
            ticketing.book_payment(work, &NewPayment::of(rub("1.00"), orders[number]))
        });
        assert!(paid.iter().all(Result::is_ok));
        let all = |module| world.find(module, "has(name)".to_owned()).len();
        assert_eq!((all("contacts"), all("accounts"), all("participants")), (1, 1, 1));
    });
}

#[test]
fn money_that_comes_twice_at_once() {
    each(|ground, world| {
        let event = world.event(json!({}), &[("A", None, "5.00")]);
        let order = world.place(request(&event, "ivan", &[0])).unwrap().id;
        let mut webhook = NewPayment::of(rub("5.00"), order);
        webhook.external_id = Some("x".to_owned());
        let booked =
            all_at_once(ground, &world.staff, 8, move |_, work, ticketing| ticketing.book_payment(work, &webhook));
        let booked: Vec<_> = booked.into_iter().map(Result::unwrap).collect();
        assert_eq!(booked.iter().filter(|it| !it.repeated).count(), 1);
        assert_eq!(world.order(order), "paid 5.00 5.00 0.00");
        // Eight different transfers for one order: one pays, seven wait.
        let order = world.place(request(&event, "anna", &[0])).unwrap().id;
        let transfer = NewPayment::of(rub("5.00"), order);
        let booked =
            all_at_once(ground, &world.staff, 8, move |_, work, ticketing| ticketing.book_payment(work, &transfer));
        let mut shown: Vec<_> = booked.into_iter().map(|it| world.payment(it.unwrap().payment.id)).collect();
        shown.sort_unstable();
        assert_eq!(shown.remove(0), "matched 5.00 0.00 0.00 -");
        assert_eq!(shown, vec!["needs_attention 0.00 5.00 0.00 overpaid"; 7]);
        assert_eq!(world.order(order), "paid 5.00 5.00 0.00");
    });
}

#[test]
fn a_look_and_a_payment_at_once_never_both_win() {
    each(|ground, world| {
        for round in 0..20 {
            let event = world.event(json!({}), &[("A", None, "5.00")]);
            let order = world.place(request(&event, &format!("b{round}"), &[0])).unwrap();
            // Due now, at another price: the look would annul it.
            world.as_system(move |work, _| {
                let due = work.now();
                work.as_process(|work| work.update("orders", order.id, Draft::new().set("next_check_at", due), None))
            });
            world
                .change("ticket_types", event.types[0], json!({"price_tiers": tiers(&[("6.00", None, None)])}))
                .unwrap();
            let id = order.id;
            let done = all_at_once(ground, &world.staff, 2, move |number, work, ticketing| {
                if number == 0 {
                    return ticketing.look(work, id).map(|_| ());
                }
                ticketing.book_payment(work, &NewPayment::of(rub("5.00"), id)).map(|_| ())
            });
            assert!(done.iter().all(Result::is_ok), "{done:?}");
            let (state, seats) = (world.order(id), world.seats(id));
            match state.as_str() {
                "paid 5.00 5.00 0.00" => assert_eq!(seats, ["issued"]),
                "annulled 5.00 0.00 0.00" => assert_eq!(seats, ["cancelled"]),
                other => panic!("{other}"),
            }
        }
    });
}

#[test]
fn the_last_seat_is_revived_once() {
    each(|ground, world| {
        let event = world.event(json!({}), &[("A", Some(1), "5.00")]);
        let late: Vec<Id> = (0..6)
            .map(|number| {
                let order = world.place(request(&event, &format!("b{number}"), &[0])).unwrap().id;
                world.press(order, "annul", json!({})).unwrap();
                world.pay(order, "5.00");
                order
            })
            .collect();
        let orders = late.clone();
        let revived = all_at_once(ground, &world.staff, 6, move |number, work, ticketing| {
            ticketing.order_transition(work, orders[number], "revive", &Map::new())
        });
        let codes: Vec<_> = revived.into_iter().map(code).collect();
        assert_eq!((count(&codes, "ok"), count(&codes, "sold_out")), (1, 5));
        let paid = late.iter().filter(|order| world.order(**order).starts_with("paid")).count();
        assert_eq!((paid, world.left(&event, 0)), (1, (1, 0, Some(0))));
    });
}

#[test]
fn an_event_and_its_prices_keep_one_currency() {
    each(|ground, world| {
        for _ in 0..20 {
            let event = world.event(json!({}), &[]);
            let id = event.id;
            let outcomes = all_at_once(ground, &Actor::System("race"), 4, move |number, work, ticketing| {
                let (module, before, mut draft) = if number == 0 {
                    (
                        "events",
                        Some(work.get("events", id)?),
                        Draft::new().set("currency", Value::Text("USD".to_owned())),
                    )
                } else {
                    let price = Value::Json(json!([{"price": rub("5.00"), "from": null, "until": null}]));
                    let draft = Draft::new().set("event", Value::Id(id)).set("name", Value::Text(format!("T{number}")));
                    ("ticket_types", None, draft.set("price_tiers", price))
                };
                ticketing.check(work, module, &mut draft, before.as_ref())?;
                match before {
                    Some(_) => work.update(module, id, draft, None).map(drop),
                    None => work.create(module, draft).map(drop),
                }
            });
            let (changed, priced) = (outcomes[0].is_ok(), outcomes[1..].iter().filter(|made| made.is_ok()).count());
            assert!(matches!((changed, priced), (true, 0) | (false, 1..)), "on {}: {outcomes:?}", ground.name);
        }
    });
}

#[test]
fn two_doors_let_one_in() {
    each(|ground, world| {
        let event = world.event(json!({}), &[("A", None, "0.00")]);
        let order = world.place(request(&event, "ivan", &[0])).unwrap().id;
        let ticket = world.tickets(order)[0].text("code").unwrap().to_owned();
        let scans =
            all_at_once(ground, &world.staff, 8, move |_, work, ticketing| ticketing.check_in(work, &ticket, None));
        let scans: Vec<_> = scans.into_iter().map(Result::unwrap).collect();
        assert_eq!(scans.iter().filter(|scan| matches!(scan, CheckIn::Admitted(_))).count(), 1);
        assert_eq!(scans.iter().filter(|scan| matches!(scan, CheckIn::AlreadyCheckedIn { .. })).count(), 7);
    });
}
