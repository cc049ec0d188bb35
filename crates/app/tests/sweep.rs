//! Bytes that no record speaks of go in time; what is on its way to a record, or may be brought back, stays. On both
//! databases.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test stops at the first thing that is not there")]

#[path = "undo/world.rs"]
#[expect(dead_code, reason = "the office is shared with the tests of undo")]
mod world;

use std::collections::BTreeSet;

use app::attachments::{Attached, Kind, Swept, Upload};
use jiff::SignedDuration;
use model::{Actor, Id, Record, Value};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde_json::json;
use store::{Clock, Conflicts, List, Work};
use tokio::runtime::Runtime;

use crate::world::{World, in_both};

/// After so many hours whatever no record speaks of is no longer taken for something on its way …
const A_DAY: i64 = 25;
/// … and so many later it is gone.
const A_MONTH: i64 = 30 * 24;

/// An office and the program that works in it.
struct Office<'w> {
    world: &'w World,
    runtime: Runtime,
}

impl<'w> Office<'w> {
    fn of(world: &'w World) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        Self { world, runtime }
    }

    /// Sweeps as if so many hours had passed.
    fn sweep(&self, hours: i64) -> Swept {
        let now = Clock::of_the_system() + SignedDuration::from_hours(hours);
        self.runtime.block_on(self.world.app.sweep_files(now)).unwrap()
    }

    fn upload(&self, content: &[u8]) -> Upload {
        let mut reception = self.world.app.receive("a.txt").unwrap();
        reception.take(content).unwrap();
        reception.keep().unwrap()
    }

    fn attach(&self, lead: Id, content: &[u8]) -> Id {
        let uploads = vec![self.upload(content)];
        let attach = move |app: &app::App, work: &mut Work<'_>| {
            let attached = app.attach(work, "leads", lead, &uploads, None)?;
            Ok(attached.first().map(|file| file.id))
        };
        self.world.by("administrator", attach).unwrap().0.unwrap()
    }

    /// Removes a record for good; answers the change set.
    fn purge(&self, module: &'static str, id: Id) -> Id {
        self.world.by("administrator", move |_, work| work.purge(module, id, None)).unwrap().1.unwrap()
    }

    /// The digests that files in use and in the bin speak of whose record is there, file by file.
    fn spoken_of(&self) -> BTreeSet<String> {
        let read = |work: &mut Work<'_>| {
            let mut spoken_of = BTreeSet::new();
            for deleted in [false, true] {
                for file in work.list("files", &List { limit: 500, deleted, ..List::default() })?.records {
                    let Value::Record { module, id } = file.get("about").clone() else { continue };
                    if work.get(&module, id).is_ok() {
                        spoken_of.extend(file.text("digest").map(str::to_owned));
                    }
                }
            }
            Ok(spoken_of)
        };
        self.world.app.workspace().read_blocking(Actor::System("test"), read).unwrap()
    }

    /// Whether bytes can be read, whoever speaks of them.
    fn has(&self, upload: &Upload) -> bool {
        let digest = upload.digest().to_owned();
        let attached = Attached { id: Id::new(), name: String::new(), kind: Kind::Other, digest };
        self.runtime.block_on(self.world.app.open(&attached)).is_ok()
    }

    fn lead(&self) -> Id {
        self.world.make("leads", &json!({"name": "Anna"}))
    }
}

const NOTHING: Swept = Swept { loose: 0, back: 0, gone: 0, unfinished: 0 };

#[test]
fn what_was_refused_or_broken_off_goes_in_time() {
    in_both(|world| {
        let office = Office::of(world);
        let lead = office.lead();
        office.attach(lead, b"kept");
        let (kept, refused) = (office.upload(b"kept"), office.upload(b"refused"));
        // As a program leaves it that is killed.
        let mut begun = world.app.receive("b.txt").unwrap();
        begun.take(b"begun").unwrap();

        assert_eq!(office.sweep(1), NOTHING, "all of it may be on its way");
        assert_eq!(office.sweep(A_DAY), Swept { loose: 1, unfinished: 1, ..NOTHING });
        assert!(office.has(&refused), "it waits");
        assert_eq!(office.sweep(A_DAY + A_MONTH - 1), NOTHING);
        assert_eq!(office.sweep(A_DAY + A_MONTH), Swept { gone: 1, ..NOTHING });
        assert!(!office.has(&refused) && office.has(&kept));
        drop(begun);
    });
}

#[test]
fn what_is_attached_while_it_waits_is_put_back() {
    in_both(|world| {
        let office = Office::of(world);
        let refused = office.upload(b"refused");
        assert_eq!(office.sweep(A_DAY), Swept { loose: 1, ..NOTHING });
        office.attach(office.lead(), b"refused");
        assert_eq!(office.sweep(A_DAY), Swept { back: 1, ..NOTHING });
        assert_eq!(office.sweep(A_DAY + 2 * A_MONTH), NOTHING);
        assert!(office.has(&refused));
    });
}

#[test]
fn what_goes_with_an_erased_person_is_never_spoken_of_without_its_bytes() {
    in_both(|world| {
        let office = Office::of(world);
        let (erased, other) = (office.lead(), office.lead());
        office.attach(erased, b"passport");
        // Taken in before the bytes go, attached after.
        let late = office.upload(b"passport");
        world.by("administrator", move |app, work| app.erase(work, "leads", erased, "asked for", "Erased")).unwrap();
        office.runtime.block_on(world.app.run_due()).unwrap();
        assert!(!office.has(&late), "they have gone");
        let attach = |upload: Upload| {
            let uploads = vec![upload];
            let attach = move |app: &app::App, work: &mut Work<'_>| app.attach(work, "leads", other, &uploads, None);
            world.by("administrator", attach).map(drop)
        };
        let refused = attach(late);
        assert!(matches!(&refused, Err(store::Error::Conflict { code, .. }) if *code == "attach_again"), "{refused:?}");
        let again = office.upload(b"passport");
        attach(again.clone()).unwrap();
        assert!(office.has(&again));
    });
}

#[test]
fn what_an_undo_brings_back_is_there_until_it_is_gone_for_good() {
    in_both(|world| {
        let office = Office::of(world);
        let (lead, content) = (office.lead(), b"contract");
        let file = office.attach(lead, content);
        let binned = office.attach(lead, b"in the bin");
        world.by("administrator", move |_, work| work.delete("files", binned, None)).unwrap();
        assert_eq!(office.sweep(A_DAY), NOTHING, "what is in the bin is taken out again");

        let purged = office.purge("files", file);
        assert_eq!(office.sweep(A_DAY), Swept { loose: 1, ..NOTHING });
        world.undo("administrator", purged).unwrap();
        assert_eq!(office.sweep(A_DAY), Swept { back: 1, ..NOTHING });

        let bytes = office.upload(b"contract");
        let purged = office.purge("files", file);
        assert_eq!(office.sweep(4 * A_DAY), Swept { loose: 1, ..NOTHING });
        assert_eq!(office.sweep(4 * A_DAY + A_MONTH), Swept { gone: 1, ..NOTHING });
        assert!(!office.has(&bytes));
        assert_eq!(world.refused("administrator", purged), "undo_conflict", "a file with nothing in it is no file");
    });
}

#[test]
fn a_record_that_goes_for_good_lets_go_of_its_files() {
    in_both(|world| {
        let office = Office::of(world);
        let (one, other) = (office.lead(), office.lead());
        office.attach(one, b"of one");
        office.attach(one, b"of both");
        office.attach(other, b"of both");
        let purged = office.purge("leads", one);
        assert_eq!(office.sweep(A_DAY), Swept { loose: 1, ..NOTHING }, "the other one speaks of the rest");
        world.undo("administrator", purged).unwrap();
        assert_eq!(office.sweep(A_DAY), Swept { back: 1, ..NOTHING });
    });
}

const CONTENTS: [&[u8]; 5] = [b"a", b"b", b"c", b"d", b"e"];

fn some<T: Copy>(dice: &mut StdRng, of: &[T]) -> Option<T> {
    (!of.is_empty()).then(|| of[dice.random_range(0..of.len())])
}

fn one_of(dice: &mut StdRng, records: &[Record]) -> Option<Id> {
    let ids: Vec<Id> = records.iter().map(|record| record.id).collect();
    some(dice, &ids)
}

/// Something that people do with files; what was removed for good is noted, and perhaps brought back later.
fn step(office: &Office<'_>, dice: &mut StdRng, purged: &mut Vec<Id>) {
    let world = office.world;
    let content = some(dice, &CONTENTS).unwrap();
    let (lead, file) = (one_of(dice, &world.all("leads")), one_of(dice, &world.all("files")));
    match (dice.random_range(0..9), lead, file) {
        (0, ..) | (_, None, _) => _ = office.lead(),
        (1 | 2, Some(lead), _) => _ = office.attach(lead, content),
        (3, ..) => _ = office.upload(content),
        (4, _, Some(file)) => purged.push(office.purge("files", file)),
        (5, Some(lead), _) => purged.push(office.purge("leads", lead)),
        (6, _, Some(file)) => _ = world.by("administrator", move |_, work| work.delete("files", file, None)).unwrap(),
        _ => {
            if let Some(set) = some(dice, purged) {
                // Refused where it was taken back already, or the bytes of a file are gone.
                _ = world.by("administrator", move |app, work| app.undo(work, set, Conflicts::Refuse));
            }
        }
    }
}

#[test]
fn whatever_people_do_no_bytes_go_that_a_file_speaks_of_and_all_others_do() {
    in_both(|world| {
        let office = Office::of(world);
        let (mut hours, mut gone) = (A_DAY, 0);
        for seed in 0..4 {
            let mut dice = StdRng::seed_from_u64(seed);
            let uploads = CONTENTS.map(|content| office.upload(content));
            let mut purged = Vec::new();
            for number in 0..60 {
                step(&office, &mut dice, &mut purged);
                let spoken_of = office.spoken_of();
                let is_safe = |upload: &&Upload| spoken_of.contains(upload.digest()) && office.has(upload);
                let safe: Vec<&Upload> = uploads.iter().filter(is_safe).collect();
                hours += dice.random_range(0..400);
                gone += office.sweep(hours).gone;
                assert!(safe.iter().all(|upload| office.has(upload)), "seed {seed}, step {number}");
            }
            world.all("leads").iter().for_each(|lead| _ = office.purge("leads", lead.id));
            for wait in [A_DAY, A_MONTH] {
                hours += wait;
                gone += office.sweep(hours).gone;
            }
            assert!(office.spoken_of().is_empty() && !uploads.iter().any(|upload| office.has(upload)), "seed {seed}");
        }
        assert!(gone >= 4 * CONTENTS.len(), "{gone}: each of them went in every round");
    });
}
