//! Transitions by name: 9; the door; the buyer's link.

use model::{Actor, Id};
use serde_json::{Map, json};
use ticketing::{CheckIn, spoken_code};

use crate::world::{World, code, on_both, request, yes};

/// An order led to each state, and what may be pressed there.
#[test]
fn states_move_only_by_the_table() {
    on_both(|world| {
        let event = world.event(json!({}), &[("A", None, "1.00")]);
        let led_to = |state: &str, name: &'static str| {
            let order = world.place(request(&event, &format!("{state}-{name}").replace('_', "-"), &[0])).unwrap().id;
            match state {
                "paid" => drop(world.pay(order, "1.00")),
                "annulled" => drop(world.press(order, "annul", json!({})).unwrap()),
                "cancelled" => {
                    world.pay(order, "1.00");
                    world.press(order, "cancel", json!({})).unwrap();
                }
                "refunded" => {
                    world.pay(order, "1.00");
                    world.press(order, "refund", json!({})).unwrap();
                }
                _ => {}
            }
            order
        };
        let table = [
            ("pending", "annul", "annulled"),
            ("pending", "cancel", "cancelled"),
            ("paid", "cancel", "cancelled"),
            ("paid", "refund", "refunded"),
            ("annulled", "revive", "pending"),
            ("cancelled", "revive", "paid"),
            ("cancelled", "refund", "refunded"),
        ];
        for state in ["pending", "paid", "annulled", "cancelled", "refunded"] {
            for name in ["annul", "decline", "cancel", "revive", "refund", "paid", "sell"] {
                let order = led_to(state, name);
                let result = world.press(order, name, json!({}));
                let now = world.get("orders", order).text("status").unwrap().to_owned();
                match table.iter().find(|(from, via, _)| (*from, *via) == (state, name)) {
                    Some((.., to)) => {
                        assert_eq!((code(result), now.as_str()), ("ok".to_owned(), *to), "{name} from {state}")
                    }
                    None => {
                        let expected = if name == "decline" { "nothing_to_decline" } else { "invalid_transition" };
                        assert_eq!((code(result), now.as_str()), (expected.to_owned(), state), "{name} from {state}");
                    }
                }
            }
        }
    });
}

#[test]
fn a_refused_transition_says_what_is_possible() {
    on_both(|world| {
        let event = world.event(json!({}), &[("A", None, "1.00")]);
        let order = world.place(request(&event, "a", &[0])).unwrap().id;
        let Err(error) = world.press(order, "revive", json!({})) else { panic!("revived") };
        assert_eq!(error.to_string(), "\"revive\" is not possible from \"pending\"; possible: annul, cancel");
        assert_eq!(code(world.press(order, "cancel", json!({"colour": 1}))), "colour unknown_field");
        assert_eq!(code(world.press(Id::new(), "cancel", json!({}))), "not_found");
    });
}

fn token(world: &World, order: Id) -> String {
    world.get("orders", order).text("token").unwrap().to_owned()
}

#[test]
fn the_buyer_cancels_by_the_link() {
    on_both(|world| {
        let event = world.event(json!({}), &[("A", Some(1), "1.00")]);
        let cancel =
            |token: String| world.run(&Actor::Public, move |work, ticketing| ticketing.buyer_cancel(work, &token));
        let unpaid = world.place(request(&event, "a", &[0])).unwrap().id;
        world.letters();
        assert_eq!(cancel(token(world, unpaid)).unwrap().text("status"), Some("cancelled"));
        let letters = world.letters();
        assert_eq!((letters[0].template, letters[0].data["reason"].as_str()), ("order_cancelled", Some("by_buyer")));
        assert_eq!(world.left(&event, 0).2, Some(1));
        assert_eq!(code(cancel(token(world, unpaid))), "invalid_transition");
        let paid = world.place(request(&event, "b", &[0])).unwrap().id;
        let payment = world.pay(paid, "1.00").payment.id;
        assert_eq!(code(cancel(token(world, paid))), "paid_order");
        world.change("events", event.id, json!({"buyer_cancels_paid": true})).unwrap();
        assert_eq!(code(cancel(token(world, paid))), "ok");
        assert_eq!(world.payment(payment), "needs_attention 0.00 1.00 0.00 order_ended");
        let record = world.get("orders", paid);
        assert_eq!((yes(&record, "needs_attention"), record.text("attention_reason")), (true, Some("paid_cancelled")));
        for guess in ["", "x", "AAAAAAAAAAAAAAAAAAAAAAAA"] {
            assert_eq!(code(cancel(guess.to_owned())), "not_found");
        }
    });
}

#[test]
fn a_code_lets_in_once() {
    on_both(|world| {
        let event = world.event(json!({}), &[("A", None, "1.00")]);
        let order = world.place(request(&event, "a", &[0, 0])).unwrap().id;
        let tickets = world.tickets(order);
        let codes: Vec<_> = tickets.iter().map(|ticket| ticket.text("code").unwrap().to_owned()).collect();
        let door = world.ground.user("dora@example.org");
        let scan = |code: &str| {
            let code = code.to_owned();
            world.run(&door, move |work, ticketing| ticketing.check_in(work, &code, Some("Вход Б"))).unwrap()
        };
        assert!(matches!(scan(&codes[0]), CheckIn::NotPaid(_)));
        world.pay(order, "2.00");
        assert!(matches!(scan("NOSUCHCODE"), CheckIn::Unknown));
        let typed = format!(" {}-{} ", &codes[0][..4].to_lowercase(), &codes[0][4..]);
        assert!(matches!(scan(&typed), CheckIn::Admitted(_)));
        match scan(&codes[0]) {
            CheckIn::AlreadyCheckedIn { at, point, .. } => {
                assert_eq!((at, point.as_deref()), (Some(world.now()), Some("Вход Б")))
            }
            other => panic!("{other:?}"),
        }
        assert_eq!(code(world.press(order, "cancel", json!({}))), "checked_in", "nobody is put out by an order");
        assert_eq!(code(world.press(order, "refund", json!({}))), "checked_in");
        assert_eq!(code(world.press_ticket(tickets[0].id, "cancel")), "invalid_transition");
        assert_eq!(code(world.press_ticket(tickets[0].id, "check_in")), "invalid_transition");
        world.press_ticket(tickets[0].id, "undo_check_in").unwrap();
        world.press_ticket(tickets[1].id, "cancel").unwrap();
        assert!(matches!(scan(&codes[1]), CheckIn::Cancelled(_)));
        assert!(matches!(scan(&codes[0]), CheckIn::Admitted(_)));
        let outside = world.run(&Actor::Public, |work, ticketing| ticketing.check_in(work, "X", None));
        assert_eq!(code(outside), "missing_right");
        let press =
            world.run(&door, move |work, ticketing| ticketing.order_transition(work, order, "annul", &Map::new()));
        assert_eq!(code(press), "not_found");
    });
}

#[test]
fn codes_are_read_as_people_say_them() {
    assert_eq!(spoken_code(" а вс-Ехk 3 "), "ABCEXK3");
}
