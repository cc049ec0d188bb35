//! Money: 2.4, and the scenarios of other systems' suites.

use billing::NewPayment;
use jiff::ToSpan;
use model::{Actor, Currency, Id, Money};
use serde_json::json;

use crate::world::{World, code, on_both, request, rub, tiers, yes};

fn order_of_23(world: &World) -> Id {
    let event = world.event(json!({}), &[("A", None, "23.00")]);
    let order = world.place(request(&event, "ivan", &[0])).unwrap().id;
    world.letters();
    order
}

#[test]
fn paid_in_parts() {
    on_both(|world| {
        let order = order_of_23(world);
        let first = world.pay(order, "22.50");
        assert_eq!(world.order(order), "pending 23.00 22.50 0.50");
        assert_eq!(world.seats(order), ["reserved"]);
        let letters = world.letters();
        assert_eq!((letters.len(), letters[0].template), (1, "order_part_paid"));
        assert_eq!(letters[0].data["order"]["due"], "0,50\u{a0}₽");
        let second = world.pay(order, "0.50");
        assert_eq!(world.order(order), "paid 23.00 23.00 0.00");
        assert_eq!(world.told(), ["order_paid ivan@example.org"]);
        for payment in [first, second] {
            assert!(world.payment(payment.payment.id).starts_with("matched"));
        }
        let other = order_of_23(world);
        world.pay(other, "10.00");
        world.pay(other, "13.00");
        assert_eq!(world.order(other), "paid 23.00 23.00 0.00");
    });
}

#[test]
fn paid_too_much() {
    on_both(|world| {
        let order = order_of_23(world);
        let booked = world.pay(order, "23.50");
        assert_eq!(world.order(order), "paid 23.00 23.00 0.00");
        assert_eq!(world.payment(booked.payment.id), "needs_attention 23.00 0.50 0.00 overpaid");
        assert!(yes(&world.get("orders", order), "needs_attention"));
        let letters = world.letters();
        assert_eq!(letters.iter().map(|letter| letter.template).collect::<Vec<_>>(), ["order_paid", "order_overpaid"]);
        assert_eq!(letters[0].tickets.len(), 1);
        assert_eq!(letters[1].data["order"]["paid"], "23,50\u{a0}₽");
        // Again, by mistake: everything of it waits.
        let again = world.pay(order, "23.00");
        assert_eq!(world.payment(again.payment.id), "needs_attention 0.00 23.00 0.00 overpaid");
        assert_eq!(world.told(), ["order_overpaid ivan@example.org"]);
        // The surplus goes back: first in part, then the rest; then nothing needs attention.
        world
            .press_payment(again.payment.id, "refund", json!({"amount": {"amount": "3.00", "currency": "RUB"}}))
            .unwrap();
        assert_eq!(world.payment(again.payment.id), "needs_attention 0.00 20.00 3.00 overpaid");
        world.press_payment(again.payment.id, "refund", json!({})).unwrap();
        assert_eq!(world.payment(again.payment.id), "refunded 0.00 0.00 23.00 -");
        assert!(yes(&world.get("orders", order), "needs_attention"));
        world.press_payment(booked.payment.id, "refund", json!({})).unwrap();
        assert_eq!(world.payment(booked.payment.id), "matched 23.00 0.00 0.50 -");
        assert!(!yes(&world.get("orders", order), "needs_attention"));
        assert_eq!(code(world.press_payment(booked.payment.id, "refund", json!({}))), "nothing_unallocated");
    });
}

#[test]
fn one_outside_id_is_one_payment() {
    on_both(|world| {
        let order = order_of_23(world);
        let webhook = |amount: &str, provider: &str, id: &str| {
            let mut request = NewPayment::of(rub(amount), order);
            request.provider = Some(provider.to_owned());
            request.external_id = Some(id.to_owned());
            world.run(&Actor::System("webhook"), move |work, ticketing| ticketing.book_payment(work, &request)).unwrap()
        };
        let first = webhook("10.00", "bank", "x1");
        let again = webhook("10.00", "bank", " x1 ");
        assert!(!first.repeated && again.repeated);
        assert_eq!(first.payment.id, again.payment.id);
        assert!(webhook("99.00", "bank", "x1").repeated, "the first one stands");
        assert_eq!(world.order(order), "pending 23.00 10.00 13.00");
        assert_eq!(world.told(), ["order_part_paid ivan@example.org"]);
        assert!(!webhook("13.00", "card", "x1").repeated, "another provider counts for itself");
        assert_eq!(world.order(order), "paid 23.00 23.00 0.00");
    });
}

#[test]
fn money_that_cannot_pay_is_kept() {
    on_both(|world| {
        let event = world.event(json!({}), &[("A", None, "23.00")]);
        let cancelled = world.place(request(&event, "a", &[0])).unwrap().id;
        world.press(cancelled, "cancel", json!({})).unwrap();
        let annulled = world.place(request(&event, "b", &[0])).unwrap().id;
        world.press(annulled, "annul", json!({})).unwrap();
        let pending = world.place(request(&event, "c", &[0])).unwrap().id;
        world.letters();
        let book = |order: Option<Id>, amount: Money| {
            let request = NewPayment { order, ..NewPayment::of(amount, Id::new()) };
            world.run(&world.staff, move |work, ticketing| ticketing.book_payment(work, &request)).unwrap().payment.id
        };
        let euros = Money::parse("23.00", Currency::EUR).unwrap();
        let cases = [
            (Some(annulled), rub("23.00"), "late_payment", "annulled 23.00 0.00 0.00"),
            (Some(cancelled), rub("23.00"), "order_ended", "cancelled 23.00 0.00 0.00"),
            (Some(pending), euros, "other_currency", "pending 23.00 0.00 23.00"),
            (Some(Id::new()), rub("23.00"), "no_match", ""),
            (None, rub("23.00"), "no_match", ""),
        ];
        for (order, amount, reason, state) in cases {
            let payment = book(order, amount);
            assert_eq!(world.payment(payment), format!("needs_attention 0.00 23.00 0.00 {reason}"));
            if !state.is_empty() {
                assert_eq!(world.order(order.unwrap()), state);
            }
        }
        assert!(world.told().is_empty(), "nothing else moved");
        assert!(yes(&world.get("orders", annulled), "needs_attention"));
        for amount in ["0.00", "-1.00"] {
            let request = NewPayment::of(rub(amount), pending);
            let refused = world.run(&world.staff, move |work, ticketing| ticketing.book_payment(work, &request));
            assert_eq!(code(refused), "amount out_of_range");
        }
    });
}

#[test]
fn an_invoice_implies_its_order() {
    on_both(|world| {
        let order = order_of_23(world);
        let invoice = world.as_system(move |work, _| {
            work.as_process(|work| work.create("invoices", store::Draft::new().set("order", order)))
        });
        let request = NewPayment { order: None, invoice: Some(invoice.id), ..NewPayment::of(rub("23.00"), order) };
        let booked = world.run(&world.staff, move |work, ticketing| ticketing.book_payment(work, &request)).unwrap();
        assert_eq!(world.order(order), "paid 23.00 23.00 0.00");
        let balance = billing::Balance::of(&booked.payment).unwrap();
        assert_eq!((balance.allocations()[0].order, balance.allocations()[0].invoice), (Some(order), Some(invoice.id)));
    });
}

#[test]
fn one_transfer_for_two_orders_is_assigned_in_parts() {
    on_both(|world| {
        let event = world.event(json!({}), &[("A", None, "23.00"), ("B", None, "12.00")]);
        let first = world.place(request(&event, "a", &[0])).unwrap().id;
        let second = world.place(request(&event, "a", &[1])).unwrap().id;
        let request = NewPayment { order: None, ..NewPayment::of(rub("35.00"), first) };
        let payment =
            world.run(&world.staff, move |work, ticketing| ticketing.book_payment(work, &request)).unwrap().payment.id;
        let amount = |text: &str| json!({"amount": text, "currency": "RUB"});
        world.press_payment(payment, "assign", json!({"order": first, "amount": amount("23.00")})).unwrap();
        assert_eq!(
            (world.order(first).as_str(), world.payment(payment).as_str()),
            ("paid 23.00 23.00 0.00", "needs_attention 23.00 12.00 0.00 no_match")
        );
        assert_eq!(code(world.press_payment(payment, "assign", json!({"order": first}))), "nothing_due");
        world.press_payment(payment, "assign", json!({"order": second})).unwrap();
        assert_eq!(
            (world.order(second).as_str(), world.payment(payment).as_str()),
            ("paid 12.00 12.00 0.00", "matched 35.00 0.00 0.00 -")
        );
        assert_eq!(code(world.press_payment(payment, "assign", json!({"order": second}))), "nothing_unallocated");
        assert_eq!(code(world.press_payment(payment, "unassign", json!({}))), "order_paid");
        // One of the orders is refunded: the other keeps its part.
        world.press(second, "refund", json!({})).unwrap();
        assert_eq!(world.payment(payment), "matched 23.00 0.00 12.00 -");
        world.press(first, "cancel", json!({})).unwrap();
        assert_eq!(world.payment(payment), "needs_attention 0.00 23.00 12.00 order_ended");
    });
}

#[test]
fn money_of_two_orders_in_one_transfer_is_never_mixed_up() {
    on_both(|world| {
        let event = world.event(json!({}), &[("A", None, "23.00"), ("B", None, "12.00")]);
        let first = world.place(request(&event, "a", &[0])).unwrap().id;
        let second = world.place(request(&event, "b", &[1])).unwrap().id;
        let payment = world.pay(first, "35.00").payment.id;
        world.press_payment(payment, "assign", json!({"order": second})).unwrap();
        world.press(first, "cancel", json!({})).unwrap();
        assert!(yes(&world.get("orders", first), "needs_attention"));
        world.press(second, "cancel", json!({})).unwrap();
        assert_eq!(world.payment(payment), "needs_attention 0.00 35.00 0.00 order_ended");
        for order in [first, second] {
            assert_eq!(code(world.press(order, "refund", json!({}))), "nothing_to_refund", "a person decides");
            assert!(!yes(&world.get("orders", order), "needs_attention"), "the payment asks for attention instead");
        }
        world.press_payment(payment, "refund", json!({})).unwrap();
    });
}

#[test]
fn a_payments_body_is_read_and_refused_by_field() {
    on_both(|world| {
        let order = order_of_23(world);
        let book = |body: serde_json::Value| {
            let body = crate::world::object(body);
            world.run(&world.staff, move |work, ticketing| {
                let request = NewPayment::read(work, &body)?;
                ticketing.book_payment(work, &request)
            })
        };
        let amount = json!({"amount": "23.00", "currency": "RUB"});
        assert_eq!(code(book(json!({"order": order}))), "amount required");
        assert_eq!(code(book(json!({"amount": amount, "unallocated": amount}))), "unallocated read_only");
        assert_eq!(code(book(json!({"amount": amount, "method": "barter"}))), "method invalid_choice");
        let full = json!({"amount": amount, "order": order, "method": "card", "reference": "17", "payer_name": "Иванов", "provider": "bank", "external_id": "e1"});
        let payment = book(full).unwrap().payment;
        assert_eq!(
            (payment.text("method"), payment.text("reference"), payment.text("provider")),
            (Some("card"), Some("17"), Some("bank"))
        );
        assert_eq!(world.order(order), "paid 23.00 23.00 0.00");
    });
}

#[test]
fn staff_move_money_between_orders() {
    on_both(|world| {
        let event = world.event(json!({}), &[("A", None, "23.00")]);
        let wrong = world.place(request(&event, "a", &[0])).unwrap().id;
        let right = world.place(request(&event, "b", &[0])).unwrap().id;
        let payment = world.pay(wrong, "10.00").payment.id;
        world.press_payment(payment, "unassign", json!({})).unwrap();
        assert_eq!(
            (world.order(wrong).as_str(), world.payment(payment).as_str()),
            ("pending 23.00 0.00 23.00", "needs_attention 0.00 10.00 0.00 no_match")
        );
        world.press_payment(payment, "assign", json!({"order": right})).unwrap();
        assert_eq!(world.order(right), "pending 23.00 10.00 13.00");
        assert_eq!(code(world.press_payment(payment, "assign", json!({}))), "order required");
        assert_eq!(code(world.press_payment(payment, "assign", json!({"order": Id::new()}))), "order not_found");
        assert_eq!(code(world.press_payment(payment, "sell", json!({}))), "invalid_transition");
        let door = world.ground.user("dora@example.org");
        let press = world.run(&door, move |work, ticketing| {
            ticketing.payment_transition(work, payment, "unassign", &serde_json::Map::new())
        });
        assert_eq!(code(press), "missing_right");
    });
}

#[test]
fn a_late_payment_brings_the_order_back_while_seats_last() {
    on_both(|world| {
        let event = world.event(json!({}), &[("A", Some(1), "23.00")]);
        let late = world.place(request(&event, "a", &[0])).unwrap().id;
        world.change("ticket_types", event.types[0], json!({"price_tiers": tiers(&[("30.00", None, None)])})).unwrap();
        world.wait(1.day());
        world.look(late);
        let payment = world.pay(late, "23.00").payment.id;
        assert_eq!(world.payment(payment), "needs_attention 0.00 23.00 0.00 late_payment");
        let quick = world.place(request(&event, "b", &[0])).unwrap().id;
        assert_eq!(code(world.press(late, "revive", json!({"keep_price": true}))), "sold_out");
        world.press(quick, "cancel", json!({})).unwrap();
        world.letters();
        world.press(late, "revive", json!({"keep_price": true})).unwrap();
        assert_eq!(
            (world.order(late).as_str(), world.seats(late)),
            ("paid 23.00 23.00 0.00", vec!["issued".to_owned()])
        );
        assert_eq!(world.payment(payment), "matched 23.00 0.00 0.00 -");
        assert_eq!(world.told(), ["order_paid a@example.org"]);
        assert!(!yes(&world.get("orders", late), "needs_attention"));
    });
}

#[test]
fn revived_at_the_price_of_now_it_waits_for_the_rest() {
    on_both(|world| {
        let event = world.event(json!({}), &[("A", Some(1), "23.00")]);
        let order = world.place(request(&event, "a", &[0])).unwrap().id;
        world.press(order, "annul", json!({})).unwrap();
        world.pay(order, "23.00");
        world.change("ticket_types", event.types[0], json!({"price_tiers": tiers(&[("30.00", None, None)])})).unwrap();
        world.letters();
        world.press(order, "revive", json!({})).unwrap();
        assert_eq!(
            (world.order(order).as_str(), world.seats(order)),
            ("pending 30.00 23.00 7.00", vec!["reserved".to_owned()])
        );
        let letters = world.letters();
        assert_eq!(letters.iter().map(|letter| letter.template).collect::<Vec<_>>(), ["order_received"]);
        assert_eq!(
            (&letters[0].data["revived"], &letters[0].data["order"]["paid"]),
            (&json!(true), &json!("23\u{a0}₽"))
        );
        world.pay(order, "7.00");
        assert_eq!(world.order(order), "paid 30.00 30.00 0.00");
    });
}

#[test]
fn part_paid_and_annulled_the_money_waits() {
    on_both(|world| {
        let event = world.event(json!({}), &[("A", None, "23.00")]);
        let order = world.place(request(&event, "a", &[0])).unwrap().id;
        let payment = world.pay(order, "10.00").payment.id;
        world.change("events", event.id, json!({"status": "closed"})).unwrap();
        world.wait(1.day());
        world.letters();
        world.look(order);
        assert_eq!(
            (world.order(order).as_str(), world.payment(payment).as_str()),
            ("annulled 23.00 0.00 0.00", "needs_attention 0.00 10.00 0.00 part_paid_annulled")
        );
        let record = world.get("orders", order);
        assert_eq!(
            (yes(&record, "needs_attention"), record.text("attention_reason"), record.text("end_reason")),
            (true, Some("part_paid_annulled"), Some("sale_closed"))
        );
        let letters = world.letters();
        assert_eq!(
            (letters[0].template, letters[0].data["order"]["paid"].as_str(), letters[0].data["reason"].as_str()),
            ("order_annulled", Some("10\u{a0}₽"), Some("sale_closed"))
        );
        world.press_payment(payment, "refund", json!({})).unwrap();
        assert!(!yes(&world.get("orders", order), "needs_attention"));
    });
}

#[test]
fn refunds() {
    on_both(|world| {
        let order = order_of_23(world);
        let (first, second) = (world.pay(order, "10.00").payment.id, world.pay(order, "14.00").payment.id);
        world.letters();
        let amount = |text: &str| json!({"amount": {"amount": text, "currency": "RUB"}});
        assert_eq!(code(world.press(order, "refund", amount("24.01"))), "too_much_to_refund");
        assert_eq!(code(world.press(order, "refund", amount("0.00"))), "amount out_of_range");
        assert_eq!(
            code(world.press(order, "refund", json!({"amount": {"amount": "1.00", "currency": "EUR"}}))),
            "amount other_currency"
        );
        // What waits goes first, then the latest payment.
        world.press(order, "refund", amount("3.00")).unwrap();
        assert_eq!(
            (world.order(order).as_str(), world.payment(second).as_str()),
            ("paid 23.00 21.00 2.00", "matched 11.00 0.00 3.00 -")
        );
        assert_eq!(world.seats(order), ["issued"]);
        assert!(world.told().is_empty(), "a part is settled between people");
        world.press(order, "refund", json!({})).unwrap();
        assert_eq!(
            (world.order(order).as_str(), world.seats(order)),
            ("refunded 23.00 0.00 0.00", vec!["cancelled".to_owned()])
        );
        assert_eq!(world.payment(first), "refunded 0.00 0.00 10.00 -");
        assert_eq!(world.payment(second), "refunded 0.00 0.00 14.00 -");
        assert_eq!(world.told(), ["order_refunded ivan@example.org"]);
        assert_eq!(code(world.press(order, "refund", json!({}))), "invalid_transition");
        // Cancelled first, refunded later; an unpaid one has nothing to give back.
        let other = order_of_23(world);
        let payment = world.pay(other, "23.00").payment.id;
        world.press(other, "cancel", json!({})).unwrap();
        assert_eq!(world.payment(payment), "needs_attention 0.00 23.00 0.00 order_ended");
        world.press(other, "refund", amount("5.00")).unwrap();
        assert_eq!(
            (world.order(other).as_str(), world.payment(payment).as_str()),
            ("cancelled 23.00 0.00 0.00", "needs_attention 0.00 18.00 5.00 order_ended")
        );
        world.press(other, "refund", json!({})).unwrap();
        assert_eq!(
            (world.order(other).as_str(), world.payment(payment).as_str()),
            ("refunded 23.00 0.00 0.00", "refunded 0.00 0.00 23.00 -")
        );
        let unpaid = order_of_23(world);
        world.press(unpaid, "cancel", json!({})).unwrap();
        assert_eq!(code(world.press(unpaid, "refund", json!({}))), "nothing_to_refund");
    });
}

#[test]
fn one_ticket_of_an_order_goes() {
    on_both(|world| {
        let event = world.event(json!({}), &[("A", Some(3), "23.00"), ("B", None, "12.00")]);
        let order = world.place(request(&event, "a", &[0, 1])).unwrap().id;
        let payment = world.pay(order, "30.00").payment.id;
        let tickets = world.tickets(order);
        world.press_ticket(tickets[1].id, "cancel").unwrap();
        assert_eq!(
            (world.order(order).as_str(), world.payment(payment).as_str()),
            ("paid 23.00 23.00 0.00", "needs_attention 23.00 7.00 0.00 overpaid")
        );
        assert_eq!(world.seats(order), ["issued", "cancelled"]);
        assert_eq!(code(world.press_ticket(tickets[1].id, "cancel")), "invalid_transition");
        // The last one takes the order along; brought back, the order is for what it was for then.
        world.press_ticket(tickets[0].id, "cancel").unwrap();
        assert_eq!(
            (world.order(order).as_str(), world.payment(payment).as_str()),
            ("cancelled 23.00 0.00 0.00", "needs_attention 0.00 30.00 0.00 order_ended")
        );
        world.press(order, "revive", json!({})).unwrap();
        assert_eq!(
            (world.order(order).as_str(), world.seats(order)),
            ("paid 23.00 23.00 0.00", vec!["issued".to_owned(), "cancelled".to_owned()])
        );
        let unpaid = world.place(request(&event, "b", &[0, 0])).unwrap().id;
        world.press_ticket(world.tickets(unpaid)[0].id, "cancel").unwrap();
        assert_eq!(world.order(unpaid), "pending 23.00 0.00 23.00");
        assert_eq!(world.left(&event, 0), (1, 1, Some(1)));
    });
}
