//! Measures; run by hand: `cargo test -p store --test records speed -- --ignored --nocapture`.

use std::time::Instant;

use store::{Draft, List};

use crate::pack::shipped;
use crate::world::in_both;

const RECORDS: u32 = 2_000;

fn lead(number: u32) -> Draft {
    let name = format!("Анна Петрова {number}");
    let draft = Draft::new().set("name", name).set("email", format!("anna{number}@example.org"));
    draft
        .set("phone", format!("+7916{number:07}"))
        .set("company", "ООО «Ёлка»")
        .set("need", "Хочу на конференцию, три билета")
}

#[test]
#[ignore = "a measurement"]
fn leads_per_second() {
    in_both(|world| {
        world.workspace.apply_pack(&shipped("crm")).unwrap();
        let begun = Instant::now();
        world.run(|work| (0..RECORDS).try_for_each(|number| work.create("leads", lead(number)).map(drop))).unwrap();
        let together = begun.elapsed() / RECORDS;
        let begun = Instant::now();
        for number in RECORDS..RECORDS + 500 {
            world.run(move |work| work.create("leads", lead(number)).map(drop)).unwrap();
        }
        let alone = begun.elapsed() / 500;
        let begun = Instant::now();
        for _ in 0..200 {
            world.run(|work| work.list("leads", &List { limit: 50, ..List::default() }).map(drop)).unwrap();
        }
        let page = begun.elapsed() / 200;
        let begun = Instant::now();
        for _ in 0..200 {
            world.see(world.as_role(&["chief"]), |work| work.search("анна петрова 77", 20).map(drop)).unwrap();
        }
        let search = begun.elapsed() / 200;
        println!(
            "{}: create {together:?} in one work, {alone:?} in works of their own; page of 50 {page:?}; search {search:?}",
            world.database.name
        );
    });
}
