//! Effects of a restored workspace are held until they are released; then nothing is lost and nothing comes twice.

use jiff::Timestamp;
use model::Actor;
use serde_json::json;
use store::operations::{Cause, Held, copy};
use store::testing::databases;
use store::{Files, Job, Origin, Workspace};

use crate::world::in_both;

fn next(workspace: &Workspace) -> (Option<Job>, Option<Timestamp>) {
    let both = |work: &mut store::Work<'_>| Ok((work.due_job(Timestamp::MAX)?, work.next_due()?));
    workspace.write_blocking(Actor::System("jobs"), Origin::from("job"), both).unwrap()
}

#[test]
fn jobs_of_a_copy_wait_for_their_release() {
    in_both(|world| {
        let (past, future) = (Timestamp::UNIX_EPOCH, "2999-01-01T00:00:00Z".parse::<Timestamp>().unwrap());
        world
            .run(move |work| {
                work.enqueue("letters.deliver", Some("one"), past, json!({}))?;
                work.enqueue("orders.look", Some("two"), future, json!({}))
            })
            .unwrap();
        assert!(next(&world.workspace).0.is_some());
        let folder = tempfile::tempdir().unwrap();
        let files = Files::at(folder.path());
        for database in databases() {
            let target = database.open();
            copy(world.workspace.db(), &files, &target, &files).unwrap();
            target.close_blocking();
            let there = Workspace::open(database.options.clone()).unwrap();
            assert_eq!(next(&there), (None, None), "held");
            there
                .write_blocking(Actor::System("test"), Origin::from("api"), move |work| {
                    work.enqueue("letters.deliver", Some("three"), past, json!({}))
                })
                .unwrap();
            assert_eq!(next(&there), (None, None), "what comes later is held too");
            let quarantine = there.read_blocking(Actor::System("test"), |work| work.quarantine()).unwrap().unwrap();
            assert_eq!(quarantine.cause, Cause::Copy);
            let held = there.read_blocking(Actor::System("test"), |work| work.held()).unwrap();
            let of = |kind: &str, jobs, due| Held { kind: kind.to_owned(), jobs, due };
            assert_eq!(held, [of("letters.deliver", 2, 2), of("orders.look", 1, 0)]);
            let release =
                || there.write_blocking(Actor::System("test"), Origin::from("command"), |work| work.release()).unwrap();
            assert_eq!((release(), release()), (true, false));
            let (job, due) = next(&there);
            assert_eq!((job.unwrap().key.as_deref(), due), (Some("one"), Some(past)));
        }
        assert!(next(&world.workspace).0.is_some(), "the source was never held");
    });
}
