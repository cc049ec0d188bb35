//! The clock goes on day by day past both changes of prices: reminders, then annulments.

use std::collections::BTreeMap;

use serde_json::Value;

use super::fate::{Case, Fate};
use super::{Stage, money};
use crate::harness::api::{id, text};

pub(crate) fn go_by(stage: &Stage, cases: &[Case]) {
    let api = &stage.admin;
    for day in 1..=3 {
        api.move_clock(stage.hour(24 * day));
        if day == 2 {
            for case in cases.iter().filter(|case| case.placed.is_some() && case.fate == Fate::PaidOnTheSecondDay) {
                money::pay(stage, case, "a", case.totals().0).expect(201);
            }
        }
        let orders = by_id(stage);
        for case in cases.iter().filter(|case| case.placed.is_some()) {
            let order = &orders[&case.order];
            if text(order, "status") == "pending" {
                assert_eq!(order["reminders"].as_i64(), Some(day), "one reminder a day: {order}");
                let next: jiff::Timestamp = text(order, "next_check_at").parse().unwrap();
                assert!(next > api.now() && next < stage.hour(24 * day + 24), "looked at again in a day: {order}");
            }
        }
    }
    // The price of the first type changes at hour 84; its orders were looked at in hour 72 and are again in hour 96.
    api.move_clock(stage.hour(90));
    let orders = by_id(stage);
    assert!(
        orders.values().all(|order| text(order, "status") != "annulled"),
        "a change annuls at the next look, not before"
    );
    api.move_clock(stage.hour(96));
    let orders = by_id(stage);
    for case in cases.iter().filter(|case| case.placed.is_some() && waits(case)) {
        let (order, changed) = (&orders[&case.order], case.wanted.contains(&0));
        assert_eq!(text(order, "status"), if changed { "annulled" } else { "pending" }, "{order}");
        if changed {
            assert_eq!(text(order, "end_reason"), "price_changed");
        }
    }
    api.move_clock(stage.hour(120));
    // A place in time already reached, or before it, is no way to go.
    let back = api.post("/api/v1/sandbox/clock", serde_json::json!({"to": stage.hour(24).to_string()}));
    back.refused(422, "validation_failed");
    api.move_clock(stage.hour(168));
    let orders = by_id(stage);
    assert!(orders.values().all(|order| text(order, "status") != "pending"), "everything is decided");
    assert!(orders.values().all(|order| order["next_check_at"].is_null()), "and nothing is looked at any more");
    for (kind, shown) in stage.sale.types.iter().map(|kind| (kind, api.record("ticket_types", &kind.id))) {
        assert_eq!(shown["reserved"].as_i64(), Some(0), "{shown}");
        assert_eq!(crate::harness::api::minor(&shown["price_now"]), kind.prices.1);
        assert!(api.now() > kind.changes_at);
    }
}

/// Whether nobody pays the whole before the price changes.
fn waits(case: &Case) -> bool {
    matches!(
        case.fate,
        Fate::NeverPaid
            | Fate::PartPaidThenAnnulled
            | Fate::LateReturned
            | Fate::LateRevivedAtNewPrice
            | Fate::LateRevivedAtOldPrice
    )
}

pub(crate) fn by_id(stage: &Stage) -> BTreeMap<String, Value> {
    let orders = stage.admin.all("orders", &[("limit", "500")]);
    orders.into_iter().map(|order| (id(&order).to_owned(), order)).collect()
}
