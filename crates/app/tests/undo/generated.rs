//! Generated sales with sets taken back at random: after each step seats and money add up, what came back is what it
//! was, and a refusal changed nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use model::Id;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde_json::{Value as Json, json};
use store::Result;

use crate::world::{Everything, World, code, in_both};

/// Who does things and takes them back.
const STAFF: [&str; 2] = ["organiser", "administrator"];

struct Act {
    set: Id,
    before: Everything,
    after: Everything,
    /// The act that took it back.
    undone_by: Option<usize>,
}

/// The act that is taken back where this one is asked for: where it was done again, the undo that did so.
fn standing(acts: &[Act], place: usize) -> usize {
    let (mut last, mut stands) = (place, true);
    while let Some(undo) = acts[last].undone_by {
        (last, stands) = (undo, !stands);
    }
    if stands { last } else { place }
}

fn some<T: Copy>(dice: &mut StdRng, of: &[T]) -> Option<T> {
    (!of.is_empty()).then(|| of[dice.random_range(0..of.len())])
}

/// Something that staff do to some order or payment.
fn step(world: &World, dice: &mut StdRng, payments: &mut Vec<Id>) -> Result<Option<Id>> {
    let all: Vec<Id> = world.all("orders").iter().map(|order| order.id).collect();
    let order = some(dice, &all);
    let payment = some(dice, payments);
    let by = some(dice, &STAFF).unwrap();
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

/// How many rounds: `PLENARY_ROUNDS`, else as many as an ordinary run has time for.
#[expect(clippy::disallowed_methods, reason = "a test is told by its environment what to try, and how long")]
fn told(name: &str, usual: u64) -> u64 {
    std::env::var(name).ok().and_then(|value| value.parse().ok()).unwrap_or(usual)
}

/// What of a record is as it was before once the set that changed it is taken back. The rest tells of when and how often:
/// it goes on.
fn kept(module: &str, json: &Json) -> Json {
    let fields: &[&str] = match module {
        "orders" => &["status", "total", "paid", "due", "buyer_name", "event", "lead"],
        "tickets" => &["status", "attendee_name", "price", "order"],
        "payments" => &["status", "amount", "unallocated", "refunded", "allocations", "order"],
        _ => return json.clone(),
    };
    json!([json["owner"], fields.iter().map(|field| json["values"][field].clone()).collect::<Vec<_>>()])
}

/// Records that differ between two moments.
fn changed<'a>(before: &'a Everything, after: &'a Everything) -> impl Iterator<Item = (&'static str, Id)> + 'a {
    after.iter().filter(|(key, state)| before.get(key) != Some(state)).map(|(key, _)| *key)
}

/// A set was taken back: each record that it changed, and nobody else since, is as before; orders are in any case worth and
/// paid what they were; what it made is ended; nothing else was touched but money that waited for these orders.
fn is_taken_back(world: &World, act: &Act, before: &Everything, after: &Everything) {
    let touched: BTreeSet<_> = changed(&act.before, &act.after).collect();
    for key in changed(before, after) {
        let order = after[&key].0["values"]["order"].as_str().and_then(|order| order.parse().ok());
        let waited = key.0 == "payments" && order.is_some_and(|order| touched.contains(&("orders", order)));
        assert!(touched.contains(&key) || waited, "{key:?} was not touched by the set");
    }
    for key in touched {
        let Some((was, _)) = act.before.get(&key) else {
            assert!(key.0 != "orders" || world.said(key.1).starts_with("cancelled"), "{}", world.said(key.1));
            continue;
        };
        if before.get(&key) == act.after.get(&key) {
            assert_eq!(kept(key.0, &after[&key].0), kept(key.0, was), "{key:?}");
        } else if key.0 == "orders" {
            for field in ["status", "total", "paid"] {
                assert_eq!(after[&key].0["values"][field], was["values"][field], "{field} of {key:?}");
            }
        }
    }
}

#[test]
fn seats_and_money_add_up_whatever_is_taken_back() {
    let (seed, rounds, started) = (told("PLENARY_SEED", 71), told("PLENARY_ROUNDS", 1), Instant::now());
    for round in 0..rounds {
        in_both(|world| sale(world, seed.wrapping_add(round)));
    }
    eprintln!("proved: sales taken back: {rounds} rounds on each database in {:.1?}", started.elapsed());
}

fn sale(world: &World, seed: u64) {
    eprintln!("seed {seed}");
    let (mut dice, mut payments, mut acts) = (StdRng::seed_from_u64(seed), Vec::new(), Vec::<Act>::new());
    let mut tally = BTreeMap::<String, usize>::new();
    for _ in 0..120 {
        let before = world.everything();
        // What the state does not allow is refused, and nothing is done.
        match step(world, &mut dice, &mut payments) {
            Ok(Some(set)) => acts.push(Act { set, before, after: world.everything(), undone_by: None }),
            Ok(None) => {}
            Err(_) => assert_eq!(world.everything(), before),
        }
        if !acts.is_empty() && dice.random_bool(0.5) {
            let place = acts.len() - 1 - dice.random_range(0..acts.len().min(4));
            let (set, before) = (acts[place].set, world.everything());
            let by = some(&mut dice, &STAFF).unwrap();
            match world.undo(by, set) {
                Ok(new) => {
                    let after = world.everything();
                    let place = standing(&acts, place);
                    is_taken_back(world, &acts[place], &before, &after);
                    assert_eq!(acts[place].undone_by, None, "nothing is taken back twice");
                    acts[place].undone_by = Some(acts.len());
                    acts.push(Act { set: new, before, after, undone_by: None });
                    *tally.entry("done".to_owned()).or_default() += 1;
                }
                Err(error) => {
                    assert_eq!(world.everything(), before, "a refusal changes nothing: {error}");
                    *tally.entry(code(&error)).or_default() += 1;
                }
            }
        }
        world.adds_up();
    }
    eprintln!("{tally:?}");
    assert!(tally["done"] >= 8 && tally.len() >= 3, "{tally:?}");
    let report = world.app.workspace().check(None).unwrap();
    assert!(report.is_fine(), "{report:#?}");
}
