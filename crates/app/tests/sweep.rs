//! Bytes that no record speaks of go in time; what is on its way to a record, or may be brought back, stays. On both
//! databases.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test stops at the first thing that is not there")]

#[path = "undo/world.rs"]
#[expect(dead_code, reason = "the office is shared with the tests of undo")]
mod world;

use app::attachments::{Attached, Kind, Swept, Upload};
use jiff::SignedDuration;
use model::Id;
use serde_json::json;
use store::Clock;
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
        let attach = move |app: &app::App, work: &mut store::Work<'_>| {
            let attached = app.attach(work, "leads", lead, &uploads, None)?;
            Ok(attached.first().map(|file| file.id))
        };
        self.world.by("administrator", attach).unwrap().0.unwrap()
    }

    /// Removes a record for good; answers the change set.
    fn purge(&self, module: &'static str, id: Id) -> Id {
        self.world.by("administrator", move |_, work| work.purge(module, id, None)).unwrap().1.unwrap()
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
