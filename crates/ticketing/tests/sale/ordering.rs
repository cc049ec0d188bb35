//! Placing orders: 2.1 – 2.3.

use jiff::ToSpan;
use model::{Actor, Locale, Value};
use serde_json::{Map, json};
use ticketing::{OrderRequest, PersonRequest, TicketRequest};

use crate::world::{code, on_both, request, tiers};

#[test]
fn an_order_reserves_seats_at_the_price_of_now() {
    on_both(|world| {
        let event = world.event(json!({"capacity": 10}), &[("Standard", Some(5), "23.00"), ("VIP", None, "100.50")]);
        let mut wanted = request(&event, "ivan", &[0, 0, 1]);
        wanted.buyer.phone = Some("8 (921) 123-45-67".to_owned());
        wanted.buyer.email = Some(" Ivan@Example.ORG ".to_owned());
        let other = PersonRequest {
            name: Some("Пётр  Петров".to_owned()),
            email: Some("petr@example.org".to_owned()),
            phone: None,
        };
        wanted.tickets[1].attendee = Some(other);
        wanted.source = Some(json!({"utm_source": "telegram"}));
        let order = world.place(wanted).unwrap();
        assert_eq!(world.order(order.id), "pending 146.50 0.00 146.50");
        assert_eq!(world.seats(order.id), ["reserved", "reserved", "reserved"]);
        assert_eq!(order.text("number"), Some(format!("{}-00001", event.slug.to_uppercase()).as_str()));
        assert_eq!(
            (order.text("buyer_email"), order.text("buyer_phone")),
            (Some("ivan@example.org"), Some("+79211234567"))
        );
        let token = order.text("token").unwrap();
        assert!(
            token.len() >= 22 && token.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)),
            "{token}"
        );
        let tickets = world.tickets(order.id);
        let names: Vec<_> = tickets.iter().map(|ticket| ticket.text("attendee_name").unwrap()).collect();
        assert_eq!(names, ["Покупатель ivan", "Пётр Петров", "Покупатель ivan"]);
        assert!(tickets.iter().all(|ticket| ticket.text("code").unwrap().len() == 12));
        let lead = world.get("leads", order.link("lead").unwrap());
        assert_eq!(
            (lead.text("email"), lead.text("source"), lead.text("status")),
            (Some("ivan@example.org"), Some("telegram"), Some("new"))
        );
        assert_eq!(world.left(&event, 0), (0, 2, Some(3)));
        assert_eq!(order.get("next_check_at").as_instant(), Some(world.later(1.day())));
        let letters = world.letters();
        let [letter] = &letters[..] else { panic!("{letters:?}") };
        assert_eq!(
            (letter.template, letter.to_email.as_str(), letter.locale),
            ("order_received", "ivan@example.org", Locale::Ru)
        );
        assert_eq!(letter.cause, format!("orders/{}/v1/received", order.id));
        assert_eq!(letter.data["order"]["due"], "146,50\u{a0}₽");
        assert_eq!(letter.data["order"]["url"], format!("https://tickets.example.org/p/o/{token}"));
        assert_eq!(letter.data["event"]["dates"], "13–14 апреля 2027");
        assert_eq!(letter.data["check_at"], "22 ноября 2026, 12:00 (по московскому времени)");
        assert_eq!(letter.data["tickets"][1]["attendee"], "Пётр Петров");
        assert!(letter.data["price_until"].is_null() && letter.data["order"]["paid"].is_null());
    });
}

#[test]
fn numbers_of_an_event_have_no_gaps() {
    on_both(|world| {
        let event = world.event(json!({}), &[("Standard", Some(3), "1.00")]);
        let mut numbers = Vec::new();
        for buyer in ["a", "b"] {
            numbers.push(world.place(request(&event, buyer, &[0])).unwrap().text("number").unwrap().to_owned());
            assert_eq!(code(world.place(request(&event, buyer, &[0, 0, 0]))), "sold_out");
        }
        let prefix = event.slug.to_uppercase();
        assert_eq!(numbers, [format!("{prefix}-00001"), format!("{prefix}-00002")]);
        // The address moves to another event: its numbers go on.
        world.change("events", event.id, json!({"slug": null})).unwrap();
        let heir = world.event(json!({"slug": event.slug}), &[("Standard", None, "1.00")]);
        assert_eq!(
            world.place(request(&heir, "c", &[0])).unwrap().text("number"),
            Some(format!("{prefix}-00003").as_str())
        );
    });
}

#[test]
fn what_is_wrong_is_said_by_field_and_nothing_is_kept() {
    on_both(|world| {
        let event = world.event(json!({}), &[("Standard", None, "1.00")]);
        let kind = event.types[0].to_string();
        let ticket = |ticket_type: &str, attendee: Option<(&str, &str, &str)>| TicketRequest {
            ticket_type: ticket_type.to_owned(),
            attendee: attendee.map(|(name, email, phone)| PersonRequest {
                name: Some(name.to_owned()),
                email: Some(email.to_owned()),
                phone: Some(phone.to_owned()),
            }),
        };
        let buyer = |name: &str, email: &str, phone: &str| PersonRequest {
            name: Some(name.to_owned()),
            email: Some(email.to_owned()),
            phone: Some(phone.to_owned()),
        };
        let good = || buyer("Иван Иванов", "i@example.org", "");
        let cases = [
            (buyer("", "", ""), vec![ticket(&kind, None)], "buyer.name required, buyer.email required"),
            (
                buyer("???", "no-at", "12"),
                vec![ticket(&kind, None)],
                "buyer.name invalid_name, buyer.email invalid_email, buyer.phone invalid_phone",
            ),
            (
                buyer("Вы выиграли https://evil.example", "i@example.org", ""),
                vec![ticket(&kind, None)],
                "buyer.name invalid_name",
            ),
            (buyer("WWW.evil.example", "i@example.org", ""), vec![ticket(&kind, None)], "buyer.name invalid_name"),
            (buyer("Иван\u{7}", "i@example.org", ""), vec![ticket(&kind, None)], "buyer.name invalid_name"),
            (buyer(&"я".repeat(201), "i@example.org", ""), vec![ticket(&kind, None)], "buyer.name too_long"),
            (good(), vec![], "tickets required"),
            (
                good(),
                vec![ticket("", None), ticket("x", None)],
                "tickets[0].ticket_type required, tickets[1].ticket_type invalid_id",
            ),
            (good(), vec![ticket(&kind, Some(("Анна", "anna@", "")))], "tickets[0].attendee.email invalid_email"),
            (good(), vec![ticket(&kind, Some(("", "anna@example.org", "")))], "tickets[0].attendee.name required"),
            (good(), vec![ticket(&model::Id::new().to_string(), None)], "tickets[0].ticket_type not_found"),
            (good(), vec![ticket(&kind, None); 101], "tickets too_many"),
        ];
        for (buyer, tickets, expected) in cases {
            let asked = OrderRequest { event: event.id, buyer, tickets, channel: None, locale: None, source: None };
            assert_eq!(code(world.place(asked)), expected);
        }
        let mut odd = request(&event, "a", &[0]);
        odd.channel = Some("pigeon".to_owned());
        assert_eq!(code(world.place(odd)), "channel invalid_choice");
        world.change("ticket_types", event.types[0], json!({"max_per_order": 2})).unwrap();
        assert_eq!(code(world.place(request(&event, "a", &[0, 0, 0]))), "tickets[2].ticket_type max_per_order");
        let elsewhere = world.event(json!({}), &[("Other", None, "1.00")]);
        let mut foreign = request(&event, "a", &[0]);
        foreign.tickets[0].ticket_type = elsewhere.types[0].to_string();
        assert_eq!(code(world.place(foreign)), "tickets[0].ticket_type not_found");
        assert!(world.find("orders", format!("event == \"{}\"", event.id)).is_empty());
        assert!(world.find("leads", "has(name)".to_owned()).is_empty());
        assert!(world.letters().is_empty());
    });
}

#[test]
fn seats_run_out_by_type_and_by_event() {
    on_both(|world| {
        let event = world.event(json!({"capacity": 4}), &[("A", Some(3), "1.00"), ("B", Some(10), "1.00")]);
        world.place(request(&event, "a", &[0, 0])).unwrap();
        let refused = world.place(request(&event, "b", &[1, 0, 0]));
        let Err(store::Error::Conflict { code: "sold_out", errors, message }) = refused else { panic!("{refused:?}") };
        let named: Vec<_> = errors.iter().map(|error| (error.field.as_str(), error.message.as_str())).collect();
        assert_eq!(named[0], ("tickets[0].ticket_type", "B: 2 left, 1 asked for"));
        assert_eq!(named[1], ("tickets[1].ticket_type", "A: 1 left, 2 asked for"));
        assert!(message.contains("A (1 of 2)"), "{message}");
        assert_eq!(world.left(&event, 1), (0, 0, Some(2)), "the capacity limits B as well");
        world.place(request(&event, "b", &[1, 1])).unwrap();
        assert_eq!((world.left(&event, 0), world.left(&event, 1)), ((0, 2, Some(0)), (0, 2, Some(0))));
        assert_eq!(code(world.place(request(&event, "c", &[0]))), "sold_out");
    });
}

#[test]
fn a_quota_may_fall_below_what_is_sold() {
    on_both(|world| {
        let event = world.event(json!({"capacity": 20}), &[("A", Some(10), "1.00")]);
        let order = world.place(request(&event, "a", &[0; 6])).unwrap();
        world.change("ticket_types", event.types[0], json!({"quota": 4})).unwrap();
        assert_eq!(world.left(&event, 0), (0, 6, Some(0)), "never below zero");
        assert_eq!(code(world.place(request(&event, "b", &[0]))), "sold_out");
        world.pay(order.id, "6.00");
        assert_eq!(world.left(&event, 0), (6, 0, Some(0)), "who was promised a seat keeps it");
        world.change("ticket_types", event.types[0], json!({"quota": 7})).unwrap();
        world.change("events", event.id, json!({"capacity": 5})).unwrap();
        assert_eq!(world.left(&event, 0), (6, 0, Some(0)));
        world.change("events", event.id, json!({"capacity": null})).unwrap();
        assert_eq!(world.left(&event, 0), (6, 0, Some(1)));
    });
}

#[test]
fn seats_are_held_until_the_order_ends_not_until_it_is_late() {
    on_both(|world| {
        let event = world.event(json!({}), &[("A", Some(2), "1.00")]);
        let paid = world.place(request(&event, "a", &[0])).unwrap();
        world.pay(paid.id, "1.00");
        let pending = world.place(request(&event, "b", &[0])).unwrap();
        assert_eq!(world.left(&event, 0).2, Some(0));
        world.wait(3.days());
        assert_eq!(world.left(&event, 0).2, Some(0), "late, and still held");
        let raised = tiers(&[("2.00", None, None)]);
        world.change("ticket_types", event.types[0], json!({"price_tiers": raised})).unwrap();
        world.look(pending.id);
        assert_eq!(world.left(&event, 0), (1, 0, Some(1)));
    });
}

#[test]
fn nothing_is_sold_before_after_or_beside_the_sale() {
    on_both(|world| {
        let event = world.event(json!({"status": "draft"}), &[("A", None, "1.00")]);
        let kind = event.types[0];
        assert_eq!(code(world.place(request(&event, "a", &[0]))), "not_found", "the public knows of no drafts");
        let steps = [
            ("events", json!({"status": "closed"}), "not_on_sale"),
            ("events", json!({"status": "on_sale"}), "ok"),
            ("ticket_types", json!({"sale_from": world.later(1.hour()).to_string()}), "not_on_sale"),
            ("ticket_types", json!({"sale_from": world.now().to_string()}), "ok"),
            ("ticket_types", json!({"sale_from": null, "sale_until": world.now().to_string()}), "not_on_sale"),
            ("ticket_types", json!({"sale_until": world.later(1.hour()).to_string()}), "ok"),
            (
                "ticket_types",
                json!({"price_tiers": tiers(&[("1.00", Some(world.later(1.hour())), None)])}),
                "not_on_sale",
            ),
            ("ticket_types", json!({"price_tiers": tiers(&[("1.00", None, None)])}), "ok"),
            ("events", json!({"starts_on": "2026-11-19", "ends_on": "2026-11-20"}), "not_on_sale"),
            ("events", json!({"ends_on": "2026-11-21"}), "ok"),
            ("events", json!({"status": "past"}), "not_on_sale"),
        ];
        for (number, (module, change, expected)) in steps.into_iter().enumerate() {
            let id = if module == "events" { event.id } else { kind };
            world.change(module, id, change.clone()).unwrap();
            assert_eq!(code(world.place(request(&event, &format!("b{number}"), &[0]))), expected, "{change}");
        }
        // The last day lasts until midnight where the workspace lives (Moscow), not in UTC.
        world.change("events", event.id, json!({"status": "on_sale"})).unwrap();
        world.change("ticket_types", kind, json!({"sale_until": null})).unwrap();
        world.wait(11.hours().minutes(59));
        assert_eq!(code(world.place(request(&event, "late", &[0]))), "ok");
        world.wait(1.minute());
        assert_eq!(code(world.place(request(&event, "later", &[0]))), "not_on_sale");
    });
}

#[test]
fn one_person_holds_only_so_many_unpaid_seats() {
    on_both(|world| {
        let event = world.event(json!({"max_pending_per_person": 3}), &[("A", None, "1.00")]);
        let first = world.place(request(&event, "a", &[0, 0])).unwrap();
        assert_eq!(code(world.place(request(&event, "a", &[0, 0]))), "too_many_pending");
        world.place(request(&event, "b", &[0, 0, 0])).unwrap();
        let mut by_phone = request(&event, "a", &[0]);
        by_phone.buyer.phone = Some("+79211234567".to_owned());
        world.place(by_phone.clone()).unwrap();
        by_phone.buyer.email = Some("other@example.org".to_owned());
        by_phone.tickets = vec![by_phone.tickets[0].clone(); 3];
        assert_eq!(code(world.place(by_phone)), "too_many_pending", "the same phone is the same person");
        let many = request(&event, "a", &[0; 10]);
        let staff = world.run(&world.staff, move |work, ticketing| ticketing.place(work, &many));
        assert!(staff.is_ok(), "staff may");
        world.pay(first.id, "2.00");
        let fifty = world.event(json!({}), &[("A", None, "1.00")]);
        assert_eq!(code(world.place(request(&fifty, "a", &[0; 51]))), "too_many_pending");
        assert_eq!(code(world.place(request(&fifty, "a", &[0; 50]))), "ok");
        assert_eq!(code(world.place(request(&fifty, "a", &[0]))), "too_many_pending");
    });
}

#[test]
fn free_tickets_are_paid_at_once() {
    on_both(|world| {
        let event = world.event(json!({}), &[("Free", Some(2), "0.00")]);
        let order = world.place(request(&event, "a", &[0])).unwrap();
        assert_eq!(
            (world.order(order.id).as_str(), world.seats(order.id)),
            ("paid 0.00 0.00 0.00", vec!["issued".to_owned()])
        );
        assert_eq!(world.told(), ["order_paid a@example.org"]);
        assert!(world.get("orders", order.id).get("next_check_at").is_null());
    });
}

#[test]
fn the_public_body_is_read_and_refused_by_path() {
    let event = model::Id::new();
    let read = OrderRequest::from_json(
        event,
        &json!({
            "buyer": {"name": "Иван", "email": "i@example.org", "phone": null},
            "tickets": [{"ticket_type": "t", "attendee": {"name": "Анна"}}, {"ticket_type": "u"}],
            "source": {"utm_source": "x"},
        }),
    );
    let read = read.unwrap();
    assert_eq!(read.tickets.len(), 2);
    assert_eq!(read.tickets[0].attendee.as_ref().unwrap().name.as_deref(), Some("Анна"));
    assert_eq!(read.tickets[1].attendee, None);
    assert_eq!(read.source, Some(json!({"utm_source": "x"})));
    for odd in [json!("x"), json!({"utm_source": "a\0b"}), json!({"utm_source": "x".repeat(5_000)})] {
        let body = json!({"buyer": {}, "tickets": [], "source": odd});
        assert_eq!(OrderRequest::from_json(event, &body).unwrap().source, None);
    }
    assert_eq!(code(OrderRequest::from_json(event, &json!([]))), "body invalid_type");
    let wrong = json!({"buyer": {"name": 1}, "tickets": [{"attendee": 5}]});
    assert_eq!(
        code(OrderRequest::from_json(event, &wrong)),
        "buyer.name invalid_type, tickets[0].attendee invalid_type"
    );
}

#[test]
fn who_may_not_order_does_not() {
    on_both(|world| {
        let event = world.event(json!({}), &[("A", None, "1.00")]);
        let door = world.ground.user("dora@example.org");
        let wanted = request(&event, "a", &[0]);
        assert_eq!(code(world.run(&door, move |work, ticketing| ticketing.place(work, &wanted))), "create_forbidden");
        let order = world.place(request(&event, "a", &[0])).unwrap();
        for actor in [door, Actor::Public] {
            let press = world
                .run(&actor, move |work, ticketing| ticketing.order_transition(work, order.id, "cancel", &Map::new()));
            assert_eq!(code(press), "not_found", "an order that one does not see is not there");
            let payment = billing::NewPayment::of(crate::world::rub("1.00"), order.id);
            let pay = world.run(&actor, move |work, ticketing| ticketing.book_payment(work, &payment));
            assert_eq!(code(pay), "missing_right");
        }
    });
}

#[test]
fn computed_fields_come_for_a_whole_page() {
    on_both(|world| {
        let event = world.event(json!({"capacity": 9}), &[("A", Some(5), "2.00"), ("B", None, "3.00")]);
        let order = world.place(request(&event, "a", &[0, 1])).unwrap();
        world.pay(order.id, "5.00");
        world.place(request(&event, "b", &[0])).unwrap();
        let filter = format!("event == \"{}\"", event.id);
        let staff = world.staff.clone();
        let (types, orders) = world
            .run(&staff, move |work, ticketing| {
                let (types, orders) = (work.filter("ticket_types", &filter)?, work.filter("orders", &filter)?);
                let (mut types, mut orders) = (work.find("ticket_types", types)?, work.find("orders", orders)?);
                ticketing.compute(work, &mut types)?;
                ticketing.compute(work, &mut orders)?;
                Ok((types, orders))
            })
            .unwrap();
        let numbers = |name: &str| types.iter().map(|kind| kind.get(name).as_int()).collect::<Vec<_>>();
        assert_eq!(numbers("sold"), [Some(1), Some(1)]);
        assert_eq!(numbers("reserved"), [Some(1), Some(0)]);
        assert_eq!(numbers("available"), [Some(3), Some(6)]);
        assert_eq!(types[1].get("price_now"), &Value::Money(crate::world::rub("3.00")));
        let url = format!("https://tickets.example.org/p/o/{}", order.text("token").unwrap());
        assert_eq!(orders[0].text("public_url"), Some(url.as_str()));
        assert!(orders[0].get("token").is_null(), "the secret itself stays hidden from staff");
    });
}

#[test]
fn free_seats_count_for_as_long_as_they_are_taken() {
    on_both(|world| {
        let event = world.event(json!({"max_pending_per_person": 2}), &[("A", None, "0.00")]);
        let public = |types: &[usize]| {
            let wanted = request(&event, "a", types);
            world.run(&model::Actor::Public, move |work, ticketing| ticketing.place(work, &wanted))
        };
        let first = public(&[0, 0]).unwrap();
        assert_eq!(first.text("status"), Some("paid"));
        assert_eq!(code(public(&[0])), "too_many_pending");
        world.press(first.id, "cancel", json!({})).unwrap();
        assert_eq!(code(public(&[0])), "ok");
    });
}

#[test]
fn templates_are_tried_with_what_letters_get() {
    on_both(|world| {
        let event = world.event(json!({}), &[("A", None, "1.00")]);
        let order = world.place(request(&event, "a", &[0])).unwrap().id;
        world.press(order, "annul", json!({})).unwrap();
        let letters = world.letters();
        let keys = |json: &serde_json::Value| {
            json.as_object().unwrap().keys().cloned().collect::<std::collections::BTreeSet<_>>()
        };
        let sample = &ticketing::Ticketing::letter_samples(Locale::Ru)[0];
        let annulled = letters.iter().find(|letter| letter.template == "order_annulled").unwrap();
        assert_eq!(keys(&annulled.data), keys(sample));
        for part in ["buyer", "event", "order"] {
            assert_eq!(keys(&annulled.data[part]), keys(&sample[part]), "{part}");
        }
        assert_eq!(keys(&annulled.data["tickets"][0]), keys(&sample["tickets"][0]));
    });
}
