//! Orders: placed, ended, brought back; people at the door.

use serde_json::json;

use crate::world::in_both;

#[test]
fn a_placed_order_is_cancelled_and_comes_back_at_its_price() {
    in_both(|world| {
        let (order, placed) = world.order(2).unwrap();
        assert!(world.order(1).is_err(), "the seats are taken");
        let back = world.undo("organiser", placed).unwrap();
        assert_eq!(world.said(order), "cancelled, 0.00 of 20000.00");
        assert_eq!(world.all("leads").len(), 1, "somebody did show interest");
        world.adds_up();
        let dearer =
            json!({"price_tiers": [{"price": {"amount": "90000.00", "currency": "RUB"}, "from": null, "until": null}]});
        world.change("organiser", "ticket_types", world.kind, dearer).unwrap();
        world.undo("organiser", back).unwrap();
        assert_eq!(world.said(order), "pending, 0.00 of 20000.00");
        world.adds_up();
        world.undo("organiser", placed).unwrap();
        assert_eq!(world.said(order), "cancelled, 0.00 of 20000.00", "it stood again, so it is taken back again");
        assert_eq!(world.refused("organiser", placed), "already_undone");
        world.adds_up();
    });
}

#[test]
fn a_paid_order_comes_back_with_its_money_and_its_tickets() {
    in_both(|world| {
        let (order, _) = world.order(2).unwrap();
        world.pay(Some(order), "20000.00");
        let cancelled = world.press("organiser", "orders", order, "cancel", json!({})).unwrap();
        assert_eq!(world.said(order), "cancelled, 0.00 of 20000.00");
        let letters = world.all("messages").len();
        let back = world.undo("organiser", cancelled).unwrap();
        assert_eq!(world.said(order), "paid, 20000.00 of 20000.00");
        assert!(world.tickets(order).iter().all(|ticket| ticket.text("status") == Some("issued")));
        assert!(
            world.all("messages").len() > letters,
            "letters are not unsent: another one says that the order is back"
        );
        world.adds_up();
        world.undo("organiser", back).unwrap();
        assert_eq!(world.said(order), "cancelled, 0.00 of 20000.00");
        world.adds_up();
    });
}

#[test]
fn seats_that_are_gone_do_not_come_back() {
    in_both(|world| {
        let (order, _) = world.order(2).unwrap();
        let annulled = world.press("organiser", "orders", order, "annul", json!({})).unwrap();
        world.order(1).unwrap();
        assert_eq!(world.refused("organiser", annulled), "sold_out");
        assert_eq!(world.said(order), "annulled, 0.00 of 20000.00");
    });
}

#[test]
fn money_that_went_elsewhere_stands_in_the_way() {
    in_both(|world| {
        let (order, _) = world.order(1).unwrap();
        let (payment, _) = world.pay(Some(order), "10000.00");
        let cancelled = world.press("organiser", "orders", order, "cancel", json!({})).unwrap();
        world.press("organiser", "payments", payment, "refund", json!({})).unwrap();
        assert_eq!(world.refused("organiser", cancelled), "undo_conflict", "it would come back unpaid");
    });
}

#[test]
fn an_order_that_moved_on_is_left_alone() {
    in_both(|world| {
        let (order, placed) = world.order(1).unwrap();
        world.pay(Some(order), "10000.00");
        assert_eq!(world.refused("organiser", placed), "undo_conflict");
        let (order, placed) = world.order(1).unwrap();
        world.change("organiser", "orders", order, json!({"buyer_name": "Пётр Иванович Ли"})).unwrap();
        world.undo("organiser", placed).unwrap();
        assert_eq!(world.said(order), "cancelled, 0.00 of 10000.00");
    });
}

#[test]
fn only_who_may_revive_may_undo_a_cancellation() {
    in_both(|world| {
        let (order, _) = world.order(1).unwrap();
        let id = world.user("salesperson").id();
        world.change("organiser", "orders", order, json!({"owner": id})).unwrap();
        let cancelled = world.press("salesperson", "orders", order, "cancel", json!({})).unwrap();
        assert_eq!(world.refused("salesperson", cancelled), "missing_right");
        world.undo("organiser", cancelled).unwrap();
    });
}

#[test]
fn who_was_let_in_goes_out_again() {
    in_both(|world| {
        let (order, _) = world.order(1).unwrap();
        world.pay(Some(order), "10000.00");
        let ticket = world.tickets(order)[0].id;
        let inside = world.press("door", "tickets", ticket, "check_in", json!({})).unwrap();
        assert_eq!(world.refused("accountant", inside), "missing_right");
        let out = world.undo("door", inside).unwrap();
        assert_eq!(world.text("tickets", ticket, "status").as_deref(), Some("issued"));
        assert!(world.get("tickets", ticket).get("checked_in_at").is_null());
        world.undo("door", out).unwrap();
        assert_eq!(world.text("tickets", ticket, "status").as_deref(), Some("checked_in"));
        let cancelled = world.order(1).unwrap().0;
        let ticket = world.tickets(cancelled)[0].id;
        world.press("organiser", "tickets", ticket, "check_in", json!({})).unwrap_err();
    });
}

#[test]
fn a_ticket_cancelled_alone_does_not_come_back() {
    in_both(|world| {
        let (order, _) = world.order(2).unwrap();
        let ticket = world.tickets(order)[0].id;
        let cancelled = world.press("organiser", "tickets", ticket, "cancel", json!({})).unwrap();
        assert_eq!(world.said(order), "pending, 0.00 of 10000.00");
        assert_eq!(world.refused("organiser", cancelled), "undo_by_operation");
    });
}
