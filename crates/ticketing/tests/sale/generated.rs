//! Generated sequences against a model: whatever is done in whatever order, the services answer as the model does, the
//! state is the model's, and the invariants hold after every step.

mod driver;
mod model;
mod steps;

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use crate::world::Ground;
use driver::Driver;

/// Steps over both databases together; `PLENARY_STEPS` sets another number.
const STEPS: usize = 100_000;
/// Steps of one event.
const LENGTH: usize = 60;
/// Sequences run beside each other on one database.
const THREADS: usize = 2;
/// Sequences before everything begins anew: no run of many grows one database for ever.
const FRESH: usize = 2_000;
/// SQLite's share, in percent: it is the faster one, embedded as it is.
const SQLITE: usize = 70;

#[test]
fn sequences_agree_with_the_model() {
    let steps = number("PLENARY_STEPS").and_then(|steps| usize::try_from(steps).ok()).unwrap_or(STEPS);
    let base = number("PLENARY_SEED").unwrap_or_else(|| u64::from(std::process::id()) << 32);
    let threads = [("sqlite", SQLITE), ("postgres", 100 - SQLITE)]
        .map(|(name, share)| std::thread::spawn(move || run(name, (steps * share / 100).max(1), base)));
    for thread in threads {
        thread.join().unwrap();
    }
}

#[expect(clippy::disallowed_methods, reason = "the scale and the seed of a test are set from outside")]
fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

/// Runs sequences until `steps` are done.
fn run(name: &str, steps: usize, base: u64) {
    let (sequences, started, refused) = (steps.div_ceil(LENGTH), Instant::now(), AtomicUsize::new(0));
    for first in (0..sequences).step_by(FRESH) {
        some(&Ground::of(name), first..sequences.min(first + FRESH), base, &refused);
    }
    let (took, done) = (started.elapsed(), sequences * LENGTH);
    let rate = u128::try_from(done).unwrap() * 1000 / took.as_millis().max(1);
    let (refused, worlds) = (refused.into_inner(), sequences.div_ceil(FRESH));
    eprintln!(
        "proved: sales on {name}: {done} steps ({refused} refused) in {worlds} worlds and {took:.1?}, {rate} a second"
    );
}

/// Runs these sequences on one database.
fn some(ground: &Arc<Ground>, sequences: Range<usize>, base: u64, refused: &AtomicUsize) {
    let next = AtomicUsize::new(sequences.start);
    std::thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= sequences.end {
                        return;
                    }
                    let seed = base.wrapping_add(u64::try_from(number).unwrap());
                    let _seed = PrintedOnPanic(format!("on {}: PLENARY_SEED={seed} PLENARY_STEPS=1", ground.name));
                    refused.fetch_add(Driver::new(ground, seed).run(LENGTH), Ordering::Relaxed);
                }
            });
        }
    });
}

struct PrintedOnPanic(String);

impl Drop for PrintedOnPanic {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("the sequence failed {}", self.0);
        }
    }
}
