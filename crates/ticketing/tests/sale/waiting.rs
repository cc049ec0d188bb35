//! Waiting for money: 2.5.

use jiff::ToSpan;
use model::{Id, Locale};
use serde_json::json;
use ticketing::{LOOK_JOB, Look};

use crate::world::{World, day, on_both, request, tiers};

/// Runs the looks that are due, as the runner of jobs does.
fn run_due(world: &World) -> Vec<Look> {
    let now = world.now();
    let run = move |work: &mut store::Work<'_>, ticketing: &ticketing::Ticketing| {
        let job = loop {
            let Some(job) = work.due_job(now)? else { return Ok(None) };
            assert!(work.finish_job(&job)?);
            // What rules would do is not looked at here.
            if job.kind == LOOK_JOB {
                break job;
            }
        };
        let order: Id = job.payload["order"].as_str().unwrap().parse().unwrap();
        assert_eq!(job.key, Some(format!("orders.look:{order}")));
        ticketing.look(work, order).map(Some)
    };
    std::iter::from_fn(|| world.as_system(run)).collect()
}

#[test]
fn an_unchanged_price_is_reminded_of_again_and_again() {
    on_both(|world| {
        let event = world.event(json!({}), &[("A", None, "1.00")]);
        let order = world.place(request(&event, "a", &[0])).unwrap().id;
        world.letters();
        world.wait(23.hours());
        assert!(run_due(world).is_empty());
        assert_eq!(world.look(order), Look::NotDue, "told too early, it does nothing");
        world.wait(1.hour());
        for round in 1..=3 {
            assert_eq!(run_due(world), [Look::Reminded]);
            assert_eq!(world.look(order), Look::NotDue, "told twice, it does nothing");
            assert_eq!(world.told(), ["order_reminder a@example.org"]);
            let record = world.get("orders", order);
            assert_eq!(record.get("reminders").as_int(), Some(round));
            assert_eq!(record.get("next_check_at").as_instant(), Some(world.later(day())));
            world.wait(day());
        }
        world.pay(order, "1.00");
        world.wait(10.days());
        assert!(run_due(world).is_empty(), "nobody looks at a paid order");
        assert_eq!(world.look(order), Look::NotDue);
    });
}

#[test]
fn a_changed_price_annuls_at_the_next_look_and_not_before() {
    on_both(|world| {
        let event = world.event(json!({}), &[("A", Some(1), "1.00")]);
        let change = world.later(12.hours());
        let prices = tiers(&[("1.00", None, Some(change)), ("2.00", Some(change), None)]);
        world.change("ticket_types", event.types[0], json!({"price_tiers": prices})).unwrap();
        let order = world.place(request(&event, "a", &[0])).unwrap().id;
        let letters = world.letters();
        assert_eq!(letters[0].data["price_until"], "по 21 ноября 2026 включительно");
        world.wait(13.hours());
        assert!(run_due(world).is_empty());
        assert_eq!(world.order(order), "pending 1.00 0.00 1.00");
        world.wait(11.hours());
        assert_eq!(run_due(world), [Look::Annulled]);
        assert_eq!(
            (world.order(order).as_str(), world.seats(order)),
            ("annulled 1.00 0.00 0.00", vec!["cancelled".to_owned()])
        );
        assert_eq!(world.left(&event, 0).2, Some(1));
        let letters = world.letters();
        assert_eq!(
            (letters[0].template, letters[0].data["reason"].as_str()),
            ("order_annulled", Some("price_changed"))
        );
        assert_eq!(letters[0].data["event"]["url"], format!("https://tickets.example.org/e/{}", event.slug));
        assert_eq!(world.get("orders", order).text("end_reason"), Some("price_changed"));
        world.wait(10.days());
        assert!(run_due(world).is_empty());
    });
}

#[test]
fn a_price_that_came_back_is_no_change() {
    on_both(|world| {
        let event = world.event(json!({}), &[("A", None, "1.00")]);
        let order = world.place(request(&event, "a", &[0])).unwrap().id;
        world.change("ticket_types", event.types[0], json!({"price_tiers": tiers(&[("2.00", None, None)])})).unwrap();
        world.wait(12.hours());
        world.change("ticket_types", event.types[0], json!({"price_tiers": tiers(&[("1.00", None, None)])})).unwrap();
        world.wait(12.hours());
        assert_eq!(world.look(order), Look::Reminded);
    });
}

#[test]
fn a_closed_sale_or_a_past_event_annuls() {
    on_both(|world| {
        let cases = [
            ("events", json!({"status": "closed"}), "sale_closed"),
            ("events", json!({"status": "past"}), "event_past"),
            ("events", json!({"starts_on": "2026-11-20", "ends_on": "2026-11-21"}), "event_past"),
            ("ticket_types", json!({"sale_until": world.now().to_string()}), "sale_closed"),
        ];
        let mut orders = Vec::new();
        for (module, change, reason) in cases {
            let event = world.event(json!({}), &[("A", None, "1.00"), ("B", None, "1.00")]);
            let order = world.place(request(&event, "a", &[1, 0])).unwrap().id;
            let id = if module == "events" { event.id } else { event.types[0] };
            world.change(module, id, change).unwrap();
            orders.push((order, reason));
        }
        world.wait(day());
        for (order, reason) in orders {
            assert_eq!(world.look(order), Look::Annulled);
            assert_eq!(world.get("orders", order).text("end_reason"), Some(reason));
        }
    });
}

#[test]
fn waits_are_set_by_type_event_and_workspace() {
    on_both(|world| {
        let event = world
            .event(json!({"payment_wait": "PT4H"}), &[("A", None, "1.00"), ("B", None, "1.00"), ("C", None, "1.00")]);
        world.change("ticket_types", event.types[1], json!({"payment_wait": "PT1H"})).unwrap();
        world.change("ticket_types", event.types[2], json!({"payment_wait": "P2D"})).unwrap();
        let due = |types: &[usize]| {
            world.place(request(&event, "a", types)).unwrap().get("next_check_at").as_instant().unwrap()
        };
        assert_eq!(due(&[0]), world.later(4.hours()));
        assert_eq!(due(&[1]), world.later(1.hour()));
        assert_eq!(due(&[2]), world.later(2.days()));
        assert_eq!(due(&[0, 1, 2]), world.later(1.hour()), "the shortest of the order");
        assert_eq!(due(&[0, 2]), world.later(4.hours()));
    });
}

#[test]
fn the_wait_is_the_settings_and_without_one_the_packs() {
    on_both(|world| {
        let event = world.event(json!({}), &[("A", None, "1.00"), ("B", None, "1.00")]);
        world.change("ticket_types", event.types[1], json!({"payment_wait": "P5D"})).unwrap();
        let due = |world: &World, types: &[usize]| {
            world.place(request(&event, "a", types)).unwrap().get("next_check_at").as_instant().unwrap()
        };
        assert_eq!(due(world, &[0]), world.later(day()), "the timer of the pack that ships");
        assert_eq!(due(world, &[1, 0]), world.later(day()), "a type that says nothing waits as the others do");
        world.ground.apply_tickets("after = \"P1D\"", "after = \"PT7H\"");
        world.know_again();
        assert_eq!(due(world, &[0]), world.later(7.hours()), "the timer of the changed pack");
        let settings = store::Settings { payment_wait: Some("PT3H".to_owned()), ..store::Settings::default() };
        world.ground.workspace.save_settings(settings).unwrap();
        world.know_again();
        assert_eq!(due(world, &[0]), world.later(3.hours()), "the workspace's own");
    });
}

#[test]
fn part_of_the_money_makes_the_wait_begin_anew() {
    on_both(|world| {
        let event = world.event(json!({}), &[("A", None, "2.00")]);
        let order = world.place(request(&event, "a", &[0])).unwrap().id;
        world.wait(20.hours());
        world.pay(order, "1.00");
        assert_eq!(world.get("orders", order).get("next_check_at").as_instant(), Some(world.later(day())));
        world.wait(4.hours());
        assert_eq!(world.look(order), Look::NotDue);
        world.wait(20.hours());
        world.letters();
        assert_eq!(world.look(order), Look::Reminded);
        assert_eq!(world.letters()[0].data["order"]["paid"], "1\u{a0}₽");
    });
}

#[test]
fn grace_frees_seats_later_than_was_promised() {
    on_both(|world| {
        let event = world.event(json!({"grace": "P2D"}), &[("A", Some(1), "1.00")]);
        let order = world.place(request(&event, "a", &[0])).unwrap().id;
        world.change("ticket_types", event.types[0], json!({"price_tiers": tiers(&[("2.00", None, None)])})).unwrap();
        world.wait(day());
        world.letters();
        assert_eq!(run_due(world), [Look::Grace]);
        assert!(run_due(world).is_empty());
        world.wait(1.day());
        assert_eq!((world.look(order), world.left(&event, 0).2), (Look::Grace, Some(0)));
        assert!(world.told().is_empty());
        world.wait(1.day());
        assert_eq!(run_due(world), [Look::Annulled]);
        assert_eq!(world.left(&event, 0).2, Some(1));
    });
}

#[test]
fn max_looks_ends_the_wait() {
    on_both(|world| {
        let event = world.event(json!({"max_looks": 2}), &[("A", None, "1.00")]);
        let order = world.place(request(&event, "a", &[0])).unwrap().id;
        world.wait(day());
        assert_eq!(world.look(order), Look::Reminded);
        world.wait(day());
        assert_eq!(world.look(order), Look::Annulled);
        assert_eq!(world.get("orders", order).text("end_reason"), Some("not_paid"));
    });
}

#[test]
fn letters_are_in_the_buyers_language() {
    on_both(|world| {
        let event = world.event(json!({"venue": "Казань"}), &[("A", None, "1500.00")]);
        let mut wanted = request(&event, "a", &[0]);
        wanted.locale = Some(Locale::En);
        world.place(wanted).unwrap();
        let letters = world.letters();
        assert_eq!(letters[0].locale, Locale::En);
        assert_eq!(letters[0].data["event"]["dates"], "13–14 April 2027");
        assert_eq!(letters[0].data["check_at"], "22 November 2026, 12:00 (Moscow time)");
        assert_eq!(letters[0].data["event"]["venue"], "Казань");
    });
}
