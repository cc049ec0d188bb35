//! The waiting list: whoever found no seats is offered them in turn; no seat is sold twice by it.

use jiff::ToSpan;
use model::{Actor, Id, Record};
use serde_json::json;
use store::{Result, Work};
use ticketing::{LINE_JOB, Look, PersonRequest, Ticketing, WaitingRequest};

use crate::races::{all_at_once, count, each};
use crate::world::{Event, World, code, on_both, request};

fn wish(event: &Event, who: &str, kind: usize, seats: i64) -> WaitingRequest {
    WaitingRequest {
        event: event.id,
        ticket_type: event.types[kind].to_string(),
        seats: Some(seats),
        person: PersonRequest {
            name: Some(format!("Ждущий {who}")),
            email: Some(format!("{who}@example.org")),
            phone: None,
        },
        locale: None,
    }
}

fn join(world: &World, event: &Event, who: &str, kind: usize, seats: i64) -> Result<()> {
    let wish = wish(event, who, kind, seats);
    world.run(&Actor::Public, move |work, ticketing| ticketing.join_waiting_list(work, &wish))
}

fn offer(work: &mut Work<'_>, ticketing: &Ticketing, event: Id) -> Result<usize> {
    let turn = ticketing.waiting_turn(work, event)?;
    ticketing.offer_seats(work, event, turn)
}

/// Runs what is due for the line, and the looks, as the runner of jobs does.
fn run_due(world: &World) {
    let now = world.now();
    let run = move |work: &mut Work<'_>, ticketing: &Ticketing| {
        let Some(job) = work.due_job(now)? else { return Ok(false) };
        let id = |key: &str| job.payload[key].as_str().and_then(|id| id.parse::<Id>().ok());
        if job.kind == LINE_JOB {
            let turn = ticketing.waiting_turn(work, id("event").unwrap())?;
            assert!(work.finish_job(&job)?);
            ticketing.offer_seats(work, id("event").unwrap(), turn)?;
            return Ok(true);
        }
        assert!(work.finish_job(&job)?);
        if job.kind == ticketing::LOOK_JOB {
            ticketing.look(work, id("order").unwrap())?;
        }
        Ok(true)
    };
    while world.as_system(run) {}
}

/// `name seats status` of each entry, in line.
fn line(world: &World, event: &Event) -> Vec<String> {
    let mut entries = world.find("waiting_list", format!("event == \"{}\"", event.id));
    entries.sort_by_key(|entry| entry.id);
    let said = |it: &Record| {
        let who = it.text("email").unwrap().split('@').next().unwrap().to_owned();
        format!("{who} {} {}", it.get("seats").as_int().unwrap(), it.text("status").unwrap())
    };
    entries.iter().map(said).collect()
}

/// Who was told what, but for those who are reminded to pay what they bought.
fn told(world: &World) -> Vec<String> {
    world.told().into_iter().filter(|it| !it.starts_with("order_reminder")).collect()
}

/// The order that holds seats for somebody.
fn offered(world: &World, who: &str) -> Record {
    let entries = world.find("waiting_list", format!("email == \"{who}@example.org\""));
    world.get("orders", entries.last().unwrap().link("order").unwrap())
}

fn answer(world: &World, who: &str, takes: bool) -> Result<Record> {
    let token = offered(world, who).text("token").unwrap().to_owned();
    world.run(&Actor::Public, move |work, ticketing| {
        if takes { ticketing.buyer_agree(work, &token) } else { ticketing.buyer_decline(work, &token) }
    })
}

#[test]
fn seats_go_to_the_first_in_line_that_fits_and_then_to_the_next() {
    on_both(|world| {
        let event = world.event(json!({}), &[("A", Some(3), "1.00")]);
        assert_eq!(code(join(world, &event, "early", 0, 1)), "seats_left");
        let sold = [0, 1, 2].map(|number| world.place(request(&event, &format!("b{number}"), &[0])).unwrap().id);
        for (who, seats) in [("anna", 2), ("boris", 1), ("vera", 1)] {
            join(world, &event, who, 0, seats).unwrap();
        }
        // Twice is once, and nobody is told whether the address was known.
        join(world, &event, "anna", 0, 1).unwrap();
        assert_eq!(code(join(world, &event, "many", 0, 4)), "seats too_many");
        assert_eq!(code(join(world, &event, "www.casino.com", 0, 1)), "name invalid_name");
        assert_eq!(line(world, &event), ["anna 2 waiting", "boris 1 waiting", "vera 1 waiting"]);
        world.letters();
        world.wait(2.hours());
        run_due(world);
        assert!(told(world).is_empty(), "nothing is free");

        // One seat: too few for Anna, so it is Boris's; strangers do not get it before him.
        world.press(sold[0], "cancel", json!({})).unwrap();
        assert_eq!(code(world.place(request(&event, "stranger", &[0]))), "sold_out");
        world.letters();
        run_due(world);
        let letters = world.letters();
        assert_eq!(letters.len(), 1);
        assert_eq!((letters[0].template, letters[0].to_email.as_str()), ("order_offered", "boris@example.org"));
        assert_eq!(letters[0].data["check_at"], "22 ноября 2026, 14:00 (по московскому времени)");
        assert_eq!(line(world, &event), ["anna 2 waiting", "boris 1 offered", "vera 1 waiting"]);
        assert_eq!(world.left(&event, 0), (0, 3, Some(0)));
        let held = offered(world, "boris");
        assert_eq!(held.get("offered_until").as_instant(), Some(world.later(24.hours())));
        assert_eq!(code(world.place(request(&event, "stranger", &[0]))), "sold_out");

        // He does not answer in a day: the seat is Vera's; Anna still does not fit.
        world.wait(23.hours());
        assert_eq!(world.look(held.id), Look::NotDue);
        world.wait(1.hour());
        run_due(world);
        assert_eq!(told(world), ["order_annulled boris@example.org", "order_offered vera@example.org"]);
        assert_eq!(line(world, &event), ["anna 2 waiting", "boris 1 missed", "vera 1 offered"]);
        assert_eq!(world.get("orders", held.id).text("end_reason"), Some("not_taken"));
        assert_eq!(code(answer(world, "boris", true)), "nothing_to_agree");

        // She takes it: from here on it is an order like any other.
        answer(world, "vera", true).unwrap();
        assert_eq!(told(world), ["order_received vera@example.org"]);
        let taken = offered(world, "vera");
        assert!(taken.get("offered_until").is_null());
        assert_eq!(code(answer(world, "vera", true)), "nothing_to_agree");
        world.wait(24.hours());
        assert_eq!(world.look(taken.id), Look::Reminded);
        world.pay(taken.id, "1.00");
        assert_eq!(world.left(&event, 0), (1, 2, Some(0)));

        // A quota that is raised frees seats, too; Anna declines, and whoever asks next may order.
        world.letters();
        world.change("ticket_types", event.types[0], json!({"quota": 5})).unwrap();
        run_due(world);
        assert_eq!(told(world), ["order_offered anna@example.org"]);
        assert_eq!(world.seats(offered(world, "anna").id).len(), 2);
        answer(world, "anna", false).unwrap();
        assert_eq!(told(world), ["order_annulled anna@example.org"]);
        assert_eq!(line(world, &event), ["anna 2 left", "boris 1 missed", "vera 1 taken"]);
        assert_eq!(code(world.place(request(&event, "stranger", &[0, 0]))), "ok");
    });
}

#[test]
fn money_takes_the_seats_and_so_does_nothing_to_pay() {
    on_both(|world| {
        let event = world.event(json!({"waiting_hold": "PT2H"}), &[("A", Some(1), "1.00"), ("Free", Some(1), "0.00")]);
        let first = world.place(request(&event, "b", &[0])).unwrap().id;
        let free = world.place(request(&event, "f", &[1])).unwrap().id;
        join(world, &event, "anna", 0, 1).unwrap();
        join(world, &event, "vera", 1, 1).unwrap();
        for order in [first, free] {
            world.press(order, "cancel", json!({})).unwrap();
        }
        run_due(world);
        let (anna, vera) = (offered(world, "anna"), offered(world, "vera"));
        assert_eq!(anna.get("offered_until").as_instant(), Some(world.later(2.hours())));
        assert_eq!(world.seats(vera.id), ["reserved"], "a free ticket waits for a yes as well");
        world.pay(anna.id, "1.00");
        answer(world, "vera", true).unwrap();
        assert_eq!(
            (world.seats(anna.id), world.seats(vera.id)),
            (vec!["issued".to_owned()], vec!["issued".to_owned()])
        );
        assert_eq!(line(world, &event), ["anna 1 taken", "vera 1 taken"]);
        world.wait(3.hours());
        run_due(world);
        assert_eq!(world.order(anna.id), "paid 1.00 1.00 0.00");
    });
}

/// Offers, strangers and a staff sale at once for the seats that came free.
fn race(ground: &std::sync::Arc<crate::world::Ground>, world: &World) -> (i64, usize) {
    let event = world.event(json!({}), &[("A", Some(4), "1.00")]);
    let sold = (0..4).map(|number| world.place(request(&event, &format!("b{number}"), &[0])).unwrap().id);
    let sold: Vec<Id> = sold.collect();
    for number in 0..6 {
        join(world, &event, &format!("w{number}"), 0, 1).unwrap();
    }
    for order in sold {
        world.press(order, "cancel", json!({})).unwrap();
    }
    let id = event.id;
    let orders: Vec<_> = (0..6).map(|number| request(&event, &format!("staff{number}"), &[0])).collect();
    let done = all_at_once(ground, &world.staff, 12, move |number, work, ticketing| {
        if number < 6 {
            offer(work, ticketing, id).map(drop)
        } else {
            ticketing.place(work, &orders[number - 6]).map(drop)
        }
    });
    let codes: Vec<_> = done.into_iter().map(code).collect();
    assert_eq!(count(&codes, "ok") + count(&codes, "sold_out"), 12, "{codes:?}");
    let taken = world.left(&event, 0).1;
    let offered = line(world, &event).iter().filter(|entry| entry.ends_with("offered")).count();
    (taken, offered)
}

#[test]
fn offers_and_orders_at_once_take_each_seat_once() {
    each(|ground, world| {
        for _ in 0..5 {
            let (taken, offered) = race(ground, world);
            assert_eq!(taken, 4, "{offered} were offered");
        }
    });
}

#[test]
fn without_locks_offers_oversell() {
    let ground = crate::world::Ground::all().swap_remove(1);
    let world = World::new(&ground);
    ground.db().testing_disable_locks(true);
    assert!((0..20).any(|_| race(&ground, &world).0 > 4), "the race proves nothing: all was well without locks");
}

/// Any order of frees, offers, answers and strangers: never more seats than there are, and nobody is passed who fits.
#[test]
fn whatever_happens_nobody_is_passed_and_nothing_is_sold_twice() {
    on_both(|world| {
        let event = world.event(json!({}), &[("A", Some(5), "1.00")]);
        let mut seed = 20_261_128_u64;
        let mut next = move |below: u64| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 33) % below
        };
        let mut orders: Vec<Id> = Vec::new();
        for turn in 0..150 {
            match next(6) {
                0 | 1 => orders.extend(world.place(request(&event, &format!("s{turn}"), &[0])).ok().map(|it| it.id)),
                2 => drop(join(world, &event, &format!("w{turn}"), 0, 1 + i64::try_from(next(3)).unwrap())),
                3 if !orders.is_empty() => {
                    let order = orders.swap_remove(usize::try_from(next(orders.len() as u64)).unwrap());
                    drop(world.press(order, "cancel", json!({})));
                }
                4 => world.wait(5.hours()),
                _ => {
                    let open = world.find("waiting_list", "status == \"offered\"".to_owned());
                    for entry in open.iter().take(1) {
                        let who = entry.text("email").unwrap().split('@').next().unwrap().to_owned();
                        let takes = next(2) == 0;
                        orders.extend(answer(world, &who, takes).ok().filter(|_| takes).map(|order| order.id));
                    }
                }
            }
            run_due(world);
            let (sold, reserved, left) = world.left(&event, 0);
            assert!(sold + reserved <= 5, "turn {turn}: {sold} + {reserved}");
            let waiting = world.find("waiting_list", "status == \"waiting\"".to_owned());
            // The looks of a minute after joining are not due at once: whoever joined sees what is free then.
            let passed = waiting.iter().find(|entry| entry.get("seats").as_int() <= left);
            assert!(passed.is_none(), "turn {turn}: {left:?} are free, {passed:?} waits");
        }
        assert!(line(world, &event).iter().any(|entry| entry.ends_with("taken")), "{:?}", line(world, &event));
    });
}
