//! Generated sales with sets taken back at random: after each step seats and money add up, what came back is what it
//! was, and a refusal changed nothing.

use std::collections::BTreeMap;

use model::Id;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde_json::json;
use store::Result;

use crate::world::{World, code, in_both};

/// State and money of every order.
type Orders = BTreeMap<Id, String>;

struct Act {
    set: Id,
    before: Orders,
    after: Orders,
}

fn orders(world: &World) -> Orders {
    world.all("orders").iter().map(|order| (order.id, world.said(order.id))).collect()
}

fn some<T: Copy>(dice: &mut StdRng, of: &[T]) -> Option<T> {
    (!of.is_empty()).then(|| of[dice.random_range(0..of.len())])
}

/// Something that staff do to some order or payment.
fn step(world: &World, dice: &mut StdRng, payments: &mut Vec<Id>) -> Result<Option<Id>> {
    let all: Vec<Id> = world.all("orders").iter().map(|order| order.id).collect();
    let order = some(dice, &all);
    let payment = some(dice, payments);
    let by = "organiser";
    let set = match (dice.random_range(0..12), order, payment) {
        (0..=2, ..) | (_, None, _) => world.order(dice.random_range(1..=2))?.1,
        (3, Some(order), _) => world.press(by, "orders", order, "cancel", json!({}))?,
        (4, Some(order), _) => world.press(by, "orders", order, "annul", json!({}))?,
        (5, Some(order), _) => world.press(by, "orders", order, "revive", json!({"keep_price": true}))?,
        (6, Some(order), _) if dice.random_bool(0.3) => world.press(by, "orders", order, "refund", json!({}))?,
        (7, Some(order), Some(payment)) => world.press(by, "payments", payment, "assign", json!({"order": order}))?,
        (8, _, Some(payment)) => world.press(by, "payments", payment, "unassign", json!({}))?,
        (9, Some(order), _) => {
            let note = format!("Пётр Ли {}", dice.random_range(0..100));
            world.change(by, "orders", order, json!({"buyer_name": note}))?
        }
        (_, Some(order), _) => {
            let amount = ["4000.00", "10000.00", "20000.00"][dice.random_range(0..3)];
            let (payment, set) = world.pay(dice.random_bool(0.7).then_some(order), amount);
            payments.push(payment);
            set
        }
    };
    Ok(Some(set))
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the seed of a test is set from outside")]
fn seats_and_money_add_up_whatever_is_taken_back() {
    let seed = std::env::var("PLENARY_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(71_u64);
    in_both(|world| {
        eprintln!("seed {seed}");
        let (mut dice, mut payments, mut acts) = (StdRng::seed_from_u64(seed), Vec::new(), Vec::<Act>::new());
        let mut tally = BTreeMap::<String, usize>::new();
        for _ in 0..120 {
            let before = orders(world);
            // What the state does not allow is refused, and nothing is done.
            if let Ok(Some(set)) = step(world, &mut dice, &mut payments) {
                acts.push(Act { set, before, after: orders(world) });
            }
            if !acts.is_empty() && dice.random_bool(0.5) {
                let place = acts.len() - 1 - dice.random_range(0..acts.len().min(4));
                let (set, everything, before) = (acts[place].set, world.everything(), orders(world));
                match world.undo("organiser", set) {
                    Ok(new) => {
                        let (act, after) = (&acts[place], orders(world));
                        for (order, left) in &act.after {
                            match act.before.get(order) {
                                None => assert!(after[order].starts_with("cancelled"), "{}", after[order]),
                                Some(was) if was != left => assert_eq!(&after[order], was),
                                Some(_) => {}
                            }
                        }
                        acts.push(Act { set: new, before, after });
                        *tally.entry("done".to_owned()).or_default() += 1;
                    }
                    Err(error) => {
                        assert_eq!(world.everything(), everything, "a refusal changes nothing: {error}");
                        *tally.entry(code(&error)).or_default() += 1;
                    }
                }
            }
            world.adds_up();
        }
        eprintln!("{tally:?}");
        assert!(tally["done"] >= 8, "{tally:?}");
    });
}
