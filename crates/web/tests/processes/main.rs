//! Generated sequences over the process of every module that has one, found from the shape of the workspace, on both
//! databases: whatever people do in whatever order, no record leaves the table of its process, none goes past a guard or
//! without what is asked, and none is lost when the process changes under it.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test stops at the first thing that is not there")]

#[path = "../../../store/tests/records/dice.rs"]
#[expect(dead_code, reason = "shared with the tests of the store")]
mod dice;
mod driver;
mod people;
mod records;
mod seen;
mod shaping;
mod sources;
mod table;
mod twisted;
mod values;
#[path = "../contract/world.rs"]
#[expect(dead_code, reason = "shared with the other tests of the contract")]
mod world;

use std::time::Instant;

use store::testing::databases;

use dice::seed;
use driver::{Driver, Tally};
use world::World;

/// Steps on each database; `PLENARY_STEPS` sets another number.
const STEPS: usize = 800;
/// Steps of one workspace: in a long run none grows for ever.
const LENGTH: usize = 1_500;

#[expect(clippy::disallowed_methods, reason = "a test is told by its environment how long to go on")]
fn steps() -> usize {
    std::env::var("PLENARY_STEPS").ok().and_then(|steps| steps.parse().ok()).unwrap_or(STEPS)
}

/// What somebody needs to see the same again.
struct PrintedOnPanic(String);

impl Drop for PrintedOnPanic {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("the sequence failed {}", self.0);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn records_keep_to_the_table_of_their_process_while_people_move_them_and_it_changes() {
    let both = databases().into_iter().map(|database| tokio::spawn(run(database.name)));
    for one in both.collect::<Vec<_>>() {
        one.await.unwrap();
    }
}

async fn run(name: &'static str) {
    let (begun, all, base) = (Instant::now(), steps(), seed(23));
    let mut tally = Tally::default();
    for number in 0..all.div_ceil(LENGTH) {
        let seed = base.wrapping_add(u64::try_from(number).unwrap());
        let length = LENGTH.min(all - number * LENGTH);
        let _seed = PrintedOnPanic(format!("on {name}: PLENARY_SEED={seed} PLENARY_STEPS={length}"));
        let database = databases().into_iter().find(|database| database.name == name).unwrap();
        let mut driver = Driver::new(World::new(database), seed).await;
        let done = driver.run(length).await;
        tally.add(&done.unwrap_or_else(|disagreement| panic!("{disagreement}")));
    }
    tally.is_telling(all);
    eprintln!("proved: processes on {name}: {all} steps, {tally}, in {:.1?}", begun.elapsed());
}
