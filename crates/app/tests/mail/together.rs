//! Orders that are paid, cancelled, revived, looked at and refunded all at once.

use std::sync::Barrier;

use serde_json::json;
use store::Error;

use crate::world::{World, in_both, rub};

const ROUNDS: usize = 6;

/// What was refused because of the state is an answer; what the database gave up on is not.
fn judged<T: std::fmt::Debug>(what: &str, result: Result<T, Error>) {
    match result {
        Ok(_) | Err(Error::Conflict { .. } | Error::Invalid(_)) => {}
        Err(other) => panic!("{what}: {other:?}"),
    }
}

#[test]
fn whoever_moves_an_order_at_once_takes_turns() {
    in_both(|world: &World| {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let (order, _) = world.order(1).unwrap();
        for round in 0..ROUNDS {
            let start = Barrier::new(6);
            let (payment, _) = world.pay(None, "4000.00");
            std::thread::scope(|scope| {
                let press = |name: &'static str, fields: serde_json::Value| {
                    let start = &start;
                    move || {
                        start.wait();
                        judged(name, world.press("organiser", "orders", order, name, fields.clone()));
                    }
                };
                scope.spawn(press("cancel", json!({})));
                scope.spawn(press("revive", json!({"keep_price": true})));
                scope.spawn(press("refund", json!({"amount": rub("1000.00")})));
                scope.spawn(|| {
                    start.wait();
                    let fields = json!({"amount": rub("5000.00"), "order": order});
                    let fields = crate::world::object(&fields);
                    judged(
                        "pay",
                        world.by("organiser", move |app, work| app.create(work, "payments", &fields).map(drop)),
                    );
                });
                scope.spawn(|| {
                    start.wait();
                    judged("assign", world.press("organiser", "payments", payment, "assign", json!({"order": order})));
                    judged("refund", world.press("organiser", "payments", payment, "refund", json!({})));
                });
                scope.spawn(|| {
                    start.wait();
                    let workspace = world.app.workspace();
                    workspace.move_clock(workspace.clock().now() + jiff::SignedDuration::from_hours(25)).unwrap();
                    let done = runtime.block_on(world.app.run_due()).unwrap();
                    assert!(done.iter().all(|done| done.error.is_none()), "round {round}: {done:?}");
                });
            });
            world.adds_up();
        }
    });
}
