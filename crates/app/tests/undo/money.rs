//! Payments: what goes back, and what is refused with what to do instead.

use serde_json::json;
use store::Error;

use crate::world::in_both;

#[test]
fn a_booked_payment_stays_booked() {
    in_both(|world| {
        let (order, _) = world.order(1).unwrap();
        let (_, part) = world.pay(Some(order), "4000.00");
        let (_, rest) = world.pay(Some(order), "6000.00");
        let (_, stray) = world.pay(None, "500.00");
        for booked in [part, rest, stray] {
            assert_eq!(world.refused("organiser", booked), "undo_by_operation");
        }
        let Err(Error::Conflict { message, .. }) = world.undo("organiser", rest) else { panic!("it stays") };
        assert!(message.contains("/transitions/unassign"), "it says what to do: {message}");
        world.adds_up();
    });
}

#[test]
fn returned_money_is_not_taken_back() {
    in_both(|world| {
        let (order, _) = world.order(1).unwrap();
        world.pay(Some(order), "10000.00");
        let returned = world.press("organiser", "orders", order, "refund", json!({})).unwrap();
        assert_eq!(world.refused("organiser", returned), "undo_by_operation");
        let (payment, _) = world.pay(None, "500.00");
        let returned = world.press("organiser", "payments", payment, "refund", json!({})).unwrap();
        assert_eq!(world.refused("organiser", returned), "undo_by_operation");
    });
}

#[test]
fn an_assignment_goes_back_and_forth() {
    in_both(|world| {
        let (order, _) = world.order(1).unwrap();
        let (payment, _) = world.pay(None, "4000.00");
        let before = world.everything();
        let assigned = world.press("organiser", "payments", payment, "assign", json!({"order": order})).unwrap();
        assert_eq!(world.said(order), "pending, 4000.00 of 10000.00");
        let back = world.undo("organiser", assigned).unwrap();
        assert_eq!(world.said(order), "pending, 0.00 of 10000.00");
        assert_eq!(world.everything()[&("payments", payment)], before[&("payments", payment)]);
        world.adds_up();
        world.undo("organiser", back).unwrap();
        assert_eq!(world.said(order), "pending, 4000.00 of 10000.00");
        world.adds_up();
        let unassigned = world.press("organiser", "payments", payment, "unassign", json!({})).unwrap();
        world.undo("organiser", unassigned).unwrap();
        assert_eq!(world.said(order), "pending, 4000.00 of 10000.00");
        world.adds_up();
    });
}

#[test]
fn what_paid_the_order_is_not_taken_off_it() {
    in_both(|world| {
        let (order, _) = world.order(1).unwrap();
        let (payment, _) = world.pay(None, "10000.00");
        let assigned = world.press("organiser", "payments", payment, "assign", json!({"order": order})).unwrap();
        assert_eq!(world.said(order), "paid, 10000.00 of 10000.00");
        assert_eq!(world.refused("organiser", assigned), "undo_by_operation");
    });
}
