//! A large undo goes on by jobs: it is whole also where the program ended in the middle of it.

use std::time::{Duration, Instant};

use app::{App, Doors};
use model::{Actor, Id};
use serde_json::json;
use store::{Conflicts, Course, Files, List, Phase, Workspace};

use crate::world::{World, object, offices};

/// Some turns' worth.
const LEADS: usize = 1_000;

fn leads(world: &World) -> Id {
    let (_, set) = world
        .by("administrator", |app, work| {
            for number in 0..LEADS {
                app.create(work, "leads", &object(&json!({"name": format!("Анна {number}")})))?;
            }
            Ok(())
        })
        .unwrap();
    set.unwrap()
}

fn course(app: &App, set: Id) -> Course {
    let read = move |work: &mut store::Work<'_>| work.undo_course(set);
    app.workspace().read_blocking(Actor::System("test"), read).unwrap().unwrap()
}

#[test]
fn what_a_crash_broke_off_goes_on_and_nothing_is_done_twice() {
    for database in offices() {
        let options = database.options.clone();
        let world = World::with_mail(database, None);
        let set = leads(&world);
        world.by("administrator", move |app, work| work.begin_undo(set, Conflicts::Refuse, app)).unwrap();
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let app = world.app.clone();
        let running = runtime.spawn(async move { app.run_jobs().await });
        let begun = Instant::now();
        let half = loop {
            let course = course(&world.app, set);
            if course.phase != Phase::Checking && course.done > 0 {
                break course;
            }
            assert!(begun.elapsed() < Duration::from_secs(60), "nothing is brought back: {course:?}");
            std::thread::sleep(Duration::from_millis(1));
        };
        running.abort();
        assert_eq!(half.phase, Phase::Undoing, "it is broken off in the middle");
        runtime.shutdown_background();

        let folder = tempfile::TempDir::with_prefix("plenary-undo-").unwrap();
        let files = Files::at(folder.path().to_owned());
        let doors = Doors { public_url: "https://example.org".to_owned(), smtp: None, files };
        let again = App::new(Workspace::open(options).unwrap(), doors).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(again.run_due()).unwrap();
        let end = course(&again, set);
        assert_eq!((end.phase, end.left_count(), end.undone_by), (Phase::Done, 0, half.undone_by));
        let mut list = List { limit: 500, deleted: true, ..List::default() };
        let mut count = 0;
        loop {
            let asked = list.clone();
            let read = move |work: &mut store::Work<'_>| work.list("leads", &asked);
            let page = again.workspace().read_blocking(Actor::System("test"), read).unwrap();
            assert!(page.records.iter().all(|lead| lead.version == 2), "each was moved to the bin once");
            count += page.records.len();
            list.cursor = page.next;
            if list.cursor.is_none() {
                break;
            }
        }
        assert_eq!(count, LEADS);
        assert!(runtime.block_on(again.run_due()).unwrap().is_empty(), "nothing is left to do");
    }
}
